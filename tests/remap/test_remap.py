"""Whole packages: re-coded, judged by the validator, and brought back."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import landxml
import landxml_units as units
import landxml_validator
from landxml import files
from landxml.errors import LandXmlError
from landxml_remap import plan, remap, reverse
from landxml_remap.parcel_codes import parcel_codes
from tests.marks import costly
from tests.rules import only

from .conftest import COMMUNES, DIVIDED, INTO

Made = Callable[..., Path]


def contents(path: Path) -> dict[str, bytes]:
    """Every document of a package, by its name."""
    if path.is_dir():
        return {
            p.relative_to(path).as_posix(): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file()
        }
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    return {"": path.read_bytes()}


def rows(path: Path | str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def parcels(path: Path) -> list[Any]:
    names = {"ThuaDat", "DC_ThuaDat"}
    return [item.object for item in landxml.read(path) if type(item.object).__name__ in names]


def failed(path: Path | list[Path], *codes: str) -> dict[str, int]:
    report = landxml_validator.validate(path, workers=1, configuration=only(*codes))
    return {result.rule.code: result.count for result in report.results if result.state == "failed"}


@pytest.mark.parametrize(
    ("name", "layout", "suffix"),
    [
        pytest.param("goi", "national", ".csv", marks=pytest.mark.slow),
        ("goi.zip", "national", ".parquet"),
        ("goi.zip", "vbdlis-xml", ".xlsx"),
        pytest.param("goi", "vbdlis-xml", ".csv", marks=pytest.mark.slow),
    ],
)
def test_remap_and_reverse_is_the_identity(  # noqa: PLR0917 - fixtures
    made: Made, chart: Path, tmp_path: Path, name: str, layout: str, suffix: str
) -> None:
    source, out, back = made(name, layout), tmp_path / f"moi-{name}", tmp_path / f"cu-{name}"
    table = tmp_path / f"bang{suffix}"
    report = remap([source], out, boundaries=chart, sheets="prefix", table_path=table)
    assert contents(out).keys() == contents(source).keys()
    assert contents(out) != contents(source)
    assert reverse(table, [out], back) == report.documents
    assert contents(back) == contents(source)


@pytest.mark.parametrize("layout", ["national", "vbdlis-xml"])
def test_documents_planned_one_by_one_become_the_same(
    made: Made, chart: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: str
) -> None:
    source = made("it", layout, parcels=8)
    together = remap([source], tmp_path / "mot", boundaries=chart, sheets="prefix")
    monkeypatch.setattr(plan, "BATCH", 1)
    alone = remap([source], tmp_path / "hai", boundaries=chart, sheets="prefix")
    assert contents(tmp_path / "hai") == contents(tmp_path / "mot")
    assert Path(alone.table).read_bytes() == Path(together.table).read_bytes()
    assert (alone.flows, alone.problems) == (together.flows, together.problems)


def test_the_result_conforms_and_nothing_but_codes_names_and_numbers_differs(
    made: Made, chart: Path, tmp_path: Path
) -> None:
    source, out = made(), tmp_path / "moi"
    report = remap([source], out, boundaries=chart, sheets="prefix")
    assert failed(out) == {"ADM005": 10}  # homes in the divided commune, which nobody can settle
    assert report.catalogue[1] == report.unsettled == 10
    before, after = list(landxml.read(source)), list(landxml.read(out))
    assert len(before) == len(after)
    changed = Counter(
        (type(old.object).__name__, name)
        for old, new in zip(before, after, strict=True)
        for name in old.object.__struct_fields__
        if repr(getattr(old.object, name)) != repr(getattr(new.object, name))
    )
    assert set(changed) <= {
        ("SieuDuLieu", "ngay_hieu_luc_ma_don_vi"), ("SieuDuLieu", "ma_xa"), ("SieuDuLieu", "ma_bam_noi_dung"),
        ("ThuaDat", "ma_xa"), ("ThuaDat", "dia_chi"), ("ThuaDat", "so_hieu_to_ban_do"),
        ("ThuaDat", "so_hieu_to_ban_do_cu"), ("ThuaDat", "so_thu_tu_thua_cu"),
        ("DiaChi", "ma_xa"), ("DiaChi", "ten_xa"), ("DiaChi", "ten_quan"), ("DiaChi", "dia_chi_chi_tiet"),
        ("TaiLieuDoDac", "ma_xa"), ("TinhHinhDangKy", "ma_xa"), ("CaNhan", "dia_chi"),
        ("HoGiaDinh", "dia_chi"), ("ToChuc", "dia_chi"), ("CongDong", "dia_danh_cu_tru"),
    }  # fmt: skip
    metadata: list[Any] = [item.object for item in after if type(item.object).__name__ == "SieuDuLieu"]
    assert {m.ngay_hieu_luc_ma_don_vi for m in metadata} == {units.TWO_TIERS_SINCE}


def test_counts_and_areas_are_conserved_and_every_record_is_touched_once(
    made: Made, chart: Path, tmp_path: Path
) -> None:
    source, out = made(), tmp_path / "moi"
    report = remap([source], out, boundaries=chart)
    before, after = parcels(source), parcels(out)
    for code in COMMUNES:
        here = [flow for flow in report.flows if flow.old == code]
        assert sum(flow.parcels for flow in here) == sum(p.ma_xa == code for p in before) == 10
        assert sum(flow.area for flow in here) == sum(p.dien_tich for p in before if p.ma_xa == code)
    arrived: Counter[str] = Counter()
    for flow in report.flows:
        arrived[flow.new or flow.old] += flow.parcels
    assert arrived == Counter(p.ma_xa for p in after)
    assert {flow.new for flow in report.flows if flow.old == DIVIDED} == INTO
    assert sum((flow.area for flow in report.flows), Decimal(0)) == sum(p.dien_tich for p in after)
    table = rows(report.table)
    keys = Counter((row["file"], row["class"], row["id"]) for row in table)
    assert set(keys.values()) == {1}
    assert sum(row["class"] == "ThuaDat" for row in table) == len(before)
    assert {row["basis"] for row in table if row["old_commune"] == DIVIDED and row["class"] == "ThuaDat"} == {
        "geometry"
    }
    assert all(row["resolution"] == "1679/NQ-UBTVQH15" for row in table if row["class"] == "ThuaDat")
    digests = {row["file"]: row["id"] for row in table if row["class"] == "(file)"}
    assert digests == {name: hashlib.sha256(data).hexdigest() for name, data in contents(source).items()}


def test_the_reference_table_holds_no_house_and_no_person(made: Made, chart: Path, tmp_path: Path) -> None:
    report = remap([made()], tmp_path / "moi", boundaries=chart)
    text = Path(report.table).read_text("utf-8")
    assert "Phường Hà Khẩu" in text
    assert not re.search(r"Số \d|Khu phố|Thôn|Mẫu\b", text)


def test_what_nothing_settles_keeps_its_code_and_is_listed(made: Made, tmp_path: Path) -> None:
    source, out = made("goi.zip", "vbdlis-xml"), tmp_path / "moi.zip"
    report = remap([source], out)
    assert not report.settled
    old = [p for p in parcels(source) if p.ma_xa == DIVIDED]
    assert [
        p for p in parcels(out) if p.ma_xa == DIVIDED and "Phường Hà Khẩu, Thành phố Hạ Long" in p.dia_chi
    ] == old
    found = {(p.kind, p.cls, p.code): p.count for p in report.problems}
    assert found["split", "DC_ThuaDat", DIVIDED] == len(old) == 10
    assert {code for _, _, code in found} == {DIVIDED}
    assert next(p for p in report.problems if p.cls == "DC_ThuaDat").candidates == "06661, 06706"


def test_a_reference_table_with_its_gaps_filled_in_settles_the_rest(made: Made, tmp_path: Path) -> None:
    source = made("goi.zip", "vbdlis-xml")
    first = remap([source], tmp_path / "mot.zip")
    table, filled = rows(first.table), tmp_path / "dien.csv"
    with filled.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        for number, row in enumerate(
            row for row in table if row["class"] == "DC_ThuaDat" and not row["new_commune"]
        ):
            writer.writerow(row | {"new_commune": sorted(INTO)[number % 2]})
    report = remap([source], tmp_path / "hai.zip", resolve=filled)
    assert {p.kind for p in report.problems} == {"home"}
    assert report.records["resolve"] == 10
    assert report.records["parcel"] == 30  # address, survey document and dossier of each
    new = list(parcels(tmp_path / "hai.zip"))
    assert Counter(p.ma_xa for p in new)["06655"] == 0
    assert all(("Phường Việt Hưng" in p.dia_chi) == (p.ma_xa == "06661") for p in new if p.ma_xa in INTO)


def test_an_address_that_an_officer_decided_takes_no_other_record_along(made: Made, tmp_path: Path) -> None:
    source, asked = made("goi.zip", "vbdlis-xml"), tmp_path / "hoi.csv"
    first = remap([source], tmp_path / "mot.zip")
    table = rows(first.table)
    home = next(row for row in table if row["reason"] == "home")
    home["new_commune"] = "06661"
    with asked.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    report = remap([source], tmp_path / "hai.zip", resolve=asked)
    assert report.records["resolve"] == 1
    assert sum(p.count for p in report.problems) == sum(p.count for p in first.problems) - 1
    again = remap([source], tmp_path / "ba.zip", resolve=report.table)
    assert contents(tmp_path / "ba.zip") == contents(tmp_path / "hai.zip")
    assert again.problems == report.problems


def test_map_and_officer_must_agree(made: Made, chart: Path, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text(f"old_commune,old_sheet,new_commune\n{DIVIDED},1,06661\n{DIVIDED},2,06661\n", "utf-8")
    report = remap([made()], tmp_path / "moi", boundaries=chart, resolve=table)
    (problem,) = [p for p in report.problems if p.cls == "ThuaDat"]
    assert (problem.kind, problem.count) == ("conflict", 5)
    assert "06706, 06661" in problem.samples[0]


def test_colliding_numbers_are_reported_or_renumbered_by_an_explicit_policy(
    made: Made, chart: Path, tmp_path: Path
) -> None:
    source = made()
    kept = remap([source], tmp_path / "keep", boundaries=chart)
    assert kept.colliding == len({c.key for c in kept.collisions}) > 0
    assert failed(tmp_path / "keep", "UNQ002")["UNQ002"] >= kept.colliding
    prefixed = remap([source], tmp_path / "prefix", boundaries=chart, sheets="prefix")
    assert prefixed.colliding == 0
    assert prefixed.renumbered > 0
    assert failed(tmp_path / "prefix", "UNQ002") == {}
    old = {p.id: p for p in parcels(source)}
    for parcel in parcels(tmp_path / "prefix"):
        before = old[parcel.id]
        if parcel.so_hieu_to_ban_do != before.so_hieu_to_ban_do:
            older = before.so_hieu_to_ban_do_cu
            assert parcel.so_hieu_to_ban_do % 1000 == before.so_hieu_to_ban_do
            assert parcel.so_hieu_to_ban_do_cu == "; ".join(
                filter(None, [str(before.so_hieu_to_ban_do), older])
            )
    listed = tmp_path / "to.csv"
    listed.write_text(
        f"old_commune,old_sheet,new_sheet\n{DIVIDED},1,501\n{DIVIDED},2,502\n06700,1,503\n06661,1,504\n",
        "utf-8",
    )
    by_table = remap([source], tmp_path / "table", boundaries=chart, sheets=str(listed))
    assert by_table.colliding == 0
    assert {p.so_hieu_to_ban_do for p in parcels(tmp_path / "table")} == {1, 501, 502, 503, 504}


@pytest.mark.parametrize(
    ("scales", "sheet"), [(("1:500", "1:2000"), 501), (("1:2000", "1:500"), 502), (("", ""), None)]
)
def test_a_table_of_mplis_is_looked_up_with_the_scale(
    made: Made, chart: Path, tmp_path: Path, scales: tuple[str, str], sheet: int | None
) -> None:
    """What the scale does not tell stays open, and is listed with what it may become."""
    source, table = made(), tmp_path / "to.csv"
    scale = next(line for line in next(source.rglob("*.gml")).read_text("utf-8").split("tyLeDoDac>")[1:2])
    assert scale.startswith("1/500")
    kept = remap([source], tmp_path / "keep", boundaries=chart)
    (new,) = [flow.new for flow in kept.flows if flow.old == "06700"]
    rows = "".join(
        f"06700,1,{scale},{new},{number}\n" for scale, number in zip(scales, (501, 502), strict=True)
    )
    table.write_text("xaIdCu,soHieuToBanDoCu,tyLe,xaId,soHieuToBanDo\n" + rows, "utf-8")
    report = remap([source], tmp_path / "moi", boundaries=chart, sheets=str(table))
    problems = [problem for problem in report.problems if problem.kind == "sheet"]
    sheets = {p.so_hieu_to_ban_do for p in parcels(tmp_path / "moi")}
    if sheet:
        assert problems == []
        assert sheet in sheets
        assert report.renumbered > 0
    else:
        assert sheets.isdisjoint({501, 502})
        assert report.renumbered == 0
        assert report.unsettled == kept.unsettled
        (problem,) = problems
        assert (problem.code, problem.cls) == ("06700", "ThuaDat")
        assert problem.samples[0].endswith(": 501, 502")
        assert not report.settled


def edited(source: Path, target: Path, *changes: tuple[str, str]) -> Path:
    text = source.read_bytes().decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(text.encode())
    return target


@pytest.mark.parametrize(
    ("code", "kind", "candidates"),
    [
        ("99999", "unknown", ""),
        ("6700", "zeros-lost", "06706"),
        ("193", "district", ""),
        ("07693", "stale", "07682"),
        ("06847", "not-valid", None),
    ],
)
def test_codes_that_are_none_are_findings_with_candidates(
    made: Made, tmp_path: Path, code: str, kind: str, candidates: str | None
) -> None:
    if kind == "not-valid":  # a commune that ended before the day of the data
        code = next(
            u.code
            for u in (units.Unit(*r.values()) for r in units.table("units").to_pylist())
            if u.level == "commune"
            and u.valid_to
            and u.valid_to < dt.date(2021, 1, 1)
            and len(units.validities(u.code)) == 1
        )
    source = edited(
        made() / "06700.gml", tmp_path / "a.gml", ("<ld:maXa>06700</ld:maXa>", f"<ld:maXa>{code}</ld:maXa>")
    )
    report = remap([source], tmp_path / "b.gml")
    assert {(p.kind, p.code) for p in report.problems} == {(kind, code)}
    assert f"<ld:maXa>{code}</ld:maXa>" in (tmp_path / "b.gml").read_text("utf-8")
    if candidates is not None:
        assert all(candidates in p.candidates for p in report.problems)


def test_data_that_mix_two_times_leave_what_is_new_and_ask_about_what_may_be_either(
    made: Made, tmp_path: Path
) -> None:
    only_new = min(
        set(units.communes(units.TWO_TIERS_SINCE)["code"].to_pylist())
        - set(units.communes(dt.date(2025, 6, 30))["code"].to_pylist())
    )
    both = "00097"  # divided, and still a code
    path = made() / "06700.gml"
    changes = [("<ld:maXa>06700</ld:maXa>", f"<ld:maXa>{both}</ld:maXa>")]
    text = edited(path, tmp_path / "x.gml", *changes).read_text("utf-8")
    mixed = tmp_path / "mixed.gml"
    mixed.write_text(
        text.replace(
            f"<ld:maXa>{both}</ld:maXa>\n <ld:soHieu", f"<ld:maXa>{only_new}</ld:maXa>\n <ld:soHieu", 3
        ),
        "utf-8",
    )
    report = remap([mixed], tmp_path / "moi.gml")
    assert report.records["left"] == 3
    assert {p.kind for p in report.problems} == {"both"}
    assert report.problems[0].candidates == "00097, 00103"
    said = remap([mixed], tmp_path / "moi2.gml", since=dt.date(2025, 6, 30))
    assert {p.kind for p in said.problems} == {"split", "home", "parcels"}


def test_data_of_the_last_day_stay_as_they_are(made: Made, chart: Path, tmp_path: Path) -> None:
    remap([made()], tmp_path / "moi", boundaries=chart, sheets="prefix")
    again = remap([tmp_path / "moi"], tmp_path / "lai")
    assert again.records.keys() <= {"left", ""}
    assert contents(tmp_path / "lai") == contents(tmp_path / "moi")


def test_between_two_days_of_three_tiers(made: Made, tmp_path: Path) -> None:
    """Districts stay where there are districts."""
    source = made()
    report = remap([source], tmp_path / "moi", since=dt.date(2024, 12, 31), until=dt.date(2025, 3, 1))
    assert report.settled
    assert not {text.outcome for text in report.texts} & {"removed", "rewritten"}
    reverse(report.table, [tmp_path / "moi"], tmp_path / "cu")
    assert contents(tmp_path / "cu") == contents(source)


def test_other_files_of_a_package_come_along(made: Made, chart: Path, tmp_path: Path) -> None:
    source = tmp_path / "goi"
    (source / "quet").mkdir(parents=True)
    (source / "quet" / "gcn.pdf").write_bytes(b"%PDF-1.7")
    (source / "ghi-chu.txt").write_text("ghi chú", "utf-8")
    (source / "khac.xml").write_text("<khac/>", "utf-8")
    for name, data in contents(made()).items():
        (source / name).write_bytes(data)
    with zipfile.ZipFile(source / "thêm.zip", "w") as archive:
        archive.write(made() / "06700.gml", "a/06700.gml")
        archive.writestr("a/b.pdf", b"%PDF")
    report = remap([source], tmp_path / "moi", boundaries=chart)
    assert report.documents == 5
    assert [each.name for each in report.unread] == [str(source / "khac.xml")]
    assert contents(tmp_path / "moi").keys() == contents(source).keys()
    reverse(report.table, [tmp_path / "moi"], tmp_path / "cu")
    mine, theirs = contents(source), contents(tmp_path / "cu")
    assert {n: d for n, d in mine.items() if n != "thêm.zip"} == {
        n: d for n, d in theirs.items() if n != "thêm.zip"
    }
    assert contents(source / "thêm.zip") == contents(tmp_path / "cu" / "thêm.zip")


def test_several_inputs_come_into_one_folder(made: Made, tmp_path: Path) -> None:
    inputs = [made() / "06700.gml", made("goi.zip", "vbdlis-xml")]
    report = remap(inputs, tmp_path / "moi")
    assert {path.name for path in (tmp_path / "moi").iterdir()} == {"06700.gml", "goi.zip"}
    reverse(report.table, [tmp_path / "moi" / "06700.gml", tmp_path / "moi" / "goi.zip"], tmp_path / "cu")
    assert (tmp_path / "cu" / "06700.gml").read_bytes() == inputs[0].read_bytes()
    assert contents(tmp_path / "cu" / "goi.zip") == contents(inputs[1])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1258"])
def test_every_encoding_is_written_as_it_was(made: Made, tmp_path: Path, encoding: str) -> None:
    text = (made() / "06700.gml").read_text("utf-8")
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    text = text.replace('encoding="UTF-8"', f'encoding="{declared}"')
    source = tmp_path / "a.gml"
    source.write_bytes(text.replace("\n", "\r\n").encode(encoding, "xmlcharrefreplace"))
    report = remap([source], tmp_path / "b.gml")
    assert report.settled
    assert parcels(tmp_path / "b.gml")[0].dia_chi.endswith("Phường Tuần Châu, Tỉnh Quảng Ninh")
    reverse(report.table, [tmp_path / "b.gml"], tmp_path / "c.gml")
    assert (tmp_path / "c.gml").read_bytes() == source.read_bytes()


odd = st.sampled_from(
    [
        "06700",
        "06655",
        "06706",
        "00097",
        "99999",
        "6700",
        "193",
        "",
        " 06661 ",
        "<![CDATA[06655]]>",
        "06<!-- -->700",
    ]
)


@costly(12)
@given(st.lists(st.tuples(st.integers(0, 60), odd), max_size=12), st.sampled_from(["keep", "prefix"]))
def test_whatever_the_codes_are_nothing_is_lost_and_everything_comes_back(
    made: Made,
    chart: Path,
    tmp_path_factory: pytest.TempPathFactory,
    codes: list[tuple[int, str]],
    sheets: str,
) -> None:
    folder = tmp_path_factory.mktemp("law")
    text = (made() / "06655.gml").read_text("utf-8")
    places = list(re.finditer("(?<=<ld:maXa>)[^<]*", text))
    for at, code in sorted(dict(codes).items(), reverse=True):
        place = places[at % len(places)]
        text = text[: place.start()] + code + text[place.end() :]
    source = folder / "a.gml"
    source.write_text(text, "utf-8")
    try:
        report = remap(
            [source], folder / "b.gml", boundaries=chart, sheets=sheets, table_path=folder / "t.parquet"
        )
    except LandXmlError:  # never half-written
        assert not (folder / "b.gml").exists()
        return
    assert sum(flow.parcels for flow in report.flows) == text.count("<ld:ThuaDat ") == 10
    assert sum(report.records.values()) == report.catalogue[0] + report.catalogue[1]
    assert reverse(folder / "t.parquet", [folder / "b.gml"], folder / "c.gml") == 1
    assert (folder / "c.gml").read_bytes() == source.read_bytes()


def test_nothing_is_written_if_one_document_cannot_be_read(made: Made, tmp_path: Path) -> None:
    source = tmp_path / "goi"
    source.mkdir()
    (source / "a.gml").write_bytes((made() / "06700.gml").read_bytes())
    (source / "b.gml").write_bytes((made() / "06700.gml").read_bytes()[:-200])
    with pytest.raises(LandXmlError, match=r"b\.gml"):
        remap([source], tmp_path / "moi")
    assert [path.name for path in tmp_path.iterdir()] == ["goi"]


def test_a_package_of_which_nothing_can_be_read_says_why_and_where(made: Made, tmp_path: Path) -> None:
    namespace = ' xmlns:ld="urn:landxml:vn-land:1.0"'
    source = edited(made() / "06700.gml", tmp_path / "a.gml", (namespace, ""))
    for work in (remap, parcel_codes):
        with pytest.raises(LandXmlError, match=r"a\.gml:2: The prefix ld is not declared"):
            work([source], tmp_path / "b.gml")
    assert not (tmp_path / "b.gml").exists()


def test_records_in_strange_places_are_refused_not_mistaken_for_others(made: Made, tmp_path: Path) -> None:
    stray = "<ld:ThuaDat><ld:maXa>06700</ld:maXa></ld:ThuaDat>"
    source = edited(made() / "06700.gml", tmp_path / "a.gml", ("<ld:kho>", f"{stray}<ld:kho>"))
    with pytest.raises(LandXmlError, match="ThuaDat"):
        remap([source], tmp_path / "b.gml")
    assert not (tmp_path / "b.gml").exists()


def test_an_input_is_never_written_over(made: Made, tmp_path: Path) -> None:
    source = tmp_path / "a.gml"
    source.write_bytes((made() / "06700.gml").read_bytes())
    with pytest.raises(LandXmlError, match="is the input"):
        remap([source], source, force=True)
    (tmp_path / "xa.csv").touch()
    with pytest.raises(LandXmlError, match="is the input"):
        remap(
            [source],
            tmp_path / "b.gml",
            table_path=tmp_path / "xa.csv",
            resolve=tmp_path / "xa.csv",
            force=True,
        )
    full = tmp_path / "moi"
    full.mkdir()
    (full / "x").touch()
    with pytest.raises(LandXmlError, match="not empty"):
        remap([made()], full, force=True)


def test_the_table_that_leads_back_is_there_before_the_package(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed, put = [], files._put

    def noted(new: Path, target: Path, path: Path, *, force: bool) -> None:
        placed.append(target.name)
        put(new, target, path, force=force)

    monkeypatch.setattr(files, "_put", noted)
    remap(made() / "06700.gml", tmp_path / "moi.gml")
    assert placed == ["moi.remap.csv", "moi.gml"]


def test_a_table_of_another_package_brings_nothing_back(made: Made, chart: Path, tmp_path: Path) -> None:
    report = remap([made()], tmp_path / "moi", boundaries=chart)
    with pytest.raises(LandXmlError, match="lacks"):
        reverse(report.table, [tmp_path / "moi" / "06700.gml"], tmp_path / "cu.gml")
    path = tmp_path / "moi" / "06700.gml"
    path.write_bytes(path.read_bytes().replace(b"ld:kho", b"ld:KHO"))
    with pytest.raises(LandXmlError, match="changed since"):
        reverse(report.table, [tmp_path / "moi"], tmp_path / "cu")
    other = tmp_path / "x.csv"
    other.write_text("a,b\n1,2\n", "utf-8")
    for table in (other, tmp_path / "none.csv", tmp_path / "none.xlsx"):
        with pytest.raises(LandXmlError, match=table.name):
            reverse(table, [tmp_path / "moi"], tmp_path / "cu")
    assert not (tmp_path / "cu").exists()


def test_a_hash_that_was_wrong_is_not_made_right(made: Made, tmp_path: Path) -> None:
    source = edited(made() / "06700.gml", tmp_path / "a.gml", ("Kho Mẫu", "Kho khác"))
    remap([source], tmp_path / "b.gml")
    assert failed(tmp_path / "b.gml", "PKG").keys() >= {"PKG011"}


SHARED = Path(__file__).parents[3] / "shared" / "boundaries" / "communes_20_22_24.fgb"


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the boundaries are not part of the project")
@pytest.mark.parametrize(("provinces", "divided"), [(["20"], 2), (["22"], 12), (["24", "27"], 0)])
def test_three_real_provinces_from_three_tiers_to_two(
    tmp_path: Path, provinces: list[str], divided: int
) -> None:
    from landxml_samples import package

    day = dt.date(2025, 6, 30)
    districts = {
        u["code"]
        for u in units.table("units").to_pylist()
        if u["level"] == "district" and u["parent"] in provinces
    }
    codes = [row["code"] for row in units.communes(day).to_pylist() if row["parent"] in districts]
    package.write(tmp_path / "cu", parcels=6 * len(codes), communes=codes, province=provinces[0], date=day)
    report = remap([tmp_path / "cu"], tmp_path / "moi", boundaries=SHARED, sheets="prefix")
    before, after = parcels(tmp_path / "cu"), parcels(tmp_path / "moi")
    assert Counter(p.ma_xa for p in before) == dict.fromkeys(codes, 6)
    assert len(before) == len(after) == sum(flow.parcels for flow in report.flows)
    assert sum(p.dien_tich for p in before) == sum(p.dien_tich for p in after)
    split = [code for code in codes if len({f.new for f in report.flows if f.old == code}) > 1]
    assert len(split) == divided
    for flow in report.flows:
        successors = {s.code for s in units.resolve(flow.old, day, units.TWO_TIERS_SINCE).successors}
        assert flow.new in successors or (flow.new is None and len(successors) > 1)
    unsettled = [p for p in report.problems if p.cls == "ThuaDat"]
    assert sum(p.count for p in unsettled) < 0.01 * len(before)
    some = sorted((tmp_path / "moi").iterdir())[::10]  # which takes longer than all else for all of them
    assert failed(some).keys() <= {"ADM002", "ADM005"}
    reverse(report.table, [tmp_path / "moi"], tmp_path / "lai")
    assert contents(tmp_path / "lai") == contents(tmp_path / "cu")
