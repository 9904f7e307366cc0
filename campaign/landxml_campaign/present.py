"""What stands in single elements of a package now: texts as they are written, found by keyed hashes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from landxml.carriers import Batch
from landxml.dictionary import Dictionary, dictionary
from landxml.documents import Document
from landxml.extract import EARLIER
from landxml.faults import Fault
from landxml.layouts import Layout
from landxml.load import Loader, opened, reported
from landxml_remap import rewrite
from landxml_remap.corrections import place_of

__all__ = ["RECORD", "gather_values", "passed_over"]

RECORD = "left(sha256($salt || concat_ws('|', {file}, {cls}, {id})), 16)"
"""Key of a record: of its document in the package, national class and id."""
VALUES = """
CREATE TABLE value (
  file VARCHAR, cls VARCHAR, id VARCHAR, "at" INTEGER, record VARCHAR, element VARCHAR, text VARCHAR
)
"""
TAKEN = f"""
INSERT INTO value
SELECT g.file, g.cls, g.id, g."at", g.record, g.element, g.text
FROM (SELECT *, {RECORD.format(file="file", cls="cls", id="id")} AS record FROM given) g
SEMI JOIN wanted w ON w.record = g.record AND w.element = g.element
"""


def gather_values(
    con: duckdb.DuckDBPyConnection,
    found: Sequence[tuple[str, Document]],
    wanted: Mapping[str, Iterable[str]],
    salt: str,
    layouts: Iterable[Layout] = (),
) -> None:
    """Create the table ``value``: what stands in the elements that the table ``wanted`` names.

    Parameters
    ----------
    con
        With ``wanted(record, element)``: keys of records, as :data:`RECORD`, and national elements.
    found
        What :func:`landxml_remap.rewrite.documents` gave; only layouts that can be edited are looked at, and
        what cannot be read is passed over.
    wanted
        Elements of each national class that may be among them.
    """
    con.execute(VALUES)
    names, own = {document.name: name for name, document in found}, tuple(layouts)

    def only(layout: Layout) -> Dictionary:
        whole = dictionary(layout)
        owners = {cls.owner for name, cls in whole.classes.items() if name in wanted and cls.owner}
        return whole.only({*wanted, *owners}) if layout.model == "national" else whole

    loader = Loader(only)

    def take(batch: Batch) -> None:
        for cls, element, table in _columns(batch, wanted):
            files = pa.array([names[name] for name in table["file"].to_pylist()], pa.string())
            more = {"cls": pa.repeat(cls, len(table)), "element": pa.repeat(element, len(table))}
            con.register(
                "given",
                pa.table(
                    {**dict(zip(table.column_names, table.columns, strict=True)), "file": files, **more}
                ),
            )
            con.execute(TAKEN, {"salt": salt})
            con.unregister("given")

    for source in opened((document for _, document in found), passed_over, own):
        if rewrite.writable(source.layout):
            with reported(source.name, passed_over):
                for batch in loader.scan(source, passed_over):
                    take(batch)
    for batch in loader.rest():
        take(batch)


def passed_over(_: Fault) -> None:
    """Take no notice of what the check has told: no value mends what cannot be read."""


def _columns(batch: Batch, wanted: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str, pa.Table]]:
    """Yield national class, element, and a table of file, id, line and text."""
    for cls, elements in wanted.items():
        for element in elements:
            place = place_of(batch.layout, cls, element)
            table = batch.tables.get(place[0].name) if place else None
            if place and table is not None and table.num_rows:
                earlier = pc.match_substring(pc.fill_null(table["_dossier"], ""), EARLIER)
                kept = table.filter(pc.invert(earlier)).select(["_file", "_id", "_at", place[1].element])
                yield cls, element, kept.rename_columns(["file", "id", "at", "text"])
