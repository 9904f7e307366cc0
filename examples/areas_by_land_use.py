"""Print the area of each land use in a package, in hectares.

python examples/areas_by_land_use.py delivery.zip
"""

import sys
from collections import defaultdict
from decimal import Decimal

from landxml.codelists import label
from landxml.model import ThuaDat
from landxml_mappings import read


def main(path: str) -> None:
    """Add up the purposes of all parcels, and print the largest first."""
    areas: dict[str, Decimal] = defaultdict(Decimal)
    # A national package or dossiers; what cannot be read is told and left out.
    for record, _ in read(path, on_error=lambda error: print(error, file=sys.stderr)):
        if isinstance(record, ThuaDat):
            for purpose in record.muc_dich_su_dung:
                areas[purpose.ma_muc_dich_su_dung] += purpose.dien_tich
    for code, area in sorted(areas.items(), key=lambda item: -item[1]):
        print(f"{code:4} {area / 10_000:>12.4f} ha  {label('LoaiMucDichSuDung', code, 'en')}")


if __name__ == "__main__":
    main(*sys.argv[1:])
