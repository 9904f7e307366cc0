"""Write the XSD of every layout into ``schemas/landxml_schemas`` from the dictionaries."""

from __future__ import annotations

from landxml.layouts import builtin
from landxml.xsd_write import national_xsd, vendor_xsd


def main() -> None:
    """Write all schemas."""
    for layout in builtin().values():
        path = layout.path(layout.schema)
        path.write_text(national_xsd() if layout.model else vendor_xsd(layout), encoding="utf-8")
        print(path.name)


if __name__ == "__main__":
    main()
