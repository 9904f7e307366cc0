"""Identifiers of persons and organisations. They are personal data: no error message quotes one."""

from __future__ import annotations

from stdnum.vn import mst

from landxml.identifiers.form import Identifier

__all__ = ["EnterpriseCode", "IdentityCardNumber", "PersonalNumber", "TaxCode"]

FEMALE, MALE = 0, 1
"""Codes of the list GioiTinh."""
LAST_PROVINCE = 96
"""Highest code of a province before July 2025; higher ones are countries."""


class PersonalNumber(Identifier, frozen=True):
    """Số định danh cá nhân: where, in which year and with which sex a person was registered as born [R].

    >>> number = PersonalNumber.parse("022170000002")
    >>> number.province, number.birth_year, number.sex
    ('22', 1970, 0)
    """

    birthplace: str
    generation: str
    year: str
    serial: str

    @property
    def province(self) -> str | None:
        """Code of the former province of birth; None for a birth abroad."""
        return self.birthplace[1:] if 1 <= int(self.birthplace) <= LAST_PROVINCE else None

    @property
    def sex(self) -> int:
        """0 female, 1 male."""
        return FEMALE if int(self.generation) % 2 else MALE

    @property
    def birth_year(self) -> int:
        """Year of birth: the generation counts the centuries from 1900."""
        return 1900 + 100 * (int(self.generation) // 2) + int(self.year)

    def consistent(self, sex: int | None = None, born: int | None = None) -> bool:
        """Tell whether the number goes with a sex (0, 1; others say nothing) and a year of birth.

        >>> PersonalNumber.parse("022170000002").consistent(sex=0, born=1971)
        False
        """
        return born in {None, self.birth_year} and (sex not in {FEMALE, MALE} or sex == self.sex)


class IdentityCardNumber(Identifier, frozen=True):
    """Số CMND: number of an old identity card, nine digits."""

    number: str


class TaxCode(Identifier, frozen=True):
    """Mã số thuế: tax code of an organisation, or of a branch of it.

    >>> TaxCode.parse("9800000044-001").branch
    '-001'
    >>> TaxCode.fits("9800000045")
    False
    """

    number: str
    branch: str = ""
    """Three digits, with the dash before them if there is one."""

    def _checked(self) -> bool:
        return bool(mst.is_valid(str(self)))


class EnterpriseCode(Identifier, frozen=True):
    """Mã số doanh nghiệp: enterprise code, formed like a tax code."""

    number: str

    def _checked(self) -> bool:
        return bool(mst.is_valid(self.number))
