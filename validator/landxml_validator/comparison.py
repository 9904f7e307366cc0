"""Two checks compared by what they found: findings that are new, persist, or are gone.

A fingerprint names a finding in every delivery, wherever it stands (:mod:`landxml_validator.findings`), so
the later delivery may be cut into other files, or come from another export.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import duckdb
import msgspec

from landxml.database import connect, literal, rows_of, writing_to
from landxml.errors import LandXmlError
from landxml.files import SUFFIXES, Path_, form, suffix
from landxml.temporary import temporary
from landxml.text import Text
from landxml_validator.export import FORMS, written
from landxml_validator.rule import Severity

__all__ = ["Change", "Comparison", "compare", "read"]

_COLUMNS = dict.fromkeys(("rule", "severity", "commune", "fingerprint"), "VARCHAR")
_connect = partial(connect, memory=300, threads=2, preserve_insertion_order="false")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """How many findings of a rule in a commune (``""``: that lead to none) are new, persist, or are gone."""

    rule: str
    severity: Severity
    commune: str
    new: int
    persisting: int
    gone: int


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the findings of an earlier check.

    Attributes
    ----------
    before, after
        The files of findings.
    changes
        By rule and commune, errors first.
    """

    before: str
    after: str
    changes: list[Change]


def read(path: Path_, out: Path) -> Path:
    """Write rule, severity, commune and fingerprint of all findings of a file, and return where they are.

    It takes no more memory for more findings.

    Parameters
    ----------
    path
        CSV, Parquet or JSON lines, as ``landxml validate --findings`` writes it.
    out
        New Parquet file in a folder of the run; fingerprints are of type UUID there.

    Raises
    ------
    LandXmlError
        If it is no such file.
    OSError
        If it cannot be opened, or the other cannot be written.
    """
    if suffix(path) in SUFFIXES["json"]:
        raise LandXmlError(_REPORT, file=path)
    name = os.fspath(path)
    rows = written(form(path, FORMS), _COLUMNS).replace("$path", literal(name))
    with open(name, "rb"), _connect(out.parent, reads=[name]) as con:  # noqa: PTH123 - a name, as the user gave it
        try:
            with writing_to(out.parent):
                con.execute(f"COPY ({_READ.format(rows=rows)}) TO {literal(str(out))} (FORMAT parquet)")
        except duckdb.Error as error:
            raise _refused(path) from error
    return out


_REPORT = Text(
    "báo cáo chỉ liệt kê một số phát hiện của mỗi quy tắc; cần tệp của --findings (.csv, .parquet, .jsonl)",
    "a report lists some findings of each rule; needed is the file of --findings (.csv, .parquet, .jsonl)",
)
_READ = """
SELECT rule, severity, commune,
  CASE WHEN regexp_full_match(fingerprint, '[0-9a-f]{{32}}') THEN fingerprint::UUID
    ELSE error('no fingerprint') END AS fingerprint
FROM {rows}"""


def _refused(path: Path_) -> LandXmlError:
    return LandXmlError(
        Text(
            "không phải tệp do landxml validate --findings ghi, hoặc tệp bị hỏng",
            "is not what landxml validate --findings writes, or is damaged",
        ),
        file=path,
    )


def compare(before: Path_, after: Path_) -> Comparison:
    """Compare the findings of two checks.

    Parameters
    ----------
    before, after
        Files of findings, as for :func:`read`, of the earlier and the later check.
    """
    with temporary() as folder, _connect(folder) as con:
        for name, path in (("Earlier", before), ("Later", after)):
            rows = rows_of([read(path, folder / f"{name}.parquet")])
            con.execute(f"CREATE VIEW {name} AS FROM {rows}")
        found = con.sql(_CHANGES).to_arrow_table().to_pylist()
    return Comparison(
        before=os.fspath(before), after=os.fspath(after), changes=msgspec.convert(found, list[Change])
    )


_CHANGES = """
SELECT rule, severity, commune, count(*) FILTER (NOT known) AS new,
  count(*) FILTER (known AND found) AS persisting, count(*) FILTER (NOT found) AS gone
FROM (
  SELECT coalesce(l.rule, e.rule) AS rule, coalesce(l.severity, e.severity) AS severity,
    coalesce(l.commune, e.commune, '') AS commune, e.rule IS NOT NULL AS known, l.rule IS NOT NULL AS found
  FROM Later l FULL JOIN Earlier e USING (fingerprint)
)
GROUP BY rule, severity, commune
ORDER BY list_position(['error', 'warning', 'info'], severity), rule, commune"""
