"""What the search of the site looks through: each section of each page, as a script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import lxml.html

__all__ = ["index"]

HEADINGS = ("h1", "h2", "h3")


def index(site: Path) -> str:
    """Return ``landxmlSearch(…)``, called with a list of ``[page, anchor, title, heading, text]``."""
    entries = [entry for path in sorted(site.rglob("*.html")) for entry in _sections(path, site)]
    return f"landxmlSearch({json.dumps(entries, ensure_ascii=False, separators=(',', ':'))})"


def _sections(path: Path, site: Path) -> Iterator[list[str]]:
    page = path.relative_to(site).as_posix()
    articles = lxml.html.parse(str(path)).getroot().xpath("//article")
    titles = articles[0].xpath(".//h1") if articles else []
    if not titles:
        return
    title = _text(titles[0])
    entry = [page, "", title, title, ""]
    for element in articles[0].iterchildren():
        if element.tag in HEADINGS:
            if element.tag != "h1":
                yield entry
                entry = [page, element.get("id", ""), title, _text(element), ""]
        elif element.get("class") != "other-language":
            entry[-1] = f"{entry[-1]} {_text(element)}".strip()
    yield entry


def _text(element: lxml.html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())
