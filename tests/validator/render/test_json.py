from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from landxml_validator.render import render
from landxml_validator.report import Report

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "validator/landxml_validator/render/report.schema.json"


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


TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "null": lambda v: v is None,
}
KEYWORDS = set(
    "$schema $id $defs $ref title description type properties required items additionalProperties anyOf enum"
    " default minimum format".split()
)


def mismatches(value: Any, schema: dict[str, Any], parts: dict[str, Any], path: str = "$") -> list[str]:
    """What of a value a schema refuses; knows the keywords that ours uses, and no others."""
    assert schema.keys() <= KEYWORDS, schema
    if "$ref" in schema:
        return mismatches(value, parts[schema["$ref"].removeprefix("#/$defs/")], parts, path)
    if "anyOf" in schema:
        return [] if any(not mismatches(value, s, parts, path) for s in schema["anyOf"]) else [path]
    if ("enum" in schema and value not in schema["enum"]) or (
        "type" in schema and not TYPES[schema["type"]](value)
    ):
        return [path]
    found = [f"{path}.{name} is missing" for name in schema.get("required", ()) if name not in value]
    if isinstance(value, dict):
        known, other = schema.get("properties", {}), schema.get("additionalProperties", {})
        for name, item in value.items():
            if name not in known and other is False:
                found.append(f"{path}.{name} is unknown")
            elif name in known or other:
                found += mismatches(item, known.get(name, other), parts, f"{path}.{name}")
    if isinstance(value, list):
        for item in value:
            found += mismatches(item, schema.get("items", {}), parts, f"{path}[]")
    return found


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with nothing allowed beside what it describes."""
    for part in (schema, *schema["$defs"].values()):
        part["additionalProperties"] = False
    return schema


def test_json_meets_its_schema(report: Report) -> None:
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
