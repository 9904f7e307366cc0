"""What all typed objects have in common, national records and those of vendor layouts alike."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar, Self, get_args

import msgspec
import shapely
from shapely.geometry.base import BaseGeometry

from landxml.privacy import identifier, mask

__all__ = ["Object", "metas"]


class Object(msgspec.Struct, frozen=True, kw_only=True):
    """An immutable object; equal to another of its class with equal values."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    """Fields of personal data, beside those whose annotation says so."""

    def with_(self, **changes: Any) -> Self:
        """Return a copy with other values in some fields, which are checked when it is written.

        Raises
        ------
        TypeError
            If the class has no such field.

        Examples
        --------
        >>> from landxml.model import VoChong
        >>> VoChong(id="VoChong.1", vo="CaNhan.1", chong="CaNhan.2").with_(chong="CaNhan.3")
        VoChong(id='VoChong.1', vo='CaNhan.1', chong='CaNhan.3')
        """
        return msgspec.structs.replace(self, **changes)

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({values})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Return what may be shown: no empty fields, geometry by its kind, of texts what is plain."""
        values = ((name, getattr(self, name)) for name in self.__struct_fields__)
        personal = _personal(type(self))
        return [
            (name, _Shown(mask(value)) if name in personal else _shown(value))
            for name, value in values
            if value is not None and value != ()
        ]


class _Shown(str):
    """A text that stands for a value, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _shown(value: Any) -> Any:
    if isinstance(value, BaseGeometry):
        points, epsg = shapely.get_num_coordinates(value), shapely.get_srid(value)
        return _Shown(f"<{value.geom_type}, {points} points, EPSG:{epsg}>")
    if isinstance(value, str) and identifier(value) != value:
        return _Shown(identifier(value))
    return tuple(map(_shown, value)) if isinstance(value, tuple) else value


@cache
def _personal(cls: type[Object]) -> frozenset[str]:
    """Fields whose annotation says that they hold personal data."""
    fields = msgspec.structs.fields(cls)
    annotated = {f.name for f in fields if any((m.extra or {}).get("personal") for m in metas(f.type))}
    return cls.PERSONAL | annotated


def metas(annotation: Any) -> Iterator[msgspec.Meta]:
    """Metadata found anywhere in an annotation, outermost first: that of a list, then that of its items."""
    for part in get_args(annotation):
        if isinstance(part, msgspec.Meta):
            yield part
    for part in get_args(annotation):
        yield from metas(part)
