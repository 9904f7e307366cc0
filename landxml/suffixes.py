"""Suffixes of files: what lies beside data by the thousand is known by its name and not opened."""

from __future__ import annotations

import re

__all__ = ["OTHERS", "SCANS", "TABLES", "has", "kind_of"]

OTHERS = tuple(
    ".pdf .jpg .jpeg .png .tif .tiff .bmp .gif .dwg .dgn .dxf .doc .docx .xls .xlsx .ppt .pptx .odt .ods .rtf"
    " .csv .txt .log .json .md .htm .html .mdb .accdb .dbf .db .sql .shp .shx .prj .cpg .sbn .sbx .gpkg .tab"
    " .geojson .gfs .xsd .xsl .xslt .kml .kmz .svg .qml .qgs .qgz .7z .rar .gz .tgz .tar .bz2 .xz".split()
)
"""Suffixes of what lies beside the data, scans by the thousand, and is not opened; but for documents."""
SCANS = tuple(".pdf .jpg .jpeg .png .tif .tiff".split())
"""Those among them of scanned papers."""
TABLES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".json")
"""Suffixes of tables: documents if they have the header of a layout; others lie beside them by the dozen."""
_USUAL = re.compile(r"\.[A-Za-z0-9]{1,8}$")


def has(name: str, suffixes: tuple[str, ...]) -> bool:
    """Tell whether a name ends in one of some suffixes."""
    return name.lower().endswith(suffixes)


def kind_of(name: str) -> str:
    """Return the suffix of a name, if it is one of the usual form: the rest of a name may be a person's."""
    found = _USUAL.search(name)
    return found[0].lower() if found else ""
