"""A layout is a folder of data: each command works on it, or says clearly that it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import landxml
import landxml_schemas
from landxml import codelists, content, layouts, privacy
from landxml.carriers import dossier
from landxml.errors import LandXmlError
from landxml_mappings import convert
from landxml_remap import remap
from landxml_remap.parcel_codes import parcel_codes
from landxml_validator import inspect, validate

FOLDERS = Path(__file__).parent / "layouts"
CARRIERS = ("gml", "dossier")
PARCEL = (
    "<{0}><{1}>{2}</{1}><maXa>06652</maXa><soHieuToBanDo>1</soHieuToBanDo>"
    "<soThuTuThua>{2}</soThuTuThua><dienTich>{3}</dienTich></{0}>"
)


def parcels(cls: str, key: str, areas: tuple[str, ...]) -> str:
    return "\n".join(PARCEL.format(cls, key, number, area) for number, area in enumerate(areas, 1))


def document(carrier: str, *areas: str) -> str:
    if carrier == "dossier":
        return f"<ToKhai>\n<cacThua>{parcels('ThuaKhai', 'maThua', areas)}</cacThua></ToKhai>"
    members = (
        parcels("Manh", "ma", areas).replace("<Manh>", "<muc><Manh>").replace("</Manh>", "</Manh></muc>")
    )
    return f'<TapThua xmlns="urn:example:tap-thua:1.0">\n{members}</TapThua>'


@pytest.fixture(params=CARRIERS)
def carrier(request, monkeypatch) -> Iterator[str]:
    """The carrier of a toy layout, which is known beside the built-in ones."""
    folders = [*landxml_schemas.layouts(), FOLDERS / f"toy_{request.param}"]
    monkeypatch.setattr(landxml_schemas, "layouts", lambda: folders)
    caches = (
        layouts.builtin, content.contents, codelists.lists, privacy.words, dossier._loose,
    )  # fmt: skip
    for function in caches:
        function.cache_clear()
    yield request.param
    monkeypatch.undo()
    for function in caches:
        function.cache_clear()


@pytest.fixture
def file(carrier, tmp_path) -> Path:
    path: Path = tmp_path / "thua.xml"
    path.write_text(document(carrier, "120.5", "0"), "utf-8")
    return path


def test_its_records_are_judged_as_national_ones(carrier, file) -> None:
    report = validate(file)
    assert [(each.layout, each.records >= 2) for each in report.files] == [(f"toy-{carrier}", True)]
    assert report.records["ThuaDat"] == 2
    ((found,),) = (r.samples for r in report.results if r.rule.code == "LND002")
    assert (found.file, found.line, found.cls) == (str(file), 3, "ThuaDat")
    states = {result.rule.code: result.state for result in report.results}
    assert states["GEO001"] == "not-applicable"
    assert states["XSD001"] == "passed"


def test_its_schema_is_checked(file) -> None:
    file.write_text(
        file.read_text("utf-8").replace("<maXa>06652</maXa>", "<maXa>06652</maXa><la/>", 1), "utf-8"
    )
    report = validate(file)
    assert {
        result.rule.code for result in report.results if result.rule.code.startswith("XSD") and result.count
    }


def test_inspect_counts_its_records(carrier, file) -> None:
    (found,) = inspect(file)
    assert found.layouts == {f"toy-{carrier}": 1}
    assert found.records["Manh" if carrier == "gml" else "ThuaKhai"] == 2
    assert [(commune.code, commune.count) for commune in found.communes] == [("06652", 2)]


def test_its_records_are_objects_and_become_national_ones(file) -> None:
    assert [record.so_thu_tu_thua for record, _ in landxml.read(file)] == [1, 2]  # type: ignore[attr-defined]
    errors: list[LandXmlError] = []  # the national model asks for a purpose, of which a toy knows nothing
    assert list(convert(file, on_error=errors.append)) == []
    assert [(error.file, error.line, error.field) for error in errors] == [
        (str(file), line, "mucDichSuDung") for line in (2, 3)
    ]


@pytest.mark.parametrize("command", [remap, parcel_codes])
def test_what_cannot_be_written_is_refused(command, file, tmp_path) -> None:
    with pytest.raises(LandXmlError, match="nothing here is"):
        command(file, tmp_path / "out.xml")
    assert list(tmp_path.iterdir()) == [file]


def test_samples_are_offered_in_layouts_that_they_can_be_made_in(carrier, tmp_path) -> None:
    from landxml_samples.package import write

    with pytest.raises(LandXmlError, match="there is no layout"):
        write(tmp_path / "goi", layout=f"toy-{carrier}", parcels=1)
