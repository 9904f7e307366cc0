"""``landxml worklist make``: workbooks of what a receiver has to mend."""

from __future__ import annotations

from landxml import localised
from landxml_campaign import Worklists, make_worklists
from landxml_cli.drawing import drawn, facts, heading
from landxml_cli.inputs import own, tell_absent
from landxml_cli.messages import say
from landxml_cli.outputs import as_json
from landxml_cli.progress_bar import progress
from landxml_cli.terminal import note, put

__all__ = ["make"]


def make(
    lang: str,
    *,
    files: tuple[str, ...],
    receiver: str,
    output: str,
    salt: str,
    profile: str | None,
    communes: tuple[str, ...],
    work: str | None,
    layouts: tuple[str, ...],
    format_: str,
    quiet: bool,
) -> int:
    """Write the workbooks, and say what is in them."""
    if tell_absent(files, lang):
        return 2
    with progress(lang, quiet=quiet) as advance:
        told = make_worklists(
            files, output, to=receiver, salt=salt, profile=profile, communes=communes,
            lang="en" if lang == "en" else "vi", layouts=own(layouts), work=work, progress=advance,
        )  # fmt: skip
    put(as_json(told) if format_ == "json" else _shown(told, lang))
    if not quiet:
        note(say(lang, "wrote", path=told.output))
    if told.personal:
        note(say(lang, "personal-data", path=told.output))
    return 0


def _shown(told: Worklists, lang: str) -> str:
    def number(count: int) -> str:
        return localised.number(count).get(lang)

    rows = [
        (
            each.commune or say(lang, "no-commune"),
            [say(lang, "worklists.rows", rows=number(each.rows), values=number(each.values))],
        )
        for each in told.lists
    ]
    none = [say(lang, "worklists.none")] if not rows else []
    return drawn(heading(say(lang, "worklists", receiver=told.title.get(lang))), *none, facts(rows))
