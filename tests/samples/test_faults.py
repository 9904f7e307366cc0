"""The end-to-end proof: what is put into a sample is found, all of it, where it is, and nothing else."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

import landxml_reports
import landxml_validator
from landxml.reasons import UNREAD
from landxml_reports import wording
from landxml_samples import FAULTS, write
from landxml_samples.layouts import COLLECTION, FILES, FLAT, JSON
from landxml_validator.report import Report
from landxml_validator.rule import builtin
from tests.marks import quick
from tests.messages import assert_message

LAYOUTS = [*FILES, *FLAT, JSON, COLLECTION]
EACH = quick({*FILES, "parcel-layer", COLLECTION}, LAYOUTS)
NOT_IN_A_SAMPLE = {
    "PKG003",  # a damaged archive
    *(f"LNK00{number}" for number in range(5, 9)),  # what dossiers and the parcel GML cannot differ in
    "PKG005",  # two layouts in one delivery
    "PKG009",  # a file that cannot be opened
    "PKG010",  # a delivery without data
    "MAP001",  # what our own writer makes of no workbook
    "MAP002",
    "MAP003",
    "MAP004",
    "MAP005",
    "MAP006",
    "MAP007",
    "CRS006",  # and of no layer
    "GEO008",
    "PKG015",
    "TXT005",
    "PKG012",  # a file of another kind
    "PKG013",  # other files in a package
    "PKG014",  # a file beyond the limits
    "PKG017",  # a package of the future
    "PTY024",  # samples hold no tax codes of persons
    "PKG016",  # a row of a table that is no part of the delivery
    "XSD006",  # a wrong namespace, at which reading ends
    "CRS005",  # what no writer of ours makes of a shape
    "GEO006",
    "GEO010",
    "GEO011",
    "GEO014",
    "GEO016",
    "UNQ007",
    "UNQ004",  # a point inside two parcels
    "UNQ005",  # a dossier twice, under two keys
    "UNQ006",  # a file twice
    "RGT001",  # two parcels in one dossier
    "RGT005",  # samples hold no management rights
    *(f"RGT{number:03}" for number in range(8, 15)),  # nor shared use, restrictions, assets
    *(f"AST{number:03}" for number in range(1, 12)),
    *(f"TXN{number:03}" for number in range(1, 18)),  # nor changes and obligations
    "PTY014",  # households stand in dossiers of before August 2024 only
    "LND018",  # residential land in a rural commune
    "LND021",  # the survey document of a whole sheet
    "LND022",
    "ADM009",  # samples hold no houses
    "CPL001",  # nor empty dossiers
    "UNQ008",  # what two dossiers have in common
    "UNQ009",
    "UNQ010",
    "UNQ011",
    *(f"UNQ{number:03}" for number in range(12, 16)),  # nothing is in operation
    "PTY016",  # what many persons have in common
}


def found(report: Report, out: Path) -> dict[str, Counter[tuple[str, int]]]:
    """Places of all findings, by rule; file names as inside the package."""
    places: dict[str, Counter[tuple[str, int]]] = {}
    for result in report.results:
        if result.count:
            assert len(result.samples) == result.count
            files = [sample.file.partition(out.name)[2].lstrip("!/") for sample in result.samples]
            lines = [sample.at for sample in result.samples]
            places[result.rule.code] = Counter(zip(files, lines, strict=True))
    return places


UNREADABLE = {code for code, rule in builtin().items() if UNREAD.intersection(rule.reasons)}


def check(out: Path, layout: str, codes: set[str]) -> Report:
    wanted = {code: 1 if FAULTS[code].alone else 2 for code in codes if layout in FAULTS[code].layouts}
    expected: defaultdict[str, Counter[tuple[str, int]]] = defaultdict(Counter)
    parcels = 1050 if len(wanted) > 7 else 150  # enough that each has one to spoil
    for fault in write(out, layout=layout, parcels=parcels, communes=2, faults=wanted, seed=11):
        expected[fault.code][fault.file, fault.line] += 1
    assert {code: places.total() for code, places in expected.items()} == wanted
    report = landxml_validator.validate([out], workers=1, samples=1000)
    assert found(report, out) == expected
    assert report.verdict == "not-conformant"
    for result in report.results:
        for finding in result.samples:
            assert_message(result, finding)
    assert Counter(cause.rule for cause in report.causes) == dict.fromkeys(wanted, 1)
    return report


@pytest.mark.parametrize("layout", EACH)
@pytest.mark.parametrize("name", ["goi", pytest.param("goi.zip", marks=pytest.mark.slow)])
def test_every_fault_is_found_where_it_is_and_nothing_else(tmp_path, layout, name):
    report = check(tmp_path / name, layout, FAULTS.keys() - UNREADABLE)
    assert [result.rule.code for result in report.results if result.state == "not-evaluated"] == []
    if layout == COLLECTION:
        assert_causes_stand_on_top(report)


def assert_causes_stand_on_top(report: Report) -> None:
    """Check that what is read first is the causes, each once."""
    grave = {result.rule.code for result in report.results if result.count and result.severity != "info"}
    page, text = (landxml_reports.render(report, name, "en").decode() for name in ("html", "text"))
    causes = page.partition('<section class="causes"')[2].partition("</section>")[0]
    assert Counter(re.findall('href="#([A-Z]{3}[0-9]{3})"', causes)) == dict.fromkeys(grave, 1)
    assert page.index(causes) < page.index('id="findings"')
    head, title, rest = text.partition(wording.label("causes").en.upper())
    assert title
    assert [code for code in grave if code in head] == []
    assert len(re.findall(r"(?m)^ +[0-9]+  [A-Z]{3}[0-9]{3}  ", rest.partition("\n\n")[0])) == 12


@pytest.mark.parametrize("layout", FILES)
def test_files_that_cannot_be_read_are_found_and_nothing_is_made_of_what_they_held(tmp_path, layout):
    check(tmp_path / "goi", layout, FAULTS.keys() & UNREADABLE)


@pytest.mark.parametrize("layout", quick(FILES, LAYOUTS))  # in those of rows nothing else is found above
def test_a_sample_without_faults_conforms(tmp_path, layout):
    conforms(tmp_path / "goi", layout=layout, parcels=200, province="Đắk Lắk", seed=3)


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_ten_samples_without_faults_conform(tmp_path, layout):
    for seed in range(1, 11):
        conforms(tmp_path / str(seed), layout=layout, parcels=80, seed=seed)


def conforms(out: Path, *, parcels: int, **options: Any) -> None:
    write(out, parcels=parcels, communes=2, **options)
    report = landxml_validator.validate([out], workers=1)
    assert found(report, out) == {}
    assert report.verdict == "conformant"
    assert report.records["ThuaDat"] == parcels


@pytest.mark.parametrize("name", quick({"goi.zip"}, ["goi", "goi.zip"]))
def test_what_dossiers_and_their_map_differ_in_is_found(tmp_path, name):
    wanted = dict.fromkeys(("LNK001", "LNK002", "LNK003", "LNK004"), 3)
    expected: defaultdict[str, Counter[tuple[str, int]]] = defaultdict(Counter)
    for fault in write(tmp_path / name, layout="vbdlis", parcels=150, communes=2, faults=wanted, seed=11):
        expected[fault.code][fault.file, fault.line] += 1
    report = landxml_validator.validate([tmp_path / name], workers=1)
    assert found(report, tmp_path / name) == expected
    assert report.verdict == "conformant"
    assert report.link
    total = report.link.total
    assert (total.attributes, total.shapes, total.linked) == (147, 147, 144)


def test_every_rule_has_a_fault_or_a_reason_not_to():
    assert set(builtin()) - set(FAULTS) == NOT_IN_A_SAMPLE
    assert set(FAULTS) <= set(builtin())
