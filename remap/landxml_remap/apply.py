"""Second pass: the planned changes, made in the texts of the documents; and a row for each record touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import IO, Any, BinaryIO

import duckdb
import pyarrow.parquet as pq

from landxml.database import literal
from landxml.dictionary import dictionary
from landxml.digests import Hashing
from landxml.errors import LandXmlError
from landxml.layouts import Layout
from landxml.privacy import dated, identifier, shown
from landxml.text import Text
from landxml_remap import addresses, patch
from landxml_remap.codes import chain, judge
from landxml_remap.patch import Change, Field, Record
from landxml_remap.reference_table import DOCUMENT, Append, Row, encoded
from landxml_remap.roles import Role, classes, lengths, parcel_class, roles, skipped
from landxml_remap.survey import Source, Terms

__all__ = ["Applier"]

METADATA = "SieuDuLieu"
BATCH = 1_000
"""Rows of the plan of each class that are held as objects."""

PLANNED = """
COPY (
  SELECT o.file, o.id, o.line, o.code, o.new, o.basis, o.trouble, o.candidates, p.kind,
    p.resolution || CASE WHEN p.inferred THEN ' [I]' ELSE '' END AS resolution,
    o.sheet, o.number, o.old_sheet, o.old_number, n.new_sheet, n.new_number
  FROM (
    SELECT * FROM outcome
    UNION ALL BY NAME SELECT cls, seq, file, id, line FROM record WHERE code IS NULL
  ) o
  JOIN file f ON f.no = o.file
  LEFT JOIN pair p ON p.since = f.since AND p.code = o.code AND p.new = o.new
  LEFT JOIN renumbered n ON n.cls = o.cls AND n.seq = o.seq
  WHERE o.cls = '{cls}' ORDER BY o.seq
) TO {path} (FORMAT parquet, ROW_GROUP_SIZE 10_000)
"""

WENT = """
SELECT file, code, list(DISTINCT coalesce(new, code)) FROM settled WHERE cls = 'ThuaDat' GROUP BY file, code
"""
SETTLED = "SELECT DISTINCT file FROM outcome WHERE basis <> 'left'"

Planned = dict[str, Any]


class Applier:
    """Makes the changes, document by document, in the order in which the documents were read.

    Attributes
    ----------
    went, settled
        By number of the document: where the parcels of each commune go; documents with something settled.
    texts
        Texts by class, element and outcome: ``rewritten``, ``same``, ``removed``, or why they were left.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path, terms: Terms, append: Append) -> None:
        self.con = con
        self.terms = terms
        self.append = append
        self.texts = Counter[tuple[str, str, str]]()
        self.went: dict[int, dict[str, list[str]]] = {}
        for file, code, new in con.execute(WENT).fetchall():
            self.went.setdefault(file, {})[code] = new
        self.settled = {no for (no,) in con.execute(SETTLED).fetchall()}
        self.plans: dict[str, Iterator[Planned]] = {}
        for number, (cls,) in enumerate(con.execute("SELECT DISTINCT cls FROM record").fetchall()):
            path = folder / f"plan-{number}.parquet"
            con.execute(PLANNED.format(cls=cls, path=literal(str(path))))
            self.plans[cls] = _rows(path)

    def document(self, source: Source, stream: BinaryIO, out: IO[bytes]) -> None:
        """Write a document with its changes.

        Raises
        ------
        LandXmlError
            If what stands there is not what was planned for; then nothing of it may be used.
        """
        one = _Document(self, source)
        hashed = Hashing(stream)
        one.encoding = patch.codec(source.encoding, patch.first_bytes(stream))
        patch.edit(
            hashed, out, one.encoding, classes=_tracked(source.layout), skipped=skipped(source.layout),
            decide=one.decide, note=one.note,
        )  # fmt: skip
        one.finish(out)
        self.append(Row(source.name, DOCUMENT, hashed.digest.hexdigest()))


def _rows(path: Path) -> Iterator[Planned]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(BATCH):
            yield from batch.to_pylist()


@cache
def _tracked(layout: Layout) -> Mapping[str, tuple[str, ...]]:
    """Elements of each class that may be changed, or must be seen for that."""
    numbers, metadata = roles().parcel, roles().metadata
    more = {
        parcel_class(layout): (numbers.sheet, numbers.number, numbers.old_sheet, numbers.old_number),
        METADATA: (metadata.date, metadata.digest),
    }
    return {name: (*elements, *more.get(name, ())) for name, elements in classes(layout).items()}


