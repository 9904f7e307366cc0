"""``landxml worklist apply``: sheets that were filled in, as a diff and into the package."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from rich.console import RenderableType

from landxml import localised
from landxml.privacy import shown
from landxml_campaign import Filled, apply_worklists, read_worklists, write_diff
from landxml_cli.drawing import drawn, facts, heading
from landxml_cli.inputs import own
from landxml_cli.messages import say
from landxml_cli.outputs import as_json, aside
from landxml_cli.progress_bar import progress
from landxml_cli.terminal import note
from landxml_cli.types import Complaint

__all__ = ["apply"]

SHOWN = 20
"""Most changes that the text shows; the diff has all."""


def apply(
    lang: str,
    *,
    sheets: tuple[str, ...],
    package: tuple[str, ...],
    output: str | None,
    diff: str | None,
    table: str | None,
    salt: str,
    force: bool,
    layouts: tuple[str, ...],
    format_: str,
    quiet: bool,
) -> int:
    """Read the sheets, show what would change, and write it."""
    if table and output is None:
        raise Complaint(say(lang, "table-what"))
    told, done = read_worklists(sheets, package, salt=salt, layouts=own(layouts)), None
    if diff is not None:
        write_diff(told, diff, force=force)
    if output is not None and told.fits:
        with progress(lang, quiet=quiet, doing="mending") as advance:
            done = apply_worklists(
                told, package, output, table_path=table, layouts=own(layouts), force=force, progress=advance
            )
    data = {"counts": told.counts, "findings": told.findings, "corrected": done}
    write = aside("-" if "-" in {diff, output} else None)
    write(as_json(msgspec.to_builtins(data)) if format_ == "json" else drawn(*_drawing(told, lang)))
    if done and not quiet:
        note(say(lang, "wrote", path=done.output))
    for path in filter(None, (diff, done.table if done else None)):
        if not quiet:
            note(say(lang, "wrote", path=path))
        note(say(lang, "personal-data", path=path))
    if output is not None and done is None:
        note(say(lang, "not-applied"))
    return int(not told.fits)


def _drawing(told: Filled, lang: str) -> Iterator[RenderableType]:
    def number(count: int) -> str:
        return localised.number(count).get(lang)

    counts = [say(lang, f"rows.{name}", count=number(count)) for name, count in told.counts.items() if count]
    yield facts([(say(lang, "rows-filled"), counts)])
    if told.edits:
        yield heading(say(lang, "changes"))
        yield facts(
            (f"{each.file}:{each.at}", [f"{each.cls}/{each.element}: {shown(each.old)} → {shown(each.new)}"])
            for each in told.edits[:SHOWN]
        )
        if len(told.edits) > SHOWN:
            yield say(lang, "more", count=number(len(told.edits) - SHOWN))
    if told.findings:
        yield heading(say(lang, "to-mend"))
        yield facts((each.place, [each.what.get(lang)]) for each in told.findings)
