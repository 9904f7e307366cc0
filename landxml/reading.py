"""Reading typed objects: for people who program. The validator never makes an object per record.

National files give the classes of :mod:`landxml.model`; a vendor layout gives struct types made from its
dictionary, one per class, with the same snake_case attributes.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, BinaryIO, NamedTuple, TypeVar, cast

import msgspec
import pygml
import shapely
from lxml import etree

from landxml.columns import GML_ID, line_of, target_of
from landxml.dictionary import Class, Field, Kind, national, vendor
from landxml.errors import LandXmlError
from landxml.geometry import GML, epsg_of
from landxml.intake import Refusal, RefusedError, find
from landxml.layout import sniff
from landxml.model import STRUCTS
from landxml.objects import Object
from landxml.parsing import PARSER_OPTIONS, parser, problem
from landxml.xsd import NATIONAL_FORMS, VENDOR_FORMS

__all__ = ["Item", "Source", "read", "struct", "typed"]

T = TypeVar("T", bound=Object)


class Source(NamedTuple):
    """Where a record stands: file as the user knows it, and line of its start tag."""

    file: str
    line: int


class Item(NamedTuple):
    """A record and where it stands."""

    object: Object
    source: Source


def read(path: str | os.PathLike[str]) -> Iterator[Item]:
    """Iterate over the typed objects of a file, folder or zip archive of any known layout.

    Parameters
    ----------
    path
        What to read; ``-`` is standard input.

    Yields
    ------
    Item
        Each record, metadata first, with its source. Records nested in another are part of it.

    Raises
    ------
    LandXmlError
        At the first file or record that cannot be read, with file, line and field.

    Examples
    --------
    >>> for thua, source in read("06652.gml"):  # doctest: +SKIP
    ...     print(source.line, thua.so_thu_tu_thua, thua.dien_tich)
    """
    for document in find([os.fspath(path)]):
        if isinstance(document, Refusal):
            raise RefusedError(document)
        with document.open() as stream:
            yield from _document(stream, document.name)


def _document(stream: BinaryIO, file: str) -> Iterator[Item]:
    found = sniff(stream)
    if found.problem is not None:
        raise LandXmlError(found.problem.en, file=file, line=found.problem.line)
    if found.layout is None:
        raise LandXmlError(f"no known layout has the root element {found.root}", file=file, line=1)
    try:
        if found.layout == "national":
            yield from _national(stream, file)
        else:
            yield from _vendor(stream, file, found.layout)
    except etree.XMLSyntaxError as error:
        wrong = problem(error)
        raise LandXmlError(wrong.en, file=file, line=wrong.line) from error


def _national(stream: BinaryIO, file: str) -> Iterator[Item]:
    dictionary = national()
    tags = [f"{{{dictionary.namespace}}}{name}" for name in ("sieuDuLieu", "thanhVien")]
    for _, member in etree.iterparse(stream, events=("end",), tag=tags, **PARSER_OPTIONS):
        root = member.getparent()
        if root is None or root.getparent() is not None:  # households have an element of that name too
            continue
        for element in member.iterchildren("*"):
            cls = dictionary.classes.get(element.tag.removeprefix(f"{{{dictionary.namespace}}}"))
            if cls is None:
                raise LandXmlError(f"unknown class {element.tag}", file=file, line=line_of(element))
            source = Source(file, line_of(element))
            yield Item(typed(_record(element, cls, file), STRUCTS[cls.name], source), source)
        member.clear()
        while member.getprevious() is not None:
            root.remove(member.getprevious())


def _record(element: etree._Element, cls: Class, file: str) -> dict[str, Any]:
    """Return the values of one national record, by element name, nested ones as dictionaries."""
    prefix = f"{{{national().namespace}}}"
    fields = _fields(cls.name)
    record: dict[str, Any] = {"id": element.get(GML_ID)}
    for child in element.iterchildren("*"):
        name = child.tag.removeprefix(prefix)
        field = fields.get(name)
        if field is None:
            raise LandXmlError("unknown element", file=file, line=line_of(child), field=name)
        try:
            value = _value(child, field, file)
        except (ValueError, InvalidOperation, shapely.errors.ShapelyError) as error:
            raise LandXmlError(f"not a {field.kind}", file=file, line=line_of(child), field=name) from error
        if field.repeated:
            record.setdefault(name, []).append(value)
        else:
            record[name] = value
    return record


def _value(element: etree._Element, field: Field, file: str) -> Any:
    """Return the value of one element of a national record."""
    if field.kind == "geometry":
        return _geometry(element)
    if field.kind == "object":
        (nested,) = element.iterchildren(f"{{{national().namespace}}}{field.targets[0]}")
        return _record(nested, national().classes[field.targets[0]], file)
    if field.kind == "reference":
        if (target := target_of(element)) is None:
            raise ValueError("not of the form #id")
        return target
    return _parsed(element.text or "", field.kind, NATIONAL_FORMS)


def _geometry(element: etree._Element) -> Any:
    (gml,) = element.iterchildren("*")
    numbers = [len((ring.text or "").split()) for ring in gml.iter(f"{GML}posList")]
    if any(count < 8 or count % 2 for count in numbers):
        raise ValueError("a ring has too few coordinates, or an odd number of them")
    shape = shapely.geometry.shape(pygml.parse(gml).geometry)
    # Shapely closes open rings without a word: one more point than the file has gives it away.
    if shapely.get_num_coordinates(shape) * 2 != sum(numbers):
        raise ValueError("a ring is not closed")
    return shapely.set_srid(shape, epsg_of(gml.get("srsName")) or 0)


def typed(record: dict[str, Any], kind: type[T], source: Source) -> T:
    """Make an object of its values by element name.

    Raises
    ------
    LandXmlError
        If a value is missing, or none that the class allows; names file, line and element.
    """
    try:
        return msgspec.convert(record, kind, dec_hook=lambda _, value: value)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        field = path.strip("`.") or None
        raise LandXmlError(message, file=source.file, line=source.line, field=field) from error


def _vendor(stream: BinaryIO, file: str, layout: str) -> Iterator[Item]:
    dictionary = vendor(layout)
    root = etree.parse(stream, parser()).getroot()
    features = {cls.name for cls in dictionary.features()}
    for element in _records(root, features):
        source = Source(file, line_of(element))
        yield Item(_vendor_object(element, dictionary.classes[element.tag], layout, source), source)


def _records(element: etree._Element, features: set[str]) -> Iterator[etree._Element]:
    """Yield the records below an element; an earlier dossier inside a change is not entered."""
    for child in element.iterchildren("*"):
        if child.tag in features:
            yield child
        else:
            yield from _records(child, features)


def _vendor_object(element: etree._Element, cls: Class, layout: str, source: Source) -> Object:
    values: dict[str, Any] = {}
    for field in cls.fields:
        found = element.findall("/".join(filter(None, (field.within, field.element))))
        name = _attribute(field.targets[0] if field.kind == "object" else field.element)
        if field.kind == "object":
            inner = vendor(layout).classes[field.targets[0]]
            values[name] = tuple(_vendor_object(child, inner, layout, source) for child in found)
            continue
        text = found[0].text if found and field.kind != "dossier" else None
        if text and (field.kind == "text" or text.strip()):
            try:
                values[name] = _parsed(text, field.kind, VENDOR_FORMS)
            except (ValueError, InvalidOperation) as error:
                line = line_of(found[0])
                raise LandXmlError(f"not a {field.kind}", file=source.file, line=line, field=name) from error
    return struct(layout, cls.name)(**values)


@cache
def struct(layout: str, name: str) -> type[Object]:
    """Return the struct type of a class of a vendor layout, made from its dictionary.

    Every field may be absent (None), lists may be empty: vendors' files are as they are.
    """
    fields: list[tuple[str, Any, Any]] = []
    for field in vendor(layout).classes[name].fields:
        attribute = _attribute(field.targets[0] if field.kind == "object" else field.element)
        if field.kind == "object":
            nested: Any = struct(layout, field.targets[0])
            fields.append((attribute, tuple[nested, ...], ()))
        elif field.kind != "dossier":
            fields.append((attribute, PYTHON_TYPES[field.kind] | None, None))
    personal = {_attribute(field.element) for field in vendor(layout).classes[name].fields if field.personal}
    made = msgspec.defstruct(
        name, fields, bases=(Object,), namespace={"PERSONAL": frozenset(personal)}, frozen=True, kw_only=True,
        module=__name__,
    )  # fmt: skip
    return cast("type[Object]", made)


@cache
def _fields(name: str) -> dict[str, Field]:
    return {field.element: field for field in national().classes[name].fields}


def _attribute(element: str) -> str:
    """Return the attribute name of an element.

    >>> _attribute("DC_MucDichSuDung"), _attribute("soHieuToBanDo")
    ('muc_dich_su_dung', 'so_hieu_to_ban_do')
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", element.removeprefix("DC_")).lower()


