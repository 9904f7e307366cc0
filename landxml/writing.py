"""Writing national packages: typed objects → one GML file, atomically and in constant memory."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import hashlib
import html
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import IO, Any

import msgspec
import shapely
from shapely.geometry.base import BaseGeometry

from landxml.dictionary import Kind, national
from landxml.model import STRUCTS, Record, SieuDuLieu, SoBanGhi

__all__ = ["encode", "filling", "refuse_forbidden", "replacing", "write"]

FOOTER = b"</ld:DuLieuDatDai>\n"
HEADER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<ld:DuLieuDatDai xmlns:ld="{national().namespace}" xmlns:gml="http://www.opengis.net/gml/3.2"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink">\n'
)

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold (section 2.2)."""
_MEMBER = re.compile(rb"<ld:([A-Z]\w*)")


def write(
    path: str | os.PathLike[str], objects: Iterable[Record | bytes], metadata: SieuDuLieu
) -> SieuDuLieu:
    """Write a national package (one GML file), complete or not at all.

    Parameters
    ----------
    path
        File to write; an existing one is replaced only when the new one is complete.
    objects
        Records in any order; bytes are members that :func:`encode` made before.
    metadata
        Record counts and the SHA-256 of the members are filled in here.

    Returns
    -------
    SieuDuLieu
        The metadata as written.

    Raises
    ------
    ValueError
        If a text holds a character that XML cannot hold; names record and element, never the value.
    OSError
        If the disk is full or the folder is not writable; nothing is left behind.
    """
    counts: Counter[str] = Counter()
    digest = hashlib.sha256()
    with replacing(path) as out, tempfile.TemporaryFile(dir=Path(path).absolute().parent) as members:
        for item in objects:
            member = item if isinstance(item, bytes) else encode(item)
            counts[_class_of(member)] += 1
            digest.update(member)
            members.write(member)
        made = msgspec.structs.replace(
            metadata,
            so_ban_ghi=tuple(
                SoBanGhi(id=f"{metadata.id}.{name}", lop=name, so_luong=counts[name])
                for name in sorted(counts)
            ),
            ma_bam_noi_dung=digest.hexdigest(),
        )
        out.write(HEADER.encode())
        out.write(_record(made, "sieuDuLieu"))
        members.seek(0)
        shutil.copyfileobj(members, out, 1 << 20)
        out.write(FOOTER)
    return made


