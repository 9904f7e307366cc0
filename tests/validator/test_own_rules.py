from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from landxml.errors import LandXmlError
from landxml_validator import rule_set
from landxml_validator.configuration_file import given, read
from landxml_validator.own_rules import load
from landxml_validator.pipeline import validate
from landxml_validator.rule import builtin
from tests.validator.own import SQL_LINE, written

CORPUS = Path(__file__).parents[1] / "corpus"
AS_OF = dt.date(2026, 1, 1)
PLACE = "SELECT _file, _part, _at, _id"


def test_all_mistakes_of_a_folder_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    written(
        tmp_path, "SELECT _file,\n  dienTic AS sheet FROM ThuaDat", {'"error"': '"eror"', "title": "titel"}
    )
    written(tmp_path, changes={"XQN001": "XQN003", "[parameters.": "[parameter."}, name="XQN002")
    with pytest.raises(LandXmlError) as raised:
        load([tmp_path])
    for said in (
        "7 mistakes:",
        "XQN001.toml:3: there is no value of severity “eror”; did you mean error?",
        f"XQN001.toml:{SQL_LINE + 1}: there is no column “dienTic”; did you mean dienTich?",
        "there is no key of own rules “titel”; did you mean title?",
        "XQN001.toml:1: the key title is missing",
        "XQN002.toml:2: the file must be named XQN003.toml",
        f"XQN002.toml:{SQL_LINE + 1}: there is no parameter “$largest”",
        "there is no key of own rules “parameter”; did you mean parameters?",
    ):
        assert said in raised.value.text("en")
    assert "có 7 chỗ sai" in raised.value.text("vi")


