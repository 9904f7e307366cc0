"""Groups of parcels by a scheme: one statement over all facts and findings of a delivery."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb
import pyarrow as pa

from landxml.database import literal
from landxml.text import Text
from landxml_campaign.scheme import BLOCKS, Block, Criterion, Group, Scheme

__all__ = ["COLUMNS", "STATES", "create"]

PRESENT: dict[Block, str] = {"spatial": "shape", "attribute": "described", "scan": "scanned"}
"""The fact that there is anything in a block."""
STATES = {
    "good": Text("tốt", "good"), "faulty": Text("còn thiếu hoặc sai", "lacking or wrong"),
    "absent": Text("không có", "absent"), "unknown": Text("không rõ", "unknown"),
}  # fmt: skip
"""What a block may be."""
COLUMNS = (
    "parcel", "commune", "sheet", "number", "group", "next", "missing", "rules", "unknown", *BLOCKS,
    "label", "said", "differs",
)  # fmt: skip


def create(con: duckdb.DuckDBPyConnection, scheme: Scheme, rules: Iterable[str]) -> None:
    """Create ``Grouped``: a row per parcel, with its group and the reasons.

    Parameters
    ----------
    con
        After :func:`landxml_campaign.facts.create`.
    scheme
        The groups and their criteria.
    rules
        Codes of the rules of the run.

    Notes
    -----
    ``"group"`` and ``next`` are ids of groups, the latter of the one that should be reached; ``missing`` the
    criteria (and facts of its ``when``) that this one lacks, ``rules`` the codes of the rules whose findings
    are among the reasons, ``unknown`` criteria of which the data says nothing. Each block is ``good``,
    ``faulty``, ``absent``, or ``unknown``. ``label``, ``said`` and ``differs``: what the data calls the
    parcel, the group that this means, and whether that is another one.
    """
    con.register("Breaker", pa.Table.from_pylist(_rules(scheme, rules), _RULES))
    con.register("Meaning", pa.Table.from_pylist(list(_meanings(scheme)), _MEANINGS))
    states = {id_: f"s[{n}]" for n, id_ in enumerate(scheme.criteria, 1)}
    fails = {id_: _fails(each, states[id_]) for id_, each in scheme.criteria.items()}
    con.execute(
        _GROUPED.format(
            states=", ".join(map(_state, scheme.criteria.items())),
            unmet=_those(fails),
            open=_those({id_: f"{state} IS NULL" for id_, state in states.items()}),
            group=_group(scheme), next=_next(scheme), missing=_missing(scheme),
            blocks=", ".join(f"{_block(scheme, block)} AS {block}" for block in BLOCKS),
        )
    )  # fmt: skip


_RULES, _MEANINGS = (
    pa.schema([(name, pa.string()) for name in names])
    for names in (("rule", "criterion", "level"), ("name", "value", "said"))
)


def _rules(scheme: Scheme, rules: Iterable[str]) -> list[dict[str, str | None]]:
    """Return which rules belong to which criteria, and of which severity alone their findings count."""
    return [
        {"rule": code, "criterion": id_, "level": each.severity}
        for code in rules
        for id_, each in scheme.criteria.items()
        if code.startswith(each.rules) and each.rules
    ]


def _meanings(scheme: Scheme) -> list[dict[str, str]]:
    return [
        {"name": name, "value": value.casefold(), "said": said}
        for name, label in scheme.labels.items()
        for value, said in label.values.items()
    ]


def _state(criterion: tuple[str, Criterion]) -> str:
    """Return the expression that a criterion is met: NULL if the data does not say it."""
    id_, each = criterion
    return " AND ".join([f"NOT list_contains(broken, {literal(id_)})", *(f'"{name}"' for name in each.facts)])


def _fails(criterion: Criterion, state: str) -> str:
    """Return the expression that a criterion counts as not met."""
    return f"NOT coalesce({state}, {'true' if criterion.unknown == 'met' else 'false'})"


def _those(conditions: Mapping[str, str]) -> str:
    """Return the expression of the list of the ids whose condition holds."""
    found = ", ".join(f"IF({condition}, {literal(id_)}, NULL)" for id_, condition in conditions.items())
    return f"list_filter([{found}]::VARCHAR[], lambda x: x IS NOT NULL)"


def _when(group: Group) -> list[tuple[str, str]]:
    return [(name, f'"{name}" IS {"TRUE" if value else "FALSE"}') for name, value in group.when.items()]


def _ids(names: Iterable[str]) -> str:
    return f"[{', '.join(map(literal, names))}]::VARCHAR[]"


def _group(scheme: Scheme) -> str:
    cases = []
    for id_, group in scheme.groups.items():
        conditions = [
            *(condition for _, condition in _when(group)),
            f"NOT list_has_any(unmet, {_ids(scheme.needed(id_))})",
        ]
        cases.append(f"WHEN {' AND '.join(conditions)} THEN {literal(id_)}")
    return f"CASE {' '.join(cases)} END"


def _next(scheme: Scheme) -> str:
    cases = [f"WHEN {literal(id_)} THEN {literal(each.next)}" for id_, each in scheme.groups.items()]
    return f'CASE "group" {" ".join(cases)} END'


def _missing(scheme: Scheme) -> str:
    """Return the expression of what the next group asks for: criteria that are not met, facts that differ."""
    cases = []
    for id_, each in scheme.groups.items():
        if each.next:
            needs = f"list_filter({_ids(scheme.needed(each.next))}, lambda x: list_contains(unmet, x))"
            when = {
                name: f"NOT coalesce({condition}, false)"
                for name, condition in _when(scheme.groups[each.next])
            }
            cases.append(f"WHEN {literal(id_)} THEN list_concat({_those(when)}, {needs})")
    return f'CASE "group" {" ".join(cases)} ELSE [] END' if cases else "[]::VARCHAR[]"


def _block(scheme: Scheme, block: Block) -> str:
    """Return the expression of the state of a block."""
    there = f'"{PRESENT[block]}"'
    own = _ids([id_ for id_, each in scheme.criteria.items() if each.block == block])
    return (
        f"CASE WHEN {there} IS NULL THEN 'unknown' WHEN NOT {there} THEN 'absent'"
        f" WHEN list_has_any(unmet, {own}) THEN 'faulty' ELSE 'good' END"
    )


_GROUPED = """
CREATE TEMP TABLE Grouped AS
WITH breach AS (
  SELECT n, list(DISTINCT criterion) AS broken, list(DISTINCT (criterion, rule)) AS pairs
  FROM Breach JOIN Breaker USING (rule) WHERE coalesce(level, severity) = severity GROUP BY n
), label AS (
  SELECT n, string_agg(DISTINCT told, '; ' ORDER BY told) AS label,
    list_sort(list(DISTINCT said) FILTER (said IS NOT NULL)) AS said
  FROM (
    SELECT n, l.name || '=' || l.value AS told, m.said
    FROM Label l SEMI JOIN Meaning k USING (name)
    LEFT JOIN Meaning m ON m.name = l.name AND m.value = lower(l.value)
  ) GROUP BY n
), stated AS (
  SELECT *, [{states}]::BOOLEAN[] AS s
  FROM (
    SELECT p.*, coalesce(broken, []) AS broken, coalesce(pairs, []) AS pairs
    FROM Parcel p LEFT JOIN breach USING (n)
  )
), met AS (SELECT *, {unmet} AS unmet, {open} AS unknown FROM stated
), grouped AS (SELECT *, {group} AS "group" FROM met)
SELECT n, key AS parcel, commune, sheet, number, "group", {next} AS next, {missing} AS missing,
  list_sort(list_distinct(list_transform(
    list_filter(pairs, lambda x: list_contains(missing, x[1])), lambda x: x[2]
  ))) AS rules, unknown, {blocks}, label, said,
  coalesce(said <> ["group"] AND len(said) > 0, false) AS differs
FROM grouped LEFT JOIN label USING (n)"""
