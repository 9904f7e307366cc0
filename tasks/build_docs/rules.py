"""Pages of rules: one for each, and the list of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from landxml_validator.families import families
from landxml_validator.rule import Rule, builtin
from tasks.build_docs.bilingual import only
from tasks.build_rule_docs import INTRO, WORDS, described

__all__ = ["pages"]

MORE = {
    "vi": ("Mã", "Quy tắc", "Mức", "Trên máy", "Cùng nhóm", "Các dòng văn bản", "từ bản"),
    "en": ("Code", "Rule", "Severity", "On your machine", "Of the same family", "Lines of the law", "since"),
}


def pages(lang: str) -> Iterator[tuple[str, str]]:
    """Yield the names of pages, and the pages: ``rules/GEO001.md`` …, ``rules.md``."""
    rules = builtin().values()
    families_of = {code: list(group) for code, group in groupby(rules, lambda rule: rule.code[:3])}
    for family in families_of.values():
        yield from ((f"rules/{rule.code}.md", _page(rule, family, lang)) for rule in family)
    code, rule, severity, *_ = MORE[lang]
    parts = [only(INTRO, lang)]
    for name, family in families_of.items():
        parts += [
            f"## {name}: {families()[name].title.get(lang)}\n",
            f"| {code} | {rule} | {severity} |\n|---|---|---|",
        ]
        parts += [
            f"| [{r.code}](rules/{r.code}.md) | {r.title.get(lang)} | {WORDS[lang][r.severity]} |"
            for r in family
        ]
        parts.append("")
    yield "rules.md", "\n".join(parts)


def _page(rule: Rule, family: list[Rule], lang: str) -> str:
    *_, machine, same, lines, since = MORE[lang]
    title = families()[rule.code[:3]].title.get(lang)
    others = [f"[{each.code}]({each.code}.md)" for each in family if each is not rule]
    parts = [
        f"# {rule.code}: {rule.title.get(lang)}\n",
        described(rule, lang),
        f"*{lines}:* {', '.join(f'[`{line}`](../law.md)' for line in rule.law)}; {since} {rule.since}.\n",
        f"*{machine}:* `landxml rule {rule.code}`. [{title}](../rules.md)\n",
    ]
    return "\n".join([*parts, *([f"*{same}:* {', '.join(others)}.\n"] if others else [])])
