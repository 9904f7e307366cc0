"""Build the administrative-unit tables of ``landxml_units`` from the research folder.

``python tasks/build_units.py --shared DIR`` reads the CSVs of ``DIR/admin-units`` and rewrites the CSVs of
``units/landxml_units``; ``--out`` writes elsewhere. ``SOURCES.md`` beside them tells what each
table means and where it comes from. Changes after July 2025 are not built in: they are files of their own in
``amendments/``, read with the tables, and the next one needs no more than its rows.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from landxml_units.tables import KINDS, LEVELS, kind_of

UNITS = Path(__file__).parents[1] / "units" / "landxml_units"
LAST_OLD_DAY = "2025-06-30"
FIRST_NEW_DAY = "2025-07-01"
EFFECTIVE = {
    "623/NQ-UBTVQH14": "2019-03-01",
    "656/NQ-UBTVQH14": "2019-05-01",
    "673/NQ-UBTVQH14": "2019-06-01",
    "767/NQ-UBTVQH14": "2020-01-01",
    "768/NQ-UBTVQH14": "2019-11-01",
    "769/NQ-UBTVQH14": "2019-11-01",
    "1109/NQ-UBTVQH14": "2021-03-01",
    "1264/NQ-UBTVQH14": "2021-07-01",
    "1255/NQ-UBTVQH15": "2024-12-01",
}
"""Legal dates that are known to differ from the catalogue's."""
UNNAMED = {"2021-11-01": "1264/NQ-UBTVQH14"}
"""Resolution of a day of which the history names none: the enlargement of the city of Huế."""
DISTRICTS = Path(__file__).with_name("district_changes.csv")
"""Districts that changed their name, began or ended from 2019 to 2025; the history has their codes only."""
HUE = {
    "catalogue_date": "2025-01-01",
    "resolution": "175/2024/QH15",
    "event": "renamed",
    "code": "46",
    "old_name": "Tỉnh Thừa Thiên Huế",
    "new_name": "Thành phố Huế",
    "old_district_code": "",
    "new_district_code": "",
}
"""The one change of a province between 2019 and June 2025: the history names it beside its communes only."""
PROVINCES_JOINED = "202/2025/QH15"
EVIDENCE = {
    "": "inferred",  # the communes of an island district, which ended without successor: the district itself
    "NSO cross-reference 2024-09-01 (via address kit)": "nso",
    "alias table (press/legal portals)": "press",
    "name re-used same day (inferred)": "inferred",
    "code re-activated later": "inferred",
}

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


def state(name: str, parent: str) -> State | None:
    """Return a state with blanks of the name tidied; None where there is no name."""
    return State(" ".join(name.split()), parent) if name else None


def day_before(day: str) -> str:
    """Return the day before."""
    return str(date.fromisoformat(day) - timedelta(days=1))


def chain(code: str, start: State | None, since: str, events: list[Event], until: str) -> Table:
    """Turn a start state and its dated changes into one row per validity."""
    rows = []
    for event in [*events, Event("", None, None)]:
        if start:
            end = day_before(event.day) if event.day else until
            rows.append(
                {
                    "code": code,
                    "level": LEVELS[len(code)],
                    "name": start.name,
                    "kind": kind_of(start.name),
                    "parent": start.parent,
                    "valid_from": since,
                    "valid_to": end,
                }
            )
        start, since = event.after, event.day
    return rows


def changes(source: Path) -> Table:
    """Return the changes of 2019 to 2025 in the order of their dates, without what was a mistake.

    Twelve codes, abolished by 2020, came back into the catalogue when their districts were dissolved, and
    stand in no final list; an open date ("2025-03-01+") marks them. Their mistaken return is left out.
    """
    rows = read(source / "history_2019_2025.csv")
    revived = {row["code"] for row in rows if row["catalogue_date"].endswith("+")}
    rows = sorted([*rows, HUE], key=lambda row: row["catalogue_date"])
    rows = [row | {"resolution": row["resolution"] or UNNAMED.get(row["catalogue_date"], "")} for row in rows]
    return [row for row in rows if row["code"] not in revived or row["catalogue_date"] < "2024-12-01"]


