"""How far a run is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

__all__ = ["OnProgress", "Progress"]


class Progress(NamedTuple):
    """How far a run is, in bytes of input; ``kept``: of those that an earlier run had done."""

    done: int
    total: int
    kept: int = 0


OnProgress = Callable[[Progress], None]
"""What a long function calls as it goes on."""
