"""Write the XSD of every layout without one of its vendor into ``schemas/landxml_schemas``."""

from __future__ import annotations

from landxml.layouts import builtin
from landxml.xsd_write import written


def main() -> None:
    """Write all schemas."""
    for layout in builtin().values():
        if schema := written(layout):
            path = layout.path(layout.schema)
            path.write_text(schema, encoding="utf-8")
            print(path.name)


if __name__ == "__main__":
    main()
