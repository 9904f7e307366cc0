"""The ladder of overlaps and gaps as bars: how many there are in all that are wider than each width."""

from __future__ import annotations

from markupsafe import Markup

from landxml.text import Text
from landxml_reports import wording
from landxml_validator.report import Ladder

__all__ = ["svg"]

WIDTH, ROW, LEFT, RIGHT = 360, 20, 62, 58
"""Units of the drawing: in all, of a bar with its space, of the words beside it."""
KINDS = ("overlap", "gap")


def svg(ladder: Ladder) -> Markup:
    """Draw the sums of all places; their numbers are in the table beside it."""
    sums: dict[str, list[int]] = {
        kind: [sum(each) for each in zip(*stated, strict=True)]
        for kind in KINDS
        if (stated := [place.counts for place in ladder.places if place.kind == kind])
    }
    most = max(max(counts) for counts in sums.values()) or 1
    rows, y = [], 0
    for kind, counts in sums.items():
        rows.append(_words(0, y + ROW * 0.8, "head", *_both(wording.label(f"ladder.{kind}"))))
        for width, count in zip(ladder.millimetres, counts, strict=True):
            y += ROW
            rows.append(_bar(y, kind, count / most, count, wording.rung(width).en))
        y += ROW + ROW // 2
    return Markup(
        '<svg class="bars" viewBox="0 0 {} {}" role="img" aria-labelledby="ladder">{}</svg>'
    ).format(WIDTH, y, Markup("").join(rows))


def _bar(y: float, kind: str, share: float, count: int, rung: str) -> Markup:
    long = max(share * (WIDTH - LEFT - RIGHT), 1 if count else 0)
    return (
        _words(LEFT - 8, y + ROW * 0.7, "rung", rung, rung)
        + Markup('<rect class="{}" x="{}" y="{}" width="{:.1f}" height="{}" rx="2"/>').format(
            kind, LEFT, y + 3, long, ROW - 6
        )
        + _words(LEFT + long + 6, y + ROW * 0.7, "number", *_both(wording.number(count)))
    )


def _both(text: Text) -> tuple[str, str]:
    return text.vi, text.en


def _words(x: float, y: float, kind: str, vi: str, en: str) -> Markup:
    """Write a text in both languages, of which the style sheet shows one."""
    return Markup(
        '<text class="{}" x="{:.1f}" y="{:.1f}"><tspan lang="vi">{}</tspan><tspan lang="en">{}</tspan></text>'
    ).format(kind, x, y, vi, en)
