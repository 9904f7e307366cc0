"""``landxml merge``: the checks of several provinces, each made at home, as one."""

from __future__ import annotations

from functools import partial

from landxml_cli.configured import configured
from landxml_cli.documents import formats_of, reports
from landxml_cli.inputs import own
from landxml_cli.terminal import note
from landxml_cli.validate import SAMPLES, as_outputs, shown, summary
from landxml_validator.merge import merge as merged
from landxml_validator.report import FailOn

__all__ = ["merge"]


def merge(
    lang: str,
    *,
    folders: tuple[str, ...],
    format_: tuple[str, ...],
    output: str | None,
    findings: str | None,
    force: bool,
    profile: str | None,
    config: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: tuple[str, ...],
    rules: tuple[str, ...],
    layouts: tuple[str, ...],
    mappings: tuple[str, ...],
    samples: int | None,
    fail_on: FailOn,
    quiet: bool,
) -> int:
    """Take the checks of provinces together, and report what was found."""
    outputs = as_outputs(output, formats_of(output, format_, lang), findings)
    as_text = partial(shown, lang=lang, samples=samples, colour=not output)
    with reports(outputs, lang, as_text, force=force, quiet=quiet) as (table, write):
        report = merged(
            folders, profile=profile, layouts=own(layouts, mappings), findings=table,
            **configured(lang, config, select, ignore, severity, profile=profile, rules=rules)._asdict(),
            samples=SAMPLES if samples is None else samples,
        )  # fmt: skip
        write(report, table)
    if output and not quiet:
        note(summary(report, lang))
    return report.exit_code(fail_on)