LEGAL = 'legal = { vi = "Công văn 1/SNNMT", en = "Letter 1 of the department" }'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"ThuaDat"', '"ThuaDa"', "5: there is no class “ThuaDa”; did you mean ThuaDat?"),
        ('"record"', '"load"', "4: there is no value of stage “load”"),
        ('"record"', '"commune"', "the table ThuaDat is not there at stage commune"),
        ("{sheet}.", "{shet}.", "there is no column in the result of sql “shet”; did you mean sheet?"),
        ("{sheet}.", "{sheet.__class__}.", "braces hold the name of a column, and no more"),
        ("{sheet}.", "{sheet:>999999999}.", "braces hold the name of a column, and no more"),
        ("{sheet}.", "{sheet.", "braces hold the name of a column, and no more"),
        ("Large sheet number", "\\u001b[31mLarge", "en is empty, or has control characters"),
        ("largest sheet number", "\\u001b[31m", "en is empty, or has control characters"),
        ("'soHieuToBanDo' AS", "'\\u009b' AS", "sql is empty, or has control characters"),
        ("default = 10", f"default = {'[' * 5000}", "is nested too deeply"),
        ("default = 10", f"default = 1{'0' * 99}", "too large"),
        (', en = "Large sheet number"', "", "title: Object missing required field `en`"),
        (LEGAL, "", "give either law"),
        (LEGAL, 'law = ["TT10-2024/9999"]', "no legal line is “TT10-2024/9999”"),
        (LEGAL, LEGAL + '\nlaw = ["TT10-2024/8"]', "give either law"),
        (LEGAL, LEGAL + '\nfollows = ["LND999"]', "there is no built-in rule “LND999”; did you mean LND"),
        (LEGAL, LEGAL + '\nrequires = ["geometri"]', "did you mean geometry?"),
        (LEGAL, LEGAL + '\nown = ["sheet"]', "there is no key of own rules “own”"),
        (LEGAL, LEGAL + '\ncommunes = ["06652"]', "there is no key of own rules “communes”"),
        (LEGAL, LEGAL + '\ncause = ["sheet", "shet"]', "“shet”; did you mean sheet?"),
        (LEGAL, LEGAL + '\nkey = ["maXa"]', "key is for stage key"),
        ('en = "largest sheet number"', "", "parameters: Object missing required field `en`"),
        ("default = 10", "default = {}", "parameters: "),
        ('code = "XQN001"', 'code = ["XQN001"', "not valid TOML"),
        ('code = "XQN001"', "code = 7", "code: Expected `str`, got `int`"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(LandXmlError) as raised:
        load([written(tmp_path, changes={old: new})])
    assert said in raised.value.text("en")
    assert "XQN001.toml:" in raised.value.text("vi")


@pytest.mark.parametrize("code", ["LND001", "XSD009", "ZZZ001", "XQN01", "xqn001"])
def test_codes_of_ours_are_not_taken(tmp_path: Path, code: str) -> None:
    with pytest.raises(LandXmlError, match=f"{code}: own codes are X, two letters and three digits"):
        load([written(tmp_path, changes={"XQN001": code}, name=code)])


def test_a_folder_without_rules_with_a_rule_twice_or_with_python_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(LandXmlError, match="there are no rules in this folder"):
        load([tmp_path / "empty"])
    with pytest.raises(FileNotFoundError):
        load([tmp_path / "none"])
    one, two = written(tmp_path / "one"), written(tmp_path / "two")
    with pytest.raises(LandXmlError, match="there is a rule XQN001 already"):
        load([one, two])
    (one / "XQN001.py").write_text("raise SystemExit\n")
    with pytest.raises(LandXmlError, match=r"XQN001\.py is not run; the check is sql"):
        load([one])


def test_a_rule_is_read_as_ours_are(tmp_path: Path) -> None:
    (tmp_path / "landxml.toml").write_text("")
    rule = load([written(tmp_path)])["XQN001"]
    assert (rule.added, rule.conformance, rule.legal.vi, rule.law) == (True, "own", "Công văn 1/SNNMT", [])
    assert not any(rule.added for rule in builtin().values())
    law = load([written(tmp_path, changes={LEGAL: 'law = ["TT10-2024/8"]'})])["XQN001"]
    assert law.legal == builtin()["LND002"].legal or law.legal.en.startswith("Circular 10/2024")


def test_own_rules_are_a_required_class_and_part_of_the_digest(tmp_path: Path) -> None:
    rules = load([written(tmp_path)])
    found = rule_set.load("campaign", rules=rules.values())
    assert found.classes["own"].en == "Own rules"
    assert "own" in found.profile.required
    assert "own" not in rule_set.load("campaign").classes
    other = load([written(tmp_path, changes={"default = 10": "default = 11"})])
    digests = {
        each.digest
        for each in (found, rule_set.load("campaign"), rule_set.load("campaign", rules=other.values()))
    }
    assert len(digests) == 3


def test_settings_may_name_own_rules(tmp_path: Path) -> None:
    rules = builtin() | load([written(tmp_path)])
    (tmp_path / "landxml.toml").write_text('ignore = ["XQN"]\n[parameters.XQN001]\nlargest = 20\n')
    settings = (*read(tmp_path / "landxml.toml", rules), *given(severity={"XQN001": "info"}, rules=rules))
    found = rule_set.load("campaign", settings=settings, rules=[rules["XQN001"]])
    assert "XQN001" in found.ignored
    assert (found.rules["XQN001"].severity, found.rules["XQN001"].values) == ("info", {"largest": 20})
    with pytest.raises(LandXmlError, match="there is no rule “XQ9”"):
        given(select=["XQ9"], rules=rules)


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_run_with_own_rules_of_all_stages(tmp_path: Path, workers: int) -> None:
    stages = {
        "XQN002": ("file", f"{PLACE}, soHieuToBanDo AS sheet FROM ThuaDat"),
        "XQN003": ("delivery", f"{PLACE}, 1 AS sheet FROM ThuaDat WHERE _id IN (SELECT _id FROM Ids)"),
        "XQN004": ("commune", f"{PLACE}, soHieuToBanDo AS sheet FROM HinhHoc WHERE area > 1"),
        "XQN005": ("record", f"{PLACE}, text AS sheet FROM Texts WHERE element = 'diaChi'"),
        "XQN006": ("record", f"{PLACE}, diaChi::INT AS sheet FROM ThuaDat"),
        "XQN007": ("delivery", "SELECT 'b.xml' AS _file, 1 AS sheet FROM ThuaDat"),
        "XQN008": ("record", f"{PLACE}, 1 AS sheet FROM GiaoDich"),
        "XQN009": ("delivery", f"{PLACE}, 1 AS sheet FROM ThuaDat SEMI JOIN Unit ON code = maXa"),
    }  # fmt: skip
    written(tmp_path)
    for code, (stage, sql) in stages.items():
        written(tmp_path, sql, {"XQN001": code, '"record"': f'"{stage}"'}, code)
    rules = load([tmp_path]).values()
    report = validate([CORPUS / "LND002/pass-base.xml"], rules=rules, as_of=AS_OF, workers=workers)
    told = {result.rule.code: result for result in report.results if result.rule.added}
    failed = ("failed", 1)
    assert {code: (result.state, result.count) for code, result in told.items()} == {
        "XQN001": failed, "XQN002": failed, "XQN003": failed, "XQN004": failed, "XQN005": ("failed", 3),
        "XQN006": ("not-evaluated", 0), "XQN007": ("not-evaluated", 0), "XQN008": ("passed", 0),
        "XQN009": failed,
    }  # fmt: skip
    assert report.verdict == "not-conformant"
    assert told["XQN001"].message(told["XQN001"].samples[0], "en") == "The sheet number is 12."
    assert [cause.rule for cause in report.causes][:2] == ["XQN001", "XQN002"]
    assert told["XQN005"].samples[0].params["sheet"].startswith("‹")
    assert "no record" in str(told["XQN007"].reason)
    assert "ConversionException" in str(told["XQN006"].reason)
