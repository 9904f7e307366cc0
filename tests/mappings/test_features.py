"""National → parcel GML of VBDLIS → national: as its export writes it, and all that it holds comes back."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely

import landxml
from landxml_mappings import convert, tables, targets
from landxml_mappings.report import LossReport
from landxml_remap import remap
from landxml_samples.package import write
from landxml_validator import validate

BASE = Path(__file__).parents[1] / "corpus/base/thua_dat.gml"
OWNER = "<app:tenChu>Nguyễn Văn Mẫu</app:tenChu>"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("goi") / "goi.zip"
    write(path, parcels=24, communes=2)
    return path


@pytest.fixture(scope="module")
def exported(package: Path) -> tuple[Path, LossReport]:
    """Its parcel GML, and what is said of it."""
    path = package.with_name("Thua_Dat.gml")
    return path, convert(package, path, to="vbdlis-gml")


def held(path: Path) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Return what the file holds of each parcel: land uses in their order, area, address, boundary, CRS."""
    found = tables(path)
    uses: dict[str, list[tuple[int, str]]] = {}
    for use in found["MucDichSuDung"].to_pylist():
        uses.setdefault(use["_parent"], []).append((use["soThuTuMucDichSuDung"], use["maMucDichSuDung"]))
    return {
        tuple(row[name] for name in ("maXa", "soHieuToBanDo", "soThuTuThua")): (
            sorted(uses.get(row["_id"], [])), row["dienTich"], row["diaChi"],
            row["ranhGioi"] and shapely.from_wkb(row["ranhGioi"]), row["srs"],
        )
        for row in found["ThuaDat"].to_pylist()
    }  # fmt: skip


def written(text: str, folder: Path) -> str:
    """Return what a parcel GML is when it has been read and written again."""
    (folder / "vao.gml").write_text(text, "utf-8")
    convert(folder / "vao.gml", folder / "ra.gml", to="vbdlis-gml", force=True)
    return (folder / "ra.gml").read_text("utf-8")


def test_an_export_is_written_again_byte_for_byte_but_for_the_owner(tmp_path: Path) -> None:
    text = BASE.read_text("utf-8")
    assert written(text, tmp_path) == text.replace(OWNER, "<app:tenChu></app:tenChu>")


def test_all_that_the_file_holds_comes_back_and_is_told(
    package: Path, exported: tuple[Path, LossReport]
) -> None:
    path, report = exported
    assert held(path) == held(package)
    assert any(len(uses) > 1 for uses, *_ in held(package).values())
    losses = {loss.element: loss for loss in report.writing}
    assert losses["ThuaDat.ranhGioi"].carried == losses["ThuaDat.diaChi"].carried == 24
    assert losses["ThuaDat.dienTichPhapLy"].dropped == {"lost": 24}


def test_what_is_written_passes_all_rules(exported: tuple[Path, LossReport]) -> None:
    report = validate([exported[0]])
    assert {result.rule.code: result.count for result in report.results if result.count} == {}
    assert [file.layout for file in report.files] == ["vbdlis-gml"]
    assert report.records["ThuaDat"] == 24


def test_other_programs_read_it_at_its_place(package: Path, exported: tuple[Path, LossReport]) -> None:
    meta, _, shapes, (sheets, _) = pyogrio.raw.read(exported[0], columns=["soHieuToBanDo", "dienTich"])
    right = [shape for *_, shape, _ in held(package).values()]
    assert meta["crs"] == "EPSG:5899"
    assert len(sheets) == 24
    assert shapely.total_bounds(shapely.from_wkb(shapes)).tolist() == shapely.total_bounds(right).tolist()


def test_a_shape_of_several_parts_and_one_with_a_hole_stay_what_they_are(tmp_path: Path) -> None:
    text = BASE.read_text("utf-8")
    ring = "<gml:LinearRing><gml:posList>{}</gml:posList></gml:LinearRing>"
    hole = ring.format("437502 2318302 437502 2318304 437504 2318304 437502 2318302")
    outer = ring.format("437600 2318300 437610 2318300 437610 2318310 437600 2318300")
    start, end = text.index("<gml:Polygon"), text.index("</gml:Polygon>")
    whole = f"{text[start:end]}<gml:interior>{hole}</gml:interior></gml:Polygon>"
    other = f"<gml:Polygon><gml:exterior>{outer}</gml:exterior></gml:Polygon>"
    parts = "".join(f"<gml:surfaceMember>{each}</gml:surfaceMember>" for each in (whole, other))
    said = text[start + len("<gml:Polygon") : text.index(">", start)]
    after = text[end + len("</gml:Polygon>") :]
    several = f"{text[:start]}<gml:MultiSurface{said}>{parts}</gml:MultiSurface>{after}"
    before, again = tmp_path / "vao.gml", tmp_path / "ra.gml"
    assert written(several, tmp_path).count("<gml:interior>") == 1
    assert held(again) == held(before)


