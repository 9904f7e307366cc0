"""Which elements of a layout a remap touches: ``roles.toml``, read against the dictionary of the layout."""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from landxml.dictionary import Dictionary, Field, dictionary
from landxml.layouts import Layout
from landxml_mappings.spec import mapping

__all__ = [
    "Metadata",
    "Notes",
    "Numbers",
    "Role",
    "Roles",
    "Survey",
    "classes",
    "lengths",
    "looked_at",
    "parcel_class",
    "roles",
]

Role = Literal["code", "commune", "district", "province", "text"]
"""What an element says: a commune's code or name, the name of its district or province, a whole address."""


class Numbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Elements of a parcel: its sheet and number, those of earlier times, its area, and whether it is one."""

    sheet: str
    number: str
    old_sheet: str
    old_number: str
    area: str
    occupies: str


class Survey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Elements of the survey document of a parcel: the scale of its sheet."""

    scale: str


class Metadata(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Elements of the metadata: the date on which the codes are valid, the hash of the members."""

    date: str
    digest: str


class Notes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words in notes of transitions that tell where all or no land, all or no people of a commune went."""

    no_land: str
    all_land: str
    no_people: str
    all_people: str


class Roles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it stands."""

    roles: dict[Role, list[str]]
    parcel: Numbers
    survey: Survey
    metadata: Metadata
    notes: Notes


@cache
def roles() -> Roles:
    """Return what ``roles.toml`` says."""
    data = files("landxml_remap").joinpath("roles.toml").read_bytes()
    return msgspec.toml.decode(data, type=Roles)


@cache
def classes(layout: Layout) -> dict[str, dict[str, Role]]:
    """Return the classes of a layout that name units: element → what it says, in file order.

    >>> from landxml.layouts import national
    >>> classes(national())["TaiLieuDoDac"]
    {'maXa': 'code'}
    """
    meaning: dict[str, Role] = {element: role for role, names in roles().roles.items() for element in names}
    found = {
        cls.name: {f.element: meaning[f.element] for f in cls.columns if f.element in meaning}
        for cls in dictionary(layout).classes.values()
    }
    return {name: elements for name, elements in found.items() if elements}


@cache
def lengths(layout: Layout) -> dict[tuple[str, str], int]:
    """Return how long the texts of a layout may be, where there is a limit, by class and element."""
    fields = dictionary(layout).fields()
    return {(cls.name, field.element): field.length for cls, field in fields if field.length}


@cache
def skipped(layout: Layout) -> str:
    """Return the wrapper of earlier dossiers, which stay as they were; ``""`` if a layout has none."""
    fields = (f for cls in dictionary(layout).classes.values() for f in cls.fields if f.kind == "dossier")
    return next((field.within.rpartition("/")[2] for field in fields), "")


@cache
def parcel_class(layout: Layout) -> str:
    """Return the name of a layout's class of parcels."""
    return "ThuaDat" if layout.model == "national" else mapping(layout).classes["ThuaDat"].source


@cache
def looked_at(layout: Layout) -> Dictionary:
    """Return the part of a dictionary that a plan needs: unit codes, parcels, references.

    Of a layout with a mapping that is everything.
    """
    whole = dictionary(layout)
    if layout.model != "national":
        return whole
    elements = {
        *roles().roles["code"],
        *msgspec.structs.astuple(roles().parcel),
        *msgspec.structs.astuple(roles().survey),
        *msgspec.structs.astuple(roles().metadata),
    }
    kept = {*classes(whole.layout), *(cls.name for cls, f in whole.fields() if f.kind == "reference")}
    kept |= {owner for name in kept if (owner := whole.classes[name].owner)}
    return msgspec.structs.replace(
        whole,
        classes={
            name: msgspec.structs.replace(cls, fields=tuple(f for f in cls.fields if _counts(f, elements)))
            for name, cls in whole.only(kept).classes.items()
        },
    )


def _counts(field: Field, elements: Container[str]) -> bool:
    return field.kind in {"reference", "object", "geometry"} or field.element in elements
