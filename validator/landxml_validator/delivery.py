"""The package rules: one look at the whole delivery, over the Parquet parts that the workers wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow as pa

from landxml.cast import empty
from landxml.database import rows_of
from landxml.dictionary import Dictionary, national
from landxml.documents import Document
from landxml.layouts import Layout
from landxml.place import container_of
from landxml.text import Text
from landxml_validator import (
    buckets,
    by_commune,
    causes,
    communes,
    existing,
    findings,
    inventory,
    ladder,
    linking,
    locked,
    lookup_tables,
    neighbours,
    outlines,
    rule_sql,
    scanned_papers,
    shared_scans,
    superseded,
    suppression,
    surroundings,
)
from landxml_validator.buckets import Whole
from landxml_validator.executors import Advance, Executor, serial
from landxml_validator.ledger import Ledger, Outcome
from landxml_validator.left_out import LeftOut
from landxml_validator.report import File
from landxml_validator.rule import Rule, Stage, offers
from landxml_validator.stages import MANIFEST, PARTS, Settings, connected, evaluate
from landxml_validator.worker import create_geometry

__all__ = ["Look", "applying", "check", "judge"]

THREADS = 2
Look = Callable[[duckdb.DuckDBPyConnection, Path], None]
"""Takes a connection with the tables of the whole delivery, and its complete findings.

The tables are ``Refs``, ``MapFile``, those of :mod:`landxml_validator.inventory`, ``Part`` and ``Named``
(:mod:`landxml_validator.findings`), and, of several layouts, those of :mod:`landxml_mappings.link`.
"""


def check(
    ledger: Ledger,
    settings: Settings,
    left_out: LeftOut = LeftOut(),  # noqa: B008 - it cannot be changed
    scans: Sequence[Document] = (),
    looks: Sequence[Look] = (),
    *,
    advance: Advance = lambda _: None,
    executor: Executor = serial.run,
) -> None:
    """Run every package rule that applies, and enter what it finds; ``scans`` lie beside the data.

    ``advance`` is told the bytes of scans that were read, or need not be; ``executor`` carries out tasks.
    Then each of ``looks`` is shown the connection and the findings.
    """
    ledger.scans, ledger.existing = len(scans), bool(settings.existing)
    present = national().only({name for name, count in ledger.records.items() if count})
    parts = ledger.parts.keys() - {findings.FOLDER}
    known = settings.rules.profile.layouts
    layouts = {known[name] for name in {file.layout for file in ledger.files if file.layout}}
    stages: tuple[Stage, ...] = ("link", "key", "delivery") if len(layouts) > 1 else ("key", "delivery")
    rules = list(applying(settings.rules.at(*stages), present, ledger, parts, layouts))
    keyed = {cls.name for cls in national().classes.values() if cls.key}
    named = {"Unit", *keyed, *rule_sql.words(rules)}
    with connected(settings, threads=THREADS) as con:
        lookup_tables.define(con, named)
        lookup_tables.load(con, named, settings.as_of)
        _views(con, ledger, named)
        superseded.create(con)
        if "Tep" in named:
            _files(con, [file for file in ledger.files if file.layout], layouts)
        if "ScanFiles" in named:
            scanned_papers.create(con, scans, settings.salt)
        if "ScanContents" in named:
            scanned_papers.read(con, scans, advance)
        else:
            advance(sum(scan.size for scan in scans))
        if settings.existing:
            existing.create(con, settings.existing)
        nothing = rule_sql.views(national().only(()), ())
        for name in set(PARTS) - parts:
            con.execute(f"CREATE VIEW {name} AS {nothing[name]}")
        several = linking.begin(con, ledger.files, known) and bool(settings.rules.at("link"))
        if several and any("geometry" in layout.capabilities for layout in layouts):
            ledger.link = linking.join(con, Path(settings.folder), settings.as_of, settings.sheets)
        ledger.ladder = ladder.read(ledger.parts.get(ladder.LADDER, ()), settings.as_of)
        rules = [rule for rule in rules if several or rule.stage != "link"]
        judge(Whole(con, ledger.parts, settings, present), rules, ledger, executor)
        data_set = _complete(con, ledger, settings, left_out)
        ledger.counts, ledger.findings = findings.samples(con, data_set, settings.samples)
        evaluated = ledger.rules.keys() - ledger.broken.keys()
        ledger.left_out = findings.compared(con, data_set, evaluated)
        if ledger.counts:
            ledger.causes = causes.of(con, data_set, settings.rules.rules)
            shapes = ledger.parts.get(communes.FOLDER, ())
            ledger.maps = surroundings.maps(con, data_set, ledger.findings, shapes)
        ledger.outlines = outlines.read(ledger.parts.get(neighbours.OUTLINES, ()))
        ledger.by_commune = by_commune.counted(con, data_set, settings.as_of)
        if looks:
            inventory.create(con, ledger.parts)
        for look in looks:
            look(con, data_set)
        ledger.describe(
            con.execute(_PACKAGES).fetchall(), [code for (code,) in con.execute(_COMMUNES).fetchall()]
        )


def _complete(con: duckdb.DuckDBPyConnection, ledger: Ledger, settings: Settings, left_out: LeftOut) -> Path:
    """Make the data set of findings; again, if rows of the table of suppressions have no effect."""

    def complete() -> Path:
        ledger.flush()
        return findings.complete(
            con, ledger.parts.get(findings.FOLDER, []), Path(settings.folder), national(), left_out,
            rules=settings.rules, shapes=ledger.parts.get(communes.FOLDER, []),
            personal_data=settings.personal_data,
        )  # fmt: skip

    data_set = complete()
    if idle := list(suppression.idle(con, data_set, left_out.names[1])):
        for fault in idle:
            ledger.fault(fault)
        data_set = complete()
    return data_set


_PACKAGES = """
SELECT coalesce(maGoi, _id, ''), coalesce(donViCungCap, ''), thoiDiemLap FROM SieuDuLieu ORDER BY ALL
"""
_COMMUNES = """
SELECT DISTINCT maXa FROM ThuaDat WHERE maXa IN (SELECT code FROM Unit WHERE level = 'commune') ORDER BY ALL
"""


def _files(con: duckdb.DuckDBPyConnection, files: list[File], layouts: Iterable[Layout]) -> None:
    """Create ``Tep``: the input files whose layout is known."""
    known = sorted(layouts, key=lambda layout: layout.id)
    texts = {
        "_file": [file.name for file in files],
        "layout": [file.layout for file in files],
        "container": [container_of(file.name) for file in files],
    }
    con.register("Recognised", pa.table(texts))
    capabilities = pa.array([sorted(offers(layout)) for layout in known], pa.list_(pa.string()))
    con.register("Known", pa.table({"layout": [layout.id for layout in known], "capabilities": capabilities}))
    con.execute("""
