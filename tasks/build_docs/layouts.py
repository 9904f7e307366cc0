"""Pages of layouts: what each is, and its elements, what was read apart from what was inferred."""

from __future__ import annotations

from collections.abc import Iterator

from landxml.dictionary import Class, Field, dictionary
from landxml.layouts import Layout, builtin
from landxml_mappings.spec import is_mapped

__all__ = ["pages"]

WORDS = {
    "vi": {
        "title": "Các định dạng", "name": "Tên", "what": "Là gì", "carrier": "Dạng tệp", "can": "Chứa được",
        "mapping": "Ánh xạ sang mô hình quốc gia", "dictionary": "Từ điển đầy đủ", "machine": "Trên máy",
        "read": "Đọc được trong tài liệu [E]", "inferred": "Suy luận hoặc ghi nhớ [I] [R] [N]",
        "head": "Phần tử | Kiểu | Nghĩa | Chứng cứ", "none": "Không có.", "root": "Phần tử gốc",
        "intro": "Mỗi định dạng là một thư mục dữ liệu; tệp được nhận ra theo nội dung, không theo tên. "
        "Điều đọc được và điều suy luận được tách riêng.",
    },
    "en": {
        "title": "Layouts", "name": "Name", "what": "What it is", "carrier": "Kind of file",
        "can": "Can hold",
        "mapping": "Mapping to the national model",
        "dictionary": "The whole dictionary", "machine": "On your machine",
        "read": "Read in documents [E]", "inferred": "Inferred or recollected [I] [R] [N]",
        "head": "Element | Kind | Meaning | Evidence", "none": "None.", "root": "Root element",
        "intro": "Each layout is a folder of data; files are recognised by content, not by name. "
        "What was read stands apart from what was inferred.",
    },
}  # fmt: skip
WRITTEN = {"vbdlis-gml", "mplis-json", "collection-xml"}
"""Layouts with a page of their own; those of workbooks and of map layers share one."""
BY_CARRIER = {"workbook": "workbooks", "layer": "layers"}


def pages(lang: str) -> Iterator[tuple[str, str]]:
    """Yield the names of pages, and the pages: ``layouts/vbdlis-xml.md`` …, ``layouts.md``."""
    words = WORDS[lang]
    rows = [f"# {words['title']}\n\n{words['intro']}\n\n| {words['name']} | {words['what']} |\n|---|---|"]
    for layout in builtin().values():
        rows.append(f"| [{layout.id}](layouts/{layout.id}.md) | {layout.title.get(lang)} |")
        yield f"layouts/{layout.id}.md", _page(layout, lang)
    yield "layouts.md", "\n".join(rows) + "\n"


def _page(layout: Layout, lang: str) -> str:
    words = WORDS[lang]
    facts = {
        words["root"]: f"`{layout.root}`" if layout.root else "",
        words["carrier"]: f"{layout.carrier}, `.{layout.extension}`",
        words["can"]: ", ".join(sorted(layout.capabilities)) or "–",
        words["machine"]: f"`landxml layouts {layout.id}`",
    }
    name = layout.id if layout.id in WRITTEN else BY_CARRIER.get(layout.carrier)
    links = [f"- [{name}](../{name}.md)"] if name else []
    links += [f"- [{words['mapping']}](../mappings/{layout.id}.md)"] if is_mapped(layout) else []
    links += [f"- [{words['dictionary']}](../dictionary.md#{layout.id})"]
    known = list(dictionary(layout).classes.values())
    return "\n".join([
        f"# {layout.id}\n\n{layout.title.get(lang)}. {layout.evidence.get(lang)}\n\n| | |\n|---|---|",
        *(f"| {key} | {value} |" for key, value in facts.items() if value),
        "", *links, "",
        f"## {words['read']}\n", *_fields(known, lang, inferred=False),
        f"## {words['inferred']}\n", *_fields(known, lang, inferred=True),
    ])  # fmt: skip


def _fields(known: list[Class], lang: str, *, inferred: bool) -> Iterator[str]:
    rows = [
        (f"`{cls.name}.{field.element}`", field.kind, getattr(field, lang), field.source)
        for cls in known
        for field in cls.fields
        if _is_inferred(field) is inferred
    ]
    if rows:
        yield f"| {WORDS[lang]['head']} |\n|---|---|---|---|"
        yield from (f"| {' | '.join(row)} |" for row in rows)
    else:
        yield WORDS[lang]["none"]
    yield ""


def _is_inferred(field: Field) -> bool:
    return not field.source.startswith(("[E]", "[E-law]"))
