"""The one safe way to parse: parser options, and parse errors put into words.

Every parser of the project is made from :data:`PARSER_OPTIONS`. A document with a DOCTYPE is refused before
it is parsed (:func:`landxml.recognise.sniff`); the options hold even without that.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import msgspec
from lxml import etree

from landxml.errors import LandXmlError
from landxml.privacy import shown
from landxml.reasons import Reason
from landxml.text import Text

__all__ = [
    "PARSER_OPTIONS",
    "LimitError",
    "Problem",
    "Readable",
    "ended",
    "members",
    "parser",
    "problem",
    "refuse",
    "unreadable",
    "whole",
]

PARSER_OPTIONS: dict[str, Any] = {
    "resolve_entities": "internal",  # False would leave entity nodes, at which .text stops without a word
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,  # keeps libxml2's limits: depth 256, text nodes of 10 MB, entity amplification
    "remove_comments": True,  # a comment inside a value would cut .text off there, without a word
    "remove_pis": True,  # the same
}
"""Options of every parser: of :func:`parser` and of :func:`ended`."""


class Problem(msgspec.Struct, frozen=True):
    """Why a file cannot be parsed, in both languages; ``line`` counts from 1, ``None`` where it says nothing.

    The texts never quote the content of the file, only names of elements that are ours.
    """

    reason: Reason
    what: Text
    line: int | None = None


def unreadable(why: Problem, file: str) -> LandXmlError:
    """Return the error for a file that cannot be parsed."""
    return LandXmlError(why.what, file=file, line=why.line)


LARGEST = 64_000_000
"""Bytes of a document that is parsed whole; a real dossier has some ten thousand."""
MOST_TAGS = 500_000
"""Tags parsed at a time, of a whole document or of a member of one that is streamed. An element takes half a
kilobyte; a real dossier has some hundred."""


class LimitError(Exception):
    """A document asks for more than can be processed; says why in both languages."""

    def __init__(self, what: Text) -> None:
        self.what = what
        super().__init__(what.en)


class Readable(Protocol):
    """Anything with ``read``; the parser asks for blocks of 32 kB."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, none at the end."""


def whole(stream: Readable) -> bytes:
    """Read a document that is to be parsed whole.

    Raises
    ------
    LimitError
        If it is larger than :data:`LARGEST`, or has more than :data:`MOST_TAGS` tags.
    """
    content = stream.read(BLOCK)
    if len(content) == BLOCK:  # few have more, and room is made for as much as is asked for
        content += stream.read(LARGEST)
    if len(content) > LARGEST:
        raise LimitError(_TOO_LARGE)
    if content.count(b"<") > MOST_TAGS:
        raise LimitError(_TOO_MANY)
    return content


class _Limited:
    """A stream that is parsed on the way: ``tags`` that are in memory, and ``blocks`` that were read."""

    def __init__(self, stream: Readable) -> None:
        self.stream = stream
        self.tags = self.blocks = 0

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        block = self.stream.read(size)
        self.blocks += 1
        self.tags += block.count(b"<")
        if self.tags > MOST_TAGS:
            raise LimitError(_TOO_MANY)
        return block


BLOCK = 64 * 1024
_TOO_LARGE = Text(
    f"Một hồ sơ không thể lớn hơn {LARGEST // 1_000_000} MB; có lẽ nhiều hồ sơ bị gộp vào một tệp.",
    f"A dossier cannot be larger than {LARGEST // 1_000_000} MB; perhaps many were put into one file.",
)
_TOO_MANY = Text(
    f"Một hồ sơ hoặc bản ghi không thể có quá {MOST_TAGS:,} thẻ XML.".replace(",", "."),
    f"A dossier or record cannot have more than {MOST_TAGS:,} XML tags.",
)


def parser(**options: Any) -> etree.XMLParser:
    """Return a new parser with the safe options; ``options`` adds others, such as ``target``."""
    return etree.XMLParser(**options, **PARSER_OPTIONS)


