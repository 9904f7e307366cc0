"""Print the parcels, their area and their land uses by commune, from files of any layout.

python examples/tables_by_commune.py delivery.zip
"""

import sys

import duckdb

from landxml import LandXmlError
from landxml_mappings import tables

PURPOSES = """
SELECT t.maXa, count(DISTINCT t._id) AS parcels, sum(m.dienTich) / 10000 AS hectares,
  string_agg(DISTINCT m.maMucDichSuDung, ' ' ORDER BY m.maMucDichSuDung) AS purposes
FROM thua AS t JOIN muc_dich AS m ON m._parent = t._id GROUP BY t.maXa ORDER BY t.maXa
"""


def main(*paths: str) -> None:
    """Query the national tables with DuckDB; as pyarrow tables they fit pandas and GeoPandas too."""
    found = tables(paths)
    with duckdb.connect() as con:
        con.register("thua", found["ThuaDat"])
        con.register("muc_dich", found["MucDichSuDung"])
        for commune, parcels, hectares, purposes in con.execute(PURPOSES).fetchall():
            print(f"{commune}  {parcels:>6} parcels  {hectares:>10.2f} ha  {purposes}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except LandXmlError as error:
        sys.exit(str(error))
