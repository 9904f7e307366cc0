"""Values of rows ↔ values of the national model: codes by their lists, and SQL for all else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from landxml.cast import typed
from landxml.codelists import codelist, equivalents
from landxml.dictionary import Field, Kind
from landxml.tabular import folded
from landxml.values import KINDS
from landxml_mappings.row_spec import Source

__all__ = [
    "BLANKS",
    "DIGITS",
    "MEMBERS",
    "NO_SERIAL",
    "cleaned",
    "coded",
    "decoder",
    "encoder",
    "item_counter",
    "items",
    "national_sql",
    "row_sql",
]

BLANKS = " \t\r\n\u00a0\u200b\ufeff"
"""What may stand around a value and means nothing."""
MEMBERS = re.compile(r"\s*[;,+]\s*")
"""What stands between the items of a cell that has several, one for each of some fields."""

APART = re.compile(r"\s*[;+]\s*")
"""What stands between them and in no word of a list, as commas do."""

NO_SERIAL = r"(?i)^\s*CHUAC(?:O|AP)GIAY"
"""What the serial of a parcel without a certificate begins with."""

_TRUE = "'1', 'true', 'x', 'có', 'co', 'đúng'"
_FALSE = "'0', 'false', 'không', 'khong', 'sai'"
_ONLY_YEAR = r"[12][0-9]{3}"
_WORDS = r"ngày\s+([0-9]{1,2})\s+tháng\s+([0-9]{1,2})\s+năm\s+([0-9]{4})"
DIGITS = re.compile(r"\^\[0-9\]\{(\d+)\}\$")
"""Pattern of a code whose leading zeros spreadsheets drop."""


def cleaned(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return texts in NFC without blanks around them; empty ones are null."""
    if not pc.all(pc.string_is_ascii(texts)).as_py():
        texts = coded(texts, _composed)  # most versions of Arrow leave decomposed letters as they are
    texts = pc.utf8_trim(texts, BLANKS)
    return pc.if_else(pc.equal(texts, ""), None, texts)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def items(texts: pa.ChunkedArray, by: str) -> pa.ChunkedArray:
    """Return the items of each cell, without blanks around them."""
    listed = pc.split_pattern(texts, by.strip())
    return _within(listed, lambda values: pc.utf8_trim(values, BLANKS))


def coded(texts: pa.ChunkedArray, decode: Callable[[str], str | None]) -> pa.ChunkedArray:
    """Return what a function makes of texts, or of the items of lists, called once for each that differs."""
    decode = cache(decode)

    def made(values: pa.Array) -> pa.Array:
        known = values.dictionary_encode()
        return pa.array(map(decode, known.dictionary.to_pylist()), pa.string()).take(known.indices)

    return _within(texts, made)


def _within(column: pa.ChunkedArray, function: Callable[[pa.Array], pa.Array]) -> pa.ChunkedArray:
    """Apply a function to texts, or to all texts that lists hold."""
    kind = pa.list_(pa.string()) if pa.types.is_list(column.type) else pa.string()
    chunks = [
        pa.ListArray.from_arrays(chunk.offsets, function(chunk.values), mask=chunk.is_null())
        if isinstance(chunk, pa.ListArray)
        else function(chunk)
        for chunk in column.chunks
    ]
    return pa.chunked_array(chunks, kind)


def decoder(name: str, kind: Kind, *, member: bool = False) -> Callable[[str], str | None]:
    """Return the function from what a cell says to a code of a list.

    A code stays, the word of a code becomes it, a code of another vocabulary that which means the same;
    what fits nothing stays as it is. Of a cell with several items (``member``) the first that fits counts.
    """
    codes = _codes(name, kind)

    def decode(text: str) -> str | None:
        return codes.get(text) or codes.get(folded(text)) or foreign(text) or text

    def foreign(text: str) -> str | None:
        same = [codes[link.code] for link in equivalents(name, text) if link.code in codes]
        return same[0] if len(same) == 1 else None

    def of_items(text: str) -> str | None:
        words = (word for item in APART.split(text) for word in (item, *MEMBERS.split(item)))
        found = (codes.get(word) or codes.get(folded(word)) for word in words)
        return next(filter(None, found), None)

    return of_items if member else decode