def history(source: Path) -> dict[str, list[Event]]:
    """Group the changes of 2019 to 2025 by code, in the order of their dates."""
    events = defaultdict(list)
    for row in changes(source):
        before = state(row["old_name"], row["old_district_code"])
        after = state(row["new_name"], row["new_district_code"])
        events[row["code"]].append(Event(row["catalogue_date"], before, after))
    for row in read(DISTRICTS):
        before, after = (state(row[name], row["province"]) for name in ("old_name", "new_name"))
        events[row["code"]].append(Event(row["date"], before, after))
    return events


def legacy_units(source: Path) -> Table:
    """Return provinces, districts and communes of the three-tier system."""
    communes = read(source / "legacy_communes.csv")
    final = {row["code"]: state(row["name"], row["district_code"]) for row in communes}
    provinces = {row["province_code"]: state(row["province_name"], "") for row in communes}
    districts = {
        row["code"]: state(row["name"], row["province_code"]) for row in read(source / "legacy_districts.csv")
    }
    events = history(source)
    rows = []
    for code, now in (dict.fromkeys(events) | provinces | districts | final).items():
        steps = events.get(code, [])
        start = steps[0].before if steps else now
        if steps:  # the final catalogue spells one name otherwise than the last change to it
            steps[-1] = steps[-1]._replace(after=now)
        rows += chain(code, start, "", steps, LAST_OLD_DAY)
    return rows


def new_units(source: Path) -> Table:
    """Return provinces and communes of the two-tier system as it began."""
    communes = read(source / "new_communes.csv")
    start = {row["province_code"]: State(row["province_name"], "") for row in communes}
    start |= {row["code"]: State(row["name"], row["province_code"]) for row in communes}
    return [row for code, unit in start.items() for row in chain(code, unit, FIRST_NEW_DAY, [], "")]


def units(source: Path) -> Table:
    """Return every validity of every unit: provinces, districts, communes, each by code and date."""
    rows = legacy_units(source) + new_units(source)
    return sorted(rows, key=lambda row: (len(row["code"]), row["code"], row["valid_to"] or "9999"))


def edge(row: Row, day: str, old: str, new: str, **what: str) -> Row:
    """Return a transition: on `day` area or people of `old` came to `new`, which may be the same code."""
    law = row["resolution"]
    legal = FIRST_NEW_DAY if day == FIRST_NEW_DAY else EFFECTIVE.get(law, "")
    edge = {"date": day, "old_code": old, "new_code": new, "kind": "", "note": "whole"}
    return edge | {"resolution": law.replace(";", "; "), "effective": legal, "evidence": ""} | what


def reform(source: Path) -> Iterator[Row]:
    """Yield the transitions of 1 July 2025, with the note freed of remarks about the sources."""
    for row in read(source / "transitions.csv"):
        note = re.sub(r" \[.*\]$", "", row["share_or_note"])
        law = {"resolution": row["source"].split(";")[0]}
        pair = row["old_code"], row["new_code"]
        yield edge(law, FIRST_NEW_DAY, *pair, kind=row["kind"], note=note, evidence="law")
    provinces = read(source / "province_transitions.csv")
    joined = Counter(row["new_code"] for row in provinces)
    for row in provinces:
        merged = joined[row["new_code"]] > 1
        law = {"resolution": PROVINCES_JOINED if merged else ""}
        kind = "merged" if merged else "unchanged"
        yield edge(law, FIRST_NEW_DAY, row["old_code"], row["new_code"], kind=kind, evidence="law")


