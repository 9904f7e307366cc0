"""National tables → tables of dossiers: the inverse of :mod:`landxml_mappings.to_national`, by the same file.

A dossier holds whatever its records refer to: what several share stands in each. Keys are integers within it.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from landxml.carriers import Batch
from landxml.cast import spelt
from landxml.database import literal
from landxml.dictionary import Class, Field, dictionary, national
from landxml.extract import EARLIER
from landxml.geometry import Rings
from landxml.layouts import Layout
from landxml.place import SYSTEM
from landxml_mappings.membership import LEFT, hold
from landxml_mappings.spec import ClassMapping, Mapping, Reference, mapping

__all__ = ["batches"]

DOSSIERS = 2_000
"""Dossiers in a batch."""
_GUID = r"regexp_replace(md5({0}), '^(.{{8}})(.{{4}})(.{{4}})(.{{4}})', '\1-\2-\3-\4-')"
_IS_GUID = "regexp_full_match({0}, '[0-9a-fA-F]{{8}}(-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}}')"
_FOLDER = "CASE WHEN regexp_full_match(w.commune, '[0-9]{5}') THEN w.commune END"
"""Of a dossier, by its commune; whatever else stands there is no name of a folder."""

Connection = duckdb.DuckDBPyConnection


def batches(con: Connection, layout: Layout) -> Iterator[Batch]:
    """Yield the dossiers of national tables, each whole.

    Parameters
    ----------
    con
        Holds a table of each national class.
    layout
        Of dossiers, with a mapping.
    """
    spec = mapping(layout)
    hold(con, spec.classes)
    con.execute(_numbered())
    last = con.execute("SELECT coalesce(max(batch), -1) FROM member").fetchall()[0][0]
    for number in range(last + 1):
        con.execute(f"CREATE OR REPLACE TEMP TABLE here AS {_named(number)}")
        yield Batch(layout, dict(_tables(con, spec)), Rings())


def _numbered() -> str:
    """Write ``member``: records are numbered class by class, and integers that are keys already stay."""
    root = f"split_part(dossier, '{EARLIER}', 1)"
    return (
        "CREATE OR REPLACE TEMP TABLE member AS WITH all_of AS ("
        "  SELECT h.dossier, r.cls, r.id, r.owner, r.nth, regexp_extract(r.id, '[^.]*$') AS tail"
        "  FROM held AS h JOIN feature AS f ON f.feature = h.id JOIN record AS r ON r.id = f.id"
        f"  WHERE h.dossier <> '{LEFT}'),"
        " usable AS (SELECT dossier, cls, bool_and(regexp_full_match(tail, '[0-9]{1,18}'))"
        "   AND count(DISTINCT tail) = count(*) AS kept FROM all_of GROUP BY ALL)"
        " SELECT a.dossier, a.cls, a.id, a.owner, a.nth, CASE WHEN u.kept THEN a.tail"
        "  ELSE row_number() OVER (PARTITION BY a.dossier, a.cls ORDER BY a.nth)::VARCHAR END AS key,"
        f" (dense_rank() OVER (ORDER BY {root.replace('dossier', 'a.dossier')}) - 1) // {DOSSIERS} AS batch"
        " FROM all_of AS a JOIN usable AS u USING (dossier, cls) ORDER BY batch, a.dossier, a.cls, a.nth"
    )


def _tables(con: Connection, spec: Mapping) -> Iterator[tuple[str, pa.Table]]:
    """Yield the tables of the dossiers of a batch, with those that have rows."""
    source = dictionary(spec.layout)
    queries: dict[str, list[str]] = {source.root: [_root(spec)]}
    for name, one in spec.classes.items():
        queries.setdefault(one.source, []).append(_class(name, one, spec))
        for field, reference in one.references.items():
            if reference.rows and not reference.within:
                rows = _listed(name, field, reference, spec)
                queries.setdefault(reference.rows, []).append(rows)
    for name, selects in queries.items():
        rows = " UNION ALL BY NAME ".join([_nothing(source.classes[name]), *selects])
        table = con.sql(f"FROM ({rows}) ORDER BY _dossier, _at, len(_id), _id").to_arrow_table()
        if len(table):
            yield name, table


def _nothing(cls: Class) -> str:
    """Write the table of a class without rows: all its columns, as texts."""
    columns = [f"NULL::{kind} AS {name}" for name, kind in SYSTEM.items()]
    columns += [f'NULL::VARCHAR AS "{field.element}"' for field in cls.columns]
    return f"SELECT {', '.join(columns)} WHERE false"


def _id(source: str, dossier: str, key: str) -> str:
    return f"'{source}.' || {dossier} || '.' || {key}"


def _named(number: int) -> str:
    """Write the members of the dossiers of a batch, with the GUID of each and its path in the package."""
    of_members = f"FROM member AS h WHERE batch = {number}"
    known = f"CASE WHEN {_IS_GUID.format('h.dossier')} THEN h.dossier END"
    guid = f"coalesce(any_value(t.hoSoGuid), any_value({known}), {_GUID.format('h.dossier')})"
    root = f"split_part(h.dossier, '{EARLIER}', 1)"
    name = f"CASE WHEN {_IS_GUID.format(root)} THEN {root} ELSE {_GUID.format(root)} END"
    return (
        f"WITH h AS ({of_members}), named AS ("
        f" SELECT h.dossier, {guid} AS guid, any_value(t.maXa) AS commune FROM h"
        " LEFT JOIN TinhHinhDangKy AS t ON h.cls = 'TinhHinhDangKy' AND t._id = h.id GROUP BY h.dossier)"
        f" SELECT h.*, n.guid, concat_ws('/', {_FOLDER}, 'HoSo-' || {name} || '.xml') AS file"
        f" FROM h JOIN named AS n USING (dossier) LEFT JOIN named AS w ON w.dossier = {root}"
    )


def _root(spec: Mapping) -> str:
    """Write the dossiers themselves; one before a change belongs to the record of that."""
    root = dictionary(spec.layout).root
    columns = {
        "_file": "any_value(h.file)", "_at": "0", "_id": _id(root, "h.dossier", "'1'"),
        "_parent": "any_value(c.id)", "_dossier": "h.dossier", "hoSoGuid": "any_value(h.guid)",
    }  # fmt: skip
    named = ", ".join(f"{value} AS {column}" for column, value in columns.items())
    return (
        f"SELECT {named} FROM here AS h LEFT JOIN ({_before(spec)}) AS c USING (dossier) GROUP BY h.dossier"
    )


def _before(spec: Mapping) -> str:
    """Write which record of a change each dossier before one belongs to."""
    found = [
        f"SELECT b.dossier, {_id(one.source, 'c.dossier', 'c.key')} AS id FROM here AS c"
        f' JOIN "{name}" AS n ON n._id = c.id JOIN here AS b ON list_contains(n."{field}", b.id)'
        for name, one in spec.classes.items()
        for field, reference in one.references.items()
        if reference.within
    ]
    return " UNION ALL ".join(found) or "SELECT NULL AS dossier, NULL AS id WHERE false"


def _class(name: str, one: ClassMapping, spec: Mapping) -> str:
    cls, source = national().classes[name], dictionary(spec.layout).classes[one.source]
    joins = [f'JOIN "{name}" AS n ON n._id = h.id']
    owner = cls.owner
    if owner:
        parent = _id(spec.classes[owner].source, "h.dossier", "o.key")
        joins.append("JOIN here AS o ON o.dossier = h.dossier AND o.id = h.owner")
    else:
        parent = _id(dictionary(spec.layout).root, "h.dossier", "'1'")
    columns = {
        "_file": "h.file", "_at": "h.nth", "_id": _id(one.source, "h.dossier", "h.key"), "_parent": parent,
        "_dossier": "h.dossier",
    }  # fmt: skip
    columns |= _values(cls, one, spec, {field.element: field for field in source.columns})
    for field, reference in one.references.items():
        if not reference.rows:
            joins.append(_target(field, f'n."{field}"'))
            columns |= _keys(field, reference, columns)
    columns.setdefault(one.id, "h.key")
    named = ", ".join(f'{value} AS "{column}"' for column, value in columns.items())
    return f"SELECT {named} FROM here AS h {' '.join(joins)} WHERE h.cls = '{name}'"


def _values(cls: Class, one: ClassMapping, spec: Mapping, known: dict[str, Field]) -> dict[str, str]:
    renamed = spec.renamed(cls.name)
    found = {}
    for field in cls.columns:
        element = one.elements.get(field.element, "" if field.element in renamed else field.element)
        if element in known:
            value = spelt(field.kind, f'n."{field.element}"', vendor=True)
            made = element == one.id and known[element].kind == "guid"
            found[element] = f"coalesce({value}, {_GUID.format('h.id')})" if made else value
    return found


def _target(alias: str, value: str) -> str:
    return f'LEFT JOIN here AS "{alias}" ON "{alias}".dossier = h.dossier AND "{alias}".id = {value}'


def _keys(field: str, reference: Reference, columns: dict[str, str]) -> dict[str, str]:
    """Write the key of what a reference means, and the code of its class; of an item that of its asset."""
    found = {reference.key: f'"{field}".key'}
    if reference.kind and not isinstance(reference.to, str):
        code = _code(field, reference.to)
        found[reference.kind] = (
            f"coalesce({columns[reference.kind]}, {code})" if reference.kind in columns else code
        )
    return found


def _code(alias: str, to: dict[str, str]) -> str:
    cases = " ".join(f"WHEN {literal(cls)} THEN '{code}'" for code, cls in to.items())
    return f'CASE "{alias}".cls {cases} END'


def _listed(name: str, field: str, reference: Reference, spec: Mapping) -> str:
    """Write the rows that a list of references is made of."""
    parent = _id(spec.classes[name].source, "o.dossier", "o.key")
    columns = {
        "_file": "o.file", "_at": "o.nth", "_parent": parent, "_dossier": "o.dossier",
        "_id": f"{parent} || '.' || n.number", reference.key: "t.key",
    }  # fmt: skip
    if reference.kind and not isinstance(reference.to, str):
        columns[reference.kind] = _code("t", reference.to)
    named = ", ".join(f'{value} AS "{column}"' for column, value in columns.items())
    items = (
        f'SELECT _id, unnest("{field}") AS item, generate_subscripts("{field}", 1) AS number FROM "{name}"'
    )
    return (
        f"SELECT {named} FROM here AS o JOIN ({items}) AS n ON n._id = o.id"
        f" JOIN here AS t ON t.dossier = o.dossier AND t.id = n.item WHERE o.cls = '{name}'"
    )
