"""``landxml docs``: the documentation that is installed beside the program."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path

from landxml_cli.messages import say, unknown
from landxml_cli.terminal import put
from landxml_cli.types import Complaint

__all__ = ["docs"]

PLACES = ("docs", "build/docs/site")
"""Where the pages stand, in a folder above the Python: of the package for Windows, and of ``make docs``."""


def docs(lang: str, *, page: str | None, open_: bool | None) -> int:
    """Open a page of the documentation, or say where it is; 2 if it is not installed."""
    site = _site(lang)
    if site is None:
        put(say(lang, "docs-none"))
        return 2
    name = (page or "index").strip()
    options = (name, f"rules/{name.upper()}", f"commands/{'-'.join(name.split())}", f"layouts/{name}")
    known = {path.relative_to(site).with_suffix("").as_posix(): path for path in site.rglob("*.html")}
    found = next((known[each] for each in options if each in known), None)
    if found is None:
        raise Complaint(unknown(lang, "no-page", name, {path.stem for path in known.values()}))
    put(found.as_uri())
    if sys.stderr.isatty() if open_ is None else open_:
        webbrowser.open(found.as_uri())
    return 0


def _site(lang: str) -> Path | None:
    above = Path(sys.executable).absolute().parents[:3]
    sites = (folder / place / lang for folder in above for place in PLACES)
    return next((site for site in sites if (site / "index.html").is_file()), None)
