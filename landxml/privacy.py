"""What may be quoted of a file in a report or a message: what nobody can be known by; of all else the shape.

A name may stand in any field, not only where a name belongs. So a text is personal until it has a form that
names do not have: a word of the layouts, a code, a number of ordinary length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from pathlib import Path

import landxml_schemas
from landxml.layouts import builtin

__all__ = ["dated", "declared", "identifier", "key", "mask", "path", "plain", "said", "shown", "words"]

LONGEST = 40
"""Characters of a shape; of longer texts it says how many there are."""
DIGITS = 8
"""Most digits that are quoted: with nine begin the numbers of identity cards and telephones."""

_GUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_DOSSIER = re.compile(rf"(?:{_GUID}|tep-[0-9a-f]{{12}}|stt)(?:-truoc-\d{{1,8}}|-\d{{1,8}})*")
_PARCEL = re.compile(r"\d{5}-\d{1,5}-\d{1,5}(?:-{1,2}\d{1,9})?(?:-[A-Z]{3})?", re.ASCII)
"""Commune, sheet and parcel; what tells parcels of that number apart; a land use of it."""
_FORMS = re.compile(
    r"[a-z]{1,2}"  # a prefix
    r"|[+-]?\d{1,8}(?:[.,]\d{1,6})?"  # a number
    rf"|\{{?{_GUID}\}}?"
    r"|[HT]\d{11}|(?=\w*[b-z])[0-9b-hjkmnp-z]{12}"  # codes of certificates and parcels
    r"|urn:landxml:[a-z\-]{1,9}:[\d.]{1,5}|http://www\.opengis\.net/gml(?:/[\d.]{1,5})?"  # versions of ours
    r"|(?=\w*[a-f])[0-9a-f]{16}"  # the beginning of a hash
    r"|(?:urn:ogc:def:crs:EPSG:[\d.]{0,9}:|EPSG:|https?://www\.opengis\.net/def/crs/EPSG/[\d.]{1,9}/)\d{4,6}",
    re.ASCII,
)
_SHORT = re.compile(r"[-./ _+():\dA-ZĐa-zđ]+")
_LETTERS = re.compile(r"[A-ZĐ]{1,3}|[a-zđ]")
_DATE = re.compile(
    r"(?:\d{1,2}([-./ ])\d{1,2}\1[12]\d{3}|[12]\d{3}([-./ ])\d{1,2}\2\d{1,2})"  # 6652/1/1 is a parcel
    r"(?:[T ]\d{1,2}(?::\d{2}){1,2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)
_XML = (
    "id nil true false schemaLocation noNamespaceSchemaLocation ld gml xlink xsi xsi:nil xsi:type"
    " FeatureCollection LandXML CityModel kml gpx svg html page Workbook Envelope"
    " Point LineString Curve Surface CompositeSurface PolyhedralSurface MultiPolygon Solid str int bool float"
).split()
"""Names that XML, GML and Python have, and root elements of other formats that are taken for ours."""
_QUOTED = re.compile(
    r"""(['"“`])(.*?)(?:['"”`]|$)|\d{9,}|(?<=mismatch: )\S+|(?<=\d and )[^\s,]+""", re.DOTALL
)
"""What other programs quote; libxml2 names tags without quotation marks."""


def mask(value: object) -> str:
    """Return the shape of a value: which characters are capital letters, small letters, digits.

    >>> mask("Nguyễn Văn Mẫu"), mask(1975), mask("a" * 1000)
    ('‹Xxxxxx Xxx Xxx›', '‹9999›', '‹xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (1000)›')
    """
    text = unicodedata.normalize("NFC", str(value))
    cut = f"… ({len(text)})" if len(text) > LONGEST else ""
    return f"‹{''.join(map(_kind, text[:LONGEST]))}{cut}›"


def _kind(character: str) -> str:
    match unicodedata.category(character)[0]:
        case "L":
            return "x" if character.islower() else "X"
        case "N":
            return "9"
        case "M":
            return ""
        case "Z":
            return " "
    return character if character.isascii() and character.isprintable() else "•"


def shown(text: str, known: Collection[str] = ()) -> str:
    """Return a text as it is if nobody can be known by it, else its shape.

    >>> shown("06652"), shown("BA 123456"), shown("Lê Văn Mẫu"), shown("079085001234")
    ('06652', 'BA 123456', '‹Xx Xxx Xxx›', '‹999999999999›')
    """
    return text if plain(text.strip(), known) else mask(text)


def plain(text: str, known: Collection[str] = ()) -> bool:
    """Tell whether nobody can be known by a text, wherever it stands; ``known`` are words beside ours."""
    if len(text) <= 1 or _FORMS.fullmatch(text):
        return True
    if all(word.lower() in words() or word in known for word in re.split(r", |\+", text)):
        return True
    few = _SHORT.fullmatch(text) is not None and 0 < sum(map(str.isdecimal, text)) <= DIGITS
    letters = re.findall(r"[^\W\d_]+", text)
    return few and all(map(_LETTERS.fullmatch, letters)) and not dated(text)


def dated(text: str) -> bool:
    """Tell whether a text is a date, with or without a time of day: it may be a date of birth."""
    return _DATE.fullmatch(text) is not None


def identifier(text: str, known: Collection[str] = ()) -> str:
    """Return the id of a record, or what a reference names, with what may be personal in it masked.

    >>> identifier("CaNhan.30fc877a-0000-4000-8000-000000000000.1"), identifier("CaNhan.LeVanMau")
    ('CaNhan.30fc877a-0000-4000-8000-000000000000.1', 'CaNhan.‹XxXxxXxx›')
    >>> identifier("MucDichSuDung.06652-12-345-1-ODT"), identifier("CaNhan.022070000002")
    ('MucDichSuDung.06652-12-345-1-ODT', 'CaNhan.‹999999999999›')
    """
    name, *parts = text.split(".")
    if not parts or name.lower() not in words():
        return shown(text, known)
    *dossier, last = parts
    hidden = [part if _DOSSIER.fullmatch(part) else mask(part) for part in dossier]
    ours = _DOSSIER.fullmatch(last) or _PARCEL.fullmatch(last)
    return ".".join([name, *hidden, last if ours else shown(last, known)])


def key(text: str, known: Collection[str] = ()) -> str:
    """Return a business key (``06652/12/345``), several, or an id with what may be personal in it masked."""
    if ", " in text and not plain(text, known):
        return ", ".join(key(part, known) for part in text.split(", "))
    if dated(text) or text.count("/") > 2:  # there are keys of commune, sheet and number
        return shown(text, known)
    return "/".join(identifier(part, known) for part in text.split("/"))


def path(text: str, known: Collection[str] = ()) -> str:
    """Return the path of an element, with names of no layout masked.

    >>> path("HoSoXml/DC_CaNhan[2]/LeVanMau@id")
    'HoSoXml/DC_CaNhan[2]/‹XxXxxXxx›@id'
    """
    return re.sub(r"[^/@\[\]{}]+", lambda name: shown(name[0], known), text)


def said(text: str) -> str:
    """Return what another program says, with all that it quotes masked.

    >>> said("invalid literal: 'Lê Văn Mẫu'")
    "invalid literal: '‹Xx Xxx Xxx›'"
    """

    def quoted(found: re.Match[str]) -> str:
        mark, inside = found.groups()
        return f"{mark}{shown(inside)}{mark}" if mark else mask(found[0])

    return _QUOTED.sub(quoted, text)


@cache
def words() -> frozenset[str]:
    """Words that are ours, in small letters: names of the layouts and their namespaces, lists, codes."""
    lists = landxml_schemas.codelists()
    codes = {row["code"] for name in lists for row in landxml_schemas.codelist(name)}
    spaces = {layout.namespace for layout in builtin().values()}
    names = declared(landxml_schemas.path())
    return frozenset(map(str.lower, {*names, *lists, *codes, *builtin(), *spaces, *_XML}))


def declared(folder: Path) -> frozenset[str]:
    """Return the names of elements, attributes and types that a folder's schemas and dictionaries declare."""
    names = {"*.xsd": rb'\sname="([\w.\-]+)"', "dictionary.csv": rb"(?m)^\w*,(\w+),"}
    return frozenset(
        name.decode()
        for files, pattern in names.items()
        for file in folder.rglob(files)
        for name in re.findall(pattern, file.read_bytes())
    )
