from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pyarrow.compute as pc
import pytest
from lxml import etree

import landxml
from landxml import layouts
from landxml.dictionary import dictionary, national
from landxml_mappings import convert, read, tables
from landxml_mappings.report import LossReport
from landxml_samples.package import write
from landxml_validator import validate

WORKBOOKS = sorted(layout.id for layout in layouts.builtin().values() if layout.sheet)


@pytest.fixture(scope="module")
def dossiers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ho-so") / "ho-so.zip"
    write(path, layout="vbdlis-xml", parcels=12)
    return path


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("goi") / "goi.zip"
    write(path, parcels=12, communes=2)
    return path


@pytest.fixture(scope="module")
def national_of_dossiers(dossiers: Path) -> tuple[Path, LossReport]:
    """What the dossiers become, and what is said of it."""
    path = dossiers.with_name("goi.gml")
    return path, convert(dossiers, path, to="national")


def records(path: Path) -> dict[str, landxml.model.Record]:
    return {record.id: record for record, _ in read(path) if not isinstance(record, landxml.model.SieuDuLieu)}


def test_dossiers_become_a_national_package_that_conforms(dossiers, national_of_dossiers) -> None:
    path, made = national_of_dossiers
    report = validate([path])
    assert report.errors == 0
    assert made.lossless
    assert made.records.items() <= report.records.items()
    assert records(path) == records(dossiers)


def test_a_national_package_is_written_again_as_it_was(package, tmp_path) -> None:
    convert(package, tmp_path / "goi.gml", to="national")
    assert validate([tmp_path / "goi.gml"]).errors == 0
    assert records(tmp_path / "goi.gml") == records(package)
    (metadata,) = (r for r, _ in read(tmp_path / "goi.gml") if isinstance(r, landxml.model.SieuDuLieu))
    assert len(metadata.ma_xa) == 2
    assert metadata.don_vi_cung_cap.startswith("Văn phòng đăng ký đất đai Mẫu")


def test_dossiers_are_written_again_byte_for_byte_but_for_zeros(dossiers, tmp_path) -> None:
    def documents(folder: Path, source: Path) -> Counter[bytes]:
        zipfile.ZipFile(source).extractall(folder)
        return Counter(path.read_bytes().replace(b".0<", b"<") for path in folder.rglob("*.xml"))

    convert(dossiers, tmp_path / "lai.zip", to="vbdlis-xml")
    assert documents(tmp_path / "a", tmp_path / "lai.zip") == documents(tmp_path / "b", dossiers)


def test_national_to_dossiers_and_back(dossiers, national_of_dossiers, tmp_path) -> None:
    convert(national_of_dossiers[0], tmp_path / "ho-so", to="vbdlis-xml")
    assert records(tmp_path / "ho-so") == records(dossiers)


@pytest.mark.slow
@pytest.mark.parametrize("layout", WORKBOOKS)
def test_dossiers_become_a_workbook_that_is_read_again(dossiers, tmp_path, layout) -> None:
    convert(dossiers, tmp_path / "so.xlsx", to=layout)
    report = validate([tmp_path / "so.xlsx"])
    assert report.records["ThuaDat"] == 12
    assert [file.layout for file in report.files] == [layout]
    convert(tmp_path / "so.xlsx", tmp_path / "ho-so.zip", to="vbdlis-xml")
    assert validate([tmp_path / "ho-so.zip"]).records["ThuaDat"] == 12


def test_what_several_dossiers_share_stands_in_each(package, tmp_path) -> None:
    convert(package, tmp_path / "ho-so", to="vbdlis-xml")
    written = list((tmp_path / "ho-so").rglob("*.xml"))
    assert len(written) == 12
    assert all(b"<DC_TaiLieuDoDac>" in path.read_bytes() for path in written)


