from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

from landxml_reports import render
from landxml_validator.report import Report

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "reports/landxml_reports/report.schema.json"


def test_json_holds_the_whole_report(report: Report) -> None:
    assert msgspec.json.decode(render(report, "json", "vi"), type=Report) == report


def test_json_has_messages_and_totals(report: Report) -> None:
    data = json.loads(render(report, "json", "vi"))
    assert (data["errors"], data["warnings"]) == (1_235, 1)
    assert data["results"][2]["conformance"] == "land"
    assert data["results"][2]["samples"][0]["message"] == {
        "vi": "diện tích 120,5 m², tổng 118,0 m²",
        "en": "area 120.5 m², sum 118.0 m²",
    }


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with nothing allowed beside what it describes."""
    for part in (schema, *schema["$defs"].values()):
        part["additionalProperties"] = False
    return schema


def test_json_meets_its_schema(report: Report, mismatches) -> None:
    schema = closed(json.loads(SCHEMA.read_bytes()))
    data = json.loads(render(report, "json", "vi"))
    assert mismatches(data, schema, schema["$defs"]) == []
    data["verdict"] = "maybe"
    del data["results"][2]["samples"][0]["message"]["en"]
    assert mismatches(data, schema, schema["$defs"]) == [
        "$.verdict",
        "$.results[].samples[].message.en is missing",
    ]


def test_the_schema_is_fresh() -> None:
    code = "import build_report_schema as b, sys; sys.exit(b.build() != b.TARGET.read_bytes())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT / "tasks", check=False)
    assert done.returncode == 0, "run tasks/build_report_schema.py"
