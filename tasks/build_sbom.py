"""Say what a release consists of: a bill of materials (CycloneDX, JSON) and a list of licences.

    python -m tasks.build_sbom dist

writes ``sbom.cdx.json`` and ``licences.txt`` of what ``requirements.lock`` pins for users of the Python that
runs this, with all extras.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from landxml.version import VERSION
from tasks.locked import PROJECT, here, locked, needed


def bill(parts: Iterable[Distribution], hashes: Mapping[str, list[str]]) -> bytes:
    """Return the bill of materials of a release: the same bytes whenever it consists of the same.

    Parameters
    ----------
    parts
        The libraries.
    hashes
        SHA-256 of the files that each may come from, by canonical name.
    """
    named = {canonicalize_name(part.name): part for part in parts}
    requires = {name: part.requires or [] for name, part in named.items()}
    requires[PROJECT["name"]] = PROJECT["dependencies"]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _component(PROJECT["name"], VERSION, PROJECT["license"], "application")},
        "components": [
            _component(name, part.version, licence(part), "library")
            | {"hashes": [{"alg": "SHA-256", "content": value} for value in sorted(hashes[name])]}
            for name, part in sorted(named.items())
        ],
        "dependencies": [
            {"ref": name, "dependsOn": sorted(_names(lines) & named.keys())}
            for name, lines in sorted(requires.items())
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _component(name: str, version: str, licence: str, kind: str) -> dict[str, Any]:
    return {
        "type": kind,
        "bom-ref": name,
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "licenses": [{"license": {"name": licence}}],
    }


def _names(lines: Iterable[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in lines}


def licence(part: Distribution) -> str:
    """Return the licence of a library in a line, as its metadata tell it."""
    told = part.metadata
    free, expression = ("".join(told.get_all(name) or ()) for name in ("License", "License-Expression"))
    classes = [
        value.split(" :: ")[-1] for value in told.get_all("Classifier") or [] if value.startswith("Lic")
    ]
    return str(expression or ("" if "\n" in free else free) or " OR ".join(classes))


def licences(parts: Iterable[Distribution]) -> str:
    """Return the list of licences, a library a line."""
    lines = [f"{part.name} {part.version}: {licence(part)}\n" for part in parts]
    return "".join(sorted(lines, key=str.casefold))


def main(folder: Path) -> None:
    """Write both."""
    extras = PROJECT["optional-dependencies"]
    parts = [distribution(name) for name in needed(extras, here())]
    (folder / "sbom.cdx.json").write_bytes(
        bill(parts, {name: pin.hashes for name, pin in locked(here()).items()})
    )
    (folder / "licences.txt").write_text(licences(parts), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
