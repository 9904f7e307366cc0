"""No page has what axe-core calls a barrier, in either language, light or dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


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
