"""JSON: a list of flat objects is one table of rows of texts.

A row knows its number in the list. Objects are read one by one and become columns by the thousand; records
that several rows hold are made of all of them together, so a list is one batch and its size is bounded.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.compute as pc

from landxml import layouts
from landxml.carriers.base import Batch, Opened
from landxml.columns import columns_of
from landxml.dictionary import Dictionary, dictionary
from landxml.faults import Fault, Report, parse_fault
from landxml.geometry import Rings
from landxml.layouts import Layout
from landxml.reasons import UNREAD, Reason
from landxml.safe_xml import Problem, Readable
from landxml.text import Text

__all__ = ["Json"]

PART = "$"
"""The list itself, as JSONPath writes it."""
LARGEST = 512_000_000
"""Characters of a list."""
LARGEST_OBJECT = 16_000_000
"""Characters of an object; a real one has some ten thousand."""
CHUNK = 2_000
"""Objects that are values of Python at one time."""
BLOCK = 1 << 20
MOST_NAMES = 200
"""Most members that are no elements, and are named."""
_BLANKS = " \t\r\n"
_DATE = r"^/Date\((?P<ms>-?\d{1,15})(?:[+-]\d{4})?\)/$"
_HANOI_MS = 7 * 3_600_000
_TYPE = "System."
"""What a broken export writes for a value: the name of a .NET type [E] §19."""


class Json:
    """Reads the lists of a layout."""

    def __init__(self, layout: Layout, wanted: Dictionary | None = None) -> None:
        self.layout = layout
        (row,) = (wanted or dictionary(layout)).classes.values()
        self.row = row.name
        self.dates = {field.element for field in row.columns if field.kind == "date"}
        self.wanted = {name.casefold(): field.element for field in row.columns for name in field.called}

    @staticmethod
    def recognises(source: Opened, layout: Layout) -> bool:
        """Tell whether the first object of a list has the members of the layout, not of a built-in one."""
        text = _opening(source.head)
        if source.found.root or not text.startswith("["):
            return False
        known = {layout.id: layout} | {
            each.id: each for each in layouts.builtin().values() if each.carrier == layout.carrier
        }
        columns = columns_of([_names(text)], known.values())
        found = columns is not None and columns.layout.id == layout.id
        source.problem = None if found else source.problem or _STRANGE
        return found

    def load(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Read a list, and report what is wrong with its objects."""
        rows = _Rows(self, source.name, report)
        try:
            for number, found in enumerate(_objects(source.stream), 1):
                rows.add(number, found)
        except _ListError as error:
            report(parse_fault(error.problem, source.name))
        table = rows.table()
        if len(table):
            members = {name: name for name in table.column_names[3:]}
            yield Batch(self.layout, {self.row: table}, Rings(), {PART: members})

    def scan(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Read a list; report only why it cannot be read to its end."""
        return self.load(source, lambda fault: report(fault) if fault.reason in UNREAD else None)

    def rest(self) -> Iterator[Batch]:
        """Yield nothing: a list is a batch."""
        yield from ()


class _Rows:
    """The objects of a list, as they become columns."""

    def __init__(self, carrier: Json, file: str, report: Report) -> None:
        self.carrier = carrier
        self.file = file
        self.report = report
        self.held: list[tuple[int, dict[str, Any]]] = []
        self.chunks: list[pa.Table] = []
        self.unknown: Counter[str] = Counter()

    def add(self, number: int, found: Any) -> None:
        """Take one element of the list."""
        if not isinstance(found, dict):
            self._said("row", number, {"column": "", "count": 1, "detail": "object"})
            return
        for name in found.pop(_TWICE, ()):
            self._said("column", number, {"column": self._shown(name), "name": "", "detail": "twice"})
        self.held.append((number, found))
        if len(self.held) == CHUNK:
            self._chunk()

    def table(self) -> pa.Table:
        """Return all rows."""
        self._chunk()
        for name in list(self.unknown)[:MOST_NAMES]:
            self._said("column", 0, {"column": name, "name": "", "detail": "field"})
        return pa.concat_tables(self.chunks, promote_options="default")

    def _shown(self, name: str) -> str:
        return self.carrier.wanted.get(name.casefold(), "…")

    def _said(self, reason: Reason, number: int, params: dict[str, Any], path: str = "") -> None:
        self.report(Fault(reason, self.file, number, self.carrier.row, "", path, params, PART))

    def _chunk(self) -> None:
        numbers, objects = [number for number, _ in self.held], [found for _, found in self.held]
        self.held = []
        members: dict[str, list[str]] = {}
        for name in dict.fromkeys(name for found in objects for name in found):
            element = self.carrier.wanted.get(name.casefold())
            if element is None:
                self.unknown[name] += 1
            else:
                members.setdefault(element, []).append(name)
        columns = {
            element: self._column(element, numbers, self._values(element, names, numbers, objects))
            for element, names in members.items()
        }
        place = {
            "_file": pa.repeat(self.file, len(numbers)),
            "_part": pa.repeat(PART, len(numbers)),
            "_at": pa.array(numbers, pa.int64()),
        }
        self.chunks.append(pa.table(place | columns))

    def _values(
        self, element: str, names: list[str], numbers: list[int], objects: list[dict[str, Any]]
    ) -> list[Any]:
        """Return what objects say of an element, which may have several names; of two values the later."""
        if len(names) == 1:
            return [found.get(names[0]) for found in objects]
        values = []
        for number, found in zip(numbers, objects, strict=True):
            filled = [value for name, value in found.items() if name in names and value not in (None, "")]
            if len(filled) > 1:
                self._said("column", number, {"column": element, "name": "", "detail": "twice"})
            values.append(filled[-1] if filled else None)
        return values

    def _column(self, element: str, numbers: list[int], values: list[Any]) -> pa.Array:
        """Return the texts of a member of some objects."""
        try:
            column = pa.array(values, pa.string())
        except (pa.ArrowException, UnicodeEncodeError):
            column = pa.array(map(_text, values), pa.string())
        broken = pc.starts_with(column, _TYPE)
        if (count := pc.sum(broken).as_py() or 0) > 0:
            first = numbers[pc.index(broken, True).as_py()]
            self._said("cell", first, {"column": element, "count": count, "detail": "type"}, element)
            column = pc.if_else(broken, None, column)
        return _dates(column) if element in self.carrier.dates else column


def _dates(column: pa.Array) -> pa.Array:
    """Return ISO dates for ``/Date(ms)/``, which counts from 1970 in UTC; days are those of Vietnam [I]."""
    written = pc.match_substring_regex(column, _DATE)
    if not pc.any(written).as_py():
        return column
    found = pc.struct_field(pc.extract_regex(pc.if_else(written, column, "/Date(0)/"), _DATE), "ms")
    moments = pc.add(pc.cast(found, pa.int64()), _HANOI_MS)
    within = pc.less(pc.abs(moments), 250_000_000_000_000)  # years of four digits
    days = pc.strftime(pc.cast(pc.if_else(within, moments, 0), pa.timestamp("ms")), "%Y-%m-%d")
    return pc.if_else(pc.and_(written, within), days, column)


def _text(value: Any) -> str | None:
    """Return what a member says; half of a surrogate pair is no character."""
    if value is None or isinstance(value, str):
        return value and value.encode("utf-8", "replace").decode()
    if isinstance(value, bool):
        return "1" if value else "0"
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()


_TWICE = "\0twice"
"""Under it stand the names that an object has twice; no export writes it."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        found[_TWICE] = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    return found


def _refused(constant: str) -> NoReturn:
    raise ValueError(constant)  # NaN and Infinity are not JSON


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_refused
)


