"""Identifiers of the standard: each a frozen struct with ``parse``, whose ``str`` gives back the same text.

The forms stand in ``identifiers.toml`` of :mod:`landxml_schemas`, with their evidence; ``identifiers.md`` in
the docs shows them all. What is only inferred is no error here: a property tells of it, such as
:attr:`CertificateCode.known` or :meth:`PersonalNumber.consistent`.

Examples
--------
>>> ParcelKey.parse("06652/12/345").parcel
'345'
>>> CommuneCode.parse("6652")
Traceback (most recent call last):
landxml.identifiers.form.IdentifierError: Commune code: expected 5 digits, leading zeros included
"""

from landxml.identifiers.certificates import (
    Barcode,
    CertificateCode,
    CertificateSerial,
    ChangeDossierCode,
    Generation,
    RegisterNumber,
    generations,
)
from landxml.identifiers.form import Form, Identifier, IdentifierError, form, forms
from landxml.identifiers.parcel_code import ParcelCode
from landxml.identifiers.parties import EnterpriseCode, IdentityCardNumber, PersonalNumber, TaxCode
from landxml.identifiers.places import CommuneCode, ParcelKey

__all__ = [
    "Barcode",
    "CertificateCode",
    "CertificateSerial",
    "ChangeDossierCode",
    "CommuneCode",
    "EnterpriseCode",
    "Form",
    "Generation",
    "Identifier",
    "IdentifierError",
    "IdentityCardNumber",
    "ParcelCode",
    "ParcelKey",
    "PersonalNumber",
    "RegisterNumber",
    "TaxCode",
    "form",
    "forms",
    "generations",
]
