"""Stage ``link``: dossiers or a workbook and their map are one delivery."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from landxml.errors import LandXmlError
from landxml_samples import package
from landxml_validator import Report, validate
from landxml_validator.report import LinkCounts
from tests.layers import FORMATS, PARCELS, written
from tests.marks import quick
from tests.rules import only

CORPUS = Path(__file__).parents[1] / "corpus"
ONLY_PARCELS = re.compile(r"<ld:thanhVien>\s*<ld:(?!ThuaDat)\w+ .*?</ld:thanhVien>\s*", re.DOTALL)
MEMBER = re.compile(r"<ld:thanhVien>.*?</ld:thanhVien>\s*", re.DOTALL)
STATED = re.compile(r"<ld:(soBanGhi|maBamNoiDung)>.*?</ld:\1>\s*", re.DOTALL)
LINKS = re.compile(r" *<ld:(?:taiLieuDoDac|diaChiChuan) [^>]*/>\s*")


def found(report: Report) -> dict[str, int]:
    return {result.rule.code: result.count for result in report.results if result.count}


def states(report: Report) -> dict[str, str]:
    return {result.rule.code: result.state for result in report.results}


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dossiers of two communes, and the map of their parcels as national GML, all but one."""
    folder = tmp_path_factory.mktemp("delivery")
    package.write(folder / "hoso", layout="vbdlis-xml", parcels=24, communes=2, seed=5)
    package.write(folder / "bando", parcels=24, communes=2, seed=5)
    for path in sorted((folder / "bando").glob("*.gml")):
        bare = LINKS.sub("", ONLY_PARCELS.sub("", path.read_text("utf-8")))
        path.write_text(STATED.sub("", bare), "utf-8")
    text = path.read_text("utf-8")
    path.write_text(MEMBER.sub("", text, count=1), "utf-8")
    return folder


def test_dossiers_and_their_map_are_one_delivery(delivery: Path) -> None:
    """Nothing is a duplicate, and the parcel that the map lacks is counted in its commune and listed."""
    report = validate([delivery / "hoso", delivery / "bando"])
    codes = found(report)
    assert codes.keys() - {"LNK004"} == {"LNK001"}
    assert codes["LNK001"] == 1
    assert report.link
    assert report.link.total == LinkCounts(24, 23, 23, 1, 0, 0)
    assert [each.without_shape for each in report.link.communes] == [0, 1]
    assert report.link.communes[1].name
    assert report.link.ways == {"number": 23}


def test_rules_that_look_at_no_link_need_none(delivery: Path) -> None:
    report = validate(delivery, configuration=only("LND"))
    assert report.link is None
    assert set(states(report).values()) == {"passed", "not-evaluated"}
    assert {code for code, state in states(report).items() if state == "passed"} == {
        code for code in states(report) if code.startswith("LND")
    }


def test_order_processes_and_archives_change_nothing(delivery: Path, tmp_path: Path) -> None:
    def said(report: Report) -> tuple[Any, ...]:
        places = sorted(
            (result.rule.code, finding.key, Path(finding.file).name, finding.at, finding.params.get("area"))
            for result, finding in report.findings()
        )
        return report.link, places

    check, work = partial(validate, configuration=only("LNK", "PKG")), tmp_path / "work"
    shutil.make_archive(str(tmp_path / "goi"), "zip", delivery)
    serial = said(check([delivery / "hoso", delivery / "bando"], workers=1))
    assert said(check([delivery / "bando", delivery / "hoso"], workers=3)) == serial
    assert said(check(tmp_path / "goi.zip", workers=1)) == serial
    for _ in range(2):  # the second finds what the first has done
        assert said(check(delivery, workers=1, work=work)) == serial


def test_each_side_alone_has_no_link(delivery: Path) -> None:
    for name in ("hoso", "bando"):
        report = validate(delivery / name)
        assert report.link is None
        assert {states(report)[code] for code in ("LNK001", "LNK002", "LNK003")} == {"not-applicable"}
        assert states(report)["PKG005"] == "passed"
        assert found(report) == {}


def zipped(tmp_path: Path, **members: str | bytes) -> Path:
    path = tmp_path / "goi.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_xml", ".xml").replace("_csv", ".csv"), content)
    return path


