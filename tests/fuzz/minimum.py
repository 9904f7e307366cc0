"""Making what fails small: first fewer mutations, then fewer elements, then fewer bytes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from tests.fuzz.case import Case

T = TypeVar("T")
TAG = re.compile(rb"<(/?)([^\s<>/!?]+)[^<>]*?(/?)>")
SMALLEST = 4
"""Bytes that are not taken apart further."""


def fewer(items: Sequence[T], fails: Callable[[tuple[T, ...]], bool]) -> tuple[T, ...]:
    """Return items without those that are not needed to fail (ddmin)."""
    kept, size = tuple(items), max(1, len(items) // 2)
    while size:
        at = 0
        while at < len(kept):
            without = kept[:at] + kept[at + size :]
            if fails(without):
                kept = without
            else:
                at += size
        size //= 2
    return kept


def steps(case: Case, fails: Callable[[Case], bool]) -> Case:
    """Return a case with as few mutations as fail."""
    return case._replace(steps=fewer(case.steps, lambda left: fails(case._replace(steps=left))))


def smaller(data: bytes, fails: Callable[[bytes], bool], seconds: float) -> bytes:
    """Return an input with as few elements and bytes as fail, as far as the time allows."""
    end = time.monotonic() + seconds
    progress = True
    while progress:
        progress = False
        for start, stop in _parts(data):
            if time.monotonic() > end:
                return data
            without = data[:start] + data[stop:]
            if stop <= len(data) and fails(without):
                data, progress = without, True
                break
    return data


def _parts(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield what may be left out, the largest first: elements, then stretches of bytes."""
    yield from sorted(_elements(data), key=lambda span: span[0] - span[1])
    size = len(data) // 2
    while size >= SMALLEST:
        yield from ((at, min(at + size, len(data))) for at in range(0, len(data), size))
        size //= 2


def _elements(data: bytes) -> Iterator[tuple[int, int]]:
    opened: list[tuple[bytes, int]] = []
    for tag in TAG.finditer(data):
        closing, name, empty = tag.groups()
        if empty:
            yield tag.span()
        elif not closing:
            opened.append((name, tag.start()))
        elif opened and opened[-1][0] == name:
            yield opened.pop()[1], tag.end()