def earlier(source: Path) -> Iterator[Row]:
    """Yield the transitions of 2019 to 2025; `new_code` is empty where no source names a successor.

    A commune that takes in another one has a transition to itself. The successor named is that of June 2025:
    where its code was not in use when the old one ended, the transition waits for its first day.
    """
    valid = defaultdict(list)
    for row in legacy_units(source):
        valid[row["code"]].append((row["valid_from"], row["valid_to"]))
    islands = {row["old_code"] for row in read(source / "transitions.csv") if len(row["old_code"]) == 3}
    stayed: dict[tuple[str, str], Row] = {}
    for row in changes(source):
        day, code = row["catalogue_date"], row["code"]
        if row["event"] in {"renamed", "moved_district"}:
            kind = "renamed" if row["old_name"].split() != row["new_name"].split() else "moved"
            stayed.setdefault((day, code), edge(row, day, code, code, kind=kind, evidence="nso"))
        elif row["event"] == "abolished":
            island = row["old_district_code"] if row["old_district_code"] in islands else ""
            new = row["successor_at_2025_06_30"] or island
            if not new:
                yield edge(row, day, code, "", kind="abolished", note="")
                continue
            evidence = EVIDENCE[row["successor_source"].partition(";")[0]]
            began = max(day, min(since for since, until in valid[new] if until >= day))
            yield edge(row, began, code, new, kind="merged", note="main successor", evidence=evidence)
            if any(since <= day_before(day) <= until for since, until in valid[new]):
                stayed[day, new] = edge(row, day, new, new, kind="merged", evidence="nso")
    yield from stayed.values()


def transitions(source: Path) -> Table:
    """Return every transition up to the reform of July 2025: communes, the island districts, provinces."""
    rows = [*earlier(source), *reform(source)]
    return sorted(rows, key=lambda row: (row["date"], row["old_code"], row["new_code"]))


def stale(source: Path) -> Table:
    """Return the codes that the catalogue revived by mistake, with what they may stand for."""
    rows = read(source / "history_2019_2025.csv")
    began = {row["code"]: row["catalogue_date"] for row in rows if row["event"] == "created"}
    return [
        {
            "code": row["code"],
            "name": row["old_name"],
            "parent": row["old_district_code"],
            "listed_from": began[row["code"]],
            "successor": row["successor_at_2025_06_30"],
            "evidence": EVIDENCE[row["successor_source"]] if row["successor_source"] else "",
        }
        for row in rows
        if row["catalogue_date"].endswith("+")
    ]


def variants(source: Path) -> Table:
    """Return other official spellings of the names of June 2025; three without a right kind are left out."""
    rows = read(source / "legacy_name_variants.csv")
    kinds = tuple(f"{words} " for words in KINDS)
    return [
        {"code": row["code"], "name": row["variant_name"]}
        for row in rows
        if row["variant_name"].startswith(kinds)
    ]


def amendments(source: Path) -> Table:
    """Return the changes of 2026, all of them names."""
    names = {"name": "new_value", "effective": "effective_date"}
    return [
        edge(row, row["effective_date"], row["code"], row["code"], kind="renamed", evidence="press")
        | {name: row[column] for name, column in names.items()}
        | {"parent": ""}
        for row in read(source / "amendments_2026.csv")
    ]


def meridians(source: Path) -> Table:
    """Return the central meridian and the EPSG code per province and scheme."""
    columns = ("scheme", "province_code", "province_name", "central_meridian_deg")
    return [
        {name: row[name] for name in columns}
        | {"epsg": row["epsg"].removeprefix("EPSG:"), "note": row["note"]}
        for row in read(source / "meridians.csv")
    ]


def build(source: Path, out: Path) -> None:
    """Write the tables."""
    tables = {
        "units": units(source),
        "transitions": transitions(source),
        "stale": stale(source),
        "variants": variants(source),
        "amendments/2026": amendments(source),
        "extents": read(source / "new_commune_extents.csv"),
        "meridians": meridians(source),
    }
    (out / "amendments").mkdir(exist_ok=True)
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
