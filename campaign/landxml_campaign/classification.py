"""Classification: in which group of a scheme each parcel is, why, and what it lacks for the next."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypedDict, Unpack

import duckdb
import msgspec
import pyarrow as pa

import landxml_units as units
from landxml.errors import LandXmlError
from landxml.files import Path_, form, writing
from landxml.layouts import Layout
from landxml.localised import today
from landxml.progress import OnProgress
from landxml.sources import Paths
from landxml.text import Text
from landxml.version import TOOL
from landxml_campaign import facts, grouping, scheme, status, tables
from landxml_campaign.answered import answered
from landxml_campaign.scheme import BLOCKS, Block, Scheme
from landxml_validator import rule_set
from landxml_validator.configuration import Setting
from landxml_validator.pipeline import validate
from landxml_validator.report import Report
from landxml_validator.rule import Rule

__all__ = ["Classification", "CommuneGroups", "Difference", "Options", "classify", "columns", "grouped"]


class Options(TypedDict, total=False):
    """What of a check can be chosen, as for :func:`landxml_validator.validate`."""

    profile: str | None
    configuration: Iterable[Setting]
    layouts: Iterable[Layout]
    rules: Iterable[Rule]
    as_of: dt.date | None
    crs: int | None
    sheets: Path_ | None
    workers: int | None
    work: Path_ | None
    suppressions: Path_ | None
    progress: OnProgress | None


class CommuneGroups(msgspec.Struct, frozen=True, kw_only=True):
    """Parcels of a commune by group; ``commune`` is ``""`` where they state none."""

    commune: str
    name: str
    parcels: int
    groups: dict[str, int]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Parcels of which the data says another group (``said``) than the one they are in; ``label`` says it."""

    label: str
    said: str
    group: str
    parcels: int


class Classification(msgspec.Struct, kw_only=True):
    """The groups of a delivery, counted.

    Attributes
    ----------
    scheme
        The criteria.
    as_of, inputs, profile
        Of the check.
    parcels, groups
        Number of parcels; by group, those without parcels among them.
    communes
        The same by commune.
    missing, rules
        Criteria, and rules, with the number of parcels that they keep from the next group.
    unknown
        Criteria of which the data says nothing, with the number of parcels.
    blocks
        Parcels by state of each block.
    labelled, differences
        Parcels with a label that means a group; those where that is another group.
    elsewhere
        Rules with findings that lead to no parcel, which count for none, and their number.
    unevaluated
        Rules of the scheme that were not evaluated: nobody knows whether parcels break them.
    """

    tool: str
    created: dt.datetime
    scheme: Scheme
    as_of: dt.date
    inputs: list[str]
    profile: str
    parcels: int
    groups: dict[str, int]
    communes: list[CommuneGroups]
    missing: dict[str, int]
    rules: dict[str, int]
    unknown: dict[str, int]
    blocks: dict[Block, dict[str, int]]
    labelled: int
    differences: list[Difference]
    elsewhere: dict[str, int]
    unevaluated: list[str]


