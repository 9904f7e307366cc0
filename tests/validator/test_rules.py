from __future__ import annotations

import re
import runpy
import unicodedata
from pathlib import Path
from string import Formatter
from typing import get_args

import msgspec
import pytest

import landxml_validator
from landxml.dictionary import national
from landxml.law import cite, document
from landxml.reasons import Reason
from landxml.text import Text
from landxml_validator import rule as rule_module
from landxml_validator.families import families
from landxml_validator.rule import Rule, RuleError, builtin, codes, load, words_of

ROOT = Path(__file__).parents[2]
RULES = builtin()
FOLDER = Path(landxml_validator.__file__).parent / "rules"
VIETNAMESE = re.compile(
    "[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE
)

every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


def texts(rule: Rule) -> list[Text]:
    return [rule.title, rule.message, rule.explain, rule.fix, rule.legal]


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_every_file_is_loaded() -> None:
    assert len(RULES) == len(list(FOLDER.glob("*/*.toml"))) >= 50
    assert {path.parent.name for path in FOLDER.glob("*/*.toml")} == {family.lower() for family in families()}


@pytest.mark.parametrize(("reasons", "count"), [([], 0), (["doctype", "empty"], 2)])
def test_what_readers_find_is_reported_by_one_rule(monkeypatch, reasons: list[Reason], count: int) -> None:
    reported = codes(RULES)
    assert {reported[reason] for reason in get_args(Reason)} <= RULES.keys()

    def changed(path: Path) -> Rule:
        rule = load(path)
        return msgspec.structs.replace(rule, reasons=reasons) if rule.code == "PKG002" else rule

    monkeypatch.setattr(rule_module, "load", changed)
    with pytest.raises(RuleError, match=f"{count} rules report"):
        builtin.__wrapped__()


@every_rule
def test_a_rule_stands_in_the_folder_of_its_family(rule: Rule) -> None:
    assert (FOLDER / rule.code[:3].lower() / f"{rule.code}.toml").is_file()


@every_rule
def test_both_languages_say_the_same(rule: Rule) -> None:
    for text in texts(rule):
        assert text.vi.strip()
        assert text.en.strip()
        assert VIETNAMESE.search(text.vi)
        assert not VIETNAMESE.search(re.sub('["(].*?[")]', "", text.en))
    assert fields(rule.message.vi) == fields(rule.message.en)
    assert all(parameter.vi and parameter.en for parameter in rule.parameters.values())


@every_rule
def test_a_layout_has_one_name(rule: Rule) -> None:
    assert not any("khuôn dạng" in text.vi.lower() for text in texts(rule))


@pytest.mark.parametrize(
    "code", ["PKG001", "PKG002", "PKG003", "PKG004", "PKG009", "PKG010", "PKG012", "PKG014"]
)
def test_what_cannot_be_read_says_why(code: str) -> None:
    assert fields(RULES[code].message.vi) == {"reason"}


@every_rule
def test_texts_are_composed(rule: Rule) -> None:
    assert all(unicodedata.is_normalized("NFC", text.vi + text.en) for text in texts(rule))


@every_rule
def test_a_rule_names_the_legal_lines_that_it_serves(rule: Rule) -> None:
    assert rule.law
    assert rule.legal == cite(rule.law)
    if any(line.startswith("practice/") for line in rule.law):
        assert rule.law[0].startswith("practice/"), "good practice is said first, or not at all"
        assert rule.legal.vi.startswith("Thông lệ tốt")
    else:
        assert re.match(r"(Thông tư|Quyết định) \d+/\d{4}", rule.legal.vi)
    assert re.findall(r"\d+/\d{4}", rule.legal.vi) == re.findall(r"\d+/\d{4}", rule.legal.en)


def test_good_practice_is_the_last_resort() -> None:
    alone = {code for code, rule in RULES.items() if document(rule.law[0]).kind == "practice"}
    assert {code[:3] for code in alone} == {"PKG", "XSD", "MAP", "UNQ"}, (
        "what says something of land has a text"
    )


@every_rule
def test_only_evidence_makes_an_error(rule: Rule) -> None:
    assert rule.evidence
    assert rule.measure
    assert rule.severity != "error" or not re.search(r"\[[IR]\]", rule.evidence)


@every_rule
def test_a_rule_judges_classes_of_the_model(rule: Rule) -> None:
    assert set(rule.applies_to) <= set(national().classes)
    assert set(rule.requires) <= {
        "schema",
        "geometry",
        "metadata",
        "dossier",
        "rows",
        "registration",
        "revert",
        "scans",
    }
    assert rule.stage == "load" or rule.applies_to


