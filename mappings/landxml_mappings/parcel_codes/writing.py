"""Writing codes into documents, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import IO, BinaryIO

from landxml.dictionary import national
from landxml.errors import LandXmlError
from landxml.identifiers import geohash
from landxml_mappings import markup
from landxml_mappings.markup import Change, Record
from landxml_mappings.parcel_codes.plan import ELEMENT, PARCEL, Flags, Parcels, Source

__all__ = ["rewrite"]

METADATA, DIGEST = "SieuDuLieu", "maBamNoiDung"


def rewrite(source: Source, parcels: Parcels, write: Flags, stream: BinaryIO, out: IO[bytes]) -> None:
    """Copy a document with the codes that the plan says."""
    rows = iter(range(source.begin, source.end))
    digests: list[Change] = []

    def decide(record: Record) -> list[Change]:
        if record.cls == METADATA:
            return _sealed(record) if source.true else []
        if record.cls != PARCEL:
            return []
        row = next(rows, None)
        if row is None:
            raise _astray(source)
        return _coded(record, geohash.texts(parcels.new[[row]])[0].decode()) if write[row] else []

    def note(record: Record, changes: list[Change]) -> None:
        digests.extend(changes if record.cls == METADATA else [])

    encoding = markup.codec(source.encoding, markup.first_bytes(stream))
    markup.edit(stream, out, encoding, classes=_classes(), skipped="", decide=decide, note=note)
    if next(rows, None) is not None:
        raise _astray(source)
    for placed in digests:
        markup.reseal(out, placed, encoding)


def _sealed(record: Record) -> list[Change]:
    """Mark the place of the hash, which is known only when all is written."""
    changes = []
    for field in record.fields.get(DIGEST, []):
        value = record.value(field).strip()
        if len(value) == 64 and value in record.raw(field):
            changes.append(Change(field.inside + record.raw(field).index(value), value, value))
    return changes


@cache
def _classes() -> Mapping[str, tuple[str, ...]]:
    """Parcels with the elements up to the code; what is nested in them, lest its elements count as theirs."""
    classes = national().classes
    elements = [field.element for field in classes[PARCEL].fields]
    before = tuple(elements[: elements.index(ELEMENT) + 1])
    nested = {name: () for name, cls in classes.items() if cls.owner}
    return {PARCEL: before, METADATA: (DIGEST,), **nested}


def _coded(record: Record, code: str) -> list[Change]:
    """Write the code into its element, or a new element behind the last that comes before it."""
    for field in record.fields.get(ELEMENT, []):
        if field.after > field.end:  # else it is empty, without an end tag
            return [Change(field.inside, record.raw(field), code)]
        written = markup.like(record, field, ELEMENT, code).lstrip()
        return [Change(field.start, record.text[field.start : field.after], written)]
    last = max((field for fields in record.fields.values() for field in fields), key=lambda one: one.after)
    return [Change(last.after, "", markup.like(record, last, ELEMENT, code))]


def _astray(source: Source) -> LandXmlError:
    return LandXmlError(
        "parcels stand where the layout has no place for them; validate it first",
        vi="có thửa nằm ngoài chỗ mà định dạng quy định; hãy kiểm tra tệp trước",
        file=source.document.name,
    )
