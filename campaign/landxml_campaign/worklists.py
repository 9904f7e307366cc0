"""Work lists: for each receiver and commune a workbook of what is theirs to mend, and nothing that is not.

A row is a value of a record, or a finding that no single value mends. It names its record by a hash with the
salt of the campaign, and says by another what stood there, so that a sheet that comes back fits what it was
made of, or is refused, without telling anybody anything.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pyarrow as pa

import landxml_units as units
from landxml import files, localised, workbooks
from landxml.database import connect, rows_of
from landxml.dictionary import national
from landxml.documents import Document
from landxml.layouts import Layout
from landxml.privacy import mask, shown
from landxml.progress import OnProgress
from landxml.sources import Path_, Paths, listed
from landxml.tabular import quoted
from landxml.temporary import temporary
from landxml.text import Lang, Text
from landxml.version import TOOL
from landxml_campaign import seals
from landxml_campaign.persons import gather
from landxml_campaign.present import RECORD, gather_values, passed_over
from landxml_campaign.receivers import COLUMNS, Receiver, receiver
from landxml_campaign.sheets import FREE, begin, height, inform
from landxml_remap import rewrite
from landxml_remap.corrections import KINDS
from landxml_remap.inputs import check_names
from landxml_validator import Report, validate

__all__ = ["TICK", "Worklist", "Worklists", "make_worklists"]

TICK = "✓"
HIDDEN = ("key", "class", "element", "check")
ROWS = workbooks.LIMIT - 1
MEMORY = 400
"""Megabytes of the database of findings and values."""


class Worklist(msgspec.Struct, kw_only=True, frozen=True):
    """One workbook: commune (``""``: of none), name of the file, its rows, and those to be filled in."""

    commune: str
    file: str
    rows: int
    values: int


class Worklists(msgspec.Struct, kw_only=True):
    """What was written.

    Attributes
    ----------
    receiver, title
        Name of the receiver, and what people call it.
    personal
        Whether personal values may stand there in clear.
    """

    tool: str
    receiver: str
    title: Text
    output: str
    personal: bool
    lists: list[Worklist]


def make_worklists(
    paths: Paths,
    out: Path_,
    *,
    to: str,
    salt: Path_,
    profile: str | None = None,
    communes: Collection[str] = (),
    lang: Lang = "vi",
    layouts: Iterable[Layout] = (),
    work: Path_ | None = None,
    progress: OnProgress | None = None,
) -> Worklists:
    """Check a package, and write what a receiver has to mend, a workbook per commune.

    Parameters
    ----------
    paths
        Files, folders or zips, one path or many.
    out
        New folder for the workbooks; only their owner can read them.
    to
        Receiver (``commune``, ``registration-office``, ``police``, ``vendor``), or a file of that form.
    salt
        Salt of the campaign; made where there is none. Without it no sheet can be taken back.
    profile, layouts, work
        As of :func:`landxml_validator.validate`.
    communes
        Only these.

    Raises
    ------
    LandXmlError
        If anything cannot be read, or the folder is not empty; nothing is written then, but perhaps the salt.
    """
    paths, own = listed(paths), tuple(layouts)
    name, given = receiver(to)
    check_names(paths)
    files.check_folder(out)
    files.check([out], [*paths, salt], force=True)
    secret = seals.salt(salt, make=True)
    with temporary() as folder:
        path = folder / "findings.parquet"
        report = validate(
            paths, profile=profile, layouts=own, work=work, findings=path, samples=0, progress=progress
        )
        with connect(folder, file=folder / "work.duckdb", memory=MEMORY, reads=[path]) as con:
            con.execute(f"CREATE VIEW finding AS FROM {rows_of([path])}")
            found = rewrite.documents(paths, own, whole=False)
            _tasks(con, found, given, report, salt=secret, communes=communes, own=own)
            with files.filling(out) as place:
                lists = list(_books(con, place, name, given, lang))
    return Worklists(
        tool=TOOL, receiver=name, title=given.title, output=os.fspath(out),
        personal=bool(lists and given.clear), lists=lists,
    )  # fmt: skip


CHOSEN = """
CREATE TABLE task AS
SELECT number, rule, f.cls, id, path AS element, commune, parcel, place, message_vi, message_en, fingerprint,
  n.name AS file, CASE WHEN n.name IS NULL OR id = '' OR e.element IS NULL THEN '' ELSE {record} END AS record
FROM finding f LEFT JOIN named n ON n.document = f.file
LEFT JOIN editable e ON e.cls = f.cls AND e.element = f.path
WHERE state = 'new' AND len(list_filter($rules, lambda r: starts_with(f.rule, r))) > 0
  AND (len($classes) = 0 OR f.cls IN (SELECT unnest($classes)))
  AND (len($communes) = 0 OR commune IN (SELECT unnest($communes)))
