"""National packages whose dossiers have a record of each class, with each field (``corpus/whole.toml``)."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from landxml import codelists, crs
from landxml.dictionary import Class, Field, national
from landxml.identifiers import geohash
from landxml.writing import FOOTER, HEADER

__all__ = ["AS_OF", "FILE", "Dossier", "Record", "class_of", "dossier", "members", "metadata", "package"]

AS_OF = dt.date(2026, 1, 1)
"""Day on which they conform."""
Record = dict[str, list[str]]
"""Element → texts; of a reference or an object the class and number that it goes to, as ``CaNhan.2``."""
Dossier = dict[str, Record]
"""Records by class and number."""
FILE = "SieuDuLieu", "SoBanGhi"
"""Classes that say something of a file."""
VALUES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "corpus/whole.toml").read_text("utf-8")
)
USUAL = {
    "text": "Mẫu", "int": "1", "decimal": "100.0", "bool": "false", "year": "2019", "date": "2020-05-20",
    "datetime": "2020-05-20T09:00:00", "guid": "{guid}", "geometry": "{boundary}",
}  # fmt: skip
WEST, SOUTH, SIDE, APART, ROW = 437500, 2318500, 10, 15, 100
"""Corner of the first parcel, its sides, from one to the next, all in metres; parcels in a row, and rows."""
WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
"""Of the digits of a tax code."""


def dossier(n: int) -> Dossier:
    """Return the records of a dossier; by its number it differs from others in all that may be there once."""
    names = [f"{cls}.1" for cls in national().classes if cls not in FILE]
    return {name: _record(name, n) for name in [*names, *(name for name in VALUES if name.endswith(".2"))]}


def members(dossiers: Iterable[tuple[int, Dossier]]) -> str:
    """Return the members of a package: dossiers with their numbers."""
    return "".join(
        f"<ld:thanhVien>\n{_xml(records, name, n)}</ld:thanhVien>\n"
        for n, records in dossiers
        for name in records
        if class_of(name).owner is None
    )


def metadata(text: str, n: int = 0) -> Dossier:
    """Return the metadata of a package with these members, and its number."""
    found = Counter(re.findall("<ld:thanhVien>\n<ld:(\\w+)", text))
    counts = {
        f"SoBanGhi.{n}": {"lop": [cls], "soLuong": [str(found[cls])]}
        for n, cls in enumerate(sorted(found), 1)
    }
    told = {"soBanGhi": [*counts], "maBamNoiDung": [hashlib.sha256(text.encode()).hexdigest()]}
    return {"SieuDuLieu.1": _record("SieuDuLieu.1", n) | told} | counts


def package(head: Dossier, text: str, n: int = 0) -> bytes:
    """Return the package with this metadata and these members, and a number."""
    return (
        f"{HEADER}<ld:sieuDuLieu>\n{_xml(head, 'SieuDuLieu.1', n)}</ld:sieuDuLieu>\n{text}".encode() + FOOTER
    )


def class_of(name: str) -> Class:
    """Return the class of a record, or of what a reference goes to."""
    return national().classes[name.partition(".")[0]]


def _record(name: str, n: int) -> Record:
    cls, _, number = name.partition(".")
    said = VALUES["any"] | VALUES.get(cls, {}) | VALUES.get(name, {})
    known = _known(n)
    record = {}
    for field in class_of(name).fields:
        value = said.get(field.element, _usual(field, number))
        texts = [value] if isinstance(value, str) else value
        record[field.element] = [text.format_map(known) for text in texts if text]
    return record


def _usual(field: Field, number: str) -> str:
    if field.targets:
        return f"{field.targets[0]}.{number if field.kind == 'object' else 1}"
    return codelists.codelist(field.codelist, AS_OF)[0].code if field.codelist else USUAL[field.kind]


@cache
def _known(n: int) -> dict[str, Any]:
    """Return what stands in braces."""
    west, south = WEST + n % ROW * APART, SOUTH + n // ROW % ROW * APART
    lon, lat = crs.to_wgs84([west + SIDE / 2], [south + SIDE / 2], 5899)
    corners = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
    return {
        "n": n,
        "guid": uuid5(NAMESPACE_URL, str(n)),
        "code": geohash.texts(geohash.encode(lon, lat))[0].decode(),
        "tax": next(filter(None, (_tax(f"{start}{n:07}") for start in (98, 97)))),
        "boundary": " ".join(f"{west + x * SIDE}.0 {south + y * SIDE}.0" for x, y in corners),
    }


def _tax(digits: str) -> str:
    """Return a tax code with its check digit; an empty one where that would be ten."""
    check = 10 - sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11
    return f"{digits}{check}" if check < 10 else ""


def _xml(records: Dossier, name: str, n: int) -> str:
    cls = class_of(name)
    inside = "".join(
        _element(records, field, text, n)
        for field in cls.fields
        for text in records[name].get(field.element, ())
    )
    return f'<ld:{cls.name} gml:id="{_id(name, n)}">\n{inside}</ld:{cls.name}>\n'


def _element(records: Dossier, field: Field, text: str, n: int) -> str:
    if field.kind == "reference":
        return f'<ld:{field.element} xlink:href="#{_id(text, n)}"/>\n'
    if field.kind == "object":
        inside = f"\n{_xml(records, text, n)}" if text in records else ""
    elif field.kind == "geometry":
        inside = (
            f'<gml:Polygon gml:id="RanhGioi.{n}.1" srsName="urn:ogc:def:crs:EPSG::5899"><gml:exterior>'
            f"<gml:LinearRing><gml:posList>{text}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
        )
    else:
        inside = html.escape(text, quote=False)
    return f"<ld:{field.element}>{inside}</ld:{field.element}>\n"


def _id(name: str, n: int) -> str:
    """Return the id of a record; one that names its dossier is that of another."""
    cls, _, number = name.partition(".")
    return name if "." in number else f"{cls}.{n}.{number}"
