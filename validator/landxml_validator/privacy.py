"""Personal data in findings: masked before they are written, so that no output can leak them.

A value that does not have the form of its field is personal until proven otherwise: a name may be typed into
any field. What :mod:`landxml.privacy` calls plain, and dates and codes in their fields, is quoted.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

import landxml_schemas
from landxml import privacy
from landxml.dictionary import Field, dictionary
from landxml.faults import Fault
from landxml.layouts import builtin
from landxml.privacy import identifier, mask
from landxml_validator.rule import Rule

__all__ = ["LARGEST", "cut", "office", "over", "params", "texts", "value"]

LARGEST = 10**privacy.DIGITS
"""Numbers from here on may be those of persons."""

_OFFICE = re.compile(
    r"(văn phòng|chi nhánh|sở|ubnd|ủy ban|uỷ ban|phòng|trung tâm|công ty|tổng cục|cục|bộ|ban|viện)\b"
    r"(?!.*\d{9})",
    re.IGNORECASE,
)


def params(rule: Rule, given: Mapping[str, Any], fault: Fault, known: Collection[str] = ()) -> dict[str, Any]:
    """Return the message parameters of a fault with everything masked that may be personal.

    Shown are the parameters that the program words itself (``own`` of the rule, texts in both languages), and
    values of a form that personal data do not have. Always masked is what the rule (``personal``) or the
    dictionary says to be personal.

    Parameters
    ----------
    rule, given, fault
        The rule that was broken; the parameters; where.
    known
        Names of elements beside those of the built-in layouts.
    """
    about = _about(fault.cls, fault.path, str(fault.params.get("element") or ""))
    return {name: _judged(rule, name, value, about, known) for name, value in given.items()}


def texts(rule: Rule, rows: pa.Table, known: Collection[str] = (), *, shown: bool = False) -> pa.Array:
    """Return the message parameters of the rows that a rule found, one JSON object each.

    They are masked as :func:`params` masks them, unless they are to be ``shown``; each distinct value once.

    Parameters
    ----------
    rule, rows, known
        The rule; what :func:`landxml_validator.rule_sql.run` returns: parameters are the columns without
        ``_``; names of elements beside those of the built-in layouts.
    """
    abouts, which = _abouts(rows)
    pieces: list[Any] = []
    for name in (name for name in rows.column_names if not name.startswith("_")):
        pieces.append(f'{"," if pieces else "{"}"{name}":')
        column = rows[name].combine_chunks()
        if _numbers(column) and (shown or _plain(rule, name, column)):
            pieces.append(_written(column))
            continue

        def judged(value: Any, about: About, name: str = name) -> Any:
            return value if shown else _judged(rule, name, value, about, known)

        pieces.append(_each(column, which, abouts, judged))
    return pc.binary_join_element_wise(*pieces, "}", "") if pieces else pa.repeat("{}", rows.num_rows)


def over(column: pa.ChunkedArray, change: Callable[[str], str]) -> pa.ChunkedArray:
    """Change the texts of a column, each distinct one once."""
    encoded = column.combine_chunks().dictionary_encode()
    changed = pa.array([change(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return changed.take(encoded.indices)


About = tuple[str, tuple[Field, ...]]
"""An element and the fields that it may be."""


def _judged(rule: Rule, name: str, value: Any, about: About, known: Collection[str]) -> Any:
    element, fields = about
    if not value or value == "–" or name in rule.own or isinstance(value, dict | bool):
        return value
    if name in rule.personal:
        return mask(value) if value != ABSENT else value
    if isinstance(value, list):
        return [_judged(rule, name, item, about, known) for item in value]
    if isinstance(value, int | float):
        return value if abs(value) < LARGEST else mask(value)
    if name == "element":
        return privacy.path(value, known)
    if name in _OF_THE_FIELD and element:
        return _quoted(value, fields)
    return privacy.key(value, known)


def _abouts(rows: pa.Table) -> tuple[list[About], npt.NDArray[np.int64]]:
    """Return the elements that rows are about, and of each row which."""
    element = rows["element"] if "element" in rows.column_names else pa.scalar("")
    named = pc.binary_join_element_wise(rows["_cls"], rows["_path"], element, "\n", null_handling="replace")
    encoded = named.combine_chunks().dictionary_encode()
    abouts = [_about(*text.split("\n")) for text in encoded.dictionary.to_pylist()]
    return abouts, encoded.indices.to_numpy().astype(np.int64)


def _numbers(column: pa.Array) -> bool:
    return bool(pa.types.is_integer(column.type) or pa.types.is_decimal(column.type))


def _plain(rule: Rule, name: str, column: pa.Array) -> bool:
    """Tell whether all numbers of a column may be quoted: so nearly always, without a look at each."""
    bounds = pc.min_max(column)
    small = all(end is None or abs(end) < LARGEST for end in bounds.as_py().values())
    quoted = name in _OF_THE_FIELD and not pa.types.is_integer(column.type)
    return name not in rule.personal and (name in rule.own or (small and not quoted))


def _written(column: pa.Array) -> pa.Array:
    """Write numbers as JSON: decimals as texts, without trailing zeros."""
    text = pc.cast(column, pa.string())
    if pa.types.is_decimal(column.type) and column.type.scale:
        text = pc.binary_join_element_wise('"', pc.replace_substring_regex(text, r"\.?0+$", ""), '"', "")
    return pc.fill_null(text, "null")


def _each(
    column: pa.Array,
    which: npt.NDArray[np.int64],
    abouts: list[About],
    judged: Callable[[Any, About], Any],
) -> pa.Array:
    """Judge each distinct value, once per element that it is of, and write it as JSON."""
    if pa.types.is_nested(column.type):
        values, codes = column.to_pylist(), np.arange(len(column))
    else:
        encoded = column.dictionary_encode()
        values = [*encoded.dictionary.to_pylist(), None]
        codes = encoded.indices.fill_null(len(values) - 1).to_numpy()
    pairs, rows = np.unique(codes * len(abouts) + which, return_inverse=True)
    written = [
        msgspec.json.encode(judged(cut(bare(values[code])), abouts[about])).decode()
        for code, about in zip(*divmod(pairs, len(abouts)), strict=True)
    ]
    return pa.array(written, pa.string()).take(pa.array(rows))


def bare(value: object) -> object:
    """Return a value as JSON has it: dates as ISO text, decimals as text without trailing zeros.

    >>> bare(Decimal("120.5000")), bare(Decimal("100.00"))
    ('120.5', '100')
    """
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, dt.date):
        return value.isoformat()
    return [bare(item) for item in value] if isinstance(value, list | tuple) else value


def cut(value: Any) -> Any:
    """Cut a text, or the texts in a value, to the longest that a report shows.

    >>> len(cut("a" * 3_000_000)), cut({"vi": "ngắn", "en": "short"})
    (201, {'vi': 'ngắn', 'en': 'short'})
    """
    if isinstance(value, str):
        return value if len(value) <= LONGEST else value[:LONGEST] + "…"
    if isinstance(value, dict):
        return {name: cut(item) for name, item in value.items()}
    return [cut(item) for item in value] if isinstance(value, list) else value


LONGEST = 200
"""Characters of one value in a finding; a report does not grow with what stands in the data."""
ABSENT = "–"
"""What rules say of a value that is not there."""
_OF_THE_FIELD = frozenset({"value", "text", "raw", "code"})
"""Parameters that quote the element that the finding is about; others may quote another."""


def value(path: str, text: str) -> str:
    """Return the text of an element of any layout if it has the form of that, and is not personal.

    >>> value("GiayChungNhan/ngayCap", "2024-01-31"), value("CaNhan/ngaySinh", "2024-01-31")
    ('2024-01-31', '‹9999-99-99›')
    >>> value("hoTen", "Lê Văn Mẫu")
    '‹Xx Xxx Xxx›'
    """
    return _quoted(text, _about("", path, "")[1])


def _quoted(text: str, fields: Collection[Field]) -> str:
    """Return a value if it has the form of a field that it may be of; of an unknown field none has."""
    if not fields or any(field.personal for field in fields):
        return mask(text)
    return text if any(_fits(text.strip(), field) for field in fields) else identifier(text)


def _fits(text: str, field: Field) -> bool:
    if field.kind in {"date", "datetime"}:
        return privacy.dated(text)
    return field.codelist is not None and mask(text) in _shapes(field.codelist)


@cache
def _shapes(codelist: str) -> frozenset[str]:
    return frozenset(mask(row["code"]) for row in landxml_schemas.codelist(codelist))


def _about(cls: str, path: str, element: str) -> About:
    """Return the element that a finding is about, and the fields that it may be: one if its class is known.

    Of an attribute, and of a record as a whole, the element is ``""``.
    """
    steps = [step.partition("[")[0] for step in path.split("/")]
    element = element or steps[-1]
    holder = next((step for step in (*reversed(steps), cls) if step in _classes()), "")
    if "@" in element or element in _classes():
        return "", ()
    found = _classes()[holder].get(element) if holder else None
    return element, (found,) if found else () if holder else _anywhere().get(element, ())


@cache
def _classes() -> dict[str, dict[str, Field]]:
    """Fields of each class of every layout, by element; of rows of different layouts the personal one."""
    found: dict[str, dict[str, Field]] = {}
    for cls in (cls for layout in builtin().values() for cls in dictionary(layout).classes.values()):
        known = found.setdefault(cls.name, {})
        known |= {f.element: f for f in cls.fields if f.personal or f.element not in known}
    return found


@cache
def _anywhere() -> dict[str, tuple[Field, ...]]:
    """Fields of all classes by element: for elements of which it is not known in which class they stand."""
    found: dict[str, tuple[Field, ...]] = {}
    for fields in _classes().values():
        for element, field in fields.items():
            found[element] = (*found.get(element, ()), field)
    return found


def office(text: str) -> str:
    """Return the name of an office; a text that does not begin like one may be the name of a person.

    >>> office("Văn phòng đăng ký đất đai Mẫu"), office("Lê Văn Mẫu")
    ('Văn phòng đăng ký đất đai Mẫu', '‹Xx Xxx Xxx›')
    """
    return text if _OFFICE.match(unicodedata.normalize("NFC", text.strip())) else mask(text)
