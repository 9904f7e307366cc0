"""Make the pictures of the tutorial again: ``python -m tasks.build_docs.pictures`` (needs Chromium).

They are small and stand in ``docs/pictures``, so that pages show them wherever they are read.
"""

from __future__ import annotations

import shutil
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
    """Take the pictures from the report on the package of the tutorial."""
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


if __name__ == "__main__":
    main()
