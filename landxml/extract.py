"""The column extractor: parsed elements → one table of raw texts per class, in one walk.

The walk is driven by a plan made from the dictionary: for each class, what each child element means. Nothing
is converted here; :mod:`landxml.cast` casts whole columns at once. Every row knows its file and line.

This walk is the reference; :mod:`landxml.native` does the same in C where it can.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal, cast

import msgspec
import pyarrow as pa
from lxml import etree

from landxml.dictionary import Class, Dictionary, Element, Field, tree
from landxml.geometry import Rings
from landxml.layouts import Layout
from landxml.place import SYSTEM
from landxml.values import BLANKS, KINDS

__all__ = [
    "BIG_LINE",
    "EARLIER",
    "GML_ID",
    "HELD",
    "Action",
    "Extractor",
    "Plan",
    "key_of",
    "line_of",
    "namespace_of",
    "table",
    "target_of",
]

XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
GML_ID = "{http://www.opengis.net/gml/3.2}id"

What = Literal["texts", "href", "hrefs", "object", "geometry"]
Action = Any
"""What is done with a child element: the number of the column that takes its text, in most cases.

Else a pair of :data:`What` and a column (of a geometry: the plan of its class); a :class:`Plan`, if it is a
record; the actions of its children, if it only holds others.
"""
Tag = Callable[[str], str]
"""From the name of an element to its tag, as lxml writes it."""
HELD = tuple(name for name in SYSTEM if name != "_part")
"""Columns that a row begins with; XML has no parts."""
_INTEGER, _GUID = re.compile(KINDS["int"].vendor), re.compile(KINDS["guid"].vendor)
_AROUND = BLANKS + "{}"
"""What may stand around a GUID."""
BIG_LINE = 65_535
EARLIER = "-truoc-"
"""Stands in the ids of all records of a dossier before a change, and in no others."""


def line_of(element: etree._Element) -> int:
    """Line of a start tag, from 1."""
    line: int = element.sourceline  # type: ignore[assignment]
    if line < BIG_LINE:
        return line
    text = element.text
    return line - text.count("\n") if text else _line_behind(element)


def _line_behind(element: etree._Element) -> int:
    """Line of a start tag beyond line 65,534, where libxml2 knows only where the text behind a tag ends."""
    while (line := cast("int", element.sourceline) or 0) >= BIG_LINE:
        if element.text:
            return line - element.text.count("\n")
        if not len(element) and element.tail:
            return line - element.tail.count("\n")
        following = element[0] if len(element) else element.getnext()
        if following is None:
            break
        element = following
    return line


def namespace_of(element: etree._Element) -> str:
    """Namespace of an element; empty if it is in none."""
    return str(element.tag).rpartition("}")[0].removeprefix("{")


def target_of(element: etree._Element) -> str | None:
    """Id that a reference names; None if it is not ``#id``: the profile knows none into other files."""
    href = element.get(XLINK_HREF) or ""
    return href[1:] or None if href.startswith("#") else None


class Plan(msgspec.Struct, eq=False):
    """What to do with the children of one class, and the rows found so far.

    A row is a list: file, line, id, owner and dossier, then the fields of the class in file order; ``at`` has
    their numbers. ``key`` is the column with a vendor's key. ``geometry`` is the field of a geometry of a
    vendor: its column holds the number of the record in the document, by which records without a key are
    told apart.
    """

    cls: Class
    at: dict[str, int]
    blank: tuple[None, ...]
    actions: dict[str, Action] = {}
    name: str = ""
    key: int | None = None
    geometry: str = ""
    before: int = 0
    rows: list[list[Any]] = []

    @property
    def types(self) -> list[pa.DataType]:
        """Types of the columns of a row."""
        held = [pa.int64() if name == "_at" else pa.string() for name in HELD]
        return held + [pa.list_(pa.string()) if field.repeated else pa.string() for field in self.cls.columns]


