"""The documentation site from a disk: searched, without a barrier, at the widths of phones and desks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
WIDTHS = (375, 768, 1280)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("zensical", reason="zensical is not installed")
    folder = tmp_path_factory.mktemp("docs")
    subprocess.run([sys.executable, "-m", "tasks.build_docs", str(folder)], cwd=ROOT, check=True)
    return folder / "site"


@pytest.fixture
def shown(chromium: Any) -> Any:
    """Open a page; nothing but files of the site may be asked for, and all of them are there."""
    asked, pages = set[str](), []
    troubles = list[str]()

    def opened(path: Path, width: int = 1280) -> Any:
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.on("console", lambda said: troubles.append(said.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: asked.add(request.url))
        page.on("requestfailed", lambda request: troubles.append(request.url))
        page.goto(path.as_uri())
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.close()
    assert troubles == []
    assert [url for url in asked if not url.startswith("file:")] == []


def found(page: Any, words: str) -> list[str]:
    page.get_by_role("searchbox").fill(words)
    page.locator(".site-search li").first.wait_for()
    return [str(text) for text in page.locator(".site-search li a").all_inner_texts()]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_search_needs_no_server(shown: Callable[..., Any], site: Path, width: int) -> None:
    page = shown(site / "vi" / "profiles.html", width)
    titles = found(page, "thửa đất")
    assert len(titles) > 10
    assert all("thửa đất" in title.lower() for title in titles[:5])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found(page, "ranh gioi khong khep kin")[0].startswith("GEO001")
    page.keyboard.press("Enter")
    page.wait_for_url("**/vi/rules/GEO001.html")
    page.locator("header a[hreflang=en]").click()
    page.wait_for_url("**/en/rules/GEO001.html")
    assert page.locator("h1").inner_text().startswith("GEO001")
    page.get_by_role("searchbox").fill("xqzzy")
    page.get_by_text("Nothing found").wait_for()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_barriers(
    shown: Callable[..., Any], violations: Callable[[Any], list[str]], site: Path, lang: str
) -> None:
    names = "index rules rules/GEO001 commands/validate layouts/vbdlis-xml reports law sdk/landxml tutorial"
    for name in names.split():
        assert violations(shown(site / lang / f"{name}.html")) == [], name
