"""Which findings are shown where not all are: of each rule the first, of each commune some."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Sequence
from typing import TypeVar

__all__ = ["in_turn", "spread"]

T = TypeVar("T")


def in_turn(lists: Collection[Sequence[T]], each: int, most: int) -> list[T]:
    """Return the first of every list, then the second, up to ``each``, and at most so many in all.

    >>> in_turn(["abc", "d", "ef"], 2, 4)
    ['a', 'd', 'e', 'b']
    """
    return [one[turn] for turn in range(each) for one in lists if len(one) > turn][:most]


def spread(items: Sequence[T], group: Callable[[T], Hashable], most: int) -> list[T]:
    """Return at most so many items, in their order: the first of every group before the second of any.

    >>> spread(["a1", "a2", "a3", "b1", "c1"], lambda item: item[0], 4)
    ['a1', 'a2', 'b1', 'c1']
    """
    if len(items) <= most:
        return list(items)
    seen = Counter[Hashable]()
    ranked: list[tuple[int, int]] = []
    for index, item in enumerate(items):
        ranked.append((seen[group(item)], index))
        seen[group(item)] += 1
    return [items[index] for index in sorted(index for _, index in sorted(ranked)[:most])]