"""
SETTLED = """
CREATE TABLE row_ AS
WITH one AS (
  SELECT record, element, any_value(text) AS text FROM value GROUP BY ALL HAVING count(*) = 1
)
SELECT if(o.record IS NULL, left(fingerprint, 16), t.record) AS key, o.record IS NOT NULL AS fills,
  if(o.record IS NULL, '', left(sha256($salt || concat_ws('|', o.record, o.element, o.text)), 16)) AS "check",
  any_value(cls) AS cls, any_value(t.element) AS element, any_value(commune) AS commune,
  any_value(parcel) AS parcel, any_value(place) AS place, any_value(o.text) AS text, any_value(t.id) AS id,
  any_value(t.file) AS file, list(rule ORDER BY number) AS rules, min(number) AS number,
  string_agg(DISTINCT message_vi, ' ') AS vi, string_agg(DISTINCT message_en, ' ') AS en
FROM task t LEFT JOIN one o ON o.record = t.record AND o.element = t.element
GROUP BY 1, 2, 3
"""
"""A row for each value, whatever was found there; of what no value mends one for each finding."""


def _tasks(
    con: duckdb.DuckDBPyConnection,
    found: Sequence[tuple[str, Document]],
    given: Receiver,
    report: Report,
    *,
    salt: str,
    communes: Collection[str],
    own: Sequence[Layout],
) -> None:
    """Make the table ``row_`` of what a receiver has to do, ``rule`` of texts, ``person`` of land users."""
    editable = [(cls.name, f.element) for cls, f in national().fields() if f.kind in KINDS and not f.repeated]
    for name, columns in {
        "named": {"name": [name for name, _ in found], "document": [each.name for _, each in found]},
        "editable": {"cls": [cls for cls, _ in editable], "element": [element for _, element in editable]},
        "rule": {
            "rule": [each.rule.code for each in report.results],
            "fix_vi": [each.rule.fix.vi for each in report.results],
            "fix_en": [each.rule.fix.en for each in report.results],
        },
    }.items():
        con.register(
            "given", pa.table({key: pa.array(values, pa.string()) for key, values in columns.items()})
        )
        con.execute(f"CREATE TABLE {name} AS FROM given")
        con.unregister("given")
    lists = {"rules": list(given.rules), "classes": list(given.classes), "communes": list(communes)}
    con.execute(
        CHOSEN.format(record=RECORD.format(file="n.name", cls="f.cls", id="id")), {**lists, "salt": salt}
    )
    con.execute("CREATE TABLE wanted AS SELECT DISTINCT record, element FROM task WHERE record <> ''")
    wanted: dict[str, list[str]] = {}
    for cls, element in con.execute("SELECT DISTINCT cls, element FROM task WHERE record <> ''").fetchall():
        wanted.setdefault(cls, []).append(element)
    gather_values(con, found, wanted, salt, own)
    con.execute(SETTLED, {"salt": salt})
    if "who" in given.columns:
        gather(con, [document for _, document in found], own, report=passed_over)


PERSON = """
WITH whom AS (
  SELECT file, id, concat_ws(', ', name, born::VARCHAR, number) AS who FROM person
  UNION ALL SELECT q.file, q.id, concat_ws(', ', p.name, p.born::VARCHAR, p.number)
  FROM paper q JOIN person p ON p.file = q.file AND p.id = q.person
)
SELECT r.*, w.who FROM row_ r
LEFT JOIN (SELECT n.name AS file, id, any_value(who) AS who FROM whom JOIN named n ON n.document = whom.file
  GROUP BY ALL) w ON w.file = r.file AND w.id = r.id
"""
ORDERED = """
SELECT r.commune, r.key, r.cls, r.element, r."check", r.fills, r.parcel, r.place, coalesce(r.text, ''),
  r.{lang},
  array_to_string(list_distinct(r.rules), ', '),
  (SELECT string_agg(DISTINCT fix_{lang}, ' ') FROM rule WHERE rule.rule IN (SELECT unnest(r.rules))), r.who
