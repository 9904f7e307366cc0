"""``landxml parcel-codes``: compute the codes of parcels, and compare those that are written."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from landxml import localised
from landxml_cli.drawing import drawn, facts, heading
from landxml_cli.inputs import own
from landxml_cli.messages import say
from landxml_cli.outputs import as_json, aside
from landxml_cli.progress_bar import progress
from landxml_cli.terminal import note
from landxml_cli.types import Complaint
from landxml_remap.parcel_codes import CodesReport, Finding
from landxml_remap.parcel_codes import parcel_codes as give

__all__ = ["parcel_codes"]

FINEST = 0.001
"""Metres; finer means nothing, a cell of a code is two centimetres high."""
SHOWN = 5
"""Most cases of a kind that the text shows; JSON has more."""


def parcel_codes(
    lang: str,
    *,
    files: tuple[str, ...],
    output: str | None,
    force: bool,
    replace: bool,
    precision: float,
    layouts: tuple[str, ...],
    format_: str,
    quiet: bool,
) -> int:
    """Give parcels their codes, or compare those that they have."""
    if replace and output is None:
        raise Complaint(say(lang, "replace-what"))
    if precision < FINEST:
        raise Complaint(say(lang, "too-fine", least=localised.number(FINEST, 3).get(lang)))
    with progress(lang, quiet=quiet, doing="coding") as advance:
        told = give(
            files,
            output,
            replace=replace,
            force=force,
            precision=precision,
            layouts=own(layouts),
            progress=advance,
        )
    aside(output)(as_json(told) if format_ == "json" else _shown(told, lang))
    if output and not quiet:
        note(say(lang, "wrote", path=output))
    return int(any(told.findings.values()))


def _shown(told: CodesReport, lang: str) -> str:
    def number(count: int) -> str:
        return localised.number(count).get(lang)

    outcomes = [
        f"{say(lang, f'code.{name}')}: {number(count)}" for name, count in told.parcels.items() if count
    ]
    common = [
        say(lang, "common", length=length, count=number(count)) for length, count in told.common.items()
    ]
    metres = localised.number(told.precision, 3).get(lang)
    rows = [
        (say(lang, "parcels"), outcomes),
        (say(lang, "compared"), common),
        (say(lang, "precision"), [say(lang, "precise", metres=metres)]),
        (say(lang, "untouched"), told.others[:SHOWN]),
    ]
    return drawn(heading(", ".join(told.inputs)), facts(rows), *_findings(told, lang))


def _findings(told: CodesReport, lang: str) -> Iterator[RenderableType]:
    for kind, count in told.findings.items():
        if not count:
            continue
        cases = [one for one in told.samples if one.kind == kind][:SHOWN]
        lines = [_case(one, lang) for one in cases]
        if count > len(cases):
            lines.append(say(lang, "more", count=localised.number(count - len(cases)).get(lang)))
        yield ""
        yield heading(f"{say(lang, f'found.{kind}')}: {localised.number(count).get(lang)}")
        yield facts(("", [line]) for line in lines)


def _case(one: Finding, lang: str) -> str:
    parts = [f"{one.file}:{one.line}", one.code or ""]
    if one.distance:
        parts.append(say(lang, "off", distance=localised.number(one.distance, 1).get(lang)))
    if one.computed and one.computed != one.code:
        parts.append(say(lang, "computed", code=one.computed))
    if one.other:
        parts.append(say(lang, "also", place=one.other))
    return "  ".join(filter(None, parts))
