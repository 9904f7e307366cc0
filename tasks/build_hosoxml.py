"""Build the dictionary of the HoSoXml layout from the format study and the hand-written labels.

    python tasks/build_hosoxml.py --shared DIR

``DIR/format.md`` gives the elements (section 1.4), the tree of containers with its cardinalities (1.3), what
only the vendor's sample has (1.5) and the quirks (1.6). ``hosoxml_labels.csv`` gives the names for people: a
label belongs to an element name, or to ``Parent/element`` where the same element means something else.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "schemas/landxml_schemas/vbdlis_xml/dictionary.csv"

KINDS = {
    "*container*": "container",
    "Xml": "dossier",
    "Guid": "guid",
    "Interger": "int",
    "String": "text",
    "Double": "decimal",
    "Boolean": "bool",
    "Date": "date",
    "DateTime": "datetime",
}
QUIRKS = {
    "gioiTinh": ("int", "§1.6 declared Boolean, three values"),
    "loaiGiayToTuyThan": ("text", "§1.6 declared Interger, letter codes"),
    "loaiToChuc": ("text", "§1.6 declared Interger, letter codes"),
    "ngayQuyetDinh": ("text", "§1.6 declared String"),
}
"""Kinds that differ from the declared type, and why."""

SOFT = {
    "dienTichPhapLy": "§1.4 omitted where neither certificate nor origin paper states it",
    "nguonGocChuyenQuyen": "[I] §1.6 first-issue parcels have no transfer origin",
    "maMucDichSuDungPhu": "[I] most parcels have no secondary purpose",
    "hangMucTaiSanId": "[I] most assets have no items",
    "dienTichCongTrinh": "[I] §1.4 linear works have no area",
}
"""Marked required by the workbook, yet accepted empty or absent, and why."""

ABSENT_IN_SAMPLE = {"soThuTuBienDong", "loaiNhaChungCu", "loaiCanHo", "trangGiayChungNhan"}
INLINE_LISTS = {"gioiTinh": "GioiTinh", "donViCap": "DonViCap", "loaiHanChe": "LoaiHanChe"} | dict.fromkeys(
    (f"loaiQuyenSoHuu{asset}" for asset in ("NhaRiengLe", "CanHo", "CongTrinhXayDung", "CongTrinhNgam")),
    "LoaiQuyenSoHuu",
)
"""Elements whose few values stand in the definition column instead of a sheet of codes."""

PERSON_KEYS = ("daiDienKhaiTrinhId", "voId", "chongId", "chuHoId", "voChongChuHoId", "nguoiDaiDienId")
TARGETS = {
    # In the order of the selecting list: LoaiDoiTuong 0-4, LoaiTaiSan 6-14.
    "chuId": "DC_CaNhan|DC_VoChong|DC_HoGiaDinh|DC_ToChuc|DC_CongDong",
    "taiSanId": "DC_ThuaDat|DC_NhaRiengLe|DC_CanHo|DC_NhaChungCu|DC_KhuChungCu|DC_CongTrinhXayDung"
    "|DC_CongTrinhNgam|DC_RungTrong|DC_CayLauNam",
    "hangMucTaiSanId": "DC_HangMucSoHuuChung|DC_HangMucCongTrinh",
    "giaoDichBaoDamChaId": "DC_GiaoDichBaoDam",
    **dict.fromkeys(PERSON_KEYS, "DC_CaNhan"),
}
"""Keys whose target class the definition does not name outright."""

SIDES = ("BenTheChap", "BenNhanTheChap", "BenBaoLanh")
"""Sides of a secured transaction. The elements in them are all called ``Chu``, their classes are named so."""

PERSONAL = {
    "DC_CaNhan": "hoTen ngaySinh namSinh namMat maSoThue soDienThoai email maSoDinhDanh diaChi",
    "DC_GiayToTuyThan": "soGiayTo ngayCap",
    "DC_ThuaDat": "diaChi",
    "DC_NhaRiengLe": "soNha diaChi",
    "DC_RungTrong": "diaChi",
    "DC_CayLauNam": "diaChi",
    "DC_HoGiaDinh": "diaChi",
    # One list of addresses serves parcels and people: all but the administrative unit may be a person's.
    "DC_DiaChi": "soNha tenDuongPho tenToDanPho diaChiChiTiet",
    # Free text in which parties are usually named.
    "DC_GiaoDich": "noiDungBienDong noiDungHopDong",
    "DC_GiayChungNhan": "tenNguoiKy ghiChuTrang1 ghiChuTrang2",
    "DC_HanCheQuyen": "noiDungHanChe",
    "DC_DangKyThayDoi": "noiDungDangKyThayDoi",
    "DC_NoiDungInXacNhan": "noiDungThayDoi",
    # Scans are often named after the owner.
    "DC_ChiTietHoSoQuet": "tenFile moTa",
    "DC_SoDiaChinh": "tenFile moTa",
}
"""Personal data, by class."""


class Entry(NamedTuple):
    """One row of a table of section 1.4."""

    element: str
    type: str
    length: str = ""
    required: bool = False
    codelist: str = ""
    meaning: str = ""
    source: str = "[E] §1.4"


class Format(NamedTuple):
    """What the format study says: tables and pages by class path, cardinality marks by container path."""

    tables: dict[str, list[Entry]]
    marks: dict[str, str]
    pages: dict[str, str]


def read_format(text: str) -> Format:
    """Parse sections 1.3 and 1.4, and add what section 1.5 adds."""
    tree, tables = text[text.index("### 1.3") : text.index("### 1.4")], text[text.index("### 1.4") :]
    tables = tables[: tables.index("### 1.5")]
    found = Format({}, dict(_marks(tree.split("```")[1])), {})
    path = page = ""
    for line in tables.splitlines():
        if line.startswith("#### "):
            path = line.split("`")[1].lstrip("/")
            page = _page(line)
            found.pages[path] = page
        elif re.match(r"\| \d+ \|", line):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            _, element, kind, length, _, required, codelist, meaning = cells
            source = f"[E] §1.4{page}"
            entry = Entry(element.strip("`"), kind, length, required == "x", codelist, meaning, source)
            found.tables.setdefault(path, []).append(entry)
    _share(found)
    _add_sample(found)
    return found


def _page(heading: str) -> str:
    page = re.search(r"standard page (\d+)", heading)
    return f" p.{page[1]}" if page else " VBDLIS addition" if "VBDLIS addition" in heading else ""


def _marks(tree: str) -> Iterator[tuple[str, str]]:
    stack: list[str] = []
    for line in tree.strip().splitlines():
        name = line.strip().rstrip("?*+")
        del stack[(len(line) - len(line.lstrip())) // 2 :]
        stack.append(name)
        yield "/".join(stack), line.strip()[len(name) :]


def _share(found: Format) -> None:
    """Copy the two shapes that are tabulated once to every place that has them."""
    address = found.tables.pop("…/ThongTinDiaChiChuan/DiaChiChuan")
    parcel = found.tables.pop("…/ThongTinLienKetThuaDat/LienKetThuaDat")
    for path, entries in list(found.tables.items()):
        for entry in entries:
            here = f"{path}/{entry.element}"
            if entry.element == "ThongTinDiaChiChuan":
                found.marks.update({here: "?", f"{here}/DiaChiChuan": "*"})
                found.tables[f"{here}/DiaChiChuan"] = address
            elif entry.element == "ThongTinLienKetThuaDat":
                found.tables[f"{here}/LienKetThuaDat"] = parcel


def _add_sample(found: Format) -> None:
    """Add the elements that only the vendor's sample has (section 1.5)."""
    source = "[E] §1.5 sample"
    book = "HoSoXml/ThongTinSoDiaChinh/DC_SoDiaChinh"
    found.tables[book].append(Entry("banQuet", "String", source=source))
    household = "HoSoXml/ThongTinChu/ThongTinHoGiaDinh/DC_HoGiaDinh"
    members = f"{household}/ThongTinThanhVienHoGiaDinh"
    found.tables[household].append(Entry("ThongTinThanhVienHoGiaDinh", "*container*", source=source))
    found.marks.update({members: "?", f"{members}/ThanhVienHoGiaDinh": "*"})
    found.tables[f"{members}/ThanhVienHoGiaDinh"] = [
        Entry("caNhanId", "Interger", meaning="FK → DC_CaNhan", source=source),
        Entry("voChongId", "Interger", meaning="FK → DC_VoChong", source=source),
    ]


