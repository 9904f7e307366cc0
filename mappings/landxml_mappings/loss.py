"""What became of the cells of rows on their way to the national model: nothing is lost unseen."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import NamedTuple

import duckdb
import msgspec

from landxml.carriers import Batch
from landxml.database import literal
from landxml.dictionary import Field, national
from landxml.layouts import Layout
from landxml.place import PLACE, Place
from landxml_mappings.from_rows import (
    column,
    folded_sql,
    given,
    item_count,
    members,
    occurrences,
    rows_of,
)
from landxml_mappings.row_spec import Part, RowMapping, Source, row_mapping
from landxml_mappings.row_values import national_sql

__all__ = ["Blank", "Conflict", "Loss", "blanks", "conflicts", "defaulted", "filled", "losses", "unread"]

Connection = duckdb.DuckDBPyConnection

COUNTED = {"rows", "dossiers", "derived"}
"""Forms of elements that are written anew, and say nothing."""


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the cells of an element that hold something; the counts sum up to ``read``.

    Attributes
    ----------
    carried
        Cells whose text stands in the national model as it is.
    changed
        Those that stand there in another form, by how it changed: ``word`` to a code, ``date``, ``year``,
        ``number``, ``flag``, ``zeros`` before a code, ``structure`` (which records there are), ``counted``.
    dropped
        Those that do not, by the reason: ``lost``, for the model has no place; ``absent``, for the row has no
        such record; ``unread``, for it is no value of the kind; ``conflict`` with another row; ``room``, for
        the layout has a place, and there are more; ``copy``, for the record stands there once.
    """

    element: str
    read: int
    carried: int = 0
    changed: dict[str, int] = {}
    dropped: dict[str, int] = {}


class Blank(NamedTuple):
    """A required field of a record that no row says; the element that should, and the first of the rows.

    ``id`` is empty where the whole sheet lacks the column; ``at`` is 0 then.
    """

    cls: str
    id: str
    field: str
    element: str
    place: Place


class Conflict(NamedTuple):
    """Rows that hold the same record say two things of it: ``value`` was taken, the least of them."""

    cls: str
    id: str
    field: str
    value: str
    place: Place
    other: str
    other_place: Place


def losses(con: Connection, layout: Layout) -> Iterator[Loss]:
    """Yield what became of the cells of each element that has some.

    ``con`` holds the tables that :func:`landxml_mappings.from_rows.apply` made.
    """
    spec = row_mapping(layout)
    for element, cells in _cells(spec, filled(con, spec)).items():
        counts = con.execute(
            f"SELECT status, count(*) FROM ({cells}) GROUP BY status ORDER BY 1 DESC"
        ).fetchall()
        yield _loss(element, {said.partition(" ")[::2]: count for said, count in counts})


def unread(con: Connection, layout: Layout) -> Iterator[tuple[Place, str, str]]:
    """Yield place, element and text of the cells whose value is none of the kind of any field it is for."""
    spec = row_mapping(layout)
    typed = {
        source.element
        for name in spec.classes
        for part in spec.parts(name)
        for field, source in part.sources.items()
        if source.take == "member" or _field(name, field).kind not in {"text", "guid"}
    }
    for element, cells in _cells(spec, typed & filled(con, spec)).items():
        found = con.execute(
            f'SELECT {", ".join(PLACE)}, "{element}" FROM ({cells}) JOIN "{spec.row}" USING (_row)'
            " WHERE status = '2 unread' ORDER BY _row"
        ).fetchall()
        yield from ((Place(*place), element, text) for *place, text in found)


def blanks(con: Connection, batch: Batch) -> Iterator[Blank]:
    """Yield the cells that are empty, of fields that the national model requires.

    A sheet without a column for them is told once: its place is the whole sheet. ``con`` holds the tables
    that :func:`landxml_mappings.from_rows.apply` made of the batch.
    """
    spec = row_mapping(batch.layout)
    (rows,) = batch.tables.values()
    places = ", ".join(f"min_by({column}, _row)" for column in PLACE)
    for part in (part for name in _present(con, spec) for part in spec.parts(name)):
        for name, source in part.sources.items():
            elements = [element for element in (source.element, *source.others) if element]
            if not elements or not _field(part.cls, name).required:
                continue
            bare = [sheet for sheet, known in batch.columns.items() if known.keys().isdisjoint(elements)]
            if not batch.columns and set(rows.column_names).isdisjoint(elements):
                continue  # told with the first batch
            empty = " AND ".join(f'd."{element}" IS NULL' for element in elements)
            cells = (
                "SELECT _row, if(list_contains(?::VARCHAR[], d._part), '', o._id) AS id,"
                f" d.{', d.'.join(PLACE)} FROM {occurrences(part.cls)} AS o"
                f' JOIN "{spec.row}" AS d USING (_row) JOIN "{part.cls}" AS g ON g._id = o._id'
                f' WHERE o._block = {part.at} AND g."{name}" IS NULL AND {empty}'
            )
            found = con.execute(
                f"SELECT id, {places} FROM ({cells}) GROUP BY id, if(id = '', _part, '')"
                " ORDER BY min(_row), id",
                [bare],
            ).fetchall()
            for identifier, file, sheet, at in found:
                place = Place(file, sheet, at if identifier else 0)
                yield Blank(part.cls, identifier, name, elements[0], place)


