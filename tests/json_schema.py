"""A check of JSON by its schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "null": lambda v: v is None,
}
LIMITS: dict[str, Callable[[Any, Any], bool]] = {
    "type": lambda v, kind: TYPES[kind](v),
    "enum": lambda v, values: v in values,
    "pattern": lambda v, pattern: re.search(pattern, v) is not None,
    "minimum": lambda v, least: v >= least,
    "maximum": lambda v, most: v <= most,
    "minLength": lambda v, least: len(v) >= least,
    "maxLength": lambda v, most: len(v) <= most,
    "minItems": lambda v, least: len(v) >= least,
    "maxItems": lambda v, most: len(v) <= most,
}
"""Keyword → whether a value of the right type keeps it."""
KEYWORDS = LIMITS.keys() | set(
    "$schema $id $defs $ref title description properties required items prefixItems additionalProperties"
    " anyOf default format discriminator".split()
)


def mismatches(value: Any, schema: dict[str, Any], parts: dict[str, Any], path: str = "$") -> list[str]:
    """What of a value a JSON Schema refuses; knows the keywords that ours use, and no others."""
    assert schema.keys() <= KEYWORDS, schema
    if "$ref" in schema:
        return mismatches(value, parts[schema["$ref"].removeprefix("#/$defs/")], parts, path)
    if "anyOf" in schema:
        return [] if any(not mismatches(value, s, parts, path) for s in schema["anyOf"]) else [path]
    if not all(LIMITS[name](value, schema[name]) for name in LIMITS if name in schema):
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
        first = schema.get("prefixItems", [])
        for number, item in enumerate(value):
            rule = first[number] if number < len(first) else schema.get("items") or {}
            found += mismatches(item, rule, parts, f"{path}[]")
    return found
