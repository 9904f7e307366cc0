"""Vendor tables → national tables: one SELECT per class, written from the mapping."""

from __future__ import annotations

from collections.abc import Container, Mapping

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from landxml.cast import empty
from landxml.database import parsed
from landxml.dictionary import Class, Field, dictionary, national
from landxml.extract import EARLIER
from landxml.layouts import Layout
from landxml.place import SYSTEM
from landxml.values import KINDS
from landxml_mappings.spec import ClassMapping, Reference, mapping
from landxml_mappings.spec import Mapping as LayoutMapping

__all__ = ["apply", "unmapped"]


def apply(con: duckdb.DuckDBPyConnection, layout: Layout, present: Container[str]) -> dict[str, int]:
    """Create the national tables from those that :func:`landxml.cast.create` made of the vendor's.

    A reference is the id ``<class>.<dossier>.<key>`` of the record meant, whether or not there is such a
    record; without a key it is NULL. File, line, id, owner and dossier of each record stay as they are, and
    so does the order of the records.

    Parameters
    ----------
    con, layout
        Connection with the vendor's tables, and the vendor's layout.
    present
        Vendor classes that have a table; all else that is needed is taken as empty.

    Returns
    -------
    dict
        Rows of each national table made; classes without a source among those present have none.
    """
    spec, source = mapping(layout), dictionary(layout)
    made = {name: one for name, one in spec.classes.items() if one.source in present}
    for name in {name for one in made.values() for name in one.looked_up()}:
        if name not in present:
            con.execute(parsed(con, empty(source.classes[name])))
    lists = {_list(ref): ref for one in made.values() for ref in one.references.values() if ref.rows}
    for name, reference in lists.items():
        con.execute(parsed(con, f'CREATE OR REPLACE TABLE "{name}" AS {_listed(reference)}'))
    counts = {name: _count(con, _table(national().classes[name], one, spec)) for name, one in made.items()}
    for name in lists:
        con.execute(f'DROP TABLE "{name}"')
    return counts


def unmapped(raw: Mapping[str, pa.Table], layout: Layout) -> dict[str, int]:
    """Count what :func:`apply` leaves behind: nothing is dropped in silence.

    Returns
    -------
    dict
        Records per source class that has no national class, and values per ``Class.element`` that has no
        national field; only what there is.
    """
    spec = mapping(layout)
    homeless = {name: raw[name].num_rows for name in spec.homeless() if name in raw}
    lost = [name.partition(".") for name in spec.lost]
    values = {f"{cls}.{name}": pc.count(raw[cls][name]).as_py() for cls, _, name in lost if cls in raw}
    return homeless | {name: count for name, count in values.items() if count}


def _count(con: duckdb.DuckDBPyConnection, creation: str) -> int:
    """Create a table, and return how many rows it has."""
    return int(con.execute(parsed(con, creation)).fetchall()[0][0])


def _table(cls: Class, spec: ClassMapping, whole: LayoutMapping) -> str:
    renamed = whole.renamed(cls.name)
    values = (
        _column(field, spec, whole) if field.element in renamed else _same(field, field.element)
        for field in cls.columns
    )
    named = (f'{value} AS "{field.element}"' for value, field in zip(values, cls.columns, strict=True))
    columns = ", ".join([*(f"s.{name}" for name in SYSTEM), *named])
    joins = "".join(
        f' LEFT JOIN "{_list(reference)}" AS "{name}" ON "{name}"._file = s._file AND "{name}".owner = s._id'
        for name, reference in spec.references.items()
        if reference.rows
    )
    order = " ORDER BY s.rowid" if joins or spec.dossier else ""  # a plain scan is in order
    return f'CREATE OR REPLACE TABLE "{cls.name}" AS SELECT {columns} FROM "{spec.source}" AS s{joins}{order}'


def _same(field: Field, element: str) -> str:
    return f'try_cast(s."{element}" AS {_type(field)})'


def _type(field: Field) -> str:
    return f"{KINDS[field.kind].sql}{'[]' if field.repeated else ''}"


def _column(field: Field, spec: ClassMapping, whole: LayoutMapping) -> str:
    name = field.element
    if name in spec.elements:
        return _same(field, spec.elements[name])
    if name in spec.dossier:
        value, root = f'any_value(r."{spec.dossier[name]}")', dictionary(whole.layout).root
        return f'(SELECT {value} FROM "{root}" AS r WHERE r._file = s._file AND r._id = s._parent)'
    if name in whole.everywhere.earlier:
        return f"CASE WHEN contains(s._dossier, '{EARLIER}') THEN {whole.everywhere.earlier[name]} END"
    reference = spec.references.get(name)
    if reference is None:
        return f"NULL::{_type(field)}"
    return f'coalesce("{name}".ids, [])' if reference.rows else _target(reference, "s")


def _list(reference: Reference) -> str:
    """Name the table of the references that records own as rows."""
    return f"{reference.rows}.{reference.key} {reference.within or ''}"


def _listed(reference: Reference) -> str:
    """Write the references made from rows: a list for each record that owns some, in their order."""
    rows, owner = f'"{reference.rows}" AS r', "r._parent"
    if reference.within:
        rows += f' JOIN "{reference.within}" AS w ON w._file = r._file AND w._id = r._parent'
        owner = "w._parent"
    return (
        f"SELECT r._file, {owner} AS owner, list({_target(reference, 'r')} ORDER BY r.rowid) AS ids"
        f' FROM {rows} WHERE r."{reference.key}" IS NOT NULL GROUP BY ALL'
    )


def _target(reference: Reference, table: str) -> str:
    """Write the id that a key means; a code without a class shows in it, and finds nothing."""
    cls = f"'{reference.to}'"
    if not isinstance(reference.to, str):
        kind = f'{table}."{reference.kind}"'
        cases = " ".join(f"WHEN {code} THEN '{name}'" for code, name in reference.to.items())
        cls = f"CASE {kind} {cases} ELSE '{reference.kind}=' || {kind} END"
    return f"""{cls} || '.' || {table}._dossier || '.' || {table}."{reference.key}\""""
