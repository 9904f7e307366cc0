"""The built-in schemes: a TOML file each (:mod:`landxml_campaign.scheme`)."""

from __future__ import annotations

from pathlib import Path

__all__ = ["paths"]


def paths() -> dict[str, Path]:
    """Return their files, by id."""
    return {path.stem: path for path in sorted(Path(__file__).parent.glob("*.toml"))}
