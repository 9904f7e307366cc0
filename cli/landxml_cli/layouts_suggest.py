"""``landxml layouts suggest FILE``: a layout for a table that none fits."""

from __future__ import annotations

import re
from pathlib import Path

from landxml.archive import printable
from landxml_cli.drawing import drawn, paragraph
from landxml_cli.layout_sheet import table
from landxml_cli.messages import say
from landxml_cli.outputs import as_json
from landxml_cli.terminal import note, put
from landxml_mappings import suggested_folder
from landxml_mappings.suggestion import Suggestion
from landxml_mappings.suggestion import suggest as suggested

__all__ = ["suggest"]

_COLUMNS = ("column", "header", "element", "national", "sure", "because", "samples")


def suggest(lang: str, *, file: str, output: str | None, format_: str) -> None:
    """Suggest a layout, and write its folder."""
    found = suggested(file)
    if output:
        name = re.sub(r"\W+", "-", Path(output).resolve().name.casefold()).strip("-")
        suggested_folder.write(found, output, name=name or "de-xuat")
    put(_as_json(found) if format_ == "json" else _drawn(found, lang))
    if output:
        note(say(lang, "wrote", path=output))
        note(say(lang, "suggest.next", file=file, folder=output))


def _as_json(found: Suggestion) -> bytes:
    columns = [each._asdict() for each in found.columns]
    return as_json(found._asdict() | {"layout": found.layout.id, "columns": columns})


def _drawn(found: Suggestion, lang: str) -> str:
    known = sum(bool(each.element) for each in found.columns)
    said = say(lang, "suggest.nearest", layout=found.layout.id, part=found.part or "–",
               known=known, count=len(found.columns))  # fmt: skip
    rows = (
        (
            each.column, printable(each.header), each.element, ", ".join(each.national),
            f"{each.confidence:.0%}" if each.element else "",
            say(lang, f"suggest.{each.reason}") if each.reason else "",
            printable(" | ".join(each.samples)),
        )
        for each in found.columns
    )  # fmt: skip
    return drawn(paragraph(said), "", table(_COLUMNS, rows, lang))
