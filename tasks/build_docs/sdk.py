"""Pages of packages: what each offers, from its docstrings, which are in English."""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["markdown", "pages"]

SURFACE = Path(__file__).resolve().parents[2] / "tests" / "surface.toml"
WORDS = {
    "vi": (
        "Tham khảo SDK",
        "Mỗi gói Python và những gì nó cung cấp, từ chú thích trong mã nguồn (bằng tiếng Anh).",
    ),
    "en": ("SDK reference", "Each Python package and what it offers, from the docstrings in its source."),
}


def pages(lang: str) -> Iterator[tuple[str, str]]:
    """Yield the names of pages, and the pages: ``sdk/landxml.md`` …, ``sdk.md``."""
    title, intro = WORDS[lang]
    rows = [f"# {title}\n\n{intro}\n"]
    for name, offered in tomllib.loads(SURFACE.read_text("utf-8")).items():
        module = import_module(name)
        rows.append(f"- [`{name}`](sdk/{name}.md): {markdown(module.__doc__ or '').partition(chr(10))[0]}")
        parts = [f"# `{name}`\n\n{markdown(module.__doc__ or '')}\n"]
        parts += [_entry(each, getattr(module, each)) for each in offered]
        yield f"sdk/{name}.md", "\n".join(parts)
    yield "sdk.md", "\n".join(rows) + "\n"


def _entry(name: str, value: Any) -> str:
    documented = inspect.isclass(value) or inspect.isroutine(value) or inspect.ismodule(value)
    said = markdown(inspect.getdoc(value) or "") if documented else f"`{type(value).__name__}`"
    return f"## `{name}`\n\n{_signature(name, value)}{said}\n"


def _signature(name: str, value: Any) -> str:
    if not callable(value):
        return ""
    try:
        shown = str(inspect.signature(value))
    except (TypeError, ValueError):
        return ""
    plain = re.sub(r"ForwardRef\(('[^']*')\)", r"\1", shown)
    plain = re.sub(r"(: |-> )'([^']*)'", r"\1\2", plain)
    plain = re.sub(r"<(?:class )?'?([\w.]+)[^>]*>", r"\1", plain)
    return f"```python\n{name}{plain}\n```\n\n"


def markdown(docstring: str) -> str:
    r"""Return a NumPy docstring as Markdown.

    >>> print(markdown("Do it to :func:`x`.\n\nRaises\n------\nValueError\n    If not."))
    Do it to `x`.
    <BLANKLINE>
    **Raises**
    <BLANKLINE>
    - `ValueError`: If not.
    """
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", inspect.cleandoc(docstring)).replace("``", "`")
    text = re.sub(r"^(\w[\w ]*)\n-{3,}$\n?", r"**\1**\n\n", text, flags=re.MULTILINE)
    text = re.sub(r"^(\S[^\n*]*)\n((?: {4}.*\n?)+)", _item, text, flags=re.MULTILINE)
    return re.sub(
        r"((?:^(?:>>>|\.\.\.).*\n?(?:^(?!>>>|\.\.\.|\s*$).*\n?)*)+)", _example, text, flags=re.MULTILINE
    ).strip()


def _item(match: re.Match[str]) -> str:
    return f"- `{match[1]}`: {' '.join(match[2].split())}\n"


def _example(match: re.Match[str]) -> str:
    return f"```python\n{match[0].rstrip()}\n```\n"
