"""The file of all findings of a report that was made by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pyarrow as pa
import shapely
from pyarrow import parquet

from landxml_validator.export import opened
from landxml_validator.findings import SCHEMA
from landxml_validator.report import Finding, Report


def table(
    report: Report, path: Path, state: str = "new", more: Iterable[tuple[str, Finding, str]] = ()
) -> Path:
    """Write the samples of a report, all in one state, and ``more``: codes of rules, findings, states."""
    found = [(result.rule.code, each, state) for result in report.results for each in result.samples]
    levels = {result.rule.code: result.level for result in report.results}
    rows = [
        {
            **msgspec.structs.asdict(each),
            "rule": code,
            "parcel": each.key,
            "commune": each.key.partition("/")[0],
            "geometry": each.x and shapely.to_wkb(shapely.Point(each.x, each.y)),
            "fingerprint": hashlib.sha256(f"{code}{each.id}{each.at}".encode()).hexdigest()[:32],
            "params": msgspec.json.encode(each.params).decode(),
            "state": state,
            "severity": levels[code](each.commune),
        }
        for code, each, state in [*found, *more]
    ]
    parquet.write_table(pa.Table.from_pylist(rows, SCHEMA), path.with_suffix(".rows"))
    with opened(path, force=True) as write:
        write(path.with_suffix(".rows"), report.results)
    return path
