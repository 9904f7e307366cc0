"""Parts of an XML document around lines, read from front to back, with what may be personal masked."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec

from landxml import privacy
from landxml.safe_xml import Readable
from landxml_validator.privacy import value
from landxml_validator.quoted import DocumentLine
from landxml_validator.result import Finding

__all__ = ["Quote", "Sought", "fragments", "masked", "shown", "sought"]

BLOCK = 1 << 20
BEFORE, WINDOW = 40_000, 200_000
"""Characters before the line and from it on that are looked at."""
LINES, FIRST = 40, 6
"""Most lines of a fragment; so many of them are its first."""
WIDE = 400
"""Characters from which a line is broken between elements: some files have a single line."""
LONGEST = 120
"""Characters of a list of coordinates that are shown."""

Quote = Callable[[str, str], str]
"""Path of an element or attribute (``ThuaDat/@id``; ``""``: a name), and its text → what may be shown."""

_TOKEN = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<[^>]*>|[^<]+", re.DOTALL)
_NAME = re.compile(r"</?\s*((?:[\w.\-]+:)?)([\w.\-]+)")
_ATTRIBUTE = re.compile(r"""(\s+)((?:[\w.\-]+:)?)([\w.\-]+)\s*=\s*(["'])(.*?)\4""", re.DOTALL)
_PREFIXES = frozenset({"", "ld:", "gml:", "xlink:", "xsi:", "xmlns:", "wfs:", "app:"})
_COORDINATES = re.compile(r"(?:[+-]?\d{1,8}(?:\.\d{1,15})?(?:\s+|$)){2,}", re.ASCII)
"""A number of a person has more digits (:data:`landxml.privacy.DIGITS`)."""
_START = re.compile(r"<[^/!?\s]")


class Sought(NamedTuple):
    """What is looked for: the element that begins at a line, from 1.

    ``named`` is the id of the record: by it the element is found where many stand on one line; ``field`` the
    name of the element inside that is marked, without one the first line is.
    """

    line: int
    named: str = ""
    field: str = ""


def sought(finding: Finding) -> Sought:
    """Return what a finding is about."""
    field = finding.path.rpartition("/")[2].partition("[")[0].partition("@")[0]
    return Sought(finding.at, finding.id, field)


def shown(_: str, text: str) -> str:
    """Show everything in clear."""
    return text


def masked(path: str, text: str) -> str:
    """Return the name of an element, its text, or that of an attribute, with what may be personal masked."""
    if not path:
        return privacy.path(text)
    name = path.rpartition("/")[2]
    if name == "@href" and text.startswith("#"):
        return f"#{privacy.identifier(text[1:])}"
    return privacy.identifier(text) if name.startswith("@") else value(path, text)


def fragments(
    stream: Readable, wanted: Iterable[Sought], *, encoding: str, quote: Quote
) -> Iterator[list[DocumentLine]]:
    """Yield the elements that are looked for, in one reading.

    Parameters
    ----------
    stream, encoding
        The document from its beginning.
    wanted
        By line.
    quote
        What may be shown of a text.

    Yields
    ------
    list of DocumentLine
        At most :data:`LINES`, around those that are marked; empty if the document has no such line.
    """
    document = _Reader(stream, encoding)
    for each in wanted:
        text, begin, first = _found(document, each)
        yield _fragment(text, begin, first, each, quote) if begin >= 0 else []


def _fragment(text: str, begin: int, first: int, wanted: Sought, quote: Quote) -> list[DocumentLine]:
    if _is_line(text, begin):
        begin = _around_it(text, begin)
    number = first + text.count("\n", 0, begin)
    lines = list(_lines(_masked(text, begin, quote), number, wanted.field))
    if not any(each.marked for each in lines):
        place = next((index for index, each in enumerate(lines) if each.number == wanted.line), 0)
        lines[place] = msgspec.structs.replace(lines[place], marked=True)
    return _around(lines)


class _Reader:
    """The text of a document, of which some is in memory: line ``line`` begins there at ``at``.

    ``inside`` tells that the text does not begin with a line; then ``at`` is 0 for the line that it is in.
    """

    def __init__(self, stream: Readable, encoding: str) -> None:
        self.blocks = codecs.iterdecode(iter(lambda: stream.read(BLOCK), b""), encoding, "replace")
        self.text, self.line, self.at, self.inside = next(self.blocks, ""), 1, 0, False

    def start(self, line: int) -> int:
        """Return where a line begins, -1 if that is not in memory yet; lines are asked for in order."""
        while self.line < line:
            after = self.text.find("\n", self.at) + 1
            if not after:
                return -1
            self.line, self.at = self.line + 1, after
        return self.at

    def extend(self) -> bool:
        """Read on; tell whether there was more."""
        block = next(self.blocks, "")
        self.text += block
        return bool(block)

    def advance(self) -> bool:
        """Read on, and drop what lies far behind."""
        drop = max(len(self.text) - BEFORE, 0)
        self.inside = self.text[drop - 1] != "\n" if drop else self.inside
        self.text, self.at = self.text[drop:], max(self.at - drop, 0)
        return self.extend()


def _found(document: _Reader, wanted: Sought) -> tuple[str, int, int]:
    """Return text, where the element begins in it, -1 if nowhere, and the number of the line it begins in."""
    named = f'"{wanted.named}"' if wanted.named else ""
    found = "", -1, 0
    while True:
        start = document.start(wanted.line)
        while start >= 0 and len(document.text) < start + WINDOW and document.extend():
            pass
        if start >= 0:
            at = document.text.find(named, start) if named else -1
            if at >= 0 or (found[1] < 0 and (start or not document.inside)):
                begin = _begin(document.text, start, at)
                while len(document.text) < begin + WINDOW and document.extend():
                    pass
                low, high = max(begin - BEFORE, 0), max(begin, 0) + WINDOW
                first = wanted.line - document.text.count("\n", low, start)
                found = document.text[low:high], begin - low, first
            if not named or at >= 0 or document.text.find("\n", start) >= 0:
                return found
        if not document.advance():
            return found


def _is_line(text: str, begin: int) -> bool:
    """Tell whether an element, such as a field, ends on its line."""
    line = text[begin : text.find("\n", begin) % (len(text) + 1)].strip()
    name = _NAME.match(line)
    return name is not None and line.endswith((f"{name[2]}>", "/>")) and len(line) < WIDE


def _around_it(text: str, begin: int) -> int:
    """Return where the element begins that holds one; that itself, if it is not in the text."""
    above: list[int] = []
    for found in _TOKEN.finditer(text, 0, begin):
        if found[0].startswith("</"):
            above = above[:-1]
        elif _NAME.match(found[0]) and not found[0].endswith("/>"):
            above.append(found.start())
    return above[-1] if above else begin


def _begin(text: str, start: int, named: int) -> int:
    """Return where the tag begins that holds the name, else the first of the line, else the one before it."""
    end = text.find("\n", start) % (len(text) + 1)
    if start <= named < end:
        return text.rfind("<", 0, named)
    first = _START.search(text, start, end)
    return first.start() if first else text.rfind("<", 0, start)


def _masked(text: str, begin: int, quote: Quote) -> str:
    """Return an element, to its end tag or to that of the text."""
    indent = text[text.rfind("\n", 0, begin) + 1 : begin]
    parts, holders = ["" if indent.strip() else indent], list[str]()
    for token in (found[0] for found in _TOKEN.finditer(text, begin)):
        if token.startswith(("<!", "<?")):
            inside = token.removeprefix("<![CDATA[").removesuffix("]]>")
            parts.append(quote("/".join(holders), inside) if inside != token else "<!-- … -->")
        elif name := _NAME.match(token):
            path = "/".join([*holders, name[2]])
            parts.append(_tag(token, path, name, quote))
            if token.startswith("</"):
                holders = holders[:-1]
            elif not token.endswith("/>"):
                holders.append(name[2])
            if not holders:
                break
        else:
            parts.append(_text(token, "/".join(holders), quote))
    return "".join(parts)


def _tag(token: str, path: str, name: re.Match[str], quote: Quote) -> str:
    """Return a tag with its attributes, and nothing else that stands in it."""
    attributes = "".join(
        f"{blank}{_named(prefix, one, quote)}={mark}{quote(f'{path}/@{one}', value)}{mark}"
        for blank, prefix, one, mark, value in _ATTRIBUTE.findall(token)
    )
    end = "/>" if token.endswith("/>") else ">"
    return f"{token[:2] if token[1] == '/' else '<'}{_named(name[1], name[2], quote)}{attributes}{end}"


def _named(prefix: str, name: str, quote: Quote) -> str:
    return f"{prefix if prefix in _PREFIXES else quote('', prefix)}{quote('', name)}"


def _text(token: str, path: str, quote: Quote) -> str:
    said = token.strip()
    if not said:
        return token
    if _COORDINATES.fullmatch(said):
        shown = said if len(said) <= LONGEST else f"{said[:LONGEST]} …"
    else:
        shown = quote(path, said)
    return token.replace(said, shown, 1)


def _lines(text: str, number: int, field: str) -> Iterator[DocumentLine]:
    named = re.compile(rf"<(?:[\w.\-]+:)?{re.escape(field)}[\s/>]") if field else None
    for at, line in enumerate(text.split("\n"), number):
        parts = re.split(r"(?<=>)(?=<)", line) if len(line) > WIDE else [line]
        for index, part in enumerate(parts):
            shown = part.rstrip("\r")
            yield DocumentLine(0 if index else at, shown, marked=bool(named and named.search(part)))


def _around(lines: list[DocumentLine]) -> list[DocumentLine]:
    """Leave lines out, but the first ones and those around the first that is marked."""
    marked = next(index for index, each in enumerate(lines) if each.marked)
    rest = LINES - FIRST
    begin = max(min(marked - rest // 2, len(lines) - rest), FIRST)
    shown = [*lines[:FIRST], *lines[begin : begin + rest]]
    if begin > FIRST:
        shown.insert(FIRST, DocumentLine(0, "…"))
    return shown if begin + rest >= len(lines) else [*shown, DocumentLine(0, "…")]
