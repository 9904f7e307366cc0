"""National tables → rows of a flat layout, by the mapping that :mod:`landxml_mappings.from_rows` reads.

A row begins with one record, such as a right, and holds the records that it leads to. Where there are several
of a class they stand in its blocks, what is left in more rows, in which all else stands again: whoever reads
the rows knows the same record by its key. Records that no row holds yet begin rows of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import duckdb
import pyarrow as pa

from landxml.database import literal
from landxml.dictionary import Field, national
from landxml.layouts import Layout
from landxml_mappings.row_plan import Plan, many, of_dossier, placed
from landxml_mappings.row_spec import Part, RowMapping, Source, row_mapping
from landxml_mappings.row_values import MEMBERS, coded, encoder, row_sql

__all__ = ["DOSSIER", "PARCEL", "rows"]

Connection = duckdb.DuckDBPyConnection

PARCEL, DOSSIER = "_parcel", "_dossier"
"""Columns with the id of the parcel that a row is about, whose boundary belongs to it, and its dossier."""


def rows(con: Connection, layout: Layout, before: tuple[int, int] = (0, 0)) -> pa.Table:
    """Return the rows that hold the records of the national tables of a connection.

    Parameters
    ----------
    con
        Holds a table of each national class that the mapping names.
    layout
        Flat, with a mapping.
    before
        Rows and dossiers that stand before these in the file.

    Returns
    -------
    pyarrow.Table
        A text or null per element of the layout, in its order, then :data:`PARCEL` and :data:`DOSSIER`; rows
        of a dossier stand together.
    """
    spec = row_mapping(layout)
    tables: list[pa.Table] = []
    covered: dict[str, list[str]] = {name: [] for name in spec.classes}
    for root in _roots(spec):
        name = f"rows of {root}"
        slots = Plan(root, spec, con).write(name, covered[root])
        for slot in slots:
            covered[slot.rpartition(" ")[0]].append(f'SELECT "{slot}" AS id FROM "{name}"')
        _cover(con, name, slots, spec, covered)
        if slots:
            tables.append(_values(con, name, slots, spec))
    if not tables:
        return pa.table({element: pa.nulls(0, pa.string()) for element in (*spec.elements, PARCEL, DOSSIER)})
    found = pa.concat_tables(tables)
    return _encoded(_numbered(found, spec, before), spec)


def _roots(spec: RowMapping) -> list[str]:
    """Return the classes whose records begin rows: first those known by what they refer to alone."""
    order = spec.order()[::-1]
    meant = {to for each in spec.classes.values() for ref in each.references.values() for to in ref.to}
    rights = [name for name in spec.classes if spec.by_references(name) and name not in meant]
    free = [
        name for name in order if not (spec.owner(name) or spec.classes[name].split or placed(name, spec))
    ]
    rest = [name for name in free if name not in rights]
    return [*rights, *sorted(rest, key=lambda name: of_dossier(name, spec))]


def _cover(
    con: Connection, table: str, slots: Sequence[str], spec: RowMapping, covered: dict[str, list[str]]
) -> None:
    """Add the rights that follow from rows: all that they refer to stands in one."""
    ids = " UNION ALL ".join(f'SELECT rowid AS at, "{slot}" AS id FROM "{table}"' for slot in slots)
    for name in spec.classes:
        fields = spec.by_references(name)
        if not (fields and slots) or any(slot.startswith(f"{name} ") for slot in slots):
            continue
        joins = []
        for at, field in enumerate(fields):
            same = f" AND i{at}.at = i0.at" if at else ""
            joins.append(f'LEFT JOIN ids AS i{at} ON i{at}.id = n."{field}"{same}')
        held = " AND ".join(
            f'(n."{field}" IS NULL OR i{at}.id IS NOT NULL)' for at, field in enumerate(fields)
        )
        kept = f"{table} {name}"
        con.execute(
            f'CREATE OR REPLACE TEMP TABLE "{kept}" AS WITH ids AS ({ids}) SELECT DISTINCT n._id AS id'
            f' FROM "{name}" AS n {" ".join(joins)} WHERE {held}'
        )
        covered[name].append(f'SELECT id FROM "{kept}"')


def _values(con: Connection, table: str, slots: Sequence[str], spec: RowMapping) -> pa.Table:
    """Return what stands in the cells of rows, from the ids in them; codes are still codes."""
    parts = {f"{name} {part.at}": part for name in spec.classes for part in spec.parts(name)}
    joins = [f'LEFT JOIN {_records(parts[slot])} AS "{slot}" ON "{slot}"._id = w."{slot}"' for slot in slots]
    for slot, part in parts.items():
        found = list(_placing(part, slots, spec))
        if found:
            joins.append(f'LEFT JOIN "{part.cls}" AS "{slot}" ON "{slot}"._id = coalesce({", ".join(found)})')
            slots = [*slots, slot]
    texts = dict(_texts({slot: parts[slot] for slot in slots}, spec))
    columns = [
        f'{_joined(texts.get(element, ()), field, slots)} AS "{element}"'
        for element, field in spec.elements.items()
    ]
    parcel = 'w."ThuaDat 0"' if "ThuaDat 0" in slots else "NULL::VARCHAR"
    chosen = ", ".join(["w._dossier", f"{parcel} AS {PARCEL}", *columns])
    return con.sql(f'SELECT {chosen} FROM "{table}" AS w {" ".join(joins)} ORDER BY w.rowid').to_arrow_table()


def _placing(part: Part, slots: Sequence[str], spec: RowMapping) -> Iterator[str]:
    """Yield the references that place a record in a block, of the records in a row."""
    block = spec.classes[part.cls].blocks[part.at]
    for cls, field in placed(part.cls, spec):
        for other in spec.parts(cls):
            if f"{cls} {other.at}" in slots and other.blocks[field] == block:
                yield f'"{cls} {other.at}"."{field}"{"[1]" if field in many(cls) else ""}'


def _records(part: Part) -> str:
    """Write the table of the records of a class; where a cell holds several, what stands in it is one."""
    if not part.split:
        return f'"{part.cls}"'
    order = ", ".join(
        [*(f'"{n}"' for n, source in part.sources.items() if source.take == "ordinal"), "rowid"]
    )
    values = ", ".join(
        f"""string_agg("{name}", {literal(part.split.by)} ORDER BY {order}) AS "{name}\""""
        for name, source in part.sources.items()
        if source.element == part.split.element
    )
    return f'(SELECT _parent AS _id, {values} FROM "{part.cls}" GROUP BY _parent)'