class Extractor:
    """Collects the rows of records, class by class.

    Parameters
    ----------
    dictionary
        Of the layout to read; where that leaves its namespace open, it is that of the first record.

    Attributes
    ----------
    rings
        Geometry of the parcels found so far.
    """

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self.rings = Rings()
        self.plans: dict[str, Plan] = {}
        self._by_tag: dict[str, Plan] = {}
        self.size = 0
        self._keyless = Counter[tuple[str, str]]()
        if not dictionary.layout.open:
            self._bind(dictionary.layout)

    def _bind(self, layout: Layout) -> None:
        """Make plans for elements of the namespace of a layout."""
        made = _tree_plans if layout.dictionary and self.dictionary.classes else _national_plans
        self.plans = made(self.dictionary, layout.tag)
        self._root = self.plans.get(layout.root)
        self._by_tag = {layout.tag(name): plan for plan in self.plans.values() for name in plan.cls.called}

    def _bind_to(self, element: etree._Element) -> None:
        """Make plans for elements of the namespace of the first record."""
        if not self.plans:
            self._bind(self.dictionary.layout.bound(namespace_of(element)))

    def add(self, element: etree._Element, file: str) -> None:
        """Add one record of a GML document and all that is nested in it; its id is its ``gml:id``."""
        self._bind_to(element)
        plan = self._by_tag.get(element.tag)
        if plan is not None:
            self._record(element, plan, file, None)

    def note(self, element: etree._Element, name: str, file: str) -> None:
        """Add a record of which nothing is known but what it is called."""
        if name not in self.plans:
            self.plans[name] = _plan(Class(name=name, fields=()))
        self._record(element, self.plans[name], file, None)

    def add_dossier(self, root: etree._Element, file: str) -> str:
        """Add every record of one ``HoSoXml``; return what stands for the dossier in their ids.

        That is its GUID, or ``tep-`` and a hash of the file's name, which may be a person's. For a dossier
        before a change it is that of the dossier it stands in, :data:`EARLIER` and a number.
        """
        guid = (root.findtext("hoSoGuid") or "").strip(_AROUND).lower()
        dossier = guid if _GUID.fullmatch(guid) else f"tep-{hashlib.sha256(file.encode()).hexdigest()[:12]}"
        self._dossier(root, file, dossier)
        return dossier

    def forget(self, file: str) -> None:
        """Drop the rows of the last file, which could not be read to its end."""
        for plan in self.plans.values():
            while plan.rows and plan.rows[-1][0] == file:
                plan.rows.pop()
                self.size -= 1

    def take(self) -> dict[str, pa.Table]:
        """Return the rows collected since the last call, and start anew.

        Returns
        -------
        dict
            One table of texts per class that has rows.
        """
        tables = {}
        for name, plan in self.plans.items():
            if plan.rows:
                columns = zip(*plan.rows, strict=True)
                arrays = [pa.array(column, kind) for column, kind in zip(columns, plan.types, strict=True)]
                tables[name] = table(plan, arrays)
                plan.rows = []
        self.size = 0
        return tables

    def _dossier(self, root: etree._Element, file: str, dossier: str) -> None:
        self._keyless.clear()
        self._record(root, self.plans[self.dictionary.root], file, None, dossier)

    def _record(
        self, element: etree._Element, plan: Plan, file: str, parent: str | None, dossier: str | None = None
    ) -> None:
        """Add a record, then those inside: their ids may need the key of this one."""
        row: list[Any] = [file, line_of(element), None, parent, dossier, *plan.blank]
        nested: list[tuple[etree._Element, Plan]] = []
        self._fields(element, plan.actions, row, nested)
        row[2] = element.get(GML_ID) if dossier is None else self._named(plan, row, dossier)
        plan.rows.append(row)
        self.size += 1
        for record, below in nested:
            inner = dossier
            if dossier is not None and below is self._root:
                inner = f"{dossier}{EARLIER}{self._next(EARLIER, dossier)}"
            self._record(record, below, file, row[2], inner)

    def _named(self, plan: Plan, row: list[Any], dossier: str) -> str:
        key = "" if plan.key is None else key_of(row[plan.key])
        return f"{plan.name}.{dossier}.{key or f'stt-{self._next(plan.name, dossier)}'}"

    def _next(self, name: str, dossier: str) -> int:
        self._keyless[name, dossier] += 1
        return self._keyless[name, dossier]

    def _fields(
        self,
        element: etree._Element,
        actions: dict[str, Action],
        row: list[Any],
        nested: list[tuple[etree._Element, Plan]],
    ) -> None:
        """Fill a row, and list the records inside."""
        for child in element:
            action: Any = actions.get(child.tag)
            kind = action.__class__  # twice as fast as isinstance, in the innermost loop
            if kind is int:
                row[action] = child.text
                continue
            if action is None:  # a comment, or an element that the schema check reports
                continue
            if kind is Plan:
                nested.append((child, action))
                continue
            if kind is dict:
                self._fields(child, action, row, nested)
                continue
            what, target = action
            if what == "href":
                row[target] = target_of(child)
            elif what == "object":
                below = ((each, self._by_tag.get(each.tag)) for each in child.iterchildren("*"))
                nested += ((each, plan) for each, plan in below if plan is not None)
            elif what == "geometry":
                if len(child) or not target.geometry:  # that of a vendor may be empty
                    self.rings.add(child, len(target.rows))
            else:
                item = child.text if what == "texts" else target_of(child)
                row[target] = [*(row[target] or ()), item]


