"""The part of an XML document around a line, read from front to back, with what may be personal masked."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator

import msgspec

from landxml.safe_xml import Readable

__all__ = ["Line", "Quote", "fragment"]

BLOCK = 1 << 20
BEFORE, WINDOW = 4_096, 200_000
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


class Line(msgspec.Struct, frozen=True):
    """A line of a document: its number, its text, whether it is what the finding is about.

    Of a line that was broken all but the first part have the number 0; so has ``…`` for lines left out.
    """

    number: int
    text: str
    marked: bool = False


def fragment(
    stream: Readable, line: int, *, encoding: str, named: str = "", field: str = "", quote: Quote
) -> list[Line]:
    """Return the element that begins at a line.

    Parameters
    ----------
    stream, encoding
        The document from its beginning.
    line
        Number of the line, from 1.
    named
        Id of the record: by it the element is found where many stand on one line.
    field
        Name of the element inside that is marked; without one it is the first line.
    quote
        What may be shown of a text.

    Returns
    -------
    list of Line
        At most :data:`LINES`, around those that are marked; empty if the document has no such line.
    """
    blocks = codecs.iterdecode(iter(lambda: stream.read(BLOCK), b""), encoding, "replace")
    text, begin, above = _found(blocks, line, f'"{named}"' if named else "")
    if begin < 0:
        return []
    if _is_line(text, begin):
        begin = _around_it(text, begin)
    number = above + text.count("\n", 0, begin) + 1
    lines = list(_lines(_masked(text, begin, quote), number, field))
    if not any(each.marked for each in lines):
        place = next((index for index, each in enumerate(lines) if each.number == line), 0)
        lines[place] = msgspec.structs.replace(lines[place], marked=True)
    return _around(lines)


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


def _found(blocks: Iterator[str], line: int, named: str) -> tuple[str, int, int]:
    """Return text, where the element begins in it, -1 if nowhere, and the number of line breaks before it."""
    kept, above = "", 0
    found = "", -1, 0
    for block in blocks:
        kept += block
        start = _after(kept, line - 1 - above)
        if start >= 0:
            at = kept.find(named, start) if named else -1
            if found[1] < 0 or at >= 0:
                found = kept, _begin(kept, start, at), above
            if not named or at >= 0 or "\n" in kept[start:]:
                break
        drop = max(len(kept) - BEFORE, 0)
        above += kept.count("\n", 0, drop)
        kept = kept[drop:]
    text, begin, above = found
    while begin >= 0 and len(text) < begin + WINDOW and (block := next(blocks, "")):
        text += block
    return text[: max(begin, 0) + WINDOW], begin, above


def _after(text: str, breaks: int) -> int:
    """Return where the text goes on after some line breaks; -1 if it has not so many."""
    at = 0
    for _ in range(breaks):
        at = text.find("\n", at) + 1
        if not at:
            return -1
    return at


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


def _lines(text: str, number: int, field: str) -> Iterator[Line]:
    named = re.compile(rf"<(?:[\w.\-]+:)?{re.escape(field)}[\s/>]") if field else None
    for at, line in enumerate(text.split("\n"), number):
        parts = re.split(r"(?<=>)(?=<)", line) if len(line) > WIDE else [line]
        for index, part in enumerate(parts):
            shown = part.rstrip("\r")
            yield Line(0 if index else at, shown, marked=bool(named and named.search(part)))


def _around(lines: list[Line]) -> list[Line]:
    """Leave lines out, but the first ones and those around the first that is marked."""
    marked = next(index for index, each in enumerate(lines) if each.marked)
    rest = LINES - FIRST
    begin = max(min(marked - rest // 2, len(lines) - rest), FIRST)
    shown = [*lines[:FIRST], *lines[begin : begin + rest]]
    if begin > FIRST:
        shown.insert(FIRST, Line(0, "…"))
    return shown if begin + rest >= len(lines) else [*shown, Line(0, "…")]
