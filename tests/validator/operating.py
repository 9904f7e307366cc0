"""Rows of a delivery and of what is in operation already, which collide or do not."""

from __future__ import annotations

from tests.validator.rows import Row

__all__ = ["OPERATING"]

PARCEL: dict[str, str | int] = {"maXa": "00004", "soHieuToBanDo": "7", "soThuTuThua": 12}
OPERATING: dict[str, tuple[list[Row], list[str]]] = {
    "UNQ012": (
        [
            ("Existing", {"kind": "parcel", "key": "00004/7/12"}),
            ("Existing", {"kind": "dossier", "key": "00004/7/13"}),
            ("ThuaDat", PARCEL | {"_id": "a"}), ("ThuaDat", PARCEL | {"soThuTuThua": 13}), ("ThuaDat", {}),
        ],
        ["a"],
    ),
    "UNQ013": (
        [
            ("Existing", {"kind": "dossier", "key": "00004/5"}),
            ("TinhHinhDangKy", {"_id": "a", "maXa": "00004", "soThuTu": 5}),
            ("TinhHinhDangKy", {"maXa": "00008", "soThuTu": 5}),
            ("TinhHinhDangKy", {"maXa": "00004"}),
        ],
        ["a"],
    ),
    "UNQ014": (
        [
            ("Existing", {"kind": "serial", "key": "AB123456"}),
            ("GiayChungNhan", {"_id": "a", "soPhatHanh": "ab 123456"}),
            ("GiayChungNhan", {"soPhatHanh": "AB 123456"}), ("GiayChungNhan", {"soPhatHanh": "AB 123457"}),
        ],
        ["a"],
    ),
    "UNQ015": (
        [
            ("Existing", {"kind": "code", "key": "w7er8x2k9m3p", "parcel": "00004/7/12"}),
            ("ThuaDat", {"_id": "a", "maThuaDat": "w7er8x2k9m3p"}),
            ("ThuaDat", {"maThuaDat": "w7er8x2k9m3q"}),
        ],
        ["a"],
    ),
}  # fmt: skip
