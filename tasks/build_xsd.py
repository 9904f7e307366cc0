"""Write the XSD of every layout into ``schemas/landxml_schemas`` from the dictionaries."""

from __future__ import annotations

import landxml_schemas
from landxml.xsd_write import national_xsd, vendor_xsd


def main() -> None:
    """Write all schemas."""
    for layout, manifest in landxml_schemas.layouts().items():
        path = landxml_schemas.path(layout.replace("-", "_"), manifest["schema"])
        path.write_text(national_xsd() if layout == "national" else vendor_xsd(layout), encoding="utf-8")
        print(path.name)


if __name__ == "__main__":
    main()
