"""Tables that people write: CSV and workbooks, as rows of texts, within bounds.

What a file is its first bytes say, not its name. A workbook is held whole, as a grid from the first to the
last cell that holds something, with each text as often as it is shown, before a row can be had; so what that
would take is found out first.
"""

from __future__ import annotations

import codecs
import csv
import itertools
import os
import re
import unicodedata
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TextIO

import python_calamine

from landxml import archive, xls
from landxml.errors import LandXmlError
from landxml.text import Text

__all__ = [
    "FORMULA",
    "MAX_CELLS",
    "SUFFIXES",
    "Row",
    "Worksheet",
    "column_number",
    "folded",
    "quoted",
    "records",
    "sheets",
    "text",
    "worksheets",
]

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")
MAX_CELLS = 32_000_000
"""Cells of one sheet, empty ones among them: 500,000 rows of 64 columns, which take two gigabytes."""
MAX_COPIES = 2**29
"""Bytes of texts, of one sheet, that the file holds once and cells show many times."""
MAX_TEXT = 2 * 2**30
"""Bytes of the parts of a workbook, unpacked."""
MAX_LINE = 2**20
"""Characters of one line of a CSV file."""
SEARCHED = 20
"""First rows of a sheet among which the names of the columns are looked for."""
BLOCK = 1 << 20
HELD = 64
"""Bytes that a cell takes beside its text."""
FORMULA = "=+-@\t\r\n'"
"""First characters of a cell that a spreadsheet does not show as they are."""
SHARED = "xl/sharedstrings.xml"
"""Part of an XLSX with the texts that cells show by number; its case does not matter."""
BINARY = "xl/workbook.bin"
"""Part of an XLSB, which is XLSX but for the form of its parts."""
PANIC = "pyo3_runtime"
"""Where the exception of a reader in Rust that has lost its way comes from; it is no ``Exception``."""

Row = tuple[int, list[str]]
"""Number of a line or row, from 1, and its cells as texts."""


class Worksheet(NamedTuple):
    """A sheet with its cells as values; a CSV file has one without a name.

    Attributes
    ----------
    rows
        Number of each row, from 1, and its cells from the column ``left`` on, which counts from 0.
    merged
        First and last cell of what is merged, as row and column from 0.
    """

    name: str
    rows: Iterator[tuple[int, list[Any]]]
    left: int = 0
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()


def sheets(path: str | os.PathLike[str]) -> Iterator[Iterator[Row]]:
    """Yield the rows of each sheet of a table as texts; see :func:`worksheets`."""
    for sheet in worksheets(path):
        yield ((line, list(map(text, cells))) for line, cells in sheet.rows)


def worksheets(path: str | os.PathLike[str]) -> Iterator[Worksheet]:
    """Yield each sheet of a table; a CSV file has one.

    Raises
    ------
    LandXmlError
        If it cannot be read, or takes more memory than :data:`MAX_CELLS` and :data:`MAX_COPIES` allow.
    OSError
        If it cannot be opened.
    """
    name = os.fspath(path)
    with Path(path).open("rb") as file:
        first = file.read(4)
        if first == b"PK\3\4":
            _refuse_large(file, name)
        elif first == xls.SIGNATURE:
            _refuse_old(file, name)
        else:
            yield Worksheet("", _lines(name, _encoding(file)))
            return
    try:
        book = python_calamine.CalamineWorkbook.from_path(name)
        for title in book.sheet_names:
            sheet = book.get_sheet_by_name(title)
            left = sheet.start[1] if sheet.start else 0
            yield Worksheet(title, enumerate(sheet.iter_rows(), 1), left, sheet.merged_cell_ranges or ())
    except python_calamine.PasswordError as error:
        raise _protected(name) from error
    except BaseException as error:
        if isinstance(error, python_calamine.CalamineError) or type(error).__module__ == PANIC:
            raise _unreadable(name, error) from error
        raise


def records(
    rows: Iterable[Row], columns: Mapping[str, Collection[str]], required: Collection[str]
) -> Iterator[tuple[int, dict[str, str]]] | None:
    """Return the rows below the names of the columns, each by what its cells mean; None if these are missing.

    Parameters
    ----------
    columns
        What a column means: its names, the best first, in any spelling that :func:`folded` makes equal.
    required
        Columns that there must be. Of others there may be none.
    """
    rows = iter(rows)
    known = {what: [folded(name) for name in names][::-1] for what, names in columns.items()}
    for _, cells in itertools.islice(rows, SEARCHED):
        header = [folded(cell) for cell in cells]
        where = {what: header.index(n) for what, names in known.items() for n in names if n in header}
        if where.keys() >= set(required):
            return (
                (line, {what: cells[at] if at < len(cells) else "" for what, at in where.items()})
                for line, cells in rows if any(cells)
            )  # fmt: skip
    return None


