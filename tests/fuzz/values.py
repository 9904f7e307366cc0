"""Mutations of values: what stands in elements and attributes."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from random import Random

from landxml.dictionary import Field, dictionary, national
from landxml.dossiers.classes import LAYOUT
from tests.fuzz.octets import Pool

NAME, NUMBER = "Zôquăx", "079188246813"
"""Synthetic personal data that no output may show: part of a name, an identity number."""
CANARIES = (f"{NAME} Thị Mật", NUMBER, f"{NAME} {NUMBER}", f"{NAME}, 12 phố Mẫu", f"{NAME}@example.org")

ODD = (
    "", " ", "  1 ", "1 ", "\t1\n", "0", "-0", "-1", "+1", "007", "1,5", "1.5", ".5", "5.", "1e5", "1e400",
    "NaN", "INF", "-INF", "Infinity", "9" * 19, "9" * 400, "0." + "0" * 60 + "1", "0x10", "٣", "१२", "½",
    "true", "TRUE", "có", "null", "None", "31/02/2020", "2020-02-30", "0000-00-00", "0001-01-01",
    "9999-12-31", "10000-01-01", "-2020-01-01", "2020-01-01T25:00:00", "2020-01-01T00:00:00+07:00",
    "20200101", "01/01/20", "1/7/2025", "=1+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "'; DROP TABLE x; --",
    "%s%n{0}{x}", "Nguy?n V?n", "\u202eabc\u202c", "\u200b", "\u00a0", "\ufeff", "\x85", "\u2028",
    "\U0001f600", "\ufffd", "Đ", "a" * 70_000, "./../..", "http://example.org/", "#", "$x",
    "NULL", "06652", "6652", "00007", "22", unicodedata.normalize("NFD", "Nguyễn Thị Mẫu"), "Nguyá»…n",
    "&lt;b&gt;", '{"vi": 1}',
)  # fmt: skip
SRS = (
    "", "EPSG:5899", "urn:ogc:def:crs:EPSG::5899", "urn:ogc:def:crs:EPSG::6956", "urn:ogc:def:crs:EPSG::4326",
    " urn:ogc:def:crs:EPSG::5899 ", "http://www.opengis.net/def/crs/EPSG/11.022/5899", "VN-2000", "EPSG:0",
    "urn:ogc:def:crs:EPSG::999999999", "EPSG:" + "9" * 30,
)  # fmt: skip
LEAF = re.compile(r"<([\w:.\-]+)(?:\s[^<>]*)?>([^<>]*)</\1\s*>")
VALUE = re.compile(r"\s([\w:.\-]+)=\"([^\"<]*)\"")


def _replaced(text: str, found: re.Match[str], group: int, new: str) -> str:
    return text[: found.start(group)] + new + text[found.end(group) :]


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def leaf(data: bytes, rng: Random, _: Pool) -> bytes:
    """Put something odd into an element."""
    if not (found := list(LEAF.finditer(text := _decoded(data)))):
        return data
    return _encoded(_replaced(text, rng.choice(found), 2, rng.choice(ODD)))


def attribute(data: bytes, rng: Random, _: Pool) -> bytes:
    """Put something odd, or the value of another, into an attribute."""
    if not (found := list(VALUE.finditer(text := _decoded(data)))):
        return data
    one, other = rng.choice(found), rng.choice(found)
    odd = rng.choice(ODD).replace("<", "")
    odd = rng.choice(SRS) if one[1] == "srsName" else rng.choice((odd, other[2]))
    return _encoded(_replaced(text, one, 2, odd.replace('"', "")))


def swap(data: bytes, rng: Random, _: Pool) -> bytes:
    """Put the value of one element into another."""
    if not (found := list(LEAF.finditer(text := _decoded(data)))):
        return data
    return _encoded(_replaced(text, rng.choice(found), 2, rng.choice(found)[2]))


def canary(data: bytes, rng: Random, _: Pool) -> bytes:
    """Put a name or number of a person into a field: the right one, or one of another form."""
    names, text = _private(), _decoded(data)
    found = [one for one in LEAF.finditer(text) if one[1].rpartition(":")[2] in names]
    return _encoded(_replaced(text, rng.choice(found), 2, rng.choice(CANARIES))) if found else data


@cache
def _private() -> frozenset[str]:
    """Return the elements in which such data are personal: all but those of free text that is not."""
    fields = [
        field
        for layout in (national(), dictionary(LAYOUT))
        for cls in layout.classes.values()
        for field in cls.fields
    ]
    free = {field.element for field in fields if _free(field)}
    return frozenset(field.element for field in fields) - free


def _free(field: Field) -> bool:
    bound = field.personal or field.pattern or field.codelist
    return field.kind == "text" and not bound


def position(data: bytes, rng: Random, _: Pool) -> bytes:
    """Change a number of a boundary, or leave it out, or repeat it."""
    found = list(re.finditer(r">([^<>]*)</gml:posList>", text := _decoded(data)))
    if not found:
        return data
    one = rng.choice(found)
    numbers = one[1].split()
    if numbers:
        at = rng.randrange(len(numbers))
        odd = rng.choice((*ODD[:24], numbers[0], "1e308", "437870.00000000001"))
        numbers[at : at + rng.choice((0, 1, 1, 2))] = [odd] * rng.choice((0, 1, 1, 9))
    return _encoded(_replaced(text, one, 1, " ".join(numbers)))


def decompose(data: bytes, rng: Random, _: Pool) -> bytes:
    text = _decoded(data)
    return _encoded(unicodedata.normalize("NFD" if rng.random() < 1 / 2 else "NFKD", text))


def refer(data: bytes, rng: Random, _: Pool) -> bytes:
    """Write letters as character references."""
    text = _decoded(data)
    which = (lambda c: not c.isascii()) if rng.random() < 1 / 2 else (lambda c: c.isdigit())
    return _encoded(LEAF.sub(lambda m: m[0].replace(m[2], _referred(m[2], which)) if m[2] else m[0], text))


def _referred(text: str, which: object) -> str:
    assert callable(which)
    return "".join(f"&#{ord(c)};" if which(c) and not "\udc80" <= c <= "\udcff" else c for c in text)


MUTATIONS = [leaf, leaf, leaf, attribute, swap, canary, canary, position, decompose, refer]