def ended(stream: Readable, tags: Sequence[str]) -> Iterator[etree._Element]:
    """Parse a stream, and yield each element with one of the tags when it ends.

    Raises
    ------
    lxml.etree.XMLSyntaxError
        Where the document is not well-formed; elements before the mistake have been yielded.
    LimitError
        Where an element below the root, or what stands before it, has more than :data:`MOST_TAGS` tags.
    """
    limited = _Limited(stream)
    events = etree.iterparse(limited, events=("end",), tag=tags, **PARSER_OPTIONS)
    blocks, strange, last = 0, False, None
    for _, element in events:
        if limited.blocks > blocks:  # the log is copied when it is asked for
            blocks, strange = limited.blocks, len(events.error_log) > 0
        if strange and _undeclared(element, last):
            refuse(events.error_log)
        yield element
        if strange or limited.tags:
            root = element.getparent()
            if root is not None and root.getparent() is None:  # to be dropped, now or with some more
                last, limited.tags = element, 0


def members(stream: Readable, tags: Sequence[str]) -> Iterator[etree._Element]:
    """Yield the elements of these tags right below the root, and forget each when the next is asked for.

    Raises
    ------
    lxml.etree.XMLSyntaxError, LimitError
        As of :func:`ended`.
    """
    for member in ended(stream, tags):
        root = member.getparent()
        if root is None or root.getparent() is not None:  # inside a record the name may mean something else
            continue
        yield member
        member.clear(keep_tail=True)  # type: ignore[call-arg]
        while (before := member.getprevious()) is not None:
            root.remove(before)


def _undeclared(element: etree._Element, last: etree._Element | None) -> bool:
    """Whether a name in an element, around it, or between it and the last, has a prefix not declared."""
    between = itertools.takewhile(lambda part: part is not last, element.itersiblings(preceding=True))
    before = (below for part in between for below in part.iter("*"))
    read = (*element.iterancestors(), *before, *element.iter("*"))
    return any(":" in name and name[0] != "{" for part in read for name in (part.tag, *part.keys()))


def refuse(log: Iterable[Any]) -> None:
    """Raise the first mistake that the log of a parser holds.

    After an undeclared prefix libxml2 reads on, and tells only at the end of the document.
    """
    for entry in log:
        if entry.level > etree.ErrorLevels.WARNING:
            raise etree.XMLSyntaxError(entry.message, entry.type, entry.line, entry.column)  # type: ignore[call-arg]


def problem(error: etree.XMLSyntaxError, end: bytes = b"", near: bytes = b"") -> Problem:
    """Put a parse error into words.

    Parameters
    ----------
    error
        What lxml raised.
    end
        The last bytes of the file, if at hand: they tell a file that was cut off from a mistake inside it.
    near
        Bytes of the file around the mistake, if at hand: they tell the encoding that the file really has.
    """
    name = _NAMES.get(getattr(error, "code", None) or 0, "")
    line = error.lineno or None
    text = (error.msg or "").partition("\n")[0]
    cut_off = end.rstrip(b" \t\r\n\0")[-1:] not in {b"", b">"}
    if "too big" in text:  # said of CDATA and the like by the name of one that has no end
        return _known("ERR_RESOURCE_LIMIT", line)
    if name in _AT_END or (cut_off and name in _AMBIGUOUS):
        return Problem("truncated", _TRUNCATED, line)
    if name == "ERR_TAG_NAME_MISMATCH" and (tags := _MISMATCH.search(text)):
        opened, since, closed = map(shown, tags.groups())
        vi = f"Thẻ mở <{opened}> ở dòng {since} bị đóng bằng </{closed}>."
        return Problem("malformed", Text(vi, f"<{opened}> of line {since} is closed by </{closed}>."), line)
    if name == "NS_ERR_UNDEFINED_NAMESPACE" and (found := _PREFIX.search(text)):
        prefix = shown(found[1])
        declaration = f'xmlns:{prefix}="…"'
        vi = f"Tiền tố {prefix} chưa được khai báo; phần tử gốc thiếu {declaration}."
        en = f"The prefix {prefix} is not declared; the root element lacks {declaration}."
        return Problem("malformed", Text(vi, en), line)
    if name in _ENCODING and (guess := _guess(near)):
        vi = f"Nội dung không đúng với bảng mã khai báo; có lẽ là {guess}. Hãy kết xuất lại bằng UTF-8."
        en = f"The bytes are not valid in the declared encoding; perhaps it is {guess}. Export it as UTF-8."
        return Problem("encoding", Text(vi, en), line)
    if name in _REASONS:
        return _known(name, line)
    # libxml2's own sentence is no help in Vietnamese, and may hold what stands in the file.
    return Problem("malformed", Text("XML sai cú pháp.", "The XML is not well-formed."), line)


