"""What the HTML pages share: both languages side by side, one style sheet, one script, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from landxml.text import Text
from landxml_reports import wording

__all__ = ["environment", "template"]


def template(name: str, scripts: Sequence[str] = (), **names: Any) -> jinja2.Template:
    """Return a template of a page, in which ``names`` are known beside the words and numbers.

    Its script is made of ``scripts``, files of this folder, and of what all pages have.
    """
    script = "".join(map(_read, [*scripts, "report.js"]))
    made = environment(_finalize)
    made.globals.update(
        say=wording.label,
        number=wording.number,
        script=Markup(script),  # noqa: S704 - ours, and known to the page by its hash
        script_hash=_sha256(script),
        **names,
    )
    return made.get_template(name)


def environment(finalize: Callable[[Any], Any]) -> jinja2.Environment:
    """Return what reads the templates of this folder, markup in values escaped."""
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(_read),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _finalize(value: Any) -> Any:
    """Put a text into the page in both languages, of which the style sheet shows one."""
    if isinstance(value, Text):
        vi, en = wording.safe(value.vi), wording.safe(value.en)
        both = Markup('<span lang="vi">{}</span><span lang="en">{}</span>')
        return vi if vi == en else both.format(vi, en)
    return wording.safe(value) if type(value) is str else value


def _read(name: str) -> str:
    return files("landxml_reports").joinpath(name).read_text("utf-8")


def _sha256(script: str) -> str:
    """Hash by which the page's own policy knows its one script; any other is refused by the browser."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
