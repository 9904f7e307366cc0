"""Files of which only the collections in them are known: neither the root nor what stands around records.

A record is any element named like a class of the dictionary, at whatever depth. Elements that are not known
are counted by name. There is no schema, so what is no value of its kind is told here.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import msgspec
from lxml import etree

from landxml.carriers.base import Batch, Opened
from landxml.carriers.dossier import Dossier
from landxml.dictionary import Dictionary, Element, Field, tree
from landxml.extract import HELD, Extractor, line_of
from landxml.faults import Fault, Report
from landxml.layouts import Layout, builtin
from landxml.values import BLANKS, KINDS

__all__ = ["Collection"]

NAMES = 200
"""Most names of unknown elements that are told apart; a report does not grow with what stands in the data."""
OTHER = "…"
"""Stands for the rest."""
_HEX = re.compile(r"([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_YES, _NO = {"yes", "true", "1"}, {"no", "false", "0"}
_FORMS = {
    kind: re.compile(KINDS[kind].vendor or KINDS[kind].national)
    for kind in ("int", "decimal", "year", "guid", "date", "bool")
}
_COLLECTION = re.compile(r"<(?:[\w.\-]+:)?(\w+)[\s/>]")


class _Known(NamedTuple):
    """What the dictionary knows: class by element, elements that hold them, fields by class and element."""

    classes: dict[str, str]
    holders: frozenset[str]
    fields: dict[str, dict[str, Field]]
    keys: dict[str, str]


class Collection(Dossier):
    """Reads the files of a layout."""

    def __init__(self, layout: Layout, wanted: Dictionary | None = None) -> None:
        super().__init__(layout, wanted)
        self.extractor = Extractor(self.extractor.dictionary)  # whose rows are added to
        self.known = _known(layout)
        self.unknown = Counter[str]()

    @staticmethod
    def recognises(source: Opened, layout: Layout) -> bool:
        """Tell whether a collection of the layout begins in a document, with a record in it."""
        if not source.found.root or source.found.root in _roots():
            return False
        text = source.head.decode(source.found.codec, "replace")
        names, known = set(_COLLECTION.findall(text)), _known(layout)
        return not names.isdisjoint(known.holders) and not names.isdisjoint(known.classes)

    def load(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Read one file, and report what is no value of its kind."""
        root = self._parsed(source, report)
        if root is not None and self.extractor.plans:
            self._taken(root, source.name, report)
        yield from self._full()

    def scan(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Read one file without a word about its values."""
        root = self._parsed(source, report)
        if root is not None and self.extractor.plans:
            self._taken(root, source.name, lambda _: None)
        yield from self._full()

    def rest(self) -> Iterator[Batch]:
        """Yield the files that no batch has held yet."""
        unknown, self.unknown = self.unknown, Counter()
        for batch in super().rest():
            yield batch._replace(unknown=unknown)

    def _taken(self, root: etree._Element, file: str, report: Report) -> None:
        for name in _File(self.extractor, self.known, file, report).take(root):
            self.unknown[name if name in self.unknown or len(self.unknown) < NAMES else OTHER] += 1


class _File:
    """One file, as its records are taken."""

    def __init__(self, extractor: Extractor, known: _Known, file: str, report: Report) -> None:
        self.extractor = extractor
        self.known = known
        self.file = file
        self.report = report
        self.dossier = f"tep-{hashlib.sha256(file.encode()).hexdigest()[:12]}"
        self.numbers: dict[str, int] = {}
        self.unknown: list[str] = []
        self.begun = {name: len(plan.rows) for name, plan in extractor.plans.items()}

    def take(self, root: etree._Element) -> list[str]:
        """Take all records, and say of what kind holders are; return the names that are not known."""
        self._look(root, None, "", top=True)
        self._kinds()
        return self.unknown

    def _look(self, element: etree._Element, parent: str | None, cls: str, *, top: bool = False) -> None:
        """Take a record, or look into what is none."""
        name = etree.QName(element).localname
        if name in self.known.classes:
            self._record(element, self.known.classes[name], parent)
            return
        if not top and name not in self.known.holders:
            self.unknown.append(f"{cls}.{name}" if cls else name)
        for child in element:
            self._look(child, parent, cls)

    def _record(self, element: etree._Element, cls: str, parent: str | None) -> None:
        fields, values, inside = self.known.fields[cls], {}, []
        for child in element:
            field = fields.get(etree.QName(child).localname)
            if field is None or len(child):
                inside.append(child)
            else:
                values[field.element] = _spelt(field, child.text)
        key = values.get(self.known.keys.get(cls, "")) or ""
        if not _FORMS["guid"].fullmatch(key):
            self.numbers[cls] = self.numbers.get(cls, 0) + 1
            key = f"stt-{self.numbers[cls]}"
        identifier = f"{cls.partition('_')[2]}.{self.dossier}.{key}"
        if plan := self.extractor.plans.get(cls):
            held = [self.file, line_of(element), identifier, parent, self.dossier]
            plan.rows.append(held + [values.get(field.element) for field in plan.cls.columns])
            self.extractor.size += 1
        self._wrong(element, cls, identifier, values)
        for child in inside:
            self._look(child, identifier, cls)

    def _wrong(
        self, element: etree._Element, cls: str, identifier: str, values: dict[str, str | None]
    ) -> None:
        """Report what is no value of its kind."""
        for name, value in values.items():
            field = self.known.fields[cls][name]
            form = _FORMS.get(field.kind)
            if value and form and not form.fullmatch(value.strip(BLANKS)):
                expected = msgspec.to_builtins(KINDS[field.kind].name)
                params = {"element": name, "value": value, "expected": expected, "detail": ""}
                path = f"{cls}/{name}"
                self.report(Fault("type", self.file, line_of(element), cls, identifier, path, params))

    def _kinds(self) -> None:
        """Say of each right whether its holder is a couple of this file; if not it must be a person."""
        plan = self.extractor.plans.get("LB_QuyenSuDungDat")
        couples = self.extractor.plans.get("LB_VoChong")
        if plan is None or couples is None:
            return
        elements = [field.element for field in plan.cls.columns]
        if "loaiDoiTuong" not in elements:  # it is not wanted
            return
        holder, kind = (len(HELD) + elements.index(name) for name in ("doiTuongID", "loaiDoiTuong"))
        known = {row[2].rpartition(".")[2] for row in couples.rows[self.begun["LB_VoChong"] :]}
        for row in plan.rows[self.begun["LB_QuyenSuDungDat"] :]:
            row[kind] = "1" if row[holder] in known else "0"


@cache
def _known(layout: Layout) -> _Known:
    found = list(_below(tree(layout)))
    classes = {node.field.element: node for node in found if node.is_class}
    fields = {
        node.name: {leaf.field.element: leaf.field for leaf in node.children if leaf.field.kind != "object"}
        for node in classes.values()
    }
    return _Known(
        {element: node.name for element, node in classes.items()},
        frozenset(node.field.element for node in found if not node.is_class and node.children),
        fields,
        {cls: name for cls, known in fields.items() for name, leaf in known.items() if leaf.form == "key"},
    )


def _below(node: Element) -> Iterator[Element]:
    for child in node.children:
        yield child
        yield from _below(child)


@cache
def _roots() -> frozenset[str]:
    return frozenset(layout.root for layout in builtin().values() if layout.root)


def _spelt(field: Field, text: str | None) -> str | None:
    """Return a value in the form of the other layouts: GUIDs with dashes, dates dd/MM/yyyy, flags 1 and 0."""
    spell = _SPELLINGS.get(field.kind)
    return spell(text.strip(BLANKS)) if text and spell else text


def _guid(text: str) -> str:
    found = _HEX.fullmatch(text.lower().strip("{}"))
    return "-".join(found.groups()) if found else text


def _date(text: str) -> str:
    found = _ISO.fullmatch(text)
    return f"{found[3]}/{found[2]}/{found[1]}" if found else text


def _flag(text: str) -> str:
    low = text.lower()
    return "1" if low in _YES else "0" if low in _NO else text


_SPELLINGS: dict[str, Callable[[str], str]] = {"guid": _guid, "date": _date, "bool": _flag}
