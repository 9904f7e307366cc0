"""Hostile texts go through every field and every format; nothing of them is taken for more than text."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import unicodedata
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from landxml.tabular import FORMULA, quoted
from landxml_reports import geojson, gpkg, points, render, wording, xlsx
from landxml_validator.report import Report
from tests.reports.nasty import NASTY, soiled
from tests.reports.tables import table
from tests.reports.test_html import Page

LISTS: dict[str, Callable[..., None]] = {
    "xlsx": xlsx.write, "gpkg": gpkg.write, "geojson": geojson.write, "points": points.write,
}  # fmt: skip


def harmless(text: str) -> bool:
    """Tell whether no character drives a terminal or turns text around."""
    return not {unicodedata.category(c) for c in text} & {"Cc", "Cf", "Cs"} - {"\n"}


@pytest.fixture
def nasty(report: Report) -> Report:
    return soiled(report)


def listed(report: Report, folder: Path, form: str) -> bytes:
    out = io.BytesIO()
    LISTS[form](report, table(report, folder / "all.parquet"), "vi", out)
    return out.getvalue()


def test_a_terminal_gets_text(nasty: Report) -> None:
    assert harmless(render(nasty, "text", "vi").decode().replace("\n", ""))


def test_pages_hold_no_markup_of_the_data(report: Report, nasty: Report) -> None:
    before, page = (Page(render(each, "html", "vi")) for each in (report, nasty))
    assert page.tags.count("script") == 1
    assert set(page.tags) <= set(before.tags)
    assert page.open == []
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert harmless(page.text["vi"].replace("\n", ""))


def test_programs_get_texts_as_they_are(nasty: Report) -> None:
    assert json.loads(render(nasty, "json", "vi"))["inputs"] == list(NASTY)
    etree.fromstring(render(nasty, "iso19157", "vi"))


def test_workbooks_hold_no_formula_of_the_data(nasty: Report, tmp_path: Path) -> None:
    book = listed(nasty, tmp_path, "xlsx")
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = [etree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith("xml")]
    ours = re.compile(r"(COUNTA\('[A-Z]{3}\d{3}'!A\d+:A\d+\)|D\d+-E\d+|SUM\([DEF]\d+:[DEF]\d+\))")
    formulas = [each.text or "" for part in parts for each in part.iter("{*}f")]
    assert [formula for formula in formulas if not ours.fullmatch(formula)] == []
    found = CalamineWorkbook.from_filelike(io.BytesIO(book))
    rows = [row for name in found.sheet_names for row in found.get_sheet_by_name(name).to_python()]
    cells = {cell for row in rows for cell in row if isinstance(cell, str)}
    assert [cell for cell in cells if not harmless(cell)] == []
    assert [cell for cell in cells if cell[:1] in FORMULA[:-1] and cell] == []
    assert max(map(len, cells)) <= 32_767
    shown = {quoted(wording.safe(text).strip()[:200]) or "" for text in NASTY}
    assert [text for text in shown if not any(text in cell for cell in cells)] == []


def test_maps_hold_texts_as_texts(nasty: Report, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(listed(nasty, tmp_path, "gpkg"))
    layers = [name for name, _ in pyogrio.list_layers(path) if name != "layer_styles"]
    rows = [row for name in layers for row in pyogrio.read_arrow(path, layer=name)[1].to_pylist()]
    assert len(rows) == 3 * len(NASTY)
    assert all(harmless(value) for row in rows for value in row.values() if type(value) is str)
    with closing(sqlite3.connect(path)) as con:
        styles = con.execute("SELECT styleQML FROM layer_styles").fetchall()
    assert [len(etree.fromstring(qml.encode()).findall("mapTip")) for (qml,) in styles] == [1, 1]
    features = json.loads(listed(nasty, tmp_path, "geojson"))["features"]
    assert len(features) == len(NASTY)
    _, *points = csv.reader(io.StringIO(listed(nasty, tmp_path, "points").decode("utf-8-sig")))
    assert len(points) == len(NASTY)
    assert [cell for row in points for cell in row if cell and cell[0] in FORMULA[:-1]] == []
