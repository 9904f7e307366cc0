"""Build the administrative-unit tables of ``landxml_mappings.units`` from the research folder.

``python tasks/build_units.py --shared DIR`` reads the CSVs of ``DIR/admin-units`` and rewrites the CSVs of
``mappings/landxml_mappings/units``; ``--out`` writes elsewhere. ``SOURCES.md`` beside them tells what each
table means and where it comes from.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

UNITS = Path(__file__).parents[1] / "mappings" / "landxml_mappings" / "units"
LAST_OLD_DAY = "2025-06-30"
FIRST_NEW_DAY = "2025-07-01"
KINDS = {
    "tỉnh": "tinh",
    "thành phố": "thanh_pho",
    "quận": "quan",
    "huyện": "huyen",
    "thị xã": "thi_xa",
    "xã": "xa",
    "phường": "phuong",
    "thị trấn": "thi_tran",
    "đặc khu": "dac_khu",
}
LEVELS = {2: "province", 3: "district", 5: "commune"}  # by the length of the code

Row = dict[str, str]
Table = list[Row]


class State(NamedTuple):
    """What can change about a unit while its code stays."""

    name: str
    parent: str


class Event(NamedTuple):
    """From `day` on the unit is `after`; None means that it does not exist (any more, or yet)."""

    day: str
    before: State | None
    after: State | None


def read(path: Path) -> Table:
    """Read a CSV as dictionaries of strings."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def kind(name: str) -> str:
    """Return the kind of a unit, which its official name begins with."""
    return next(code for prefix, code in KINDS.items() if name.casefold().startswith(f"{prefix} "))


def state(name: str, parent: str) -> State | None:
    """Return a state with blanks of the name tidied; None where there is no name."""
    return State(" ".join(name.split()), parent) if name else None


def chain(code: str, start: State | None, since: str, events: list[Event], until: str) -> Table:
    """Turn a start state and its dated changes into one row per validity."""
    rows = []
    for event in [*events, Event("", None, None)]:
        if start:
            end = str(date.fromisoformat(event.day) - timedelta(days=1)) if event.day else until
            rows.append(
                {
                    "code": code,
                    "level": LEVELS[len(code)],
                    "name": start.name,
                    "kind": kind(start.name),
                    "parent": start.parent,
                    "valid_from": since,
                    "valid_to": end,
                }
            )
        start, since = event.after, event.day
    return rows


def history(rows: Table) -> dict[str, list[Event]]:
    """Group the changes of 2019 to 2025 by code, in the order of their dates.

    Twelve codes, abolished by 2020, came back into the catalogue when their districts were dissolved, and
    stand in no final list; an open date ("2025-03-01+") marks them. Their mistaken return is left out.
    """
    revived = {row["code"] for row in rows if row["catalogue_date"].endswith("+")}
    events = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["catalogue_date"]):
        if row["code"] in revived and row["catalogue_date"] >= "2024-12-01":
            continue
        before = state(row["old_name"], row["old_district_code"])
        after = state(row["new_name"], row["new_district_code"])
        events[row["code"]].append(Event(row["catalogue_date"], before, after))
    return events


def legacy_units(source: Path) -> Table:
    """Return provinces, districts and communes of the three-tier system."""
    communes = read(source / "legacy_communes.csv")
    final = {row["code"]: state(row["name"], row["district_code"]) for row in communes}
    provinces = {row["province_code"]: state(row["province_name"], "") for row in communes}
    districts = {
        row["code"]: state(row["name"], row["province_code"]) for row in read(source / "legacy_districts.csv")
    }
    events = history(read(source / "history_2019_2025.csv"))
    rows = []
    for code, now in (provinces | districts | dict.fromkeys(events) | final).items():
        changes = events.get(code, [])
        start = changes[0].before if changes else now
        if changes:  # the final catalogue spells one name otherwise than the last change to it
            changes[-1] = changes[-1]._replace(after=now)
        rows += chain(code, start, "", changes, LAST_OLD_DAY)
    return rows


def new_units(source: Path) -> Table:
    """Return provinces and communes of the two-tier system, with the changes made since it began."""
    communes = read(source / "new_communes.csv")
    start = {row["province_code"]: State(row["province_name"], "") for row in communes}
    start |= {row["code"]: State(row["name"], row["province_code"]) for row in communes}
    events = defaultdict(list)
    for row in read(source / "amendments_2026.csv"):
        before = State(row["old_value"], start[row["code"]].parent)
        events[row["code"]].append(
            Event(row["effective_date"], before, before._replace(name=row["new_value"]))
        )
    return [row for code, unit in start.items() for row in chain(code, unit, FIRST_NEW_DAY, events[code], "")]


def units(source: Path) -> Table:
    """Return every validity of every unit: provinces, districts, communes, each by code and date."""
    rows = legacy_units(source) + new_units(source)
    return sorted(rows, key=lambda row: (len(row["code"]), row["code"], row["valid_to"] or "9999"))


def transitions(source: Path) -> Table:
    """Return the pairs of 1 July 2025, with the note freed of remarks about the sources."""
    return [
        {
            "old_code": row["old_code"],
            "new_code": row["new_code"],
            "kind": row["kind"],
            "note": re.sub(r" \[.*\]$", "", row["share_or_note"]),
            "resolution": row["source"].split(";")[0],
        }
        for row in read(source / "transitions.csv")
    ]


def meridians(source: Path) -> Table:
    """Return the central meridian and the EPSG code per province and scheme."""
    columns = ("scheme", "province_code", "province_name", "central_meridian_deg")
    return [
        {name: row[name] for name in columns}
        | {"epsg": row["epsg"].removeprefix("EPSG:"), "note": row["note"]}
        for row in read(source / "meridians.csv")
    ]


def crs(source: Path) -> Table:
    """Return the VN-2000 coordinate reference systems."""
    columns = ("epsg", "name", "kind", "central_meridian_deg")
    return [
        {name: row[name] for name in columns} | {"deprecated": str(row["deprecated"] == "yes").lower()}
        for row in read(source / "crs_vn2000.csv")
    ]


def build(source: Path, out: Path) -> None:
    """Write the five tables."""
    tables = {
        "units": units(source),
        "transitions": transitions(source),
        "extents": read(source / "new_commune_extents.csv"),
        "meridians": meridians(source),
        "crs": crs(source),
    }
    for name, rows in tables.items():
        with (out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def main() -> None:
    """Read the options and build."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, required=True, help="folder that holds admin-units/")
    parser.add_argument("--out", type=Path, default=UNITS, help="folder to write to")
    options = parser.parse_args()
    build(options.shared / "admin-units", options.out)


if __name__ == "__main__":
    main()