def encode(record: Record) -> bytes:
    """Return the ``ld:thanhVien`` element of one record, prefixes undeclared, ending in a line break."""
    return _record(record, "thanhVien")


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open a temporary file that becomes ``path`` when the block ends well, and vanishes when it does not."""
    target = Path(path).absolute()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def filling(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary folder, whose content stands in ``path`` when the block ends well.

    Raises
    ------
    FileExistsError
        If there is something already; a folder may be there if it is empty.
    """
    target = Path(path).absolute()
    if target.is_dir() and any(target.iterdir()):
        raise FileExistsError(errno.ENOTEMPTY, "is not empty", os.fspath(path))
    if target.exists() and not target.is_dir():
        raise FileExistsError(errno.EEXIST, "exists", os.fspath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
        yield Path(folder)
        target.mkdir(exist_ok=True)  # a folder that was there stays: the user may be in it
        for item in Path(folder).iterdir():
            item.rename(target / item.name)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _class_of(member: bytes) -> str:
    found = _MEMBER.search(member)
    return found.group(1).decode() if found else "?"


def refuse_forbidden(text: str, records: Iterable[Record]) -> None:
    """Refuse a text made from records if it holds a character that XML cannot hold.

    Raises
    ------
    ValueError
        Names record and element, never the value, which may be personal.
    """
    if _FORBIDDEN.search(text):
        place = next((place for record in records for place in _forbidden(record)), "a record")
        raise ValueError(f"{place} holds a character that XML cannot hold")


def _forbidden(record: Record) -> Iterator[str]:
    """Where characters stand that XML cannot hold, in file order."""
    name = type(record).__name__
    if _FORBIDDEN.search(record.id):
        yield f"{name}: id"
        return
    for element, attribute, kind in _plan(name):
        value = getattr(record, attribute)
        for item in value if isinstance(value, tuple) else (value,):
            if kind == "object" and item is not None:
                yield from _forbidden(item)
            elif isinstance(item, str) and _FORBIDDEN.search(item):
                yield f"{record.id}: {element}"


def _record(record: Record, wrapper: str) -> bytes:
    lines = [f"<ld:{wrapper}>"]
    _lines(record, 0, lines)
    lines.append(f"</ld:{wrapper}>\n")
    text = "\n".join(lines)
    refuse_forbidden(text, [record])
    return text.encode()


def _lines(record: Record, depth: int, lines: list[str]) -> None:
    pad, name = " " * depth, type(record).__name__
    lines.append(f'{pad}<ld:{name} gml:id="{_text(record.id)}">')
    for element, attribute, kind in _plan(name):
        value = getattr(record, attribute)
        for item in value if isinstance(value, tuple) else () if value is None else (value,):
            if kind == "object":
                lines.append(f"{pad} <ld:{element}>")
                _lines(item, depth + 2, lines)
                lines.append(f"{pad} </ld:{element}>")
            elif kind == "reference":
                lines.append(f'{pad} <ld:{element} xlink:href="#{_text(item)}"/>')
            elif kind == "geometry":
                lines.append(
                    f"{pad} <ld:{element}>{_geometry(item, f'{record.id}.{element}')}</ld:{element}>"
                )
            else:
                lines.append(f"{pad} <ld:{element}>{_FORMS[kind](item)}</ld:{element}>")
    lines.append(f"{pad}</ld:{name}>")


def _text(value: str) -> str:
    return html.escape(value).replace("\r", "&#13;")


def _decimal(value: Decimal) -> str:
    return f"{value:f}"


def _bool(value: object) -> str:
    return "true" if value else "false"


def _date(value: dt.date | dt.datetime) -> str:
    return value.isoformat()


def _geometry(value: BaseGeometry, identifier: str) -> str:
    """GML of a polygon or multi-polygon; its SRID is the EPSG code of the file."""
    srs = f' srsName="urn:ogc:def:crs:EPSG::{shapely.get_srid(value)}"'
    if value.geom_type == "Polygon":
        return _polygon(value, identifier, srs)
    parts = "".join(
        f"<gml:surfaceMember>{_polygon(part, f'{identifier}.{n}', '')}</gml:surfaceMember>"
        for n, part in enumerate(value.geoms, 1)
    )
    return f'<gml:MultiSurface gml:id="{_text(identifier)}"{srs}>{parts}</gml:MultiSurface>'


def _polygon(value: Any, identifier: str, srs: str) -> str:
    rings = [("exterior", value.exterior), *(("interior", ring) for ring in value.interiors)]
    inside = "".join(
        f"<gml:{role}><gml:LinearRing><gml:posList>{_positions(ring)}</gml:posList></gml:LinearRing></gml:{role}>"
        for role, ring in rings
    )
    return f'<gml:Polygon gml:id="{_text(identifier)}"{srs}>{inside}</gml:Polygon>'


def _positions(ring: Any) -> str:
    return " ".join(map(repr, shapely.get_coordinates(ring).ravel().tolist()))


_FORMS: dict[Kind, Callable[[Any], str]] = {
    "text": _text, "guid": _text, "int": str, "year": str, "decimal": _decimal, "bool": _bool,
    "date": _date, "datetime": _date,
}  # fmt: skip


@cache
def _plan(name: str) -> tuple[tuple[str, str, Kind], ...]:
    """Element, attribute and kind of each field of a class, in file order."""
    infos = (info for info in msgspec.structs.fields(STRUCTS[name]) if info.name != "id")
    fields = national().classes[name].fields
    return tuple((field.element, info.name, field.kind) for field, info in zip(fields, infos, strict=True))
