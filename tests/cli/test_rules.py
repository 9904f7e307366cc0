from __future__ import annotations

import json

import pytest

from landxml import layouts
from landxml_validator.rule import builtin


def test_rules_lists_all_by_family(run) -> None:
    found = run("rules")
    assert (found.code, found.err) == (0, "")
    assert all(code in found.out for code in builtin())
    assert "GEO  Geometry (geometry)" in found.out  # the conformance class, as profiles name it
    assert "one in full: landxml rule CODE" in found.out


def test_rules_of_one_family(run) -> None:
    found = run("rules", "--family", "geo", "--lang", "vi").out
    assert "GEO001" in found
    assert "LND001" not in found
    assert builtin()["GEO001"].title.vi in found


def test_rules_as_json(run) -> None:
    rules = json.loads(run("rules", "--format", "json").out)
    assert [rule["code"] for rule in rules] == sorted(builtin())
    assert {"conformance", "title", "explain", "fix", "legal", "severity"} <= set(rules[0])


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("code", sorted(builtin()))
def test_rule_shows_everything(run, code, lang) -> None:
    found = run("rule", code.lower(), "--lang", lang)
    assert (found.code, found.err) == (0, "")
    rule = builtin()[code]
    flat = " ".join(found.out.split())
    for text in (rule.title, rule.explain, rule.fix, rule.legal, rule.message, *rule.cases.values()):
        assert " ".join(text.get(lang).split()) in flat
    assert rule.measure in flat
    assert rule.evidence in flat
    assert (f"since {rule.since}" if lang == "en" else f"từ phiên bản {rule.since}") in flat
    for name, parameter in rule.parameters.items():
        assert f"{name} = " in flat
        assert (parameter.en if lang == "en" else parameter.vi) in flat
    if rule.sql:
        assert " ".join(rule.sql.split()) in flat


def test_rule_as_json(run) -> None:
    assert json.loads(run("rule", "GEO001", "--format", "json").out)["code"] == "GEO001"


def test_tables_into_a_pipe_are_one_line_per_row(run) -> None:
    lines = run("rules", "--lang", "vi").out.splitlines()
    assert sum(line.strip().startswith("XSD0") for line in lines) == sum(
        c.startswith("XSD") for c in builtin()
    )


def test_layouts(run) -> None:
    found = run("layouts", "--lang", "vi").out
    for layout in layouts.builtin().values():
        assert layout.id in found
        assert layout.title.vi in " ".join(found.split())
    assert "Phần tử gốc:" not in map(str.strip, found.splitlines()), "a map layer has no root element"
    assert [layout["id"] for layout in json.loads(run("layouts", "--format", "json").out)] == [
        *layouts.builtin()
    ]
