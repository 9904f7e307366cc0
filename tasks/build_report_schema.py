"""Write the JSON Schema of the JSON report from the structs of the report."""

from __future__ import annotations

from pathlib import Path

import msgspec

from landxml_reports.json import schema

TARGET = Path(__file__).resolve().parents[1] / "reports/landxml_reports/report.schema.json"


def build() -> bytes:
    """Return the schema as it stands in the repository."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2) + b"\n"


if __name__ == "__main__":
    TARGET.write_bytes(build())
    print(TARGET.name)