def _known(name: str, line: int | None) -> Problem:
    reason, vi, en = _REASONS[name]
    return Problem(reason, Text(vi, en), line)


_ENCODING = {"ERR_INVALID_ENCODING", "I18N_CONV_FAILED"}
_LEGACY = (
    ("TCVN3 (ABC)", rb"[\xa7-\xae\xb5-\xb9\xbb-\xbe]"),
    ("VNI", rb"[\xd1\xef\xf1\xf6\xf8\xfb]"),
    (
        "windows-1258",
        rb"[AEIOUYaeiouy\xe2\xea\xf4\xf5\xfd][\xcc\xd2\xde\xec\xf2]|[\xd0\xf0\xfd\xe3](?=[a-z])",
    ),
)
"""Old Vietnamese encodings, and bytes that occur often in text of each and hardly in that of the others."""


def _guess(near: bytes) -> str | None:
    """Name the Vietnamese encoding that bytes which are not UTF-8 look like."""
    rest = re.sub(rb"[\xc3-\xf4][\x80-\xbf]+", b"", near)  # letters that are UTF-8 all the same
    counts = {name: len(re.findall(pattern, rest)) for name, pattern in _LEGACY}
    name = max(counts, key=lambda name: counts[name])
    return name if counts[name] > 1 else None


_PREFIX = re.compile(r"prefix (\S+) ")
_MISMATCH = re.compile(r"mismatch: (?:\w+:)?(\S+) line (\d+) and (?:\w+:)?([^\s,]+)")

_TRUNCATED = Text(
    "Tệp bị cắt cụt: nội dung kết thúc giữa chừng.",
    "The file is cut off: it ends before its root element does.",
)

_AT_END = frozenset(
    "ERR_TAG_NOT_FINISHED ERR_ATTRIBUTE_NOT_FINISHED ERR_COMMENT_NOT_FINISHED"
    " ERR_CDATA_NOT_FINISHED ERR_PI_NOT_FINISHED".split()
)
"""Errors that libxml2 reports only at the end of the input."""

_AMBIGUOUS = frozenset(
    "ERR_GT_REQUIRED ERR_NAME_REQUIRED ERR_SPACE_REQUIRED ERR_ATTRIBUTE_NOT_STARTED"
    " ERR_ATTRIBUTE_WITHOUT_VALUE ERR_ENTITYREF_SEMICOL_MISSING ERR_INVALID_DEC_CHARREF"
    " ERR_INVALID_HEX_CHARREF ERR_INVALID_CHARREF ERR_INVALID_CHAR ERR_INVALID_ENCODING"
    " ERR_STRING_NOT_CLOSED ERR_XMLDECL_NOT_FINISHED ERR_LT_REQUIRED".split()
)
"""Errors that a cut in the middle of a tag or character causes, but a mistake too."""