class _ListError(Exception):
    """A list cannot be read to its end."""

    def __init__(self, reason: Reason, vi: str, en: str, line: int | None = None) -> None:
        self.problem = Problem(reason, Text(vi, en), line)


class _Reading:
    """The characters of a stream from where it has been read to; lines are counted."""

    def __init__(self, stream: Readable) -> None:
        self.stream = stream
        head = stream.read(BLOCK)
        self.decoder = codecs.getincrementaldecoder(_encoding(head))()
        self.text, self.line, self.taken, self.ended = "", 1, 0, False
        self._decode(head)

    def more(self) -> None:
        """Read on, by as much as is there already."""
        self._decode(self.stream.read(max(BLOCK, len(self.text))))

    def _decode(self, block: bytes) -> None:
        self.ended = not block
        try:
            self.text += self.decoder.decode(block, self.ended)
        except UnicodeDecodeError as error:
            raise _ListError(
                "encoding",
                "Nội dung không đúng bảng mã; JSON phải là UTF-8.",
                "The bytes are not valid in their encoding; JSON must be UTF-8.",
            ) from error

    def skip(self, characters: str) -> str:
        """Pass over some characters; return the one that follows, ``""`` at the end."""
        while True:
            rest = self.text.lstrip(characters)
            self.drop(len(self.text) - len(rest))
            if rest or self.ended:
                return rest[:1]
            self.more()

    def drop(self, count: int) -> None:
        """Forget what has been read."""
        self.line += self.text.count("\n", 0, count)
        self.taken += count
        self.text = self.text[count:]
        if self.taken > LARGEST:
            raise _ListError(
                "limit",
                f"Danh sách lớn hơn {LARGEST // 1_000_000} MB; hãy kết xuất từng xã.",
                f"The list is larger than {LARGEST // 1_000_000} MB; export it commune by commune.",
            )


