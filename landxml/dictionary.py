"""The dictionary of a layout: its classes and their fields, one definition from which everything derives.

National classes are declared once, as typed structs in :mod:`landxml.model`; a vendor's layout is a CSV in
``landxml_schemas``. Both become the same :class:`Dictionary`, and the XSD, the tables, the extractor, the
object reader and writer and the documentation are made from that, whichever it came from::

    model/ ────────┐
                   ├─► Dictionary ─► XSD · typed tables · columns · objects · docs
    dictionary.csv ┘
"""

from __future__ import annotations

import csv
from collections.abc import Container, Iterator
from functools import cache
from typing import Any, Literal, get_args, get_origin

import msgspec

from landxml import layouts, model
from landxml.base import metas
from landxml.layouts import Layout

__all__ = ["Class", "Dictionary", "Element", "Field", "Kind", "dictionary", "national", "tree"]

Kind = Literal[
    "text",
    "int",
    "decimal",
    "bool",
    "date",
    "datetime",
    "year",
    "guid",
    "reference",
    "geometry",
    "object",
    "dossier",
]
"""What a field holds. ``object`` is a nested class, ``dossier`` a whole earlier dossier (HoSoXml only)."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One element of a class.

    Attributes
    ----------
    element
        Name in the file, exactly as the standard or the vendor spells it.
    within
        Wrapper elements between the class element and this one (``""`` when it is a direct child).
    length, minimum, maximum, pattern
        Facets: most characters; bounds of a number; regular expression of the whole value.
    codelist
        Name of the code list in ``landxml_schemas``; membership is a rule, never part of the XSD.
    targets
        Classes that a reference or key may point at, or the one class that an ``object`` holds.
    empty
        The element may be present but empty even though it is marked required (vendor layouts).
    personal
        Personal data: masked in every report unless asked for.
    source
        Evidence mark and section of the format study.
    column, names, form
        Of a flat layout: letter of the column in the template, or name of the field in a Shapefile or of the
        element in GML (without one it is not written); names of the column, first that of the
        template, words above it before a slash; how values are written where that is not the plain form of
        their kind: ``word`` of the code list, ``flag`` (1 or blank), ``year``, ``dmy`` (dd/MM/yyyy), number
        of the ``rows`` or of the ``dossiers``. In XML ``names`` are all that the element may have.
    """

    element: str
    kind: Kind
    required: bool
    repeated: bool = False
    within: str = ""
    length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    pattern: str | None = None
    codelist: str | None = None
    targets: tuple[str, ...] = ()
    unit: str | None = None
    empty: bool = False
    personal: bool = False
    vi: str = ""
    en: str = ""
    source: str = ""
    column: str = ""
    names: tuple[str, ...] = ()
    form: str = ""

    @property
    def header(self) -> str:
        """Words that name the column in the template."""
        return next((name for name in self.names if not name.startswith("#")), self.element)

    @property
    def numbers(self) -> range:
        """Whole numbers within its bounds, and in 64 bits."""
        least = -(2**63) if self.minimum is None else self.minimum
        return range(least, 2**63 if self.maximum is None else self.maximum + 1)

    @property
    def called(self) -> tuple[str, ...]:
        """Names that the element may have in XML."""
        return self.names or (self.element,)


class Class(msgspec.Struct, frozen=True, kw_only=True):
    """One class: an element that holds fields, and the table of its records.

    ``owner`` is the class in which it is nested; ``key`` names the fields of its business key, which
    findings quote (never personal data). ``names`` are those that its element may have, if it has several.
    """

    name: str
    fields: tuple[Field, ...]
    owner: str | None = None
    key: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    vi: str = ""
    en: str = ""

    @property
    def called(self) -> tuple[str, ...]:
        """Names that its element may have."""
        return self.names or (self.name,)

    @property
    def columns(self) -> tuple[Field, ...]:
        """Fields that are columns of the table; nested objects and geometry are tables of their own."""
        return tuple(f for f in self.fields if f.kind not in {"object", "dossier", "geometry"})


class Dictionary(msgspec.Struct, frozen=True, kw_only=True):
    """All classes of one layout, by name, in file order."""

    layout: Layout
    classes: dict[str, Class]

    @property
    def root(self) -> str:
        """Root element of its documents."""
        return self.layout.root

    @property
    def namespace(self) -> str:
        """Namespace of all elements."""
        return self.layout.namespace

    def fields(self) -> Iterator[tuple[Class, Field]]:
        """Every column field of every class, with its class."""
        for cls in self.classes.values():
            for field in cls.columns:
                yield cls, field

    def only(self, names: Container[str]) -> Dictionary:
        """Return the dictionary of some of the classes: what is not in the data need not be looked at."""
        kept = {name: cls for name, cls in self.classes.items() if name in names}
        return msgspec.structs.replace(self, classes=kept)

    def features(self) -> Iterator[Class]:
        """Classes that stand for themselves: not nested in another record."""
        return (
            cls for cls in self.classes.values() if cls.owner in {None, self.root} and cls.name != self.root
        )


@cache
def dictionary(layout: Layout) -> Dictionary:
    """Return the dictionary of a layout: of the national model, or derived from its element tree.

    The same class at several places (``DiaChiChuan``) has the union of its fields. A layout of which only the
    XSD is known has no classes.
    """
    classes: dict[str, Class] = {}
    if layout.model == "national":
        for struct in model.FEATURES:
            _collect(struct, None, classes)
    elif layout.dictionary:
        _add_class(tree(layout), None, classes)
    return Dictionary(layout=layout, classes=classes)


