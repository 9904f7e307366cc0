"""The communes of a delivery: parcels, shapes, and how many of them no error leads to."""

from __future__ import annotations

from pathlib import Path

from landxml_samples import write
from landxml_validator import validate
from tests.rules import only


def test_parcels_and_findings_of_each_commune(tmp_path: Path) -> None:
    faults = {"LND002": 3, "GEO002": 1, "TXT003": 2}
    injected = write(tmp_path / "goi", parcels=60, communes=2, faults=faults)
    report = validate([tmp_path / "goi"], workers=1, configuration=only("LND", "GEO", "TXT"))
    first, second = report.by_commune
    assert (first.name, second.name) == ("Phường Hà Tu", "Phường Cao Xanh")
    assert first.parcels + second.parcels == report.records["ThuaDat"]
    assert (first.with_shape, second.with_shape) == (first.parcels, second.parcels)
    assert first.errors + second.errors == report.errors
    assert first.warnings + second.warnings == report.warnings
    wrong = {(each.file, each.id) for each in injected if each.code in {"LND002", "GEO002"}}
    assert first.parcels - first.in_order + second.parcels - second.in_order == len(wrong)


def test_a_parcel_of_dossiers_and_map_is_one(tmp_path: Path) -> None:
    write(tmp_path / "goi", layout="vbdlis", parcels=8, faults={"LNK001": 1})
    (commune,) = validate([tmp_path / "goi"], workers=1, configuration=only("LNK")).by_commune
    assert (commune.parcels, commune.with_shape) == (8, 7)


def test_what_is_no_code_of_a_commune_is_not_told(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "corpus/base/national.xml").read_text("utf-8")
    (tmp_path / "a.xml").write_text(text.replace("<ld:maXa>06652<", "<ld:maXa>Lê Thị Mẫu<"), "utf-8")
    (commune,) = validate([tmp_path / "a.xml"], workers=1).by_commune
    assert (commune.commune, commune.name, commune.parcels, commune.in_order) == ("", "", 1, 0)