def folded(name: str) -> str:
    """Return the name of a column without diacritics, blanks and underscores.

    >>> folded("Mã xã"), folded("ma_xa"), folded("maXa")
    ('maxa', 'maxa', 'maxa')
    """
    bare = "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[\s_]", "", bare.replace("đ", "d"))


def _lines(name: str, encoding: str) -> Iterator[Row]:
    """Read CSV, with whatever stands between its fields, in whatever encoding Excel writes."""
    try:
        with Path(name).open(encoding=encoding, newline="") as text:
            first = text.read(1 << 16).splitlines(keepends=True)
            text.seek(0)
            reader = csv.reader(_bounded(text), delimiter=max(",;\t", key=partial(_alike, first)))
            for cells in reader:
                yield reader.line_num, cells
    except (csv.Error, UnicodeError) as error:
        said = Text(f"không đọc được CSV ({error})", f"cannot be read as CSV ({error})")
        raise LandXmlError(said, file=name) from error


def _alike(lines: Iterable[str], delimiter: str) -> tuple[int, int]:
    """Return how many of the first rows are of one width, and that; commas within cells make none alike."""
    rows = itertools.islice(csv.reader(lines, delimiter=delimiter), SEARCHED)
    widths = [len(cells) for cells in rows if len(cells) > 1]
    return max(((widths.count(width), width) for width in widths), default=(0, 0))


def _bounded(text: TextIO) -> Iterator[str]:
    while line := text.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise csv.Error("a line is too long")
        yield line


def _encoding(file: BinaryIO) -> str:
    file.seek(0)
    if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return "utf-16"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in iter(partial(file.read, BLOCK), b""):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1258"
    return "utf-8-sig"


def text(cell: object) -> str:
    """Return what stands in a cell. Numbers lose nothing but their ``.0``; dates are ISO."""
    return f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell)


def _unreadable(name: str, error: BaseException) -> LandXmlError:
    said = Text(f"không đọc được bảng tính ({error})", f"cannot be read as a workbook ({error})")
    return LandXmlError(said, file=name)


def _protected(name: str) -> LandXmlError:
    said = Text("có mật khẩu; hãy bỏ mật khẩu rồi lưu lại", "has a password; save it without one")
    return LandXmlError(said, file=name)


def _refuse_old(file: BinaryIO, name: str) -> None:
    """Refuse a workbook of before 2007 that would take too much memory."""
    file.seek(0)
    try:
        _refuse(name, *xls.extent(file.read(MAX_TEXT)), 0)
    except xls.ProtectedError as error:
        raise _protected(name) from error
    except ValueError as error:
        raise _unreadable(name, error) from error


def _refuse_large(file: BinaryIO, name: str) -> None:
    """Refuse a zipped workbook that would take too much memory."""
    try:
        parts = archive.entries(file)
        archive.refuse_bombs(parts, file.seek(0, os.SEEK_END))
        if sum(part.size for part in parts) > MAX_TEXT:
            raise LandXmlError(Text("quá lớn; hãy lưu thành CSV", "too large; save it as CSV"), file=name)
        if any(part.name.casefold() == BINARY for part in parts):
            raise LandXmlError(Text("là XLSB; hãy lưu thành XLSX", "XLSB; save it as XLSX"), file=name)
        shared = [_shared(_read(file, part)) for part in parts if part.name.casefold() == SHARED]
        lengths = shared[0] if shared else array("q")
        for part in parts:
            if part.name == "content.xml":
                rows, columns, copies = _ods_extent(_read(file, part))
            else:
                rows, columns = _xlsx_extent(_read(file, part))
                copies = rows * columns * max(lengths, default=0)
                if copies > MAX_COPIES:
                    copies = _shown(_read(file, part), lengths)
            _refuse(name, rows, columns, copies)
    except archive.ArchiveError as error:
        raise LandXmlError(error.what, file=name) from error


def _refuse(name: str, rows: int, columns: int, copies: int) -> None:
    """Refuse a sheet that reaches too far, or whose texts are shown too often."""
    if rows * columns > MAX_CELLS:
        raise LandXmlError(
            Text(
                f"một trang tính kéo đến dòng {rows}, cột {columns}: quá {MAX_CELLS} ô; hãy xóa các"
                " dòng và cột trống, hoặc lưu thành CSV",
                f"a sheet reaches to row {rows}, column {columns}: more than {MAX_CELLS} cells; delete"
                " empty rows and columns, or save it as CSV",
            ),
            file=name,
        )
    if copies > MAX_COPIES:
        raise LandXmlError(
            Text(
                f"các ô của một trang tính lặp lại nội dung quá nhiều lần, chiếm {copies >> 20} MB; hãy lưu"
                " thành CSV",
                f"the cells of a sheet repeat their texts so often that these take {copies >> 20} MB; save it"
                " as CSV",
            ),
            file=name,
        )


def _read(file: BinaryIO, part: archive.Entry) -> Iterator[bytes]:
    return _pieces(archive.inflate(file, part))


