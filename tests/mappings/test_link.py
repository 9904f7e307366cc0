"""The link of attributes and map: by numbers, by old numbers, by code; what is ambiguous stays open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landxml_mappings import link
from landxml_mappings.sheets import Renumbering
from tests.marks import costly


class Record(NamedTuple):
    """A record of a parcel; ``mapped`` if its file is only a map."""

    mapped: bool
    sheet: int | None
    number: int | None
    old_sheet: str | None = None
    old_number: str | None = None
    code: str | None = None
    commune: str = "06652"
    shaped: bool | None = None
    road: bool = False
    scale: str | None = None


A = Record(False, 1, 1)
M = Record(True, 1, 1)
WAS = M._replace(sheet=7, old_sheet="1", old_number="1")
RENUMBERED = A._replace(old_sheet="7", old_number="9")
CODED = A._replace(code="w")


def linked(
    records: list[Record], folder: Path, sheets: Sequence[Renumbering] = ()
) -> tuple[dict[int, set[int]], dict[str, set[int]]]:
    """Link records: the shapes of each record with attributes; records by what became of them."""
    con = duckdb.connect()
    con.execute("""
CREATE TABLE ThuaDat (_file VARCHAR, _part VARCHAR, _at INTEGER, _id VARCHAR, maXa VARCHAR,
  soHieuToBanDo INTEGER, soThuTuThua INTEGER, soHieuToBanDoCu VARCHAR, soThuTuThuaCu VARCHAR,
  maThuaDat VARCHAR, laDoiTuongChiemDat BOOLEAN, shaped BOOLEAN, scale VARCHAR);
