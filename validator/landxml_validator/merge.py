"""Merge: what the checks of provinces found, each at home, and what only all of them together show.

The centre has findings and hashes (:mod:`landxml_validator.federated`), no data. Rules by keys run over the
hashes of all provinces; what they find was found at home, too, with its message, or is new. All else is taken
as it was found. Names of files begin with that of the folder of their export.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import msgspec

from landxml.archive import printable
from landxml.cast import empty
from landxml.database import literal, rows_of
from landxml.dictionary import national
from landxml.errors import LandXmlError
from landxml.files import Path_
from landxml.layouts import Layout
from landxml.temporary import temporary
from landxml.text import Text
from landxml.version import TOOL
from landxml_validator import (
    causes,
    delivery,
    findings,
    levels,
    lookup_tables,
    rule_sql,
    store,
    superseded,
    verdict,
)
from landxml_validator.buckets import Whole
from landxml_validator.configuration import Setting
from landxml_validator.executors import serial
from landxml_validator.export import opened
from landxml_validator.federated import CHECK, COMMUNE, FORMAT, TABLES, Check, central
from landxml_validator.findings import DATA_SET
from landxml_validator.hashes import sha256
from landxml_validator.ledger import Ledger
from landxml_validator.report import CommuneCounts, Ladder, Link, LinkCounts, Report
from landxml_validator.rule import Rule
from landxml_validator.rule_set import RuleSet, load
from landxml_validator.stages import Settings, connected
from landxml_validator.worker import create_geometry

__all__ = ["merge"]


def merge(
    folders: Iterable[Path_],
    *,
    profile: str | None = None,
    configuration: Iterable[Setting] = (),
    layouts: Iterable[Layout] = (),
    rules: Iterable[Rule] = (),
    samples: int = 100,
    findings: Path_ | None = None,
    force: bool = False,
) -> Report:
    """Take the checks of several provinces together.

    Parameters
    ----------
    folders
        What ``validate(keys=…)`` wrote in each; the name of a folder stands before those of its files.
    profile, configuration, layouts, rules, samples, findings, force
        As of :func:`landxml_validator.validate`: rules have to be those by which the provinces checked.

    Returns
    -------
    Report
        As of one check of all, but for maps, and for borders between communes of two exports.

    Raises
    ------
    LandXmlError
        If a folder is no such export, or not whole, two have one name, or they differ in version, rules or
        salt.
    """
    started, created = time.perf_counter(), dt.datetime.now(dt.UTC)
    names = [os.fspath(folder) for folder in folders]
    judge_by = load(profile, layouts, configuration, rules)
    checks = _read(names, judge_by)
    as_of = max(check.as_of for check in checks.values())
    with contextlib.ExitStack() as stack:
        write = stack.enter_context(opened(findings, force=force)) if findings else None
        folder = stack.enter_context(temporary())
        place = store.Store(str(folder), str(folder), "")
        settings = Settings(
            rules=judge_by, as_of=as_of, samples=samples, personal_data=False, basis="", **place._asdict()
        )
        total = _together(checks, settings)
        data_set = _judged(total, names, checks.values(), settings)
        judgement = verdict.judge(total, judge_by, as_of)
        judgement["files"] = total.files  # as each province has listed them
        if write:
            write(data_set, judgement["results"])
    return Report(
        tool=TOOL, created=created, as_of=as_of, inputs=[printable(name) for name in names], samples=samples,
        seconds=round(time.perf_counter() - started, 3), personal_data=False, **judgement,
    )  # fmt: skip


def _read(names: Sequence[str], rules: RuleSet) -> dict[str, Check]:
    """Return what each export says, by the label of its files; refuse those that do not fit together."""
    checks: dict[str, Check] = {}
    for name in names:
        try:
            check = msgspec.json.decode(Path(name, CHECK).read_bytes(), type=Check)
        except (OSError, msgspec.MsgspecError) as error:
            raise _wrong(
                name,
                f"không phải kết quả của landxml validate --export-keys ({CHECK})",
                f"is nothing that landxml validate --export-keys wrote ({CHECK})",
            ) from error
        label = _label(name)
        if label in checks:
            raise _wrong(name, f"hai thư mục cùng tên {label}", f"two folders are called {label}")
        if (check.format, check.tool) != (FORMAT, TOOL):
            raise _wrong(
                name,
                f"do phiên bản khác ghi: {check.tool}, ở đây là {TOOL}",
                f"is of another version: {check.tool}, this is {TOOL}",
            )
        if check.rules != rules.digest:
            raise _wrong(
                name,
                f"kiểm tra theo bộ quy tắc khác (hồ sơ {check.profile}); hãy dùng cùng --profile và cấu hình",
                f"was checked by other rules (profile {check.profile}); give the same --profile and settings",
            )
        for file, digest in check.contents.items():
            _refuse_changed(name, file, digest)
        if checks and check.salt != next(iter(checks.values())).salt:
            raise _wrong(name, "dùng tệp muối khác", "was made with another salt")
        checks[label] = check
    return checks


def _refuse_changed(name: str, file: str, digest: str) -> None:
    with contextlib.suppress(OSError):
        if sha256(str(Path(name, file))) == digest:
            return
    raise _wrong(
        name,
        f"{file} thiếu hoặc không như khi ghi; hãy chép lại cả thư mục",
        f"{file} is missing, or not as it was written; copy the whole folder again",
    )


def _label(name: str) -> str:
    return Path(os.path.realpath(name)).name


def _wrong(name: str, vi: str, en: str) -> LandXmlError:
    return LandXmlError(Text(vi, en), file=name)


def _together(checks: dict[str, Check], settings: Settings) -> Ledger:
    """Return what was read in all provinces."""
    total = settings.ledger(Path(settings.folder, "run"))
    for label, check in checks.items():
        total.records.update(check.records)
        total.unmapped.update(check.unmapped)
        total.files += [msgspec.structs.replace(file, name=f"{label}/{file.name}") for file in check.files]
        total.unread |= {f"{label}/{name}" for name in check.unread}
        total.packages += check.packages
        total.outlines += check.outlines
        total.broken |= check.broken
        total.scans += check.scans
    total.packages.sort(key=lambda one: (one.id, one.office, one.created is None, one.created))
    total.communes = sorted({code for check in checks.values() for code in check.communes})
    total.link = _linked([check.link for check in checks.values() if check.link])
    ladders = [check.ladder for check in checks.values() if check.ladder]
    if ladders:
        total.ladder = Ladder(
            millimetres=ladders[0].millimetres, places=[place for each in ladders for place in each.places]
        )
    return total


def _linked(links: Sequence[Link]) -> Link | None:
    if not links:
        return None
    numbers = ("attributes", "shapes", "linked", "without_shape", "without_attributes", "open")
    ways = {way: sum(each.ways.get(way, 0) for each in links) for link in links for way in link.ways}
    return Link(
        total=LinkCounts(*(sum(getattr(each.total, name) for each in links) for name in numbers)),
        communes=[each for link in links for each in link.communes],
        ways=dict(sorted(ways.items())),
    )


def _judged(total: Ledger, names: Sequence[str], checks: Iterable[Check], settings: Settings) -> Path:
    """Run the rules of the centre, and return all findings, which the ledger has counted."""
    present = national().only({name for name, count in total.records.items() if count})
    known = settings.rules.profile.layouts
    layouts = {known[file.layout] for file in total.files if file.layout}
    codes = [rule.code for rule in central(settings.rules.active.values())]
    places = [os.path.realpath(name) for name in names]
    with connected(settings, places, delivery.THREADS) as con:
        _tables(con, places, total)
        listed = [settings.rules.active[code] for code in codes]
        applying = list(delivery.applying(listed, present, total, set(total.parts), layouts))
        words = rule_sql.words(applying)
        lookup_tables.define(con, words)
        con.execute(
            "CREATE OR REPLACE MACRO fits_certificate_code(t) AS t IS NOT NULL"
        )  # asked before it was hashed
        lookup_tables.load(con, words, settings.as_of)
        whole = Whole(con, total.parts, settings, national().only(()), _labelled, places)
        delivery.judge(whole, applying, total, serial.run)
        total.flush()
        data_set = _complete(con, places, total.parts.get(findings.FOLDER, []), settings, codes)
        total.counts, total.findings = findings.samples(con, data_set, settings.samples)
        findings.know(con, None)
        total.left_out = findings.compared(con, data_set, ())
        if total.counts:
            total.causes = causes.of(con, data_set, settings.rules.rules)
        total.by_commune = _by_commune(con, data_set, checks)
    return data_set


def _tables(con: duckdb.DuckDBPyConnection, places: Sequence[str], total: Ledger) -> None:
    """Create views of the tables of all exports; where none has one, rules get it empty."""
    superseded.create(con)
    nothing, classes = rule_sql.views(national().only(()), ()), national().classes
    for name in (COMMUNE, *TABLES, *classes):
        files = [file for place in places if (file := Path(place, f"{name}.parquet")).exists()]
        total.parts |= {name: [str(file) for file in files]} if files else {}
        if files:
            con.execute(f'CREATE VIEW "{name}" AS FROM {_labelled(map(str, files))}')
        elif name in nothing:
            con.execute(f"CREATE VIEW {name} AS {nothing[name]}")
        elif name in classes:
            con.execute(empty(classes[name]))
        elif name == "HinhHoc":
            create_geometry(con)


def _labelled(files: Iterable[str]) -> str:
    """Return SQL for the rows of a table in some exports."""
    return f"({' UNION ALL BY NAME '.join(_of_export(Path(file), '_file') for file in files)})"


def _of_export(file: Path, column: str) -> str:
    """Rows of a file of an export, with its label before names of files."""
    label = literal(f"{_label(str(file.parent))}/")
    return f"SELECT * REPLACE ({label} || {column} AS {column}) FROM {rows_of([file])}"


def _complete(
    con: duckdb.DuckDBPyConnection,
    places: Sequence[str],
    parts: Sequence[str],
    settings: Settings,
    codes: Sequence[str],
) -> Path:
    """Make all findings: what the centre found, in words of home where it was found there, too."""
    out = Path(settings.folder, DATA_SET)
    levels.create(con, settings.rules)
    homes = " UNION ALL ".join(_of_export(Path(place, DATA_SET), "file") for place in places)
    con.execute(f"CREATE VIEW Home AS SELECT *, row_number() OVER () AS row FROM ({homes})")
    if parts:
        con.execute(f"CREATE VIEW Part AS FROM {rows_of(parts, filename=True, file_row_number=True)}")
    else:
        con.register("NoPart", findings.PART.empty_table())
        con.execute("CREATE VIEW Part AS SELECT *, '' AS filename, 0 AS file_row_number FROM NoPart")
    own = " ".join(("WHEN '' THEN NULL", *(_own(settings.rules.active[code]) for code in codes)))
    query = _DATA_SET.format(
        codes=", ".join(map(literal, ("", *codes))),  # there may be none, of which SQL has no list
        own=own, columns=_listed(findings.SCHEMA.names), severity=levels.SEVERITY, levels=levels.JOINED,
    )  # fmt: skip
    con.execute(f"COPY ({query}) TO {literal(str(out))} (FORMAT parquet)")
    return out


def _own(rule: Rule) -> str:
    """Return a case with what a rule words itself, such as where another record is: the centre knows all."""
    pairs = ", ".join(f"{literal(name)}, f.params -> {literal(name)}" for name in rule.own)
    return f"WHEN {literal(rule.code)} THEN json_object({pairs})"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


_DATA_SET = """
WITH known AS (
  SELECT *, row_number() OVER (PARTITION BY rule, file, part, "at", cls, path ORDER BY row) AS n
  FROM Home WHERE rule IN ({codes})
), found AS (
  SELECT *, row_number() OVER (
    PARTITION BY rule, file, part, "at", cls, path ORDER BY filename, file_row_number
  ) AS n FROM Part
), merged AS (
  SELECT f.rule, f.cls, coalesce(k.id, if(f.record = '', '', '‹' || left(f.record, 8) || '›')) AS id,
    coalesce(k.key, '') AS key, coalesce(k.parcel, '') AS parcel,
    coalesce(k.commune, c.commune, '') AS commune,
    f.file, f.part, f."at", coalesce(k."column", '') AS "column", f.path, k.x, k.y, k.geometry,
    if(k.rule IS NULL, regexp_replace(f.params, '‹[9x]{{32}}›', '…', 'g'),
      json_merge_patch(k.params, CASE f.rule {own} END)::VARCHAR) AS params,
    coalesce(k.fingerprint, left(sha256(concat_ws(chr(10), f.about, f.record)), 32)) AS fingerprint,
    coalesce(k.state, 'new') AS state, f.n AS row
  FROM found f
  LEFT JOIN known k ON k.rule = f.rule AND k.file = f.file AND k.part = f.part AND k."at" = f."at"
    AND k.cls = f.cls AND k.path = f.path AND k.n = f.n
  LEFT JOIN Commune c ON c._file = f.file
  UNION ALL BY NAME
  SELECT * EXCLUDE (severity) FROM Home WHERE rule NOT IN ({codes})
), numbered AS (
  SELECT *, row_number() OVER (PARTITION BY fingerprint ORDER BY file, part, "at", row) AS number FROM merged
)
SELECT {columns} FROM (
  SELECT s.* REPLACE (if(number = 1, fingerprint, left(sha256(concat_ws(chr(10), fingerprint, number)), 32))
    AS fingerprint), {severity} FROM numbered s {levels}
) ORDER BY rule, state <> 'new', file, part, "at", row, cls, path"""


def _by_commune(
    con: duckdb.DuckDBPyConnection, data_set: Path, checks: Iterable[Check]
) -> list[CommuneCounts]:
    """Return what was read in each commune, by all who have it, and what leads there of all findings."""
    rows = con.execute(
        "SELECT commune, count(*) FILTER (severity = 'error'), count(*) FILTER (severity = 'warning')"
        f" FROM {findings.new(data_set)} GROUP BY commune"
    ).fetchall()
    found = {commune: {"errors": errors, "warnings": warnings} for commune, errors, warnings in rows}
    read: dict[str, CommuneCounts] = {}
    for each in (each for check in checks for each in check.by_commune):
        before = read.get(each.commune)
        numbers = {
            name: getattr(each, name) + (getattr(before, name) if before else 0)
            for name in ("parcels", "with_shape", "in_order")
        }
        none = {"errors": 0, "warnings": 0}
        read[each.commune] = msgspec.structs.replace(each, **numbers, **found.get(each.commune, none))
    return [read[code] for code in sorted(read)]
