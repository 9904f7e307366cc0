"""What a full check is compared with: the same files read by others, without our rules."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from lxml import etree

import landxml_schemas

__all__ = ["SCHEMA", "parse", "schema_check"]

SCHEMA = landxml_schemas.path("national", "vn-land.xsd")


def schema_check() -> tuple[str, Callable[[Iterable[Path]], None]]:
    """Return the yardstick: ``xmllint``, or where it is not installed the same library in here."""
    xmllint = shutil.which("xmllint")
    if xmllint is None:
        return "lxml with schema, streaming (no xmllint here)", _lxml_check
    command = [xmllint, "--noout", "--stream", "--schema", str(SCHEMA)]

    def check(files: Iterable[Path]) -> None:
        subprocess.run([*command, *map(str, files)], stderr=subprocess.DEVNULL, check=True)

    return "xmllint --stream --schema", check


def _lxml_check(files: Iterable[Path]) -> None:
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    for file in files:
        for _, element in etree.iterparse(str(file), schema=schema, tag="{*}thanhVien"):
            element.clear()


def parse(files: Iterable[Path]) -> None:
    """Parse files with ``lxml.fromstring``."""
    for file in files:
        etree.fromstring(file.read_bytes())