def rows(found: Format, labels: dict[str, tuple[str, str]]) -> Iterator[dict[str, str]]:
    """Yield the dictionary's rows, depth first in the workbook's order."""
    root = Entry("HoSoXml", "*container*", required=True, source="[E] §1.1")
    yield _row("", root, found, labels)
    yield from _below("HoSoXml", found, labels)


def _below(path: str, found: Format, labels: dict[str, tuple[str, str]]) -> Iterator[dict[str, str]]:
    for entry in found.tables.get(path) or _wrapped(path, found):
        yield _row(path, entry, found, labels)
        if entry.type == "*container*":
            yield from _below(f"{path}/{entry.element}", found, labels)


def _wrapped(path: str, found: Format) -> list[Entry]:
    """Containers below a wrapper that has no table of its own."""
    children = [child for child in found.marks if child.rpartition("/")[0] == path]
    return [
        Entry(child.rpartition("/")[2], "*container*", source=f"[E] §1.3{found.pages.get(child, '')}")
        for child in children
    ]


def _row(path: str, entry: Entry, found: Format, labels: dict[str, tuple[str, str]]) -> dict[str, str]:
    owner = path.rpartition("/")[2]
    mark = found.marks.get(f"{path}/{entry.element}".lstrip("/"), "")
    kind, quirk = QUIRKS.get(entry.element, (KINDS[entry.type], ""))
    required = mark in {"", "+"} if entry.type == "*container*" else entry.required
    soft = _soft(path, entry, mark, found) if required else ""
    sample = "§1.5 absent in sample" if entry.element in ABSENT_IN_SAMPLE else ""
    vi, en = labels.get(f"{owner}/{entry.element}") or labels[entry.element]
    return {
        "path": path,
        "element": entry.element,
        "kind": kind,
        "length": entry.length,
        "required": "x" if required else "",
        "repeated": "x" if mark in {"*", "+"} else "",
        "codelist": _codelist(entry),
        "targets": owner if owner in SIDES and entry.type == "*container*" else _targets(entry),
        "empty": "x" if soft else "",
        "personal": "x" if entry.element in PERSONAL.get(owner, "").split() else "",
        "vi": vi,
        "en": en,
        "source": "; ".join(filter(None, (entry.source, quirk, sample, soft))),
    }


