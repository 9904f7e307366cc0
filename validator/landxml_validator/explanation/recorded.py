"""One finding, as a report or a file of findings that a check wrote has it."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from landxml.database import connect
from landxml.errors import LandXmlError
from landxml.files import SUFFIXES, Path_, suffix
from landxml.tabular import FORMULA
from landxml.text import Text
from landxml_validator import export
from landxml_validator.result import Finding
from landxml_validator.rule import Severity, builtin

__all__ = ["Recorded", "Sheet", "read"]

FORMS = ("json", *export.FORMS)
NUMBERED = "1.4"
"""First version of the schema in which findings have numbers."""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What people need to know of a rule; texts that the file does not hold are empty."""

    code: str
    severity: Severity
    title: Text
    explain: Text = Text("", "")
    fix: Text = Text("", "")
    legal: Text = Text("", "")


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """A finding, with its rule and message.

    Attributes
    ----------
    geometry
        Its shape (WKB), where the file holds it.
    hashes
        SHA-256 of the input files and archives by name, where the file holds them.
    as_of
        Date on which codes were judged; None where the file does not say.
    personal_data
        Whether the message shows personal data in clear, where the file says it.
    """

    finding: Finding
    rule: Sheet
    message: Text
    geometry: bytes | None = None
    hashes: dict[str, str] = {}
    as_of: dt.date | None = None
    personal_data: bool = False


def read(path: Path_, which: str) -> Recorded:
    """Read a finding of a report in JSON, or of a file of findings.

    Parameters
    ----------
    path
        What ``landxml validate`` wrote: ``.json``, ``.csv``, ``.parquet`` or ``.jsonl``.
    which
        Number of the finding, with ``#`` or without, or its fingerprint.

    Raises
    ------
    LandXmlError
        If it is no such file, or one of another version; if it has no such finding.
    OSError
        If it cannot be opened.
    """
    name = which.strip().removeprefix("#").casefold()
    if not re.fullmatch(r"\d{1,18}|[0-9a-f]{32}", name, re.ASCII):
        raise LandXmlError(
            Text(
                f"“{which}” không phải số thứ tự hay dấu vân tay của một phát hiện",
                f"“{which}” is neither the number nor the fingerprint of a finding",
            )
        )
    kind = next((form for form in FORMS if suffix(path) in SUFFIXES[form]), None)
    if kind is None:
        raise LandXmlError(
            Text(
                "cần báo cáo .json, hoặc tệp phát hiện .csv, .parquet, .jsonl do landxml validate ghi",
                "needed is a report .json, or a file of findings .csv, .parquet, .jsonl of landxml validate",
            ),
            file=path,
        )
    found = _of_report(path, name) if kind == "json" else _of_findings(path, kind, name)
    if found is None:
        raise _missing(path, which, kind)
    return found


def _missing(path: Path_, which: str, kind: str) -> LandXmlError:
    """Say that there is no such finding; a report lists the first of each rule only."""
    vi, en = f"không có phát hiện {which}", f"there is no finding {which}"
    if kind == "json":
        vi += "; báo cáo chỉ liệt kê một số trường hợp của mỗi quy tắc, tệp của --findings có đủ"
        en += "; a report lists the first of each rule only, the file of --findings has all"
    return LandXmlError(Text(vi, en), file=path)


def _refused(path: Path_) -> LandXmlError:
    return LandXmlError(
        Text(
            "không phải báo cáo hay tệp phát hiện do landxml validate phiên bản này ghi, hoặc bị hỏng",
            "is no report or file of findings that landxml validate of this version writes, or is damaged",
        ),
        file=path,
    )


class _Sample(Finding, frozen=True, kw_only=True):
    message: Text
    severity: Severity | None = None  # since 1.6


class _Result(msgspec.Struct, frozen=True):
    rule: Sheet
    severity: Severity
    samples: list[_Sample]


class _Cause(msgspec.Struct, frozen=True):
    rule: str
    example: _Sample


class _File(msgspec.Struct, frozen=True):
    name: str
    sha256: str | None = None