def case(name: str) -> dict[str, str]:
    """The members of a case of the corpus, by name."""
    with zipfile.ZipFile(io.BytesIO((CORPUS / name).read_bytes())) as archive:
        return {
            entry.replace(".xml", "_xml").replace(".csv", "_csv"): archive.read(entry).decode()
            for entry in archive.namelist()
        }


def test_a_conflict_names_both_places() -> None:
    report = validate(CORPUS / "LNK003/fail-area.zip")
    ((result, finding),) = report.findings()
    archive = CORPUS / "LNK003/fail-area.zip"
    assert finding.where == f"{archive}!/so.csv:2"
    assert finding.params == {
        "area": "130", "map_area": "120", "parcel": "06652/12/345", "other": f"{archive}!/bando.xml:18",
    }  # fmt: skip
    assert "130 m²" in result.message(finding, "en")


HEADER = (
    "DDK_maXa", "TD_soHieuToBanDo", "TD_soThuTuThua", "TD_dienTich", "TD_diaChiChiTiet", "TD_maMucDichSuDung",
    "TD_dienTichMDSD", "TD_thoiHanSuDung",
)  # fmt: skip


@pytest.mark.parametrize("suffix", quick({".shp", ".gdb"}, FORMATS))
def test_a_workbook_and_a_map_layer(tmp_path: Path, suffix: str) -> None:
    """What an office holds: findings name the cell of the one and the feature of the other."""
    layer = written(tmp_path / f"thua{suffix}")
    with xlsxwriter.Workbook(tmp_path / "so.xlsx") as book:
        sheet = book.add_worksheet("KeKhaiDangKy")
        sheet.write_row(0, 0, HEADER)
        for at, (number, area, use) in enumerate(
            [(2, "400", "LUC"), (3, "450", "ONT"), (6, "400", "CLN")], 1
        ):
            sheet.write_row(at, 0, ("06652", "12", str(number), area, "Thôn Đông", use, area, "Lâu dài"))
    report = validate([tmp_path / "so.xlsx", layer], workers=1)
    assert report.link
    assert report.link.total == LinkCounts(3, 5, 2, 1, 3, 0)
    places = {
        result.rule.code: [finding.where.rpartition("/")[2] for finding in result.samples]
        for result in report.results if result.count
    }  # fmt: skip
    assert places["LNK001"] == ["so.xlsx!KeKhaiDangKy!4"]
    assert places["LNK003"] == ["so.xlsx!KeKhaiDangKy!D3"]
    assert [place.partition("#")[0] for place in places["LNK002"]] == [f"{layer.name}!thua"] * 3
    assert places.keys() == {"LNK001", "LNK002", "LNK003"}
    ((_, conflict),) = [(r, f) for r, f in report.findings() if r.rule.code == "LNK003"]
    assert conflict.params["other"].startswith(f"{layer}!thua#")
    assert report.verdict == "conformant"


def test_a_map_with_the_sheets_of_before_the_merger(tmp_path: Path) -> None:
    """The table is looked up: without it nothing links, though the parcel numbers are the same."""
    layer = written(
        tmp_path / "thua.gpkg", fields=PARCELS | {"MaXa": ["06700"] * 5, "SoHieuToBanDo": [3] * 5}
    )
    with xlsxwriter.Workbook(tmp_path / "so.xlsx") as book:
        sheet = book.add_worksheet("KeKhaiDangKy")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ("06652", "12", "2", "400", "Thôn Đông", "LUC", "400", "Lâu dài"))
    table = tmp_path / "to.csv"
    table.write_text("xaIdCu,soHieuToBanDoCu,tyLe,xaId,soHieuToBanDo\n6700,3,1:500,6652,12\n", "utf-8")
    inputs = [tmp_path / "so.xlsx", layer]
    blind, seeing = (
        validate(inputs, workers=1, sheets=each, configuration=only("LNK")) for each in (None, table)
    )
    assert blind.link
    assert seeing.link
    assert blind.link.total == LinkCounts(1, 5, 0, 1, 5, 0)
    assert seeing.link.total == LinkCounts(1, 5, 1, 0, 4, 0)
    assert seeing.link.ways == {"sheets": 1}
    keys = {finding.params["parcel"] for result, finding in seeing.findings() if result.rule.code == "LNK002"}
    assert keys == {f"06700/3/{number}" for number in (1, 3, 4, 5)}
    table.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(LandXmlError, match="a column is missing"):
        validate(inputs, sheets=table)


