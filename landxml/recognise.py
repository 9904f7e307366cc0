"""Look at the first bytes of a file: its root element, its encoding, or what it is instead of XML.

The name of the file is never trusted. The prolog is read by the same parser that reads the file later, so
both see the same DOCTYPE; a document with one is refused here, before any entity could be expanded.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from typing import BinaryIO, NoReturn

import msgspec
from lxml import etree

from landxml.layouts import Layout
from landxml.privacy import mask, shown
from landxml.safe_xml import Problem, parser, refuse
from landxml.safe_xml import problem as parse_problem
from landxml.text import Text

__all__ = ["HEAD", "Sniff", "first_record", "layer_form", "peek", "sniff", "strange"]

HEAD = 64 * 1024
"""Bytes looked at: a prolog is some hundred bytes; a root element later than this is refused."""


class Sniff(msgspec.Struct, frozen=True, kw_only=True):
    """What the first bytes of a file say.

    Attributes
    ----------
    root, namespace
        Name of the root element without prefix, and its namespace; ``""`` if there is none.
    encoding
        In lower case: by byte-order mark (``utf-8-sig`` has one), else as declared, else ``utf-8``.
    doctype
        There is a DOCTYPE, and ``problem`` says so.
    problem
        Why the file must not be parsed.
    """

    root: str = ""
    namespace: str = ""
    encoding: str = "utf-8"
    doctype: bool = False
    problem: Problem | None = None

    @property
    def codec(self) -> str:
        """Encoding for Python, which knows fewer than libxml2; in most of the others markup is ASCII."""
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            return "ascii"
        return self.encoding

    def has_root(self, layout: Layout) -> bool:
        """Tell whether the root element is that of a layout."""
        return self.root == layout.root != "" and layout.namespace in {self.namespace, "*"}


def sniff(source: bytes | BinaryIO) -> Sniff:
    """Look at the first 64 kB of a file.

    Parameters
    ----------
    source
        The file's bytes, or a stream at its start, which is left there (it can seek or peek).
    """
    head = source[: HEAD + 1] if isinstance(source, bytes) else peek(source)
    if (plain := _PLAIN.match(head)) and plain["root"].lower() != b"html":
        return Sniff(root=plain["root"].decode())
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        return Sniff(problem=Problem("empty", Text("Tệp rỗng.", "The file is empty.")))
    if known := _foreign(head):
        return Sniff(problem=known)
    encoding = _encoding(head)
    if encoding == "utf-32":
        return Sniff(encoding=encoding, problem=_UTF_32)
    try:
        _read_prolog(head)
    except _Root as found:
        namespace, _, root = found.tag.rpartition("}")
        return Sniff(root=root, namespace=namespace.removeprefix("{"), encoding=encoding)
    except _Doctype:
        return Sniff(encoding=encoding, doctype=True, problem=_DOCTYPE)
    except etree.XMLSyntaxError as error:
        return Sniff(encoding=encoding, problem=_explain(error, head, encoding))
    return Sniff(encoding=encoding, problem=_NO_ROOT)


_PLAIN = re.compile(
    rb"""(?:<\?xml\ version="1\.0"\ encoding="[Uu][Tt][Ff]-8"(?:\ standalone="(?:yes|no)")?\ ?\?>)?\s*"""
    rb"""<(?P<root>[A-Za-z]\w*)>""",
    re.VERBOSE,
)
"""The commonest beginning of a dossier, which needs no parser: dossiers come by the million."""
_UTF_32 = Problem(
    "encoding",
    Text(
        "Tệp dùng bảng mã UTF-32, không được hỗ trợ; hãy lưu thành UTF-8.",
        "The file is encoded in UTF-32, which is not supported; save it as UTF-8.",
    ),
)
_DOCTYPE = Problem(
    "doctype",
    Text(
        "Tệp có khai báo DOCTYPE; không định dạng nào cần đến nó và nó có thể gây hại.",
        "The file has a DOCTYPE; no layout needs one, and it can do harm.",
    ),
)
_NO_ROOT = Problem(
    "limit",
    Text("Không thấy phần tử gốc trong 64 kB đầu tiên.", "There is no root element within the first 64 kB."),
)


def strange(found: Sniff, known: Sequence[Layout]) -> Problem:
    """Say why a file is of none of the known layouts; what was expected where only the namespace is wrong."""
    if found.problem is not None:
        return found.problem
    root, namespace = shown(found.root), shown(found.namespace)
    vi, en = (
        f"Phần tử gốc “{root}” không thuộc định dạng nào",
        f"The root element “{root}” is that of no known layout",
    )
    for layout in known:
        if layout.root == root and not layout.open:
            (vi, en), (vi_wanted, en_wanted) = _space(namespace), _space(layout.namespace)
            vi = f"Phần tử gốc “{root}”: thấy {vi}; cần: {vi_wanted}"
            en = f"Root element “{root}”: found {en}, expected {en_wanted}"
    return Problem("layout", Text(f"{vi}.", f"{en}."), 1)


def _space(namespace: str) -> tuple[str, str]:
    named = f"không gian tên “{namespace}”", f"namespace “{namespace}”"
    return named if namespace else ("không có không gian tên", "no namespace")


def first_record(head: bytes, member: str) -> str:
    """Return the name of the first record in the first bytes of a file; ``""`` if there is none.

    ``member`` is the name of the element below the root that holds it.
    """
    try:
        parser(target=_Records(member)).feed(head[:HEAD])
    except _Root as found:
        return found.tag.rpartition("}")[2]
    except etree.XMLSyntaxError:  # whoever reads the file says so
        pass
    return ""


def peek(stream: BinaryIO) -> bytes:
    """First bytes of a stream, one more than are looked at, without moving it."""
    if not stream.seekable():
        return bytes(stream.peek(HEAD + 1))[: HEAD + 1]  # type: ignore[attr-defined]
    start = stream.tell()
    head = stream.read(HEAD + 1)
    stream.seek(start)
    return head


class _Root(Exception):  # noqa: N818 - these two are not errors: they end a parse that has seen enough
    def __init__(self, tag: str) -> None:
        self.tag = tag


class _Doctype(Exception):  # noqa: N818
    pass


class _Prolog:
    """Parser target that stops at the DOCTYPE or at the first start tag."""

    def doctype(self, *_: object) -> NoReturn:
        raise _Doctype

    def start(self, tag: str, *_: object) -> NoReturn:
        raise _Root(tag)

    def close(self) -> None:
        """Nothing was built."""


class _Records:
    """Parser target that stops at the first element in a member."""

    def __init__(self, member: str) -> None:
        self.member = member
        self.above: list[str] = []

    def start(self, tag: str, *_: object) -> None:
        if len(self.above) == 2 and self.above[1].rpartition("}")[2] == self.member:
            raise _Root(tag)
        self.above.append(tag)

    def end(self, _: str) -> None:
        self.above.pop()

    def close(self) -> None:
        """Nothing was built."""


def _read_prolog(head: bytes) -> None:
    reader = parser(target=_Prolog())
    try:
        reader.feed(head[:HEAD])
    except _Root:
        refuse(reader.feed_error_log)  # the name of a root with an undeclared prefix has lost it
        raise
    try:
        reader.close()  # a long DOCTYPE is reported only now
    except etree.XMLSyntaxError:
        if len(head) <= HEAD:
            raise


def _explain(error: etree.XMLSyntaxError, head: bytes, encoding: str) -> Problem:
    """Problem of a prolog that cannot be parsed; encodings go wrong in ways that libxml2 does not name."""
    if re.match(r"utf-16|utf-32|ucs-|iso-10646-ucs", encoding) and b"\0" not in head:
        vi = f"Tệp khai báo bảng mã {encoding} nhưng không được ghi bằng bảng mã đó (thường là UTF-8)."
        return Problem(
            "encoding", Text(vi, f"The file declares {encoding} but is not written in it (often UTF-8)."), 1
        )
    if encoding == "utf-8" and b"\0" in head[:4] and b"<" in head[:4]:
        vi = "Tệp dùng UTF-16 hoặc UTF-32 nhưng không có dấu thứ tự byte (BOM) và khai báo đúng."
        return Problem(
            "encoding", Text(vi, "UTF-16 or UTF-32 without a byte-order mark and a right declaration."), 1
        )
    if b"\0" in head and head[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        return Problem(
            "binary", Text("Không phải XML mà là dữ liệu nhị phân.", "Not XML: it is binary data.")
        )
    return parse_problem(error, head[-64:] if len(head) <= HEAD else b"", head)


_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"<\0\0\0", "utf-32"),
    (b"\0\0\0<", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\0?\0", "utf-16"),  # no mark, but a declaration
    (b"\0<\0?", "utf-16"),
)
_DECLARED = re.compile(rb"""\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


