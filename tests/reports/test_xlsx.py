from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from landxml_reports import wording, xlsx
from landxml_validator.report import Finding, Report
from tests.reports.tables import table

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def written(report: Report, folder: Path, lang: str = "vi") -> bytes:
    out = io.BytesIO()
    xlsx.write(report, table(report, folder / "all.parquet"), lang, out)
    return out.getvalue()


def sheets(book: bytes) -> dict[str, list[list[Any]]]:
    found = CalamineWorkbook.from_filelike(io.BytesIO(book))
    return {name: found.get_sheet_by_name(name).to_python() for name in found.sheet_names}


def test_a_sheet_says_how_many_of_its_findings_are_milder(report: Report, tmp_path: Path) -> None:
    counts = {"00004": 1_233, "00008": 1}
    report.results[2] = msgspec.structs.replace(
        report.results[2], by_commune=counts, levels={"00008": "warning"}
    )
    assert "(1 of them warnings)" in sheets(written(report, tmp_path, "en"))["LND004"][0][0]


def part(book: bytes, name: str) -> Any:
    """The XML of the sheet of a name."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        number = list(sheets(book)).index(name) + 1
        return etree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))


def areas(count: int, **more: Any) -> list[Finding]:
    """Findings in two communes, out of order."""
    fields: dict[str, Any] = {"cls": "ThuaDat", "file": "so.xlsx", "part": "DangKy", "column": "AB"}
    params = {"parcel": "120.5", "total": "118.0"}
    keys = [f"{('00008', '00004')[n % 2]}/12/{n}" for n in range(count)]
    return [
        Finding(**fields | {"id": key, "key": key, "at": n + 5, "params": params} | more)
        for n, key in enumerate(keys)
    ]


@pytest.fixture
def full(report: Report) -> Report:
    report.results[2].samples, report.results[2].count = areas(7), 7
    return report


def test_a_work_list(full: Report, tmp_path: Path) -> None:
    """One sheet per rule, the worst first; each finding once, with its cell, by commune."""
    book = written(full, tmp_path)
    found = sheets(book)
    assert list(found) == [
        "Tổng quan", "Theo xã", "Giải thích", "LND004", "GEO002", "PTY003", "Nguồn dữ liệu",
    ]  # fmt: skip
    title, fix, links, header, *rows = found["LND004"]
    assert title[0] == "LND004 · Tổng diện tích các mục đích sử dụng khác diện tích thửa đất"
    assert fix[0].startswith("Cách sửa: Sửa trong phần mềm nguồn")
    assert links[4].startswith("Căn cứ: Thông tư 09/2024/TT-BTNMT")
    assert header[:4] == ["Đã sửa", "Phát hiện", "Xã", "Thửa (xã/tờ/thửa)"]
    assert [row[3] for row in rows] == [
        f"{'00004/12/%d' if n % 2 else '00008/12/%d'}" % n for n in (1, 3, 5, 0, 2, 4, 6)
    ]
    assert rows[0][:10] == [
        "", 4, "00004 Phường Ba Đình", "00004/12/1", "diện tích 120,5 m², tổng 118,0 m²", "", "so.xlsx",
        "DangKy", "AB6", "Thửa đất",
    ]  # fmt: skip
    assert [row[-3:-1] for row in found["GEO002"][4:]] == [[587123.4567, 2325888.1]]
    communes = [row for row in found["Theo xã"] if row[1] == "LND004"]
    assert [(row[0][:5], row[4], row[5]) for row in communes] == [
        ("00004", 3, "LND004: 5–7"), ("00008", 4, "LND004: 8–11"),
    ]  # fmt: skip
    assert any("9f86d081884c7d65" in str(cell) for row in found["Nguồn dữ liệu"] for cell in row)
    assert "Explanation" in sheets(written(full, tmp_path, "en"))
    assert written(full, tmp_path) == book


def test_a_sheet_is_made_for_work(full: Report, tmp_path: Path) -> None:
    """Head frozen, filters, cells to tick, links; what is ticked is counted in the overview."""
    book = written(full, tmp_path)
    sheet, overview = part(book, "LND004"), part(book, "Tổng quan")
    (pane,) = sheet.iter(f"{SHEET}pane")
    assert (pane.get("ySplit"), pane.get("topLeftCell"), pane.get("state")) == ("4", "B5", "frozen")
    assert [each.get("ref") for each in sheet.iter(f"{SHEET}autoFilter")] == ["A4:N11"]
    (tick,) = sheet.iter(f"{SHEET}dataValidation")
    assert (tick.get("type"), tick.get("sqref"), tick[0].text) == ("list", "A5:A11", '"✓"')
    explained = [row[0] for row in sheets(book)["Giải thích"]]
    for code in ("LND004", "GEO002"):
        links = {link.get("location") for link in part(book, code).iter(f"{SHEET}hyperlink")}
        assert links == {"'Tổng quan'!A1", f"'Giải thích'!A{explained.index(code) + 1}"}
    assert "'GEO002'!A1" in {link.get("location") for link in overview.iter(f"{SHEET}hyperlink")}
    where = {link.get("location") for link in part(book, "Theo xã").iter(f"{SHEET}hyperlink")}
    assert {"'LND004'!A5:N7", "'LND004'!A8:N11"} <= where
    assert "COUNTA('LND004'!A5:A11)" in {formula.text for formula in overview.iter(f"{SHEET}f")}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(full: Report, tmp_path: Path) -> None:
    """When it has saved the workbook, texts, links, filters and cells to tick are there still."""
    book = written(full, tmp_path)
    (tmp_path / "a.xlsx").write_bytes(book)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved")]
    subprocess.run([*command, str(tmp_path / "a.xlsx")], capture_output=True, timeout=120, check=True)
    saved = (tmp_path / "saved" / "a.xlsx").read_bytes()

    def kept(one: bytes) -> dict[str, Any]:
        marks = {"autoFilter": "ref", "dataValidation": "sqref", "hyperlink": "location"}
        return {
            name: (
                [cell for row in rows for cell in row if cell != ""],
                {(tag, e.get(by)) for tag, by in marks.items() for e in part(one, name).iter(SHEET + tag)},
            )
            for name, rows in sheets(one).items()
        }

    assert kept(saved) == kept(book)


def test_what_is_too_much_for_a_sheet_stands_in_further_ones(
    full: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "LIMIT", xlsx.HEAD + 3)
    found = sheets(written(full, tmp_path))
    names = ["LND004", "LND004 (2)", "LND004 (3)"]
    assert [name for name in found if name.startswith("LND004")] == names
    rows = [row[3] for name in names for row in found[name][4:]]
    assert sorted(rows) == sorted(each.key for each in full.results[2].samples)
    said = (
        f"LND004 có nhiều trường hợp hơn số dòng của một trang tính, nên nằm ở các trang: {', '.join(names)}."
    )
    assert any(row[0] == said for row in found["Tổng quan"])
    assert [row[5] for row in found["Theo xã"] if row[1] == "LND004"] == [
        "LND004: 5–7", "LND004 (2): 5–7", "LND004 (3): 5–5",
    ]  # fmt: skip
    formulas = [formula.text for formula in part(written(full, tmp_path), "Tổng quan").iter(f"{SHEET}f")]
    assert "COUNTA('LND004'!A5:A7)+COUNTA('LND004 (2)'!A5:A7)+COUNTA('LND004 (3)'!A5:A5)" in formulas


def test_no_findings_no_sheets(report: Report, tmp_path: Path) -> None:
    clean = [msgspec.structs.replace(each, state="passed", count=0, samples=[]) for each in report.results]
    report = msgspec.structs.replace(report, results=clean, causes=[], verdict="conformant")
    found = sheets(written(report, tmp_path))
    assert list(found) == ["Tổng quan", "Theo xã", "Giải thích", "Nguồn dữ liệu"]
    assert any(wording.label("no-findings").vi in row for row in found["Tổng quan"])


def test_only_what_counts_is_work(full: Report, tmp_path: Path) -> None:
    out = io.BytesIO()
    xlsx.write(full, table(full, tmp_path / "all.parquet", state="known"), "vi", out)
    assert not [name for name in sheets(out.getvalue()) if re.match("[A-Z]{3}[0-9]", name)]