def item_counter(lists: Iterable[tuple[str, Kind]]) -> Callable[[str], str]:
    """Return the function that counts the items of a cell; a comma parts them, but in no word of a list."""
    known = [_codes(*each) for each in lists]

    def count(text: str) -> str:
        return str(sum(1 if is_word(item) else len(MEMBERS.split(item)) for item in APART.split(text)))

    def is_word(item: str) -> bool:
        return any(item in codes or folded(item) in codes for codes in known)

    return count


@cache
def _codes(name: str, kind: Kind) -> dict[str, str]:
    """Codes of a list that a field of a kind can hold, by what is written for them.

    Of codes with the same words the first counts that no newer list does without.
    """
    known = sorted(codelist(name), key=lambda code: bool(code.deprecated or code.valid_to))
    held = {code.code for code in known if kind == "text" or code.code.isdecimal()}
    found = {code.code: code.code for code in known if code.code in held}
    for code in known:
        same = [link.code for link in equivalents(name, code.code) if link.code in held]
        target = code.code if code.code in held else same[0] if len(same) == 1 else None
        if target:
            for text in (code.code, folded(code.code), folded(code.vi)):
                found.setdefault(text, target)
    if kind == "int":
        found |= {f"{int(code):02}": code for code in held if len(code) == 1}
    return found


def encoder(name: str, kind: Kind) -> Callable[[str], str]:
    """Return the function from a code to its word: that from which :func:`decoder` makes the code again."""
    words = {code.code: code.vi for code in codelist(name)}
    decode = decoder(name, kind)

    def encode(code: str) -> str:
        word = words.get(code, code)
        return word if decode(word) == code else code

    return encode


def national_sql(field: Field, source: Source, column: str) -> str:
    """Return the expression of a national value from a column of cleaned texts."""
    if source.take in {"ordinal", "dossier"}:
        return "d._dossier" if source.take == "dossier" else f"NULL::{KINDS[field.kind].sql}"
    if field.kind == "year":
        year = f"year({_date(column)})::BIGINT"
        return f"CASE WHEN regexp_full_match({column}, '{_ONLY_YEAR}') THEN {column}::BIGINT ELSE {year} END"
    if field.kind == "date":
        spelt = f"regexp_replace({column}, '^.*?{_WORDS}.*$', '\\1/\\2/\\3', 'i')"
        words = f"try_strptime(nullif({spelt}, {column}), '%d/%m/%Y')"
        return f"coalesce({_date(column)}, {words}::DATE)"
    if field.kind == "bool":
        low = f"lower({column})"
        return f"CASE WHEN {low} IN ({_TRUE}) THEN true WHEN {low} IN ({_FALSE}) THEN false END"
    digits = DIGITS.fullmatch(field.pattern or "")
    if digits:
        return (
            f"CASE WHEN regexp_full_match({column}, '[0-9]{{1,{digits[1]}}}')"
            f" THEN lpad({column}, {digits[1]}, '0') ELSE {column} END"
        )
    return typed(field.kind, column)


def _date(column: str) -> str:
    """Return the expression of a date; one whose year has two digits may be of any century, and is none."""
    return f"nullif(greatest({typed('date', column)}, DATE '1000-01-01'), DATE '1000-01-01')"


def row_sql(field: Field, element: Field, value: str) -> str:
    """Return the expression of what stands in a cell, from a national value."""
    if field.kind == "bool":
        no = "" if element.form == "flag" else "WHEN false THEN '0'"
        return f"CASE {value} WHEN true THEN '1' {no} END"
    if field.kind == "date":
        return {
            "dmy": f"strftime({value}, '%d/%m/%Y')", "year": f"year({value})::VARCHAR",
        }.get(element.form, f"{value}::VARCHAR")  # fmt: skip
    if field.kind == "decimal":
        return rf"regexp_replace({value}::VARCHAR, '\.?0+$', '')"
    return f"{value}::VARCHAR"
