"""landxml: the open SDK for Vietnam's national land data.

Read and write packages of the national profile ``vn-land 1.0`` (:mod:`landxml.model`) and VBDLIS dossiers
(:mod:`landxml.dossiers`) as typed objects. The profile is an open interpretation of Circular
09/2024/TT-BTNMT, not an official schema.
"""

from typing import TYPE_CHECKING

from landxml.lazy import lazy

if TYPE_CHECKING:
    from landxml import model
    from landxml.dossiers.writing import write_dossier
    from landxml.errors import LandXmlError
    from landxml.geojson import from_geojson, to_geojson
    from landxml.json import from_json, to_json
    from landxml.place import Place
    from landxml.reading import Item, read, read_dossiers
    from landxml.writing import write
else:
    __getattr__, __dir__ = lazy(
        __name__,
        {
            "Item": "reading",
            "LandXmlError": "errors",
            "Place": "place",
            "from_geojson": "geojson",
            "from_json": "json",
            "model": "model",
            "read": "reading",
            "read_dossiers": "reading",
            "to_geojson": "geojson",
            "to_json": "json",
            "write": "writing",
            "write_dossier": "dossiers.writing",
        },
    )

__all__ = [
    "Item",
    "LandXmlError",
    "Place",
    "from_geojson",
    "from_json",
    "model",
    "read",
    "read_dossiers",
    "to_geojson",
    "to_json",
    "write",
    "write_dossier",
]