@cache
def columns() -> dict[str, tables.Column]:
    """Return the columns of the table of groups."""
    data = files("landxml_campaign").joinpath("groups.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, tables.Column])


def classify(
    paths: Paths,
    output: Path_ | None = None,
    *,
    by: str | Path = "plan-515",
    stated: Path_ | None = None,
    answers: Collection[Path_] = (),
    salt: Path_ | None = None,
    lang: str = "vi",
    force: bool = False,
    **options: Unpack[Options],
) -> Classification:
    """Sort the parcels of a delivery into the groups of a scheme; the delivery is checked for that.

    Parameters
    ----------
    paths
        What to sort, one path or many. With ``work`` what a check has left there is used.
    output
        File for all parcels, by its suffix CSV, JSON, Parquet or XLSX.
    by
        Id of a built-in scheme, or path of a ``.toml`` file.
    stated
        Table with the state of parcels in the land database (:mod:`landxml_campaign.status`).
    answers, salt
        Tables of what the population database answered (:func:`landxml_campaign.write_answers`), and the salt
        of the campaign, which finds the persons again.
    lang
        Of the titles in a workbook.
    force
        Replace a file that exists.
    options
        Of the check.

    Raises
    ------
    LandXmlError
        As :func:`landxml_validator.validate`; if there is no such scheme, or it or the table is wrong.
    """
    found: dict[str, Any] = {}
    with contextlib.ExitStack() as stack:
        out = stack.enter_context(writing(output, force=force)) if output else None
        shape = form(output, tables.FORMS) if output else ""

        def look(con: duckdb.DuckDBPyConnection, chosen: Scheme) -> None:
            if out:
                tables.write(shape, out, columns(), _rows(con), lang, legend=_legend(chosen, lang))
            found.update(_counted(con, chosen))

        report, chosen = grouped(paths, by, beside(paths, stated, answers, salt, options), look, **options)
    found["communes"] = [
        msgspec.structs.replace(each, name=units.name(each.commune, report.as_of))
        for each in found["communes"]
    ]
    return Classification(
        tool=TOOL, created=report.created, scheme=chosen, as_of=report.as_of, inputs=report.inputs,
        profile=report.profile, unevaluated=_unevaluated(report, chosen), **found,
    )  # fmt: skip


def beside(
    paths: Paths, stated: Path_ | None, answers: Collection[Path_], salt: Path_ | None, options: Options
) -> facts.Beside:
    """Read what is known beside a delivery; there must be the salt of the answers.

    Raises
    ------
    LandXmlError
        If a table is wrong, or the answers are of others.
    """
    known = facts.Beside(status.read(stated)) if stated else facts.Beside()
    if not answers:
        return known
    if salt is None:
        raise LandXmlError(Text("kết quả cần tệp muối của đợt", "answers need the salt of the campaign"))
    return known._replace(answers=answered(paths, answers, salt, options.get("layouts", ())))


def grouped(
    paths: Paths,
    by: str | Path,
    known: facts.Beside,
    look: Callable[[duckdb.DuckDBPyConnection, Scheme], None],
    **options: Unpack[Options],
) -> tuple[Report, Scheme]:
    """Check a delivery, and show ``look`` its parcels and their groups.

    The connection has the tables of :func:`landxml_campaign.facts.create` and
    :func:`landxml_campaign.grouping.create`.
    """
    judge_by = rule_set.load(
        options.get("profile"), options.get("layouts", ()), options.get("configuration", ()),
        options.get("rules", ()),
    )  # fmt: skip
    chosen = scheme.load(by, judge_by.rules)
    as_of = options.setdefault("as_of", None) or today()

    def show(con: duckdb.DuckDBPyConnection, data_set: Path) -> None:
        facts.create(con, data_set, as_of, known)
        grouping.create(con, chosen, judge_by.active)
        look(con, chosen)

    options["as_of"] = as_of
    return validate(paths, samples=0, look=show, **options), chosen


def _rows(con: duckdb.DuckDBPyConnection) -> Iterator[pa.RecordBatch]:
    """Return the table of groups, by parcel; what is no code of a commune may be personal, and is masked."""
    shown = "if(commune = '', regexp_replace(parcel, '^.*/([^/]*/[^/]*)$', '?/\\1'), parcel)"
    said = ", ".join(
        f'{shown if name == "parcel" else f"{chr(34)}{name}{chr(34)}"} AS "{name}"' for name in columns()
    )
    return tables.rows(con, f"SELECT {said} FROM Grouped ORDER BY commune, sheet, number, n")


def _legend(chosen: Scheme, lang: str) -> Iterator[tuple[str, str]]:
    """Yield what the words of the table mean: groups, criteria and facts that may be missing, states."""
    yield TOOL, chosen.title.get(lang)
    asked = {name: facts.facts()[name] for each in chosen.groups.values() for name in each.when}
    for id_, each in (chosen.groups | asked | chosen.criteria).items():
        yield id_, each.title.get(lang)
    for state, said in grouping.STATES.items():
        yield state, said.get(lang)


def _counted(con: duckdb.DuckDBPyConnection, chosen: Scheme) -> dict[str, Any]:
    """Count what is in ``Grouped``."""

    def counts(query: str) -> dict[str, int]:
        return dict(con.execute(query).fetchall())

    by_commune: dict[str, dict[str, int]] = {}
    for commune, group, count in con.execute(
        'SELECT commune, "group", count(*) FROM Grouped GROUP BY ALL ORDER BY ALL'
    ).fetchall():
        by_commune.setdefault(commune, dict.fromkeys(chosen.groups, 0))[group] = count
    told = con.execute(_DIFFERENCES).fetchall()
    return {
        "parcels": sum(sum(groups.values()) for groups in by_commune.values()),
        "groups": {id_: sum(groups[id_] for groups in by_commune.values()) for id_ in chosen.groups},
        "communes": [
            CommuneGroups(commune=code, name="", parcels=sum(groups.values()), groups=groups)
            for code, groups in by_commune.items()
        ],
        **{
            name: counts(
                f"SELECT each, count(*) FROM (SELECT unnest({name}) AS each FROM Grouped) GROUP BY each"
                " ORDER BY count(*) DESC, each"
            )
            for name in ("missing", "rules", "unknown")
        },
        "blocks": {
            block: counts(f"SELECT {block}, count(*) FROM Grouped GROUP BY ALL ORDER BY ALL")
            for block in BLOCKS
        },
        "labelled": con.execute("SELECT count(*) FROM Grouped WHERE len(said) > 0").fetchall()[0][0],
        "differences": [Difference(label=a, said=b, group=c, parcels=d) for a, b, c, d in told],
        "elsewhere": counts(_ELSEWHERE),
    }


_DIFFERENCES = """
SELECT m.name, m.said, g."group", count(DISTINCT n) FROM Grouped g JOIN Label l USING (n)
JOIN Meaning m ON m.name = l.name AND m.value = lower(l.value)
WHERE m.said <> g."group" GROUP BY ALL ORDER BY 4 DESC, 1, 2, 3"""
_ELSEWHERE = """
SELECT rule, sum(count)::BIGINT FROM Counted c
SEMI JOIN Breaker b ON b.rule = c.rule AND coalesce(b.level, c.severity) = c.severity
ANTI JOIN (
  FROM Part p SEMI JOIN Concern c ON c.id = hash(p.origin)
  UNION ALL FROM Part p SEMI JOIN (
    SELECT file, id AS origin FROM Named l SEMI JOIN Number n ON n.key = l.parcel
  ) l USING (file, origin)
) p USING (rule, file, cls, id, part, "at", path)
GROUP BY rule ORDER BY rule"""


def _unevaluated(report: Report, chosen: Scheme) -> list[str]:
    starts = tuple(start for each in chosen.criteria.values() for start in each.rules)
    return [
        result.rule.code
        for result in report.results
        if result.state == "not-evaluated" and starts and result.rule.code.startswith(starts)
    ]
