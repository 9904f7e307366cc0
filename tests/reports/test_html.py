from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import msgspec
import pytest

from landxml_reports import html, render
from landxml_validator.report import Report

LANGUAGES = ("vi", "en")


class Page(HTMLParser):
    """Elements, attributes and visible text of a page."""

    def __init__(self, document: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.said: dict[str, list[str]] = {lang: [] for lang in LANGUAGES}
        self.languages: list[str | None] = []
        self.feed(document.decode())
        self.text = {lang: "".join(parts) for lang, parts in self.said.items()}

    UNSEEN = frozenset({"style", "script", "title", "option"})
    VOID = frozenset({"meta", "input", "path", "use"})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)
            self.languages.append(dict(attrs).get("lang") if tag in {"span", "tspan"} else None)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.languages.pop()

    def handle_data(self, data: str) -> None:
        for lang in LANGUAGES:
            if not self.UNSEEN & set(self.open) and {*self.languages} <= {None, lang}:
                self.said[lang].append(data)


@pytest.fixture
def page(report: Report) -> Page:
    return Page(render(report, "html", "vi"))


def test_data_are_never_markup(page: Page) -> None:
    assert page.tags.count("script") == 1
    assert page.open == []
    assert "họ tên <script>alert('x')</script>" in page.text["vi"]


def test_no_text_stands_in_an_attribute(page: Page) -> None:
    assert [found for found in page.attributes if "Text(" in found[2] or "<span" in found[2]] == []


def test_the_policy_knows_the_script(report: Report) -> None:
    document = render(report, "html", "vi").decode()
    script = document.partition("<script>")[2].rpartition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in document


def test_nothing_is_fetched(report: Report, page: Page) -> None:
    fetching = {"src", "srcset", "action", "data", "poster", "formaction", "background"}
    assert [found for found in page.attributes if found[1] in fetching] == []
    assert all(value.startswith("#") for _, name, value in page.attributes if name.endswith("href"))
    assert not {"link", "img", "iframe", "object", "embed", "form"} & set(page.tags)
    assert not re.search(r"https?://|@import|url\(", render(report, "html", "vi").decode())


def test_both_languages_are_whole(page: Page) -> None:
    expected: dict[str, tuple[str, ...]] = {
        "vi": ("Không đạt", "Hiện 4 trong 1.234", "Thửa đất và mục đích sử dụng", "48,2 MB"),
        "en": ("Not conformant", "4 of 1,234 shown", "Parcels and land use", "48.2 MB"),
    }
    for lang, words in expected.items():
        for word in words:
            assert word in page.text[lang], word
    letters = re.compile(
        r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
    )
    vietnamese = {w for w in page.text["en"].split() if letters.search(w)}
    assert vietnamese <= {"Tiếng", "Việt", '"Nguyễn"', '"Nguyễn":9', "Phường"}


def test_the_data_are_quoted_at_findings(page: Page) -> None:
    assert "What stands there" in page.text["en"]
    assert "\u202e" not in page.text["vi"]
    assert "8  <CaNhan>9<script>" in page.text["vi"]
    assert "diện tích" in page.text["vi"]
    assert page.tags.count("mark") == 1
    assert [found[2] for found in page.attributes if found[:2] == ("tr", "class")] == ["marked"]


def test_each_commune_has_some_of_the_findings_that_are_listed(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    (areas,) = (each for each in report.results if each.rule.code == "LND004")
    late = msgspec.structs.replace(areas.samples[-1], number=9_999, commune="00008")
    areas.samples = [*areas.samples, *areas.samples, late]
    monkeypatch.setattr(html, "ROWS", 4)
    shown = Page(html.render(report, "vi").encode())
    rows = [found[2] for found in shown.attributes if found[:2] == ("tbody", "data-commune")]
    assert (len(rows), rows.count("00008")) == (4, 1)


def test_references_inside_the_page_resolve(page: Page) -> None:
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    targets = {v.removeprefix("#") for _, n, v in page.attributes if n in {"href", "for", "aria-labelledby"}}
    assert {target for target in targets if "=" not in target} <= set(ids)  # the others are filters
