"""Causes: findings that one correction would mend, taken together, so that 80,000 read as a dozen.

Findings have one cause if they are of one rule, about one field (unless the rule says ``anywhere``), and
equal in the parameters that the rule names (``cause``, for instance the code that is in no list); a value
that is rare among them gets no cause of its own. A finding that follows from another (``follows``),
on the same record or on the whole file, belongs to the cause of that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

import duckdb
import pyarrow as pa

from landxml.database import literal
from landxml_validator.findings import finding, new
from landxml_validator.report import Cause
from landxml_validator.rule import Rule, Severity

__all__ = ["of"]

RARE = 20
"""A value is rare if fewer than one in so many of the findings have it."""


def of(con: duckdb.DuckDBPyConnection, data_set: Path, rules: Mapping[str, Rule]) -> list[Cause]:
    """Return the causes of the findings of a data set, by rule, the largest first."""
    follows = [(rule.code, root) for rule in rules.values() for root in _roots(rule, rules)]
    names = {"rule": [code for code, _ in follows], "root": [root for _, root in follows]}
    con.register("Root", pa.table(names, pa.schema(dict.fromkeys(names, pa.string()))))
    rows = new(data_set)
    anywhere = ", ".join(literal(rule.code) for rule in rules.values() if rule.anywhere)
    con.execute(_FOUND.format(rows=rows, value=_value(rules), anywhere=anywhere or "''"))
    found = con.sql(
        f"SELECT * FROM ({_CAUSES}) JOIN (SELECT * EXCLUDE (severity) FROM {rows}) USING (file_row_number)"
        " ORDER BY rule, count DESC, cause"
    )
    return [
        Cause(**{name: row[name] for name in _COUNTED}, example=finding(row))
        for row in found.to_arrow_table().to_pylist()
    ]


_COUNTED = [name for name in Cause.__struct_fields__ if name != "example"]
_FOUND = r"""
CREATE OR REPLACE TEMP TABLE Found AS
SELECT file_row_number, rule, severity, if(rule IN ({anywhere}), '', cls) AS cls,
  CASE WHEN rule IN ({anywhere}) THEN ''
    WHEN contains(path, '[') THEN regexp_replace(path, '\[\d+\]', '', 'g') ELSE path END AS path,
  hash(file) AS file, nullif(hash(id), hash('')) AS id,
  nullif(hash(parcel), hash('')) AS parcel, nullif(hash(commune), hash('')) AS commune,
  hash(params) AS params, {value} AS value
FROM {rows}"""
_CAUSES = f"""
WITH record AS (
  SELECT rule, file, id, min(file_row_number) AS first, count(*) AS findings FROM Found
  WHERE rule IN (SELECT unnest([rule, root]) FROM Root) GROUP BY rule, file, id
), follows AS (
  SELECT r.rule, r.file, r.id, r.findings, c.rule AS root_rule, c.id AS root_id, c.first AS root
  FROM record r JOIN Root f USING (rule)
  JOIN record c ON c.rule = f.root AND c.file = r.file AND (c.id IS NULL OR c.id = r.id)
), following AS (  -- from what does not follow itself
  SELECT any_value(f.findings) AS findings, min(f.root) AS root FROM follows f
  ANTI JOIN follows g ON g.rule = f.root_rule AND g.file = f.file AND g.id IS NOT DISTINCT FROM f.root_id
  GROUP BY f.rule, f.file, f.id
), own AS (
  SELECT * FROM Found f
  ANTI JOIN follows g ON g.rule = f.rule AND g.file = f.file AND g.id IS NOT DISTINCT FROM f.id
), frequent AS (
  SELECT rule, cls, path, value FROM own GROUP BY rule, cls, path, value
  WINDOW field AS (PARTITION BY rule, cls, path)
  QUALIFY count(*) = sum(count(*)) OVER field
    OR count(*) > 1 AND {RARE} * count(*) >= sum(count(*)) OVER field
), caused AS (
  SELECT own.*, dense_rank() OVER (ORDER BY own.rule, own.cls, own.path, frequent.value) AS cause
  FROM own LEFT JOIN frequent USING (rule, cls, path, value)
), counted AS (
  SELECT cause, min(file_row_number) AS file_row_number, count(*) AS count,
    count(DISTINCT parcel) AS parcels, count(DISTINCT commune) AS communes,
    arg_min(severity, list_position({[*get_args(Severity)]}, severity)) AS severity,
    count(DISTINCT file) AS files, min(params) = max(params) AS alike
  FROM caused GROUP BY cause
)
SELECT counted.*, coalesce(f.following, 0) AS following FROM counted LEFT JOIN (
  SELECT cause, sum(findings)::BIGINT AS following
  FROM following JOIN caused ON caused.file_row_number = following.root GROUP BY cause
) f USING (cause)"""


def _roots(rule: Rule, rules: Mapping[str, Rule]) -> Iterator[str]:
    """Yield the rules from whose findings those of a rule follow, directly or by way of others."""
    for code in rule.follows:
        yield code
        yield from _roots(rules[code], rules)


def _value(rules: Mapping[str, Rule]) -> str:
    """Return SQL for the parameters that are equal where the cause is the same; ``detail`` says the case."""
    paths = {rule.code: [f"$.{name}" for name in ("detail", *rule.cause)] for rule in rules.values()}
    cases = (f"WHEN {literal(code)} THEN json_extract_string(params, {path})" for code, path in paths.items())
    return f"CASE rule {' '.join(cases)} END::VARCHAR"
