"""The mapping of a flat layout to the national model, as data: what the records are that a row holds.

One declaration serves both directions: :mod:`landxml_mappings.from_rows`, :mod:`landxml_mappings.to_rows`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from typing import Any, Literal

import msgspec

from landxml.dictionary import Class, Field, dictionary, national
from landxml.layouts import Layout
from landxml_mappings.spec import is_mapped, path, tables_of

__all__ = [
    "Owners",
    "Part",
    "RowClass",
    "RowMapping",
    "RowReference",
    "Source",
    "Split",
    "has_rows",
    "prepared",
    "row_mapping",
]

Conditions = dict[str, tuple[str, ...]]
"""Element (or national field of what is meant) → values of which it has one, the first of them written.

Without values it has any; ``""`` stands for an empty cell, ``*`` for whatever there is.
"""


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the value of a national field comes from.

    Attributes
    ----------
    element
        Of the row (in the file: ``from``); ``{block}`` stands for the name of the block.
    others
        Elements from which it comes where that is empty; they are not written.
    take
        In the file ``as``: ``member``, of several items of the cell the one that the code list of the field
        knows; ``ordinal``, the number of the record within its owner; ``dossier``, the key of the dossier.
        ``date`` and ``year`` say what follows from the kind of the field.
    """

    element: str = msgspec.field(name="from", default="")
    others: tuple[str, ...] = ()
    take: Literal["", "date", "year", "member", "ordinal", "dossier"] = msgspec.field(name="as", default="")


class RowReference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reference to a record of the same row.

    Attributes
    ----------
    to
        Classes; the first of which the row has a record.
    where
        What that record, or the row, must say.
    block
        Name of the block of that record; by default the same, where there is one.
    each
        There is a record for each class of which the row has one, not for the first.
    """

    to: tuple[str, ...]
    where: Conditions = {}
    block: str = ""
    each: bool = False


class Split(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cell with several items, each of which is a record; ``by`` stands between them when it is written."""

    element: str
    by: str