@every_rule
def test_parameters_are_used(rule: Rule) -> None:
    if rule.sql is not None:
        used = set(re.findall(r"\$([a-z]\w*)", rule.sql))
        assert used - {"as_of"} == set(rule.parameters)


@every_rule
def test_what_many_files_share_is_decided_once_for_all_communes(rule: Rule) -> None:
    """Such a rule has no parameters, so a commune cannot have a variant of it, which merging leaves out."""
    shares = rule.stage in {"load", "key"} or "Repeats" in words_of(rule.source)
    assert not (shares and rule.parameters)


@every_rule
def test_personal_parameters_are_parameters_of_the_message(rule: Rule) -> None:
    assert set(rule.personal) <= fields(rule.message.vi)


@pytest.mark.parametrize(
    ("code", "qualifies"),
    [
        *((f"COD00{n}", lambda field: field.codelist) for n in range(1, 5)),
        ("REF001", lambda field: field.kind == "reference"),
        ("TXT001", lambda field: field.kind == "text" and not field.codelist and not field.pattern),
        ("ADM001", lambda field: field.element == "maXa"),
        ("UNQ001", lambda _: True),
    ],
)  # fmt: skip
def test_a_rule_over_many_fields_lists_their_classes(code: str, qualifies: object) -> None:
    assert callable(qualifies)
    classes = [cls.name for cls in national().classes.values() if any(map(qualifies, cls.columns))]
    assert RULES[code].applies_to == classes


def written(tmp_path: Path, name: str, old: str = "", new: str = "") -> Path:
    """Write a rule file that is LND002 with one change."""
    text = (FOLDER / "lnd/LND002.toml").read_text("utf-8")
    assert old in text
    path = tmp_path / name
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def test_a_rule_file_is_read_as_written(tmp_path: Path) -> None:
    assert load(written(tmp_path, "LND002.toml")) == RULES["LND002"]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_causes_are_told_by_parameters_of_the_message_and_by_other_rules(rule: Rule) -> None:
    texts = [rule.message, *rule.cases.values()]
    named = {name for text in texts for _, name, *_ in Formatter().parse(text.en) if name}
    assert named.issuperset(rule.cause)

    def roots(code: str, seen: tuple[str, ...]) -> None:
        assert code not in seen
        for root in RULES[code].follows:
            roots(root, (*seen, code))

    roots(rule.code, ())


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        ("LND999.toml", "", "", "not named after its code"),
        ("ABC001.toml", '"LND002"', '"ABC001"', "no family"),
        ("LND002.toml", "sql =", 'function = "crs"\nsql =', "follow from the name"),
        ("LND002.toml", "sql =", "measured =", "measured"),
        ("LND002.toml", "sql =", 'key = ["ThuaDat.maXa"]\nsql =', "for no other"),
        ("LND002.toml", '"error"', '"fatal"', "severity"),
        ("LND002.toml", '"record"', '"village"', r"'village' .*stage"),
        ("LND002.toml", '"record"', '"commune"', "looks at HinhHoc only"),
        (
            "LND002.toml",
            '"TT10-2024/8"',
            '"TT10-2024/08"',
            "law: no legal line is “TT10-2024/08”; did you mean TT10-2024/8",
        ),
        ("LND002.toml", 'law = ["TT19-2026/II.X.4.correctness", "TT10-2024/8"]', "law = []", "give law"),
        ("LND002.toml", "[fix]", '[legal]\nvi = "a"\nen = "b"\n[fix]', "legal is made of them"),
        ("LND002.toml", "code =", "code", "key"),
    ],
)
def test_a_wrong_rule_file_is_refused_with_its_name(
    tmp_path: Path, name: str, old: str, new: str, complaint: str
) -> None:
    with pytest.raises(RuleError, match=rf"{name}.*{complaint}"):
        load(written(tmp_path, name, old, new))


def test_a_rule_without_a_check_is_refused(tmp_path: Path) -> None:
    text = re.sub("sql = '''.*?'''\n", "", (FOLDER / "lnd/LND002.toml").read_text("utf-8"), flags=re.DOTALL)
    path = tmp_path / "LND002.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(RuleError, match="either sql or a LND002"):
        load(path)


def test_the_catalogue_is_fresh() -> None:
    page = runpy.run_path(str(ROOT / "tasks/build_rule_docs.py"))["page"]()
    assert (ROOT / "docs/rules.md").read_text("utf-8") == page