def filled(con: Connection, spec: RowMapping) -> set[str]:
    """Return the elements of which a row holds something; after :func:`landxml_mappings.from_rows.apply`."""
    counts = (f'count("{given(field)}")' for field in spec.elements.values())
    (found,) = con.execute(f'SELECT {", ".join(counts)} FROM "{spec.row}"').fetchall()
    return {element for element, count in zip(spec.elements, found, strict=True) if count}


def _present(con: Connection, spec: RowMapping) -> list[str]:
    """Return the classes of which a row has a record, owners first."""
    counts = (f'(SELECT count(*) FROM "{name}")' for name in spec.order())
    (found,) = con.execute(f"SELECT {', '.join(counts)}").fetchall()
    return [name for name, count in zip(spec.order(), found, strict=True) if count]


def _cells(spec: RowMapping, elements: Container[str]) -> dict[str, str]:
    """Write for these elements what becomes of the cells of each row: the best of all that they are for."""
    targets: dict[str, list[str]] = {}
    for part in (part for name in spec.classes for part in spec.parts(name)):
        for name, source in part.sources.items():
            for element in filter(None, (source.element, *source.others)):
                one = msgspec.structs.replace(source, element=element)
                targets.setdefault(element, []).append(_target(part, name, one, spec))
    targets, several = _structure(spec) | targets, members(spec)
    found = {}
    for element, field in ((name, field) for name, field in spec.elements.items() if name in elements):
        own = "8 counted" if field.form in COUNTED else "0 lost"
        each = [*targets.get(element, [])] if element not in spec.lost else []
        least = f"""SELECT _row, '{own}' AS status FROM "{spec.row}" WHERE "{element}" IS NOT NULL"""
        if field.form == "serial":  # one that is made up holds the rows of a dossier together
            each.append(
                f"""SELECT _row, '8 structure' FROM "{spec.row}" WHERE "{given(field)}" IS NOT NULL"""
            )
        cells = " UNION ALL ".join([*each, least])
        found[element] = f"SELECT _row, max(status) AS status FROM ({cells}) GROUP BY _row"
        if element in several:
            known = " + ".join(f'count("{column(*taker)}")' for taker in several[element])
            items = f'any_value("{item_count(element)}")::INT'
            status = f"if({items} > {known}, '2 unread', any_value(status))"
            rows = f'({found[element]}) JOIN "{spec.row}" USING (_row)'
            found[element] = f"SELECT _row, {status} AS status FROM {rows} GROUP BY _row"
    return found


def _field(cls: str, name: str) -> Field:
    return next(field for field in national().classes[cls].columns if field.element == name)


def _loss(element: str, counts: dict[tuple[str, str], int]) -> Loss:
    def of(*ranks: str) -> dict[str, int]:
        return {said: count for (rank, said), count in counts.items() if rank in ranks}

    return Loss(
        element=element, read=sum(counts.values()), carried=sum(of("9").values()), changed=of("8", "7"),
        dropped=of("3", "2", "1", "0"),
    )  # fmt: skip


def defaulted(con: Connection, layout: Layout) -> dict[str, int]:
    """Count the national values that no cell said, by ``Class.field``: constants, blank flags."""
    spec, found = row_mapping(layout), {}
    for name, own in spec.classes.items():
        made = spec.made(name)
        flags = [n for n, s in made.items() if s.element and spec.elements[s.element].form == "flag"]
        for field in flags:
            blank = f'SELECT _id FROM {occurrences(name)} GROUP BY _id HAVING count("{field}") = 0'
            found[f"{name}.{field}"] = f"SELECT count(*) FROM ({blank})"
        for field in own.constant:
            found[f"{name}.{field}"] = f'SELECT count(*) FROM "{name}"'
    counts = {field: int(con.execute(sql).fetchall()[0][0]) for field, sql in found.items()}
    return {field: count for field, count in counts.items() if count}


