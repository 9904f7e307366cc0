from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Any

import pytest

import landxml_schemas
from landxml.dictionary import national

if TYPE_CHECKING:
    from tests.validator.conftest import Tables

DECLARED = {row["class"]: row["by"].split() for row in landxml_schemas.rows("national", "dates.csv")}
OLD, NEW = dt.date(2015, 3, 1), dt.date(2025, 9, 1)


STALE = {"loaiDoiTuongSuDungDat": "GDC"}


def dates(tables: Tables) -> dict[str, dt.date]:
    """Dates of the records with stale codes."""
    found = tables.con.execute("SELECT _id, date FROM Dates WHERE date IS NOT NULL").fetchall()
    assert len(dict(found)) == len(found)
    return dict(found)


@pytest.mark.parametrize(("name", "by"), [(name, by) for name, all_of in DECLARED.items() for by in all_of])
def test_what_dates_a_class_is_in_the_model(name, by):
    classes = national().classes
    holder, _, element = by.partition(".")
    if element:
        (field,) = (field for field in classes[holder].columns if field.element == element)
        assert name in field.targets
    elif by not in classes:
        (field,) = (field for field in classes[name].columns if field.element == by)
        assert field.kind in {"date", "datetime", "reference"}
        assert not field.personal  # it would leave the worker as a hash


def outermost(name: str) -> str:
    owner = national().classes[name].owner
    return outermost(owner) if owner else name


def test_every_class_with_a_coded_field_is_dated():
    coded = {outermost(cls.name) for cls, field in national().fields() if field.codelist}
    assert coded <= set(DECLARED)


def test_a_right_dates_its_parcel_its_holder_and_all_that_is_nested_in_them(tables):
    tables.add("GiayChungNhan", _id="g", ngayCap=NEW)
    tables.add("QuyenSuDungDat", _id="q", thuaDat="t", chu="v", giayChungNhan="g")
    tables.add("ThuaDat", _id="t")
    tables.add("MucDichSuDung", _id="m", _parent="t")
    tables.add("NguonGocDat", _id="n", _parent="m", nguonGoc="OLD")
    tables.add("VoChong", _id="v", vo="w", chong="h")
    tables.add("CaNhan", _id="w")
    tables.add("GiayToTuyThan", _id="p", _parent="w", ngayCap=OLD, loaiGiayToTuyThan="CMND")
    tables.add("CaNhan", _id="h", **STALE)
    tables.add("CaNhan", _id="stranger", **STALE)
    assert dates(tables) == dict.fromkeys("twh", NEW)


def test_the_latest_date_counts(tables):
    tables.add("ToChuc", _id="c", **STALE)
    for identifier, date in (("old", OLD), ("new", NEW), ("none", None)):
        tables.add("GiayChungNhan", _id=identifier, ngayCap=date)
        tables.add("QuyenSuDungDat", _id=f"q-{identifier}", thuaDat="t", chu="c", giayChungNhan=identifier)
    assert dates(tables) == {"c": NEW}


def test_a_registration_dates_its_dossier_only(tables):
    tables.add("TinhHinhDangKy", _id="r", _dossier="1", thoiDiemDangKy=OLD)
    tables.add("GiayChungNhan", _id="g", _dossier="1", ngayCap=NEW)
    for dossier in ("1", "2"):
        tables.add("MucDichSuDung", _parent=f"t{dossier}", _dossier=dossier, maMucDichSuDung="BHK")
        tables.add("CaNhan", _id=f"c{dossier}", _dossier=dossier, **STALE)
    assert dates(tables) == dict.fromkeys(["t1", "c1"], OLD)


def test_who_declares_is_dated_by_the_registration(tables):
    tables.add("TinhHinhDangKy", _id="r", thoiDiemDangKy=OLD, daiDienKhaiTrinh="c")
    tables.add("CaNhan", _id="c", **STALE)
    assert dates(tables) == {"c": OLD}


def test_groups_of_people_are_dated_as_a_plain_loop_dates_them(tables):
    rng = random.Random(1)  # noqa: S311 - test data is not a secret
    held: dict[str, dt.date] = {}
    for n in range(30):
        held[f"g{n}"] = dt.date(2000, 1, 1) + dt.timedelta(rng.randint(0, 9000))
        tables.add("GiayChungNhan", _id=f"g{n}", ngayCap=held[f"g{n}"])
    expected: dict[str, dt.date] = {}

    def later(identifier: str, date: dt.date) -> None:
        expected[identifier] = max(expected.get(identifier, date), date)

    members: dict[str, list[Any]] = {}
    for n in range(20):
        members[f"n{n}"] = [f"c{rng.randint(0, 30)}" for _ in range(3)]
        tables.add(
            "NhomNguoiDongSuDung",
            _id=f"n{n}",
            nguoiDaiDien=members[f"n{n}"][0],
            thanhVien=members[f"n{n}"][1:],
        )
    for n in range(60):
        holder, certificate = f"{rng.choice('cn')}{rng.randint(0, 30)}", f"g{rng.randint(0, 29)}"
        tables.add("QuyenSuDungDat", _id=f"q{n}", chu=holder, giayChungNhan=certificate)
        for person in (holder, *members.get(holder, ())):
            later(person, held[certificate])
    for n in range(31):
        tables.add("CaNhan", _id=f"c{n}", **STALE)
    assert dates(tables) == {person: date for person, date in expected.items() if person[0] == "c"}
