"""How much of a test is done in the quick tests; all of it is done in the slow ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest
from hypothesis import settings

__all__ = ["costly", "quick"]


def quick(few: Collection[Any], every: Iterable[Any]) -> list[Any]:
    """Return every parameter, those but few marked as slow."""
    return [pytest.param(each, id=str(each), marks=() if each in few else pytest.mark.slow) for each in every]


def costly(examples: int) -> settings:
    """Return how often a law is tried whose examples each cost a run: a fifth as often in the quick tests."""
    seldom = settings().max_examples < settings.get_profile("thorough").max_examples
    return settings(max_examples=-(-examples // 5) if seldom else examples)