def _texts(parts: dict[str, Part], spec: RowMapping) -> Iterator[tuple[str, list[tuple[str, Source | None]]]]:
    """Yield the expressions of what may stand in the cells of an element, each with its source."""
    found: dict[str, list[tuple[str, Source | None]]] = {}
    for slot, part in parts.items():
        fields = {field.element: field for field in national().classes[part.cls].columns}
        for name, source in part.sources.items():
            if source.element and not (part.split and source.element != part.split.element):
                value = row_sql(fields[name], spec.elements[source.element], f'"{slot}"."{name}"')
                found.setdefault(source.element, []).append((value, source))
    files = list(spec.classes)
    for slot, part in sorted(parts.items(), key=lambda each: files.index(each[1].cls)):
        for element, values in part.when.items():
            if values and values[0]:
                said = f'CASE WHEN "{slot}"._id IS NOT NULL THEN {literal(values[0])} END'
                found.setdefault(element, []).append((said, None))
        for name, reference in spec.classes[part.cls].references.items():
            for element, values in reference.where.items():
                if element in spec.elements and values and values[0]:
                    said = _where(slot, name, reference.to, parts, values[0])
                    found.setdefault(element, []).append((said, None))
    yield from found.items()


def _where(slot: str, name: str, to: Sequence[str], parts: dict[str, Part], value: str) -> str:
    """Write what a row says of a record that a reference means."""
    meant = " OR ".join(
        f'"{slot}"."{name}" = "{other}"._id'
        if name not in many(slot.rpartition(" ")[0])
        else f'list_contains("{slot}"."{name}", "{other}"._id)'
        for other, part in parts.items()
        if part.cls in to
    )
    return f"CASE WHEN {meant or 'false'} THEN {literal(value)} END"


def _joined(texts: Sequence[tuple[str, Source | None]], field: Field, slots: Sequence[str]) -> str:
    members = [text for text, source in texts if source and source.take == "member"]
    if members:
        return f"nullif(concat_ws('; ', {', '.join(members)}), '')"
    each = [text for text, _ in texts]
    if field.form == "serial" and "ThuaDat 0" in slots:
        numbers = (f'"ThuaDat 0"."{name}"' for name in national().classes["ThuaDat"].key)
        parcel = f"concat_ws('_', 'CHUACOGIAY', {', '.join(numbers)})"
        each.append(f'CASE WHEN "ThuaDat 0"._id IS NOT NULL THEN {parcel} END')
    return f"coalesce({', '.join(each)})" if each else "NULL::VARCHAR"


def _numbered(found: pa.Table, spec: RowMapping, before: tuple[int, int]) -> pa.Table:
    """Let the rows of a dossier stand together, and number what no national field says."""
    fed = {s.element for name in spec.classes for part in spec.parts(name) for s in part.sources.values()}
    order: dict[str, int] = {}
    numbers = [
        order.setdefault(dossier, before[1] + len(order) + 1) for dossier in found[DOSSIER].to_pylist()
    ]
    found = found.append_column("_number", pa.array(numbers, pa.int64())).append_column(
        "_row", pa.array(range(len(found)), pa.int64())
    )
    found = found.sort_by([("_number", "ascending"), ("_row", "ascending")])
    for element, field in spec.elements.items():
        counted = field.form in {"rows", "dossiers"} or (element in spec.dossier and field.kind == "int")
        if counted and element not in fed:
            made = (
                pa.array(range(before[0] + 1, before[0] + len(found) + 1), pa.int64())
                if field.form == "rows"
                else found["_number"]
            )
            found = found.set_column(found.column_names.index(element), element, made.cast(pa.string()))
    return found.select([*spec.elements, PARCEL, DOSSIER])


def _encoded(found: pa.Table, spec: RowMapping) -> pa.Table:
    """Write words where the layout has words; of several items in a cell that of the list that knows it."""
    encoders: dict[str, list[Callable[[str], str]]] = {}
    for part in (part for cls in spec.classes for part in spec.parts(cls)):
        for name, source in part.sources.items():
            target = _field(part.cls, name)
            if target.codelist and source.element:
                encode = encoder(target.codelist, target.kind)
                known = encoders.setdefault(f"{source.element} {source.take == 'member'}", [])
                known.append(encode)
    for at, (element, field) in enumerate(spec.elements.items()):
        if field.form == "word":
            for many, made in ((True, _members), (False, _word)):
                if words := encoders.get(f"{element} {many}"):
                    found = found.set_column(at, element, coded(found[element], partial(made, words)))
    return found


def _word(encoders: Sequence[Callable[[str], str]], code: str) -> str:
    """Return the word of a code, by the first list that knows it."""
    return next((word for encode in encoders if (word := encode(code)) != code), code)


def _members(encoders: Sequence[Callable[[str], str]], text: str) -> str:
    return "; ".join(_word(encoders, code) for code in MEMBERS.split(text))


def _field(cls: str, name: str) -> Field:
    return next(field for field in national().classes[cls].columns if field.element == name)
