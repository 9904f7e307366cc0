"""Writing codes into documents, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import IO, BinaryIO

from landxml.dictionary import national
from landxml.errors import LandXmlError
from landxml.identifiers import geohash
from landxml.text import Text
from landxml_remap import edits, patch
from landxml_remap.parcel_codes.plan import ELEMENT, PARCEL, Flags, Parcels, Source
from landxml_remap.patch import Change, Record

__all__ = ["write_codes"]

METADATA, DIGEST = "SieuDuLieu", "maBamNoiDung"


def write_codes(source: Source, parcels: Parcels, write: Flags, stream: BinaryIO, out: IO[bytes]) -> None:
    """Copy a document with the codes that the plan says."""
    rows = iter(range(source.begin, source.end))
    moved: int | None = None  # line of the first parcel that does not stand where one was read
    digests: list[Change] = []

    def decide(record: Record) -> list[Change]:
        nonlocal moved
        if record.cls == METADATA:
            return patch.sealed(record, DIGEST) if source.true else []
        if record.cls != PARCEL:
            return []
        row = next(rows, None)
        if moved is None and (row is None or record.line != parcels.line[row]):
            moved = record.line
        if row is None or (write[row] and not record.fields):
            raise _astray(source, moved or record.line)
        return (
            [edits.put(record, ELEMENT, geohash.texts(parcels.new[[row]])[0].decode())] if write[row] else []
        )

    def note(record: Record, changes: list[Change]) -> None:
        digests.extend(changes if record.cls == METADATA else [])

    encoding = patch.codec(source.encoding, patch.first_bytes(stream))
    patch.edit(stream, out, encoding, classes=_classes(), skipped="", decide=decide, note=note)
    if next(rows, None) is not None:
        raise _astray(source, moved)
    for placed in digests:
        patch.reseal(out, placed, encoding)


@cache
def _classes() -> Mapping[str, tuple[str, ...]]:
    """Parcels with the elements up to the code; what is nested in them, lest its elements count as theirs."""
    classes = national().classes
    elements = [field.element for field in classes[PARCEL].fields]
    before = tuple(elements[: elements.index(ELEMENT) + 1])
    nested = {name: () for name, cls in classes.items() if cls.owner}
    return {PARCEL: before, METADATA: (DIGEST,), **nested}


def _astray(source: Source, line: int | None) -> LandXmlError:
    return LandXmlError(
        Text(
            "có thửa nằm ngoài chỗ mà định dạng quy định; landxml validate cho biết rõ hơn",
            "a parcel stands where the layout has no place for it; landxml validate tells more",
        ),
        file=source.document.name,
        line=line,
    )
