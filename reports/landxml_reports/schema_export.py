"""The standard as a product: one folder per layout that works with any validator in any language."""

from __future__ import annotations

import hashlib
import os
import shutil
from importlib.resources import files
from pathlib import Path

import jinja2
import msgspec

import landxml_schemas
from landxml.files import check, filling
from landxml.gml_dictionary import gml
from landxml.json import json_schema
from landxml.layouts import Layout, national
from landxml_reports import dictionary
from landxml_samples.layouts import LAYOUTS
from landxml_samples.package import write

__all__ = ["export"]

PARCELS = 3
"""Parcels in the example; enough to show every class that the sample has."""
README = "schema_export.md.jinja"
SUMS = "SHA256SUMS"


def export(layout: Layout, out: str | os.PathLike[str]) -> None:
    """Write the folder of a layout: schemas, code lists, dictionary, README, checksums.

    With a valid example if samples can be made in it, without a dictionary if only its XSD is known.

    Parameters
    ----------
    layout
        Built in, or that of a folder.
    out
        New or empty folder; filled when all is done, or not at all.

    Raises
    ------
    LandXmlError
        If there is something at ``out`` (:mod:`landxml.files`).
    """
    check([out], [layout.folder], force=True)
    with filling(out) as folder:
        shutil.copytree(layout.folder, folder, dirs_exist_ok=True)
        shutil.copytree(landxml_schemas.path("codelists"), folder / "codelists")
        shutil.copy(landxml_schemas.path("codelists.csv"), folder)
        for name in landxml_schemas.codelists():
            (folder / "codelists" / f"{name}.gml").write_bytes(gml(name))
        if layout.id in LAYOUTS and not layout.open:  # the schema there is that of records, not of files
            write(folder / "examples", layout=layout.id, parcels=PARCELS)
        if layout.model or layout.dictionary:
            (folder / "dictionary.html").write_text(dictionary.render(layout, "vi"), "utf-8")
        if layout == national():
            schema = msgspec.json.format(msgspec.json.encode(json_schema()), indent=1)
            (folder / "vn-land.schema.json").write_bytes(schema + b"\n")
        (folder / "README.md").write_text(_readme(layout, folder), "utf-8")
        (folder / SUMS).write_text(_sums(folder), "utf-8")


def _readme(layout: Layout, folder: Path) -> str:
    template = files("landxml_reports").joinpath(README).read_text("utf-8")
    examples = sorted(path for path in (folder / "examples").rglob("*") if path.is_file())
    text: str = jinja2.Template(template, keep_trailing_newline=True, trim_blocks=True).render(
        layout=layout,
        national=layout == national(),
        example=examples[0].relative_to(folder).as_posix() if examples else None,
    )
    return text


def _sums(folder: Path) -> str:
    """Checksums of all files, in the form that ``sha256sum -c`` reads."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in paths
    )