def national() -> Dictionary:
    """Return the dictionary of the built-in national profile, introspected from :mod:`landxml.model`."""
    return dictionary(layouts.national())


def _collect(struct: type[model.Record], owner: str | None, classes: dict[str, Class]) -> None:
    vi, en = _labels(struct)
    infos = msgspec.structs.fields(struct)
    fields = tuple(_field(info) for info in infos if info.name != "id")
    classes[struct.__name__] = Class(
        name=struct.__name__, fields=fields, owner=owner, key=struct.KEY, vi=vi, en=en
    )
    for info in infos:
        nested = _inner(info.type)
        if isinstance(nested, type) and issubclass(nested, model.Record):
            _collect(nested, struct.__name__, classes)


def _labels(struct: type[model.Record]) -> tuple[str, str]:
    """Vietnamese and English label of a class: the first line of its docstring."""
    vi, _, en = (struct.__doc__ or "").partition("\n")[0].rstrip(".").partition(": ")
    return vi, en


def _field(info: msgspec.structs.FieldInfo) -> Field:
    inner, notes = _inner(info.type), list(metas(info.type))
    meta = next((m for m in notes if m.extra), msgspec.Meta())
    extra: dict[str, Any] = dict(meta.extra or {})
    repeated = _repeated(info.type)
    nested = isinstance(inner, type) and issubclass(inner, model.Record)
    vi, en = _labels(inner) if nested else (meta.title or "", meta.description or "")
    return Field(
        element=info.encode_name,
        kind="object" if nested else extra.pop("kind"),
        required=any(not m.extra for m in notes) if repeated else info.default is not None,
        repeated=repeated,
        length=meta.max_length,
        minimum=meta.ge if meta.ge is None else int(meta.ge),
        maximum=meta.le if meta.le is None else int(meta.le),
        pattern=meta.pattern,
        targets=(inner.__name__,) if nested else extra.pop("targets", ()),
        vi=vi,
        en=en,
        **extra,
    )


def _repeated(annotation: Any) -> bool:
    return get_origin(annotation) is tuple or any(map(_repeated, get_args(annotation)))


def _inner(annotation: Any) -> Any:
    """Strip ``Annotated``, ``| None`` and ``tuple[..., ...]`` from an annotation."""
    args = [a for a in get_args(annotation) if a not in (type(None), Ellipsis)]
    return _inner(args[0]) if args else annotation


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """One element of a vendor layout's tree: a container with children, or a leaf that is a field."""

    field: Field
    children: tuple[Element, ...] = ()

    @property
    def is_class(self) -> bool:
        """A container that holds leaves; the other containers only group."""
        return any(child.field.kind not in {"object", "dossier"} for child in self.children)

    @property
    def name(self) -> str:
        """Name of the class: that of the element, unless the dictionary gives it another."""
        return self.field.targets[0] if self.field.targets else self.field.element


@cache
def tree(layout: Layout) -> Element:
    """Return the element tree of a vendor layout, from its ``dictionary.csv``."""
    below: dict[str, list[dict[str, str]]] = {}
    with layout.path(layout.dictionary).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            below.setdefault(row["path"], []).append(row)
    return _element(below[""][0], "", below)


def _element(row: dict[str, str], parent: str, below: dict[str, list[dict[str, str]]]) -> Element:
    path = f"{parent}/{row['element']}".lstrip("/")
    field = Field(
        element=row["element"],
        kind="object" if row["kind"] == "container" else row["kind"],  # type: ignore[arg-type]
        required=row["required"] == "x",
        repeated=row["repeated"] == "x",
        length=int(row["length"]) if row["length"] else None,
        codelist=row["codelist"] or None,
        targets=tuple(filter(None, row["targets"].split("|"))),
        empty=row["empty"] == "x",
        personal=row["personal"] == "x",
        vi=row["vi"],
        en=row["en"],
        source=row["source"],
        column=row.get("column", ""),
        names=tuple(filter(None, row.get("names", "").split("|"))),
        form=row.get("form", ""),
    )
    return Element(field=field, children=tuple(_element(r, path, below) for r in below.get(path, ())))


def _add_class(node: Element, owner: str | None, classes: dict[str, Class]) -> None:
    name, known = node.name, classes.get(node.name)
    fields = {_key(field): field for field in (known.fields if known else ())}
    classes[name] = Class(
        name=name, fields=(), owner=owner, names=node.field.names, vi=node.field.vi, en=node.field.en
    )
    for field, child in _members(node, ()):
        fields.setdefault(_key(field), field)
        if field.kind == "object":
            _add_class(child, name, classes)
    classes[name] = msgspec.structs.replace(classes[name], fields=tuple(fields.values()))


def _key(field: Field) -> str:
    """Return what tells the fields of a class apart: the element, or the class that stands in it."""
    return field.targets[0] if field.kind == "object" else field.element


def _members(node: Element, within: tuple[str, ...]) -> Iterator[tuple[Field, Element]]:
    """Leaves and classes directly below an element, looking through the wrappers that only group."""
    for child in node.children:
        field = msgspec.structs.replace(child.field, within="/".join(within))
        if field.kind != "object":
            yield field, child
        elif child.is_class:
            yield msgspec.structs.replace(field, targets=(child.name,)), child
        else:
            yield from _members(child, (*within, field.element))