def _soft(path: str, entry: Entry, mark: str, found: Format) -> str:
    if entry.type == "Xml":
        return "§1.3 tree says 0..n" if mark == "*" else ""
    if entry.type == "*container*":
        return "§1.3 the optional wrapper may be empty" if found.marks.get(path) == "?" else ""
    return SOFT.get(entry.element, "")


def _codelist(entry: Entry) -> str:
    name = entry.codelist.removeprefix("DM_") or INLINE_LISTS.get(entry.element, "")
    return "LoaiBienDong" if name == "LoaiGiaoDichBienDong" else name  # §1.6


def _targets(entry: Entry) -> str:
    named = re.search(r"FK → (DC_\w+)", entry.meaning)
    return named[1] if named else TARGETS.get(entry.element, "")


def build(shared: Path) -> str:
    """Return the text of ``dictionary.csv``."""
    with (HERE / "hosoxml_labels.csv").open(encoding="utf-8", newline="") as file:
        labels = {row["element"]: (row["vi"], row["en"]) for row in csv.DictReader(file)}
    found = read_format((shared / "format.md").read_text(encoding="utf-8"))
    out = io.StringIO()
    table = list(rows(found, labels))
    writer = csv.DictWriter(out, table[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return out.getvalue()


def main() -> None:
    """Write the dictionary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="folder that holds format.md")
    TARGET.write_text(build(parser.parse_args().shared), encoding="utf-8")


if __name__ == "__main__":
    main()