def test_of_several_systems_each_shape_names_its_own(tmp_path: Path) -> None:
    text = BASE.read_text("utf-8")
    start, end = text.index("  <wfs:member>"), text.index("</wfs:FeatureCollection>")
    other = text[start:end].replace("345", "346").replace("5899", "9215").replace("107.75", "105.5")
    two = written(text[:end] + other + text[end:], tmp_path)
    assert "gml:boundedBy" not in two
    assert two.count('EPSG::5899" srsRevert="VN2000_QNinh_3_107.75"') == 1
    assert two.count('EPSG::9215" srsRevert="VN2000_QNinh_3_') == 1
    assert held(tmp_path / "ra.gml") == held(tmp_path / "vao.gml")


def test_what_is_unknown_stays_empty_and_markup_is_text(tmp_path: Path) -> None:
    text = BASE.read_text("utf-8").replace("06652", "99999").replace("Tổ 1,", "Tổ &lt;1&gt; &amp; 2,")
    start, end = text.index("<gml:Polygon"), text.index("</app:Geometry>")
    bare = written(text[:start] + text[end:], tmp_path)
    assert "<app:Geometry></app:Geometry>" in bare
    assert "gml:boundedBy" not in bare
    assert "<app:diaChi>Tổ &lt;1&gt; &amp; 2, khu 2" in bare
    assert 'srsRevert="VN2000__3_107.75"' in written(text, tmp_path)


def test_the_parcel_code_has_no_element_and_is_told(tmp_path: Path) -> None:
    variant = BASE.read_text("utf-8").replace("app:Thua_Dat>", "app:ThuaDat>")
    coded = variant.replace("</app:diaChi>", "</app:diaChi><app:maThuaDat>012345678901</app:maThuaDat>")
    (tmp_path / "vao.gml").write_text(coded, "utf-8")
    report = convert(tmp_path / "vao.gml", tmp_path / "ra.gml", to="vbdlis-gml")
    (loss,) = (loss for loss in report.writing if loss.element == "ThuaDat.maThuaDat")
    assert loss.dropped == {"room": 1}
    assert "maThuaDat" not in (tmp_path / "ra.gml").read_text("utf-8")
    assert not convert(tmp_path / "vao.gml", tmp_path / "khac.gml", to="vbdlis-gml", strict=True).written
    assert not (tmp_path / "khac.gml").exists()


def test_two_parcels_with_the_same_numbers_stay_two(tmp_path: Path) -> None:
    text = BASE.read_text("utf-8")
    start, end = text.index("  <wfs:member>"), text.index("</wfs:FeatureCollection>")
    (tmp_path / "vao.gml").write_text(text[:end] + text[start:end] + text[end:], "utf-8")
    report = convert(tmp_path / "vao.gml", tmp_path / "ra.gml", to="vbdlis-gml")
    assert {loss.element: loss.dropped for loss in report.writing if loss.dropped} == {}
    assert len(tables(tmp_path / "ra.gml")["ThuaDat"]) == 2


def test_a_remap_leaves_it_alone(tmp_path: Path) -> None:
    """Features have no ids by which places in them could be found again."""
    shutil.copy(BASE, tmp_path / "Thua_Dat.gml")
    with pytest.raises(landxml.LandXmlError, match="can be written"):
        remap(tmp_path / "Thua_Dat.gml", tmp_path / "ra.gml")


def test_a_parcel_of_two_dossiers_stands_in_the_file_once(tmp_path: Path, monkeypatch) -> None:
    write(tmp_path / "goi", parcels=12)
    (path,) = (tmp_path / "goi").iterdir()
    text = path.read_text("utf-8")
    first = re.findall(r'<ld:thuaDat xlink:href="([^"]*)"', text)[0]
    path.write_text(re.sub(r'(<ld:thuaDat xlink:href=")[^"]*', rf"\g<1>{first}", text), "utf-8")
    monkeypatch.setattr(targets, "DOSSIERS", 3)
    monkeypatch.setattr(targets, "RECORDS", 5)
    convert(path, tmp_path / "Thua_Dat.gml", to="vbdlis-gml")
    assert len(tables(tmp_path / "Thua_Dat.gml")["ThuaDat"]) == 12
