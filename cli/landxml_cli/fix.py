"""``landxml fix``: mistakes that are certain mended in place, and back."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

import landxml_remap as moving
from landxml import localised
from landxml_cli.drawing import drawn, facts, heading
from landxml_cli.fix_diff import printed
from landxml_cli.inputs import own
from landxml_cli.messages import say
from landxml_cli.outputs import as_json, aside
from landxml_cli.progress_bar import progress
from landxml_cli.terminal import note
from landxml_cli.types import Complaint
from landxml_remap.fixes import CERTAIN, RULES, FixReport
from landxml_remap.fixes import fix as mend
from landxml_validator.rule import builtin

__all__ = ["fix"]


def fix(
    lang: str,
    *,
    files: tuple[str, ...],
    output: str | None,
    force: bool,
    select: tuple[str, ...] | None,
    unsafe: bool,
    diff: bool,
    show_personal_data: bool,
    table: str | None,
    reverse: str | None,
    layouts: tuple[str, ...],
    format_: str,
    quiet: bool,
) -> int:
    """Mend what is certain, or only count it; or undo that."""
    if output is None and (table or reverse):
        raise Complaint(say(lang, "fix.output"))
    if diff and (output or format_ == "json"):
        raise Complaint(say(lang, "fix.diff"))
    if show_personal_data and not diff:
        raise Complaint(say(lang, "fix.personal"))
    tell = printed(clear=show_personal_data) if diff else None
    with progress(lang, quiet=quiet or diff, doing="mending") as advance:
        if output is not None and reverse:
            count = moving.reverse(reverse, files, output, force=force, progress=advance)
            note(say(lang, "restored", count=localised.number(count).get(lang), path=output))
            return 0
        told = mend(
            files, output, rules=_rules(select, lang, unsafe=unsafe), table_path=table, layouts=own(layouts),
            force=force, progress=advance, tell=tell,
        )  # fmt: skip
    said = drawn(*_drawing(told, lang))
    if not diff:
        aside(output)(as_json(told) if format_ == "json" else said)
    elif not quiet:
        note(said)
    for path in (told.output, told.table) if not quiet else ():
        if path:
            note(say(lang, "wrote", path=path))
    return int(bool(told.fixes and not output))


def _rules(select: tuple[str, ...] | None, lang: str, *, unsafe: bool) -> tuple[str, ...]:
    """Return the rules whose mistakes are mended; what is not certain must be asked for."""
    chosen = select or (RULES if unsafe else CERTAIN)
    if doubtful := set(chosen).difference(CERTAIN) and not unsafe and sorted(set(chosen).difference(CERTAIN)):
        raise Complaint(say(lang, "fix.unsafe", codes=", ".join(doubtful)))
    return chosen


def _drawing(told: FixReport, lang: str) -> Iterator[RenderableType]:
    done = "fix.done" if told.output else "fix.possible"
    total = sum(each.count for each in told.fixes)
    yield heading(say(lang, done, count=localised.number(total).get(lang)))
    for rule in dict.fromkeys(each.rule for each in told.fixes):
        yield heading(f"{rule}  {builtin()[rule].title.get(lang)}")
        yield facts(
            (f"{each.cls}/{each.element}", [localised.number(each.count).get(lang)])
            for each in told.fixes
            if each.rule == rule
        )
    yield facts([(say(lang, "untouched"), told.others)])
