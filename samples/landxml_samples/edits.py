"""How a fault gets into a dossier: by changing one of its records, or what has been written of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from msgspec.structs import replace

from landxml.model import Record
from landxml_samples.layouts import RECORDS

__all__ = ["Edit", "Fault", "Records", "about_file", "change", "document", "rewrite", "sub"]

Records = list[Record]
R = TypeVar("R", bound=Record)
Rewrite = Callable[[bytes], bytes]


class Edit(NamedTuple):
    """A dossier with a fault in it.

    Attributes
    ----------
    records
        The records of the dossier, changed.
    id
        Id of the record that the finding will name; ``""`` for a finding about the file.
    near
        The element below it on whose line the finding will be; ``""`` for the record's own line.
    rewrite
        Applied to what is written: to the member that holds the record, or to the whole file in HoSoXml and
        where the fault spoils a file.
    at
        The line of a finding about the file, where no element tells: 0 for the whole, -1 for its end.
    """

    records: Records
    id: str = ""
    near: str = ""
    rewrite: Rewrite = bytes
    at: int | None = None

    @property
    def mark(self) -> bytes:
        """How the start tag of the record is written in a national file."""
        return f'gml:id="{self.id}"'.encode()

    def line(self, text: bytes) -> int:
        """Return the line of the finding in a text that holds the record."""
        if self.at is not None:
            return self.at if self.at >= 0 else text.count(b"\n") + 1
        start = max(text.rfind(self.mark), 0) if self.id else 0
        if self.id and not start:  # HoSoXml: the key follows the start tag
            cls, _, key = self.id.partition(".")
            wanted = rf"<DC_{cls}>\s*<{cls[0].lower()}{cls[1:]}Id>{key.rpartition('.')[2]}<"
            start = max((found.start() for found in re.finditer(wanted.encode(), text)), default=0)
        if self.near:
            found = re.compile(rf"<(?:\w+:)?{self.near}[ />]".encode()).search(text, start)
            start = found.start() if found else start
        return text.count(b"\n", 0, start) + 1


class Fault(NamedTuple):
    """A fault that leads to exactly one finding.

    Attributes
    ----------
    what
        What is put in.
    edit
        Puts it into a dossier; None if the dossier has nothing that it could be put into.
    layouts
        Layouts in which it can be written.
    alone
        The finding is about a file: the dossier gets one of its own.
    """

    what: str
    edit: Callable[[Records], Edit | None]
    layouts: tuple[str, ...] = RECORDS
    alone: bool = False


def change(
    cls: type[R],
    fields: Callable[[R], dict[str, Any] | None],
    *,
    at: Callable[[R], str] = lambda record: record.id,
) -> Callable[[Records], Edit | None]:
    """Make an edit that replaces fields of the first record of a class; the finding names the id ``at``."""

    def edit(records: Records) -> Edit | None:
        for record in records:
            if isinstance(record, cls) and (changed := fields(record)) is not None:
                return Edit([replace(r, **changed) if r is record else r for r in records], at(record))
        return None

    return edit


def rewrite(
    cls: type[R], how: Rewrite, near: str = "", *, at: Callable[[R], str] = lambda record: record.id
) -> Callable[[Records], Edit | None]:
    """Make an edit that rewrites the text of the first record of a class."""

    def edit(records: Records) -> Edit | None:
        found = next((record for record in records if isinstance(record, cls)), None)
        return Edit(records, at(found), near, how) if found is not None else None

    return edit


def document(how: Rewrite, near: str | int) -> Callable[[Records], Edit | None]:
    """Make an edit that rewrites a whole file; ``near`` is the element at which it is found, or the line."""
    place: dict[str, Any] = {"at": near} if isinstance(near, int) else {"near": near}
    return lambda records: Edit(records, rewrite=how, **place)


def about_file(edit: Callable[[Records], Edit | None], near: str) -> Callable[[Records], Edit | None]:
    """Turn an edit of records into one whose finding names the file, not a record."""

    def edited(records: Records) -> Edit | None:
        found = edit(records)
        return found and Edit(found.records, "", near)

    return edited


def sub(pattern: str, replacement: str) -> Rewrite:
    """Make a rewrite of the first match of a regular expression."""
    return lambda text: re.sub(pattern.encode(), replacement.encode(), text, count=1, flags=re.DOTALL)
