"""Identifiers of certificates and of the dossiers that change them."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

import msgspec

import landxml_schemas
from landxml.identifiers.form import Identifier

__all__ = [
    "Barcode",
    "CertificateCode",
    "CertificateSerial",
    "ChangeDossierCode",
    "Generation",
    "RegisterNumber",
    "generations",
]


class Generation(msgspec.Struct, frozen=True):
    """A model of the certificate: one row of ``certificates.csv``.

    Attributes
    ----------
    type
        Code in the list LoaiGiayChungNhan.
    first, last
        Days of issue; None where open.
    series
        Pattern of the letters of its serials.
    digits
        How many digits follow, as a quantifier: ``{6,8}``.
    vi, en, evidence
        What it is, and how we know.
    """

    type: int
    first: dt.date | None
    last: dt.date | None
    series: str
    digits: str
    vi: str
    en: str
    evidence: str

    @property
    def pattern(self) -> str:
        """Pattern of a whole serial, which Python and RE2 understand."""
        return f"{self.series}[ .-]?[0-9]{self.digits}"


@cache
def generations() -> dict[int, Generation]:
    """Return the models of the certificate whose serials are known, by type, the oldest first."""
    rows = ({k: v or None for k, v in row.items()} for row in landxml_schemas.rows("certificates.csv"))
    models = msgspec.convert(list(rows), list[Generation], strict=False)
    return {model.type: model for model in models}


class CertificateSerial(Identifier, frozen=True):
    """Số phát hành: the serial printed on the blank form.

    >>> CertificateSerial.parse("CD 123456").key
    'CD123456'
    """

    letters: str
    separator: str
    digits: str

    @property
    def key(self) -> str:
        """The serial without separator: two serials are the same if their keys are."""
        return self.letters + self.digits

    @property
    def types(self) -> tuple[int, ...]:
        """Types of certificates whose serials look like this; a guess from letters and digits.

        >>> CertificateSerial.parse("BK 123456").types
        (6, 11)
        """
        return tuple(one.type for one in generations().values() if re.fullmatch(one.pattern, str(self)))


class RegisterNumber(Identifier, frozen=True):
    """Số vào sổ: the number under which a certificate stands in the register.

    >>> RegisterNumber.parse("VP 00123").authority
    'VP'
    """

    authority: str
    separator: str
    number: str


class CertificateCode(Identifier, frozen=True):
    """Mã giấy chứng nhận: twelve characters, the key of a certificate in the national system.

    >>> code = CertificateCode.parse("T12200000001")
    >>> code.authority, code.province, int(code.number), code.known
    ('T1', '22', 1, True)
    """

    authority: str
    province: str
    number: str

    @property
    def known(self) -> bool:
        """Whether the authority is one of the list KyHieuMaGiayChungNhan."""
        return any(row["code"] == self.authority for row in landxml_schemas.codelist("KyHieuMaGiayChungNhan"))


class Barcode(Identifier, frozen=True):
    """Mã vạch MX.MN.ST: commune (and province), year of signing, number in the archive.

    >>> Barcode.parse("220665220000123").province
    '22'
    """

    province: str
    commune: str
    separator: str
    year: str
    number: str


class ChangeDossierCode(Identifier, frozen=True):
    """Mã hồ sơ biến động ST.MB.TB: dossier, type of change, sequence.

    >>> ChangeDossierCode.parse("000123.CN.001").change
    'CN'
    """

    dossier: str
    change: str
    sequence: str
