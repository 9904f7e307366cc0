"""``landxml demo``: make a package with faults, validate it, and write the reports."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

import landxml_validator
from landxml import files
from landxml_cli.messages import say
from landxml_cli.outputs import destination
from landxml_cli.progress_bar import progress
from landxml_cli.sample import make, together
from landxml_cli.terminal import note, put
from landxml_cli.validate import digest
from landxml_reports import render
from landxml_samples.layouts import NATIONAL

__all__ = ["demo"]

DEMO_PARCELS, DEMO_COMMUNES, DEMO_PROVINCE = 3_000, 3, "22"
DEMO_FAULTS = {code: 2 + number % 4 for number, code in enumerate(sorted(together(NATIONAL)))}
"""Two to five of every fault."""


def demo(lang: str, output: str, *, force: bool) -> None:
    """Make a package with faults, validate it, and write the reports."""
    lang = lang if _asked_for_language(click.get_current_context()) else "vi"
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    package = folder / "quang-ninh.zip"
    reports = {format_: folder / f"report.{format_}" for format_ in ("html", "json")}
    force = force or package.is_file()  # then the reports beside it are of a demonstration too
    files.check([package, *reports.values()], force=force)
    make(
        package,
        lang,
        faults=DEMO_FAULTS,
        parcels=DEMO_PARCELS,
        communes=DEMO_COMMUNES,
        province=DEMO_PROVINCE,
        force=force,
    )
    with progress(lang, ending="comparing") as advance:
        report = landxml_validator.validate([package], progress=advance)
    put(digest(report, lang))
    for format_, path in reports.items():
        with destination(str(path), lang, force=force) as out:
            out(render(report, format_, lang))
    note(say(lang, "demo-done", report=reports["html"], package=package))


def _asked_for_language(context: click.Context) -> bool:
    """Tell whether ``--lang`` was given, to this command or before it."""
    contexts = [context, context.parent] if context.parent else [context]
    return any(c.get_parameter_source("lang") is ParameterSource.COMMANDLINE for c in contexts)
