"""Markup in bulk: tables of texts → the elements of their records, as SQL written from the dictionary.

For typed objects, one by one, there are :mod:`landxml.encoding` and :mod:`landxml.dossiers.writing`.
"""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Iterator, Sequence
from string import Formatter
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
import shapely

from landxml.carriers.base import Batch
from landxml.database import connect, literal
from landxml.dictionary import Element, Field, Kind, dictionary, tree
from landxml.encoding import boundary
from landxml.extract import EARLIER
from landxml.geometry import epsg_of, polygons
from landxml.layouts import Layout
from landxml.model import SieuDuLieu

__all__ = ["Markup", "metadata"]

CHUNK = 1000
"""Records whose texts are values of Python at one time."""
PREFIX = "ld"
"""Of the elements of a national file."""
METADATA = SieuDuLieu.__name__
_NAMES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
_FREE = {"text", "guid", "reference"}
"""Kinds whose texts may hold any character."""


class Markup:
    """Writes the records of batches of one layout; tables of texts as :meth:`Carrier.load` gives them."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.con = connect()

    def members(self, batch: Batch) -> Iterator[bytes]:
        """Yield runs of members of a layout of the national model, class by class; metadata is none."""
        self._take(batch.tables)
        self.con.register("boundaries", _boundaries(batch))
        member = f"{PREFIX}:{self.layout.member}"
        for cls in dictionary(self.layout).features():
            if cls.name in batch.tables and cls.name != METADATA:
                inside = _national(cls.name, self.layout, batch.tables)
                xml = f"'<{member}>\n' || xml || '</{member}>\n'"
                yield from self._texts(f"SELECT {xml} FROM ({inside}) ORDER BY nth")

    def documents(self, batch: Batch) -> Iterator[tuple[str, ...]]:
        """Yield path and text of each dossier; those before a change stand in the record of that."""
        root = tree(self.layout)
        self._take(batch.tables)
        self.con.execute("CREATE OR REPLACE TEMP TABLE written (_id VARCHAR, _parent VARCHAR, xml VARCHAR)")
        depth = f"len(string_split(_dossier, '{EARLIER}'))"
        found = self.con.execute(f'SELECT DISTINCT {depth} AS depth FROM "{root.name}" ORDER BY depth DESC')
        whole = _Dossier(batch.tables).record(root, 0)
        for (level,) in found.fetchall():
            self.con.execute(
                f"INSERT INTO written SELECT _id, _parent, xml FROM ({whole}) WHERE {depth} = {level}"
            )
        query = (
            f'SELECT r._file, w.xml FROM written AS w JOIN "{root.name}" AS r USING (_id)'
            " WHERE w._parent IS NULL ORDER BY r.rowid"
        )
        yield from itertools.chain.from_iterable(self._rows(query))

    def features(self, batch: Batch, template: str, surfaces: Iterable[tuple[int, str]]) -> Iterator[bytes]:
        """Yield runs of the features of a flat layout.

        Parameters
        ----------
        batch
            Of the layout.
        template
            A feature, with the names of its elements in braces.
        surfaces
            Row and GML of each boundary.
        """
        self._take(batch.tables)
        self.con.register("surfaces", _table(surfaces, at=pa.int64(), xml=pa.string()))
        (cls,) = dictionary(self.layout).features()
        kinds, parts = {field.element: field.kind for field in cls.fields}, []
        for text, name, *_ in Formatter().parse(template):
            parts.append(literal(text))
            if name:
                shape = kinds[name] == "geometry"
                parts.append("shape.xml" if shape else _text(kinds[name], f's."{name}"'))
        joined = f'"{cls.name}" AS s LEFT JOIN surfaces AS shape ON shape.at = s.rowid'
        yield from self._texts(f"SELECT concat({', '.join(parts)}) FROM {joined} ORDER BY s.rowid")

    def _take(self, tables: dict[str, pa.Table]) -> None:
        for name, table in tables.items():
            self.con.register("given", table)
            self.con.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS FROM given')
            self.con.unregister("given")

    def _texts(self, query: str) -> Iterator[bytes]:
        for rows in self._rows(query):
            yield "".join(xml for (xml,) in rows).encode()

    def _rows(self, query: str) -> Iterator[list[tuple[str, ...]]]:
        result = self.con.execute(query)
        while rows := result.fetchmany(CHUNK):
            yield rows


def _text(kind: Kind, column: str) -> str:
    """Write the text of a value; what XML cannot hold is left out."""
    if kind not in _FREE:
        return column
    plain = rf"regexp_replace({column}, '[\x00-\x08\x0B\x0C\x0E-\x1F]', '', 'g')"
    for character, name in _NAMES:
        plain = f"replace({plain}, '{character}', '{name}')"
    plain = f"""replace({plain}, '"', '&quot;')""" if kind == "reference" else plain
    return f"nullif({plain}, '')"


def _national(name: str, layout: Layout, present: Container[str], depth: int = 0) -> str:
    """Write the records of a class: ``_parent``, ``nth``, and ``xml``, its element."""
    cls, pad = dictionary(layout).classes[name], " " * depth
    parts, joins = [], []
    for field in cls.fields:
        tag, column = f"{PREFIX}:{field.element}", f's."{field.element}"'
        if field.kind == "object":
            if (inner := field.targets[0]) not in present:
                continue
            xml = f"'{pad} <{tag}>\n' || xml || '{pad} </{tag}>\n'"
            joins.append(_owned(xml, _national(inner, layout, present, depth + 2), f"of {inner}"))
            parts.append(f'"of {inner}".xml')
        elif field.kind == "geometry":
            joins.append("LEFT JOIN boundaries AS shape ON shape._id = s._id")
            parts.append(f"'{pad} <{tag}>' || shape.xml || '</{tag}>\n'")
        elif field.kind == "reference":
            parts.append(_each(field, column, f'{pad} <{tag} xlink:href="#', '"/>\n'))
        else:
            parts.append(_each(field, column, f"{pad} <{tag}>", f"</{tag}>\n"))
    opening = f"""'{pad}<{PREFIX}:{name} gml:id="' || {_text("reference", "s._id")} || '">\n'"""
    whole = ", ".join([opening, *parts, literal(f"{pad}</{PREFIX}:{name}>\n")])
    return f'SELECT s._parent, s.rowid AS nth, concat({whole}) AS xml FROM "{name}" AS s {" ".join(joins)}'


def _each(field: Field, column: str, opening: str, closing: str) -> str:
    """Write the element of a value, or of each of several; nothing where there is none."""
    value = _text(field.kind, "x" if field.repeated else column)
    element = f"{literal(opening)} || {value} || {literal(closing)}"
    return (
        f"array_to_string(list_transform({column}, lambda x: {element}), '')" if field.repeated else element
    )


def _owned(xml: str, records: str, name: str) -> str:
    """Join the texts of the records that each record owns, in their order."""
    collected = f"SELECT _parent, string_agg({xml}, '' ORDER BY nth) AS xml FROM ({records}) GROUP BY _parent"
    return f'LEFT JOIN ({collected}) AS "{name}" ON "{name}"._parent = s._id'


class _Dossier(NamedTuple):
    """How the elements of a dossier are written, from the classes that have a table."""

    present: Container[str]

    def record(self, node: Element, depth: int, only: str = "true") -> str:
        """Write the records of a class at one place of the tree: ``_id``, ``_parent``, ``nth``, ``xml``."""
        joins: list[str] = []
        pad, tag = "  " * depth, node.field.element
        parts = self._content(node, depth + 1, joins, list(_classes(node)))
        whole = ", ".join([f"'{pad}<{tag}>\n'", *parts, f"'{pad}</{tag}>\n'"])
        columns = f"s._id, s._parent, s._dossier, s.rowid AS nth, concat({whole}) AS xml"
        return f'SELECT {columns} FROM "{node.name}" AS s {" ".join(joins)} WHERE {only}'

    def _content(
        self, node: Element, depth: int, joins: list[str], places: Sequence[Element]
    ) -> Iterator[str]:
        pad = "  " * depth
        for child in node.children:
            field, tag = child.field, child.field.element
            if field.kind == "dossier":
                joins.append(_owned("xml", "SELECT _parent, rowid AS nth, xml FROM written", "before"))
                yield '"before".xml'
            elif child.is_class:
                if child.name in self.present:
                    name = f"{len(joins)} {child.name}"
                    joins.append(_owned("xml", self.record(child, depth, _fits(child, places)), name))
                    yield f'"{name}".xml'
            elif field.kind != "object":
                yield _each(field, f's."{tag}"', f"{pad}<{tag}>", f"</{tag}>\n")
            elif inside := [*self._content(child, depth + 1, joins, places)]:
                opening, closing = f"{pad}<{tag}>\n", f"{pad}</{tag}>\n"
                group = f"concat('{opening}', {', '.join(inside)}, '{closing}')"
                nothing = f"nullif({group}, '{opening}{closing}')"
                yield f"coalesce({nothing}, '{pad}<{tag}/>\n')" if field.required else nothing


def _classes(node: Element) -> Iterator[Element]:
    """Yield the classes in a record, at each of their places."""
    for child in node.children:
        if child.is_class:
            yield child
        elif child.field.kind == "object":
            yield from _classes(child)


def _fits(place: Element, places: Sequence[Element]) -> str:
    """Write which records of a class stand at a place: those that fit there, and at none before."""
    same = [each for each in places if each.name == place.name]
    room = [{child.field.element for child in each.children} for each in same]
    conditions = [
        " AND ".join(f's."{name}" IS NULL' for name in sorted(set().union(*room) - here)) or "true"
        for here in room
    ]
    at = next(number for number, each in enumerate(same) if each is place)
    return " AND ".join([f"({conditions[at]})", *(f"NOT ({before})" for before in conditions[:at])])


def metadata(batch: Batch) -> SieuDuLieu:
    """Return the metadata that a batch of the national model holds."""
    (row,) = batch.tables[METADATA].to_pylist()
    given = {name: value for name, value in row.items() if value and not name.startswith("_")}
    return msgspec.convert(given | {"id": row["_id"]}, SieuDuLieu, strict=False)


def _boundaries(batch: Batch) -> pa.Table:
    """Return the GML of each boundary that is a polygon, with the id of its parcel."""
    shapes, found = polygons(batch.rings), []
    ids = batch.tables["ThuaDat"]["_id"].to_pylist() if batch.rings.rows else []
    for row, srs, shape in zip(batch.rings.rows, batch.rings.srs, shapes, strict=True):
        if shape is not None:
            single = shape.geoms[0] if len(shape.geoms) == 1 else shape
            placed = shapely.set_srid(single, epsg_of(srs) or 0)
            found.append((ids[row], boundary(placed, f"{ids[row]}.ranhGioi")))
    return _table(found, _id=pa.string(), xml=pa.string())


def _table(rows: Iterable[tuple[Any, ...]], **columns: pa.DataType) -> pa.Table:
    """Return rows as a table."""
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pa.table(
        {name: pa.array(each, kind) for (name, kind), each in zip(columns.items(), values, strict=True)}
    )
