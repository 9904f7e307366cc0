"""Chromium, and pages to open in it. Where it or playwright is missing, tests are skipped and say so."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import landxml_validator
from landxml_cli.main import main
from landxml_reports import render
from landxml_samples import write
from landxml_validator.report import Report

OPTIONS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


FAULTY = "GEO001 GEO002 GEO007 TOP001 TOP002 LND002 LND004 COD001 PTY003 XSD002 REF001 TXT004".split()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser of the system: playwright would fetch one of its own."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("chromium is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(OPTIONS))
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open a page. At the end of the test it has written no error to the console, and asked no host."""
    contexts, troubles = [], list[str]()

    def opened(page: Path, fragment: str = "", *, width: int = 1280, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        shown = context.new_page()
        shown.on("console", lambda said: troubles.append(said.text))
        shown.on("pageerror", lambda error: troubles.append(str(error)))
        shown.on("request", lambda asked: troubles.extend({asked.url} - {page.as_uri()}))
        shown.goto(page.as_uri() + fragment)
        return shown

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def violations() -> Callable[[Any], list[str]]:
    """What axe-core finds on a page, everything unfolded."""
    pytest.importorskip("axe_core_python", reason="axe-core-python is not installed")
    axe = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")

    def run(page: Any) -> list[str]:
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        page.evaluate(axe)
        found = page.evaluate("axe.run()")["violations"]
        return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"][:3]]

    return run


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="session")
def report(folder: Path) -> Report:
    """A delivery of two communes with faults of every severity, with shapes and without."""
    package = folder / "faulty.zip"
    write(package, parcels=400, communes=2, faults=dict.fromkeys(FAULTY, 2))
    return landxml_validator.validate([package])


@pytest.fixture(scope="session")
def faulty(report: Report, folder: Path) -> Path:
    return page(report, folder / "faulty.html")


@pytest.fixture(scope="session")
def clean(folder: Path) -> Path:
    write(folder / "clean.zip", parcels=60)
    return page(landxml_validator.validate([folder / "clean.zip"]), folder / "clean.html")


@pytest.fixture(scope="session")
def unread(folder: Path) -> Path:
    (folder / "empty.xml").touch()
    return page(landxml_validator.validate([folder / "empty.xml"]), folder / "empty.html")


PAGES = {
    "explained": "explain {folder}/r/report.json 1 --input {folder}/g.zip",
    "certificate": "certify {folder}/r/report.json",
    "statement": "statement {folder}/g.zip {folder}/g.zip",
    "loss": "convert {folder}/g.zip --to mplis-collection -o {folder}/made.xlsx --loss",
    "remap": "remap {folder}/g.zip --to 2025-07-01 -o {folder}/moi.zip --report",
    "groups": "classify {folder}/g.zip -o {folder}/groups.csv --report",
    "progress": "progress {folder}/g.zip",
    "dictionary": "schema doc",
}
"""Pages beside the report → the commands that make them, the name of the page at their end."""


@pytest.fixture(scope="session")
def others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with each page that is no report."""
    folder = tmp_path_factory.mktemp("others")
    faults = dict.fromkeys(("GEO007", "COD001", "LND002", "UNQ001"), 1)
    write(folder / "g.zip", parcels=40, communes=2, date=dt.date(2025, 3, 1), faults=faults)
    main([*f"validate {folder}/g.zip -o {folder}/r --format json --format handover".split()])
    (folder / "r/handover.html").rename(folder / "handover.html")
    for name, command in PAGES.items():
        option = "" if command.endswith(("--loss", "--report")) else " -o"
        main([*f"{command.format(folder=folder)}{option} {folder}/{name}.html".split()])
    return folder


def page(report: Report, path: Path) -> Path:
    path.write_bytes(render(report, "html", "vi"))
    return path
