"""Parameters that several rules share: one name for all of them, and one value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import msgspec

from landxml.text import Text
from landxml_validator.rule import Rule

__all__ = ["Shared", "differing", "shared"]


class Shared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters that mean one thing, as ``GEO007.width``, and what that is."""

    of: list[str]
    vi: str
    en: str

    @property
    def title(self) -> Text:
        """What they mean."""
        return Text(self.vi, self.en)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Code of each rule, and name of its parameter."""
        return [(code, name) for code, _, name in (each.partition(".") for each in self.of)]


@cache
def shared() -> dict[str, Shared]:
    """Return them by their names, from ``shared.toml``."""
    data = files("landxml_validator").joinpath("shared.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, Shared])


def differing(rules: Mapping[str, Rule]) -> Iterator[tuple[str, dict[tuple[str, str], object]]]:
    """Yield those of which some rules have different values, which by rule and parameter.

    Parameters
    ----------
    rules
        The rules that are evaluated, by code.
    """
    for name, each in shared().items():
        values = {(code, name): rules[code].values[name] for code, name in each.parameters if code in rules}
        if len(set(values.values())) > 1:
            yield name, values