def test_dossiers_and_a_map_layer(tmp_path: Path) -> None:
    layer = written(tmp_path / "thua.gpkg", fields=PARCELS | {"SoThuTuThua": [341, 342, 343, 344, 345]})
    shutil.copy(CORPUS / "base/hosoxml.xml", tmp_path / "hoso.xml")
    report = validate(tmp_path, workers=1)
    assert report.link
    assert report.link.total == LinkCounts(1, 5, 1, 0, 4, 0)
    codes = found(report)
    assert codes == {"LNK002": 4, "LNK003": 1, "LNK004": 1}
    ((_, use),) = [(r, f) for r, f in report.findings() if r.rule.code == "LNK004"]
    assert (use.params["code"], use.params["map_code"], use.params["other"]) == (
        "ODT",
        "LUC",
        f"{layer}!thua#5",
    )


def test_why_a_parcel_has_no_shape_is_said(tmp_path: Path) -> None:
    """Whether the map lacks its commune, its sheet, or the parcel alone."""
    members = case("LNK001/fail-number.zip")
    row = members["so_csv"].splitlines()[-1]
    members["so_csv"] += (
        row.replace(";12;346;", ";13;1;") + "\n" + row.replace("06652;12;", "06658;12;") + "\n"
    )
    report = validate(zipped(tmp_path, **members))
    said = {finding.params["parcel"]: finding.params["detail"] for _, finding in report.findings()}
    assert said == {"06652/12/346": None, "06652/13/1": "sheet", "06658/12/346": "commune"}


def test_two_layouts_with_attributes_of_a_parcel_are_said(tmp_path: Path) -> None:
    """A workbook beside dossiers of the same parcel: once, with both places. Of other parcels it is none."""
    members = {
        "a_xml": (CORPUS / "base/hosoxml.xml").read_text("utf-8"),
        "b_csv": case("PKG005/pass-map.zip")["so_csv"],
    }
    report = validate(zipped(tmp_path, **members))
    ((_, finding),) = [(r, f) for r, f in report.findings() if r.rule.code == "PKG005"]
    assert finding.params["layouts"] == "vbdlis-sheet-129, vbdlis-xml"
    assert finding.params["parcels"] == 1
    assert {finding.where.rpartition("!/")[2], finding.params["other"].rpartition("!/")[2]} == {
        "a.xml:36",
        "b.csv:2",
    }
    assert report.link is None
    assert states(report)["LNK001"] == "not-applicable"
    members["b_csv"] = members["b_csv"].replace(";345;", ";346;")
    other = validate(zipped(tmp_path, **members), configuration=only("PKG005"))
    assert states(other)["PKG005"] == "passed"


def test_equal_shapes_of_the_map_are_duplicates_still(tmp_path: Path) -> None:
    members = case("PKG005/pass-map.zip")
    again = members["bando_xml"].replace('"ThuaDat.1"', '"ThuaDat.9"').replace("RanhGioi.1", "RanhGioi.9")
    again = re.sub(r'"(MucDichSuDung|NguonGocDat|SieuDuLieu)\.1"', r'"\1.9"', again)
    codes = found(
        validate(
            zipped(tmp_path, **members, lai_xml=again.replace("437870", "437970").replace("437880", "437980"))
        )
    )
    assert codes.pop("UNQ002") == 1
    assert not {code for code in codes if code.startswith(("LNK", "UNQ"))}


def test_a_half_read_map_is_counted_as_far_as_it_goes(delivery: Path, tmp_path: Path) -> None:
    shutil.copytree(delivery, tmp_path / "goi")
    path = min((tmp_path / "goi/bando").glob("*.gml"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    report = validate(tmp_path / "goi")
    assert report.link
    total = report.link.total
    assert found(report)["LNK001"] == total.without_shape > 1
    missing = total.without_shape + total.without_attributes + total.open
    assert total.attributes + total.shapes == 2 * total.linked + missing
