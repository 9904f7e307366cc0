"""Two checks compared: what is new, what persists, what is gone, by rule and commune."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

import landxml_units as units
from landxml.text import Text
from landxml_validator.comparison import Change
from landxml_validator.comparison import compare as changes
from landxml_validator.rule import builtin
from landxml_web.runs import Run, Runs

__all__ = ["Compared", "Row", "can", "compare"]

FINDINGS = "findings.parquet"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Findings of a rule or a commune: how many are new, persist, are gone."""

    code: str
    title: Text
    new: int
    persisting: int
    gone: int


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the findings of an earlier check."""

    all: Row
    rules: list[Row]
    communes: list[Row]


def can(runs: Runs, run: Run) -> bool:
    """Tell whether a run can be compared: whether all its findings are there."""
    return run.state == "done" and FINDINGS in runs.documents(run)


def compare(runs: Runs, before: Run, after: Run) -> Compared:
    """Compare two checks.

    Raises
    ------
    LandXmlError, OSError
        If the findings of one cannot be read.
    """
    found = changes(runs.documents(before)[FINDINGS], runs.documents(after)[FINDINGS]).changes
    titles = {code: rule.title for code, rule in builtin().items()}
    by_rule, by_commune = defaultdict[str, list[Change]](list), defaultdict[str, list[Change]](list)
    for change in found:
        by_rule[change.rule].append(change)
        by_commune[change.commune].append(change)
    return Compared(
        all=_row("", Text("", ""), found),
        rules=_rows(by_rule, titles),
        communes=_rows(by_commune, {code: _commune(code) for code in by_commune}),
    )


def _rows(grouped: Mapping[str, Iterable[Change]], titles: Mapping[str, Text]) -> list[Row]:
    """Add the counts up, those with most new findings first."""
    rows = [_row(code, titles.get(code, Text("", "")), changes) for code, changes in grouped.items()]
    return sorted(rows, key=lambda row: (-row.new, -row.persisting, -row.gone, row.code))


def _row(code: str, title: Text, changes: Iterable[Change]) -> Row:
    counts = [(change.new, change.persisting, change.gone) for change in changes] or [(0, 0, 0)]
    new, persisting, gone = map(sum, zip(*counts, strict=True))
    return Row(code=code, title=title, new=new, persisting=persisting, gone=gone)


def _commune(code: str) -> Text:
    names = [unit.name for unit in units.validities(code)] if code else []
    return Text(names[-1], names[-1]) if names else Text("", "")
