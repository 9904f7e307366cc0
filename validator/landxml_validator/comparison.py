"""Two checks compared by what they found: findings that are new, persist, or are gone.

A fingerprint names a finding in every delivery, wherever it stands (:mod:`landxml_validator.findings`), so
the later delivery may be cut into other files, or come from another export.
"""

from __future__ import annotations

import os

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from landxml.database import connect
from landxml.errors import LandXmlError
from landxml.files import Path_, form
from landxml.text import Text
from landxml_validator.export import FORMS, written
from landxml_validator.rule import Severity

__all__ = ["Change", "Comparison", "compare", "read"]

_COLUMNS = dict.fromkeys(("rule", "severity", "commune", "fingerprint"), "VARCHAR")


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


def read(path: Path_) -> pa.Table:
    """Return rule, severity, commune and fingerprint of all findings of a file.

    Parameters
    ----------
    path
        CSV, Parquet or JSON lines, as ``landxml validate --findings`` writes it.

    Raises
    ------
    LandXmlError
        If it is no such file.
    OSError
        If it cannot be opened.
    """
    name = os.fspath(path)
    query = f"SELECT {', '.join(_COLUMNS)} FROM {written(form(path, FORMS), _COLUMNS)}"
    with open(name, "rb"), connect(reads=[name], threads=2) as con:  # noqa: PTH123 - a name, as the user gave it
        try:
            found = con.sql(query, params={"path": name}).to_arrow_table()
        except duckdb.Error as error:
            raise _refused(path) from error
    forms = pc.match_substring_regex(pc.fill_null(found["fingerprint"], ""), "^[0-9a-f]{32}$")
    if not pc.all(forms).as_py() and found.num_rows:
        raise _refused(path)
    return found


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
    with connect(threads=2) as con:
        for name, path in (("Earlier", before), ("Later", after)):
            con.register(name, read(path))
        rows = con.sql(_CHANGES).to_arrow_table().to_pylist()
    return Comparison(
        before=os.fspath(before), after=os.fspath(after), changes=msgspec.convert(rows, list[Change])
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
