"""What the findings of a delivery mean for whoever approves that it goes into operation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from landxml.text import Text
from landxml_validator.report import Report
from landxml_validator.result import Result

__all__ = ["Consequence", "Met", "consequences", "met"]


class Consequence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of two records that conflict: title, explanation, and codes of rules with the evidence."""

    title: Text
    said: Text
    rules: dict[str, Text]


class Met(NamedTuple):
    """A consequence with what a check found of it: its rules that failed, and those that nobody judged."""

    consequence: Consequence
    failed: list[Result]
    unknown: list[Result]

    @property
    def conflicts(self) -> int:
        """Number of conflicts."""
        return sum(result.count for result in self.failed)


@cache
def consequences() -> dict[str, Consequence]:
    """Return the consequences by name, the gravest first, from ``handover.toml``."""
    data = files("landxml_validator").joinpath("handover.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, Consequence])


def met(report: Report) -> Iterator[Met]:
    """Yield each consequence with the results of its rules, those with most findings first."""
    for consequence in consequences().values():
        results = [result for result in report.results if result.rule.code in consequence.rules]
        failed = [result for result in results if result.state == "failed"]
        failed.sort(key=lambda result: (-result.count, result.rule.code))
        yield Met(consequence, failed, [result for result in results if result.state == "not-evaluated"])
