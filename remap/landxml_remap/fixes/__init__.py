"""Fixes: texts and codes that are certainly wrong are written right, and nothing else is touched.

Each mend belongs to the rule that finds the mistake (:mod:`landxml_remap.fixes.values`). Every document that
is written is read again before it takes its place, and the reference table leads back byte for byte
(:func:`landxml_remap.reverse`).
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple

import msgspec

from landxml import files
from landxml.carriers import Opened
from landxml.dictionary import dictionary
from landxml.documents import Document
from landxml.layouts import Layout
from landxml.load import Loader
from landxml.progress import OnProgress
from landxml.sources import Path_, Paths, listed
from landxml.version import TOOL
from landxml_remap import edits, patch, reference_table, rewrite
from landxml_remap.fixes.values import CERTAIN, RULES, mended, mends
from landxml_remap.patch import Change, Field, Record
from landxml_remap.reference_table import Append

__all__ = ["CERTAIN", "RULES", "Edit", "FixReport", "fix"]


class FixReport(msgspec.Struct, kw_only=True):
    """What was mended.

    Attributes
    ----------
    output, table
        What was written; None where it was only counted.
    documents, others
        Number of documents that were looked at; those of layouts that cannot be written, which are copied.
    fixes
        Values by the rule whose mistake they had, class and element.
    """

    tool: str
    created: dt.datetime
    seconds: float
    inputs: list[str]
    output: str | None
    table: str | None
    documents: int
    others: list[str]
    fixes: list[Fixed]


class Edit(NamedTuple):
    """An element before and after its mends, with its tags, as it is written: it may hold personal data."""

    file: str
    line: int
    cls: str
    element: str
    personal: bool
    rules: list[str]
    old: str
    new: str


class Fixed(msgspec.Struct, frozen=True):
    """How many values of an element were mended by a rule."""

    rule: str
    cls: str
    element: str
    count: int


def fix(
    paths: Paths,
    out: Path_ | None = None,
    *,
    rules: Iterable[str] = CERTAIN,
    table_path: Path_ | None = None,
    layouts: Iterable[Layout] = (),
    force: bool = False,
    progress: OnProgress | None = None,
    tell: Callable[[Edit], None] | None = None,
) -> FixReport:
    """Write a package again with the mistakes mended that some rules find.

    Parameters
    ----------
    paths
        Files, folders or zips, one path or many; documents of layouts that cannot be written are copied.
    out
        What to write, in the form of what went in; None only counts.
    rules
        Of :data:`RULES`; by default those whose mends are certain.
    table_path
        Reference table to write, by which :func:`landxml_remap.reverse` leads back; by default
        ``<out>.remap.csv``.
    layouts
        Layouts beside the built-in ones.
    force
        Replace files that exist at ``out`` and ``table_path``.
    progress, tell
        Called now and then with the bytes done; for each element that is mended.

    Raises
    ------
    LandXmlError
        If anything cannot be read, or an output would harm something (:mod:`landxml.files`); nothing is
        written then.
    ValueError
        If a rule has no mend.
    """
    started, created = time.perf_counter(), dt.datetime.now(dt.UTC)
    chosen, own = frozenset(rules), tuple(layouts)
    if strange := chosen.difference(RULES):
        raise ValueError(f"there is no mend for {', '.join(sorted(strange))}")
    paths = listed(paths)
    found = rewrite.documents(paths, own)
    target = None if out is None else Path(table_path) if table_path else reference_table.beside(out)
    if out is not None and target is not None:
        files.form(target, reference_table.FORMS)
        rewrite.check_out(paths, out, found, tables=[target], force=force)
    passes = 1 if out is None else 2
    advance = rewrite.counted(progress, passes * sum(document.size for _, document in found))
    sources, others = _read(found, own, advance)
    counts = Counter[tuple[str, str, str]]()
    if out is None or target is None:
        for source in sources:
            with source.document.open() as stream, tempfile.TemporaryFile() as nowhere:
                _write(source, chosen, stream, nowhere, counts=counts, tell=tell, append=lambda _: None)
    else:
        write = partial(_write, rules=chosen, counts=counts, tell=tell)
        edits.package(
            paths, out, target, found=found, sources=sources, write=write, advance=advance, force=force
        )
    return FixReport(
        tool=TOOL,
        created=created,
        seconds=round(time.perf_counter() - started, 3),
        inputs=paths,
        output=None if out is None else os.fspath(out),
        table=None if target is None else os.fspath(target),
        documents=len(sources),
        others=others,
        fixes=[Fixed(*what, count) for what, count in sorted(counts.items())],
    )


def _read(
    found: Sequence[tuple[str, Document]], own: Iterable[Layout], advance: Callable[[int], None]
) -> tuple[list[rewrite.Source], list[str]]:
    """Read all documents: those that can be written, and the names of the others."""
    sources: list[rewrite.Source] = []
    loader = Loader(lambda layout: dictionary(layout).only(()))

    def look(name: str, document: Document, layout: Layout, seen: Opened) -> None:
        source = rewrite.Source(name, document, layout, seen.found.encoding)
        for _ in loader.load(seen, source.fault):
            pass  # only the faults count
        sources.append(source)

    others = rewrite.look_at_each(found, own, rewrite.WRITABLE, look, advance)
    return sources, [name for name, _ in others]


def _write(
    source: rewrite.Source,
    rules: frozenset[str],
    stream: BinaryIO,
    out: IO[bytes],
    *,
    counts: Counter[tuple[str, str, str]],
    tell: Callable[[Edit], None] | None,
    append: Append,
) -> None:
    """Copy a document with its mistakes mended; append a row for each record that had some."""
    elements = mends(source.layout, rules)

    def decide(record: Record) -> edits.Decided:
        changes, reasons = [], set[str]()
        for element, possible in elements.get(record.cls, {}).items():
            for field in record.fields.get(element, []):
                value = record.value(field)
                new, why = mended(value, possible)
                if not why:
                    continue
                changes.append(patch.replaced(record, field, value, new))
                counts.update((rule, record.cls, element) for rule in why)
                reasons.update(why)
                if tell:
                    tell(_edit(source, record, field, changes[-1], element=element, rules=sorted(why)))
        return edits.Decided(changes, reason=" ".join(sorted(reasons)))

    classes = {name: tuple(elements.get(name, ())) for name in dictionary(source.layout).classes}
    edits.document(source, stream, out, classes=classes, decide=decide, append=append)


def _edit(
    source: rewrite.Source, record: Record, field: Field, change: Change, *, element: str, rules: list[str]
) -> Edit:
    """Return an element as it is written, and with a change."""
    columns = dictionary(source.layout).classes[record.cls].columns
    line = record.line + record.text.count("\n", record.at, field.start)
    new = record.text[field.start : change.at] + change.new
    return Edit(
        file=source.document.name, line=line, cls=record.cls, element=element,
        personal=any(each.personal for each in columns if each.element == element), rules=rules,
        old=record.text[field.start : field.after],
        new=new + record.text[change.at + len(change.old) : field.after],
    )  # fmt: skip
