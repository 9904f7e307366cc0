"""Identifiers of places: communes, and parcels by their numbers on the map."""

from __future__ import annotations

from landxml.identifiers.form import Identifier

__all__ = ["CommuneCode", "ParcelKey"]


class CommuneCode(Identifier, frozen=True):
    """Mã xã: code of a commune; whether there is one with it, and when, :mod:`landxml_units` knows.

    >>> str(CommuneCode.parse("06652"))
    '06652'
    """

    code: str


class ParcelKey(Identifier, frozen=True):
    """Xã/tờ/thửa: the key of a parcel while its commune and map sheet last.

    >>> key = ParcelKey.parse("06652/12/345")
    >>> key.sheet, key.parcel
    ('12', '345')
    """

    commune: str
    sheet: str
    parcel: str
