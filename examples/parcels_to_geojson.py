"""Write the parcels of a package as GeoJSON, for QGIS or a map on the web.

python examples/parcels_to_geojson.py package.gml parcels.geojson
"""

import sys
from pathlib import Path

import landxml
from landxml.model import ThuaDat
from landxml_mappings import read


def main(package: str, out: str) -> None:
    """Leave out addresses, which are personal data, and write the rest; dossiers have no boundaries."""
    # A national package or dossiers; what cannot be read is told and left out.
    records = (record for record, _ in read(package, on_error=lambda error: print(error, file=sys.stderr)))
    parcels = [record for record in records if isinstance(record, ThuaDat)]
    text = landxml.to_geojson(parcel.with_(dia_chi="–", dia_chi_chuan=()) for parcel in parcels)
    Path(out).write_text(text, encoding="utf-8")
    shapes = sum(parcel.ranh_gioi is not None for parcel in parcels)
    print(f"{len(parcels)} parcels, {shapes} with a boundary")


if __name__ == "__main__":
    main(*sys.argv[1:])
