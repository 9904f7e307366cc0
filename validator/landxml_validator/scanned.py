"""Scans: which files data names, and which lie beside the data.

Names are compared by their last part, within the folder that holds ``xml`` and ``ho-so-quet`` [E] format
study §2.1, or in the whole delivery where there is none. A name may say whose paper it is, so what leaves a
worker is its hash; and where nothing names a scan, the files are others that are not looked at.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator

import duckdb
import pyarrow as pa

from landxml.dictionary import Class, Dictionary
from landxml.documents import Document, Refusal, RefusedError, open_many
from landxml_validator import superseded

__all__ = ["NAMES", "create", "view"]

NAMES = "ScanNames"
"""Table of what data names, and with :func:`create` ``ScanFiles``."""
_FIELDS = {
    "ChiTietHoSoQuet": ("moTa", "tenFile"), "GiayChungNhan": ("banQuet",), "SoDiaChinh": ("banQuet",),
    "HanCheQuyen": ("banQuet",),
}  # fmt: skip
"""Fields that name a scan, by class; the first counts that has the name of a file, and is no key."""
_NAME = r"[^/\\]+\.(pdf|jpe?g|png|tiff?)$"
_WITHIN = {"xml", "ho-so-quet"}
"""What the folder of a commune holds."""
_HEAD = 1024
"""Bytes at the beginning in which a PDF says that it is one."""


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
    """Create ``ScanFiles`` and ``ScanFolders``.

    ``ScanFiles(_file, name, folder, fault)``: the files, by the hash of their names; ``fault`` is ``empty``,
    ``unreadable``, or ``content`` for a PDF that does not begin as one. ``ScanFolders(_file, folder)``: the
    folder of the commune of each file with data.
    """
    columns = ("_file", "name", "folder", "fault")
    rows = [(file.name, _hash(file.name, salt), _folder(file.name), fault) for file, fault in _looked(scans)]
    values = zip(*rows, strict=True) if rows else [()] * len(columns)
    found = {name: pa.array(each, pa.string()) for name, each in zip(columns, values, strict=True)}
    con.register("scan_files", pa.table(found))
    con.execute("CREATE TABLE ScanFiles AS FROM scan_files")
    con.unregister("scan_files")
    files = [name for (name,) in con.execute(f"SELECT DISTINCT _file FROM {NAMES}").fetchall()]
    con.register("of_data", pa.table({"_file": files, "folder": list(map(_folder, files))}))
    con.execute("CREATE TABLE ScanFolders AS FROM of_data")
    con.unregister("of_data")


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


def _looked(scans: Iterable[Document]) -> Iterator[tuple[Document, str | None]]:
    """Look at the beginning of each file."""
    for file, stream in open_many(scans):
        if isinstance(stream, Refusal):
            yield file, "unreadable"
        elif not file.size:
            yield file, "empty"
        else:
            try:
                pdf = b"%PDF-" in stream.read(_HEAD)
            except RefusedError:
                yield file, "unreadable"
            else:
                yield file, None if pdf or not file.name.lower().endswith(".pdf") else "content"
