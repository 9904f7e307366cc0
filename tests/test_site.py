"""The documentation site: one source per page, two complete languages, links that lead somewhere."""

from __future__ import annotations

import posixpath
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest

from landxml_validator.rule import builtin
from tasks.build_docs import commands, trees
from tasks.build_docs.bilingual import LANGUAGES, language, only, sections

ROOT = Path(__file__).parents[1]
WRITTEN = [
    path.relative_to(trees.DOCS).as_posix()
    for path in sorted(trees.DOCS.rglob("*.md"))
    if not path.read_text("utf-8").startswith("<!-- Generated")
]


@pytest.fixture(scope="module")
def pages() -> dict[str, dict[str, str]]:
    return {lang: trees.pages(lang) for lang in LANGUAGES}


def test_both_trees_have_the_same_pages(pages) -> None:
    assert pages["vi"].keys() == pages["en"].keys()
    assert {f"rules/{code}.md" for code in builtin()} <= pages["vi"].keys()
    assert all(re.match(r"# \S", text) for tree in pages.values() for text in tree.values())


def test_the_sides_of_a_page_are_told_apart() -> None:
    page = """# Mã · Codes

Danh mục có ngày hiệu lực.

Lists have dates. Some Vietnamese (thửa đất) changes nothing.

| | vi | en | Chứng cứ · Evidence |
|---|---|---|---|
| `1` | Kinh | Kinh | [E] bảng công khai · a public table |

## Only here

Nothing in Vietnamese.

```sh
landxml codelists   # mã · codes
```

```vi
tệp → bảng
```

```en
file → table
```

## Ghi chú

Chữ bên trái · words on the right.
"""
    vi, en = only(page, "vi"), only(page, "en")
    assert vi.startswith("# Mã\n\nDanh mục có ngày hiệu lực.\n\n| ")
    assert "Nothing" not in vi
    assert vi.endswith("## Ghi chú\n\nChữ bên trái\n")
    assert "| `1` | Kinh | [E] bảng công khai |" in vi
    assert en.startswith("# Codes\n\nLists have dates.")
    assert "| `1` | Kinh | [E] a public table |" in en
    assert "landxml codelists" in vi
    assert "```text\ntệp → bảng\n```" in vi
    assert "file → table" not in vi
    assert "words on the right" in en


LEAST = 0.3
"""A section says in each language at least this share of what it says in the other."""


def test_pages_are_whole_in_both_languages(pages) -> None:
    lacking = []
    for name, vietnamese in pages["vi"].items():
        sides = [sections(text) for text in (vietnamese, pages["en"][name])]
        levels = [[heading.partition(" ")[0] for heading, _ in side] for side in sides]
        if levels[0] != levels[1]:
            lacking.append((name, sides))
        lacking += [
            (name, heading)
            for (heading, one), (_, other) in zip(*sides, strict=False)
            if min(one, other) < LEAST * max(one, other)
        ]
    assert lacking == []


def test_headings_are_in_the_language_of_the_page(pages) -> None:
    wrong = [
        (name, heading)
        for name in WRITTEN
        for (heading, _), (theirs, _) in zip(
            *(sections(pages[lang][name]) for lang in ("en", "vi")), strict=True
        )
        if language(heading) == "vi" or (heading == theirs and len(heading.split()) > 3)
    ]
    assert wrong == []


def test_pictures_are_small() -> None:
    assert [path.name for path in trees.PICTURES.iterdir() if path.stat().st_size > 100_000] == []


def test_links_lead_to_pages(pages) -> None:
    broken = [
        (name, target)
        for tree in pages.values()
        for name, text in tree.items()
        for target in re.findall(
            r"\]\((?!https?:)([^)#\s]+)", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        )
        if posixpath.normpath(posixpath.join(posixpath.dirname(name), target)) not in tree
        and not (trees.DOCS / target).is_file()
    ]
    assert broken == []


def test_a_command_is_told_with_every_option(pages) -> None:
    for lang in LANGUAGES:
        for context in commands.commands(lang):
            name = "-".join(context.command_path.split()[1:]) or "landxml"
            page = pages[lang][f"commands/{name}.md"]
            options = [
                each for p in context.command.get_params(context) for each in p.opts if each.startswith("-")
            ]
            assert [each for each in options if f"`{each}`" not in page] == []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("zensical")
    folder = tmp_path_factory.mktemp("docs")
    subprocess.run([sys.executable, "-m", "tasks.build_docs", str(folder)], cwd=ROOT, check=True)
    return folder / "site"


@pytest.mark.slow
def test_the_site_is_whole(site: Path) -> None:
    trees = {path: lxml.html.parse(str(path)).getroot() for path in site.rglob("*.html")}
    ids = {path: set(tree.xpath("//@id")) for path, tree in trees.items()}
    assert len(trees) > 600
    broken = []
    for path, tree in trees.items():
        assert tree.xpath("//script[starts-with(@src, 'http')] | //link[starts-with(@href, 'http')]") == []
        for link in _local(tree):
            target, _, anchor = map(unquote, link.partition("#"))
            page = (path.parent / target).resolve() if target else path
            if not page.exists() or (anchor and anchor not in ids.get(page, set())):
                broken.append((path.relative_to(site), link))
    assert broken == []
    names = [{path.relative_to(site / lang) for path in (site / lang).rglob("*.html")} for lang in LANGUAGES]
    assert names[0] == names[1]


def _local(tree: lxml.html.HtmlElement) -> Iterator[str]:
    yield from (link for link in map(str, tree.xpath("//@href | //@src")) if not re.match("[a-z]+:", link))
