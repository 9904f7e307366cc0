"""Typed tables: raw texts → columns of the right type, a SELECT written from the dictionary.

A value that cannot be read becomes NULL; the schema check has reported it. What is tolerated (decimal comma,
``dd/MM/yyyy``, ISO dates, ``1``/``true``) is what ``format.md`` §1.2 says; national files are held to their
XSD before, so that one cast serves every layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from landxml.database import parsed
from landxml.dictionary import Class, Dictionary, Field, Kind
from landxml.place import SYSTEM
from landxml.values import KINDS

__all__ = ["clear", "create", "empty", "impossible", "select", "spelt", "tolerated", "typed"]

_CASTS = {
    "text": "nullif({c}, '')",
    "reference": "nullif({c}, '')",
    "guid": r"nullif(lower(trim({c}, E'{{}} \t\r\n')), '')",
    # A cast alone would round 12.7, and read 1e3, 0x10 and 1_000.
    "int": r"CASE WHEN regexp_full_match({c}, '\s*[+-]?[0-9]+\s*') THEN try_cast({c} AS BIGINT) END",
    "year": r"CASE WHEN regexp_full_match({c}, '\s*[0-9]+\s*') THEN try_cast({c} AS BIGINT) END",
    "decimal": (
        r"CASE WHEN regexp_full_match({c}, '\s*[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][+-]?[0-9]+)?\s*')"
        " THEN try_cast(replace({c}, ',', '.') AS DECIMAL(18,4)) END"
    ),
    "bool": (
        r"CASE WHEN regexp_full_match({c}, '\s*(1|true)\s*') THEN true"
        r" WHEN regexp_full_match({c}, '\s*(0|false)\s*') THEN false END"
    ),
    "date": (  # the commonest forms first, for speed
        "CASE WHEN {c} LIKE '____-__-__' THEN try_cast({c} AS DATE) ELSE"
        " coalesce(try_strptime({c}, '%d/%m/%Y')::DATE,"
        " try_cast(left({t}, 10) AS DATE), try_strptime({t}, '%d/%m/%Y')::DATE) END"
    ),
    # Local time as written: a time zone is cut off, because versions of DuckDB disagree on what it does.
    "datetime": (
        "coalesce(try_strptime({c}, '%d/%m/%Y %H:%M:%S'),"
        " try_cast(regexp_replace({t}, '(Z|[+-][0-9][0-9]:[0-9][0-9])$', '') AS TIMESTAMP),"
        " try_strptime({t}, ['%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M', '%d/%m/%Y']))"
    ),
}
"""Per kind: the column as it is is ``{c}``, without the white space around it ``{t}``."""
_TRIMMED = r"trim({c}, E' \t\r\n')"


def create(
    con: duckdb.DuckDBPyConnection, dictionary: Dictionary, raw: Mapping[str, pa.Table]
) -> dict[str, int]:
    """Create one typed table for each table of raw texts, and return how many rows each has."""
    for name, table in raw.items():
        con.register("raw_texts", table)
        typed_texts = select(dictionary.classes[name], "raw_texts")
        con.execute(parsed(con, f'CREATE OR REPLACE TABLE "{name}" AS {typed_texts}'))
    if raw:
        con.unregister("raw_texts")
    return {name: table.num_rows for name, table in raw.items()}


def clear(con: duckdb.DuckDBPyConnection, dictionary: Dictionary) -> None:
    """Create the tables of all classes without rows; where there are some, they go."""
    for cls in dictionary.classes.values():
        con.execute(empty(cls))


def impossible(
    con: duckdb.DuckDBPyConnection, dictionary: Dictionary, raw: Mapping[str, pa.Table]
) -> Iterator[tuple[str, int, str, str, str, str]]:
    """Yield dates of a vendor layout that have the right form but do not exist, such as ``31/02/2020``.

    The XSD of a vendor layout knows only the form; that of the national profile knows the calendar. The
    tables are those that :func:`create` made: where every text became a date there is nothing to look for.

    Yields
    ------
    tuple
        File, line and id of the record, class, element, and the text.
    """
    for name, table in raw.items():
        cls = dictionary.classes[name]
        dates = [field for field in cls.columns if field.kind in {"date", "datetime"}]
        if not dates:
            continue
        counts = ", ".join(f'count("{field.element}")' for field in dates)
        typed = con.execute(f'SELECT {counts} FROM "{cls.name}"').fetchall()[0]
        texts = [table.num_rows - table[field.element].null_count for field in dates]
        branches = [_impossible(cls, field) for field, n, m in zip(dates, typed, texts, strict=True) if n < m]
        if not branches:
            continue
        con.register("raw_texts", table)
        found = con.execute(" UNION ALL ".join(branches)).fetchall()
        con.unregister("raw_texts")
        yield from found


def _impossible(cls: Class, field: Field) -> str:
    name = f'"{field.element}"'
    return (
        f"SELECT _file, _at, _id, '{cls.name}', '{field.element}', {name} FROM raw_texts"
        f" WHERE regexp_full_match({_TRIMMED.format(c=name)}, '{KINDS[field.kind].vendor}')"
        f" AND ({typed(field.kind, name)}) IS NULL"
    )


_OTHERWISE = {"date": ("-", "iso"), "datetime": ("-", "iso"), "decimal": (",", "comma")}
"""Per kind of field of a vendor: what stands in a text of a form that is only tolerated; name of the form."""


def tolerated(
    dictionary: Dictionary, raw: Mapping[str, pa.Table]
) -> Iterator[tuple[str, int, str, str, str, str, int]]:
    """Yield in which files of a vendor's layout ISO dates (``iso``) or decimal commas (``comma``) are read.

    Yields
    ------
    tuple
        File; line and id of the first record with one, its class and element; the form; how many there are.
    """
    found = [
        _otherwise(table.filter(odd), name, field)
        for name, table in raw.items()
        for field in dictionary.classes[name].columns
        if field.kind in _OTHERWISE
        and pc.any(odd := pc.match_substring(table[field.element], _OTHERWISE[field.kind][0])).as_py()
    ]
    if not found:
        return
    places = pa.concat_tables(found).sort_by([("_file", "ascending"), ("_at", "ascending")])
    first = [(name, "first") for name in ("_at", "_id", "cls", "element")]
    groups = places.group_by(["_file", "form"], use_threads=False).aggregate([*first, ([], "count_all")])
    order = ["_file", *map("_".join, first), "form", "count_all"]
    yield from zip(*(groups[name].to_pylist() for name in order), strict=True)


def _otherwise(table: pa.Table, cls: str, field: Field) -> pa.Table:
    """Return the places of those values of a field that have a form, and no wrong one."""
    allowed = rf"^\s*({KINDS[field.kind].vendor})\s*$"
    rows = table.filter(pc.match_substring_regex(table[field.element], allowed))
    places = rows.select(["_file", "_at", "_id"])
    for name, value in (("cls", cls), ("element", field.element), ("form", _OTHERWISE[field.kind][1])):
        places = places.append_column(name, pa.repeat(value, len(rows)))
    return places


def select(cls: Class, source: str) -> str:
    """Return the SELECT that types the raw texts of one class."""
    columns = ", ".join(
        [*(f"{name}::{kind} AS {name}" for name, kind in SYSTEM.items()), *map(_cast, cls.columns)]
    )
    return f"SELECT {columns} FROM {source}"


def _cast(field: Field) -> str:
    name = f'"{field.element}"'
    column = "x" if field.repeated else name
    cast = typed(field.kind, column)
    if field.repeated:
        return f"coalesce(list_transform({name}, lambda x: {cast}), []) AS {name}"
    return f"{cast} AS {name}"


def typed(kind: Kind, column: str) -> str:
    """Return the expression of a column of texts as values of a kind; NULL where one cannot be read."""
    return _CASTS[kind].format(c=column, t=_TRIMMED.format(c=column))


def spelt(kind: Kind, column: str, *, vendor: bool = False) -> str:
    """Return the expression of a column of values of a kind as texts: as XSD, or as vendors write them."""
    if kind == "decimal":
        return f"rtrim(rtrim({column}::VARCHAR, '0'), '.')"
    if kind == "bool" and vendor:
        return f"{column}::INTEGER::VARCHAR"
    if kind in {"date", "datetime"} and vendor:
        return f"strftime({column}, '%d/%m/%Y{' %H:%M:%S' if kind == 'datetime' else ''}')"
    return f"replace({column}::VARCHAR, ' ', 'T')" if kind == "datetime" else f"{column}::VARCHAR"


def empty(cls: Class) -> str:
    """Return the statement that creates the table of a class without rows."""
    columns = [f"{name} {kind}" for name, kind in SYSTEM.items()]
    columns += [f'"{f.element}" {KINDS[f.kind].sql}{"[]" if f.repeated else ""}' for f in cls.columns]
    return f'CREATE OR REPLACE TABLE "{cls.name}" ({", ".join(columns)})'
