"""Progress: figures of the campaign by commune, against targets, and since earlier counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from itertools import groupby
from pathlib import Path
from typing import Unpack

import duckdb
import msgspec
import pyarrow as pa

import landxml_units as units
from landxml.files import Path_
from landxml.sources import Paths
from landxml.version import TOOL
from landxml_campaign import history
from landxml_campaign.classification import Options, beside, grouped
from landxml_campaign.history import Snapshot
from landxml_campaign.scheme import Scheme
from landxml_campaign.targets import Figures, Light, Targets, figures, load
from landxml_validator.report import Outline

COLLECTING = ("mplis-collection", "plan515-sheet")
"""Layouts of the workbooks in which certificates are collected."""

__all__ = ["CommuneProgress", "Correction", "Progress", "Standing", "Trend", "progress"]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How near a target is: its share (0 to 1), what is lacking, a light; None where nobody knows."""

    share: float | None
    lacking: int | None
    light: Light | None


class CommuneProgress(msgspec.Struct, frozen=True, kw_only=True):
    """A commune: figures by name, parcels by group, standings by target; ``""`` where none is stated.

    ``province`` is the code of the province where it lies. Of a province, and of all, ``commune`` is ``""``.

    ``rank`` is its place by the target that ranks, the nearest first; None where nobody knows.
    """

    commune: str
    name: str
    province: str
    figures: Figures
    groups: dict[str, int]
    standings: dict[str, Standing]
    rank: int | None = None
    before: Figures | None = None


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of all communes on an earlier day, as they were counted last."""

    day: dt.date
    figures: Figures


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """A day that was counted again: what the figures were at first, and what they are now."""

    day: dt.date
    first: Figures
    last: Figures


class Progress(msgspec.Struct, kw_only=True):
    """How far a campaign has come.

    Attributes
    ----------
    scheme, targets
        The groups and the targets.
    ranking
        Id of the target that ranks the communes: the first of which the data says anything; ``""`` if none.
    total, provinces, communes
        Of all parcels; of each province where there are several; of each commune, in the order of their
        codes. A person with land in two communes is a land user of both, and counts twice in the total.
    trends, corrections
        Earlier days, the oldest first; those that were counted again.
    outlines
        Of communes whose parcels have shapes; none of a single one.
    """

    tool: str
    created: dt.datetime
    as_of: dt.date
    inputs: list[str]
    scheme: Scheme
    targets: Targets
    ranking: str
    total: CommuneProgress
    communes: list[CommuneProgress]
    provinces: list[CommuneProgress] = []
    trends: list[Trend] = []
    corrections: list[Correction] = []
    outlines: list[Outline] = []

    @property
    def ranked(self) -> list[CommuneProgress]:
        """The communes, the nearest to the target first; those of which nobody knows last."""
        return sorted(self.communes, key=lambda each: (each.rank is None, each.rank or 0, each.commune))


def progress(
    paths: Paths,
    *,
    by: str | Path = "plan-515",
    targets: Path_ | None = None,
    earlier: Path_ | None = None,
    stated: Path_ | None = None,
    answers: Collection[Path_] = (),
    salt: Path_ | None = None,
    **options: Unpack[Options],
) -> Progress:
    """Count how far a campaign has come; the delivery is checked for that.

    Parameters
    ----------
    paths, by, stated, answers, salt, options
        As for :func:`landxml_campaign.classify`.
    targets
        TOML file with the targets; by default those of the campaign.
    earlier
        Folder of snapshots, new or of earlier counts (:mod:`landxml_campaign.history`); this one is added.
    """
    wanted = load(Path(targets) if targets else None)
    before = history.read(earlier) if earlier else []
    found: dict[str, tuple[Figures, dict[str, int]]] = {}

    def look(con: duckdb.DuckDBPyConnection, chosen: Scheme) -> None:
        found.update(_counted(con, chosen))

    report, chosen = grouped(paths, by, beside(paths, stated, answers, salt, options), look, **options)
    now = Snapshot(report.as_of, report.created, {code: counts for code, (counts, _) in found.items()})
    if earlier:
        history.append(earlier, now)
    last = _last(before, report.as_of)
    communes = [_commune(code, report.as_of, each, wanted, last) for code, each in found.items()]

    def together(code: str, here: list[CommuneProgress]) -> CommuneProgress:
        return _together(code, here, report.as_of, chosen, wanted)

    total, provinces = together("", communes), sorted({each.province for each in communes})
    ranking = next((id_ for id_, each in total.standings.items() if each.share is not None), "")
    return Progress(
        tool=TOOL, created=report.created, as_of=report.as_of, inputs=report.inputs, scheme=chosen,
        targets=wanted, ranking=ranking, communes=_ranked(communes, ranking), total=total,
        provinces=[
            together(code, [each for each in communes if each.province == code])
            for code in (provinces if len(provinces) > 1 else ())
        ],
        trends=[Trend(day=each.day, figures=_sum(each.figures.values())) for each in last],
        corrections=list(_corrections([*before, now])), outlines=report.outlines,
    )  # fmt: skip


def _sum(found: Collection[Figures]) -> Figures:
    """Add up figures; what none of them knows is unknown."""
    known = {name: [value for each in found if (value := each.get(name)) is not None] for name in figures()}
    return {name: sum(values) if values else None for name, values in known.items()}


def _last(snapshots: list[Snapshot], until: dt.date) -> list[Snapshot]:
    """Return of each earlier day the last count."""
    days = groupby((each for each in snapshots if each.day < until), lambda each: each.day)
    return [[*counts][-1] for _, counts in days]


def _corrections(snapshots: list[Snapshot]) -> list[Correction]:
    """Return the days that were counted again, with other figures."""
    days = [[*counts] for _, counts in groupby(history.in_order(snapshots), lambda each: each.day)]
    return [
        Correction(
            day=counts[0].day, first=_sum(counts[0].figures.values()), last=_sum(counts[-1].figures.values())
        )
        for counts in days
        if counts[0].figures != counts[-1].figures
    ]


def _commune(
    code: str, day: dt.date, found: tuple[Figures, dict[str, int]], wanted: Targets, last: list[Snapshot]
) -> CommuneProgress:
    """Return what is known of a commune, or of all."""
    (counts, groups), unit = found, units.province(code)
    return CommuneProgress(
        commune=code, name=units.name(code, day), province=unit.code if unit else "", figures=counts,
        groups=groups, standings=_standings(counts, wanted),
        before=last[-1].figures.get(code) if last else None,
    )  # fmt: skip


def _standings(counts: Figures, wanted: Targets) -> dict[str, Standing]:
    return {
        id_: Standing(
            share=wanted.share(id_, counts),
            lacking=wanted.lacking(id_, counts),
            light=wanted.light(id_, counts),
        )
        for id_ in wanted.targets
    }


def _together(
    code: str, communes: list[CommuneProgress], day: dt.date, chosen: Scheme, wanted: Targets
) -> CommuneProgress:
    """Return the sums of the communes of a province, or of all."""
    counts = _sum([each.figures for each in communes])
    earlier = [each.before for each in communes if each.before]
    return CommuneProgress(
        commune="", name=units.name(code, day), province=code, figures=counts,
        groups={id_: sum(each.groups[id_] for each in communes) for id_ in chosen.groups},
        standings=_standings(counts, wanted), before=_sum(earlier) if earlier else None,
    )  # fmt: skip


def _ranked(communes: list[CommuneProgress], ranking: str) -> list[CommuneProgress]:
    """Give each commune its rank: equal shares have equal ranks."""
    shares = {each.commune: each.standings[ranking].share if ranking else None for each in communes}
    known = [share for share in shares.values() if share is not None]
    return [
        msgspec.structs.replace(each, rank=1 + sum(other > share for other in known))
        if (share := shares[each.commune]) is not None
        else each
        for each in communes
    ]


def _counted(con: duckdb.DuckDBPyConnection, chosen: Scheme) -> dict[str, tuple[Figures, dict[str, int]]]:
    """Return figures and groups by commune."""
    con.register("Collecting", pa.table({"layout": COLLECTING}))
    cursor = con.execute(_FIGURES)
    names = [name for name, *_ in cursor.description or ()][1:]
    found = {
        code: (dict(zip(names, values, strict=True)), dict.fromkeys(chosen.groups, 0))
        for code, *values in cursor.fetchall()
    }
    query = 'SELECT commune, "group", count(*) FROM Grouped GROUP BY ALL'
    for code, group, count in con.execute(query).fetchall():
        found[code][1][group] = count
    return {
        code: ({name: counts[name] for name in figures()}, groups) for code, (counts, groups) in found.items()
    }


_KNOWN = "if(count({0}) = 0, NULL, count(*) FILTER ({0}))"
_FIGURES = f"""
WITH land AS (
  SELECT commune, count(*) AS parcels, count(*) FILTER (shape) AS shape,
    count(*) FILTER (described) AS described,
    count(*) FILTER (shape AND described) AS both, count(*) FILTER (code) AS codes,
    count(*) FILTER (two_tiers) AS two_tiers, {_KNOWN.format("verified")} AS matched,
    {_KNOWN.format("synchronised")} AS synchronised, {_KNOWN.format("operated")} AS operated
  FROM Parcel GROUP BY commune
), person AS (  -- of several records of one number the worst state counts
  SELECT commune, coalesce(number, id::VARCHAR) AS person, bool_or(numbered) AS numbered,
    CASE WHEN bool_or(state = 'wrong') THEN 'wrong' WHEN bool_or(state = 'pending') THEN 'pending'
      WHEN bool_or(state = 'verified') THEN 'verified' END AS state
  FROM (SELECT DISTINCT commune, id FROM LandUser JOIN Parcel USING (n)) JOIN Individual USING (id)
  GROUP BY ALL
), users AS (
  SELECT commune, count(*) AS users, count(*) FILTER (numbered) AS numbered,
    if(count(state) = 0, NULL, count(*) FILTER (state = 'verified')) AS verified,
    if(count(state) = 0, NULL, count(*) FILTER (state = 'wrong')) AS wrong,
    if(count(state) = 0, NULL, count(*) FILTER (state = 'pending')) AS pending
  FROM person GROUP BY commune
), serial AS (
  SELECT p.commune, c.serial, bool_or(c.layout IN (FROM Collecting)) AS collected,
    bool_or(c.layout NOT IN (FROM Collecting)) AS elsewhere,
    bool_or(c.layout IN (FROM Collecting) AND (c.scan OR s._dossier IS NOT NULL)) AS scanned
  FROM Holding h JOIN Parcel p USING (n) JOIN InventoryCertificate c ON hash(c._id) = h.id
  LEFT JOIN (SELECT DISTINCT _file, _dossier FROM InventoryScan WHERE _dossier IS NOT NULL) s
    ON s._file = c._file AND s._dossier = c._dossier
  WHERE c.serial IS NOT NULL GROUP BY ALL
), certificate AS (
  SELECT commune, count(*) AS certificates,
    if(any_value(known), count(*) FILTER (collected), NULL) AS collected,
    if(any_value(known), count(*) FILTER (scanned), NULL) AS scanned,
    if(any_value(known), count(*) FILTER (collected AND elsewhere), NULL) AS entered
  FROM serial CROSS JOIN (
    SELECT count(*) > 0 AS known FROM InventoryCertificate WHERE layout IN (FROM Collecting)
  ) GROUP BY commune
)
SELECT commune, land.* EXCLUDE (commune), coalesce(users, 0) AS users, coalesce(numbered, 0) AS numbered,
  verified, wrong, pending, coalesce(certificates, 0) AS certificates, collected, scanned, entered
FROM land LEFT JOIN users USING (commune) LEFT JOIN certificate USING (commune) ORDER BY commune"""
