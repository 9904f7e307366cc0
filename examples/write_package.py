"""Write a national package with one parcel.

python examples/write_package.py package.gml
"""

import datetime as dt
import sys
from decimal import Decimal

import shapely

import landxml
from landxml.model import MucDichSuDung, NguonGocDat, SieuDuLieu, ThuaDat


def main(path: str) -> None:
    """Make a parcel of 20 m by 30 m in Quảng Ninh, VN-2000 / TM-3 107-45, and write it."""
    origin = NguonGocDat(id="NguonGocDat.1", nguon_goc="CNQ-CTT")
    purpose = MucDichSuDung(
        id="MucDichSuDung.1", so_thu_tu_muc_dich_su_dung=1, ma_muc_dich_su_dung="ODT", dien_tich=Decimal(600),
        thoi_han_su_dung="Lâu dài", nguon_goc_dat=(origin,),
    )  # fmt: skip
    parcel = ThuaDat(
        id="ThuaDat.1", ma_xa="06652", so_hieu_to_ban_do=12, so_thu_tu_thua=34, dien_tich=Decimal(600),
        la_doi_tuong_chiem_dat=False, dia_chi="Khu phố Mẫu 1", muc_dich_su_dung=(purpose,),
        ranh_gioi=shapely.set_srid(shapely.box(437_875, 2_318_886, 437_895, 2_318_916), 5899),
    )  # fmt: skip
    metadata = SieuDuLieu(
        id="SieuDuLieu.1", ma_goi="MAU-1", he_thong="write_package.py", he_toa_do=5899, ma_xa=("06652",),
        don_vi_cung_cap="Văn phòng đăng ký đất đai Mẫu", ngay_hieu_luc_ma_don_vi=dt.date(2025, 7, 1),
        thoi_diem_lap=dt.datetime.now(dt.UTC),
    )  # fmt: skip
    landxml.write(path, [parcel], metadata)  # record counts and the hash are filled in


if __name__ == "__main__":
    main(*sys.argv[1:])
