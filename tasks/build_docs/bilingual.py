"""One language of a page that is written in both.

Blocks (paragraphs, items, tables, headings) have the language of their words; code, and what has hardly any
words, belongs to both (a fence ``vi`` or ``en`` is of one). Within a block ``Vietnamese · English``
says the same twice. A table with columns
``vi`` and ``en`` keeps one of them. A heading whose section is left without a word goes, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

__all__ = ["LANGUAGES", "Block", "blocks", "language", "only", "sections"]

LANGUAGES = ("vi", "en")
SEPARATOR = " · "
MOSTLY, HALF, HARDLY = 0.4, 0.3, 0.15
"""Shares of words with a mark: above which a text is Vietnamese, above which more so than English, and below
which it is English."""
NOT_WORDS = re.compile(r"`[^`]*`|\]\([^)]*\)|https?://\S+|\[(?:E|E-law|N|I|R)\]|<[^>]+>")
ITEM = re.compile(r"\s*(?:[-*+]|\d+\.) ")
FENCE = re.compile(rf"```({'|'.join(LANGUAGES)})$", re.MULTILINE)
JOINTS = ("; ", ". ", ": ", ", ")
NAMES = {"vi": "Tiếng Việt", "en": "English"}


class Block(NamedTuple):
    """A part of a page: ``kind`` is heading, code, table, item, rule or text."""

    kind: str
    text: str


def only(page: str, lang: str) -> str:
    r"""Return what of a page is in one language.

    >>> print(only("# Mã · Codes\n\nMã của mọi định dạng.\n\nThe codes of all layouts.\n", "vi"))
    # Mã
    <BLANKLINE>
    Mã của mọi định dạng.
    <BLANKLINE>
    """
    generated = page.startswith("<!-- Generated")
    kept = [Block("heading", "")]
    for block in blocks(page):
        text = _table(block.text, lang) if block.kind == "table" else picked(block.text, lang)
        text = text.removeprefix("*English.* ")
        if block.kind == "code":
            if (fence := FENCE.match(block.text)) is None or fence[1] == lang:
                kept.append(Block("code", FENCE.sub("```text", block.text)))
        elif block.kind == "heading" and text.lstrip("# ") not in NAMES.values():
            kept.append(Block("heading", text))
        elif (generated and block.kind == "item") or (
            block.kind in {"item", "text"} and _mainly(text) in {lang, None}
        ):
            kept.append(Block(block.kind, text))
        elif block.kind == "table" and (
            generated or _of_both(text) or language(text) in {lang, None, "both"}
        ):
            kept.append(Block("table", text))
    return _joined(_without_empty_sections(kept)) + "\n"


def sections(page: str) -> list[tuple[str, int]]:
    """Return the headings of a page, each with how many letters stand below it outside of code."""
    made = [("", 0)]
    for block in blocks(page):
        if block.kind == "heading":
            made.append((block.text, 0))
        elif block.kind in {"text", "item", "table"}:
            made[-1] = (made[-1][0], made[-1][1] + len(block.text))
    return made


def language(text: str) -> str | None:
    """Return in which language a text is: ``vi``, ``en``, ``both``; None if it has no words."""
    share = _share(text)
    if share is None:
        return None
    return "vi" if share >= MOSTLY else "en" if share <= HARDLY else "both"


def _mainly(text: str) -> str | None:
    share = _share(text)
    return None if share is None else "vi" if share >= HALF else "en"


def _share(text: str) -> float | None:
    """Return the share of words that have a letter which English has not."""
    words = re.findall(r"[^\W\d_]{2,}", NOT_WORDS.sub(" ", text))
    return sum(not word.isascii() for word in words) / len(words) if words else None


def picked(text: str, lang: str) -> str:
    """Return one side of ``Vietnamese · English``; a text without both sides is returned as it is."""
    if "<br>" in text:
        return "<br>".join(picked(part, lang) for part in text.split("<br>"))
    first, *more = re.split(rf"{SEPARATOR}(?=(?:[^`]*`[^`]*`)*[^`]*$)", text)
    if not more and language(text) == "both":
        return _half(text, lang)
    if not more or all("](" in part and not _said(part) for part in (first, *more)):
        return text
    *middle, last = more
    sides = {"vi": [first], "en": [""]}
    for part in middle:
        english, joint, vietnamese = _cut(part)
        sides["en"] += [english, joint]
        sides["vi"] += [joint, vietnamese]
    sides["en"].append(last)
    head = re.match(r"[#\s]*(?:[-*] )?(?:\[(?:E|E-law|N|I|R)\] )?", text)
    return "".join([head[0] if head and lang == "en" else "", *sides[lang]])


def blocks(page: str) -> Iterator[Block]:
    """Yield the blocks of a page; a paragraph that changes its language from line to line is several."""
    lines = [line for line in page.splitlines() if not line.startswith("<!--")]
    at = 0
    while at < len(lines):
        line, end = lines[at], at + 1
        if line.lstrip().startswith("```"):
            end = next(n for n in range(end, len(lines)) if lines[n].strip() == "```") + 1
            yield Block("code", "\n".join(lines[at:end]))
        elif line.startswith("#"):
            yield Block("heading", line)
        elif line.startswith("|"):
            end = _while(lines, at, lambda text: text.startswith("|"))
            yield Block("table", "\n".join(lines[at:end]))
        elif line.strip() == "---":
            yield Block("rule", line)
        elif line.strip():
            kind = "item" if ITEM.match(line) else "text"
            end = _while(lines, at + 1, _goes_on)
            yield from (Block(kind, text) for text in _by_language(lines[at:end]))
        at = end


def _goes_on(line: str) -> bool:
    return bool(line.strip()) and not re.match(r"#|\||\s*```|---$", line) and not ITEM.match(line)


def _while(lines: Sequence[str], at: int, holds: Callable[[str], bool]) -> int:
    while at < len(lines) and holds(lines[at]):
        at += 1
    return at


def _by_language(lines: Sequence[str]) -> Iterator[str]:
    whole = "\n".join(lines)
    if language(whole) != "both" or SEPARATOR in whole:
        yield whole
    else:
        for _, group in groupby(lines, lambda line: language(line) == "vi"):
            yield "\n".join(group)


def _half(text: str, lang: str) -> str:
    """Return one half of a text whose first sentences are Vietnamese, and the others the same in English."""
    for match in re.finditer(r"(?<=[.!?])\s+", text):
        halves = {"vi": text[: match.start()], "en": text[match.end() :]}
        if all(language(half) == lang for lang, half in halves.items()):
            return halves[lang]
    return text


def _said(part: str) -> str:
    return re.sub(r"\[[^]]*\]\([^)]*\)|[^\w]", "", part)


def _cut(part: str) -> tuple[str, str, str]:
    """Cut a text that begins in English and ends in Vietnamese."""
    cuts = [
        (part[: match.start()], match[0], part[match.end() :])
        for match in re.finditer("|".join(map(re.escape, JOINTS)), part)
    ]
    fitting = [cut for cut in cuts if language(cut[0]) != "vi" and language(cut[2]) in {"vi", None}]
    return (fitting or cuts or [(part, "", "")])[0]


def _table(text: str, lang: str) -> str:
    rows = [re.split(r"(?<!\\)\|", line.strip())[1:-1] for line in text.splitlines()]
    names = [cell.strip() for cell in rows[0]]
    other = "en" if lang == "vi" else "vi"
    columns = [n for n, name in enumerate(names) if name != other or lang not in names]
    made = []
    for number, row in enumerate(rows):
        cells = [picked(row[n].strip(), lang) for n in columns if n < len(row)]
        if number == 0:
            cells = ["" if cell == lang else cell for cell in cells]
        made.append(f"| {' | '.join(cells)} |")
    return "\n".join(made)


def _of_both(table: str) -> bool:
    """Tell whether a table sets words of one language beside those of the other."""
    return all(f" {name} |" in table.partition("\n")[0] for name in ("Vietnamese", "English"))


def _without_empty_sections(kept: Sequence[Block]) -> list[Block]:
    """Drop headings with nothing below them but what is of no language."""
    made: list[Block] = []
    for number, block in enumerate(kept):
        if block.kind == "heading":
            below = kept[number + 1 :]
            end = next(
                (
                    n
                    for n, other in enumerate(below)
                    if other.kind == "heading" and _level(other) <= _level(block)
                ),
                len(below),
            )
            if not any(other.kind != "heading" for other in below[:end]):
                continue
        made.append(block)
    return made


def _level(block: Block) -> int:
    return len(block.text) - len(block.text.lstrip("#"))


def _joined(kept: Sequence[Block]) -> str:
    parts: list[str] = []
    for before, block in zip([None, *kept], kept, strict=False):
        tight = before is not None and before.kind == block.kind == "item"
        parts += ["\n" if tight else "\n\n", block.text]
    return "".join(parts).strip()
