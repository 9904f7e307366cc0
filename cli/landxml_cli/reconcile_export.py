"""``landxml reconcile export``: the land users to be verified."""

from __future__ import annotations

from landxml import localised
from landxml_campaign import Requested, request_persons
from landxml_cli.drawing import drawn, facts, heading
from landxml_cli.inputs import own
from landxml_cli.messages import say
from landxml_cli.outputs import as_json, aside
from landxml_cli.passwords import password
from landxml_cli.progress_bar import progress
from landxml_cli.terminal import note

__all__ = ["export"]


def export(
    lang: str,
    *,
    files: tuple[str, ...],
    output: str,
    force: bool,
    salt: str,
    columns: str | None,
    communes: tuple[str, ...],
    doubts: str | None,
    encrypt: bool,
    password_file: str | None,
    layouts: tuple[str, ...],
    format_: str,
    quiet: bool,
) -> None:
    """Write the list of land users, and say what is in it."""
    with progress(lang, quiet=quiet) as advance:
        told = request_persons(
            files, output, salt=salt, columns=columns or "office", communes=communes, doubts=doubts,
            password=password(lang, password_file, new=True) if encrypt else None,
            layouts=own(layouts), force=force, progress=advance,
        )  # fmt: skip
    aside(output)(as_json(told) if format_ == "json" else _shown(told, lang))
    for path in filter(None, (told.output, told.doubts_output)):
        if not quiet:
            note(say(lang, "wrote", path=path))
        note(say(lang, "personal-data", path=path))


def _shown(told: Requested, lang: str) -> str:
    def counted(counts: dict[str, int], what: str) -> list[str]:
        return [say(lang, f"{what}.{name}", count=number(count)) for name, count in counts.items()]

    def number(count: int) -> str:
        return localised.number(count).get(lang)

    more = {"records": told.records, "communes": len(told.communes)}
    rows = [
        (say(lang, "persons"), [number(told.persons), *counted(more, "persons")]),
        (say(lang, "known-by"), counted(told.kinds, "kind")),
        (say(lang, "doubts"), counted(told.doubts, "doubt")),
        (say(lang, "claims"), [number(told.claims)] if told.claims else []),
    ]
    return drawn(heading(f"{say(lang, 'request')} {told.request}"), facts(rows))
