"""Findings that do not count: known ones of a baseline, and those that an office leaves as they are."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from landxml.archive import printable
from landxml.files import Path_
from landxml_validator import comparison, suppression
from landxml_validator.report import Baseline, Suppressions
from landxml_validator.rule_set import RuleSet

__all__ = ["LeftOut", "read", "told"]


class LeftOut(NamedTuple):
    """What does not count, and where that is said.

    Attributes
    ----------
    baseline
        File of the findings of an earlier check (:func:`landxml_validator.comparison.read`).
    suppressions
        Those that are left as they are for a time (:func:`landxml_validator.suppression.read`).
    ignored
        Rule and commune, where an office ignores rules in some communes.
    names
        The file of the baseline, that of the suppressions, and those that say what is ignored.
    """

    baseline: Path | None = None
    suppressions: pa.Table | None = None
    ignored: pa.Table | None = None
    names: tuple[str, ...] = ("", "")


def read(
    baseline: Path_ | None, suppressions: Path_ | None, rules: RuleSet, as_of: dt.date, folder: Path
) -> LeftOut:
    """Read what does not count; ``folder`` is that of the run, where the baseline is kept."""
    ignored = [
        {"rule": rule, "commune": setting.commune}
        for setting in rules.settings
        if setting.key == "ignore" and setting.commune
        for rule in rules.active
        if setting.fits(rule, "")
    ]
    files = dict.fromkeys(each.file for each in rules.settings if each.key == "ignore" and each.commune)
    return LeftOut(
        baseline=None if baseline is None else comparison.read(baseline, folder / "baseline.parquet"),
        suppressions=None if suppressions is None else suppression.read(suppressions, as_of, rules.rules),
        ignored=pa.Table.from_pylist(ignored) if ignored else None,
        names=tuple(printable(os.fspath(each)) for each in (baseline or "", suppressions or "", *files)),
    )


def told(left: LeftOut, counts: Mapping[str, Counter[str]]) -> dict[str, Any]:
    """Return what a report says of what became of it; ``counts`` by state and rule."""
    number = {state: found.total() for state, found in counts.items()}
    known, *others = left.names
    names = ", ".join(filter(None, others))
    return {
        "baseline": Baseline(name=known, known=number["known"], gone=number["gone"]) if known else None,
        "suppressions": Suppressions(name=names, count=number["suppressed"]) if names else None,
    }