CREATE TABLE MapFile AS SELECT 'map' AS _file""")
    for at, r in enumerate(records):
        shaped = r.mapped if r.shaped is None else r.shaped
        name = "map" if r.mapped else "attributes"
        row = [name, "", at, f"ThuaDat.{at}", r.commune, r.sheet, r.number, r.old_sheet, r.old_number, r.code]
        con.execute(f"INSERT INTO ThuaDat VALUES ({', '.join('?' * 13)})", [*row, r.road, shaped, r.scale])
    file = folder / "links.parquet"
    file.unlink(missing_ok=True)
    link.link(con, [], file, sheets)
    pairs: dict[int, set[int]] = {}
    for a, m in con.execute("SELECT _at, map_at FROM Links").fetchall():
        pairs.setdefault(a, set()).add(m)
    rest: dict[str, set[int]] = {"attributes": set(), "map": set(), "open": set()}
    for at, described, is_open in con.execute("SELECT _at, described, open FROM Unlinked").fetchall():
        rest["open" if is_open else "attributes" if described else "map"].add(at)
    return pairs, {name: found for name, found in rest.items() if found}


@pytest.mark.parametrize(
    ("records", "pairs", "rest"),
    [
        ([A, M], {0: {1}}, {}),
        ([A, A, M], {0: {2}, 1: {2}}, {}),  # two dossiers of one parcel
        ([A], {}, {"attributes": {0}}),
        ([A, A], {}, {"attributes": {0}}),  # counts once
        ([M], {}, {"map": {0}}),
        ([A, M, M], {}, {}),  # it has a shape, but which is not clear
        ([A, M._replace(commune="06658")], {}, {"attributes": {0}, "map": {1}}),
        ([RENUMBERED, M._replace(sheet=7, number=9)], {0: {1}}, {}),
        ([A, M._replace(sheet=7, number=9, old_sheet="01", old_number=" 1")], {0: {1}}, {}),
        ([RENUMBERED, M, M._replace(sheet=7, number=9)], {0: {1}}, {"map": {2}}),
        ([A, WAS, WAS._replace(number=2)], {}, {"open": {0, 1, 2}}),
        ([RENUMBERED, RENUMBERED._replace(number=2), M._replace(sheet=7, number=9)], {}, {"open": {0, 1, 2}}),
        ([A._replace(code="w"), M._replace(sheet=7, code="w")], {0: {1}}, {}),
        ([A._replace(number=None, code="w"), M._replace(sheet=None, code="w")], {0: {1}}, {}),
        ([A._replace(number=None), M._replace(number=None)], {}, {"attributes": {0}, "map": {1}}),
        ([CODED, CODED._replace(number=2), M._replace(sheet=7, code="w")], {}, {"open": {0, 1, 2}}),
        ([M._replace(road=True)], {}, {}),
        ([A, M._replace(road=True)], {0: {1}}, {}),
        ([A, M._replace(shaped=False)], {}, {"attributes": {0}}),  # a feature without geometry is none
        ([A, A._replace(old_sheet="7", old_number="9"), M._replace(sheet=7, number=9)], {0: {2}}, {}),
        ([A._replace(shaped=True)], {}, {}),  # a record that has both
        ([A._replace(shaped=True), A], {}, {}),
    ],
)  # fmt: skip
def test_what_belongs_together(
    records: list[Record], pairs: dict[int, set[int]], rest: dict[str, set[int]], tmp_path: Path
) -> None:
    assert linked(records, tmp_path) == (pairs, rest)


def test_the_code_settles_what_old_numbers_leave_open(tmp_path: Path) -> None:
    shapes = [
        M._replace(sheet=7, number=n, old_sheet="1", old_number="1", code=c) for n, c in ((1, "w"), (2, "x"))
    ]
    assert linked([A._replace(code="x"), *shapes], tmp_path) == ({0: {2}}, {"map": {1}})


MERGED, DIVIDED_THEN = M._replace(commune="06664"), M._replace(commune="06655")
NEW, FIRST, SECOND = A._replace(commune="06676"), M._replace(commune="06667"), M._replace(commune="06670")
"""06664 is part of 06652 now; 06655 of two communes; 06667 and 06670 are both of 06676."""


@pytest.mark.parametrize(
    ("records", "pairs", "rest"),
    [
        ([A, MERGED], {0: {1}}, {}),
        ([M, MERGED._replace(mapped=False)], {1: {0}}, {}),  # either side may be the old one
        ([A, MERGED, M], {0: {2}}, {"map": {1}}),  # its own number comes first
        ([A, MERGED._replace(sheet=2)], {}, {"attributes": {0}, "map": {1}}),
        ([NEW, FIRST], {0: {1}}, {}),
        ([NEW, FIRST, SECOND], {}, {"open": {0, 1, 2}}),  # two communes had that number
        ([A._replace(commune="06661"), DIVIDED_THEN], {}, {"attributes": {0}, "map": {1}}),
    ],
)
def test_an_old_commune_with_one_successor(
    records: list[Record], pairs: dict[int, set[int]], rest: dict[str, set[int]], tmp_path: Path
) -> None:
    assert linked(records, tmp_path) == (pairs, rest)


def sheet(old: int, new: int, scale: str | None = None, code: str = "06700", **more: int) -> Renumbering:
    return Renumbering(code, old, more.get("number"), "06652", new, more.get("new_number"), scale)


OLD_MAP = M._replace(commune="06700", sheet=5)
DIVIDED = [sheet(5, 1, "500"), sheet(5, 2, "1000")]
KEPT = [sheet(1, 9, code="06652"), sheet(5, 1)]


@pytest.mark.parametrize(
    ("records", "sheets", "pairs", "rest"),
    [
        ([A, OLD_MAP], [sheet(5, 1)], {0: {1}}, {}),
        ([A, OLD_MAP], [sheet(5, 2)], {}, {"attributes": {0}, "map": {1}}),
        ([A, OLD_MAP], [sheet(6, 1)], {}, {"attributes": {0}, "map": {1}}),
        ([A, OLD_MAP._replace(number=7)], [sheet(5, 1), sheet(5, 1, number=7, new_number=1)], {0: {1}}, {}),
        ([M, OLD_MAP._replace(mapped=False)], [sheet(5, 1)], {1: {0}}, {}),  # either side may be the old one
        # Two sheets of one number: the only parcel with that number is meant, or the scale tells.
        ([A, OLD_MAP], DIVIDED, {0: {1}}, {}),
        ([A, A._replace(sheet=2), OLD_MAP], DIVIDED, {}, {"open": {0, 1, 2}}),
        ([A, A._replace(sheet=2), OLD_MAP._replace(scale="1000")], DIVIDED,
         {1: {2}}, {"attributes": {0}}),
        # A commune kept its code: its sheet 1 of today is another one than its sheet 1 of then.
        ([A, A._replace(sheet=9), M, OLD_MAP], KEPT, {0: {3}, 1: {2}}, {}),
        # Nothing tells that numbers are old ones.
        ([A, M], KEPT, {0: {1}}, {}),
        # Both sides are of then.
        ([OLD_MAP._replace(mapped=False), OLD_MAP], [sheet(5, 1), sheet(5, 2)], {0: {1}}, {}),
    ],
)  # fmt: skip
def test_a_table_of_sheets(
    records: list[Record], sheets: list[Renumbering], pairs: dict[int, set[int]], rest: dict[str, set[int]],
    tmp_path: Path,
) -> None:  # fmt: skip
    assert linked(records, tmp_path, sheets) == (pairs, rest)


NUMBERS = st.one_of(st.none(), st.integers(1, 3))
OLD = st.one_of(st.none(), st.sampled_from("123"))
RECORDS = st.builds(
    Record, st.booleans(), NUMBERS, NUMBERS, OLD, OLD, st.one_of(st.none(), st.sampled_from("wx"))
)


@settings(costly(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(RECORDS, max_size=8), data=st.data())
def test_order_does_not_matter_and_everything_is_counted(
    records: list[Record], data: st.DataObject, tmp_path: Path
) -> None:
    """Whatever the order, the same records are linked or left; of equal ones any may stand for all."""
    order = data.draw(st.permutations(range(len(records))))
    pairs, rest = linked(records, tmp_path)
    again, left = linked([records[at] for at in order], tmp_path)

    def kinds(found: dict[str, set[int]], records: list[Record]) -> dict[str, list[tuple[object, ...]]]:
        number = {
            name: [(r.mapped, r.sheet, r.number) for r in (records[at] for at in ats)]
            for name, ats in found.items()
        }
        return {name: sorted(each, key=str) for name, each in number.items()}

    unambiguous = all(records.count(r) == 1 for r in records)
    if unambiguous and len({(r.mapped, r.sheet, r.number) for r in records}) == len(records):
        assert {order[a]: {order[m] for m in ms} for a, ms in again.items()} == pairs
        assert kinds(left, [records[at] for at in order]) == kinds(rest, records)
    for ats in rest.values():
        assert ats.isdisjoint(pairs.keys() | set().union(*pairs.values()))
