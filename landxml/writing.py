"""Writing national packages: typed objects → one GML file, atomically and in constant memory."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import IO

import msgspec
import numpy as np
from lxml import etree

from landxml import layouts
from landxml.dictionary import national
from landxml.encoding import encode, unfit
from landxml.errors import LandXmlError
from landxml.files import writing
from landxml.model import Record, SieuDuLieu, SoBanGhi
from landxml.safe_xml import parser
from landxml.text import Text
from landxml.xsd_check import expected, schema_of, violations

__all__ = ["FOOTER", "HEADER", "write", "write_members"]

FOOTER = b"</ld:DuLieuDatDai>\n"
HEADER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<ld:DuLieuDatDai xmlns:ld="{national().namespace}" xmlns:gml="http://www.opengis.net/gml/3.2"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink">\n'
)

BATCH = 100
"""Records that are checked at a time: parsing them one by one takes twice as long."""

_MEMBER = re.compile(rb"<ld:thanhVien>\s*<ld:(\w+)")
_ID = re.compile(rb'gml:id="([^"]*)"')


def write(
    path: str | os.PathLike[str], objects: Iterable[Record], metadata: SieuDuLieu, *, force: bool = False
) -> SieuDuLieu:
    """Write a valid national package (one GML file), complete or not at all.

    Parameters
    ----------
    path
        File to write (:mod:`landxml.files`).
    objects
        Records in any order; each is checked as it is written.
    metadata
        Record counts and the SHA-256 of the members are filled in here.
    force
        Replace a file that exists, when the new one is complete.

    Returns
    -------
    SieuDuLieu
        The metadata as written.

    Raises
    ------
    LandXmlError
        If a value is missing, of another type than its field, or one that the schema refuses; if an id is
        used twice; if a boundary has no EPSG code. Names record, element and what was expected, never the
        value. If the file exists.
    OSError
        If the disk is full or the folder is not writable; nothing is left behind.
    """
    ids = array("q")
    checked = _checked(objects, metadata, ids)
    return write_members(path, checked, metadata, partial(_refuse_twice, ids), force=force)


def write_members(
    path: str | os.PathLike[str],
    members: Iterable[bytes],
    metadata: SieuDuLieu,
    check: Callable[[IO[bytes]], None] = lambda _: None,
    *,
    force: bool = False,
) -> SieuDuLieu:
    """Write a national package of members as :func:`encode` makes them, one by one or in runs, unchecked.

    ``check`` is called with all members before they are given a file. See :func:`write`.
    """
    counts: Counter[str] = Counter()
    digest = hashlib.sha256()
    with writing(path, force=force) as out, tempfile.TemporaryFile(dir=Path(out.name).parent) as collected:
        for member in members:
            counts.update(name.decode() for name in _MEMBER.findall(member))
            digest.update(member)
            collected.write(member)
        made = msgspec.structs.replace(
            metadata,
            so_ban_ghi=tuple(
                SoBanGhi(id=f"{metadata.id}.{name}", lop=name, so_luong=counts[name])
                for name in sorted(counts)
            ),
            ma_bam_noi_dung=digest.hexdigest(),
        )
        head = encode(made, "sieuDuLieu")
        _refuse_invalid([made], [head])
        out.write(HEADER.encode())
        out.write(head)
        collected.seek(0)
        check(collected)
        collected.seek(0)
        shutil.copyfileobj(collected, out, 1 << 20)
        out.write(FOOTER)
    return made


def _checked(records: Iterable[Record], metadata: SieuDuLieu, ids: array[int]) -> Iterator[bytes]:
    """Encode records that the schema allows, and keep the hashes of all ids in them."""
    head, rest = encode(metadata, "sieuDuLieu"), iter(records)
    while batch := list(islice(rest, BATCH)):
        if strange := {type(record).__name__ for record in batch} - _members():
            names = ", ".join(sorted(strange))
            raise LandXmlError(Text(f"gói không có chỗ cho {names}", f"a package has no place for {names}"))
        members = [encode(record) for record in batch]
        _refuse_invalid([metadata, *batch], [head, *members])
        for member in members:
            ids.extend(map(hash, _ID.findall(member)))
        yield from members


def _refuse_invalid(records: Sequence[Record], members: Sequence[bytes]) -> None:
    """Refuse what the schema refuses: all at once, and one by one only to say which it was."""
    xsd = schema_of(layouts.national())
    root = etree.fromstring(b"".join((HEADER.encode(), *members, FOOTER)), parser())
    if xsd.validate(root):
        return
    for record, member in zip(records, root, strict=True):
        for found in violations(xsd, member[0]):
            field = found.path.partition("/")[2] or found.params["element"]
            vi, en = expected(found.params)
            raise unfit(record, field, f"giá trị không hợp lệ; cần {vi}", f"not valid; expected {en}")
    raise LandXmlError(Text("gói không hợp lệ", "the package is not valid"))


def _refuse_twice(ids: array[int], members: Iterable[bytes]) -> None:
    """Refuse an id that stands twice; hashes say whether to look, so that memory need not hold all ids."""
    values, counts = np.unique(np.frombuffer(ids, np.int64), return_counts=True)
    suspects, seen = set(values[counts > 1].tolist()), set()
    for identifier in (i for line in members if suspects for i in _ID.findall(line) if hash(i) in suspects):
        if identifier in seen:
            raise LandXmlError(Text("mã bị dùng hai lần", "the id is used twice"), record=identifier.decode())
        seen.add(identifier)


@cache
def _members() -> frozenset[str]:
    """Classes of the records that a package holds beside its metadata."""
    return frozenset(cls.name for cls in national().features()) - {SieuDuLieu.__name__}
