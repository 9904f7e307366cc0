"""Vendor tables → national tables: one SELECT per class, written from the mapping."""

from __future__ import annotations

import duckdb

from landxml.dictionary import Class, Field, national, vendor
from landxml.tables import TYPES, empty
from landxml_mappings.mapping import ClassMapping, Reference, mapping

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
        con.execute(empty(cls) if made is None else _table(cls, made, vendor(layout).root))


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
    return {name: count for name, count in con.execute(" UNION ALL ".join(counts)).fetchall() if count}


def _table(cls: Class, spec: ClassMapping, root: str) -> str:
    columns = ", ".join(
        [*_SYSTEM, *(f'{_column(field, spec, root)} AS "{field.element}"' for field in cls.columns)]
    )
    return (
        f'CREATE OR REPLACE TABLE "{cls.name}" AS SELECT {columns} FROM "{spec.source}" AS s ORDER BY s.rowid'
    )


def _column(field: Field, spec: ClassMapping, root: str) -> str:
    name, kind = field.element, f"{TYPES[field.kind]}{'[]' if field.repeated else ''}"
    if name in spec.absent:
        return f"NULL::{kind}"
    if name in spec.dossier:
        value = f'any_value(r."{spec.dossier[name]}")'
        return f'(SELECT {value} FROM "{root}" AS r WHERE r._file = s._file AND r._id = s._parent)'
    reference = spec.references.get(name)
    if reference is None:
        return f'try_cast(s."{name}" AS {kind})'
    if reference.rows:
        return _list(reference)
    return _target(reference, "s")


def _list(reference: Reference) -> str:
    """Write the references made from the rows that a record owns, in the order of the file."""
    rows = f'"{reference.rows}" AS r WHERE r._file = s._file AND r._parent = s._id'
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
