"""What a task hands on: a tally of what it read, and Parquet parts, its findings among them.

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
from landxml.faults import Fault
from landxml.reasons import UNREAD, Reason
from landxml.text import Text
from landxml_validator import findings
from landxml_validator.privacy import cut, office
from landxml_validator.report import (
    Cause,
    CommuneCounts,
    Excerpt,
    File,
    Finding,
    Ladder,
    Link,
    Map,
    Outline,
    Package,
)
from landxml_validator.rule import Rule, RuleError, codes

__all__ = ["TALLY", "Ledger", "Outcome", "Tally"]

TALLY = "tally.json"
"""File with the tally, in the folder of the parts."""
HELD = 50_000
"""Findings that wait to be written together."""

Outcome: TypeAlias = "pa.Table | list[Fault] | RuleError"
"""What came of a rule: the rows or faults found, or why it could not be run."""


_PASSING: frozenset[Reason] = frozenset({"archive", "unreadable", "limit", "failed"})
"""What is found of a document that could not be opened, or was too much for the machine: not so next time."""


class Tally(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What came of a task.

    Attributes
    ----------
    parts
        Files that it wrote, ``table/00000.parquet`` in its folder → bytes.
    folder
        Where they are.
    kept
        Whether an earlier run, or another, has made it. Neither stands in the file.
    records, unmapped, files, unread, broken
        As in :class:`Ledger`.
    """

    parts: dict[str, int]
    records: dict[str, int]
    unmapped: dict[str, int]
    files: list[File]
    unread: set[str]
    broken: dict[str, Text]
    folder: str = ""
    kept: bool = False


class Ledger(msgspec.Struct, kw_only=True):
    """What was read and found by one task, or by all of a run.

    Attributes
    ----------
    rules
        By name; what readers find, and none of these reports, is left out.
    folder
        Of the task; its findings are written there.
    parts
        Table → its files in the folders of all tasks; ``findings`` is one of the tables.
    personal_data, known
        Whether personal data stays in clear; names of elements beside the built-in ones.
    records, unmapped
        Records per national class; vendor records and values that the national model does not hold.
    unread
        Files that could not be read to their end.
    packages, communes
        What the metadata of national files says; communes in which the parcels lie.
    by_commune
        What was read and found in each commune.
    link
        How attributes and map fit together, where the delivery has both in files of their own.
    scans, existing
        Scans that lie beside the data; whether it is compared with what is in operation.
    ladder
        Overlaps and gaps of parcels by width, where there are any.
    broken
        Rule code → why it could not be evaluated.
    passing
        Whether a part of this may be otherwise at the next try.
    counts, findings
        Per rule code, once the data set is complete: exact number by commune, and the first of them.
    left_out
        Per state and rule code, the number of findings that do not count (:mod:`landxml_validator.findings`).
    maps, outlines
        Around the first findings; of the communes.
    excerpts
        What stands at the first findings.
    causes
        The findings taken together by what is behind them.
    """

    rules: Mapping[str, Rule]
    folder: str = ""
    parts: dict[str, list[str]] = {}
    personal_data: bool = False
    known: frozenset[str] = frozenset()
    records: Counter[str] = msgspec.field(default_factory=Counter)
    unmapped: Counter[str] = msgspec.field(default_factory=Counter)
    files: list[File] = []
    unread: set[str] = set()
    packages: list[Package] = []
    communes: list[str] = []
    by_commune: list[CommuneCounts] = []
    link: Link | None = None
    scans: int = 0
    existing: bool = False
    ladder: Ladder | None = None
    broken: dict[str, Text] = {}
    passing: bool = False
    counts: dict[str, dict[str, int]] = {}
    findings: dict[str, list[Finding]] = {}
    causes: list[Cause] = []
    maps: list[Map] = []
    outlines: list[Outline] = []
    excerpts: list[Excerpt] = []
    left_out: dict[str, Counter[str]] = {}
    tables: list[pa.Table] = []
    faults: list[Fault] = []
    held: int = 0
    written: int = 0

    def fault(self, fault: Fault) -> None:
        """Enter a finding made while a file was read."""
        if fault.reason in UNREAD:
            self.unread.add(fault.file)
        self.passing = self.passing or fault.reason in _PASSING
        self.faults.append(fault)
        self._hold(1)

    def enter(self, name: str, outcome: Outcome) -> None:
        """Enter what a rule found, or that it could not be run."""
        if isinstance(outcome, RuleError):
            said = " ".join(str(outcome).split())
            said = cut(said if self.personal_data else privacy.said(said))
            self.passing = True  # perhaps for want of memory
            self.broken[self.rules[name].code] = outcome.why or Text(
                vi=f"quy tắc không chạy được, cơ sở dữ liệu báo: {said}",
                en=f"the rule could not be run; the database says: {said}",
            )
        elif isinstance(outcome, list):
            for fault in outcome:
                self.fault(fault._replace(reason=name) if self.rules[name].communes else fault)
        elif outcome.num_rows:
            self.tables.append(
                findings.of_rows(self.rules[name], outcome, self.known, shown=self.personal_data)
            )
            self._hold(outcome.num_rows)

    def _hold(self, count: int) -> None:
        self.held += count
        if self.held >= HELD:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        reported = codes(self.rules)
        if faults := [fault for fault in self.faults if fault.reason in reported]:
            self.tables.append(findings.of_faults(self.rules, faults, self.known, shown=self.personal_data))
        if self.tables:
            folder = Path(self.folder, findings.FOLDER)
            folder.mkdir(exist_ok=True)
            file = folder / f"{self.written:06}.parquet"
            pq.write_table(pa.concat_tables(self.tables), file)
            self.parts.setdefault(findings.FOLDER, []).append(str(file))
            self.written += 1
        self.tables, self.faults, self.held = [], [], 0

    def describe(self, packages: Iterable[tuple[str, str, dt.datetime | None]], communes: list[str]) -> None:
        """Enter what the delivery says of itself: id, office and time of each package; its communes."""
        if not self.personal_data:
            packages = [(privacy.shown(id_), office(name), created) for id_, name, created in packages]
            communes = [privacy.shown(code) for code in communes]
        self.packages = [Package(id=cut(i), office=cut(o), created=created) for i, o, created in packages]
        self.communes = communes

    def tally(self) -> Tally:
        """Return the tally of a task that has ended."""
        self.flush()
        parts = {
            part.relative_to(self.folder).as_posix(): part.stat().st_size
            for part in sorted(Path(self.folder).glob("*/*.parquet"))
        }
        return Tally(
            parts=parts, records=self.records, unmapped=self.unmapped, files=self.files,
            unread=self.unread, broken=self.broken,
        )  # fmt: skip

    def add(self, other: Tally) -> None:
        """Add the tally of a task."""
        for part in other.parts:
            self.parts.setdefault(part.partition("/")[0], []).append(f"{other.folder}/{part}")
        self.records.update(other.records)
        self.unmapped.update(other.unmapped)
        self.files += other.files
        self.unread |= other.unread
        self.broken |= other.broken

    def sort(self) -> None:
        """Bring all into the order of the files, however the processes shared them; mask names of classes."""
        self.files.sort(key=lambda file: file.name)
        for parts in self.parts.values():
            parts.sort()
        if not self.personal_data:
            records, self.records = self.records, Counter()
            for name, count in records.items():
                self.records[privacy.path(name, self.known)] += count
