"""No page has what axe-core calls a barrier, in either language, light or dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import PAGES

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", [*PAGES, "handover"])
def test_no_barriers_beside_the_report(
    visit: Callable[..., Any], violations: Callable[[Any], list[str]], others: Path, name: str
) -> None:
    """Nor is any of these pages wider than a small phone."""
    page = visit(others / f"{name}.html")
    for lang in ("vi", "en"):
        if page.locator(f"[data-set-lang={lang}]").count():  # the others are for paper, in one language
            page.locator(f"[data-set-lang={lang}]").click()
        assert violations(page) == []
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["faulty", "clean", "unread"])
def test_no_barriers(
    visit: Callable[..., Any],
    violations: Callable[[Any], list[str]],
    request: pytest.FixtureRequest,
    name: str,
    scheme: str,
) -> None:
    path: Path = request.getfixturevalue(name)
    page = visit(path, color_scheme=scheme)
    for lang in ("vi", "en"):
        page.locator(f"[data-set-lang={lang}]").click()
        assert violations(page) == []
