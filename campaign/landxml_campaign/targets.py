"""Targets of the campaign, as data: which share is to be reached, and how far a commune is from it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from landxml.errors import LandXmlError
from landxml.mistakes import converted, refusal, unknown
from landxml.text import Text
from landxml_campaign.facts import Said

__all__ = ["LIGHTS", "Figure", "Figures", "Light", "Target", "Targets", "figures", "load"]

Light = Literal["reached", "near", "behind", "far"]
LIGHTS: tuple[Light, ...] = ("reached", "near", "behind", "far")
Figures = dict[str, int | None]
"""Name of a figure → value; None where the data does not say it."""


class Figure(Said, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure: its title, and the evidence of its meaning."""


class Target(Said, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A target: ``part`` is to be ``share`` (0 to 1) of ``of``."""

    part: str
    of: str
    share: float


class Targets(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All targets, and the three shares of a target from which on a commune has it, is near it, behind it."""

    bands: tuple[float, float, float]
    targets: dict[str, Target]

    def share(self, id_: str, found: Figures) -> float | None:
        """Return the share that a target asks for, from 0 to 1; None if the data does not say it."""
        part, of = found.get(self.targets[id_].part), found.get(self.targets[id_].of)
        return part / of if part is not None and of else None

    def lacking(self, id_: str, found: Figures) -> int | None:
        """Return how many are missing for a target."""
        target = self.targets[id_]
        part, of = found.get(target.part), found.get(target.of)
        return max(0, -int(-(target.share * of) // 1) - part) if part is not None and of is not None else None

    def light(self, id_: str, found: Figures) -> Light | None:
        """Return how near a target is; None if the data does not say it."""
        share = self.share(id_, found)
        if share is None:
            return None
        reached = share / self.targets[id_].share
        return next((name for name, band in zip(LIGHTS, self.bands, strict=False) if reached >= band), "far")


def figures() -> dict[str, Figure]:
    """Return the figures, by name."""
    data = files("landxml_campaign").joinpath("figures.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, Figure])


def load(path: str | Path | None = None) -> Targets:
    """Return the targets of a file, else the built-in ones.

    Raises
    ------
    LandXmlError
        If it is no such file, with the line of what is wrong.
    """
    file = Path(path) if path else Path(str(files("landxml_campaign").joinpath("targets.toml")))
    found = converted(file, Targets)
    known = figures()
    wrong = [
        unknown(("targets", id_, name), getattr(each, name), known, "số liệu", "figure")
        for id_, each in found.targets.items()
        for name in ("part", "of")
        if getattr(each, name) not in known
    ]
    if wrong:
        raise refusal(file, wrong)
    if not (1 >= found.bands[0] > found.bands[1] > found.bands[2] > 0) or any(
        not 0 < each.share <= 1 for each in found.targets.values()
    ):
        what = Text("tỷ lệ phải trên 0 đến 1, bands giảm dần", "shares are above 0 up to 1, bands fall")
        raise LandXmlError(what, file=file)
    return found
