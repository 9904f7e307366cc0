"""People who do not exist, and look it: persons, couples, households, organisations, communities, groups.

Names end in a word that nobody is called. Identity numbers are formed like real ones (place of birth, sex and
century, year, serial), but their place begins with 9, and places of birth end at 096. There are no phone
numbers, e-mail addresses or personal tax codes.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from stdnum.vn import mst

from landxml.model import (
    CaNhan,
    CongDong,
    GiayToToChuc,
    GiayToTuyThan,
    HoGiaDinh,
    NhomNguoiDongSuDung,
    Record,
    ToChuc,
    VoChong,
)
from landxml_samples.noise import Draws, pick

__all__ = [
    "FEMALE",
    "MALE",
    "PERSONS",
    "Case",
    "community",
    "couple",
    "group",
    "household",
    "organisation",
    "person",
]

FEMALE, MALE = 0, 1
PERSONS = 8
"""More than the persons of any dossier; each dossier has that many identity numbers to give."""

FAMILY = "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()
MIDDLE = {FEMALE: "Thị Ngọc Thu Thanh Kim Diệu".split(), MALE: "Văn Đức Hữu Quang Minh Công".split()}
GIVEN = {
    FEMALE: "Lan Hồng Hoa Mai Hạnh Hương Thủy Nhung Yến Loan Cúc Đào".split(),
    MALE: "An Bình Cường Dũng Hải Hùng Khánh Long Nam Phúc Sơn Tuấn".split(),
}
SURELY_NOBODY = "Mẫu Thử Giả Nháp".split()
PEOPLES = (1, 1, 1, 1, 1, 1, 2, 6, 9, 18)
"""Codes of DanToc: mostly Kinh."""
CARD_OFFICE = "Cục Cảnh sát quản lý hành chính về trật tự xã hội"
CARDS_SINCE = dt.date(2021, 3, 1)
CARDS_DAYS = 1200
"""Citizen identity cards with a chip were issued until the middle of 2024."""


class Case(NamedTuple):
    """What the records of one dossier have in common."""

    guid: str
    number: int  # running number of the parcel in the delivery
    draws: Draws
    issued: dt.date  # of the certificate; the holders were of age then
    address: str
    home: str  # id of the DiaChi where the holders live

    def id(self, cls: str, n: int = 1) -> str:
        """Return the id of the n-th record of a class."""
        return f"{cls}.{self.guid}.{n}"


def person(case: Case, n: int = 1, sex: int | None = None) -> CaNhan:
    """Make the n-th person of a dossier, n < PERSONS."""
    draws = case.draws
    sex = pick(draws, (FEMALE, MALE)) if sex is None else sex
    born = dt.date(case.issued.year - 20 - next(draws) % 40, 1 + next(draws) % 12, 1 + next(draws) % 28)
    number = _identity(case.number * PERSONS + n, sex, born.year)
    card = GiayToTuyThan(
        id=case.id("GiayToTuyThan", n),
        loai_giay_to_tuy_than="CCCD",
        so_giay_to=number,
        ngay_cap=CARDS_SINCE + dt.timedelta(next(draws) % CARDS_DAYS),
        noi_cap=CARD_OFFICE,
    )
    return CaNhan(
        id=case.id("CaNhan", n),
        loai_doi_tuong_su_dung_dat="CNV",
        ho_ten=f"{pick(draws, FAMILY)} {pick(draws, MIDDLE[sex])} {pick(draws, GIVEN[sex])}"
        f" {pick(draws, SURELY_NOBODY)}",
        ngay_sinh=pick(draws, (None, born)),
        nam_sinh=born.year,
        gioi_tinh=sex,
        ma_so_dinh_danh=number,
        quoc_tich_id="VNM",
        dan_toc_id=pick(draws, PEOPLES),
        dia_chi=case.address,
        dia_chi_chuan=(case.home,),
        giay_to_tuy_than=(card,),
    )


def _identity(serial: int, sex: int, born: int) -> str:
    """Form the twelve digits: 9 and two of the serial, sex and century, year of birth, six of the serial."""
    century = (born // 100 - 19) * 2 + (1 - sex)
    return f"9{serial // 1_000_000 % 100:02}{century}{born % 100:02}{serial % 1_000_000:06}"


def couple(case: Case) -> list[Record]:
    """Make a married couple; the first record is the party, as in all functions below."""
    wife, husband = person(case, 1, FEMALE), person(case, 2, MALE)
    first = pick(case.draws, (False, True))
    return [VoChong(id=case.id("VoChong"), vo=wife.id, chong=husband.id, in_vo_truoc=first), wife, husband]


def household(case: Case) -> list[Record]:
    """Make a household of two to five."""
    head, spouse = person(case, 1, MALE), person(case, 2, FEMALE)
    others = [person(case, n) for n in range(3, 3 + next(case.draws) % 4)]
    party = HoGiaDinh(
        id=case.id("HoGiaDinh"),
        chu_ho=head.id,
        vo_chong_chu_ho=spouse.id,
        dia_chi=case.address,
        dia_chi_chuan=(case.home,),
        thanh_vien=tuple(other.id for other in others),
    )
    return [party, head, spouse, *others]


def organisation(case: Case) -> list[Record]:
    """Make a company and the person who represents it."""
    chief = person(case)
    founded = case.issued - dt.timedelta(400 + next(case.draws) % 2000)
    number, code = case.number + 1, _tax_code(case.number + 1)
    paper = GiayToToChuc(
        id=case.id("GiayToToChuc"),
        loai_giay_to_to_chuc=5,
        so_giay_to=code,
        ngay_cap=founded,
        noi_cap="Phòng Đăng ký kinh doanh",
    )
    party = ToChuc(
        id=case.id("ToChuc"),
        loai_doi_tuong_su_dung_dat="TKT",
        ten_to_chuc=f"Công ty TNHH Mẫu Số {number}",
        ten_viet_tat=f"MAU {number}",
        nguoi_dai_dien=chief.id,
        so_quyet_dinh=f"{number}/QĐ-MAU",
        ngay_quyet_dinh=f"{founded:%d/%m/%Y}",
        loai_quyet_dinh_thanh_lap="Quyết định thành lập",
        ma_doanh_nghiep=code,
        ma_so_thue=code,
        loai_to_chuc="TKT",
        dia_chi=case.address,
        dia_chi_chuan=(case.home,),
        giay_to_to_chuc=(paper,),
    )
    return [party, chief]


def _tax_code(number: int) -> str:
    """Form a tax code: a code of no province, a serial, a check digit, which some serials do not have."""
    codes = (f"{province}{number % 10_000_000:07}" for province in (98, 99, 97))
    return next(code + check for code in codes if len(check := mst.calc_check_digit(code)) == 1)


def community(case: Case) -> list[Record]:
    """Make a residential community and the person who represents it."""
    elder = person(case)
    party = CongDong(
        id=case.id("CongDong"),
        loai_doi_tuong_su_dung_dat="CDS",
        ten_cong_dong=f"Cộng đồng dân cư Mẫu Số {case.number + 1}",
        nguoi_dai_dien=elder.id,
        dia_danh_cu_tru=case.address,
        dia_chi_chuan=(case.home,),
    )
    return [party, elder]


def group(case: Case) -> list[Record]:
    """Make a group of two to four persons who use a parcel together."""
    members = [person(case, n) for n in range(1, 3 + next(case.draws) % 3)]
    ids = tuple(member.id for member in members)
    party = NhomNguoiDongSuDung(id=case.id("NhomNguoiDongSuDung"), nguoi_dai_dien=ids[0], thanh_vien=ids)
    return [party, *members]
