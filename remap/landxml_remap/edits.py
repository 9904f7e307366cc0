"""Edits of single records: documents and packages copied with them, and the reference table that leads back.

What becomes of a record is decided by the caller; what every such command owes its user is here: the hash of
the members stays true, each changed record has a row, and no package is written without its table.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import IO, BinaryIO, NamedTuple, Protocol

from landxml.digests import Hashing
from landxml.documents import Document
from landxml.encoding import escaped
from landxml.sources import Path_
from landxml_remap import patch, reference_table, rewrite
from landxml_remap.patch import Change, Record
from landxml_remap.reference_table import DOCUMENT, Append, Row, encoded
from landxml_remap.roles import roles, skipped

__all__ = ["Decided", "Write", "document", "package", "put"]

METADATA, DIGEST = "SieuDuLieu", roles().metadata.digest


class Decided(NamedTuple):
    """What becomes of a record: changes at places in its text; its id and the reason, for the table."""

    changes: list[Change]
    id: str = ""
    reason: str = ""


class Write(Protocol):
    """Copies a document, and appends the rows of what it changes."""

    def __call__(self, source: rewrite.Source, *, stream: BinaryIO, out: IO[bytes], append: Append) -> None:
        """Copy a document."""


def document(
    source: rewrite.Source,
    stream: BinaryIO,
    out: IO[bytes],
    *,
    classes: Mapping[str, Iterable[str]],
    decide: Callable[[Record], Decided],
    append: Append,
) -> None:
    """Copy a document with the changes that are decided on record by record.

    Parameters
    ----------
    classes
        As of :func:`landxml_remap.patch.edit`; all classes of the layout, lest elements count as those of
        the record around theirs.
    decide
        Called in the order in which records end.
    append
        Told a row for each record that changed, and one for the document.
    """
    tracked = {name: tuple(elements) for name, elements in classes.items()}
    if METADATA in tracked and source.true:
        tracked[METADATA] += (DIGEST,)
    told: deque[Decided] = deque()
    metadata: list[Change] = []

    def changes(record: Record) -> list[Change]:
        told.append(decide(record))
        return [*told[-1].changes, *(patch.sealed(record, DIGEST) if record.cls == METADATA else [])]

    def note(record: Record, placed: list[Change]) -> None:
        decided = told.popleft()
        if record.cls == METADATA:
            metadata.extend(placed)
        elif placed:
            row = Row(source.name, record.cls, decided.id, reason=decided.reason, changes=encoded(placed))
            append(row)

    hashed, encoding = Hashing(stream), patch.codec(source.encoding, patch.first_bytes(stream))
    patch.edit(
        hashed, out, encoding, classes=tracked, skipped=skipped(source.layout), decide=changes, note=note
    )  # fmt: skip
    made = [  # the hash of the members is known when all of them are written; until then the old one stands
        patch.reseal(out, change, encoding) if change.old == change.new else change for change in metadata
    ]
    if changed := [change for change in made if change.old != change.new]:
        append(Row(source.name, METADATA, "", changes=encoded(changed)))
    append(Row(source.name, DOCUMENT, hashed.digest.hexdigest()))


def put(record: Record, element: str, value: str) -> Change:
    """Write a value into an element of a record, or a new element behind the last that stands there.

    The record knows the elements before it, and it.
    """
    for field in record.fields.get(element, []):
        if field.after > field.end:  # else it is empty, without an end tag
            return Change(field.inside, record.raw(field), escaped(value))
        written = patch.like(record, field, element, value).lstrip()
        return Change(field.start, record.text[field.start : field.after], written)
    last = max((field for fields in record.fields.values() for field in fields), key=attrgetter("after"))
    return Change(last.after, "", patch.like(record, last, element, value))


def package(
    paths: Sequence[Path_],
    out: Path_,
    table: Path_,
    *,
    found: Sequence[tuple[str, Document]],
    sources: Iterable[rewrite.Source],
    write: Write,
    advance: Callable[[int], None],
    force: bool = False,
) -> None:
    """Write a package with its edits, and the reference table: both, or nothing.

    Parameters
    ----------
    found
        What :func:`landxml_remap.rewrite.documents` gave for the paths.
    sources
        The documents that are written anew; others are copied.

    Raises
    ------
    LandXmlError, OSError
        If something stands at ``out`` or ``table``, or a document cannot be edited.
    """
    with (  # in this order: without its table a package cannot be led back
        rewrite.opened(paths, out, force=force) as place,
        reference_table.open_table(table, force=force) as append,
    ):
        rewrites = {
            source.name: rewrite.Rewrite(
                source.document.name,
                partial(_written, write, source, append),
                partial(rewrite.no_worse, source.document, source.layout, source.faults),
            )
            for source in sources
        }
        rewrite.mirror(paths, place, found, rewrites, advance)


def _written(write: Write, source: rewrite.Source, append: Append, stream: BinaryIO, out: IO[bytes]) -> None:
    write(source, stream=stream, out=out, append=append)
