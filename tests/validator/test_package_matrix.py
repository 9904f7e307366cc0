"""Slips in valid packages, and the rules that tell them (``docs/package-matrix.md``)."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from landxml_validator.pipeline import validate
from landxml_validator.rule import builtin
from tests.package_slips import TOLD, Slip, expected, slips, told
from tests.whole import AS_OF, dossier, members, metadata, package

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/package-matrix.md").read_text("utf-8")


def test_a_package_with_each_class_and_field_conforms_and_its_slips_are_told(tmp_path: Path) -> None:
    text = members((n, dossier(n)) for n in range(1, 5))
    (tmp_path / "goi.xml").write_bytes(package(metadata(text), text))
    report = validate([tmp_path], as_of=AS_OF, workers=1)
    assert {result.rule.code: result.count for result in report.results if result.count} == {}
    (tmp_path / "goi.xml").unlink()
    made = [
        Slip("ThuaDat.dienTich", "doubled"),
        Slip("CanHo.nhaChungCu", "to nothing"),
        Slip("QuyenSuDungDat", "twice"),
        Slip("DiaChi", "left out"),
        Slip("CaNhan.hoTen", "decomposed"),
        Slip("ThuaDat.ranhGioi", "axes swapped"),
    ]
    found = told(made, tmp_path)
    assert [found[slip] for slip in made] == [expected(slip).rules for slip in made]


def test_each_slip_is_told_as_meant_or_has_its_reason() -> None:
    made = list(slips())
    assert len(set(made)) == len(made)
    assert {code for slip in made for code in [*expected(slip).rules, *expected(slip).also]} <= set(builtin())
    assert all({"place", "slip", "rules"} <= one.keys() for one in TOLD)
    rows = [
        line.split("|") for line in PAGE.partition("# By class and field")[2].splitlines() if line[:2] == "| "
    ]
    assert [row for row in rows if row[3].strip() not in {"", "Unexpected"}] == []
    assert [row for row in rows if not any(cell.strip() for cell in (row[1], row[2], row[5]))] == []


@pytest.mark.slow
def test_the_page_is_fresh() -> None:
    made = runpy.run_path(str(ROOT / "tasks/build_package_matrix.py"))["made"]()
    assert made == PAGE, "run tasks/build_package_matrix.py"
