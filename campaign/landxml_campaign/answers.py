"""Answers put to use: as a table, or as edits of the package that the reference table takes back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from landxml import csv_rows, files, workbooks
from landxml.errors import LandXmlError
from landxml.layouts import Layout
from landxml.progress import OnProgress
from landxml.sources import Path_, Paths, listed
from landxml.tabular import quoted
from landxml_campaign import seals
from landxml_campaign.answered import NOBODY
from landxml_campaign.replies import Answer, Replies
from landxml_campaign.request import KEY, matched
from landxml_campaign.sheets import begin
from landxml_remap import rewrite
from landxml_remap.corrections import Corrected, Correction, correct
from landxml_remap.inputs import check_names
from landxml_remap.workspace import insert

__all__ = ["TABLES", "Applied", "apply_answers", "write_answers"]

TABLES = ("csv", "xlsx", "parquet")
REASON = "reconcile"
"""Why a value was corrected, in the reference table."""


def write_answers(replies: Replies, out: Path_, *, force: bool = False) -> None:
    """Write the answers as a table: a row per person, with where it comes from; only its owner can read it.

    The same replies give the same table.

    Raises
    ------
    LandXmlError, OSError
        If a reply does not fit; as of :mod:`landxml.files`.
    """
    replies.require()
    form = files.form(out, TABLES)
    with files.writing(out, force=force, private=True) as file:
        if form == "parquet":
            columns = zip(*replies.answers, strict=True) if replies.answers else [()] * len(Answer._fields)
            arrays = [pa.array(map(str, column), pa.string()) for column in columns]
            pq.write_table(pa.table(arrays, names=list(Answer._fields)), file)
        elif form == "csv":
            with csv_rows.writer(file) as writer:
                writer.writerow(Answer._fields)
                writer.writerows(map(quoted, map(str, answer)) for answer in replies.answers)
        else:
            _xlsx(file, replies.answers)


def _xlsx(out: IO[bytes], answers: Iterable[Answer]) -> None:
    with workbooks.opened(out) as book:
        sheet = begin(book, "answers", [(name, 18) for name in Answer._fields])
        for at, answer in enumerate(answers, 1):
            for column, value in enumerate(answer):
                sheet.write_string(at, column, quoted(str(value)))


class Applied(Corrected, kw_only=True):
    """What was corrected.

    Attributes
    ----------
    gone
        Answers about persons who are not in the package as they were asked for: changed since, or corrected
        before by the same answer. If none of them is there, it is another package, or another salt.
    """

    gone: int


def apply_answers(
    replies: Replies,
    paths: Paths,
    out: Path_,
    *,
    salt: Path_,
    table_path: Path_ | None = None,
    layouts: Iterable[Layout] = (),
    force: bool = False,
    progress: OnProgress | None = None,
) -> Applied:
    """Write a package again with what the replies corrected: number, name, birth, in all records of a person.

    A paper that had the wrong number gets the right one; so does who was decided to be a person with another
    number, or with one. What is verified as it stands changes nothing, nor do answers that were applied
    before.

    Parameters
    ----------
    paths
        The package that the request was made of.
    out
        What to write, in the form of what went in.
    salt
        Salt of the campaign.
    table_path
        Reference table, by which :func:`landxml_remap.reverse` leads back; by default ``<out>.remap.csv``.

    Raises
    ------
    LandXmlError
        If a reply does not fit, nobody of the answers is in the package, or a value cannot be written in a
        document of this layout. Nothing is written then.
    """
    replies.require()
    paths, own = listed(paths), tuple(layouts)
    check_names(paths)
    files.check([out], [*paths, salt], force=force)
    names = {document.name: name for name, document in rewrite.documents(paths, own)}
    given = {key: each.number for each in replies.decisions for key in each.getting}
    wanted = {key: (key, number, "", "") for key, number in given.items()} | {
        each.key: (each.key, each.number or given.get(each.key, ""), each.name, each.birth)
        for each in replies.answers
    }
    secret = seals.salt(salt)
    with matched(paths, secret, own) as con:
        con.execute(ANSWERS)
        insert(con, "answer", ANSWER, list(wanted.values()))
        ((gone, strange),) = con.execute(GONE, {"salt": secret}).fetchall()
        if wanted and strange == len(wanted):
            raise LandXmlError(NOBODY)
        rows = con.execute(CORRECTIONS).fetchall()
    corrections = [Correction._make((names[file], *rest, REASON)) for file, *rest in rows]
    done = correct(
        paths, out, corrections, table_path=table_path, layouts=own, force=force, progress=progress
    )
    return Applied(**msgspec.structs.asdict(done), gone=gone)


ANSWER = ("key", "number", "name", "birth")
ANSWERS = "CREATE TABLE answer (key VARCHAR, number VARCHAR, name VARCHAR, birth VARCHAR)"
GONE = f"""
SELECT count(*), count(*) FILTER (
  number = '' OR {KEY.format("'number|' || number")} NOT IN (SELECT key FROM individual)
) FROM answer WHERE key NOT IN (SELECT key FROM individual)
"""
"""Persons who are not there as they were asked for; those not there with their new number either."""
CORRECTIONS = """
WITH told AS (
  SELECT e.*, a.number AS new_number, a.name AS new_name, a.birth AS new_birth
  FROM answer a JOIN individual i USING (key) JOIN belongs b USING (person) JOIN entry e USING (entry)
), value AS (
  SELECT file, 'CaNhan' AS cls, id, "at", 'maSoDinhDanh' AS element, stated AS old, new_number AS new
  FROM told
  UNION ALL
  SELECT t.file, 'GiayToTuyThan', p.id, p."at", 'soGiayTo', p.number, new_number
  FROM told t JOIN paper p ON p.file = t.file AND p.person = t.id AND valid(p.number) = t.number
  UNION ALL SELECT file, 'CaNhan', id, "at", 'hoTen', name, new_name FROM told
  UNION ALL SELECT file, 'CaNhan', id, "at", 'namSinh', born::VARCHAR, left(new_birth, 4) FROM told
  UNION ALL
  SELECT file, 'CaNhan', id, "at", 'ngaySinh', birth::VARCHAR, new_birth FROM told WHERE len(new_birth) > 4
)
SELECT file, cls, id, "at", element, trim(coalesce(old, '')), new FROM value
WHERE new <> '' ORDER BY file, "at", element
"""
"""What is to be corrected, of each record of a person who got other values."""
