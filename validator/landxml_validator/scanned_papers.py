"""Scanned papers: which files data names, and which lie beside the data.

Names are compared by their last part, within the folder that holds ``xml`` and ``ho-so-quet`` [E] format
study §2.1, or in the whole delivery where there is none. A name may say whose paper it is, so what leaves a
worker is its hash; and where nothing names a scan, the files are others that are not looked at.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa

from landxml.dictionary import Class, Dictionary
from landxml.documents import Document, Refusal, RefusedError, open_many
from landxml_validator import superseded
from landxml_validator.executors import Advance

__all__ = ["NAMES", "create", "read", "view"]

NAMES = "ScanNames"
"""Table of what data names."""
_FIELDS = {
    "ChiTietHoSoQuet": ("moTa", "tenFile"), "GiayChungNhan": ("banQuet",), "SoDiaChinh": ("banQuet",),
    "HanCheQuyen": ("banQuet",),
}  # fmt: skip
"""Fields that name a scan, by class; the first counts that has the name of a file, and is no key."""
_NAME = r"[^/\\]+\.(pdf|jpe?g|png|tiff?)$"
_WITHIN = {"xml", "ho-so-quet"}
"""What the folder of a commune holds."""
_EDGE = 1024
"""Bytes at the beginning and at the end in which a PDF says that it is one."""
_BLOCK = 2**20
_SIGNED = re.compile(rb"/ByteRange\s*\[")


def view(dictionary: Dictionary) -> str:
    """Return the query of ``ScanNames(_file, _part, _at, _id, cls, element, name)``."""
    place = "_file, _part, _at, _id"
    made = [f"SELECT {place}, cls, cls AS element, cls AS name FROM {superseded.TABLE} WHERE false"]
    made += [_named(cls, place) for cls in dictionary.classes.values() if cls.name in _FIELDS]
    return " UNION ALL ".join(made)


def _named(cls: Class, place: str) -> str:
    fields = _FIELDS[cls.name]
    texts = [f"nullif(regexp_extract(lower(nfc_normalize(trim({name}))), '{_NAME}'), '')" for name in fields]
    element = " ".join(
        f"WHEN {text} IS NOT NULL THEN '{name}'" for name, text in zip(fields, texts, strict=True)
    )
    return (
        f"SELECT {place}, '{cls.name}' AS cls, CASE {element} END AS element,"
        f" coalesce({', '.join(texts)}) AS name FROM {cls.name}"
        f" WHERE coalesce({', '.join(texts)}) IS NOT NULL"
    )


def create(con: duckdb.DuckDBPyConnection, scans: Iterable[Document], salt: str) -> None:
    """Create ``ScanFiles(_file, name, folder)``: the files, by the hash of their names; and ``ScanFolders``.

    ``ScanFolders(_file, folder)``: the folder of the commune of each file with data.
    """
    files = [(file.name, _hash(file.name, salt), _folder(file.name)) for file in scans]
    _fill(con, "ScanFiles", ("_file", "name", "folder"), files)
    names = [name for (name,) in con.execute(f"SELECT DISTINCT _file FROM {NAMES}").fetchall()]
    _fill(con, "ScanFolders", ("_file", "folder"), [(name, _folder(name)) for name in names])


def read(
    con: duckdb.DuckDBPyConnection, scans: Iterable[Document], advance: Advance = lambda _: None
) -> None:
    """Create ``ScanContents(_file, fault, signed)``, for which each scan is read to its end.

    ``fault`` is ``empty``, ``unreadable``, ``content`` for a PDF that does not begin as one, ``cut`` for one
    that does not end as one, ``image`` for a file that does not call itself PDF. ``signed`` says of a PDF
    without fault whether it holds a digital signature; whether that is valid is not looked at. ``advance``
    is told the bytes of each that was read.
    """
    rows = []
    for file, stream in open_many(scans):
        rows.append((file.name, *_content(file, stream)))
        advance(file.size)
    _fill(con, "ScanContents", ("_file", "fault", "signed"), rows)


def _fill(con: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...], rows: list[Any]) -> None:
    values = zip(*rows, strict=True) if rows else [()] * len(columns)
    kinds = [pa.bool_() if name == "signed" else pa.string() for name in columns]
    arrays = [pa.array(each, kind) for each, kind in zip(values, kinds, strict=True)]
    con.register("scan_rows", pa.table(arrays, names=list(columns)))
    con.execute(f"CREATE TABLE {table} AS FROM scan_rows")
    con.unregister("scan_rows")


def _hash(path: str, salt: str) -> str:
    """Hash the name of a file, as the macro ``hidden`` does."""
    name = unicodedata.normalize("NFC", path.rpartition("/")[2]).lower()
    return hashlib.sha256(f"{salt}{name}".encode()).hexdigest()


def _folder(path: str) -> str:
    """Return the folder of the commune in which a file lies; empty where it is not known."""
    above = path.split("/")[:-1]
    while above and above[-1].lower() not in _WITHIN:
        above.pop()
    return "/".join(above[:-1])


def _content(file: Document, stream: BinaryIO | Refusal) -> tuple[str | None, bool | None]:
    """Return what is wrong with a scan, and whether it is signed."""
    if isinstance(stream, Refusal):
        return "unreadable", None
    if not file.size:
        return "empty", None
    if not file.name.lower().endswith(".pdf"):
        return "image", None
    try:
        begins, ends, signed = _pdf(stream)
    except RefusedError:
        return "unreadable", None
    fault = None if begins and ends else "cut" if begins else "content"
    return fault, None if fault else signed


def _pdf(stream: BinaryIO) -> tuple[bool, bool, bool]:
    """Say whether bytes begin as a PDF, end as one, and hold a signature.

    A signature says which bytes it signs, so it is neither compressed nor encrypted (ISO 32000-1, 12.8.1).
    """
    block = stream.read(_BLOCK)
    begins, signed, last = b"%PDF-" in block[:_EDGE], False, b""
    while block:
        last = last[-_EDGE:] + block
        signed = signed or bool(_SIGNED.search(last))
        block = stream.read(_BLOCK)
    return begins, b"%%EOF" in last[-_EDGE:], signed
