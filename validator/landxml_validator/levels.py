"""Which severity each finding has, and where rules have parameters of their own: the rule set as tables."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from landxml_validator.rule_set import RuleSet

__all__ = ["JOINED", "SEVERITY", "create"]

COLUMNS = [(name, pa.string()) for name in ("rule", "commune", "severity")]
SEVERITY = "coalesce(l.severity, e.severity) AS severity"
"""Of a finding ``s``, which :data:`JOINED` is joined to."""
JOINED = """
LEFT JOIN Level l ON l.rule = s.rule AND l.commune = s.commune
LEFT JOIN Level e ON e.rule = s.rule AND e.commune IS NULL"""


def create(con: duckdb.DuckDBPyConnection, rules: RuleSet) -> None:
    """Create ``Level(rule, commune, severity)`` and ``Local(rule, commune)``.

    The severity where ``commune`` is NULL is that of all others; ``Local`` says where parameters differ.
    """
    levels = [{"rule": code, "severity": rule.severity} for code, rule in rules.rules.items()]
    levels += [
        {"rule": code, "commune": commune, "severity": level}
        for code, found in rules.levels.items()
        for commune, level in found.items()
    ]
    local = [{"rule": rule.code, "commune": code} for rule in rules.local for code in rule.communes]
    for name, rows, columns in (("Level", levels, COLUMNS), ("Local", local, COLUMNS[:2])):
        con.register(name, pa.Table.from_pylist(rows, pa.schema(columns)))