def _target(part: Part, name: str, source: Source, spec: RowMapping) -> str:
    """Write what becomes of the cells of an element in one field: of several items in a cell the worst."""
    field = _field(part.cls, name)
    value = national_sql(field, source, f'd."{column(part.cls, name, source)}"')
    item = f' AND o."{name}" IS NOT DISTINCT FROM {value}' if part.split else ""
    final, text = f'g."{name}"', f'd."{source.element}"'
    status = (
        f"CASE WHEN o._id IS NULL THEN '1 absent' WHEN {value} IS NULL THEN '2 unread'"
        f" WHEN {folded_sql(value)} IS DISTINCT FROM {folded_sql(final)} THEN '3 conflict'"
        f" WHEN {_plain(field, value)} = {text} THEN '9 carried' ELSE '{_change(field)}' END"
    )
    return (
        f"SELECT d._row, min({status}) AS status FROM {rows_of(part, spec)} AS d"
        f" LEFT JOIN {occurrences(part.cls)} AS o ON o._row = d._row AND o._block = {part.at}{item}"
        f' LEFT JOIN "{part.cls}" AS g ON g._id = o._id WHERE {text} IS NOT NULL GROUP BY d._row'
    )


def _plain(field: Field, value: str) -> str:
    if field.kind == "bool":
        return f"CASE {value} WHEN true THEN '1' WHEN false THEN '0' END"
    return (
        rf"regexp_replace({value}::VARCHAR, '\.?0+$', '')" if field.kind == "decimal" else f"{value}::VARCHAR"
    )


def _change(field: Field) -> str:
    """Write how a value changed, with its rank; that a date has become a year counts if it is no date too."""
    kinds = {"bool": "8 flag", "date": "8 date", "year": "7 year", "int": "8 number", "decimal": "8 number"}
    return "8 word" if field.codelist else kinds.get(field.kind, "8 zeros")


def _structure(spec: RowMapping) -> dict[str, list[str]]:
    """Write which cells say what records there are: by their words, or as part of a key."""
    words: dict[str, set[str]] = {}
    keys: set[str] = set()
    for part in (part for name in spec.classes for part in spec.parts(name)):
        keys |= {element for element in part.key if element in spec.elements}
        references = spec.classes[part.cls].references.values()
        for conditions in (part.when, *(reference.where for reference in references)):
            for element, values in conditions.items():
                if element in spec.elements:
                    words.setdefault(element, set()).update(values)
    found = {}
    for element in {*keys, *words}:
        name = f'"{element}"'
        known = ", ".join(folded_sql(literal(word)) for word in words.get(element, ()))
        said = "true" if element in keys else f"{folded_sql(name)} IN ({known or 'NULL'})"
        found[element] = [
            f"SELECT _row, '8 structure' AS status FROM \"{spec.row}\" WHERE {name} IS NOT NULL AND {said}"
        ]
    return found


def conflicts(con: Connection, layout: Layout) -> Iterator[Conflict]:
    """Yield where rows that hold the same record say two things of it."""
    spec = row_mapping(layout)
    for name in _present(con, spec):
        fields = _compared(name, spec)
        if fields:
            differ = (f"bool_or(min{at} <> max{at})" for at in range(len(fields)))
            ends = (
                f"min({text}) AS min{at}, max({text}) AS max{at}"
                for at, text in enumerate(map(_text, fields))
            )
            records = f"SELECT {', '.join(ends)} FROM {occurrences(name)} GROUP BY _id HAVING count(*) > 1"
            flags = con.execute(f"SELECT {', '.join(differ)} FROM ({records})").fetchall()[0]
            for field in (field for field, differs in zip(fields, flags, strict=True) if differs):
                yield from _conflicts(con, name, field, spec)


def _compared(name: str, spec: RowMapping) -> list[str]:
    """Fields of which a row that holds the record says something."""
    made = {field for field, source in spec.made(name).items() if source.element}
    return [field.element for field in national().classes[name].columns if field.element in made]


def _text(name: str) -> str:
    return folded_sql(f'"{name}"')


def _conflicts(con: Connection, cls: str, field: str, spec: RowMapping) -> Iterator[Conflict]:
    said = (
        f'SELECT _id, min("{field}") AS value, min(_row) AS _row FROM {occurrences(cls)}'
        f' WHERE "{field}" IS NOT NULL GROUP BY _id, {_text(field)}'
    )
    two = (
        f"SELECT _id, list(s ORDER BY value, _row) AS two FROM ({said}) AS s GROUP BY _id HAVING count(*) > 1"
    )
    place, other = ([f"{table}.{column}" for column in PLACE] for table in ("a", "b"))
    found = con.execute(
        f"SELECT _id, two[1].value::VARCHAR, two[2].value::VARCHAR, {', '.join(place + other)} FROM ({two})"
        f' JOIN "{spec.row}" AS a ON a._row = two[1]._row JOIN "{spec.row}" AS b ON b._row = two[2]._row'
        " ORDER BY a._row, _id"
    ).fetchall()
    for identifier, value, second, *places in found:
        yield Conflict(cls, identifier, field, value, Place(*places[:3]), second, Place(*places[3:]))
