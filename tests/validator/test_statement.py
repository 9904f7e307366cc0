"""A conformance statement says of each value what an exporter has made of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from landxml.errors import LandXmlError
from landxml_reports import statement as shown
from landxml_samples import write
from landxml_samples.layouts import LAYOUTS
from landxml_validator.statement import ClassScore, FieldScore, state


def scores(classes: list[ClassScore]) -> dict[str, list[FieldScore]]:
    return {each.cls: each.fields for each in classes if each.fields}


def changed(text: str, before: str, value: str, number: int) -> str:
    """Put a value behind an occurrence of a pattern."""
    found = list(re.finditer(before, text, re.DOTALL))[number]
    return text[: found.end()] + value + text[text.index("<", found.end()) :]


def test_what_an_exporter_keeps_changes_loses_and_adds_is_counted(tmp_path: Path) -> None:
    write(tmp_path / "goi", parcels=6)
    (source,) = (tmp_path / "goi").glob("*.gml")
    file, text = tmp_path / "xuat.gml", source.read_text("utf-8")
    first, second = re.findall("<ld:ThuaDat .*?<ld:dienTich>([^<]*)<", text, re.DOTALL)[:2]
    assert first != second
    for number, area in enumerate((second, first)):  # two parcels exchange their areas
        text = changed(text, "<ld:ThuaDat .*?<ld:dienTich>", area, number)
    text = re.sub("<ld:ngaySinh>[^<]*</ld:ngaySinh>", "", text, count=1)
    file.write_text(text, "utf-8")
    made = state(tmp_path / "goi", [file])
    found = scores(made.statement.classes)
    (birth,) = found["CaNhan"]
    assert (birth.field, birth.expected - birth.kept, birth.lost, birth.changed) == ("ngaySinh", 1, 1, 0)
    assert [(each.field, each.changed, each.lost) for each in found["ThuaDat"]] == [("dienTich", 2, 0)]
    assert not made.whole

    page = shown.render(made, "html", "vi").decode()
    assert made.sha256 in page
    assert "<script" not in page


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_comes_out_as_it_went_in_is_whole_in_every_layout(tmp_path: Path, layout: str) -> None:
    write(tmp_path / "goi", layout=layout, parcels=12)
    made = state(tmp_path / "goi", [tmp_path / "goi"])
    assert {each.cls for each in made.statement.classes if each.fields} == set()
    assert (made.whole, len(made.statement.classes) > 1) == (True, True)
    again = state(tmp_path / "goi", [tmp_path / "goi"])
    assert shown.render(again, "json", "vi") == shown.render(made, "json", "en")


@pytest.mark.slow
def test_a_reference_of_another_layout_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.zip", parcels=4)
    base = Path(__file__).parents[1] / "corpus/base"
    with pytest.raises(LandXmlError, match="make a reference of the same layout"):
        state(tmp_path / "a.zip", [base / "hosoxml.xml"])
