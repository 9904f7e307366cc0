"""Rows of a flat layout → national tables, as SQL made from the mapping.

For each class first its occurrences: the records that each row holds, with their ids. Occurrences with the
same id are one record, which has the place of its first row. The order of rows makes no difference.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from landxml.cast import empty
from landxml.database import literal
from landxml.dictionary import Field, national
from landxml.layouts import Layout
from landxml.place import PLACE
from landxml.values import KINDS
from landxml_mappings.row_spec import Conditions, Part, RowMapping, Source, row_mapping
from landxml_mappings.row_values import NO_SERIAL, cleaned, coded, decoder, item_counter, items, national_sql

__all__ = [
    "apply",
    "column",
    "first_rows",
    "folded_sql",
    "further_blocks",
    "given",
    "item_count",
    "members",
    "occurrences",
    "rows_of",
    "unmapped",
]

Connection = duckdb.DuckDBPyConnection

ROWS = 50_000
"""Rows whose texts are made clean at one time."""


def apply(con: Connection, layout: Layout, rows: pa.Table) -> dict[str, int]:
    """Create the national tables of rows.

    Parameters
    ----------
    con
        Where the tables come into: one per national class that the rows have a record of; the rows
        themselves as cleaned texts with their dossier, and the :func:`occurrences` of each class, from
        which :mod:`landxml_mappings.loss` reads what became of the cells.
    layout
        Flat, with a mapping.
    rows
        Place and texts of each row, in order; columns that are missing are taken as empty.

    Returns
    -------
    dict
        Rows of each national table made.
    """
    spec = row_mapping(layout)
    for start in range(0, max(len(rows), 1), ROWS):
        con.register("row_texts", _prepared(rows.slice(start, ROWS), spec, start))
        into = f'INSERT INTO "{spec.row}"' if start else f'CREATE OR REPLACE TABLE "{spec.row}" AS'
        con.execute(f"{into} SELECT *, {_dossier(spec)} AS _dossier FROM row_texts")
        con.unregister("row_texts")
    counts = {}
    for name in spec.order():
        con.execute(empty(national().classes[name]))  # which most are, and sooner than by the query
        found = f"CREATE OR REPLACE TEMP TABLE {occurrences(name)} AS {_occurrences(name, spec)}"
        if con.execute(found).fetchall() != [(0,)]:
            made = con.execute(f'CREATE OR REPLACE TABLE "{name}" AS {_records(name, spec)}')
            ((counts[name],),) = made.fetchall()
    return counts


def unmapped(layout: Layout, rows: pa.Table) -> dict[str, int]:
    """Count the values of rows that have no place in the national model, by ``Class.element``."""
    spec = row_mapping(layout)
    lost = {name: cleaned(rows[name]) for name in spec.lost if name in rows.column_names}
    found = {f"{spec.row}.{name}": len(texts) - texts.null_count for name, texts in lost.items()}
    return {name: count for name, count in found.items() if count}


def first_rows(con: Connection, cls: str) -> pa.Table:
    """Return place and id of each record of a class, and the number of its first row; after :func:`apply`."""
    first = f"SELECT _id, min(_row) AS row FROM {occurrences(cls)} GROUP BY _id"
    found = f'SELECT row, {", ".join(PLACE)}, _id FROM "{cls}" JOIN ({first}) USING (_id)'
    return con.sql(found).to_arrow_table()


def further_blocks(layout: Layout) -> str:
    """Write the query of the records whose first row has them in another block than the first.

    Columns ``file``, ``cls``, ``id``, ``block``; for the tables that :func:`apply` made.
    """
    spec = row_mapping(layout)
    found = [
        f"SELECT _file AS file, '{name}' AS cls, _id AS id, block"
        f" FROM (SELECT _id, arg_min(_block, (_row, _block)) AS block FROM {occurrences(name)} GROUP BY _id)"
        f' JOIN "{name}" USING (_id) WHERE block > 0'
        for name, own in spec.classes.items()
        if len(own.blocks) > 1
    ]
    nothing = "SELECT '' AS file, '' AS cls, '' AS id, 0 AS block WHERE false"
    return " UNION ALL ".join([nothing, *found])


def occurrences(cls: str) -> str:
    """Name the table of the records in each row: ``_row, _block, _item, _id, _parent``, keys and values."""
    return f'"{cls} in rows"'


def column(cls: str, name: str, source: Source) -> str:
    """Name the column of rows from which the value of a national field is made: its texts, or their codes."""
    field = _field(cls, name)
    if not field.codelist or not source.element:
        return source.element
    return f"{source.element}>{field.codelist} {field.kind} {source.take}".rstrip()


def _field(cls: str, name: str) -> Field:
    return next(field for field in national().classes[cls].columns if field.element == name)


def given(field: Field) -> str:
    """Name the column of rows that holds what was written, also where a serial stands for none."""
    return f"{field.element} given" if field.form == "serial" else field.element


def members(spec: RowMapping) -> dict[str, list[tuple[str, str, Source]]]:
    """Return by element the fields (class, name, source) that each take one item of its cells."""
    found: dict[str, list[tuple[str, str, Source]]] = {}
    for part in (part for cls in spec.classes for part in spec.parts(cls)):
        for name, source in part.sources.items():
            if source.take == "member":
                found.setdefault(source.element, []).append((part.cls, name, source))
    return found


def item_count(element: str) -> str:
    """Name the column of rows that says how many items a cell has."""
    return f"{element} count"


def _items(name: str) -> str:
    return f"{name} items"


def _prepared(rows: pa.Table, spec: RowMapping, start: int) -> pa.Table:
    """Return cleaned texts, the codes that they mean, and the items of cells that have several."""
    columns = {"_row": pa.chunked_array([pa.array(range(start, start + len(rows)), pa.int64())])}
    columns |= {name: rows[name] for name in PLACE}
    empty = pa.chunked_array([pa.nulls(len(rows), pa.string())])
    for element, field in spec.elements.items():
        columns[element] = cleaned(rows[element]) if element in rows.column_names else empty
        if field.form == "serial":
            given_texts = columns[given(field)] = columns[element]
            made_up = pc.match_substring_regex(given_texts, NO_SERIAL)
            columns[element] = pc.if_else(made_up, pa.scalar(None, pa.string()), given_texts)
    for part in (part for name in spec.classes for part in spec.parts(name)):
        if part.split:
            columns[_items(part.split.element)] = items(columns[part.split.element], part.split.by)
        for name, source in part.sources.items():
            for element in (source.element, *source.others):
                one = msgspec.structs.replace(source, element=element)
                field, made, base = _field(part.cls, name), column(part.cls, name, one), element
                if part.split and part.split.element == base:
                    made, base = _items(made), _items(base)
                if field.codelist and made not in columns:
                    decode = decoder(field.codelist, field.kind, member=source.take == "member")
                    columns[made] = coded(columns[base], decode)
    for element, takers in members(spec).items():
        fields = [_field(cls, name) for cls, name, _ in takers]
        count = item_counter([(field.codelist, field.kind) for field in fields if field.codelist])
        columns[item_count(element)] = coded(columns[element], count)
    return pa.table(columns)


def _dossier(spec: RowMapping) -> str:
    """Write the key of the dossier of a row, in the form of a GUID: the hash of what it is known by.

    A number that the national model does not hold counts within its sheet only.
    """
    sources = (s for name in spec.classes for part in spec.parts(name) for s in part.sources.values())
    carried = {element for source in sources for element in (source.element, *source.others)}
    sheet = "_file || chr(10) || _part || chr(10) || "
    known = []
    for element in spec.dossier:
        said = folded_sql(f'"{given(spec.elements[element])}"')
        known.append(f"'{element}' || chr(10) || {'' if element in carried else sheet}{said}")
    hashed = f"md5(coalesce({', '.join([*known, f'{sheet}_at'])}))"
    return rf"regexp_replace({hashed}, '^(.{{8}})(.{{4}})(.{{4}})(.{{4}})', '\1-\2-\3-\4-')"


def folded_sql(value: str) -> str:
    """Return the expression of what a value is compared by: without regard to case and blanks."""
    return f"upper(regexp_replace({value}::VARCHAR, '\\s', '', 'g'))"


def _occurrences(name: str, spec: RowMapping) -> str:
    found = " UNION ALL ".join(_occurrence(part, spec) for part in spec.parts(name))
    return f"SELECT *, {_id(name, spec)} AS _id FROM ({found})"


def _occurrence(part: Part, spec: RowMapping) -> str:
    cls, own = national().classes[part.cls], spec.classes[part.cls]
    columns = ["d._row", f"{part.at} AS _block", f"{'d._item' if part.split else 0} AS _item", "d._dossier"]
    joins, conditions = [], [_exists(part, spec)]
    if owner := spec.owner(part.cls):
        joins.append(
            f"JOIN {occurrences(owner)} AS o ON o._row = d._row AND o._block = {spec.owner_block(part)}"
        )
    columns.append(f"{'o._id' if owner else 'NULL::VARCHAR'} AS _parent")
    columns += [f"{_key(part, element, spec)} AS k{at}" for at, element in enumerate(part.key)]
    fields = {field.element: field for field in cls.columns}
    for name, reference in own.references.items():
        targets = [to for to in reference.to if to in spec.classes]
        groups = [targets] if reference.each else [[to] for to in targets]
        ids = [f'"{name} {at}".id' for at in range(len(groups))]
        joins += [_join(f"{name} {at}", group, part, name, spec) for at, group in enumerate(groups)]
        columns.append(f'{_first(ids)} AS "{name}"')
    for name in spec.by_references(part.cls):
        conditions += [f'"{name}" IS NOT NULL'] if fields[name].required else []
    for name in spec.made(part.cls):
        source = part.sources.get(name)
        value = _said(part.cls, name, source) if source else f"NULL::{KINDS[fields[name].kind].sql}"
        columns.append(f'{value} AS "{name}"')
    where = " AND ".join(conditions)
    return f"SELECT {', '.join(columns)} FROM {rows_of(part, spec)} AS d {' '.join(joins)} WHERE {where}"


def rows_of(part: Part, spec: RowMapping) -> str:
    """Return the table of the rows, each as often as the cell that is split has items."""
    if not part.split:
        return f'"{spec.row}"'
    element = part.split.element
    made = {
        column(part.cls, name, source) for name, source in part.sources.items() if source.element == element
    }
    unnested = ", ".join(f'unnest("{_items(name)}") AS "{name}"' for name in {element, *made})
    replaced = ", ".join(
        f'"{name}"' for name in [element, *(n for n in made if n in spec.elements and n != element)]
    )
    counted = f'generate_subscripts("{_items(element)}", 1) AS _item'
    return f'(SELECT * EXCLUDE ({replaced}), {unnested}, {counted} FROM "{spec.row}")'


def _key(part: Part, element: str, spec: RowMapping) -> str:
    """Write what a key is compared by: the national value where a field takes it, else the text."""
    if element not in spec.elements:  # a block may lack it
        return "NULL::VARCHAR"
    for name, source in part.sources.items():
        if source.element == element:
            one = msgspec.structs.replace(source, others=())
            return folded_sql(_said(part.cls, name, one))
    return folded_sql(f'd."{element}"')


def _said(cls: str, name: str, source: Source) -> str:
    """Write the national value of a field in a row."""
    elements = (source.element, *source.others)
    each = [msgspec.structs.replace(source, element=element) for element in elements]
    field = _field(cls, name)
    values = [national_sql(field, one, f'd."{column(cls, name, one)}"') for one in each]
    return values[0] if len(values) == 1 else f"coalesce({', '.join(values)})"


def _exists(part: Part, spec: RowMapping) -> str:
    """Write whether a row holds a record."""
    if part.when:
        return _holds(part.when, "d")
    filled = _own(part, spec)
    return f"({' OR '.join(filled)})" if filled else "true"


def _own(part: Part, spec: RowMapping) -> list[str]:
    """Conditions that one of the elements is filled that only this part takes, or what is nested in it."""
    nested = [
        inner
        for name in spec.classes
        if spec.owner(name) == part.cls
        for inner in spec.parts(name)
        if spec.owner_block(inner) == part.at and not inner.when
    ]
    own = [f'd."{element}" IS NOT NULL' for element in sorted(part.own)]
    return own + [condition for inner in nested for condition in _own(inner, spec)]


def _holds(conditions: Conditions, table: str) -> str:
    return " AND ".join(_has(f'{table}."{name}"', values) for name, values in conditions.items())


def _has(value: str, wanted: Collection[str]) -> str:
    if not wanted:
        return f"{value} IS NOT NULL"
    if "*" in wanted:
        return "true"
    said = f"{folded_sql(value)} IN ({', '.join(folded_sql(literal(one)) for one in wanted)})"
    return f"({said} OR {value} IS NULL)" if "" in wanted else said


def _first(ids: Sequence[str]) -> str:
    return f"coalesce({', '.join(ids)})" if ids else "NULL::VARCHAR"


def _join(alias: str, to: Sequence[str], part: Part, name: str, spec: RowMapping) -> str:
    """Join what a reference of a row may mean: of one class the first, of a list all, else each of them."""
    reference = spec.classes[part.cls].references[name]
    many = _field(part.cls, name).repeated
    found = " UNION ALL ".join(
        f"SELECT _row, {'list(t._id)' if many else 'min_by(t._id, t._block)'} AS id"
        f" FROM {_meant(each, reference.where, part, name, spec)} GROUP BY _row"
        for each in to
    )
    fields = {field.element for each in to for field in national().classes[each].columns}
    of_row = {element: values for element, values in reference.where.items() if element not in fields}
    row = f" AND {_holds(of_row, 'd')}" if of_row else ""
    return f'LEFT JOIN ({found}) AS "{alias}" ON "{alias}"._row = d._row{row}'


def _meant(to: str, where: Conditions, part: Part, name: str, spec: RowMapping) -> str:
    """Write the occurrences of a class that a reference may mean, with what their records say."""
    fields = {field.element for field in national().classes[to].columns}
    of_target = {element: values for element, values in where.items() if element in fields}
    blocks = spec.classes[to].blocks
    block = part.blocks[name] or spec.classes[part.cls].blocks[part.at]
    conditions = [_holds(of_target, "r")] if of_target else []
    if block and block in blocks:
        conditions.append(f"t._block = {blocks.index(block)}")
    elif part.blocks[name]:
        conditions.append("false")
    records = f' JOIN "{to}" AS r USING (_id)' if of_target else ""
    return f"{occurrences(to)} AS t{records}{' WHERE ' + ' AND '.join(conditions) if conditions else ''}"


def _id(name: str, spec: RowMapping) -> str:
    """Write the id of a record: its key, or its number within the dossier by the order of keys."""
    keys = [f"k{at}" for at in range(len(spec.parts(name)[0].key))]
    if spec.ordinal(name):
        order = ", ".join(["_parent", *keys, *(f'"{each}"' for each in spec.by_references(name))])
        number = f"dense_rank() OVER (PARTITION BY _dossier ORDER BY {order})"
        return f"'{name}.' || _dossier || '.' || {number}"
    tail = ["substr(_parent, strpos(_parent, '.') + 1)"] if spec.owner(name) else []
    safe = [
        f"CASE WHEN regexp_full_match({key}, '[0-9A-Z_]{{1,40}}') THEN {key} ELSE left(md5({key}), 16) END"
        for key in keys
    ]
    parts = [*tail, *(f"coalesce({part}, '')" for part in safe)]
    return f"'{name}.' || rtrim(concat_ws('-', {', '.join(parts)}), '-')"


def _records(name: str, spec: RowMapping) -> str:
    """Write the table of a class: occurrences with the same id are one record."""
    cls, own = national().classes[name], spec.classes[name]
    made = spec.made(name)
    keys = [f"any_value(k{at}) AS k{at}" for at in range(len(spec.parts(name)[0].key))]
    groups = [
        "_id", "min(_row) AS _row", "min(_item) AS _item", "min(_parent) AS _parent",
        "min(_dossier) AS _dossier", *keys,
    ]  # fmt: skip
    merged = [field for field in cls.columns if field.element in {*made, *own.references}]
    groups += [f'{_merged(field)} AS "{field.element}"' for field in merged]
    values = [f'{_value(field, name, spec)} AS "{field.element}"' for field in cls.columns]
    places = [f"d.{column}" for column in PLACE]
    owner = spec.owner(name)
    dossier, owned = (
        ("o._dossier", f' JOIN "{owner}" AS o ON o._id = g._parent') if owner else ("g._dossier", "")
    )
    return (
        f"SELECT {', '.join([*places, 'g._id', 'g._parent', dossier, *values])}"
        f" FROM (SELECT {', '.join(groups)} FROM {occurrences(name)} GROUP BY _id) AS g"
        f' JOIN "{spec.row}" AS d ON d._row = g._row{owned} ORDER BY g._row, g._id'
    )


def _merged(field: Field) -> str:
    name = f'"{field.element}"'
    return f"list_sort(list_distinct(flatten(list({name}))))" if field.repeated else f"min({name})"


def _value(field: Field, name: str, spec: RowMapping) -> str:
    own, element = spec.classes[name], field.element
    kind = f"{KINDS[field.kind].sql}{'[]' if field.repeated else ''}"
    if element in own.constant:
        return f"{literal(str(own.constant[element]))}::{kind}"
    source = spec.made(name).get(element)
    if source and source.take == "ordinal":
        keys = [f"k{at}" for at in range(len(spec.parts(name)[0].key))] or ["g._row"]
        order = ", ".join(["g._item", *keys])
        return f"row_number() OVER (PARTITION BY coalesce(g._parent, g._dossier) ORDER BY {order})"
    if source:
        flag = source.element and spec.elements[source.element].form == "flag"
        return f'coalesce(g."{element}", false)' if flag else f'g."{element}"'
    if element in own.references:
        return f'coalesce(g."{element}", [])' if field.repeated else f'g."{element}"'
    return f"NULL::{kind}"
