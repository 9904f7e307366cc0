"""The two trees of Markdown: the same files in each, links between pages only."""

from __future__ import annotations

import posixpath
import re
import shutil
import tomllib
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from tasks.build_docs import commands, layouts, mappings, rules, sdk
from tasks.build_docs.bilingual import LANGUAGES, only

__all__ = ["DOCS", "HERE", "navigation", "pages", "write"]

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"
PICTURES = DOCS / "pictures"
GENERATED = (rules, layouts, mappings, commands, sdk)
LINK = re.compile(r"(!?\[(?:[^][]|\[[^]]*\])*\])\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]*)?\)")
RULE = re.compile(r"#([a-z]{3}\d{3})")
OTHER = {"vi": ("en", "English"), "en": ("vi", "Tiếng Việt")}


def write(folder: Path) -> None:
    """Write both trees into a folder that is made anew: ``vi``, ``en``."""
    shutil.rmtree(folder, ignore_errors=True)
    for lang in LANGUAGES:
        if PICTURES.is_dir():
            shutil.copytree(PICTURES, folder / lang / "pictures")
        for name, text in pages(lang).items():
            path = folder / lang / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text.rstrip()}\n\n{_in_the_other_language(name, lang)}\n", "utf-8")


def pages(lang: str) -> dict[str, str]:
    """Return all pages of a language: name → Markdown."""
    made = dict(page for module in GENERATED for page in module.pages(lang))
    written = {
        path.relative_to(DOCS).as_posix(): path.read_text("utf-8") for path in sorted(DOCS.rglob("*.md"))
    }
    texts = {name: only(text, lang) for name, text in written.items()} | made
    return {name: _linked(text, name, texts.keys()) for name, text in texts.items()}


def navigation(tree: Path, lang: str) -> list[dict[str, list[str]]]:
    """Return the pages of a tree by section; those in folders are found from the lists of them."""
    sections = tomllib.loads((HERE / "sections.toml").read_text("utf-8"))["section"]
    top = sorted(path.stem for path in tree.glob("*.md"))
    named = {page for section in sections for page in section["pages"]}
    sections[-1]["pages"] += [name for name in top if name not in named]
    return [{each[lang]: [f"{name}.md" for name in each["pages"] if name in top]} for each in sections]


def _linked(text: str, name: str, known: Collection[str]) -> str:
    """Let links lead to pages of the tree; files elsewhere in the project are named instead."""

    def target(match: re.Match[str]) -> str:
        said, path, anchor = match[1], match[2], match[3] or ""
        if not path or path.startswith("pictures/"):
            return match[0]
        here = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        if here == "rules.md" and (code := RULE.fullmatch(anchor)):
            return f"{said}({_relative(f'rules/{code[1].upper()}.md', name)})"
        if here in known:
            return match[0]
        place = posixpath.normpath(posixpath.join("docs", posixpath.dirname(name), path))
        return f"{said[1:-1]} (`{place}`)" if said[1:-1].strip("`") != place else f"`{place}`"

    return "".join(
        part if number % 2 else LINK.sub(target, part)
        for number, part in enumerate(re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL))
    )


def _relative(target: str, name: str) -> str:
    return posixpath.relpath(target, posixpath.dirname(name) or ".")


def _in_the_other_language(name: str, lang: str) -> str:
    other, said = OTHER[lang]
    up = "../" * (len(PurePosixPath(name).parts))
    page = f"{up}{other}/{PurePosixPath(name).with_suffix('.html')}"
    return f'<p class="other-language"><a href="{page}" hreflang="{other}" lang="{other}">{said}</a></p>'
