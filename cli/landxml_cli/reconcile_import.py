"""``landxml reconcile import``: what the population database answered."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from rich.console import RenderableType

from landxml import files, localised
from landxml_campaign import Applied, Replies, apply_answers, read_replies, write_answers
from landxml_campaign.answers import TABLES
from landxml_campaign.seals import protected
from landxml_cli.drawing import drawn, facts, heading
from landxml_cli.inputs import own
from landxml_cli.messages import say
from landxml_cli.outputs import as_json, aside
from landxml_cli.passwords import password
from landxml_cli.progress_bar import progress
from landxml_cli.terminal import note
from landxml_cli.types import Complaint
from landxml_remap import beside

__all__ = ["import_"]


def import_(
    lang: str,
    *,
    replies: tuple[str, ...],
    request: str,
    columns: str | None,
    answers: str | None,
    package: tuple[str, ...],
    output: str | None,
    table: str | None,
    salt: str | None,
    force: bool,
    password_file: str | None,
    layouts: tuple[str, ...],
    format_: str,
    quiet: bool,
) -> int:
    """Read replies, judge them, and put them to use."""
    if bool(package) != (output is not None) or (package and salt is None) or (table and not package):
        raise Complaint(say(lang, "apply-what"))
    if answers is not None:  # they are written after the package: what is in their way is told before
        files.form(answers, TABLES)
        files.check_file(answers, force=force)
        files.check([answers, *([] if output is None else [table or beside(output)])], force=force)
    secret = any(map(protected, (*replies, request)))
    told = read_replies(
        replies, request, columns=columns,
        password=password(lang, password_file, new=False) if secret else None,
    )  # fmt: skip
    applied, into = None, answers if told.fits else None
    if output is not None and salt is not None and told.fits:
        with progress(lang, quiet=quiet, doing="mending") as advance:
            applied = apply_answers(
                told, package, output, salt=salt, table_path=table, layouts=own(layouts), force=force,
                progress=advance,
            )  # fmt: skip
    if into is not None:
        write_answers(told, into, force=force)
    write = aside("-" if "-" in {answers, output} else None)
    write(as_json(_data(told, applied)) if format_ == "json" else drawn(*_drawing(told, applied, lang)))
    if applied and not quiet:
        note(say(lang, "wrote", path=applied.output))
    for path in filter(None, (into, applied.table if applied else None)):
        if not quiet:
            note(say(lang, "wrote", path=path))
        note(say(lang, "personal-data", path=path))
    if not told.fits and (output or answers):
        note(say(lang, "not-applied"))
    return int(not told.fits)


def _data(told: Replies, applied: Applied | None) -> dict[str, object]:
    """Return what may be shown: all but the answers themselves."""
    data = msgspec.structs.asdict(told) | {"applied": applied}
    del data["answers"], data["decisions"]
    return data | {"decided": _decided(told)}


def _decided(told: Replies) -> dict[str, int]:
    same = sum(each.same for each in told.decisions)
    return {"same": same, "different": len(told.decisions) - same}


def _drawing(told: Replies, applied: Applied | None, lang: str) -> Iterator[RenderableType]:
    def counted(counts: dict[str, int], what: str) -> list[str]:
        return [
            say(lang, f"{what}.{name}", count=localised.number(count).get(lang))
            for name, count in counts.items()
            if count
        ]

    yield heading(f"{say(lang, 'request')} {told.request}")
    found = [] if applied is None else counted(_edits(applied), "applied")
    yield facts(
        [
            (say(lang, "answered"), counted(told.counts, "status")),
            (say(lang, "decided"), counted(_decided(told), "decided")),
            (say(lang, "applied"), found),
        ]
    )
    if told.findings:
        yield heading(say(lang, "to-mend"))
        yield facts((each.place, [each.what.get(lang)]) for each in told.findings)


def _edits(applied: Applied) -> dict[str, int]:
    return {"changed": applied.changed, "same": applied.same, "gone": applied.gone}