def _encoding(head: bytes) -> str:
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    declared = _DECLARED.match(head)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    return marked or ("utf-8" if name == "utf8" else _known(name))


def _known(encoding: str) -> str:
    """Return the name of an encoding; anything may be declared, and reports quote it."""
    try:
        codecs.lookup(encoding)
    except LookupError:
        return mask(encoding)
    return encoding


_UNPACK = "hãy giải nén rồi nén lại thành .zip", "unpack it, and pack it again as .zip"
_EXPORT = "hãy kết xuất XML/GML từ phần mềm", "export XML/GML from the software"
_DATA = "hãy chọn tệp dữ liệu XML/GML", "choose the data file, XML/GML"
_CONVERT = "chưa đọc được dạng này; hãy kết xuất thành XML/GML", "not read yet; export it as XML/GML"
_TEMPLATE = (
    "không trang tính nào có dòng tiêu đề của một mẫu đã biết trong 20 dòng đầu (xem landxml layouts)",
    "no sheet has the header of a known template within its first 20 rows (see landxml layouts)",
)
_RENAME = "hãy đổi đuôi tệp thành .zip", "call it .zip"
_MAGIC: tuple[tuple[bytes, str, str, tuple[str, str]], ...] = (
    (b"\x1f\x8b", "tệp nén gzip", "a gzip file", _UNPACK),
    (b"Rar!", "tệp nén RAR", "a RAR archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "tệp nén 7z", "a 7z archive", _UNPACK),
    (b"BZh", "tệp nén bzip2", "a bzip2 file", _UNPACK),
    (b"\xfd7zXZ\0", "tệp nén xz", "an xz file", _UNPACK),
    (b"%PDF", "tài liệu PDF", "a PDF document", _DATA),
    (
        b"\xd0\xcf\x11\xe0",
        "tài liệu Office kiểu cũ (.xls, .doc)",
        "an old Office document (.xls, .doc)",
        _EXPORT,
    ),
    (
        b"SQLite format 3\0",
        "cơ sở dữ liệu SQLite",
        "an SQLite database",
        _CONVERT,
    ),
    (b"\x89PNG", "ảnh PNG", "a PNG image", _DATA),
    (b"\xff\xd8\xff", "ảnh JPEG", "a JPEG image", _DATA),
    (b"II*\0", "ảnh TIFF", "a TIFF image", _DATA),
    (b"MM\0*", "ảnh TIFF", "a TIFF image", _DATA),
    (b"{\\rtf", "văn bản RTF", "an RTF document", _DATA),
    (b"{", "JSON", "JSON", _CONVERT),
)
"""First bytes of what people send instead of XML: its name in both languages, and what to do."""


_FEATURES = re.compile(rb'"type"\s*:\s*"Feature(?:Collection)?"|"(?:features|geometry|coordinates)"\s*:')
_GEOPACKAGE = {b"GPKG", b"GP10", b"GP11"}
_YEARS, _MONTHS, _DAYS = range(50, 200), range(1, 13), range(1, 32)
"""What stands in the date of a DBF file."""


def layer_form(head: bytes) -> str:
    """Return the format of a map layer by its first bytes; ``""`` if it is none."""
    if head.startswith(b"\0\0\x27\x0a"):
        return "Shapefile"
    if head.startswith(b"SQLite format 3\0") and head[68:72] in _GEOPACKAGE:
        return "GeoPackage"
    if head.startswith(b"fgb\3fgb"):
        return "FlatGeobuf"
    if head.startswith((b"\3\0\0\0", b"\4\0\0\0")):
        return "File Geodatabase"
    if head[:1] == b"\3" and len(head) > 32 and head[1] in _YEARS and head[2] in _MONTHS and head[3] in _DAYS:
        return "DBF"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and _FEATURES.search(head):
        return "GeoJSON"
    return ""


def _foreign(head: bytes) -> Problem | None:
    """Say what a file is that is plainly not XML, and what to do with it."""
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        if b"xl/" in head:
            return _not_xml("bảng tính Excel", "an Excel workbook", _TEMPLATE)
        if b"[Content_Types].xml" in head:
            return _not_xml("tài liệu Office", "an Office document", _DATA)
        return _not_xml("tệp nén zip mang tên tệp XML", "a zip archive with the name of an XML file", _RENAME)
    if form := layer_form(head):
        vi = f"Bản đồ {form} không có lớp nào có các trường của thửa đất nên không được xét."
        en = f"No layer of this map ({form}) has the fields of a parcel, so it was not looked at."
        return Problem("binary", Text(vi, en))
    text = head[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<html", b"<!doctype html")):
        return _not_xml("trang web (HTML)", "a web page (HTML)", _DATA)
    return next(
        (_not_xml(vi, en, advice) for magic, vi, en, advice in _MAGIC if head.startswith(magic)), None
    )


def _not_xml(vi: str, en: str, advice: tuple[str, str]) -> Problem:
    return Problem(
        "binary", Text(f"Không phải XML mà là {vi}; {advice[0]}.", f"Not XML: it is {en}; {advice[1]}.")
    )
