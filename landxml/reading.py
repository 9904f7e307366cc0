"""Reading typed objects: for people who program. The validator never makes an object per record.

National files give the classes of :mod:`landxml.model`, a vendor layout those of :mod:`landxml.dossiers`.
What the elements of a class mean is worked out once, before its first record; then a record is one walk.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar, cast

import msgspec
from lxml import etree

from landxml import native
from landxml.base import Object
from landxml.carriers import Opened
from landxml.dictionary import Class, Field, Kind, dictionary
from landxml.documents import RefusedError
from landxml.dossiers import reading as dossiers
from landxml.errors import LandXmlError
from landxml.extract import GML_ID, line_of, target_of
from landxml.faults import Fault, error_of, parse_fault
from landxml.layouts import Layout
from landxml.lexical import BadValueError, parser_of
from landxml.load import opened
from landxml.model import STRUCTS
from landxml.place import Place
from landxml.privacy import said, shown
from landxml.safe_xml import LimitError, members, problem, unreadable
from landxml.shapes import from_wkb, shape
from landxml.sources import Paths, find
from landxml.text import Text
from landxml.values import KINDS

if TYPE_CHECKING:
    from landxml.dossiers import HoSoXml

__all__ = ["Item", "OnError", "items", "raised", "read", "read_dossiers", "records", "typed"]

T = TypeVar("T", bound=Object)


class Item(NamedTuple):
    """A record and where it stands."""

    object: Object
    source: Place


OnError = Callable[[LandXmlError], object]
"""Told what cannot be read."""
Reader = Callable[[Opened, OnError], Iterator[Item]]
"""Yields the objects of an open document."""
Make = Callable[[Any], Object]


def read(paths: Paths, *, on_error: OnError | None = None, layouts: Iterable[Layout] = ()) -> Iterator[Item]:
    """Iterate over the typed objects of files, folders and zip archives of any known layout.

    Parameters
    ----------
    paths
        What to read, one path or many; ``-`` is standard input.
    on_error
        Called with what cannot be read, for instance ``errors.append``; it is skipped, and reading goes on
        with the next record, or behind damage with the next document. Without it the first is raised.
    layouts
        Layouts beside the built-in ones (:func:`landxml.load.layout`).

    Yields
    ------
    Item
        Each record, metadata first, with its source. Records nested in another are part of it. Those of a
        national file are of :mod:`landxml.model`, those of a dossier of :mod:`landxml.dossiers`.

    Raises
    ------
    LandXmlError
        At the first file or record that cannot be read, with file, line and field.

    Examples
    --------
    >>> for thua, source in read("06652.gml"):  # doctest: +SKIP
    ...     print(source.line, thua.so_thu_tu_thua, thua.dien_tich)
    """
    return items(paths, on_error or raised, records, layouts)


def read_dossiers(paths: Paths, *, on_error: OnError | None = None) -> Iterator[tuple[HoSoXml, Place]]:
    """Iterate over HoSoXml dossiers, each as one object with all its records in it.

    Parameters
    ----------
    paths, on_error
        As for :func:`read`; a dossier with a value that cannot be read is skipped whole.

    Yields
    ------
    tuple
        Each dossier, and its source.

    Raises
    ------
    LandXmlError
        At the first document that is no dossier or cannot be read.
    """
    return cast("Iterator[tuple[HoSoXml, Place]]", items(paths, on_error or raised, _whole, ()))


def raised(error: LandXmlError) -> None:
    """Raise the error: what is done where nobody wants to hear of it."""
    raise error


def items(paths: Paths, report: OnError, read: Reader, layouts: Iterable[Layout]) -> Iterator[Item]:
    """Yield the objects of each document, as ``read`` gives them; report what cannot be read."""

    def unread(fault: Fault) -> None:
        report(error_of(fault))

    own = tuple(layouts)
    for source in opened(find(paths, own=own), unread, own):
        if source.problem is not None:
            unread(parse_fault(source.problem, source.name))
            continue
        try:
            yield from read(source, report)
        except etree.XMLSyntaxError as error:
            report(unreadable(problem(error), source.name))
        except LimitError as error:
            report(LandXmlError(error.what, file=source.name))
        except RefusedError as error:
            report(error)


def records(source: Opened, report: OnError) -> Iterator[Item]:
    """Yield the objects of the records of a document of an XML layout."""
    layout = source.layout
    if layout is not None and layout.model == "national":
        yield from _national(layout, source, report)
    elif layout is not None and layout.root and layout.dictionary:
        make = partial(dossiers.record, layout=layout)
        yield from _read(dossiers.records(source.stream, layout), make, source.name, report)
    else:
        what = Text("định dạng không có lớp đối tượng", "its layout has no classes of objects")
        report(LandXmlError(what, file=source.name))


def _whole(source: Opened, report: OnError) -> Iterator[Item]:
    """Yield the object of a dossier."""
    if source.layout is not None and source.layout.carrier == "dossier":
        make = partial(dossiers.record, layout=source.layout)
        yield from _read(dossiers.whole(source.stream, source.layout), make, source.name, report)
    else:
        report(LandXmlError(Text("không phải hồ sơ HoSoXml", "not a HoSoXml dossier"), file=source.name))


def _read(elements: Iterable[etree._Element], make: Make, file: str, report: OnError) -> Iterator[Item]:
    for element in elements:
        try:
            made = make(element)
        except BadValueError as bad:
            line = line_of(bad.element)
            report(LandXmlError(bad.what, file=file, line=line, field=bad.field))
        else:
            yield Item(made, Place(file, "", line_of(element)))


def _national(layout: Layout, source: Opened, report: OnError) -> Iterator[Item]:
    objects, record, file = _objects(layout), _record(layout), source.name
    for member in members(source.stream, [layout.tag(layout.metadata), layout.tag(layout.member)]):
        try:
            made = objects(member)
        except (LookupError, TypeError, ValueError):
            yield from _read(member, record, file, report)
        else:
            for each, line in made:
                yield Item(each, Place(file, "", line))


def _objects(layout: Layout) -> Callable[[etree._Element], list[tuple[Object, int]]]:
    """Return what makes the objects of a member, with their lines, in C; it raises where it cannot."""
    if native.walk is None:
        return _none
    return native.walk.Objects(layout.namespace, _plans(layout), line_of).of  # type: ignore[no-any-return]


def _none(_: etree._Element) -> list[tuple[Object, int]]:
    raise LookupError


def _record(layout: Layout) -> Make:
    """Return what makes an object of the element of a national record, and says what is wrong with it."""
    classes = _classes(layout)

    def record(element: etree._Element) -> Object:
        steps, struct = classes.get(element.tag) or ({}, None)
        if struct is None:
            name = shown(etree.QName(element).localname)
            raise BadValueError(element, Text(f"không có lớp {name}", f"unknown class {name}"), field=None)
        try:
            return msgspec.convert(_values(element, steps), struct, dec_hook=_same)
        except msgspec.ValidationError as error:
            raise _misfit(element, error) from error

    return record


def _same(_: type, value: object) -> object:
    """Take a geometry as it is."""
    return value


How = Literal["text", "parsed", "whole", "list"]
"""How an element becomes a value: its text, a function of its text, of the element, or of each of several."""
Step = tuple[How, str, Callable[[Any], Any], Kind]
"""What an element means: how, the name of its field, the function, the kind of the field."""


@cache
def _classes(layout: Layout) -> dict[str, tuple[dict[str, Step], type[Object]]]:
    """Return what the elements of each class mean, and its type, by tag."""
    return {layout.tag(name): (_steps(name, layout), struct) for name, struct in STRUCTS.items()}


@cache
def _steps(name: str, layout: Layout) -> dict[str, Step]:
    fields = dictionary(layout).classes[name].fields
    return {layout.tag(field.element): _step(field, layout) for field in fields}


def _step(field: Field, layout: Layout) -> Step:
    how: How = "whole"
    if field.kind == "object":
        make: Callable[[Any], Any] = _nested(field.targets[0], layout)
    elif field.kind in {"reference", "geometry"}:
        make = _reference if field.kind == "reference" else shape
    else:
        how, make = "text" if field.kind == "text" else "parsed", parser_of(field.kind, layout)
    if not field.repeated:
        return how, field.element, make, field.kind
    return "list", field.element, make if how == "whole" else lambda e: make(e.text or ""), field.kind


@cache
def _plans(layout: Layout) -> dict[str, tuple[Any, type[Object]]]:
    """Return what :class:`landxml.walk.Objects` does with the elements of each class, and its type."""
    classes = dictionary(layout).classes.values()
    return {cls.name: (native.walk.Actions(_actions(cls, layout)), STRUCTS[cls.name]) for cls in classes}


def _actions(cls: Class, layout: Layout) -> dict[str, tuple[str, int, tuple[str, Any, Any]]]:
    struct = STRUCTS[cls.name]
    names = dict(zip(struct.__struct_encode_fields__, struct.__struct_fields__, strict=True))
    return {layout.tag(field.element): _action(field, names[field.element], layout) for field in cls.fields}


def _action(field: Field, name: str, layout: Layout) -> tuple[str, int, tuple[str, Any, Any]]:
    """Return what an element means, as :class:`landxml.walk.Objects` takes it."""
    known: dict[str, tuple[str, Any, Any]] = {
        "text": ("text", None, _form(field)),
        "reference": ("href", None, None),
        "geometry": ("geometry", from_wkb, None),
        "object": ("object", next(iter(field.targets), None), None),
    }
    numbers = field.numbers if field.kind in {"int", "year"} else None
    how, make, allowed = known.get(field.kind) or ("parsed", parser_of(field.kind, layout), numbers)
    return how, int(field.repeated), (name, make, allowed)


def _form(field: Field) -> Any:
    """Return the form that texts of a field have."""
    least, most = 1, field.length or sys.maxsize
    if field.pattern is None:
        return native.walk.Form(least, most)
    matches = re.compile(field.pattern).search

    def right(said: bytes) -> bool:
        text = said.decode()
        return least <= len(text) <= most and matches(text) is not None

    return native.walk.Form(least, most, right=right)


def _values(element: etree._Element, steps: dict[str, Step]) -> dict[str, Any]:
    """Return the values of one record by element name, those of nested records in it."""
    values: dict[str, Any] = {"id": element.get(GML_ID)}
    child = element
    try:
        for child in element:
            how, name, make, _ = steps[child.tag]
            if how == "text":
                values[name] = child.text or ""
            elif how == "parsed":
                values[name] = make(child.text or "")
            elif how == "whole":
                values[name] = make(child)
            else:
                values.setdefault(name, []).append(make(child))
    except (KeyError, ValueError) as error:
        raise _bad(child, steps) from error
    if len(values) <= len(element):  # a list with several items, or an element too many
        _refuse_twice(element, steps)
    return values


def _bad(child: etree._Element, steps: dict[str, Step]) -> BadValueError:
    if child.tag not in steps:
        return BadValueError(child, Text("phần tử lạ", "unknown element"))
    return BadValueError(child, Text("không phải là ", "not a ") + KINDS[steps[child.tag][3]].name)


def _refuse_twice(element: etree._Element, steps: dict[str, Step]) -> None:
    seen = set()
    for child in element:
        if child.tag in seen and steps[child.tag][0] != "list":
            raise BadValueError(child, Text("có hai lần", "stands twice"))
        seen.add(child.tag)


def _nested(name: str, layout: Layout) -> Callable[[etree._Element], dict[str, Any]]:
    tag = layout.tag(name)

    def whole(element: etree._Element) -> dict[str, Any]:
        (record,) = element
        if record.tag != tag:
            raise ValueError(f"not a {name}")
        return _values(record, _steps(name, layout))

    return whole


def _reference(element: etree._Element) -> str:
    target = target_of(element)
    if target is None:
        raise ValueError("not of the form #id")
    return target


def typed(record: dict[str, Any], kind: type[T], source: Place) -> T:
    """Make an object of its values by element name.

    Raises
    ------
    LandXmlError
        If a value is missing, or none that the class allows; names file, line and element.
    """
    try:
        return msgspec.convert(record, kind, dec_hook=_same)
    except msgspec.ValidationError as error:
        what, path = _said(error)
        field = path[-1][0] if path else None
        raise LandXmlError(
            Text(UNFIT + what, what), file=source.file, line=source.line, field=field
        ) from error


def _misfit(element: etree._Element, error: msgspec.ValidationError) -> BadValueError:
    """Say where in a record the value stands that does not fit the model; a missing one: where it should."""
    what, path = _said(error)
    namespace = etree.QName(element).namespace or ""
    for name, index in path:
        found = element.findall(f"{{{namespace}}}{name}")
        if found:
            element = found[int(index or 0)]
            element = element[0] if len(element) else element
    return BadValueError(element, Text(UNFIT + what, what), field=path[-1][0] if path else None)


UNFIT = "giá trị không hợp lệ: "


def _said(error: msgspec.ValidationError) -> tuple[str, list[tuple[str, str]]]:
    """Return the message of an error, and its path: name and index of each element down to the value."""
    what, _, place = str(error).partition(" - at `$")
    what = said(what)
    path = re.findall(r"\.(\w+)(?:\[(\d+)\])?", place)
    return what, path + re.findall(r"missing required field `(\w+)`()", what)
