"""The ledger of one task or run: exact counts of findings per rule, and the first few of each in full."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec
import pyarrow as pa

from landxml import privacy
from landxml.loading import UNREAD, Fault
from landxml.text import Text
from landxml_validator.privacy import masked, office
from landxml_validator.report import File, Finding, Package
from landxml_validator.rule import Rule, RuleError

__all__ = ["Ledger", "Outcome"]


LONGEST = 200
"""Characters of one value in a finding; a report does not grow with what stands in the data."""


Outcome = tuple[int, pa.Table] | RuleError
"""What came of a rule: how many findings, and a table of the first; or why it could not be run."""


class Ledger(msgspec.Struct, kw_only=True):
    """What was found so far.

    Attributes
    ----------
    samples
        Most findings kept per rule.
    personal_data
        Whether personal data stays in clear.
    counts, findings
        Per rule code: exact number; the first of them.
    records, unmapped
        Records per national class; vendor records and values that the national model does not hold.
    unread
        Files that could not be read to their end.
    packages, communes
        What the metadata of national files says; communes in which the parcels lie.
    broken
        Rule code → why it could not be evaluated.
    """

    samples: int
    personal_data: bool
    counts: Counter[str] = msgspec.field(default_factory=Counter)
    findings: dict[str, list[Finding]] = {}
    records: Counter[str] = msgspec.field(default_factory=Counter)
    unmapped: Counter[str] = msgspec.field(default_factory=Counter)
    files: list[File] = []
    unread: set[str] = set()
    packages: list[Package] = []
    communes: list[str] = []
    broken: dict[str, Text] = {}

    def fault(self, fault: Fault) -> None:
        """Enter a finding made while a file was read."""
        self.counts[fault.code] += 1
        if fault.code in UNREAD:
            self.unread.add(fault.file)
        kept = self.findings.setdefault(fault.code, [])
        if len(kept) < self.samples:
            kept.append(self._finding(fault))

    def enter(self, code: str, outcome: Outcome) -> None:
        """Enter what a rule found, its exact count and a table of the first, or that it could not be run."""
        if isinstance(outcome, RuleError):
            said = " ".join(str(outcome).split())
            said = _cut(said if self.personal_data else privacy.said(said))
            self.broken[code] = Text(
                vi=f"quy tắc không chạy được, cơ sở dữ liệu báo: {said}",
                en=f"the rule could not be run; the database says: {said}",
            )
            return
        count, found = outcome
        self.counts[code] += count
        kept = self.findings.setdefault(code, [])
        for row in found.slice(0, self.samples - len(kept)).to_pylist():
            params = json.loads(row["params"])
            fault = Fault(code, row["file"], row["at"], row["cls"], row["id"], row["path"], params)
            kept.append(self._finding(fault, row["part"], key=row["key"], x=row["x"], y=row["y"]))

    def places(self) -> set[str]:
        """Return the ids of the records that findings are about, or in which they are nested."""
        return {found.key or found.id for kept in self.findings.values() for found in kept} - {""}

    def lead(self, keys: Mapping[str, str]) -> None:
        """Give findings the business keys to which their records lead, by the ids of :meth:`places`."""
        for code, kept in self.findings.items():
            self.findings[code] = [
                msgspec.structs.replace(found, key=_cut(keys[place]))
                if (place := found.key or found.id) in keys
                else found
                for found in kept
            ]

    def describe(self, packages: Iterable[tuple[str, str, dt.datetime | None]], communes: list[str]) -> None:
        """Enter what the delivery says of itself: id, office and time of each package; its communes."""
        if not self.personal_data:
            packages = [(privacy.shown(id_), office(name), created) for id_, name, created in packages]
            communes = [privacy.shown(code) for code in communes]
        self.packages = [Package(id=_cut(i), office=_cut(o), created=created) for i, o, created in packages]
        self.communes = communes

    def hide(self, rules: Mapping[str, Rule], known: Collection[str]) -> None:
        """Mask what may be personal unless it was asked for; ``known`` are names beside the built-in ones."""
        if self.personal_data:
            return
        records, self.records = self.records, Counter()
        for name, count in records.items():
            self.records[privacy.path(name, known)] += count
        for code, kept in self.findings.items():
            self.findings[code] = [masked(rules[code], found, known) for found in kept]

    def add(self, other: Ledger) -> None:
        """Add what the ledger of another process holds; :meth:`sort` afterwards."""
        self.counts += other.counts
        self.records += other.records
        self.unmapped += other.unmapped
        self.files += other.files
        self.unread |= other.unread
        self.broken |= other.broken
        for code, found in other.findings.items():
            self.findings.setdefault(code, []).extend(found)

    def sort(self) -> None:
        """Bring all into the order of the files, however the processes shared them, and keep the first."""
        self.files.sort(key=lambda file: file.name)
        for code, found in self.findings.items():
            self.findings[code] = sorted(found, key=lambda f: f.place)[: self.samples]

    def _finding(
        self, fault: Fault, part: str = "", key: str = "", x: float | None = None, y: float | None = None
    ) -> Finding:
        return Finding(
            cls=_cut(fault.cls),
            id=_cut(fault.id),
            key=_cut(key),
            file=fault.file,
            part=part,
            at=fault.line,
            path=_cut(fault.path),
            x=x,
            y=y,
            params={name: _cut(value) for name, value in fault.params.items()},
        )


def _cut(value: Any) -> Any:
    """Cut a text, or the texts in a value, to the longest that a report shows.

    >>> len(_cut("a" * 3_000_000)), _cut({"vi": "ngắn", "en": "short"})
    (201, {'vi': 'ngắn', 'en': 'short'})
    """
    if isinstance(value, str):
        return value if len(value) <= LONGEST else value[:LONGEST] + "…"
    if isinstance(value, dict):
        return {name: _cut(item) for name, item in value.items()}
    return [_cut(item) for item in value] if isinstance(value, list) else value
