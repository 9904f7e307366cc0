"""Legal documents as dated data: what they demand of land data, line by line.

Examples
--------
>>> line("TT19-2026/II.X.3.relations").citation.en
'Circular 19/2026/TT-BNNMT, Annex II, item X.3 (relations between objects)'
>>> document("TT19-2026/I").status(dt.date(2025, 7, 1))
'not-yet'
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import Literal

import msgspec

import landxml_schemas
from landxml.errors import LandXmlError
from landxml.nearest import nearest
from landxml.text import Text

__all__ = [
    "Document",
    "Kind",
    "Line",
    "Status",
    "Unit",
    "above",
    "cite",
    "document",
    "documents",
    "heading",
    "line",
    "lines",
]

Kind = Literal["law", "decree", "decision", "resolution", "circular", "plan", "practice"]
Unit = Literal["dossier", "object", "parcel", "page", "commune"]
Status = Literal["in-force", "not-yet", "ended", "unknown"]

_KINDS: dict[Kind, Text] = {
    "law": Text("Luật Đất đai", "Land Law"),
    "decree": Text("Nghị định", "Decree"),
    "decision": Text("Quyết định", "Decision"),
    "resolution": Text("Nghị quyết", "Resolution"),
    "circular": Text("Thông tư", "Circular"),
    "plan": Text("Kế hoạch", "Plan"),
    "practice": Text("Thông lệ tốt", "Good practice"),
}


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one place of a document demands of data, in words of our own.

    Attributes
    ----------
    vi, en
        What it is about.
    unit
        What is counted, where the document says so.
    why
        Why no rule serves it: what data cannot show. In the file it holds for the lines below, too.
    limits
        What the rules that serve it do not see.
    id
        ``<document>/<place>``, not in the file.
    """

    vi: str
    en: str
    unit: Unit | None = None
    why: Text | None = None
    limits: Text | None = None
    id: str = ""

    @property
    def text(self) -> Text:
        """What it is about."""
        return Text(self.vi, self.en)

    @property
    def citation(self) -> Text:
        """The document and the place in it."""
        return cite([self.id])


class Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A legal document, as far as it concerns data.

    Attributes
    ----------
    number, kind, issuer
        As on the document.
    title
        What it is about, in words of our own.
    issued, in_force, until
        The day on which it was issued; its first day, its last day; None where no source gives it.
    repeals
        What it ends or changes in other documents.
    evidence
        Mark, and where in the format study.
    lines
        What in it concerns data, by id.
    id
        Name of its file.
    """

    number: str
    kind: Kind
    title: Text
    evidence: str
    lines: dict[str, Line]
    issuer: Text | None = None
    issued: dt.date | None = None
    in_force: dt.date | None = None
    until: dt.date | None = None
    repeals: Text | None = None
    id: str = ""

    @property
    def name(self) -> Text:
        """Kind and number, as it is cited.

        >>> documents()["QD19-2025"].name
        Text(vi='Quyết định 19/2025/QĐ-TTg', en='Decision 19/2025/QD-TTg')
        """
        number = Text(self.number, self.number.replace("Đ", "D"))
        return (_KINDS[self.kind] + Text(" ", " ") + number).map(str.strip)

    @property
    def since(self) -> dt.date | None:
        """The first day, or the day of issue where only that is known: before it, it was not in force."""
        return self.in_force or self.issued

    def status(self, day: dt.date) -> Status:
        """Tell whether it is in force on a day, as far as is known."""
        if self.since and day < self.since:
            return "not-yet"
        if self.until and day > self.until:
            return "ended"
        return "in-force" if self.since or self.until else "unknown"


@cache
def documents() -> dict[str, Document]:
    """Return all documents, by id."""
    found = {}
    for path in sorted(landxml_schemas.path("circulars").glob("*.toml")):
        document = msgspec.toml.decode(path.read_bytes(), type=Document)
        lines: dict[str, Line] = {}
        for place, each in document.lines.items():
            id_ = f"{path.stem}/{place}"
            whys = [each.why, *(lines[wide].why for wide in above(id_) if wide in lines)]
            lines[id_] = msgspec.structs.replace(each, id=id_, why=next(filter(None, whys), None))
        found[path.stem] = msgspec.structs.replace(document, id=path.stem, lines=lines)
    return found


def document(line_id: str) -> Document:
    """Return the document in which a line stands."""
    return documents()[line_id.partition("/")[0]]


@cache
def lines() -> dict[str, Line]:
    """Return the lines of all documents, by id."""
    return {id_: each for document in documents().values() for id_, each in document.lines.items()}


def line(line_id: str) -> Line:
    """Return a line of a document.

    Raises
    ------
    LandXmlError
        If there is none; says which may be meant.

    Examples
    --------
    >>> line("TT10-2024/029")
    Traceback (most recent call last):
    landxml.errors.LandXmlError: no legal line is “TT10-2024/029”; did you mean TT10-2024/29?
    """
    if line_id in lines():
        return lines()[line_id]
    near, all_ = nearest(line_id, lines()), ", ".join(documents())
    hint = Text(f"có phải ý bạn là {near}?", f"did you mean {near}?")
    hint = hint if near else Text(f"có các văn bản: {all_}", f"there are the documents {all_}")
    said = Text(f"không có dòng “{line_id}” trong các văn bản; ", f"no legal line is “{line_id}”; ")
    raise LandXmlError(said + hint)


def heading(id_: str) -> Text:
    """Return the title of what stands under a line, with its item in an annex, or of a whole document.

    >>> heading("TT19-2026/II.X.3").en, heading("TT09-2024").en
    ('X.3 Cadastral spatial data', 'Structure of the national land database')
    """
    if id_ in documents():
        return documents()[id_].title
    item = ".".join(part for part in id_.partition("/")[2].split(".")[1:] if not part.islower())
    return line(id_).text.map(lambda text: f"{item} {text[0].upper()}{text[1:]}".strip())


def above(line_id: str) -> list[str]:
    """Return the ids of a line, of the lines above it, and of its document, from narrow to wide.

    >>> above("TT19-2026/II.X.3.relations")[:3]
    ['TT19-2026/II.X.3.relations', 'TT19-2026/II.X.3', 'TT19-2026/II.X']
    """
    document, _, place = line_id.partition("/")
    parts = place.split(".")
    return [f"{document}/{'.'.join(parts[:n])}" for n in range(len(parts), 0, -1)] + [document]


def cite(line_ids: Iterable[str]) -> Text:
    """Cite lines: each document once, with the places, and what is there where the place does not tell.

    >>> cite(["TT10-2024/8.9", "TT10-2024/PL05", "TT10-2024/terms"]).en
    'Circular 10/2024/TT-BTNMT, article 8.9, Annex 05 (how the term of use is worded)'
    """
    said = []
    for found, places in groupby(map(line, line_ids), key=lambda each: document(each.id)):
        said.append(sum(map(_place, places), found.name).map(lambda text: text.replace(") (", "; ")))
    return Text("; ".join(each.vi for each in said), "; ".join(each.en for each in said))


def _place(line: Line) -> Text:
    """Say where in its document a line stands: in an article if a digit comes first, else in an annex."""
    parts = line.id.partition("/")[2].split(".")
    numbers = [part for part in parts if not part.islower()]
    said = line.text.map(" ({})".format) if len(numbers) < len(parts) else Text("", "")
    if not numbers:
        return said
    first, rest = numbers[0].removeprefix("PL"), ".".join(numbers[1:])
    if numbers[0].isdecimal():
        inside = Text(f" khoản {rest}", f".{rest}")
        article = Text(f", điều {first}", f", article {first}")
        return article + (inside if rest else Text("", "")) + said
    inside = Text(f", mục {rest}", f", item {rest}") if rest else Text("", "")
    return Text(f", Phụ lục {first}", f", Annex {first}") + inside + said
