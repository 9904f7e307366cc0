"""Turn HoSoXml dossiers into one national package.

python examples/dossiers_to_national.py dossiers.zip package.gml
"""

import datetime as dt
import sys

import landxml
from landxml.model import SieuDuLieu, ThuaDat
from landxml_mappings import convert


def main(dossiers: str, package: str) -> None:
    """Read the dossiers as national records, and write them."""
    records = [record for record, _ in convert(dossiers)]
    communes = {record.ma_xa for record in records if isinstance(record, ThuaDat)}
    metadata = SieuDuLieu(
        id="SieuDuLieu.1",
        ma_goi="MAU-2",
        he_thong="dossiers_to_national.py",
        don_vi_cung_cap="Văn phòng đăng ký đất đai Mẫu",
        thoi_diem_lap=dt.datetime.now(dt.UTC),
        ngay_hieu_luc_ma_don_vi=dt.date(2025, 7, 1),
        ma_xa=tuple(sorted(communes)),
    )
    made = landxml.write(package, records, metadata)
    print(", ".join(f"{count.lop} {count.so_luong}" for count in made.so_ban_ghi))


if __name__ == "__main__":
    main(*sys.argv[1:])
