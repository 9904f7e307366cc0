"""``landxml extract``: flat tables for neighbours."""

from __future__ import annotations

from landxml import localised
from landxml_campaign.extraction import extract as extracted
from landxml_campaign.extraction import schema as schema_of
from landxml_cli.inputs import own, tell_absent
from landxml_cli.messages import say
from landxml_cli.outputs import as_json, destination
from landxml_cli.progress_bar import progress
from landxml_cli.terminal import note

__all__ = ["extract"]


def extract(
    lang: str,
    *,
    table: str,
    files: tuple[str, ...],
    output: str,
    force: bool,
    schema: str | None,
    layouts: tuple[str, ...],
    mappings: tuple[str, ...],
    crs: int | None,
    show_personal_data: bool,
    quiet: bool,
) -> int:
    """Write a table for a neighbour."""
    if tell_absent(files, lang):
        return 2
    if schema:
        with destination(schema, lang, force=force, quiet=quiet) as write:
            write(as_json(schema_of(table)))
    with progress(lang, quiet=quiet) as advance:
        count = extracted(
            table, files, output, layouts=own(layouts, mappings), crs=crs, lang=lang, force=force,
            personal_data=show_personal_data, progress=advance,
        )  # fmt: skip
    if not quiet:
        note(say(lang, "extracted", count=localised.number(count).get(lang), path=output))
    if show_personal_data:
        note(say(lang, "personal-data", path=output))
    return 0
