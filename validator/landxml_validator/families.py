"""Families of rules: those whose codes begin alike."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from landxml.text import Text

__all__ = ["OWN", "Family", "families", "family"]


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rules whose codes begin alike.

    They are the conformance class ``id`` of profiles that name no classes.
    """

    id: str
    vi: str
    en: str

    @property
    def title(self) -> Text:
        """What they are about."""
        return Text(vi=self.vi, en=self.en)


OWN = Family(id="own", vi="Quy tắc riêng", en="Own rules")
"""Rules of the user's own (:mod:`landxml_validator.own_rules`)."""


def family(code: str) -> Family:
    """Return the family of a rule.

    >>> family("GEO001").id, family("XQN001").id
    ('geometry', 'own')
    """
    return families().get(code[:3], OWN)


@cache
def families() -> dict[str, Family]:
    """Return the families of rules, by the prefix of their codes."""
    data = files("landxml_validator").joinpath("rules/families.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, Family])
