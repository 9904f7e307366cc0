"""Documents that are unusual or wrong: every byte but the changed texts stays, or the place is named."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from landxml.errors import LandXmlError
from landxml_remap import remap, reverse
from landxml_validator import validate
from tests.marks import quick
from tests.rules import only

Made = Callable[..., Path]
NAMESPACE = "urn:landxml:vn-land:1.0"


def text_of(made: Made, layout: str = "national") -> str:
    folder = made(layout=layout)
    path = folder / "06700.gml" if layout == "national" else min((folder / "06700").glob("*.xml"))
    return path.read_text("utf-8")


def failed(path: Path, *codes: str) -> set[str]:
    report = validate([path], workers=1, configuration=only(*codes))
    return {result.rule.code for result in report.results if result.state == "failed"}


@pytest.mark.parametrize(
    ("layout", "cls", "before"),
    [
        ("national", "DiaChi", "<ld:soHieuToBanDo>"),
        ("national", "TaiLieuDoDac", "<ld:kho>"),
        ("vbdlis-xml", "DC_TaiLieuDoDac", "<soThuTuThua>"),
        ("vbdlis-xml", "DC_ThuaDat", "<DC_GiayChungNhan>"),
    ],
)
@pytest.mark.parametrize("others", [True, False])
def test_a_misplaced_record_is_named_with_its_line(  # noqa: PLR0917 - fixtures
    made: Made, tmp_path: Path, layout: str, cls: str, before: str, others: bool
) -> None:
    """Also where it is the only one of its class in the whole delivery."""
    text = text_of(made, layout)
    prefix = "ld:" if layout == "national" else ""
    if not others:
        whole = rf"\s*<{prefix}{cls}\b.*?</{prefix}{cls}>"
        text = re.sub(rf"<ld:thanhVien>{whole}\s*</ld:thanhVien>\n|{whole}", "", text, flags=re.DOTALL)
    at = text.index(before)
    source = tmp_path / "a.xml"
    record = f"<{prefix}{cls}><{prefix}maXa>06700</{prefix}maXa></{prefix}{cls}>"
    source.write_text(f"{text[:at]}{record}{text[at:]}", "utf-8")
    with pytest.raises(LandXmlError, match=f"{cls} stands where") as caught:
        remap([source], tmp_path / "b.xml")
    assert (caught.value.file, caught.value.line) == (str(source), text.count("\n", 0, at) + 1)
    assert [path.name for path in tmp_path.iterdir()] == ["a.xml"]


def test_an_element_that_stands_twice_is_named_with_its_line(made: Made, tmp_path: Path) -> None:
    text = text_of(made)
    twice = re.sub(r"(<ld:soThuTuThua>\d+</ld:soThuTuThua>)", r"\1\1", text)
    source, table = tmp_path / "a.gml", tmp_path / "t.csv"
    source.write_text(twice, "utf-8")
    table.write_text("old_commune,old_sheet,new_sheet\n06700,1,501\n", "utf-8")
    with pytest.raises(LandXmlError, match="ThuaDat/soThuTuThua") as caught:
        remap([source], tmp_path / "b.gml", sheets=str(table))
    assert caught.value.line
    assert "<ld:ThuaDat " in text.splitlines()[caught.value.line - 1]


@pytest.mark.parametrize("layout", ["national", "vbdlis-xml"])
def test_records_without_a_code_are_listed_with_their_lines(made: Made, tmp_path: Path, layout: str) -> None:
    text = re.sub(r"(<(?:ld:)?maXa>)\d+<", r"\1<", text_of(made, layout))
    source, out = tmp_path / "a.xml", tmp_path / "b.xml"
    source.write_text(text, "utf-8")
    report = remap([source], out)
    assert {problem.kind for problem in report.problems} == {"no-code"}
    parcels = next(p for p in report.problems if p.cls in {"ThuaDat", "DC_ThuaDat"})
    name, _, line = parcels.samples[0].partition(":")
    assert name == str(source)
    assert parcels.cls in text.splitlines()[int(line) - 1]
    reverse(report.table, [out], tmp_path / "c.xml")
    assert (tmp_path / "c.xml").read_bytes() == source.read_bytes()


@pytest.mark.parametrize(("length", "outcome"), [(250, "rewritten"), (251, "too-long")])
def test_an_address_that_would_be_too_long_stays(
    made: Made, tmp_path: Path, length: int, outcome: str
) -> None:
    """Xã Bản Sen became Đặc khu Vân Đồn: five letters more, and a field holds 255."""
    ending = ", Xã Bản Sen, Tỉnh Quảng Ninh"
    full = "x" * (length - len(ending)) + ending
    text = re.sub(
        r"(<ld:CaNhan .*?<ld:diaChi>)[^<]*", rf"\g<1>{full}", text_of(made), count=1, flags=re.DOTALL
    )
    source = tmp_path / "a.gml"
    source.write_text(text, "utf-8")
    report = remap([source], tmp_path / "b.gml")
    found = {t.outcome: t.count for t in report.texts if (t.cls, t.element) == ("CaNhan", "diaChi")}
    others = {"rewritten": 14}
    assert found == others | {outcome: others.get(outcome, 0) + 1}
    assert failed(tmp_path / "b.gml", "XSD") == set()


def test_parcels_without_a_number_keep_their_sheet(made: Made, tmp_path: Path) -> None:
    source, table = tmp_path / "a.gml", tmp_path / "t.csv"
    source.write_text(re.sub(r"\s*<ld:soThuTuThua>.*?</ld:soThuTuThua>", "", text_of(made)), "utf-8")
    table.write_text("old_commune,old_sheet,new_sheet\n06700,1,501\n", "utf-8")
    assert remap([source], tmp_path / "b.gml", sheets=str(table)).renumbered == 0


FORMS: dict[str, Callable[[str], str]] = {
    "default namespace": lambda text: re.sub(r"(</?)ld:", r"\1", text.replace("xmlns:ld=", "xmlns=")),
    "other prefix": lambda text: re.sub(r"(</?)ld:", r"\1ns0:", text.replace("xmlns:ld=", "xmlns:ns0=")),
    "declared on every leaf": lambda text: re.sub(
        r"<ld:(\w+)>([^<]*)</ld:\1>", rf'<n:\1 xmlns:n="{NAMESPACE}">\2</n:\1>', text
    ),
    "CDATA": lambda text: re.sub(r"<ld:(\w+)>([^<]+)<", r"<ld:\1><![CDATA[\2]]><", text),
    "comments": lambda text: re.sub(r"<ld:(\w+)>(\w)([^<]+)<", r"<ld:\1>\2<!-- <ld:maXa> -->\3<", text),
}


@pytest.mark.parametrize("form", quick({"declared on every leaf", "comments"}, FORMS))
def test_every_form_of_xml_is_changed_in_its_own_manner(made: Made, tmp_path: Path, form: str) -> None:
    source, out, table = tmp_path / "a.gml", tmp_path / "b.gml", tmp_path / "to.csv"
    text = re.sub(r"<ld:maBamNoiDung.*?maBamNoiDung>", "", text_of(made))
    source.write_text(FORMS[form](text), "utf-8")
    table.write_text("old_commune,old_sheet,new_sheet\n06700,1,501\n06700,2,502\n", "utf-8")
    report = remap([source], out, sheets=str(table))
    assert report.renumbered == 10
    assert failed(out) == set()
    reverse(report.table, [out], tmp_path / "c.gml")
    assert (tmp_path / "c.gml").read_bytes() == source.read_bytes()


def rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "encoding",
    quick({"us-ascii", "utf-16"}, ["us-ascii", "iso-8859-1", "windows-1258", "utf-8", "utf-16"]),
)
@pytest.mark.parametrize("cdata", [False, True])
def test_the_reference_table_holds_the_same_in_every_encoding(
    made: Made, tmp_path: Path, encoding: str, cdata: bool
) -> None:
    """However a letter is written, no house, hamlet or person comes into the table."""
    text = text_of(made).replace('encoding="UTF-8"', f'encoding="{encoding}"')
    if cdata:
        text = re.sub(r"(<ld:dia\w+>)([^<]+)<", r"\1<![CDATA[Số 7, ]]>\2<", text)
    source, out = tmp_path / "a.gml", tmp_path / "b.gml"
    source.write_bytes(text.encode(encoding, "xmlcharrefreplace"))
    report = remap([source], out)
    assert report.settled
    table = Path(report.table).read_text("utf-8-sig")
    streets = set(re.findall(r">([^<>]*?), (?:Phường|phường)", text))
    assert streets
    for street in streets:
        assert street not in table
        assert street.encode("ascii", "xmlcharrefreplace").decode() not in table
    assert not re.search(r"S(ố|&#7889;) \d|Khu ph|Th(ô|&#244;)n", table)
    reverse(report.table, [out], tmp_path / "c.gml")
    assert (tmp_path / "c.gml").read_bytes() == source.read_bytes()


@pytest.mark.parametrize(("element", "after"), [("ngayHieuLucMaDonVi", ""), ("maXa", r"\n \g<0>")])
def test_metadata_that_are_none_stay_and_come_into_no_table(
    made: Made, tmp_path: Path, element: str, after: str
) -> None:
    odd = f"<ld:{element}>Lê Văn Mẫu</ld:{element}>"
    text = re.sub(rf"<ld:{element}>[^<]*</ld:{element}>", odd + after, text_of(made), count=1)
    source, out = tmp_path / "a.gml", tmp_path / "b.gml"
    source.write_text(text, "utf-8")
    report = remap([source], out)
    assert "Lê Văn Mẫu" not in Path(report.table).read_text("utf-8-sig")
    assert odd in out.read_text("utf-8")
    reverse(report.table, [out], tmp_path / "c.gml")
    assert (tmp_path / "c.gml").read_text("utf-8") == text


@pytest.mark.parametrize("suffix", quick({".csv", ".xlsx"}, [".csv", ".xlsx", ".parquet"]))
def test_nothing_in_a_reference_table_is_a_formula_and_all_comes_back(
    made: Made, tmp_path: Path, suffix: str
) -> None:
    """Sheet numbers are texts of dossiers, ids and file names of anybody."""
    text = text_of(made, "vbdlis-xml")
    odd = ["=1+cmd|x", "+1", "-1", "@x", "'=1", "''", "1'", "=1\t,"]
    folder, back = tmp_path / "goi", tmp_path / "lai"
    folder.mkdir()
    for number, sheet in enumerate(odd):
        changed = re.sub(r"(<soHieuToBanDo>)[^<]*", rf"\g<1>{sheet}", text)
        (folder / f"{'=' * (number % 2)}{number}.xml").write_text(changed, "utf-8")
    report = remap([folder], tmp_path / "moi", table_path=tmp_path / f"bang{suffix}")
    if suffix == ".csv":
        cells = [cell for row in rows(report.table) for cell in row.values()]
        assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r\n")]
        assert {row["old_sheet"] for row in rows(report.table)} >= {"‹=9+xxx|x›", "'+1", "'-1", "‹9'›"}
    reverse(report.table, [tmp_path / "moi"], back)
    for path in folder.iterdir():
        assert (back / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("encoding", quick({"utf-16"}, ["utf-8", "utf-16", "utf-8-sig"]))
def test_a_reference_table_that_excel_wrote_again_brings_everything_back(
    made: Made, tmp_path: Path, encoding: str
) -> None:
    source, again = tmp_path / "a.gml", tmp_path / "again.csv"
    source.write_text(text_of(made), "utf-8")
    report = remap([source], tmp_path / "b.gml")
    table = rows(report.table)
    with again.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(table[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(table)
    reverse(again, [tmp_path / "b.gml"], tmp_path / "c.gml")
    assert (tmp_path / "c.gml").read_bytes() == source.read_bytes()
