from __future__ import annotations

import pytest
from lxml import html

import landxml_schemas
from landxml.dictionary import dictionary
from landxml.layouts import Layout, builtin
from landxml_reports.dictionary import render


@pytest.fixture(scope="module", params=builtin().values(), ids=list(builtin()))
def page(request) -> tuple[Layout, html.HtmlElement]:
    return request.param, html.fromstring(render(request.param, "vi"))


def test_every_class_field_and_code_has_its_row(page) -> None:
    layout, root = page
    for cls in dictionary(layout).classes.values():
        rows = root.get_element_by_id(cls.name).xpath(".//tbody/tr")
        assert len(rows) == len(cls.fields)
        for row, field in zip(rows, cls.fields, strict=True):
            cells = ["".join(cell.itertext()) for cell in row]
            assert cells[0] == "/".join(filter(None, (field.within, field.element)))
            assert field.vi in cells[1]
            assert field.en in cells[1]
            assert ("personal" in cells[1]) == field.personal
            assert all(name in cells[2] for name in (*field.targets, field.codelist or "", field.unit or ""))
            assert cells[3][0] == ("1" if field.required else "0")
            assert cells[3].endswith("*") == field.repeated
            assert cells[4] == field.source
            if field.codelist:
                codes = root.get_element_by_id(f"list-{field.codelist}").xpath(".//tbody/tr/th")
                known = landxml_schemas.codelist(field.codelist)
                assert [code.text_content() for code in codes] == [row["code"] for row in known]


def test_links_lead_to_something_in_the_page(page) -> None:
    layout, root = page
    links = root.xpath("//@href")
    classes = dictionary(layout).classes.values()
    lists = {f"list-{field.codelist}" for cls in classes for field in cls.fields if field.codelist}
    assert {f"#{name}" for name in ("classes", *dictionary(layout).classes, *lists)} <= set(links)
    ids = root.xpath("//@id")
    assert len(set(ids)) == len(ids)
    assert {link for link in links if link.removeprefix("#") not in ids} == set()


def test_nothing_is_fetched(page) -> None:
    _, root = page
    assert root.xpath("//@src | //link | //img | //iframe | //form") == []
    (policy,) = root.xpath("//meta[@http-equiv]/@content")
    assert policy.startswith("default-src 'none'")
    assert "url(" not in root.findtext(".//style")
