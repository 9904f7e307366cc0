"""The mapping of a vendor layout to the national model, as data: ``<layout>.toml`` beside this module.

The file says only what differs. :mod:`landxml_mappings.to_national` follows it from the vendor's tables to
the national ones, :mod:`landxml_mappings.vbdlis` the other way.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from landxml.dictionary import dictionary, national
from landxml.layouts import Layout, builtin

__all__ = [
    "ClassMapping",
    "Everywhere",
    "Mapping",
    "Reference",
    "is_mapped",
    "is_national",
    "mapping",
    "path",
    "prepared",
    "tables_of",
]


class Reference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A national reference, made from the key of another record.

    Attributes
    ----------
    key
        Element that holds the key.
    to
        National class of the record; or, where it varies, the class of each code of the element ``kind``
        (in the file: the name of such a table under ``kinds``).
    rows
        Nested source class whose rows, one by one, make a list of references.
    within
        Source class nested in this one that holds the rows: a dossier before a change.
    evidence
        Evidence mark and section of the format study.
    """

    key: str
    to: str | dict[str, str]
    evidence: str
    kind: str | None = None
    rows: str | None = None
    within: str | None = None


class ClassMapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the records of one national class come from; fields not named have the same name on both sides.

    Attributes
    ----------
    source
        Source class.
    id
        Element with the key of a record.
    elements
        National field → source element of another name that means the same.
    references
        National references, by field.
    dossier
        National field → element of the dossier as a whole.
    absent
        National fields without a source element → reason; so are those of which it has none of that name.
    """

    source: str
    id: str
    elements: dict[str, str] = {}
    references: dict[str, Reference] = {}
    dossier: dict[str, str] = {}
    absent: dict[str, str] = {}

    def looked_up(self) -> set[str]:
        """Other source classes whose rows make references."""
        named = ((reference.rows, reference.within) for reference in self.references.values())
        return {name for pair in named for name in pair if name}


class Everywhere(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds for the fields of this name of every class, unless the source has an element of that name.

    Attributes
    ----------
    absent
        National field without a source element → reason.
    earlier
        National field → its value in the records of a dossier before a change; empty in all others.
    """

    absent: dict[str, str] = {}
    earlier: dict[str, bool] = {}


class Mapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole layout.

    Attributes
    ----------
    classes
        By national class.
    absent
        National classes without a source → reason.
    lost
        ``Class.element`` of the source without a national field → reason.
    """

    layout: Layout
    classes: dict[str, ClassMapping]
    everywhere: Everywhere = Everywhere()
    absent: dict[str, str] = {}
    lost: dict[str, str] = {}

    def renamed(self, name: str) -> set[str]:
        """National fields of a class that do not come from a source element of the same name."""
        spec = self.classes[name]
        source = {field.element for field in dictionary(self.layout).classes[spec.source].columns}
        lacking = {field.element for field in national().classes[name].columns} - source
        return {*spec.elements, *spec.references, *spec.dossier, *spec.absent, *lacking}

    def carried(self) -> dict[str, set[str]]:
        """Source elements that reach the national model, by source class."""
        found: dict[str, set[str]] = {dictionary(self.layout).root: set()}
        for name, spec in self.classes.items():
            elements, renamed = found.setdefault(spec.source, set()), self.renamed(name)
            elements.update((spec.id, *spec.elements.values()))
            for reference in spec.references.values():
                made = found.setdefault(reference.rows or spec.source, set())
                made.update(filter(None, (reference.key, reference.kind)))
            elements.update(
                field.element for field in national().classes[name].columns if field.element not in renamed
            )
            found[dictionary(self.layout).root].update(spec.dossier.values())
        return found

    def homeless(self) -> tuple[str, ...]:
        """Source classes that have no national class, in file order."""
        carried = self.carried()
        return tuple(name for name in dictionary(self.layout).classes if name not in carried)


@cache
def mapping(layout: Layout) -> Mapping:
    """Return the mapping of a layout: one of this package, or ``mapping.toml`` beside its manifest."""
    data = msgspec.toml.decode(path(layout).read_bytes())
    return msgspec.convert(prepared(data, data.pop("kinds", {})) | {"layout": layout}, Mapping)


def prepared(data: dict[str, Any], kinds: dict[str, Any]) -> dict[str, Any]:
    """Put tables of kinds in the places of their names; what is wrong in the file stays as it is."""
    for cls in tables_of(data.get("classes")):
        for reference in tables_of(cls.get("references")):
            if "kind" in reference:
                reference["to"] = kinds.get(str(reference.get("to")), reference.get("to"))
    return data


def tables_of(value: Any) -> list[dict[str, Any]]:
    """Return the tables in a table."""
    return [each for each in value.values() if isinstance(each, dict)] if isinstance(value, dict) else []


@cache
def is_mapped(layout: Layout) -> bool:
    """Tell whether the records of a layout become national ones by a mapping."""
    return path(layout).is_file()


def is_national(layout: Layout) -> bool:
    """Tell whether records of a layout are national ones, or become that by its mapping."""
    return layout.model == "national" or is_mapped(layout)


def path(layout: Layout) -> Path:
    """Return the path of the mapping of a layout, which may not exist."""
    if layout.mapping:
        return Path(layout.mapping)
    own = layout.path("mapping.toml")
    if own.is_file() or layout.id not in builtin():
        return own
    return Path(str(files(__package__).joinpath(f"{own.parent.name}.toml")))
