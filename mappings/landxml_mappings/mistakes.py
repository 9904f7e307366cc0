"""Mistakes in a mapping that somebody has written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from graphlib import CycleError
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from landxml.dictionary import dictionary, national
from landxml.layouts import Layout, builtin
from landxml.mistakes import Keys, Mistake, decoded, refusal, unknown
from landxml.nearest import nearest
from landxml.text import Text
from landxml_mappings import row_spec, spec

__all__ = ["mapped", "refuse_mistakes"]

_PLACE = re.compile(r" - at `\$(.*)`$")
"""Where a value stands, as msgspec says it."""


def mapped(path: str | Path, known: Collection[Layout] = ()) -> Layout:
    """Return a layout with a mapping of your own in the place of that which is built in.

    Parameters
    ----------
    path
        Of a mapping, whose line ``layout = "…"`` says of which layout it is.
    known
        Layouts beside the built-in ones.

    Raises
    ------
    LandXmlError
        With all its mistakes, each with its line.
    """
    name = str(decoded(Path(path)).get("layout", ""))
    layouts = builtin() | {layout.id: layout for layout in known}
    if name not in layouts:
        near = nearest(name, layouts)
        hint = Text(f"; có phải ý bạn là {near}?", f"; did you mean {near}?") if near else Text("", "")
        said = Text('thiếu dòng layout = "…" nêu định dạng', 'a line layout = "…" must name the layout')
        wrong = Text(f"không có định dạng “{name}”", f"there is no layout “{name}”")
        raise refusal(Path(path), [Mistake(("layout",), (wrong + hint) if name else said)])
    layout = msgspec.structs.replace(layouts[name], mapping=str(path))
    refuse_mistakes(layout)
    return layout


def refuse_mistakes(layout: Layout) -> None:
    """Refuse a layout whose mapping cannot be used.

    Raises
    ------
    LandXmlError
        With all mistakes of the mapping, each with its line.
    """
    if not spec.is_mapped(layout):
        return
    path = spec.path(layout)
    data = decoded(path)
    found = list(_mistakes(data, layout))
    if row_spec.has_rows(layout) and not found:
        found = list(_circle(row_spec.row_mapping(layout)))
    if found:
        raise refusal(path, found)


def _mistakes(data: dict[str, Any], layout: Layout) -> Iterator[Mistake]:
    rows = "row" in data
    known = _Known(layout, data.get("row", ""))
    if rows and known.row not in dictionary(layout).classes:
        yield unknown(("row",), known.row, dictionary(layout).classes, "lớp", "class")
        return
    kinds = data.pop("kinds", {}) if not rows else {}
    prepared = row_spec.prepared(data) if rows else spec.prepared(data, kinds)
    kind: Any = row_spec.RowMapping if rows else spec.Mapping
    wrong = list(_unfit(prepared | {"layout": layout}, kind, ()))
    yield from wrong
    broken = {mistake.keys[:n] for mistake in wrong for n in (1, 2)}
    sound = {key: value for key, value in prepared.items() if key == "classes" or (key,) not in broken}
    for name in sound.get("absent", {}):
        if name != "*" and name not in national().classes:
            yield unknown(("absent", name), name, national().classes, "lớp", "class")
    for name, own in sound["classes"].items() if isinstance(sound.get("classes"), dict) else ():
        if name not in national().classes:
            yield unknown(("classes", name), name, national().classes, "lớp", "class")
        elif ("classes", name) not in broken:
            yield from known.of_class(name, own, rows=rows)
    yield from known.of_whole(sound, rows=rows)


def _unfit(value: Any, kind: Any, path: Keys) -> Iterator[Mistake]:
    """Yield the values of other types than they should have, and keys that mean nothing, all the way down."""
    if get_origin(kind) is dict and isinstance(value, dict):
        for key, each in value.items():
            yield from _unfit(each, get_args(kind)[1], (*path, key))
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        hints = get_type_hints(kind)
        names = {one.name: one.encode_name for one in msgspec.structs.fields(kind)}
        for key in value.keys() - {*names.values(), "others"}:
            yield unknown((*path, key), key, names.values(), "mục", "key")
        for one in msgspec.structs.fields(kind):
            if one.encode_name in value:
                yield from _unfit(value[one.encode_name], hints[one.name], (*path, one.encode_name))
            elif one.required:
                what = Text(f"thiếu {one.encode_name}", f"{one.encode_name} is missing")
                yield Mistake(path, what)
    else:
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            said = _PLACE.sub("", str(error))
            yield Mistake(path, Text(f"giá trị không hợp lệ: {said}", f"not valid: {said}"))


@dataclass
class _Known:
    """What names a mapping may use: the elements of its layout, the fields of the national model."""

    layout: Layout
    row: str
    elements: dict[str, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        classes = dictionary(self.layout).classes
        self.elements = {name: {each.element for each in cls.fields} for name, cls in classes.items()}

    def of_class(self, name: str, own: dict[str, Any], *, rows: bool) -> Iterator[Mistake]:
        """Yield what does not exist of what a class names."""
        path = ("classes", name)
        fields = {each.element: each for each in national().classes[name].fields}
        for part in ("fields", "elements", "references", "constant", "dossier", "absent"):
            for given in own.get(part, {}):
                if given not in fields:
                    yield unknown(
                        (*path, part, given), given, fields, f"trường của {name}", f"field of {name}"
                    )
        for given, reference in own.get("references", {}).items():
            to = reference["to"]
            targets = fields[given].targets if given in fields else ()
            for target in to.values() if isinstance(to, dict) else [to] if isinstance(to, str) else to:
                if targets and target not in targets:
                    what = f"{name}.{given} không dẫn đến", f"{name}.{given} leads to no"
                    yield unknown((*path, "references", given), target, targets, f"lớp mà {what[0]}", what[1])
        if rows:
            yield from self._of_rows(own, path)
        else:
            yield from self._of_records(own, path)

    def _of_rows(self, own: dict[str, Any], path: Keys) -> Iterator[Mistake]:
        known, blocks = self.elements[self.row], own.get("blocks", ("",))

        def missing(place: Keys, *names: str) -> Iterator[Mistake]:
            for name in names:
                if name and not any(name.replace("{block}", block) in known for block in blocks):
                    yield unknown((*path, *place), name, known, "cột", "column")

        for given, source in own.get("fields", {}).items():
            yield from missing(("fields", given), source.get("from", ""), *source.get("others", ()))
        for part in ("key", "when"):
            yield from missing((part,), *(own.get(part) or ()))
        if own.get("split"):
            yield from missing(("split",), own["split"]["element"])

    def _of_records(self, own: dict[str, Any], path: Keys) -> Iterator[Mistake]:
        source = own["source"]
        if source not in self.elements:
            yield unknown((*path, "source"), source, self.elements, "lớp nguồn", "source class")
            return
        known, root = self.elements[source], self.elements.get(dictionary(self.layout).root, set())
        named: dict[Keys, tuple[str, set[str]]] = {("id",): (own["id"], known)}
        named |= {("elements", n): (e, known) for n, e in own.get("elements", {}).items()}
        named |= {("dossier", n): (e, root) for n, e in own.get("dossier", {}).items()}
        for name, reference in own.get("references", {}).items():
            rows = reference.get("rows")
            if rows and rows not in self.elements:
                yield unknown((*path, "references", name), rows, self.elements, "lớp nguồn", "source class")
                continue
            of = self.elements[rows] if rows else known
            named["references", name] = (reference["key"], of)
        for place, (element, of) in named.items():
            if element not in of:
                yield unknown((*path, *place), element, of, f"phần tử của {source}", f"element of {source}")

    def of_whole(self, data: dict[str, Any], *, rows: bool) -> Iterator[Mistake]:
        """Yield what does not exist: elements that make a dossier, or are lost; classes that are combined."""
        mapped_classes = data.get("classes", {})
        for name in data.get("combined", ()) if rows else ():
            if name not in mapped_classes:
                yield unknown(("combined",), name, mapped_classes, "lớp", "class")
        for element in data.get("dossier", ()) if rows else ():
            if element not in self.elements[self.row]:
                yield unknown(("dossier",), element, self.elements[self.row], "cột", "column")
        every = (
            self.elements[self.row] if rows else {f"{c}.{e}" for c, es in self.elements.items() for e in es}
        )
        for place in ("lost", "labels"):
            for element in data.get(place, {}):
                if element not in every:
                    yield unknown((place, element), element, every, "cột", "column")
        for element, name in data.get("labels", {}).items():
            if name not in mapped_classes:
                yield unknown(("labels", element), name, mapped_classes, "lớp", "class")


def _circle(mapping: row_spec.RowMapping) -> Iterator[Mistake]:
    try:
        mapping.order()
    except CycleError as error:
        names = " → ".join(error.args[1])
        what = Text(f"các lớp dẫn vòng tròn đến nhau: {names}", f"classes lead to each other: {names}")
        yield Mistake(("classes", error.args[1][0]), what)