class RowClass(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The records of one national class in a row.

    Attributes
    ----------
    blocks
        Names of repeated groups of columns; one record of each that is filled.
    prefix
        Element of a field that is not under ``fields``: the prefix and its name.
    key
        Elements; rows that agree in them hold one record, within its owner or, where one is personal, the
        dossier. Empty: one record of each owner or dossier. None: one for each combination of references.
    when
        There is a record where all of this holds; by default, where an element that only it takes is filled.
    fields, references, constant
        National fields by where their values come from.
    split
        One record for each item of a cell.
    absent
        National fields without an element → reason.
    """

    blocks: tuple[str, ...] = ("",)
    prefix: str = ""
    key: tuple[str, ...] | None = None
    when: Conditions = {}
    fields: dict[str, Source] = {}
    references: dict[str, RowReference] = {}
    constant: dict[str, bool | int | str] = {}
    split: Split | None = None
    absent: dict[str, str] = {}


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A class in one block of a row: its sources have the real names of their elements.

    Attributes
    ----------
    at
        Number of the block, from 0.
    blocks
        Of each reference the name of the block that it means.
    own
        Elements that only this part takes.
    """

    cls: str
    at: int
    sources: dict[str, Source]
    key: tuple[str, ...]
    when: Conditions
    split: Split | None
    blocks: dict[str, str] = {}
    own: frozenset[str] = frozenset()


class Owners(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Elements of a parcel with its owners: their ``names``; ``cls``, the code of their class, or ``""``."""

    names: tuple[str, ...]
    cls: str = ""


class RowMapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole flat layout.

    Attributes
    ----------
    row
        Its class.
    dossier
        Rows that agree in the first of these elements that is filled are one dossier.
    classes
        By national class.
    combined
        Classes of which each combination has a row, the outermost first; of all others there are as many rows
        as are needed.
    absent, everywhere
        National classes, and fields of any class, without an element → reason.
    lost
        Elements without a national field → reason.
    compared
        Of these the owners of a parcel, which a link compares with those of its rights.
    labels
        Of these what a campaign has written of a record, and the national class of that record; it is counted
        (``landxml_validator.inventory``).
    """

    layout: Layout
    row: str
    dossier: tuple[str, ...]
    classes: dict[str, RowClass]
    combined: tuple[str, ...] = ()
    absent: dict[str, str] = {}
    everywhere: dict[str, dict[str, str]] = {}
    lost: dict[str, str] = {}
    compared: Owners | None = None
    labels: dict[str, str] = {}

    def __hash__(self) -> int:
        """Hash what tells mappings apart, which are keys of caches."""
        return hash((self.layout.id, tuple(self.classes)))

    @property
    def elements(self) -> dict[str, Field]:
        """Columns of a row, by name; that of a geometry only tells whether two are the same."""
        return {field.element: field for field in dictionary(self.layout).classes[self.row].fields}

    def parts(self, name: str) -> tuple[Part, ...]:
        """Return the parts of a class, one for each block."""
        return _parts(self)[name]

    def owner(self, name: str) -> str | None:
        """Return the class in whose records those of a class are nested; none if it is not mapped."""
        owner = national().classes[name].owner
        return owner if owner in self.classes else None

    def owner_block(self, part: Part) -> int:
        """Return the number of the block of the owner of a part: of the same name, that begins it, or 0."""
        blocks = self.classes[self.owner(part.cls) or part.cls].blocks
        name = self.classes[part.cls].blocks[part.at]
        fit = [block for block in blocks if name.startswith(block)]
        return blocks.index(max(fit, key=len)) if fit else 0

    def by_references(self, name: str) -> tuple[str, ...]:
        """Return the references that make up the key of a record; empty if it has another key."""
        spec = self.classes[name]
        many = {field.element for field in national().classes[name].columns if field.repeated}
        return () if spec.key is not None else tuple(r for r in spec.references if r not in many)

    def ordinal(self, name: str) -> bool:
        """Tell whether records are numbered within their dossier, so that no key stands in their ids."""
        spec, elements = self.classes[name], self.elements
        named = {element for part in self.parts(name) for element in part.key}
        personal = any(elements[element].personal for element in named if element in elements)
        owner = self.owner(name)
        return personal or (self.ordinal(owner) if owner else not spec.key)

    def made(self, name: str) -> dict[str, Source]:
        """Return the fields of a class that some block has, and their source in the first."""
        found: dict[str, Source] = {}
        for part in self.parts(name):
            found |= {field: source for field, source in part.sources.items() if field not in found}
        return found

    def order(self) -> tuple[str, ...]:
        """Return the classes, each behind its owner and those that it refers to."""
        graph = {
            name: {
                other
                for other in [self.owner(name), *(to for ref in spec.references.values() for to in ref.to)]
                if other in self.classes and other != name
            }
            for name, spec in self.classes.items()
        }
        return tuple(TopologicalSorter(graph).static_order())


@cache
def has_rows(layout: Layout) -> bool:
    """Tell whether the mapping of a layout is one of rows."""
    return (
        layout.model != "national"
        and is_mapped(layout)
        and "row" in msgspec.toml.decode(path(layout).read_bytes())
    )


@cache
def row_mapping(layout: Layout) -> RowMapping:
    """Return the mapping of rows of a layout: of this package, or ``mapping.toml`` beside its manifest."""
    data = msgspec.toml.decode(path(layout).read_bytes())
    return msgspec.convert(prepared(data) | {"layout": layout}, RowMapping)


def prepared(data: dict[str, Any]) -> dict[str, Any]:
    """Write out the short forms of a file; what is wrong in it stays as it is."""
    for spec in tables_of(data.get("classes")):
        if isinstance(spec.get("fields", {}), dict):
            spec["fields"] = {name: _source(source) for name, source in spec.get("fields", {}).items()}
        spec["when"] = _conditions(spec.get("when", ()))
        for reference in tables_of(spec.get("references")):
            reference["to"] = _listed(reference.get("to", []))
            reference["where"] = _conditions(reference.get("where", ()))
    return data


def _source(given: Any) -> dict[str, Any]:
    source = given if isinstance(given, dict) else {"from": given}
    first, *others = _listed(source.get("from", "")) or [""]
    return source | {"from": first, "others": others}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _conditions(given: Any) -> Any:
    if isinstance(given, dict):
        return {name: [str(one) for one in _listed(value)] for name, value in given.items()}
    return {name: [] for name in given} if isinstance(given, list | tuple) else given


@cache
def _parts(mapping: RowMapping) -> dict[str, tuple[Part, ...]]:
    found = {
        name: tuple(_part(mapping, name, at, block) for at, block in enumerate(spec.blocks))
        for name, spec in mapping.classes.items()
    }
    takers: dict[str, set[tuple[str, int]]] = {}
    for part in (part for parts in found.values() for part in parts):
        for source in part.sources.values():
            for element in (source.element, *source.others):
                takers.setdefault(element, set()).add((part.cls, part.at))
    return {
        name: tuple(
            msgspec.structs.replace(
                part, own=frozenset(e for e, t in takers.items() if e and t == {(name, part.at)})
            )
            for part in parts
        )
        for name, parts in found.items()
    }


def _part(mapping: RowMapping, name: str, at: int, block: str) -> Part:
    spec, elements = mapping.classes[name], mapping.elements

    def named(pattern: str) -> str:
        return pattern.replace("{block}", block)

    return Part(
        cls=name,
        at=at,
        sources=dict(_sources(national().classes[name], spec, named, elements)),
        key=tuple(map(named, spec.key or ())),
        when={named(element): values for element, values in spec.when.items()},
        blocks={name: named(reference.block) for name, reference in spec.references.items()},
        split=spec.split and Split(element=named(spec.split.element), by=spec.split.by),
    )


def _sources(cls: Class, spec: RowClass, named: Any, elements: dict[str, Field]) -> Iterator[Any]:
    for field in cls.columns:
        name = field.element
        if name in {*spec.references, *spec.constant, *spec.absent}:
            continue
        source = spec.fields.get(name) or Source(element=spec.prefix + name)
        others = tuple(element for element in map(named, source.others) if element in elements)
        source = msgspec.structs.replace(source, element=named(source.element), others=others)
        if source.element in elements or source.take in {"ordinal", "dossier"}:
            yield name, source
