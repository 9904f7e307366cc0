"""Make the pictures of the tutorial again: ``python -m tasks.build_docs.pictures`` (needs Chromium).

They are small and stand in ``docs/pictures``, so that pages show them wherever they are read.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import landxml_validator
from landxml.temporary import temporary
from landxml_reports import render
from landxml_samples import write
from tasks.build_docs.bilingual import LANGUAGES
from tasks.build_docs.trees import PICTURES

FAULTS = {"GEO002": 3, "LND002": 2, "TOP001": 2, "PTY003": 2}


def main() -> None:
    """Take the pictures from the report on the package of the tutorial, and from the page that checks it."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - of the group dev

    PICTURES.mkdir(exist_ok=True)
    with temporary() as folder, sync_playwright() as playwright:
        package = folder / "goi.zip"
        write(package, parcels=400, communes=2, faults=FAULTS)
        report = landxml_validator.validate([package])
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for lang in LANGUAGES:
            page = folder / f"{lang}.html"
            page.write_bytes(render(report, "html", lang))
            _pictures(browser, page, lang)
            _of_the_page(browser, package, folder / f"page-{lang}", lang)
        browser.close()


def _pictures(browser: Any, page: Path, lang: str) -> None:
    shown = browser.new_page(viewport={"width": 900, "height": 600})
    shown.goto(page.as_uri())
    shown.screenshot(path=PICTURES / f"verdict-{lang}.png")
    shown.goto(f"{page.as_uri()}#GEO002")
    shown.wait_for_timeout(500)
    shown.screenshot(path=PICTURES / f"rule-{lang}.png")
    phone = browser.new_page(viewport={"width": 375, "height": 640})
    phone.goto(f"{page.as_uri()}#severity=error")
    phone.locator("[name=severity]").scroll_into_view_if_needed()
    phone.screenshot(path=PICTURES / f"phone-{lang}.png")


def _of_the_page(browser: Any, package: Path, folder: Path, lang: str) -> None:
    """Check the package in ``landxml web``, as an office does."""
    command = [sys.executable, "-m", "landxml_cli", "web", "--no-open", f"--folder={folder}", "--lang=en"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        address = next(word for line in server.stderr or () for word in line.split() if "://" in word)
        shown = browser.new_page(viewport={"width": 900, "height": 600}, locale=lang)
        shown.goto(address)
        shown.wait_for_url("**/")
        shown.goto(f"{shown.url}?lang={lang}")
        shown.set_input_files("input[type=file] >> nth=0", package)
        shown.wait_for_selector(".layout")
        shown.screenshot(path=PICTURES / f"page-{lang}.png")
        shown.close()
        server.terminate()


if __name__ == "__main__":
    main()
