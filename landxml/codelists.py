"""Code lists as dated data: what a code means, when it was in use, and what became of it.

Examples
--------
>>> import datetime as dt
>>> label("LoaiMucDichSuDung", "ODT", "en")
'urban residential land'
>>> [link.code for link in successors("LoaiMucDichSuDung", "BHK", dt.date(2026, 1, 1))]
['HNK']
>>> successors("LoaiMucDichSuDung", "BHK", dt.date(2020, 1, 1))
()
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Literal

import msgspec

import landxml_schemas
from landxml.dictionary import dictionary
from landxml.errors import LandXmlError
from landxml.layouts import builtin
from landxml.text import Text

__all__ = [
    "Code",
    "CodeList",
    "Evidence",
    "Link",
    "codelist",
    "equivalents",
    "label",
    "lists",
    "outcome",
    "successors",
]

Evidence = Literal["E", "E-law", "N", "I", "R"]
"""Read in a public source, in a legal text, in the press; inferred; recollected."""


class Code(msgspec.Struct, frozen=True):
    """A code with one meaning, and when it had it.

    Attributes
    ----------
    code, vi, en
        The code and what it means.
    valid_from, valid_to
        First and last day in the list; None where no document gives the day.
    deprecated
        Day from which, at the latest, a newer list does without it, although files still carry it.
    evidence, source
        Mark, and what it was read in.
    """

    code: str
    vi: str
    en: str
    valid_from: dt.date | None
    deprecated: dt.date | None
    valid_to: dt.date | None
    evidence: Evidence
    source: str

    def valid_on(self, day: dt.date) -> bool:
        """Tell whether the code is in the list on a day.

        >>> code = codelist("LoaiGiayChungNhan", dt.date(2026, 1, 1))[-1]
        >>> code.code, code.valid_on(dt.date(2024, 12, 31))
        ('98', False)
        """
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    def replaced_on(self, day: dt.date) -> bool:
        """Tell whether a newer list does without it by a day.

        >>> code = codelist("LoaiDoiTuongSuDungDat")[0]
        >>> code.code, code.replaced_on(dt.date(2026, 1, 1))
        ('NSD', False)
        """
        deprecated = self.deprecated is not None and self.deprecated <= day
        return deprecated or (self.valid_to is not None and self.valid_to < day)

    def used_on(self, day: dt.date) -> bool:
        """Tell whether the code is in the list on a day and no newer list does without it.

        >>> (code,) = [each for each in codelist("LoaiDoiTuongSuDungDat") if each.code == "GDC"]
        >>> code.used_on(dt.date(2024, 7, 30)), code.used_on(dt.date(2024, 7, 31))
        (True, False)
        """
        return self.valid_on(day) and not self.replaced_on(day)


class Link(msgspec.Struct, frozen=True):
    """Where a code leads: another code of the same list, and how sure that is."""

    code: str
    evidence: Evidence
    source: str

    @property
    def inferred(self) -> bool:
        """No document says so: inferred or recollected."""
        return self.evidence in {"I", "R"}


class CodeList(msgspec.Struct, frozen=True):
    """What there is to say about a list as a whole; ``fields`` are those that take its codes, by layout."""

    name: str
    vi: str
    en: str
    source: str
    fields: dict[str, tuple[str, ...]]


@cache
def lists() -> dict[str, CodeList]:
    """Return all code lists, by name."""
    fields: dict[str, dict[str, list[str]]] = {}
    for layout in builtin().values():
        for cls, field in dictionary(layout).fields():
            if field.codelist:
                used = fields.setdefault(field.codelist, {}).setdefault(layout.id, [])
                used.append(f"{cls.name}.{field.element}")
    return {
        name: CodeList(
            name,
            row["vi"],
            row["en"],
            row["source"],
            {layout: tuple(used) for layout, used in fields.get(name, {}).items()},
        )
        for name, row in landxml_schemas.codelists().items()
    }


@cache
def codelist(name: str, as_of: dt.date | None = None) -> tuple[Code, ...]:
    """Return the codes of a list that are in use on a day, in file order; without a day all that ever were.

    Where no document gives the day on which a code came into use, it counts as in use before.

    Raises
    ------
    LandXmlError
        If there is no such list.
    """
    if name not in landxml_schemas.codelists():
        raise LandXmlError(Text(f"không có danh mục “{name}”", f"there is no code list “{name}”"))
    rows = [
        {column: value or None for column, value in row.items()} for row in landxml_schemas.codelist(name)
    ]
    codes = msgspec.convert(rows, tuple[Code, ...])
    return codes if as_of is None else tuple(code for code in codes if code.used_on(as_of))


def label(name: str, code: str, lang: str = "vi", as_of: dt.date | None = None) -> str | None:
    """Return what a code means, in ``vi`` or ``en``; None if the list does not have it then.

    Of a code that changed its meaning, without a day the latest counts.

    >>> label("LoaiDoiTuongSuDungDat", "CDS", "en", dt.date(2020, 1, 1))
    'community or religious establishment'
    >>> label("LoaiDoiTuongSuDungDat", "CDS", "en")
    'community'
    """
    known = (item for item in codelist(name) if as_of is None or item.valid_on(as_of))
    found = [item for item in known if item.code == code]
    return (found[-1].en if lang == "en" else found[-1].vi) if found else None


def successors(name: str, code: str, as_of: dt.date) -> tuple[Link, ...]:
    """Return what a code has become by a day, if it was replaced by then.

    Several mean that only a person who knows the case can choose. None of them is ever to be taken silently:
    see :attr:`Link.inferred`.
    """
    replaced = any(item.replaced_on(as_of) for item in codelist(name) if item.code == code)
    return _links(name, "successor", "code").get(code, ()) if replaced else ()


def outcome(name: str, code: Code, as_of: dt.date | None = None) -> dict[str, tuple[Link, ...]]:
    """Return where one meaning of a code leads by a day (without a day, by now): ``successors``, ``same``."""
    day = as_of or dt.date.max
    replaced = successors(name, code.code, day) if code.replaced_on(day) else ()
    return {"successors": replaced, "same": equivalents(name, code.code)}


def equivalents(name: str, code: str) -> tuple[Link, ...]:
    """Return the codes of other vocabularies that mean the same, such as the number of a letter code.

    >>> [link.code for link in equivalents("LoaiNguonGocDat", "DG-KTT")]
    ['5']
    >>> [link.code for link in equivalents("LoaiGiayToTuyThan", "3")]
    ['CMSQ', 'CMQS']
    """
    codelist(name)
    there, back = (_links(name, "same", side).get(code, ()) for side in ("code", "target"))
    return there + back


@cache
def _links(name: str, relation: str, side: str) -> dict[str, tuple[Link, ...]]:
    """Links of one relation, by the code on one side; they lead to the other."""
    found: dict[str, tuple[Link, ...]] = {}
    other = "target" if side == "code" else "code"
    for row in landxml_schemas.crosswalk(name):
        if row["relation"] == relation:
            link = msgspec.convert({**row, "code": row[other]}, Link)
            found[row[side]] = (*found.get(row[side], ()), link)
    return found