class _Report(msgspec.Struct, frozen=True):
    as_of: dt.date
    personal_data: bool
    files: list[_File]
    results: list[_Result]
    causes: list[_Cause]

    def findings(self) -> Iterator[tuple[_Result, _Sample]]:
        results = {result.rule.code: result for result in self.results}
        for result in self.results:
            for sample in result.samples:
                yield result, sample
        for cause in self.causes:
            yield results[cause.rule], cause.example


class _Versioned(msgspec.Struct, frozen=True):
    schema_version: str


def _of_report(path: Path_, name: str) -> Recorded | None:
    data = Path(path).read_bytes()
    try:
        _refuse_version(path, msgspec.json.decode(data, type=_Versioned).schema_version)
        report = msgspec.json.decode(data, type=_Report)
    except msgspec.MsgspecError as error:
        raise _refused(path) from error
    hashes = {file.name: file.sha256 for file in report.files if file.sha256}
    for result, sample in report.findings():
        if name in {str(sample.number), sample.fingerprint}:
            rule = msgspec.structs.replace(result.rule, severity=sample.severity or result.severity)
            return Recorded(
                finding=sample, rule=rule, message=sample.message, hashes=hashes, as_of=report.as_of,
                personal_data=report.personal_data,
            )  # fmt: skip
    return None


def _refuse_version(path: Path_, version: str) -> None:
    """Refuse reports without numbers, and those of another form."""
    said, ours = version.split("."), NUMBERED.split(".")
    if [*map(str.isdecimal, said)] != [True, True]:
        raise _refused(path)
    if said[0] != ours[0] or int(said[1]) < int(ours[1]):
        raise LandXmlError(
            Text(
                f"báo cáo theo lược đồ {version}, cần {NUMBERED}; hãy kiểm tra lại bằng phiên bản này",
                f"the report has schema {version}, needed is {NUMBERED}; check again with this version",
            ),
            file=path,
        )


_TYPES = {"BIGINT": ("number", "at"), "DOUBLE": ("x", "y"), "JSON": ("params",), "BLOB": ("geometry",)}
_COLUMNS = dict.fromkeys(export.COLUMNS.names, "VARCHAR") | {
    name: kind for kind, names in _TYPES.items() for name in names
}


def _of_findings(path: Path_, kind: str, name: str) -> Recorded | None:
    found = os.fspath(path)
    with open(found, "rb"), connect(reads=[found], threads=2) as con:  # noqa: PTH123 - a name, as the user gave it
        try:
            rows = con.sql(
                f"SELECT * FROM {export.written(kind, _COLUMNS)}"
                " WHERE number::VARCHAR = $name OR fingerprint = $name LIMIT 1",
                params={"path": found, "name": name},
            )
            row = next(iter(rows.to_arrow_table().to_pylist()), None)
            return _of_row(row, plain=kind == "csv") if row else None
        except (duckdb.Error, msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
            raise _refused(path) from error


def _of_row(row: dict[str, Any], *, plain: bool) -> Recorded:
    """Make a finding of a row; ``plain``: of texts only, as a spreadsheet has them."""
    if plain:
        row = {name: _bare(cell) for name, cell in row.items()}
    params = row["params"]
    row["params"] = msgspec.json.decode(params) if isinstance(params, str) else params
    for name in ("x", "y"):
        row[name] = None if row[name] == "" else row[name]
    finding = msgspec.convert(row, Finding, strict=False)
    rule = builtin().get(row["rule"])
    more = {"explain": rule.explain, "fix": rule.fix, "legal": rule.legal} if rule else {}
    return Recorded(
        finding=finding,
        rule=Sheet(
            code=row["rule"],
            severity=row["severity"],
            title=Text(row["title_vi"], row["title_en"]),
            **more,
        ),
        message=Text(row["message_vi"], row["message_en"]),
        geometry=row.get("geometry"),
    )


def _bare(cell: str | None) -> str:
    """Return what a cell holds, without the mark that :func:`landxml.tabular.quoted` puts first."""
    text = cell or ""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA else text