def _pieces(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Join blocks so that no tag is cut."""
    kept = b""
    for block in blocks:
        kept += block
        if len(kept) >= BLOCK:
            end = max(kept.rfind(b"<"), 0) or len(kept)  # a tag of a megabyte is none
            yield kept[:end]
            kept = kept[end:]
    yield kept


_XLSX = re.compile(rb"""<(?:\w+:)?(row|c)\b(?:[^>]*?\sr\s*=\s*["']\s*([A-Za-z]*)(\d*))?""")
_PLAIN = [re.compile(each) for each in (rb'<row r="(\d+)"', rb'<c r="([A-Z]+)\d+"', rb'<c r="[A-Z]+(\d+)"')]
"""Rows and cells as programs write them: their rows, columns, and rows again."""
_SI = re.compile(rb"<(?:\w+:)?si\b")
_SHOWN = re.compile(rb"""\st\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v\b[^>]*>\s*(\d{1,9})""")
_ODS = re.compile(rb"<(table:table|table:table-row|table:(?:covered-)?table-cell|text:s)(?=[\s/>])([^>]*)>")
_REPEATED = re.compile(rb"""(?:number-(?:rows|columns)-repeated|text:c)\s*=\s*["'](\d+)""")


def _xlsx_extent(pieces: Iterable[bytes]) -> tuple[int, int]:
    """Return how many rows and columns the cells of a sheet reach to, or more where they do not say it."""
    height = width = loose_rows = run = longest = 0
    for piece in pieces:
        if plain := _plain_extent(piece):
            height, width, run = max(height, plain[0]), max(width, plain[1]), 0
            continue
        found = _XLSX.findall(piece)
        loose_rows += found.count((b"row", b"", b""))
        if (b"c", b"", b"") in found:  # it stands behind the one before it
            for tag, letters, _ in found:
                run = 0 if tag == b"row" else run + (not letters)
                longest = max(longest, run)
        height = max([height, *(int(digits or 0) for digits in {each[2] for each in found})])
        width = max([width, *map(column_number, {each[1] for each in found})])
    return height + loose_rows, width + longest


def _plain_extent(piece: bytes) -> tuple[int, int] | None:
    """Return how far a piece of a sheet reaches if all its rows and cells are plain; it is quicker."""
    rows, letters, digits = (each.findall(piece) for each in _PLAIN)
    if (len(rows), len(letters)) != (piece.count(b"<row"), piece.count(b"<c")) or b":row" in piece:
        return None
    if not letters or b":c" in piece:
        return None
    return max(map(int, {*rows, *digits})), max(map(column_number, set(letters)))


def column_number(letters: bytes) -> int:
    """Return the number of a column, from 1.

    >>> column_number(b"A"), column_number(b"AB")
    (1, 28)
    """
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _shared(pieces: Iterable[bytes]) -> array[int]:
    """Return how long the texts are that the cells of a workbook show by number, in bytes."""
    starts = array("q")
    at = 0
    for piece in pieces:
        starts.extend(at + found.start() for found in _SI.finditer(piece))
        at += len(piece)
    starts.append(at)
    return array("q", (end - start for start, end in itertools.pairwise(starts)))


def _shown(pieces: Iterable[bytes], lengths: array[int]) -> int:
    """Return how many bytes the shared texts take, each as often as a cell of a sheet shows it."""
    numbers = (int(found) for piece in pieces for found in _SHOWN.findall(piece))
    return sum(lengths[number] for number in numbers if number < len(lengths))


def _ods_extent(pieces: Iterable[bytes]) -> tuple[int, int, int]:
    """Return how many rows and columns the cells that hold something reach to, in any sheet.

    And how many bytes the cells take that are written once and stand there often; they are held twice.
    """
    height = width = row = column = times = copies = 0
    shown = since = blanks = 0  # of the cell before: how often it is there, where it began, its blanks
    for at, tag, rest in _tags(pieces):
        repeated = _REPEATED.search(rest)
        count = int(repeated[1]) if repeated else 1
        if tag == b"text:s":
            blanks += count
            continue
        if shown > 1 or blanks:
            copies += 2 * shown * (HELD + at - since + blanks)
        shown = blanks = 0
        if tag == b"table:table":
            row = times = 0
        elif tag == b"table:table-row":
            row, column, times = row + times, 0, count
        else:
            column += count
            if b"office:" in rest or not rest.endswith(b"/"):
                height, width = max(height, row + times), max(width, column)
                shown, since = count * times, at
    return height, width, copies


def _tags(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield where each tag of a table begins, its name, its attributes; at the end that of one more table."""
    at = 0
    for piece in pieces:
        yield from ((at + found.start(), found[1], found[2]) for found in _ODS.finditer(piece))
        at += len(piece)
    yield at, b"table:table", b""


def quoted(cell: str | None) -> str | None:
    """Put an apostrophe before what a spreadsheet would take for a formula, or for quoted already."""
    return f"'{cell}" if cell and cell[0] in FORMULA else cell