@lru_cache(1 << 14)
def _told(text: str | None) -> str | None:
    """Return a code or number; of what is none, and may be a name in the wrong field, the shape."""
    return text and shown(text)


class _Document:
    """One document while it is changed."""

    def __init__(self, applier: Applier, source: Source) -> None:
        self.applier = applier
        self.source = source
        self.until = applier.terms.until
        assert source.since is not None  # noqa: S101 - for the type checker
        self.since = source.since
        self.seen = Counter[str]()
        self.pending: list[Planned] = []
        self.metadata: tuple[Planned, list[Change]] | None = None
        self.digest: int | None = None  # which of the changes of the metadata is that of the hash
        self.moved: int | None = None  # line of the first record that does not stand where one was read
        self.encoding = ""

    def decide(self, record: Record) -> list[Change]:
        """Return the changes of one record."""
        plan = next(self.applier.plans.get(record.cls, iter(())), None)
        self.seen[record.cls] += 1
        if plan is None or plan["file"] != self.source.no:
            raise self._astray(record)
        if self.moved is None and record.line != plan["line"]:
            self.moved = record.line
        self.pending.append(plan)
        if record.cls == METADATA:
            return self._metadata(record)
        changes = []
        for element, role in classes(self.source.layout)[record.cls].items():
            for field in self._only(record, element):
                changes += self._field(record, plan, element, role, field)
        if plan["new_sheet"] is not None:
            changes += self._numbers(record, plan)
        return changes

    def _only(self, record: Record, element: str) -> list[Field]:
        """Return an element of a record, if it is there; more than one there may not be."""
        fields = record.fields.get(element, [])
        if len(fields) > 1:
            raise _astray(f"{record.cls}/{element}", record.line)
        return fields

    def _astray(self, record: Record) -> LandXmlError:
        return _astray(record.cls, self.moved or record.line)

    def _field(self, record: Record, plan: Planned, element: str, role: Role, field: Field) -> list[Change]:
        value = record.value(field)
        if role == "code":
            if value.strip() != plan["code"]:
                raise self._astray(record)
            new = plan["new"] or plan["code"]
            return [patch.replaced(record, field, plan["code"], new)] if new != plan["code"] else []
        longest = lengths(self.source.layout).get((record.cls, element))
        outcome, changes = self._text(record, plan, role, field, longest)
        self.applier.texts[record.cls, element, outcome] += 1
        return changes

    def _text(
        self, record: Record, plan: Planned, role: Role, field: Field, longest: int | None
    ) -> tuple[str, list[Change]]:
        """Return what becomes of a name or an address, and the changes that makes."""
        value = record.value(field)
        if not value.strip() or plan["basis"] == "left" or self.since >= self.until:
            return "same", []
        code, new = plan["code"], plan["new"]
        if code is None:
            code = addresses.commune_of(value, self.since)
            if code is None:
                return "unclear", []
            new = judge(code, self.since, self.until, mixed=False).people
        if new is None:
            return "unsettled", []
        if role == "text":
            made = addresses.tail(value, code, self.since, new, self.until)
            return _outcome(record, field, made, longest)
        before, after = chain(code, self.since).get(role), chain(new, self.until).get(role)
        if before is None or addresses.renamed(value, before, before, self.since) is None:
            return "unclear", []
        if after is None:
            start, behind = record.around(field)
            return "removed", [Change(start, record.text[start:behind], "")]
        written = addresses.renamed(value.strip(), before, after, self.since)
        return _outcome(record, field, addresses.Tail(value.strip(), written or ""), longest)

    def _numbers(self, record: Record, plan: Planned) -> list[Change]:
        """Put new numbers in the place of the old ones, which go to the elements for old numbers."""
        numbers = roles().parcel
        changes = []
        for element, column in ((numbers.sheet, "sheet"), (numbers.number, "number")):
            (anchor,) = self._only(record, element)
            value, new = plan[column], plan[f"new_{column}"]
            if record.value(anchor).strip() != value:
                raise self._astray(record)
            changes += [patch.replaced(record, anchor, value, new)] if value != new else []
        for element, column in ((numbers.old_sheet, "sheet"), (numbers.old_number, "number")):
            value, older = plan[column], plan[f"old_{column}"]
            joined = f"{value}; {older}" if older and len(value) + len(older) < 48 else value
            if fields := self._only(record, element):
                (anchor,) = fields
                whole = record.text[anchor.start : anchor.after]  # <soHieuToBanDoCu/> has no inside
                changes.append(
                    Change(anchor.start, whole, patch.like(record, anchor, element, joined).lstrip())
                )
            else:
                changes.append(Change(anchor.after, "", patch.like(record, anchor, element, joined)))
        return changes

    def _metadata(self, record: Record) -> list[Change]:
        """Bring the list of communes, the date of the codes and the hash of the members up to date.

        What is no code and no date stays, and comes into no table: it may be anything.
        """
        went = self.applier.went.get(self.source.no, {})
        settled = self.source.no in self.applier.settled
        elements = roles().metadata
        listed = next(name for name, role in classes(self.source.layout)[METADATA].items() if role == "code")
        changes = self._communes(record, record.fields.get(listed, []), listed, went)
        until = self.until.isoformat()
        for field in self._only(record, elements.date) if settled and self.since < self.until else []:
            value = record.value(field).strip()
            if dated(value) and value != until:
                changes.append(patch.replaced(record, field, value, until))
        if self.source.true and (seal := patch.sealed(record, elements.digest)):
            changes = sorted([*changes, *seal], key=lambda change: change.at)
            self.digest = changes.index(seal[0])  # its new text is found only when all is written
        return changes

    def _communes(
        self, record: Record, fields: list[Field], element: str, went: dict[str, list[str]]
    ) -> list[Change]:
        old = {field: code for field in fields if (code := record.value(field).strip()).isdecimal()}
        new = sorted({code for each in old.values() for code in went.get(each) or [self._alone(each)]})
        if new == sorted(set(old.values())):
            return []
        changes = [
            patch.replaced(record, field, before, after)
            for (field, before), after in zip(old.items(), new, strict=False) if before != after
        ]  # fmt: skip
        for field in list(old)[len(new) :]:
            start, behind = record.around(field)
            changes.append(Change(start, record.text[start:behind], ""))
        more = "".join(patch.like(record, fields[-1], element, code) for code in new[len(old) :])
        return [*changes, Change(fields[-1].after, "", more)] if more else changes

    def _alone(self, code: str) -> str:
        return judge(code, self.since, self.until, mixed=False).land or code

    def note(self, record: Record, changes: list[Change]) -> None:
        """Append the row of a record."""
        plan = self.pending.pop(0)
        if record.cls == METADATA:
            self.metadata = plan, changes
        elif changes or plan["trouble"] or record.cls in _kept(self.source.layout):
            self.applier.append(self._row(record.cls, plan, changes))

    def _row(self, cls: str, plan: Planned, changes: list[Change]) -> Row:
        sheet, number = _told(plan["sheet"]), _told(plan["number"])
        return Row(
            self.source.name, cls, identifier(plan["id"] or ""), _told(plan["code"]), plan["new"], sheet,
            plan["new_sheet"] or sheet, number, plan["new_number"] or number,
            plan["trouble"] or plan["kind"], plan["resolution"], plan["basis"], plan["candidates"],
            encoded(changes),
        )  # fmt: skip

    def finish(self, out: IO[bytes]) -> None:
        """Look whether all records were met; then make the hash of the members right."""
        counts = Counter(self.source.counts)
        if wrong := [name for name in self.seen | counts if self.seen[name] != counts[name]]:
            raise _astray(", ".join(wrong), self.moved)
        if self.metadata is None:
            return
        plan, changes = self.metadata
        if self.digest is not None:
            sealed = patch.reseal(out, changes.pop(self.digest), self.encoding)
            changes[self.digest : self.digest] = [sealed] if sealed.new != sealed.old else []
        if changes:
            self.applier.append(self._row(METADATA, plan, changes))


def _outcome(
    record: Record, field: Field, made: addresses.Tail | None, longest: int | None
) -> tuple[str, list[Change]]:
    if made is None:
        return "unclear", []
    if longest and len(record.value(field)) + len(made.new) - len(made.old) > longest:
        return "too-long", []
    return ("rewritten", [patch.replaced(record, field, *made)]) if made.old != made.new else ("same", [])


@cache
def _kept(layout: Layout) -> frozenset[str]:
    """Classes whose records always have a row: parcels, and assets attached to land."""
    fields = (f for _, f in dictionary(layout).fields() if f.element.startswith("taiSan"))
    return frozenset({parcel_class(layout), *(target for field in fields for target in field.targets)})


def _astray(what: str, line: int | None) -> LandXmlError:
    return LandXmlError(
        Text(
            f"{what} nằm ngoài chỗ mà định dạng quy định, hoặc bị lặp; landxml validate cho biết rõ hơn",
            f"{what} stands where the layout has no place for it, or twice; landxml validate tells more",
        ),
        line=line,
    )
