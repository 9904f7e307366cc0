"""Flows between two columns as inline SVG: bars as high as their numbers, bands between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from landxml_remap.report import Flow

__all__ = ["Band", "Bar", "Picture", "draw"]

WIDTH, BAR, GAP, LEAST = 960.0, 14.0, 7.0, 3.0
LABEL = 300.0
"""Room for names at each side."""
MOST = 60
"""Communes at most on the left; the largest are drawn."""
HEIGHT_OF_ONE = 13.0
"""Every bar is at least so high that its name fits beside it."""


class Bar(NamedTuple):
    """A commune: left or right, its place, and what is written beside it."""

    x: float
    y: float
    height: float
    code: str
    name: str
    parcels: int
    left: bool


class Band(NamedTuple):
    """A flow: the outline of its band, and what the pointer tells."""

    path: str
    title: str
    settled: bool


class Picture(NamedTuple):
    """All of it, in the units of the view box."""

    width: float
    height: float
    bars: list[Bar]
    bands: list[Band]
    hidden: int


def draw(flows: Sequence[Flow]) -> Picture | None:
    """Lay out where parcels went; None if there is nothing to draw."""
    totals: dict[str, int] = {}
    for flow in flows:
        totals[flow.old] = totals.get(flow.old, 0) + flow.parcels
    shown = set(sorted(totals, key=lambda old: (-totals[old], old))[:MOST])
    kept = [flow for flow in flows if flow.old in shown]
    if not kept:
        return None
    order: dict[str, int] = {}  # communes that went to the same one stand together
    for flow in sorted(kept, key=lambda flow: flow.new or "~"):
        order.setdefault(flow.old, len(order))
    kept.sort(key=lambda flow: (order[flow.old], flow.new or "~"))
    scale = _scale(kept)
    left, after_left = _column(kept, 0, LABEL, scale)
    right, after_right = _column(kept, 1, WIDTH - LABEL - BAR, scale)
    bands = _bands(kept, left, right, scale)
    bars = [*left.values(), *right.values()]
    return Picture(WIDTH, max(after_left, after_right), bars, bands, len(totals) - len(shown))


def _scale(flows: Sequence[Flow]) -> float:
    """Height of one parcel, so that the picture is about as high as it is wide."""
    return 420.0 / sum(flow.parcels for flow in flows)


def _side(flow: Flow, side: int) -> tuple[str, str]:
    return (flow.old, flow.old_name) if side == 0 else (flow.new or "", flow.new_name)


def _column(flows: Sequence[Flow], side: int, x: float, scale: float) -> tuple[dict[str, Bar], float]:
    """Bars of one side, from the top down."""
    totals: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for flow in flows:
        code, names[code] = _side(flow, side)[0], _side(flow, side)[1]
        totals.setdefault(code, []).append(flow.parcels)
    bars, y = {}, GAP
    for code, counts in totals.items():
        height = max(sum(max(LEAST, count * scale) for count in counts), HEIGHT_OF_ONE)
        bars[code] = Bar(x, y, height, code, names[code], sum(counts), side == 0)
        y += height + GAP
    return bars, y


def _bands(flows: Sequence[Flow], left: dict[str, Bar], right: dict[str, Bar], scale: float) -> list[Band]:
    used: dict[tuple[int, str], float] = {}
    bands = []
    for flow in flows:
        thick = max(LEAST, flow.parcels * scale)
        ends = []
        for side, bars in ((0, left), (1, right)):
            bar = bars[_side(flow, side)[0]]
            at = used.get((side, bar.code), bar.y)
            used[side, bar.code] = at + thick
            ends.append((bar.x + (BAR if side == 0 else 0), at))
        (x1, y1), (x2, y2) = ends
        middle = (x1 + x2) / 2
        path = (
            f"M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
            f"v{thick:.1f}C{middle:.1f} {y2 + thick:.1f} {middle:.1f} {y1 + thick:.1f}"
            f" {x1:.1f} {y1 + thick:.1f}z"
        )
        bands.append(Band(path, f"{flow.old} → {flow.new or '?'}: {flow.parcels}", flow.new is not None))
    return bands
