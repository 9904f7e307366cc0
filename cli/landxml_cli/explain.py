"""``landxml explain``: one finding in full, with what stands at its place."""

from __future__ import annotations

from landxml.files import form
from landxml_cli.inputs import own
from landxml_cli.outputs import destination
from landxml_reports.explanation import FORMATS, render
from landxml_validator.explanation import explain as explained

__all__ = ["explain"]


def explain(
    lang: str,
    *,
    report: str,
    number: str,
    input_: str | None,
    format_: str | None,
    output: str | None,
    force: bool,
    layouts: tuple[str, ...],
    show_personal_data: bool,
) -> None:
    """Explain one finding."""
    chosen = form(output, FORMATS, format_)
    with destination(output, lang, force=force, private=show_personal_data) as write:
        found = explained(
            report, number, given=input_, layouts=own(layouts), shapes=chosen == "html",
            personal_data=show_personal_data,
        )  # fmt: skip
        write(render(found, chosen, lang))
