"""The standard as data: layouts with their XSDs and dictionaries, and code lists. A loader, no other code."""

from __future__ import annotations

import csv
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

__all__ = ["codelist", "codelists", "layouts", "path", "rows"]


def path(*parts: str) -> Path:
    """Return the path of a file or folder of this package, e.g. ``path("vbdlis_xml", "hosoxml.xsd")``."""
    return Path(str(files(__name__).joinpath(*parts)))


def rows(*parts: str) -> list[dict[str, str]]:
    """Return the rows of a CSV of this package; an empty cell is ``""``."""
    with path(*parts).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def layouts() -> dict[str, dict[str, Any]]:
    """Return the manifest (``layout.toml``) of every layout, by its id."""
    found = sorted(path().glob("*/layout.toml"))
    manifests = [tomllib.loads(file.read_text(encoding="utf-8")) for file in found]
    return {manifest["id"]: manifest for manifest in manifests}


def codelists() -> list[str]:
    """Return the names of the code lists, sorted."""
    return sorted(file.stem for file in path("codelists").glob("*.csv"))


def codelist(name: str) -> list[dict[str, str]]:
    """Return a code list in file order: ``code, vi, en, valid_from, valid_to, source``; dates are ISO."""
    return rows("codelists", f"{name}.csv")
