"""Which walk runs: that in C (``landxml.walk``) where it was built and fits, or the reference in Python.

Both give the same. ``LANDXML_WALK=python`` in the environment asks for the reference.
"""

from __future__ import annotations

import importlib
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
from lxml import etree

from landxml.dictionary import Dictionary
from landxml.extract import EARLIER, HELD, Action, Extractor, Plan, key_of, line_of, table
from landxml.geometry import Said
from landxml.layouts import Layout
from landxml.text import Text

__all__ = ["WHY", "bare", "extractor", "walk"]

SWITCH = "LANDXML_WALK"


def _load() -> tuple[Any, Text | None]:
    """Return the module in C, or why there is none."""
    if os.environ.get(SWITCH) == "python":
        return None, Text(f"{SWITCH}=python được đặt", f"{SWITCH}=python is set")
    try:
        module = importlib.import_module("landxml.walk")
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError)
        return None, _NOT_BUILT if missing else Text(f"không dùng được: {error}", f"not usable: {error}")
    source = Path(__file__).with_name("walk.pyx")
    if source.exists():  # where it is installed from a wheel, it is not
        digest = sha256(source.read_bytes() + etree.__version__.encode()).hexdigest()
        if f"of_{digest}" != module.MADE_OF:
            return None, _OLD
    return module, None


_NOT_BUILT = Text(
    "chưa biên dịch (khi cài đặt không có trình biên dịch C)",
    "not built (no C compiler when it was installed)",
)
_OLD = Text("không phải từ walk.pyx hiện tại; hãy cài lại", "not built from walk.pyx as it is; install again")

walk, WHY = _load()
"""The module in C, or None; then why."""


def bare(element: etree._Element) -> bool:
    """Tell whether it is seen at once that an element has no attributes, and no text of its own."""
    return walk is not None and bool(walk.bare(element))


def extractor(dictionary: Dictionary) -> Extractor:
    """Return the quickest extractor that there is."""
    return Extractor(dictionary) if walk is None else Native(dictionary)


class Native(Extractor):
    """Collects the rows in C."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._rows: dict[str, Any] = {}
        super().__init__(dictionary)

    def _bind(self, layout: Layout) -> None:
        super()._bind(layout)
        self._rows = {name: _rows(plan) for name, plan in self.plans.items()}
        for name, plan in self.plans.items():
            walk.Walk.means(self._rows[name], self._actions(plan.actions))
        top = {tag: self._rows[plan.cls.name] for tag, plan in self._by_tag.items()}
        self._walk = walk.Walk(layout.namespace, self._rows, top, layout.root, EARLIER, line_of, key_of, Said)

    def _actions(self, actions: dict[str, Action]) -> Any:
        return walk.Actions({tag: self._action(action) for tag, action in actions.items()})

    def _action(self, action: Action) -> tuple[str, int, object]:
        if isinstance(action, int):
            return "text", action - len(HELD), None
        if isinstance(action, Plan):
            return "record", 0, self._rows[action.cls.name]
        if isinstance(action, dict):
            return "inside", 0, self._actions(action)
        what, column = action
        return what, column - len(HELD) if isinstance(column, int) else 0, None

    def add(self, element: etree._Element, file: str) -> None:
        """Add one record of a GML document and all that is nested in it."""
        self._bind_to(element)
        self.size += self._walk.add(element, file, self.rings)

    def _dossier(self, root: etree._Element, file: str, dossier: str) -> None:
        self.size += self._walk.dossier(root, file, dossier, self.rings)

    def forget(self, file: str) -> None:
        """Drop the rows of the last file, which could not be read to its end."""
        name = file.encode()
        kept = sum(rows.count for rows in self._rows.values())
        self.size = kept - sum(rows.forget(name) for rows in self._rows.values())

    def take(self) -> dict[str, pa.Table]:
        """Return the rows collected since the last call, and start anew."""
        self.size = 0
        filled = ((plan, self._rows[name]) for name, plan in self.plans.items())
        return {plan.cls.name: table(plan, _arrays(rows)) for plan, rows in filled if rows.count}


def _rows(plan: Plan) -> Any:
    key = -1 if plan.key is None else plan.key - len(HELD)
    return walk.Rows(plan.name, key, bool(plan.geometry), [field.repeated for field in plan.cls.columns])


def _arrays(rows: Any) -> list[pa.Array]:
    """Return the columns of rows as :attr:`landxml.extract.Plan.types` names them, without copying any."""
    count, lines, (file, *held), fields = rows.take()
    at = pa.Array.from_buffers(pa.int64(), count, [None, pa.py_buffer(lines)])
    return [_array(file), at, *map(_array, held), *map(_array, fields)]


def _array(taken: Any) -> pa.Array:
    count, absent, marks, ends, data, items = taken
    buffers = [pa.py_buffer(marks) if absent else None, pa.py_buffer(ends)]
    if items is not None:
        return pa.Array.from_buffers(pa.list_(pa.string()), count, buffers, absent, children=[_array(items)])
    return pa.Array.from_buffers(pa.string(), count, [*buffers, pa.py_buffer(data)], absent)
