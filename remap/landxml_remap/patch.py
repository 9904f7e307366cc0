"""Changing texts in XML without touching anything else: indentation, attributes, order, encoding stay.

The documents have been parsed before, so they are well-formed and have no DOCTYPE. Then one regular
expression finds tags exactly, if it passes over comments, CDATA sections and processing instructions.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, BinaryIO, NamedTuple

from landxml.digests import digest_of
from landxml.encoding import escaped
from landxml.errors import LandXmlError
from landxml.safe_xml import Readable
from landxml.text import Text

__all__ = [
    "Change",
    "Field",
    "Record",
    "changed_since",
    "codec",
    "edit",
    "first_bytes",
    "like",
    "replaced",
    "replay",
    "reseal",
    "sealed",
]

BLOCK = 1 << 20


class Field(NamedTuple):
    """An element of a record: where it stands in the text, from its start tag to behind its end tag."""

    start: int
    inside: int
    end: int
    after: int


class Record(NamedTuple):
    """A record: its class, the elements asked for, the text that all places refer to, and its line.

    ``at`` is the place behind its start tag, which ends on that line.
    """

    cls: str
    fields: dict[str, list[Field]]
    text: str
    line: int
    at: int

    def raw(self, field: Field) -> str:
        """Return the content of an element as it is written."""
        return self.text[field.inside : field.end]

    def value(self, field: Field) -> str:
        """Return the content of an element as a parser reads it."""
        return plain(self.raw(field))

    def around(self, field: Field) -> tuple[int, int]:
        """Return where an element begins and ends with the white space in front of it."""
        start = field.start
        while start and self.text[start - 1] in " \t\r\n":
            start -= 1
        return start, field.after


class Change(NamedTuple):
    """A replacement: where, in characters; what stood there, what stands there now."""

    at: int
    old: str
    new: str
    byte: int = -1  # where in the bytes of the document that is written


Decide = Callable[[Record], list[Change]]
"""What becomes of a record: changes at places in its text. Called in the order in which records end."""
Note = Callable[[Record, list[Change]], None]
"""Told the changes of each record, now at places in the document that is written."""

_HIDDEN = r"!--.*?(?:-->|\Z)|!\[CDATA\[.*?(?:\]\]>|\Z)|\?.*?(?:\?>|\Z)"
_ATTRIBUTES = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
_ATTRIBUTE = re.compile(r"""\s+([^\s=]+)\s*=\s*(?:"[^"]*"|'[^']*')""")
_PART = re.compile(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_WRITTEN = re.compile(rf"{_PART.pattern}|&[^;]*;|\r\n|.", re.DOTALL)
_LETTER = re.compile(r"\r\n|.", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(\w+));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


def plain(raw: str) -> str:
    """Return the text that a parser reads where this is written."""
    if "<" not in raw:
        return _unescaped(raw) if "&" in raw or "\r" in raw else raw
    texts, start = [], 0
    for found in _PART.finditer(raw):
        texts += [
            _unescaped(raw[start : found.start()]),
            (found[1] or "").replace("\r\n", "\n").replace("\r", "\n"),
        ]
        start = found.end()
    return "".join([*texts, _unescaped(raw[start:])])


def _unescaped(raw: str) -> str:
    return _REFERENCE.sub(_referred, raw.replace("\r\n", "\n").replace("\r", "\n"))


def _referred(reference: re.Match[str]) -> str:
    hexadecimal, decimal, name = reference.groups()
    return _NAMED[name] if name else chr(int(hexadecimal, 16) if hexadecimal else int(decimal))


def _letters(raw: str) -> Iterator[tuple[int, int, bool]]:
    """Yield for each character that a parser reads where it is written, and whether in a CDATA section."""
    for found in _WRITTEN.finditer(raw):
        if found[1] is not None:
            for letter in _LETTER.finditer(raw, found.start(1), found.end(1)):
                yield letter.start(), letter.end(), True
        elif not found[0].startswith(("<!--", "<?")):
            yield found.start(), found.end(), False


def replaced(record: Record, field: Field, old: str, new: str) -> Change:
    """Put a text in the place of the last one like ``old`` in an element; all else that it holds stays.

    However the old text is written (references, CDATA sections), the change holds nothing beside it: what
    stands before it may be a person's.
    """
    raw, value = record.raw(field), record.value(field)
    at = value.rindex(old)
    if raw == value:
        return Change(field.inside + at, old, escaped(new))
    letters = list(_letters(raw))
    (start, _, opened), (_, end, open_) = letters[at], letters[at + len(old) - 1]
    whole = raw[start:end]
    if opened and "]]>" not in whole:
        return Change(field.inside + start, whole, new)
    text = f"{']]>' if opened else ''}{escaped(new)}{'<![CDATA[' if open_ else ''}"
    return Change(field.inside + start, whole, text)


def like(record: Record, sibling: Field, element: str, value: str) -> str:
    """Write an element in the manner of a sibling: same namespace and prefix, same white space in front."""
    start, _ = record.around(sibling)
    tag = record.text[sibling.start : sibling.inside]
    name = re.split(r"[\s/>]", tag[1:], maxsplit=1)[0]
    name = name[: name.rfind(":") + 1] + element
    # What a start tag declares holds in its own element only.
    declared = (found[0] for found in _ATTRIBUTE.finditer(tag) if found[1].split(":")[0] == "xmlns")
    return f"{record.text[start : sibling.start]}<{name}{''.join(declared)}>{escaped(value)}</{name}>"


def _grammar(classes: Mapping[str, Iterable[str]], skipped: str) -> re.Pattern[str]:
    names = sorted(
        {*classes, *(name for fields in classes.values() for name in fields), *filter(None, [skipped])}
    )
    name = f"(?:[\\w.-]+:)?(?P<{{}}>{'|'.join(names)})"
    start = rf"{name.format('start')}(?=[\s/>]){_ATTRIBUTES}>"
    return re.compile(rf"<(?:/{name.format('stop')}\s*>|{start}|{_HIDDEN})", re.DOTALL)


class _Scanner:
    """Finds records in a text that comes in pieces.

    A record is given out when it has ended; ``skipped`` is an element whose inside counts for nothing.
    """

    def __init__(self, classes: Mapping[str, Iterable[str]], skipped: str) -> None:
        self.classes = classes
        self.skipped = skipped
        self.grammar = _grammar(classes, skipped)
        self.line = 1

    def scan(self, text: str) -> tuple[list[Record], int]:
        """Return the records that a text holds whole, in the order of their ends, and how far it is done."""
        records: list[Record] = []
        done, whole = 0, 0
        line, counted = self.line, 0
        open_: list[Record] = []
        field: tuple[str, int, int] | None = None
        inside_skipped = 0
        for found in self.grammar.finditer(text):
            name = found["start"] or found["stop"]
            if name is None:
                continue
            starts, empty = found["start"] is not None, text[found.end() - 2] == "/"
            if name == self.skipped:
                inside_skipped += 0 if starts and empty else 1 if starts else -1
            elif inside_skipped:
                continue
            elif name in self.classes:
                if starts:
                    line, counted = line + text.count("\n", counted, found.end()), found.end()
                    open_.append(Record(name, {}, text, line, found.end()))
                if not starts or empty:
                    records.append(open_.pop())
            elif open_ and name in self.classes[open_[-1].cls]:
                if starts and not empty:
                    field = (name, found.start(), found.end())
                elif field or empty:
                    at = field or (name, found.start(), found.end())
                    made = Field(at[1], at[2], at[2] if empty else found.start(), found.end())
                    open_[-1].fields.setdefault(name, []).append(made)
                    field = None
            if not open_ and not inside_skipped:
                done, whole = found.end(), len(records)
        if not (open_ or inside_skipped or text.find("<!", done) >= 0 or text.find("<?", done) >= 0):
            done = max(done, text.rfind("<"))  # the rest is quiet up to the last tag, which may be cut
        self.line += text.count("\n", 0, done)
        return records[:whole], done


def edit(
    stream: Readable,
    out: IO[bytes],
    encoding: str,
    *,
    classes: Mapping[str, Iterable[str]],
    skipped: str,
    decide: Decide,
    note: Note,
) -> None:
    """Copy a document, with the changes that are decided on record by record.

    Parameters
    ----------
    classes
        Classes of records, and the elements of each that may be changed.
    skipped
        Element whose inside is copied unseen; ``""`` if there is none.

    Raises
    ------
    LandXmlError
        If the document cannot be written in its encoding exactly as it was.
    """
    scanner, writer = _Scanner(classes, skipped), _Writer(out, encoding)
    text = ""
    for piece, last in _pieces(stream, encoding):
        text += piece
        records, done = scanner.scan(text)
        decided = [(change, record) for record in records for change in decide(record)]
        placed: dict[int, list[Change]] = {}
        position = 0
        for change, record in sorted(decided, key=lambda item: item[0].at):
            writer.write(text[position : change.at])
            placed.setdefault(id(record), []).append(writer.change(change))
            position = change.at + len(change.old)
        end = len(text) if last else done
        writer.write(text[position:end])
        text = text[end:]
        for record in records:
            note(record, placed.get(id(record), []))


class _Writer:
    """Writes text in the encoding of a document, and knows how many characters there are so far."""

    def __init__(self, out: IO[bytes], encoding: str) -> None:
        self.out = out
        self.encoding = encoding
        self.written = self.bytes = 0

    def write(self, text: str) -> None:
        self.bytes += self.out.write(text.encode(self.encoding))
        self.written += len(text)

    def change(self, change: Change) -> Change:
        """Write the new text of a change; letters that the encoding lacks become references."""
        new = change.new.encode(self.encoding, "xmlcharrefreplace").decode(self.encoding)
        made = Change(self.written, change.old, new, self.bytes)
        self.write(new)
        return made


def replay(stream: Readable, out: IO[bytes], encoding: str, changes: Iterable[Change]) -> None:
    """Copy a document, with changes undone: where the new text stands, in characters, the old one comes back.

    Raises
    ------
    LandXmlError
        If the document does not have the new texts where they should stand.
    """
    writer = _Writer(out, encoding)
    pieces = (piece for piece, _ in _pieces(stream, encoding))
    text, start, position = "", 0, 0  # it begins at `start` of the document, and is written up to `position`
    for change in changes:
        while start + len(text) < change.at + len(change.new) and (piece := next(pieces, None)) is not None:
            ready = max(position, min(len(text), change.at - start))
            writer.write(text[position:ready])
            text, start, position = text[ready:] + piece, start + ready, 0
        here = change.at - start
        if here < position or not text.startswith(change.new, here) or here > len(text):
            raise changed_since()
        writer.write(text[position:here])
        writer.write(change.old)
        position = here + len(change.new)
    writer.write(text[position:])
    for piece in pieces:
        writer.write(piece)


def sealed(record: Record, element: str) -> list[Change]:
    """Return the place of a hash of the members, as a change of which the new text is not known yet."""
    fields = record.fields.get(element, [])
    found = [(field, record.value(field).strip()) for field in fields]
    return [replaced(record, field, value, value) for field, value in found if value]


def reseal(out: IO[bytes], placed: Change, encoding: str) -> Change:
    """Write the hash of the members of a finished document where its old hash stands; return the change."""
    out.seek(0)
    digest = digest_of(out) or placed.new
    out.seek(placed.byte)
    out.write(digest.encode(encoding))
    out.seek(0, os.SEEK_END)
    return placed._replace(new=digest)


def changed_since() -> LandXmlError:
    """Return the error for a document that is not what a remap wrote."""
    return LandXmlError(
        Text(
            "tài liệu không phải là tài liệu đã lập bảng, hoặc đã bị sửa sau đó",
            "the document is not the one that the table was made with, or was changed since",
        )
    )


def _pieces(stream: Readable, encoding: str) -> Iterator[tuple[str, bool]]:
    """Texts of a document, each with whether it is the last; exact, or not at all."""
    decoder = codecs.getincrementaldecoder(encoding)()
    encoder = codecs.getincrementalencoder(encoding)()
    block, kept = stream.read(BLOCK), b""
    while block:
        following = stream.read(BLOCK)
        kept += block
        try:
            piece = decoder.decode(block, final=not following)
            same = encoder.encode(piece)
        except UnicodeError as error:
            raise _inexact(encoding) from error
        if not kept.startswith(same) or (not following and kept != same):
            raise _inexact(encoding)
        kept = kept[len(same) :]
        yield piece, not following
        block = following


def _inexact(encoding: str) -> LandXmlError:
    return LandXmlError(
        Text(
            f"không thể ghi lại chính xác bằng bảng mã {encoding} của tệp",
            f"it cannot be rewritten exactly in its encoding, {encoding}",
        )
    )


def first_bytes(stream: BinaryIO) -> bytes:
    """Return the first bytes of a document that has not been read yet."""
    return bytes(stream.peek(4))[:4]  # type: ignore[attr-defined]


def codec(encoding: str, first: bytes) -> str:
    """Return the codec for which a byte-order mark is a character like any other.

    Parameters
    ----------
    encoding
        As :func:`landxml.recognise.sniff` names it.
    first
        The first bytes of the document.

    Raises
    ------
    LandXmlError
        If there is no such codec.
    """
    name = encoding.lower().replace("_", "-")
    if name in {"utf-16", "utf-32"}:
        return name + ("-be" if first[:1] in {b"\xfe", b"\0"} else "-le")
    try:
        return codecs.lookup("utf-8" if name == "utf-8-sig" else name).name
    except LookupError as error:
        raise LandXmlError(Text(f"không biết bảng mã {encoding}", f"unknown encoding {encoding}")) from error