CREATE TABLE Tep AS SELECT * FROM Recognised JOIN Known USING (layout)
LEFT JOIN (SELECT _file, max(thoiDiemLap)::DATE AS date FROM SieuDuLieu GROUP BY _file) USING (_file)""")


def applying(
    rules: Iterable[Rule], present: Dictionary, ledger: Ledger, parts: set[str], layouts: set[Layout]
) -> Iterator[Rule]:
    """Yield the rules that can find something; of those that need what could not be read, enter that."""
    partial = _partial(ledger, layouts)
    for rule in rules:
        if rule.applies_to and present.classes.keys().isdisjoint(rule.applies_to):
            continue
        if not any(map(rule.suits, layouts)):
            continue
        if {"StaleCodes", scanned_papers.NAMES} & rule_sql.words([rule]).keys() - parts:
            continue
        if existing.compares(rule) and not ledger.existing:
            continue
        if rule.complete and partial is not None:
            ledger.broken[rule.code] = partial
        else:
            yield rule


def judge(whole: Whole, rules: Sequence[Rule], ledger: Ledger, executor: Executor) -> None:
    """Evaluate rules over the tables of a delivery, those by keys in tasks where these are large."""
    names = {key.table for rule in rules for key in buckets.keys(rule)}
    count = buckets.number(file for name in names for file in whole.parts.get(name, ()))
    views = {name: sql for name, sql in rule_sql.views(whole.present, ()).items() if name not in PARTS}
    keyed = [rule for rule in rules if buckets.divisible(rule)] if count > 1 else []
    if keyed:
        del views["Repeats"]
    rule_sql.prepare(whole.con, views, rules, rules)
    if keyed:
        broken, found = buckets.judge(whole._replace(number=count), rules, executor)
        ledger.broken |= broken
        ledger.parts.setdefault(findings.FOLDER, []).extend(found)
    others = [rule for rule in rules if rule not in keyed and rule.code not in ledger.broken]
    silent = shared_scans.silent(whole.con, others, whole.settings.as_of)
    for rule, outcome in _evaluated(whole, [rule for rule in others if rule.name not in silent]):
        ledger.enter(rule.name, outcome)


def _evaluated(whole: Whole, rules: Sequence[Rule]) -> Iterator[tuple[Rule, Outcome]]:
    """Evaluate rules side by side: much of the time goes into planning, which DuckDB does on one core."""
    cursors = [whole.con.cursor() for _ in rules]
    with ThreadPoolExecutor(THREADS) as pool:
        try:
            outcomes = pool.map(
                lambda rule, cursor: evaluate(cursor, rule, whole.present, whole.settings), rules, cursors
            )
            yield from zip(rules, outcomes, strict=True)
        except BaseException:  # Ctrl-C, which the other threads do not hear
            pool.shutdown(wait=False, cancel_futures=True)
            for cursor in cursors:
                cursor.interrupt()
            locked.interrupt()
            raise


def _partial(ledger: Ledger, layouts: Iterable[Layout]) -> Text | None:
    """Say that part of the delivery is missing; dossiers stand each for itself and miss nothing."""
    count = len(ledger.unread)
    if not count or all("dossier" in layout.capabilities for layout in layouts):
        return None
    return Text(
        vi=f"{count} tệp không đọc được đến hết, bản ghi cần tìm có thể nằm ở đó",
        en=f"{count} files could not be read to their end, and what is missing may stand there",
    )


def _views(con: duckdb.DuckDBPyConnection, ledger: Ledger, named: set[str]) -> None:
    """Create one view over all the parts of each table.

    Of classes without parts the rules get an empty table if they name them. What the metadata of a half-read
    file states cannot be judged, so it is left out.
    """
    unread = {"files": sorted(ledger.unread)}
    con.execute("CREATE TABLE Unread AS SELECT unnest($files::VARCHAR[]) AS _file", unread)
    classes = national().classes
    for name, files in ledger.parts.items():
        skip = " WHERE _file NOT IN (FROM Unread)" if name in MANIFEST else ""
        con.execute(f'CREATE VIEW "{name}" AS FROM {rows_of(files)}{skip}')
    for name in named & classes.keys() - ledger.parts.keys():
        con.execute(empty(classes[name]))
    if "Cell" not in ledger.parts:
        names = ("file", "part", "cls", "field", "letters")
        con.execute(f"CREATE TABLE Cell ({', '.join(f'{name} VARCHAR' for name in names)}, block INTEGER)")
    if "Block" not in ledger.parts:
        con.execute("CREATE TABLE Block (file VARCHAR, cls VARCHAR, id VARCHAR, block INTEGER)")
    if "HinhHoc" not in ledger.parts:
        create_geometry(con)
