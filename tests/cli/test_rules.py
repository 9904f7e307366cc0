from __future__ import annotations

import json
from pathlib import Path

import pytest

from landxml import layouts
from landxml_reports import NAMES
from landxml_validator.rule import builtin
from tests.validator.own import written

CORPUS = Path(__file__).parents[1] / "corpus"


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


def test_rules_by_law_show_both_ways(run) -> None:
    found = run("rules", "--by-law", "--lang", "en").out.splitlines()
    row = next(line for line in found if line.strip().startswith("TT10-2024/29"))
    assert row.split() == ["TT10-2024/29", "certificate", "serial", "CRT001,", "UNQ003,", "UNQ008"]
    (back,) = [line for line in found if line.strip().startswith("UNQ003")]
    assert "TT10-2024/29" in back
    quality = next(line for line in found if "image-quality" in line)
    assert "[page]" in quality
    assert "no rule: whether a page is legible, whole and straight needs eyes" in " ".join(quality.split())


def test_rules_of_one_family_by_law(run) -> None:
    found = run("rules", "--by-law", "--family", "CRT").out
    assert "TT10-2024/15" in found
    assert "không có quy tắc" not in found
    assert "GEO001" not in found


def test_rules_by_law_as_json(run) -> None:
    documents = json.loads(run("rules", "--by-law", "--format", "json").out)
    lines = {line["id"]: line for document in documents for line in document["lines"]}
    assert lines["TT10-2024/29"]["rules"] == ["CRT001", "UNQ003", "UNQ008"]
    assert lines["TT19-2026/II.X.3"]["unit"] == "parcel"
    assert lines["TT19-2026/II.X.5.image-quality"]["why"]["en"]
    assert {rule for line in lines.values() for rule in line["rules"]} == builtin().keys()


def test_own_rules_are_listed_explained_and_judged(run, tmp_path, monkeypatch) -> None:
    folder, delivery = (
        str(written(tmp_path / "rules", changes={"Large": "[/red] Large"})),
        str(CORPUS / "LND002/pass-base.xml"),
    )
    listed = run("rules", "--rules", folder).out
    assert "XQN  Own rules (own)" in listed
    assert "[/red] Large sheet number" in listed  # no markup
    assert run("rules", "--rules", folder, "--family", "xqn").out.startswith("XQN  Own rules")
    wrong = run("rules", "--rules", folder, "--family", "XQM")
    assert (wrong.code, "did you mean XQN?" in wrong.err) == (2, True)
    assert "Letter 1 of the department" in run("rule", "XQN001", "--rules", folder).out
    assert "did you mean XQN001?" in run("rule", "XQN002", "--rules", folder).err
    options = ("--as-of", "2026-01-01", "--workers", "1", "-q", "--lang", "vi")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "landxml.toml").write_text('rules = ["rules"]\n[parameters.XQN001]\nlargest = 11\n')
    profile = 'id = "x"\nrequired = []\ntitle = { vi = "a", en = "b" }\n'
    changes = '[parameters.XQN001]\nlargest = 3\n[severity]\nXQN001 = "info"\n'
    (tmp_path / "own.toml").write_text(profile + changes)
    forms = ("text", "html", "json", "iso19157")
    several = (word for form in forms for word in ("--format", form))
    assert run("validate", delivery, *several, "-o", tmp_path / "out", *options).code == 1
    for form in forms:
        said = (tmp_path / "out" / NAMES[form]).read_text("utf-8")
        assert all(words in said for words in ("Quy tắc riêng", "Số tờ lớn"))
    assert "XQN001 Error largest = 11 (landxml.toml line 3)" in " ".join(run("config", "show").out.split())
    (tmp_path / "landxml.toml").write_text('rules = ["rules"]\n')
    shown = " ".join(run("config", "show", "--profile", "own.toml").out.split())
    assert " (profile x) · largest = 3 (profile x) " in shown


def test_mistakes_in_own_rules_end_the_command(run, tmp_path) -> None:
    folder = written(tmp_path, "SELECT _file FROM read_text('/etc/passwd')")
    for command in (["rules"], ["rule", "XQN001"], ["validate", str(CORPUS / "LND002/pass-base.xml")]):
        found = run(*command, "--rules", str(folder))
        assert (found.code, found.out) == (2, "")
        assert "XQN001.toml:7: the table function read_text is not allowed" in found.err


def test_a_new_rule_works_and_its_examples_are_tried(run, tmp_path) -> None:
    folder = tmp_path / "rules"
    new = run("rule", "new", "xqn001", "-o", str(folder))
    assert (new.code, new.out) == (0, "")
    assert f"landxml rule test {folder}" in new.err
    tried = run("rule", "test", str(folder), "--as-of", "2026-01-01")
    assert (tried.code, tried.out.count("  as expected"), tried.err) == (0, 2, "")
    file = folder / "XQN001.toml"
    wrong = run("rule", "new", "XQN002", "-o", file, "--lang", "vi")
    assert (wrong.code, wrong.err) == (
        2, f"Lỗi: {file}: là tệp, trong khi kết quả là một thư mục\n"
    )  # fmt: skip
    examples = folder / "XQN001"
    (examples / "fail-1.xml").write_bytes((examples / "pass-1.xml").read_bytes())
    (examples / "pass-1.xml").write_text("x")
    (examples / "good-1.xml").write_text("x")
    tried = run("rule", "test", str(folder), "--lang", "vi", "--format", "json")
    wrong = {each["name"]: each["wrong"]["en"] for each in json.loads(tried.out)}
    assert tried.code == 1
    assert wrong == {
        "XQN001/fail-1.xml": "nothing was found",
        "XQN001/good-1.xml": "its name must begin with pass- or fail-",
        "XQN001/pass-1.xml": "was not judged: no data could be read",
    }
    assert "exists already; take another code" in run("rule", "new", "XQN001", "-o", str(folder)).err
    assert "own codes are X, two letters and three digits" in run("rule", "new", "GEO001", "-o", "x").err
    (folder / "XQN001.toml").write_text("code = 1")
    assert run("rule", "test", str(folder)).code == 2
