"""The report as JSON: every field of :class:`Report`, and what a reader without our rules would lack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from landxml.errors import LandXmlError
from landxml.files import Path_
from landxml.text import Text
from landxml_reports import wording
from landxml_validator.report import SCHEMA_VERSION, Finding, Report, Result

__all__ = ["read", "render", "schema"]

SCHEMA_ID = f"urn:landxml:report:{SCHEMA_VERSION}"


def render(report: Report, lang: str = "") -> bytes:  # noqa: ARG001 - JSON has both languages
    """Render the report as UTF-8 JSON, indented by 2, with keys in a fixed order.

    Beside the fields of the structs there are the totals ``errors`` and ``warnings``, the conformance class
    of each result, and of each finding severity, line, place as it is written, and message in both languages.
    ``report.schema.json`` describes it.
    """
    data = msgspec.to_builtins(report, order="deterministic")
    data |= {"errors": report.errors, "warnings": report.warnings}
    data["results"] = [_result(result) for result in report.results]
    results = {result.rule.code: result for result in report.results}
    for cause, said in zip(report.causes, data["causes"], strict=True):
        said["example"] = _finding(results[cause.rule], cause.example)
    return msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n"


def read(path: Path_) -> Report:
    """Return the report that a JSON file holds.

    Raises
    ------
    LandXmlError
        If it is no report, or one of another version of the schema.
    OSError
        If it cannot be read.
    """
    data = Path(path).read_bytes()
    try:
        version = msgspec.json.decode(data, type=_Version).schema_version
        if version == SCHEMA_VERSION:
            return msgspec.json.decode(data, type=Report)
    except msgspec.MsgspecError as error:
        raise LandXmlError(
            Text("không phải báo cáo JSON của landxml validate", "is no JSON report of landxml validate"),
            file=path,
        ) from error
    raise LandXmlError(
        Text(
            f"báo cáo thuộc phiên bản {version}; ở đây đọc được {SCHEMA_VERSION}",
            f"the report is of version {version}; {SCHEMA_VERSION} can be read here",
        ),
        file=path,
    )


class _Version(msgspec.Struct):
    schema_version: str


def _result(result: Result) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.to_builtins(result, order="deterministic")
    data["conformance"] = result.rule.conformance
    data["samples"] = [_finding(result, finding) for finding in result.samples]
    return data


def _finding(result: Result, finding: Finding) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.to_builtins(finding, order="deterministic")
    said = msgspec.to_builtins(wording.message(result, finding))
    added = {"severity": result.level(finding.commune), "line": finding.line, "place": finding.where}
    return data | added | {"message": said}


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what :func:`render` writes, derived from the structs."""
    (_,), parts = msgspec.json.schema_components([Report], ref_template="#/$defs/{name}")
    count = {"type": "integer", "minimum": 0}
    parts["Report"]["properties"] |= {"errors": count, "warnings": count}
    parts["Result"]["properties"]["conformance"] = {"type": "string"}
    more = {
        "severity": parts["Result"]["properties"]["severity"],
        "line": count,
        "place": {"type": "string"},
        "message": {"$ref": "#/$defs/Text"},
    }
    parts["Finding"]["properties"] |= more
    for part in parts.values():
        part["description"] = part["description"].partition("\n\n")[0].replace("\n", " ")
        # Defaults are for reading; the writer leaves nothing out.
        part["required"] = list(part["properties"])
    root = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID}
    return {**root, **parts.pop("Report"), "$defs": parts}