def _parsed(text: str, kind: Kind, forms: Mapping[Any, str]) -> Any:
    """Return the value of a text whose form, where the schema of the layout asks for one, is right."""
    if kind == "text":
        return text
    text = text.strip(" \t\r\n")
    if kind in forms and not re.fullmatch(forms[kind], text):
        raise ValueError(f"not of the form of a {kind}")
    return PARSERS[kind](text)


def _int(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", text):  # int() also takes 1_000 and digits of other scripts
        raise ValueError(text)
    return int(text)


def _decimal(text: str) -> Decimal:
    value = Decimal(text.replace(",", "."))
    if "_" in text or not value.is_finite():
        raise ValueError(text)
    return value


def _date(text: str) -> dt.date:
    if "/" in text:
        return dt.datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a date has no zone
    return dt.date.fromisoformat(text[:10])  # vendors write a time of day behind it


def _bool(text: str) -> bool:
    if text not in {"0", "1", "false", "true"}:
        raise ValueError(text)
    return text in {"1", "true"}


def _datetime(text: str) -> dt.datetime:
    if "/" not in text:
        return dt.datetime.fromisoformat(text)
    form = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S")[text.count(":")]
    return dt.datetime.strptime(text, form)  # noqa: DTZ007 - local time, as offices write it


PARSERS: dict[Kind, Callable[[str], Any]] = {
    "guid": lambda text: text.strip("{}").lower(), "int": _int, "year": _int,
    "bool": _bool, "decimal": _decimal, "date": _date, "datetime": _datetime,
}  # fmt: skip
"""Text of the right form, without blanks around it → value."""
PYTHON_TYPES: dict[str, Any] = {
    "text": str, "guid": str, "int": int, "bool": bool, "decimal": Decimal, "date": dt.date,
    "datetime": dt.datetime,
}  # fmt: skip
