from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from landxml.carriers import gml
from landxml_samples.package import write
from landxml_validator import inspection
from landxml_validator.inspection import Commune, inspect


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inspection")
    write(folder / "national", parcels=24, communes=2)
    return folder / "national"


def test_counts_what_was_made(package) -> None:
    (found,) = inspect([package])
    assert found.documents == 2
    assert found.bytes == sum(path.stat().st_size for path in package.iterdir())
    assert found.layouts == {"national": 2}
    assert found.encodings == {"utf-8": 2}
    assert found.records["ThuaDat"] == 24
    assert found.crs == ["urn:ogc:def:crs:EPSG::5899"]
    assert [commune.code for commune in found.communes] == ["06652", "06658"]
    assert (found.troubles, found.unread) == ([], 0)


def test_counts_equal_those_of_the_metadata(package) -> None:
    stated = re.compile(r"<ld:lop>(\w+)</ld:lop>\s*<ld:soLuong>(\d+)<")
    declared = Counter[str]()
    for path in package.iterdir():
        declared.update({name: int(count) for name, count in stated.findall(path.read_text("utf-8"))})
    (found,) = inspect([package])
    assert declared
    assert {name: found.records[name] for name in declared} == declared


def test_batches_add_up(package, monkeypatch) -> None:
    whole = inspect([package])
    monkeypatch.setattr(gml, "BATCH", 50)
    monkeypatch.setattr(gml, "TOGETHER", 0)
    assert inspect([package]) == whole


def test_dossiers_in_a_zip(tmp_path) -> None:
    write(tmp_path / "dossiers.zip", layout="vbdlis-xml", parcels=6)
    (found,) = inspect([str(tmp_path / "dossiers.zip")])
    assert found.layouts == {"vbdlis-xml": 6}
    assert found.records["DC_ThuaDat"] == 6
    assert found.crs == []
    assert [commune.code for commune in found.communes] == ["06652"]


def test_what_cannot_be_read_is_told_and_the_rest_is_counted(package, tmp_path) -> None:
    (good,) = package.glob("06652.gml")
    with zipfile.ZipFile(tmp_path / "mixed.zip", "w") as archive:
        archive.write(good, "good.gml")
        archive.writestr("cut.gml", good.read_bytes()[:-400])
        archive.writestr("other.xml", "<other/>")
        archive.writestr("doctype.xml", "<!DOCTYPE a><a/>")
    (found,) = inspect([tmp_path / "mixed.zip"])
    assert found.records["ThuaDat"] > 12
    assert found.unread == 3
    assert {trouble.file.rpartition("!/")[2] for trouble in found.troubles} == {
        "cut.gml",
        "other.xml",
        "doctype.xml",
    }
    assert all(trouble.reason.vi and trouble.reason.en for trouble in found.troubles)


def test_few_troubles_are_listed_all_are_counted(tmp_path) -> None:
    for number in range(15):
        (tmp_path / f"{number:02}.xml").write_text("<other/>", "utf-8")
    (found,) = inspect([tmp_path])
    assert (len(found.troubles), found.unread) == (inspection.LISTED, 15)


def test_each_input_has_its_own_answer(package, tmp_path) -> None:
    here, nowhere = inspect([package, tmp_path / "nowhere"])
    assert here.records
    assert (nowhere.documents, nowhere.unread) == (0, 1)


@pytest.mark.parametrize(
    ("code", "commune"),
    [
        ("06652", Commune("06652", "Phường Hà Tu", count=7)),
        ("00001", Commune("00001", "Phường Phúc Xá", dt.date(2025, 6, 30), 7)),
        ("99999", Commune("99999", "", count=7)),
    ],
)
def test_communes_of_today_of_before_and_of_never(code, commune) -> None:
    assert inspection._commune(code, 7, [dt.date(2026, 1, 1)]) == commune


def test_a_commune_of_several_days_has_the_names_of_each() -> None:
    days = inspection._days(["2026-01-01", "2025-01-01", "01/07/2025"])
    assert inspection._commune("06652", 7, days).name == "Phường Hà Phong / Phường Hà Tu"


def test_of_a_workbook_the_national_records_are_counted_too() -> None:
    (found,) = inspect(Path(__file__).parents[1] / "corpus/MAP003/pass-rows.csv")
    assert (found.records["Dong"], found.records["ThuaDat"], found.records["MucDichSuDung"]) == (2, 2, 2)
    assert [(each.code, each.name) for each in found.communes] == [("06652", "Phường Hà Tu")]
    assert found.unread == 0