def key_of(text: str | None) -> str:
    """Return the key of a vendor's record, as references to it write it.

    Empty where it is neither an integer nor a GUID: ids are shown in reports, and a text may be anything.
    """
    if text and text.isascii() and text.isdecimal() and text[0] != "0" and len(text) <= 18:  # nearly all
        return text
    key = (text or "").strip(_AROUND).lower()
    if _INTEGER.fullmatch(key):
        return str(int(key))
    return key if _GUID.fullmatch(key) else ""


def _plan(cls: Class) -> Plan:
    at = {field.element: number for number, field in enumerate(cls.columns, len(HELD))}
    return Plan(cls, at, (None,) * len(at))


def _national_plans(dictionary: Dictionary, tag: Tag) -> dict[str, Plan]:
    plans = {}
    for cls in dictionary.classes.values():
        plans[cls.name] = plan = _plan(cls)
        for field in cls.fields:
            plan.actions[tag(field.element)] = _action(plan, field)
    return plans


def _action(plan: Plan, field: Field) -> Action:
    if field.kind == "object":
        return "object", None
    if field.kind == "geometry":
        return "geometry", plan
    index = plan.at[field.element]
    if field.kind == "reference":
        return ("hrefs" if field.repeated else "href"), index
    return ("texts", index) if field.repeated else index


def _tree_plans(dictionary: Dictionary, tag: Tag) -> dict[str, Plan]:
    plans = {}
    for cls in dictionary.classes.values():
        name = cls.name.removeprefix("DC_")
        key = f"{name[0].lower()}{name[1:]}Id"
        plans[cls.name] = plan = _plan(cls)
        plan.name, plan.key = name, plan.at.get(key)
        plan.geometry = next((field.element for field in cls.fields if field.kind == "geometry"), "")
    _tree_actions(tree(dictionary.layout), plans, tag)
    return plans


def _tree_actions(node: Element, plans: dict[str, Plan], tag: Tag) -> None:
    plan = plans[node.name]
    _tree_children(node, plan, plan.actions, plans, tag)


def _tree_children(
    node: Element, plan: Plan, actions: dict[str, Action], plans: dict[str, Plan], tag: Tag
) -> None:
    for child in node.children:
        action: Action
        if child.field.kind == "dossier":
            action = plans[child.field.element]
        elif child.field.kind != "object":
            action = _action(plan, child.field)
        elif child.is_class:
            action = plans[child.name]
            _tree_actions(child, plans, tag)
        else:
            action = {}
            _tree_children(child, plan, action, plans, tag)
        actions |= dict.fromkeys(map(tag, child.field.called), action)


def table(plan: Plan, arrays: list[pa.Array]) -> pa.Table:
    """Return the rows of a class, given as the columns of :attr:`Plan.types`."""
    found = pa.table(arrays, names=[*HELD, *plan.at])
    if plan.geometry:
        numbers = range(plan.before + 1, plan.before + found.num_rows + 1)
        found = found.append_column(plan.geometry, pa.array(map(str, numbers), pa.string()))
    plan.before += found.num_rows
    return found.add_column(1, "_part", pa.repeat("", found.num_rows))