_REASONS: dict[str, tuple[Reason, str, str]] = {
    "ERR_INTERNAL_ERROR": ("empty", "Tệp rỗng.", "The file is empty."),  # how iterparse says it
    "ERR_DOCUMENT_EMPTY": (
        "not-xml",
        "Không phải XML: không có phần tử nào.",
        "Not XML: there is no element.",
    ),
    "ERR_DOCUMENT_END": (
        "malformed",
        "Còn nội dung sau phần tử gốc.",
        "There is content after the root element.",
    ),
    "ERR_INVALID_CHAR": (
        "malformed",
        "Có ký tự điều khiển hoặc ký tự mà XML không cho phép.",
        "There is a control character, or another that XML does not allow.",
    ),
    "ERR_NAME_REQUIRED": (
        "malformed",
        "Ký tự < hoặc & đứng trong văn bản; phải viết là &lt; hoặc &amp;.",
        "A bare < or & stands in the text; write &lt; or &amp;.",
    ),
    "ERR_LT_IN_ATTRIBUTE": (
        "malformed",
        "Ký tự < đứng trong thuộc tính; phải viết là &lt;.",
        "A bare < stands in an attribute; write &lt;.",
    ),
    "ERR_ATTRIBUTE_REDEFINED": (
        "malformed",
        "Một thuộc tính được ghi hai lần trong cùng một thẻ.",
        "An attribute is given twice in one tag.",
    ),
    "ERR_GT_REQUIRED": ("malformed", "Một thẻ không được đóng bằng >.", "A tag is not ended by >."),
    "ERR_RESERVED_XML_NAME": (
        "malformed",
        "Khai báo <?xml …?> phải đứng ở ngay đầu tệp.",
        "The declaration <?xml …?> must be the very first thing in the file.",
    ),
    "ERR_HYPHEN_IN_COMMENT": ("malformed", "Chú thích có chứa --.", "A comment contains --."),
    "ERR_INVALID_ENCODING": (
        "encoding",
        "Nội dung không đúng với bảng mã khai báo (không khai báo nghĩa là UTF-8).",
        "The bytes are not valid in the declared encoding (UTF-8 where none is declared).",
    ),
    "ERR_UNSUPPORTED_ENCODING": (
        "encoding",
        "Bảng mã khai báo không tồn tại hoặc không được hỗ trợ.",
        "The declared encoding does not exist or is not supported.",
    ),
    "ERR_UNDECLARED_ENTITY": (
        "entity",
        "Dùng thực thể (&…;) chưa được định nghĩa; XML chỉ có sẵn &lt; &gt; &amp; &quot; &apos;.",
        "An entity (&…;) is not defined; XML knows only &lt; &gt; &amp; &quot; &apos;.",
    ),
    "ERR_ENTITY_LOOP": (
        "entity",
        "Thực thể tham chiếu đến chính nó.",
        "An entity refers to itself.",
    ),
    "ERR_RESOURCE_LIMIT": (
        "limit",
        "Vượt giới hạn an toàn: lồng quá 256 cấp, một giá trị quá 10 MB, hoặc thực thể bung quá lớn.",
        "Beyond a safety limit: depth over 256, a value over 10 MB, or entities that expand too far.",
    ),
    "ERR_NAME_TOO_LONG": ("limit", "Tên phần tử hoặc thuộc tính quá dài.", "A name is too long."),
}
_REASONS["ERR_UNKNOWN_ENCODING"] = _REASONS["ERR_UNSUPPORTED_ENCODING"]
_REASONS["I18N_CONV_FAILED"] = _REASONS["ERR_INVALID_ENCODING"]
_REASONS["WAR_UNDECLARED_ENTITY"] = _REASONS["ERR_UNDECLARED_ENTITY"]

_NAMES: dict[int, str] = {
    getattr(etree.ErrorTypes, name): name
    for name in {*_REASONS, *_AT_END, *_AMBIGUOUS, "ERR_TAG_NAME_MISMATCH", "NS_ERR_UNDEFINED_NAMESPACE"}
}
"""libxml2's error numbers → their names."""
