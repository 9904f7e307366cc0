"""Vendor tables → national tables: one SELECT per class, written from the mapping."""

from __future__ import annotations

import duckdb

from landxml.columns import EARLIER
from landxml.dictionary import Class, Field, national, vendor
from landxml.tables import TYPES, empty
from landxml_mappings.mapping import ClassMapping, Mapping, Reference, mapping

__all__ = ["apply", "unmapped"]

_SYSTEM = ("_file", "_line", "_id", "_parent", "_dossier")


def apply(con: duckdb.DuckDBPyConnection, layout: str) -> None:
    """Create every national table, empty ones too, from the tables that :func:`landxml.tables.create` made.

    A reference is the id ``<class>.<dossier>.<key>`` of the record meant, whether or not there is such a
    record; without a key it is NULL. File, line, id, owner and dossier of each record stay as they are, and
    so does the order of the records. For the national layout itself there is nothing to do.
    """
    if layout == "national":
        return
    spec = mapping(layout)
    for cls in national().classes.values():
        made = spec.classes.get(cls.name)
        con.execute(empty(cls) if made is None else _table(cls, made, spec))


def unmapped(con: duckdb.DuckDBPyConnection, layout: str) -> dict[str, int]:
    """Count what :func:`apply` leaves behind: nothing is dropped in silence.

    Returns
    -------
    dict
        Records per source class that has no national class, and values per ``Class.element`` that has no
        national field; only what there is.
    """
    if layout == "national":
        return {}
    spec = mapping(layout)
    counts = [f"""SELECT '{name}', count(*) FROM "{name}\"""" for name in spec.homeless()]
    for name in spec.lost:
        cls, _, element = name.partition(".")
        counts.append(f"""SELECT '{name}', count("{element}") FROM "{cls}\"""")
    sql = " UNION ALL ".join(counts)
    return {name: count for name, count in con.execute(sql).fetchall() if count} if sql else {}


def _table(cls: Class, spec: ClassMapping, whole: Mapping) -> str:
    renamed = whole.renamed(cls.name)
    values = (
        _column(field, spec, whole) if field.element in renamed else _same(field) for field in cls.columns
    )
    named = (f'{value} AS "{field.element}"' for value, field in zip(values, cls.columns, strict=True))
    columns = ", ".join([*_SYSTEM, *named])
    return (
        f'CREATE OR REPLACE TABLE "{cls.name}" AS SELECT {columns} FROM "{spec.source}" AS s ORDER BY s.rowid'
    )


def _same(field: Field) -> str:
    return f'try_cast(s."{field.element}" AS {_type(field)})'


def _type(field: Field) -> str:
    return f"{TYPES[field.kind]}{'[]' if field.repeated else ''}"


def _column(field: Field, spec: ClassMapping, whole: Mapping) -> str:
    name = field.element
    if name in spec.dossier:
        value, root = f'any_value(r."{spec.dossier[name]}")', vendor(whole.layout).root
        return f'(SELECT {value} FROM "{root}" AS r WHERE r._file = s._file AND r._id = s._parent)'
    if name in whole.everywhere.earlier:
        return f"CASE WHEN contains(s._dossier, '{EARLIER}') THEN {whole.everywhere.earlier[name]} END"
    reference = spec.references.get(name)
    if reference is None:
        return f"NULL::{_type(field)}"
    return _list(reference) if reference.rows else _target(reference, "s")


def _list(reference: Reference) -> str:
    """Write the references made from the rows that a record owns, in the order of the file."""
    rows = f'"{reference.rows}" AS r WHERE r._file = s._file AND r._parent = s._id'
    if reference.within:
        owner = f'"{reference.within}" AS w ON w._file = r._file AND w._id = r._parent'
        rows = f'"{reference.rows}" AS r JOIN {owner} WHERE w._file = s._file AND w._parent = s._id'
    found = f"list({_target(reference, 'r')} ORDER BY r.rowid)"
    return f'coalesce((SELECT {found} FROM {rows} AND r."{reference.key}" IS NOT NULL), [])'


def _target(reference: Reference, table: str) -> str:
    """Write the id that a key means; a code without a class shows in it, and finds nothing."""
    cls = f"'{reference.to}'"
    if not isinstance(reference.to, str):
        kind = f'{table}."{reference.kind}"'
        cases = " ".join(f"WHEN {code} THEN '{name}'" for code, name in reference.to.items())
        cls = f"CASE {kind} {cases} ELSE '{reference.kind}=' || {kind} END"
    return f"""{cls} || '.' || {table}._dossier || '.' || {table}."{reference.key}\""""
