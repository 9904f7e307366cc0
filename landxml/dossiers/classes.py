"""Struct types of the classes of a vendor layout, made from its dictionary when first asked for."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import msgspec

from landxml.base import Object
from landxml.dictionary import dictionary
from landxml.layouts import Layout, builtin
from landxml.text import snake_case
from landxml.values import KINDS

__all__ = ["LAYOUT", "attribute", "struct"]

LAYOUT = builtin()["vbdlis-xml"]
"""The layout of the classes that :mod:`landxml.dossiers` offers by name."""


@cache
def struct(layout: Layout, name: str) -> type[Object]:
    """Return the struct type of a class of a vendor layout, made from its dictionary.

    Every field may be absent (None), lists may be empty: vendors' files are as they are. The dossiers before
    a change are in the list ``ho_so_xml`` of the change.
    """
    fields: list[tuple[str, Any, Any]] = []
    for field in dictionary(layout).classes[name].fields:
        if field.kind == "object":
            nested: Any = struct(layout, field.targets[0])
            fields.append((attribute(field.targets[0]), tuple[nested, ...], ()))
        elif field.kind == "dossier":
            fields.append((attribute(field.element), tuple[Object, ...], ()))
        else:
            fields.append((attribute(field.element), KINDS[field.kind].python | None, None))
    personal = {
        attribute(field.element) for field in dictionary(layout).classes[name].fields if field.personal
    }
    made = msgspec.defstruct(
        name, fields, bases=(Object,), namespace={"PERSONAL": frozenset(personal)}, frozen=True, kw_only=True,
        module="landxml.dossiers",
    )  # fmt: skip
    return cast("type[Object]", made)


def attribute(element: str) -> str:
    """Return the attribute name of an element.

    >>> attribute("DC_MucDichSuDung"), attribute("soHieuToBanDo")
    ('muc_dich_su_dung', 'so_hieu_to_ban_do')
    """
    return snake_case(element.removeprefix("DC_"))