def _objects(stream: Readable) -> Iterator[Any]:
    """Yield the elements of a list.

    Raises
    ------
    _ListError
        Where it is no JSON, or beyond the limits; elements before that have been yielded.
    """
    reading = _Reading(stream)
    if reading.skip(_BLANKS + "\ufeff") != "[":
        raise _malformed(reading)
    reading.drop(1)
    if reading.skip(_BLANKS) == "]":
        reading.drop(1)
    else:
        yield from _elements(reading)
    if reading.skip(_BLANKS):
        raise _malformed(reading)


def _elements(reading: _Reading) -> Iterator[Any]:
    while True:
        yield _element(reading)
        follows = reading.skip(_BLANKS)
        if follows not in {",", "]"}:
            raise _malformed(reading)
        reading.drop(1)
        if follows == "]":
            return
        reading.skip(_BLANKS)


def _element(reading: _Reading) -> Any:
    """Decode what comes next, and read on for as long as it has no end."""
    while True:
        try:
            found, end = _DECODER.raw_decode(reading.text)
        except RecursionError as error:
            raise _ListError(
                "limit", "Các giá trị lồng nhau quá sâu.", "Values are nested too deeply.", reading.line
            ) from error
        except ValueError as error:
            at = getattr(error, "pos", 0)
            if reading.ended or not _CUT.fullmatch(reading.text, at):
                raise _malformed(reading, at) from error
            if len(reading.text) > LARGEST_OBJECT:
                raise _ListError(
                    "limit",
                    f"Một đối tượng lớn hơn {LARGEST_OBJECT // 1_000_000} MB.",
                    f"An object is larger than {LARGEST_OBJECT // 1_000_000} MB.",
                    reading.line,
                ) from error
        else:
            if end < len(reading.text) or reading.ended:  # else a number may go on
                reading.drop(end)
                return found
        reading.more()


def _malformed(reading: _Reading, at: int = 0) -> _ListError:
    line = reading.line + reading.text.count("\n", 0, at)
    if reading.ended and _CUT.fullmatch(reading.text, at):
        return _ListError(
            "truncated",
            "Tệp bị cắt cụt: nội dung kết thúc giữa chừng.",
            "The file is cut off: it ends before its list does.",
            line,
        )
    return _ListError("malformed", "JSON sai cú pháp.", "The JSON is not well-formed.", line)


_CUT = re.compile(r'\s*|"(?:[^"\\]|\\.)*\\?|\\?u?[0-9a-fA-F]{0,4}|[-+.eE]|[a-z]{1,4}', re.DOTALL)
"""What stands at the end of a text that was cut off, from the place of the mistake on."""


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head[:2]:
        return "utf-16-be" if head[:1] == b"\0" else "utf-16-le"
    return "utf-8-sig"


def _opening(head: bytes) -> str:
    return codecs.getincrementaldecoder(_encoding(head))("replace").decode(head).lstrip(_BLANKS)


def _names(text: str) -> list[str]:
    """Return the members of the first object of a list, or as many as there are in its beginning."""
    try:
        found, _ = _DECODER.raw_decode(text, text.find("{"))
    except (ValueError, RecursionError):
        return list(dict.fromkeys(_MEMBER.findall(text)))
    return [str(name) for name in found] if isinstance(found, dict) else []


_MEMBER = re.compile(r'"(\w{1,80})"\s*:')
_STRANGE = Problem(
    "layout",
    Text(
        "Danh sách JSON có các đối tượng không thuộc định dạng nào.",
        "A JSON list whose objects are those of no known layout.",
    ),
)
