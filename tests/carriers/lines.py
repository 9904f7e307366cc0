"""A carrier of the tests: each document has two files, one that says what it is, and one with the rows."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from landxml.carriers import Batch, Opened
from landxml.dictionary import Dictionary, dictionary
from landxml.faults import Report
from landxml.geometry import Rings
from landxml.layouts import Layout
from landxml.place import SYSTEM


class Lines:
    """Reads documents whose rows lie in a file ``.dat`` beside them, the names of the columns first."""

    def __init__(self, layout: Layout, wanted: Dictionary | None = None) -> None:
        self.layout = layout
        self.wanted = wanted or dictionary(layout)

    @staticmethod
    def recognises(source: Opened, layout: Layout) -> bool:
        """Tell whether a document begins with the name of the layout."""
        return source.head.startswith(f"!{layout.root}".encode())

    def load(self, source: Opened, _: Report) -> Iterator[Batch]:
        """Read all rows."""
        (cls,) = self.wanted.features()
        with source.on_disk(".dat", ".shx") as path:
            head, *rows = (line.split(",") for line in path.with_suffix(".dat").read_text().splitlines())
        fields = [field.element for field in cls.columns]
        system = dict.fromkeys(SYSTEM)
        made = [
            {**system, "_file": source.name, "_part": "dat", "_at": at, "_id": row[0]}
            | {name: dict(zip(head, row, strict=True)).get(name) for name in fields}
            for at, row in enumerate(rows, 1)
        ]
        yield Batch(self.layout, {cls.name: pa.Table.from_pylist(made)}, Rings())

    scan = load

    def rest(self) -> Iterator[Batch]:
        """Yield nothing: no two documents share a batch."""
        yield from ()
