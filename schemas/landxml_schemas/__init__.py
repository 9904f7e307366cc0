"""The standard as data: layouts with their XSDs and dictionaries, and code lists. A loader, no other code."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

__all__ = ["codelist", "codelists", "crosswalk", "layouts", "path", "rows"]


def path(*parts: str) -> Path:
    """Return the path of a file or folder of this package, e.g. ``path("vbdlis_xml", "hosoxml.xsd")``."""
    return Path(str(files(__name__).joinpath(*parts)))


def rows(*parts: str) -> list[dict[str, str]]:
    """Return the rows of a CSV of this package; an empty cell is ``""``."""
    with path(*parts).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def layouts() -> list[Path]:
    """Return the folder of every layout: where a manifest ``layout.toml`` stands."""
    return sorted(manifest.parent for manifest in path().glob("*/layout.toml"))


def codelists() -> dict[str, dict[str, str]]:
    """Return what ``codelists.csv`` says of each code list, by name: ``list, vi, en, source``."""
    return {row["list"]: row for row in rows("codelists.csv")}


def codelist(name: str) -> list[dict[str, str]]:
    """Return a code list in file order; columns as in ``codelists/README.md``, dates are ISO."""
    return rows("codelists", f"{name}.csv")


def crosswalk(name: str) -> list[dict[str, str]]:
    """Return how codes of a list lead to others of it: ``code, relation, target, evidence, source``."""
    known = path("codelists", "crosswalks", f"{name}.csv").exists()
    return rows("codelists", "crosswalks", f"{name}.csv") if known else []
