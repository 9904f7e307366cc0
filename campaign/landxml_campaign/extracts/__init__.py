"""Flat tables for neighbours: a TOML file each, with its query over the national tables and its columns."""

from __future__ import annotations

from pathlib import Path

__all__ = ["paths"]


def paths() -> dict[str, Path]:
    """Return their files, by name."""
    return {path.stem: path for path in sorted(Path(__file__).parent.glob("*.toml"))}