def test_text_that_is_markup_is_written_as_text(tmp_path) -> None:
    write(tmp_path / "goi", layout="vbdlis-xml", parcels=1)
    (path,) = (tmp_path / "goi").rglob("*.xml")
    text = re.sub("<maDon>.*?<", """<maDon>A&amp;B &lt;C&gt; "D" 'E'<""", path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    convert(tmp_path / "goi", tmp_path / "goi.gml", to="national")
    convert(tmp_path / "goi.gml", tmp_path / "lai", to="vbdlis-xml")
    (again,) = (tmp_path / "lai").rglob("*.xml")
    assert etree.parse(again).findtext(".//maDon") == """A&B <C> "D" 'E'"""


@pytest.mark.parametrize(
    ("source", "output", "to", "said"),
    [
        ("ho-so.zip", "ho-so.zip", "vbdlis-xml", "is the input"),
        ("ho-so.zip", "da-co.gml", "national", "exists already"),
        ("ho-so.zip", "ra.gml", "vbdlis-xml", "does not stand for"),
        ("ho-so.zip", "ra.foo", "national", "use .xml .gml"),
        ("ho-so.zip", "ra.xls", "ilis-sheet", "use .xlsx"),
        ("ho-so.zip", "ra.gml", "nowhere", "there is no layout"),
        ("khac.xml", "ra.gml", "national", "no known layout"),
        ("khong-co", "ra.gml", "national", "khong-co"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(dossiers, tmp_path, source, output, to, said) -> None:  # noqa: PLR0917
    (tmp_path / "ho-so.zip").write_bytes(dossiers.read_bytes())
    (tmp_path / "khac.xml").write_text("<Other/>", "utf-8")
    (tmp_path / "da-co.gml").write_text("old", "utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(landxml.LandXmlError, match=said):
        convert(tmp_path / source, tmp_path / output, to=to)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_layout_that_can_only_be_read_is_refused(dossiers, tmp_path) -> None:
    readable = layouts.load(Path(__file__).parents[1] / "layouts" / "toy_lines")
    with pytest.raises(landxml.LandXmlError, match="can be read, not written"):
        convert(dossiers, tmp_path / "ra", to=readable)


def test_what_was_read_is_carried_changed_or_dropped(dossiers, tmp_path) -> None:
    found = [convert(dossiers, tmp_path / "so.xlsx", to="mplis-collection")]
    found.append(convert(tmp_path / "so.xlsx", tmp_path / "goi.gml", to="national"))
    for report in found:
        losses = [loss for each in report.reading.values() for loss in each] + [*report.writing]
        assert losses
        for loss in losses:
            assert loss.read == loss.carried + sum(loss.changed.values()) + sum(loss.dropped.values())
    written = {loss.element: loss for loss in found[0].writing}
    assert written["ThuaDat.dienTich"].carried == 12
    assert written["DiaChi.tenXa"].dropped == {"lost": 24}
    assert {loss.element for loss in found[1].reading["mplis-collection"]} >= {"NSD_hoTen", "TD_dienTich"}


@pytest.mark.slow  # of dossiers; of a package test_laws.py says it
def test_the_report_names_all_that_does_not_come_back(dossiers, tmp_path) -> None:
    report = convert(dossiers, tmp_path / "so.xlsx", to="vbdlis-sheet-161")
    before, after = filled(dossiers), filled(tmp_path / "so.xlsx")
    assert before == {loss.element: loss.read for loss in report.writing}
    for loss in report.writing:
        assert loss.carried <= after.get(loss.element, 0), loss


def filled(path: Path) -> dict[str, int]:
    """Number of values of each national field."""
    found = {}
    for name, table in tables(path).items():
        for field in national().classes[name].columns:
            column = table[field.element]
            found[f"{name}.{field.element}"] = len(
                pc.list_flatten(column) if field.repeated else column.drop_null()
            )
    return {name: count for name, count in found.items() if count}


def test_strict_writes_nothing_if_anything_would_be_lost(dossiers, tmp_path) -> None:
    report = convert(dossiers, tmp_path / "so.xlsx", to="mplis-collection", strict=True)
    assert not report.written
    assert report.dropped
    assert list(tmp_path.iterdir()) == []
    assert convert(dossiers, tmp_path / "goi.gml", to="national", strict=True).written
    assert (tmp_path / "goi.gml").exists()


def test_what_cannot_be_read_is_told_and_left_out(tmp_path) -> None:
    write(tmp_path / "goi", layout="vbdlis-xml", parcels=3)
    bad, broken, _ = sorted((tmp_path / "goi").rglob("*.xml"))
    bad.write_text(bad.read_text("utf-8").replace("<soHieuToBanDo>1<", "<soHieuToBanDo>một<"), "utf-8")
    broken.write_bytes(broken.read_bytes()[:-30])
    report = convert(tmp_path / "goi", tmp_path / "goi.gml", to="national")
    assert [one.file for one in report.unread] == [broken.as_posix()]
    dropped = {loss.element: loss.dropped for loss in report.reading["vbdlis-xml"] if loss.dropped}
    assert dropped == {"DC_ThuaDat.soHieuToBanDo": {"unread": 1}}
    refused = convert(tmp_path / "goi", tmp_path / "strict.gml", to="national", strict=True)
    assert (refused.written, (tmp_path / "strict.gml").exists()) == (False, False)


def test_unknown_columns_and_words_without_a_code_are_told_and_masked(tmp_path) -> None:
    (row,) = dictionary(layouts.builtin()["vbdlis-sheet-129"]).classes.values()
    said = {
        "DDK_maXa": "06652", "TD_soHieuToBanDo": "1", "TD_soThuTuThua": "2", "CHU_hoTen": "Lê Thị Mẫu",
        "GT_loaiGiayTo": "Giấy của Lê Văn Mẫu", "Người nhập": "Lê Văn Mẫu",
    }  # fmt: skip
    cells = {field.header: "" for field in row.columns if field.column} | said
    path = tmp_path / "so.csv"
    path.write_text(f"{';'.join(cells)}\n{';'.join(cells.values())}\n", "utf-8")
    report = convert(path, tmp_path / "goi.gml", to="national")
    assert [one.name for one in report.columns] == ["‹Xxxxx xxxx›"]
    assert [(one.field, one.value, one.count) for one in report.uncoded] == [
        ("GiayToTuyThan.loaiGiayToTuyThan", "‹Xxxx xxx Xx Xxx Xxx›", 1)
    ]
    assert report.defaulted
    assert not report.lossless


def test_a_disk_that_is_full_is_told_and_nothing_is_left_behind(dossiers, tmp_path) -> None:
    resource = pytest.importorskip("resource", reason="there is no such limit here")
    done = subprocess.run(
        [
            sys.executable, "-m", "landxml_cli", "convert", dossiers, "-o", tmp_path / "ra.zip", "--to",
            "vbdlis-xml", "--lang", "en",
        ],
        capture_output=True, text=True, check=False,
        env=os.environ | {"COVERAGE_PROCESS_CONFIG": ""},  # whose own file is larger than that
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )  # fmt: skip
    said = f"Error: {tmp_path / 'ra.zip'}: the file is larger than is allowed here.\n"
    assert (done.returncode, done.stderr) == (2, said)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("target", ["vbdlis-xml", "vbdlis-sheet-161"])
def test_a_package_that_is_there_seven_times_is_written_once(tmp_path, target) -> None:
    write(tmp_path / "goi", parcels=5)
    (file,) = (tmp_path / "goi").glob("*.gml")
    out = tmp_path / ("mot" if target == "vbdlis-xml" else "mot.xlsx")
    convert(tmp_path / "goi", out, to=target)
    before = {name: len(rows) for name, rows in tables(out).items()}
    for number in range(6):
        (tmp_path / f"goi/{number}.gml").write_bytes(file.read_bytes())
    again = tmp_path / ("hai" if target == "vbdlis-xml" else "hai.xlsx")
    convert(tmp_path / "goi", again, to=target)
    assert {name: len(rows) for name, rows in tables(again).items()} == before
