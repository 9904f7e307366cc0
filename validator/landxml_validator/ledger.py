"""What a task hands on: a tally of what it read, and its findings as Parquet parts.

Nothing is capped here. Findings are masked before they are written, so that no output can leak personal
data; :mod:`landxml_validator.findings` makes one data set of the parts.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from landxml import privacy
from landxml.faults import UNREAD, Fault
from landxml.text import Text
from landxml_validator import findings
from landxml_validator.privacy import cut, office
from landxml_validator.report import File, Finding, Package
from landxml_validator.rule import Rule, RuleError

__all__ = ["Ledger", "Outcome"]

HELD = 50_000
"""Findings that wait to be written together."""

Outcome: TypeAlias = "pa.Table | list[Fault] | RuleError"
"""What came of a rule: the rows or faults found, or why it could not be run."""


class Ledger(msgspec.Struct, kw_only=True):
    """What was read and found by one task, or by all of a run.

    Attributes
    ----------
    rules
        By code.
    folder
        Of the task; its findings are written there.
    personal_data, known
        Whether personal data stays in clear; names of elements beside the built-in ones.
    records, unmapped
        Records per national class; vendor records and values that the national model does not hold.
    unread
        Files that could not be read to their end.
    packages, communes
        What the metadata of national files says; communes in which the parcels lie.
    broken
        Rule code → why it could not be evaluated.
    counts, findings
        Per rule code, once the data set is complete: exact number, and the first of them.
    """

    rules: Mapping[str, Rule]
    folder: str = ""
    personal_data: bool = False
    known: frozenset[str] = frozenset()
    records: Counter[str] = msgspec.field(default_factory=Counter)
    unmapped: Counter[str] = msgspec.field(default_factory=Counter)
    files: list[File] = []
    unread: set[str] = set()
    packages: list[Package] = []
    communes: list[str] = []
    broken: dict[str, Text] = {}
    counts: Counter[str] = msgspec.field(default_factory=Counter)
    findings: dict[str, list[Finding]] = {}
    tables: list[pa.Table] = []
    faults: list[Fault] = []
    held: int = 0
    written: int = 0

    def fault(self, fault: Fault) -> None:
        """Enter a finding made while a file was read."""
        if fault.code in UNREAD:
            self.unread.add(fault.file)
        self.faults.append(fault)
        self._hold(1)

    def enter(self, code: str, outcome: Outcome) -> None:
        """Enter what a rule found, or that it could not be run."""
        if isinstance(outcome, RuleError):
            said = " ".join(str(outcome).split())
            said = cut(said if self.personal_data else privacy.said(said))
            self.broken[code] = Text(
                vi=f"quy tắc không chạy được, cơ sở dữ liệu báo: {said}",
                en=f"the rule could not be run; the database says: {said}",
            )
        elif isinstance(outcome, list):
            for fault in outcome:
                self.fault(fault)
        elif outcome.num_rows:
            self.tables.append(
                findings.of_rows(self.rules[code], outcome, self.known, shown=self.personal_data)
            )
            self._hold(outcome.num_rows)

    def _hold(self, count: int) -> None:
        self.held += count
        if self.held >= HELD:
            self.flush()

    def flush(self) -> None:
        """Write what waits; a task does it last of all."""
        if self.faults:
            self.tables.append(
                findings.of_faults(self.rules, self.faults, self.known, shown=self.personal_data)
            )
        if self.tables:
            folder = Path(self.folder, findings.FOLDER)
            folder.mkdir(exist_ok=True)
            pq.write_table(pa.concat_tables(self.tables), folder / f"{self.written:06}.parquet")
            self.written += 1
        self.tables, self.faults, self.held = [], [], 0

    def describe(self, packages: Iterable[tuple[str, str, dt.datetime | None]], communes: list[str]) -> None:
        """Enter what the delivery says of itself: id, office and time of each package; its communes."""
        if not self.personal_data:
            packages = [(privacy.shown(id_), office(name), created) for id_, name, created in packages]
            communes = [privacy.shown(code) for code in communes]
        self.packages = [Package(id=cut(i), office=cut(o), created=created) for i, o, created in packages]
        self.communes = communes

    def add(self, other: Ledger) -> None:
        """Add the tally of another task."""
        self.records += other.records
        self.unmapped += other.unmapped
        self.files += other.files
        self.unread |= other.unread
        self.broken |= other.broken

    def sort(self) -> None:
        """Bring all into the order of the files, however the processes shared them; mask names of classes."""
        self.files.sort(key=lambda file: file.name)
        if not self.personal_data:
            records, self.records = self.records, Counter()
            for name, count in records.items():
                self.records[privacy.path(name, self.known)] += count
