"""A profile is refused before the run, with the place of the mistake and what may stand there."""

from __future__ import annotations

from pathlib import Path

import pytest

from landxml.errors import LandXmlError
from landxml_validator import rule_set, validate
from landxml_validator.profile import load, profiles

HEAD = 'id = "x"\nrequired = ["geometry"]\n'
TITLE = '\n[title]\nvi = "a"\nen = "b"\n'
MISTAKES = [
    (
        '[parameters.GEO003]\ntolerance = "a"',
        'parameters.GEO003.tolerance = "a" does not fit; expected: a number',
        'parameters.GEO003.tolerance = "a": không đúng; cần: một số',
    ),
    (
        "[parameters.GEO003]\ntolerance = nan",
        "parameters.GEO003.tolerance = NaN does not fit; expected: a number",
        "parameters.GEO003.tolerance = NaN: không đúng; cần: một số",
    ),
    (
        "[parameters.PTY003]\nearliest = 1850.5",
        "parameters.PTY003.earliest = 1850.5 does not fit; expected: a whole number",
        "parameters.PTY003.earliest = 1850.5: không đúng; cần: một số nguyên",
    ),
    (
        '[severity]\nGEO003 = "fatal"',
        'severity.GEO003 = "fatal" does not fit; expected: error, warning, info',
        'severity.GEO003 = "fatal": không đúng; cần: error, warning, info',
    ),
    (
        '[severity]\nGEO0003 = "error"',
        "no rule is named “GEO0003”; did you mean GEO003?",
        "không có quy tắc “GEO0003”; có phải ý bạn là GEO003?",
    ),
    (
        '[classes]\ngeometry = "TT19-2026/II.X.33"',
        "no legal line is named “TT19-2026/II.X.33”; did you mean TT19-2026/II.X.3?",
        "không có dòng của văn bản “TT19-2026/II.X.33”; có phải ý bạn là TT19-2026/II.X.3?",
    ),
    (
        '[classes]\nland = "TT19-2026/II.X.4"',
        "no conformance class is named “geometry”; there are: land",
        "có: land",
    ),
    ("[severity]\nGEO003 = 3", "severity.GEO003 = 3 does not fit", "severity.GEO003 = 3: không đúng"),
    ("severity = 3", "`object`, got `int`", "không đọc được hồ sơ kiểm tra"),
    ("parameters = {GEO003 = 3}", "`object`, got `int`", "không đọc được hồ sơ kiểm tra"),
]


@pytest.mark.parametrize(("text", "en", "vi"), MISTAKES)
def test_a_mistake_is_told_with_its_place_and_what_may_stand_there(tmp_path: Path, text, en, vi) -> None:
    path = tmp_path / "own.toml"
    path.write_text(HEAD + text + TITLE, "utf-8")
    with pytest.raises(LandXmlError) as error:
        load(str(path))
    assert (str(path) in str(error.value), en in str(error.value)) == (True, True)
    assert (str(path) in error.value.text("vi"), vi in error.value.text("vi")) == (True, True)


def test_a_whole_number_is_a_number(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(f"{HEAD}[parameters.GEO003]\ntolerance = 1{TITLE}", "utf-8")
    assert load(str(path)).parameters == {"GEO003": {"tolerance": 1}}


def test_what_a_profile_leaves_is_not_applicable() -> None:
    rules = rule_set.load("upload-precheck")
    assert {code[:3] for code in rules.absent} == {"TOP", "GEO", "LNK", "PKG", "SCN"}
    assert not rules.at("commune", "border", "link"), "nothing that needs neighbours or another file runs"
    sample = Path(__file__).parents[1] / "corpus" / "GEO007" / "fail-overlap.xml"
    report = validate([sample], profile="upload-precheck", workers=1)
    (result,) = [each for each in report.results if each.rule.code == "GEO007"]
    assert (result.state, result.count) == ("not-applicable", 0)
    assert result.reason
    assert result.reason.en == "no part of this profile"
    assert report.verdict == "conformant"


def test_a_cell_that_must_be_filled_counts_in_a_campaign() -> None:
    sheet = Path(__file__).parents[1] / "corpus" / "MAP005" / "fail-number.csv"
    verdicts = {name: validate([sheet], profile=name, workers=1).verdict for name in profiles()}
    assert verdicts["campaign"] == "not-conformant"
    assert verdicts["trial-integration"] != "not-conformant"


@pytest.mark.parametrize("name", profiles())
def test_every_rule_of_a_built_in_profile_has_a_class(name: str) -> None:
    assert "other" not in rule_set.load(name).classes


def test_a_profile_leaves_only_rules_that_there_are(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(f'{HEAD}leaves = ["TPO"]{TITLE}', "utf-8")
    with pytest.raises(LandXmlError, match="no rule is named “TPO”"):
        load(str(path))
