"""``landxml rules``: the rules, by family, or by law."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Styled

from landxml_cli.by_law import as_data, drawing
from landxml_cli.configured import added
from landxml_cli.drawing import READING, drawn, heading
from landxml_cli.messages import say, unknown
from landxml_cli.outputs import as_json
from landxml_cli.terminal import put
from landxml_cli.types import Complaint
from landxml_reports import wording
from landxml_validator.families import family as family_of
from landxml_validator.rule import Rule, Severity, builtin

__all__ = ["STYLES", "listed", "rules"]

STYLES = {"error": "red", "warning": "yellow", "info": "cyan"}


def rules(lang: str, family: str | None, *, by_law: bool, rules: tuple[str, ...], format_: str) -> None:
    """List the rules, by family or by the legal lines that they serve."""
    known = builtin() | added(rules)
    chosen = [rule for code, rule in known.items() if code.startswith(family or "")]
    if not chosen:
        raise Complaint(unknown(lang, "no-value", str(family), dict.fromkeys(code[:3] for code in known)))
    if format_ == "json":
        put(as_json(as_data(chosen) if by_law else chosen))
        return
    if by_law:
        put(drawing(chosen, lang, whole=not family))
        return
    parts: list[RenderableType] = []
    for prefix, group in groupby(chosen, lambda rule: rule.code[:3]):
        parts += [
            heading(f"{prefix}  {family_of(prefix).title.get(lang)} ({family_of(prefix).id})"),
            listed(((rule, rule.severity, "") for rule in group), lang),
            "",
        ]
    put(drawn(*parts, say(lang, "rules-total", count=len(chosen))))


def listed(rows: Iterable[tuple[Rule, Severity, str]], lang: str) -> Table:
    """Lay out rules with their severities, and a number before each if there are numbers."""
    lines = list(rows)
    names = {severity: wording.label(f"severity.{severity}").get(lang) for severity in STYLES}
    table = Table(box=None, show_header=False, padding=(0, 1))
    if any(number for _, _, number in lines):
        table.add_column(justify="right", min_width=6)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, min_width=max(map(len, names.values())))
    table.add_column(max_width=READING)
    for rule, severity, number in lines:
        cells = (rule.code, Styled(names[severity], STYLES[severity]), rule.title.get(lang))
        table.add_row(*filter(None, (number,)), *cells)
    return table
