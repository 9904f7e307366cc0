"""Hostile texts go through every field and every format; nothing of them is taken for more than text."""

from __future__ import annotations

import csv
import errno
import gc
import io
import json
import re
import sqlite3
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest
import shapely
from lxml import etree, html
from python_calamine import CalamineWorkbook

from landxml.tabular import FORMULA, quoted
from landxml.text import Text
from landxml_reports import (
    FORMATS,
    certificate,
    explanation,
    geojson,
    gpkg,
    points,
    render,
    wording,
    write,
    xlsx,
)
from landxml_validator.certificate import Certificate, Input, _statement
from landxml_validator.explanation import Explanation, Original, Shape, Sheet
from landxml_validator.report import Report
from tests.reports.nasty import NASTY, excerpt, soiled
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


@pytest.mark.parametrize("form", explanation.FORMATS)
def test_an_explanation_shows_texts_as_texts(form: str) -> None:
    every = " ".join(NASTY)
    rule = Sheet(
        code="COD001", severity="error", **dict.fromkeys(("title", "fix", "legal"), Text(every, every))
    )
    some = excerpt(1)
    what = Original(place=every, note=Text(every, every), lines=some.lines, cells=some.cells)
    found = Explanation(
        number=1, fingerprint=every, key=every, place=every, rule=rule, message=rule.fix, originals=[what],
        shapes=[Shape("defect", shapely.Point(437_000, 2_318_000), every)],
    )  # fmt: skip
    shown = explanation.render(found, form, "vi").decode()
    if form == "json":
        assert [line["text"] for line in json.loads(shown)["originals"][0]["lines"]] == list(NASTY)
    elif form == "text":
        assert harmless(shown.replace("\n", ""))
    else:
        page = Page(shown.encode())
        assert page.open == []
        assert not {"b", "r", "t", "iframe"} & set(page.tags)
        assert page.tags.count("script") == 1
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
    assert len(features) == 3 * len(NASTY)
    _, *points = csv.reader(io.StringIO(listed(nasty, tmp_path, "points").decode("utf-8-sig")))
    assert len(points) == len(NASTY)
    assert [cell for row in points for cell in row if cell and cell[0] in FORMULA[:-1]] == []


def test_pipelines_get_texts_and_no_commands(nasty: Report, tmp_path: Path) -> None:
    whole = table(nasty, tmp_path / "all.parquet")
    made = {form: json.loads(render(nasty, form, "vi", whole)) for form in ("sarif", "gitlab", "rdjson")}
    results = made["sarif"]["runs"][0]["results"]
    texts = [each["message"]["text"] for each in results]
    texts += [each["description"] for each in made["gitlab"]]
    texts += [each["message"] for each in made["rdjson"]["diagnostics"]]
    assert len(texts) == 9 * len(NASTY)
    assert [text for text in texts if not harmless(text)] == []
    places = [each for result in results for each in result["locations"]]
    locations = [each["physicalLocation"] for each in places if "physicalLocation" in each]
    uris = {each["artifactLocation"]["uri"] for each in locations}
    assert len(uris) > len(NASTY) / 2
    plain = r"(file:///)?([\w.~/!$&'()*+,;=@-]|%[0-9A-F]{2})*"
    assert [uri for uri in uris if not re.fullmatch(plain, uri, re.ASCII) or uri.startswith("//")] == []
    assert min(each["region"]["startLine"] for each in locations if "region" in each) >= 1
    assert min(each["location"]["lines"]["begin"] for each in made["gitlab"]) >= 1

    suites = etree.fromstring(render(nasty, "junit", "vi"))
    assert harmless("".join(map(str, suites.itertext())).replace("\n", ""))
    assert len(suites.findall(".//testcase")) == len(nasty.results)

    lines = render(nasty, "github", "vi").decode().splitlines()
    command = r"::(error|warning|notice) file=[^:,]*(,line=\d+)?,title=[^:,]*::.*"
    assert [line for line in lines if not re.fullmatch(command, line)] == []
    assert [line for line in lines if re.search("%(?!25|0A|0D|3A|2C)", line)] == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_a_disk_that_takes_no_more_is_an_error_of_the_system(report: Report, tmp_path: Path) -> None:
    import resource

    whole, before = table(report, tmp_path / "all.parquet"), resource.getrlimit(resource.RLIMIT_FSIZE)
    with (tmp_path / "out").open("w+b") as out:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, before[1]))
        try:
            with pytest.raises(OSError, match="File too large"):
                gpkg.write(report, whole, "vi", out)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)


class Full(io.BytesIO):
    """A file on a disk that takes no more."""

    def write(self, _: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def writelines(self, _: object) -> None:
        self.write(b"")


def test_a_full_disk_is_told_once_by_each_format(report: Report, everything: Path) -> None:
    """And nothing is said when what was begun is thrown away."""
    for form in FORMATS:
        with pytest.raises(OSError, match="No space left on device"):
            write(report, form, "vi", Full(), everything)
    gc.collect()


def test_markdown_and_certificates_hold_no_markup_of_the_data(report: Report, nasty: Report) -> None:
    text = render(nasty, "markdown", "vi").decode()
    assert harmless(text.replace("\n", ""))
    assert re.findall(r"<|(?<!\\)\]\(", text) == []
    rows = [re.split(r"(?<!\\)\|", line) for line in text.splitlines() if line.startswith("|")]
    assert {len(row) for row in rows} == {6}

    before, page = (Page(render(each, "handover", "vi")) for each in (report, nasty))
    assert set(page.tags) <= set(before.tags)
    inputs = [Input(name=name, files=1, bytes=1, sha256="a") for name in NASTY]
    made = Certificate(certificate="1", sha256="a", statement=_statement(nasty, inputs))
    shown = html.document_fromstring(certificate.render(made, "html", "vi"))
    assert {each.tag for each in shown.iter(etree.Element)} <= {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "table", "tr", "td", "br",
        "code", "span",
    }  # fmt: skip
    assert harmless("".join(map(str, shown.itertext())).replace("\n", ""))
    assert json.loads(certificate.render(made, "json", "vi"))["statement"]["inputs"][0]["name"] == NASTY[0]
