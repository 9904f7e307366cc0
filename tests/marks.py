"""Which of its parameters a test runs in the quick tests; it runs with all of them in the slow ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest

__all__ = ["quick"]


def quick(few: Collection[str], every: Iterable[str]) -> list[Any]:
    """Return every parameter, those but few marked as slow."""
    return [pytest.param(each, id=each, marks=() if each in few else pytest.mark.slow) for each in every]
