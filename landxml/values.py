"""Values of fields: for each kind its name, its types, and the forms in which it is written."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from shapely.geometry.base import BaseGeometry

from landxml.dictionary import Kind
from landxml.text import Text

__all__ = ["BLANKS", "KINDS", "LARGEST", "PLACES", "Value"]

BLANKS = " \t\r\n"
"""White space of XML, which counts in texts only."""
LARGEST, PLACES = Decimal("99999999999999.9999"), 4
"""Bounds of a decimal: what its column holds."""


class Value(NamedTuple):
    """What the values of a kind are.

    Attributes
    ----------
    name
        As messages call it.
    python, sql, xsd
        Type in Python; of a column in DuckDB, ``[]`` is added where a field is repeated; in the national XSD.
    national, vendor
        Lexical forms beyond XSD's own types. National: every value accepted fits its column, and no form but
        that of XSD is (``int()`` and ``Decimal()`` take 1_000, digits of other scripts, 1e3 and NaN). Vendor:
        that of ``format.md`` §1.2, with what a reader tolerates; blanks around are collapsed first.
    """

    name: Text
    python: Any = None
    sql: str = ""
    xsd: str = ""
    national: str = ""
    vendor: str = ""


KINDS: dict[Kind, Value] = {
    "text": Value(Text("văn bản", "text"), str, "VARCHAR", "xs:string"),
    "int": Value(
        Text("số nguyên", "int"), int, "BIGINT", "ld:soNguyen",
        r"[+\-]?[0-9]+",  # says nothing new, but old libxml2 drops the blanks of a long only for a pattern
        r"[+\-]?[0-9]{1,18}",
    ),
    "decimal": Value(
        Text("số thập phân", "decimal"), Decimal, "DECIMAL(18,4)", "ld:soThapPhan",
        r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)",
        r"[+\-]?[0-9]{1,14}([.,][0-9]+)?([eE]-[0-9]{1,3})?",
    ),
    "bool": Value(Text("giá trị đúng/sai", "bool"), bool, "BOOLEAN", "xs:boolean", "", "0|1|true|false"),
    "date": Value(
        Text("ngày", "date"), dt.date, "DATE", "ld:ngay",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
        r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.+\-Z]+)?",
    ),
    "datetime": Value(
        Text("thời điểm", "datetime"), dt.datetime, "TIMESTAMP", "ld:thoiDiem",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3])(:[0-9]{2}){2}"
        r"(\.[0-9]{1,6})?(Z|[+\-][0-9]{2}:[0-9]{2})?",
        r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?"
        r"|[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.+\-Z]+)?",
    ),
    "year": Value(Text("năm", "year"), int, "BIGINT", "ld:nam", r"[1-9][0-9]{3}"),
    "guid": Value(
        Text("mã GUID", "guid"), str, "VARCHAR", "ld:guid",
        r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
        r"\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?",
    ),
    "reference": Value(Text("tham chiếu", "reference"), str, "VARCHAR"),
    "geometry": Value(Text("hình học", "geometry"), BaseGeometry),
    "object": Value(Text("bản ghi", "object")),
    "dossier": Value(Text("hồ sơ", "dossier")),
}  # fmt: skip