FROM ({rows}) r ORDER BY r.commune, r.parcel, r.number
"""


def _books(
    con: duckdb.DuckDBPyConnection, place: Path, name: str, given: Receiver, lang: Lang
) -> Iterator[Worklist]:
    """Write the workbooks, one after another."""
    rows = PERSON if "who" in given.columns else "SELECT *, NULL AS who FROM row_"
    result = con.execute(ORDERED.format(lang=lang, rows=rows)).fetchall()
    communes: dict[str, list[tuple[Any, ...]]] = {}
    for row in result:
        communes.setdefault(row[0], []).append(row[1:])
    for commune, tasks in communes.items():
        path = place / f"{name}-{commune or 'khac'}.xlsx"
        with path.open("xb") as out:
            path.chmod(0o600)
            with workbooks.opened(out) as book:
                _fill(book, given, commune, tasks, lang)
        yield Worklist(
            commune=commune, file=path.name, rows=len(tasks), values=sum(bool(task[4]) for task in tasks)
        )


def _fill(book: Any, given: Receiver, commune: str, tasks: Sequence[tuple[Any, ...]], lang: Lang) -> None:
    """Write the sheets of tasks, and one that says how to fill them in."""
    text, free, none = (
        book.add_format({"num_format": "@", "valign": "top", **more})
        for more in (
            {"text_wrap": True},
            FREE,
            {**FREE, "bg_color": "#E4E4E4"},
        )
    )
    for first in range(0, len(tasks), ROWS):
        here = tasks[first : first + ROWS]
        sheet = _sheet(book, given, len(here), lang, text)
        for line, task in enumerate(here, 1):
            styles = {"": text, "done": free, "note": free, "new": free if task[4] else none}
            _row(sheet, line, given, _cells(given, task, lang), styles)
    where = f"{commune} {units.name(commune, localised.today())}".strip() or "–"
    inform(book, (*_INFORMATION[lang], (TOOL, f"{given.title.get(lang)} · {where}")))


def _sheet(book: Any, given: Receiver, rows: int, lang: Lang, text: Any) -> Any:
    """Begin a sheet: names of the columns, a list for the tick."""
    name, count = "Việc cần làm" if lang == "vi" else "To do", len(book.worksheets())
    columns = [(label.get(lang), width) for label, width in (COLUMNS[each] for each in _columns(given))]
    sheet = begin(book, f"{name} ({count + 1})" if count else name, columns, [text] * len(columns))
    sheet.set_column(len(columns) - len(HIDDEN), len(columns) - 1, None, None, {"hidden": True})
    sheet.data_validation(1, 0, rows, 0, {"validate": "list", "source": [TICK]})
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, rows, len(columns) - 1)
    return sheet


def _columns(given: Receiver) -> tuple[str, ...]:
    return ("done", "new", *given.columns, "note", *HIDDEN)


def _row(sheet: Any, line: int, given: Receiver, cells: Mapping[str, str], styles: Mapping[str, Any]) -> None:
    """Write a row as high as its longest text needs."""
    sheet.set_row(line, max(height(cells.get(source, ""), COLUMNS[source][1]) for source in given.columns))
    for at, source in enumerate(_columns(given)):
        style = styles.get(source, styles[""])
        if said := cells.get(source):
            sheet.write_string(line, at, quoted(said), style)
        elif source in styles:
            sheet.write_blank(line, at, None, style)


_INFORMATION = {
    "vi": (
        ("Cách điền", "Điền “Giá trị mới” và đánh dấu ✓ ở “Xong”. Dòng chưa làm để trống."),
        ("Ô xám", "Không sửa được bằng một giá trị: làm xong chỉ đánh dấu ✓."),
        ("Cách ghi", "Ngày dd/mm/yyyy; số thập phân dùng dấu phẩy hoặc chấm; mã ghi đủ các số 0."),
        ("Giữ nguyên", "Không đổi tên, thêm, xóa cột, kể cả cột ẩn: nhờ chúng kết quả được ghi đúng chỗ."),
    ),
    "en": (
        ("To fill in", "Write the “New value” and put ✓ under “Done”. Leave rows empty that are not done."),
        ("Grey cells", "Are not mended by one value: just put ✓ when it is done."),
        ("Forms", "Dates dd/mm/yyyy; decimals with a comma or point; codes with all their zeros."),
        (
            "Leave alone",
            "Names and number of columns, hidden ones too: by them results find their places.",
        ),
    ),
}


def _cells(given: Receiver, task: Sequence[Any], lang: Lang) -> dict[str, str]:
    """Return what stands in the cells of a row; what the receiver may not see has its shape only."""
    key, cls, element, check, fills, parcel, place, value, message, rules, fix, who = task
    known = national().classes.get(cls)
    field = next((each for each in known.columns if each.element == element), None) if known else None
    personal = bool(field and field.personal)
    seen = value if given.sees(cls) else mask(value) if personal and value else shown(value)
    return {
        "new": "" if fills else "–", "parcel": parcel, "who": (who or "") if given.sees("CaNhan") else "",
        "object": (known.en if lang == "en" else known.vi) if known else cls,
        "field": (field.en if lang == "en" else field.vi) if field else element,
        "found": message, "fix": fix or "", "value": seen, "place": place, "rule": rules, "key": key,
        "class": cls, "element": element, "check": check,
    }  # fmt: skip
