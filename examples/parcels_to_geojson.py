"""Write the parcels of a package as GeoJSON, for QGIS or a map on the web.

python examples/parcels_to_geojson.py package.gml parcels.geojson
"""

import sys
from pathlib import Path

import landxml


def main(package: str, out: str) -> None:
    """Leave out addresses, which are personal data, and write the rest in WGS 84."""
    records = (record for record, _ in landxml.read(package))
    parcels = [record for record in records if isinstance(record, landxml.model.ThuaDat)]
    text = landxml.to_geojson(parcel.with_(dia_chi="–", dia_chi_chuan=()) for parcel in parcels)
    Path(out).write_text(text, encoding="utf-8")
    print(f"{len(parcels)} parcels")


if __name__ == "__main__":
    main(*sys.argv[1:])
