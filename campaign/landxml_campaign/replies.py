"""Replies to a request: read with the place of each cell, and judged; what does not fit is a finding.

Nothing of a reply is taken for right that may be a slip of the spreadsheet: a number that lost its zeros, a
day that is none, a sheet of another request. While there is a finding that stops, no answer is applied.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

import landxml_units as units
from landxml import tabular
from landxml.errors import LandXmlError
from landxml.identifiers import PersonalNumber
from landxml.sources import Path_
from landxml.text import Text
from landxml_campaign import names, seals
from landxml_campaign.decisions import COLUMNS, Decision, contradictions, decisions
from landxml_campaign.matching import thresholds
from landxml_campaign.presets import ANSWERED, PRESETS, WORDS, Status, names_of, preset
from landxml_campaign.sheets import OPEN, Finding, Judged, Table, day, text_of

__all__ = ["Answer", "Asked", "Replies", "asked", "read_replies"]


class Answer(NamedTuple):
    """What a reply says of a person, and where it says so.

    ``number``, ``name`` and ``birth`` are what is right instead, ``""`` where nothing is said; ``birth`` is a
    day in ISO form, or a year.
    """

    key: str
    commune: str
    status: Status
    number: str
    name: str
    birth: str
    date: str
    authority: str
    file: str
    sheet: str
    row: int
    digest: str

    def said(self) -> tuple[str, ...]:
        """Return what does not depend on where it stands."""
        return self[2:6]


class Asked(NamedTuple):
    """A request as it was written: its name, and commune, number and name of each key."""

    request: str
    persons: dict[str, tuple[str, str, str]]


class Replies(Judged, kw_only=True):
    """What the replies to a request say together.

    Attributes
    ----------
    asked
        Persons in the request.
    counts
        Persons by status: ``verified``, ``wrong``, ``check``, and ``open`` without an answer.
    answers
        One for each person with an answer, by key.
    decisions
        On pairs of persons who may be one.
    """

    request: str
    asked: int
    counts: dict[str, int]
    answers: list[Answer]
    decisions: list[Decision] = msgspec.field(default_factory=list)


def asked(path: Path_, *, columns: str | None = None, password: str | None = None) -> Asked:
    """Read a request that :func:`landxml_campaign.request_persons` wrote.

    Raises
    ------
    LandXmlError
        If it is none.
    """
    known = _names(columns)
    persons: dict[str, tuple[str, str, str]] = {}
    requests: dict[str, None] = {}
    with seals.readable(path, password) as plain:
        for sheet in tabular.worksheets(plain):
            table = Table.of(sheet, known)
            for _, row in table.rows() if table and table.has("key", "request") else ():
                name = text_of(row.get("name")) or " ".join(
                    text_of(row.get(each)) for each in ("family", "middle", "given")
                )
                persons[text_of(row["key"])] = (text_of(row.get("commune")), text_of(row.get("number")), name)
                requests[text_of(row["request"])] = None
    if len(requests) != 1:
        said = Text("không phải một yêu cầu do landxml ghi", "is not one request as landxml writes it")
        raise LandXmlError(said, file=path)
    return Asked(next(iter(requests)), persons)


def read_replies(
    paths: Iterable[Path_],
    request: Path_,
    *,
    columns: str | None = None,
    password: str | None = None,
) -> Replies:
    """Read replies and judge them; a file that comes twice counts once.

    Parameters
    ----------
    paths
        Workbooks or CSV, as they came back; lists of doubts with decisions among them.
    request
        The request that they answer.
    columns
        File of the columns, where they are of no preset of this package.
    password
        Of the files that have one.

    Raises
    ------
    LandXmlError
        If a file cannot be read as a table, or ``request`` is no request.
    """
    known, sent = _names(columns), asked(request, columns=columns, password=password)
    known = {source: [name] for source, (name, _) in COLUMNS.items()} | known
    numbers = {key: number for key, (_, number, _) in sent.persons.items()}
    found: list[Finding] = []
    decided: list[Decision] = []
    given: dict[str, list[Answer]] = defaultdict(list)
    for digest, path in {_digest(path): os.fspath(path) for path in paths}.items():
        with seals.readable(path, password) as plain:
            seen = [table for sheet in tabular.worksheets(plain) if (table := Table.of(sheet, known, path))]
            reading = _Reading(sent, known, digest, found, given)
            for table in seen:
                if table.has("one", "other"):
                    decided += decisions(table, sent.request, numbers, digest, reading.tell)
                else:
                    reading.sheet(table)
        if not seen:
            said = Text("không có dòng tên cột của yêu cầu", "has no row with the names of the columns")
            found.append(Finding(kind="columns", file=path, sheet="", cell="", what=said))
    answers = [_settled(each, found) for each in given.values()]
    _taken(sent, answers, {frozenset((each.one, each.other)) for each in decided if each.same}, found)
    found += contradictions(decided, answers, numbers)
    counts: dict[str, int] = {status: sum(each.status == status for each in answers) for status in WORDS}
    counts["open"] = len(sent.persons) - len(answers)
    return Replies(
        request=sent.request, asked=len(sent.persons), counts=counts,
        answers=sorted(answers), findings=found, decisions=sorted(decided),
    )  # fmt: skip


def _names(columns: str | None) -> dict[str, list[str]]:
    return names_of(preset(name) for name in ([columns] if columns else PRESETS))


def _digest(path: Path_) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_STATUS = {tabular.folded(word): status for status, said in WORDS.items() for word in said}


class _Reading:
    """Reads the sheets of a reply."""

    def __init__(
        self,
        sent: Asked,
        known: Mapping[str, Sequence[str]],
        digest: str,
        found: list[Finding],
        given: dict[str, list[Answer]],
    ) -> None:
        self.sent = sent
        self.known = known
        self.digest = digest
        self.found = found
        self.given = given
        self.provinces = {_province(commune) for commune, _, _ in sent.persons.values()} - {None}

    def sheet(self, table: Table) -> None:
        """Read a sheet to its end."""
        lacking = [each for each in ("key", "request", "status", "date", "authority") if each not in table.at]
        if lacking:
            said = ", ".join(" / ".join(self.known[each]) for each in lacking)
            self.tell(table, "columns", "", Text(f"thiếu cột: {said}", f"columns are missing: {said}"))
            return
        opened = first = 0
        lines: dict[str, int] = {}
        for line, row in table.rows():
            if not self._known(table, line, row):
                continue
            if not any(row[each] for each in ANSWERED):
                opened, first = opened + 1, first or line
                continue
            key = text_of(row["key"])
            if key in lines:
                self.tell(table, "duplicate", table.cell("key", line), Text(
                    f"dòng này lặp lại dòng {lines[key]}; hãy giữ một dòng",
                    f"the row repeats row {lines[key]}; keep one of them",
                ))  # fmt: skip
            lines.setdefault(key, line)
            if (answer := self._answer(table, line, row)) is not None:
                self.given[key].append(answer)
        if opened:
            self.tell(table, OPEN, table.cell("status", first), Text(
                f"{opened} dòng chưa có kết quả; dòng đầu tiên ở đây",
                f"{opened} rows have no answer yet; here is the first",
            ))  # fmt: skip

    def tell(self, table: Table, kind: str, cell: str, what: Text) -> None:
        """Keep what is wrong."""
        self.found.append(Finding(kind=kind, file=table.file, sheet=table.name, cell=cell, what=what))

    def _known(self, table: Table, line: int, row: Mapping[str, Any]) -> bool:
        """Tell whether a row is one of the request; else say why not, of a whole sheet once."""
        key, request = text_of(row["key"]), text_of(row["request"])
        if not key and not request:
            self.tell(table, "unknown-row", table.cell("key", line), Text(
                "dòng không có mã dòng, nên không biết là ai; hãy chép lại từ tệp yêu cầu",
                "the row has no key, so that nobody knows whom it is about; copy it from the request",
            ))  # fmt: skip
            return False
        if request == self.sent.request and key in self.sent.persons:
            return True
        province = _province(text_of(row["commune"]))
        if province is not None and self.provinces and province not in self.provinces:
            self._once(table, "province", table.cell("commune", line), Text(
                "là tệp của tỉnh khác", "is a file of another province"
            ))  # fmt: skip
        elif request != self.sent.request:
            self._once(table, "other-request", table.cell("request", line), Text(
                f"trả lời một yêu cầu khác (cũ hơn?), không phải {self.sent.request}",
                f"answers another request (an older one?), not {self.sent.request}",
            ))  # fmt: skip
        else:
            self.tell(table, "unknown-row", table.cell("key", line), Text(
                "yêu cầu không có mã dòng này; hãy chép lại từ tệp yêu cầu",
                "the request has no such key; copy it from the request",
            ))  # fmt: skip
        return False

    def _once(self, table: Table, kind: str, cell: str, what: Text) -> None:
        if not any((f.kind, f.file, f.sheet) == (kind, table.file, table.name) for f in self.found):
            self.tell(table, kind, cell, what)

    def _answer(self, table: Table, line: int, row: Mapping[str, Any]) -> Answer | None:
        """Return what a row says; None, and findings, where it cannot be taken as it is."""
        before = len(self.found)

        def tell(kind: str, source: str, vi: str, en: str) -> None:
            at = source if source in table.at else "status"
            self.tell(table, kind, table.cell(at, line), Text(vi, en))

        key, status = text_of(row["key"]), _STATUS.get(tabular.folded(text_of(row["status"])))
        lacking = [each for each in ("status", "date", "authority") if not text_of(row[each])]
        for each in lacking:
            tell("half", each, "mới điền một phần: ô này còn trống", "is filled in half: this cell is empty")
        if status is None and "status" not in lacking:
            first = ", ".join(said[0] for said in WORDS.values())
            tell(
                "status",
                "status",
                f"không phải kết quả; cần một trong: {first}",
                f"is no result; needed is one of: {first}",
            )
        number, name = text_of(row["new_number"]), text_of(row["new_name"])
        if number and not PersonalNumber.fits(number):
            lost = number.isdecimal() and 9 <= len(number) < 12
            tell("zeros" if lost else "number", "new_number", *(LOST if lost else NO_NUMBER))
        date = day(row["date"])
        if date is None and "date" not in lacking:
            tell("date", "date", *NO_DAY)
        birth = _birth(row["new_birth"])
        if birth is None:
            tell("birth", "new_birth", *NO_DAY)
        commune, _, asked_for = self.sent.persons[key]
        for each in ("name", "new_name") if status == "verified" else ():
            said = text_of(row[each])
            if said and asked_for and _unlike(said, asked_for):
                tell("name-unlike", each, "tên không giống tên trong yêu cầu; dòng có thể đã bị lệch",
                     "the name is unlike that in the request; rows may have been shifted")  # fmt: skip
        if len(self.found) > before or status is None or date is None or birth is None:
            return None
        return Answer(
            key, commune, status, number, name, birth, date, text_of(row["authority"]), table.file,
            table.name, line, self.digest,
        )  # fmt: skip


LOST = (
    "số định danh đã mất các số 0 ở đầu; hãy định dạng ô là văn bản và ghi đủ 12 chữ số",
    "the number has lost its leading zeros; make the cell a text and write all 12 digits",
)
NO_NUMBER = ("không phải số định danh 12 chữ số", "is no number of 12 digits")
NO_DAY = (
    "không phải ngày; hãy ghi dd/mm/yyyy (ngày trước, tháng sau)",
    "is no date; write dd/mm/yyyy, the day before the month",
)


def _unlike(one: str, other: str) -> bool:
    said = [names.written(one)], [names.written(other)], [names.plain(one)], [names.plain(other)]
    return bool(names.likeness(*said)[0] < thresholds().alike)


def _province(commune: str) -> str | None:
    unit = units.province(commune)
    return unit.code if unit else None


def _birth(cell: Any) -> str | None:
    """Return a day in ISO form or a year; ``""`` where there is nothing, None if it is neither."""
    text = text_of(cell)
    return text if not text or re.fullmatch(r"(?:18|19|20)\d{2}", text) else day(cell)


def _settled(given: Sequence[Answer], found: list[Finding]) -> Answer:
    """Return the answer of several about one person: the earliest; those that say something else are told."""
    first, *others = sorted(given, key=lambda each: (each.date, each.file, each.sheet, each.row))
    for other in others:
        if other.said() != first.said():
            what = Text(
                f"trả lời khác với {first.file}!{first.sheet}!{first.row}; hãy hỏi lại và giữ một",
                f"says something else than {first.file}!{first.sheet}!{first.row}; ask again and keep one",
            )
            place = {"file": other.file, "sheet": other.sheet, "cell": str(other.row)}
            found.append(Finding(kind="conflict", what=what, **place))
    return first


def _taken(
    sent: Asked, answers: Iterable[Answer], same: Collection[frozenset[str]], found: list[Finding]
) -> None:
    """Tell numbers that are given to a person while another has them, unless the two are the same."""
    numbers: dict[str, set[str]] = defaultdict(set)
    given = {answer.key: answer.number for answer in answers if answer.number}
    for key, (_, number, _) in sent.persons.items():
        numbers[given.get(key) or number].add(key)
    for answer in answers:
        others = numbers[answer.number] - {answer.key} if answer.number else ()
        if any(frozenset((answer.key, other)) not in same for other in others):
            what = Text(
                "số này đã là của người khác trong yêu cầu; hãy kiểm tra cả hai",
                "this number is already another person's in the request; look at both",
            )
            place = {"file": answer.file, "sheet": answer.sheet, "cell": str(answer.row)}
            found.append(Finding(kind="number-taken", what=what, **place))
