"""What an office changes: read with all mistakes at once, decided by length of code, said in every report."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest

from landxml.errors import LandXmlError
from landxml_reports import text
from landxml_samples import write
from landxml_validator import rule_set, validate
from landxml_validator.configuration import Setting, deciding, off
from landxml_validator.configuration_file import given, nearest_file, read
from landxml_validator.rule import builtin
from landxml_validator.shared import shared
from tests.rules import only

CORPUS = Path(__file__).parents[1] / "corpus"
OFFICE = """\
ignore = [
  "TXT",
  "LND001",
]

[severity]
GEO = "info"
GEO002 = "error"

[parameters.GEO003]
tolerance = 3
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "landxml.toml"
    path.write_text(OFFICE, "utf-8")
    return path


def test_each_setting_knows_its_line(office: Path) -> None:
    assert [(repr(each), each.line) for each in read(office)] == [
        ("ignore TXT", 2),
        ("ignore LND001", 3),
        ('severity GEO = "info"', 7),
        ('severity GEO002 = "error"', 8),
        ("parameters GEO003.tolerance = 3", 11),
    ]
    assert read(office)[0].reason.vi == "bị bỏ qua theo landxml.toml dòng 2"


def test_the_rule_set_is_another_value_and_nothing_else(office: Path) -> None:
    plain, changed = (rule_set.load("trial-integration", settings=each) for each in ((), read(office)))
    assert changed.digest != plain.digest
    assert {code for code in changed.ignored if not code.startswith("TXT")} == {"LND001"}
    assert changed.rules.keys() == plain.rules.keys()
    assert not {rule.code for rule in changed.at("record")} & changed.ignored
    assert (changed.rules["GEO001"].severity, changed.rules["GEO002"].severity) == ("info", "error")
    assert changed.rules["GEO003"].values["tolerance"] == 3
    moved = [
        type(each)(key=each.key, code=each.code, name=each.name, value=each.value) for each in read(office)
    ]
    again = rule_set.load("trial-integration", settings=moved)
    assert again.digest == changed.digest, "where it is said is no part of what is found"


def test_the_command_line_is_stronger_than_the_file_and_long_codes_than_short_ones(office: Path) -> None:
    settings = (*read(office), *given(severity={"GEO": "warning"}, select=["LND"], ignore=["LND00"]))
    level = deciding(settings, "severity", "GEO002")
    assert level
    assert (level.value, level.place.en) == ("warning", "--severity")
    found = {code: off(settings, code) for code in ("LND010", "LND001", "GEO001")}
    reasons = {code: each and each.reason.en for code, each in found.items()}
    assert reasons == {"LND010": None, "LND001": "ignored by --ignore", "GEO001": "not selected by --select"}
    inside = given(select=["GEO002"], ignore=["GEO"])
    assert (off(inside, "GEO002"), off(inside, "GEO003") is None) == (None, False)


def test_all_mistakes_are_told_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(
        'selct = ["GEO"]\nignore = [\n  "LNDX",\n]\nselect = 3\n[severity]\nGEO = "warn"\n'
        '[parameters.GEO003]\ntolerence = 1\ntolerance = "a"\n[parameters.TXT]\nx = 1\n',
        "utf-8",
    )
    with pytest.raises(LandXmlError) as error:
        read(path)
    assert [line.replace(f"{path}:", "").strip() for line in str(error.value).splitlines()[1:]] == [
        "1: there is no key “selct”; did you mean select?",
        "3: there is no rule “LNDX”; did you mean LND?",
        "5: select: a list of codes is expected",
        "7: there is no severity “warn”; did you mean warning?",
        "9: there is no parameter of GEO003 “tolerence”; did you mean tolerance?",
        '10: parameters.GEO003.tolerance = "a" does not fit; expected: a number',
        "12: there is no parameter of TXT “x”",
    ]
    assert "3: không có quy tắc “LNDX”; có phải ý bạn là LND?" in error.value.text("vi")


def test_a_table_behind_one_within_it_has_its_own_line(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("[selct.a]\nx = 1\n[selct]\ny = 1\n", "utf-8")
    with pytest.raises(LandXmlError, match=r"x\.toml:3: there is no key “selct”"):
        read(path)


@pytest.mark.parametrize(
    "text", ["severity = 3", "[parameters]\nGEO003 = 3", "ignore = [1]", "ignore = ", "\udcff"]
)
def test_what_is_no_configuration_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(LandXmlError, match=r"x\.toml"):
        read(path)


def test_the_nearest_file_counts(office: Path) -> None:
    deep = office.parent / "a" / "b"
    deep.mkdir(parents=True)
    assert nearest_file(deep) == office
    own = deep / "landxml.toml"
    own.write_text("", "utf-8")
    assert nearest_file(deep) == own


def test_what_is_ignored_is_not_evaluated_and_its_class_not_conformant() -> None:
    broken = [CORPUS / "LND002" / "fail-zero.xml"]
    assert validate(broken, workers=1).verdict == "not-conformant"
    report = validate(broken, configuration=given(ignore=["LND002"]), workers=1)
    (result,) = [result for result in report.results if result.rule.code == "LND002"]
    assert (result.state, result.count, result.samples) == ("not-evaluated", 0, [])
    assert result.reason
    assert result.reason.en == "ignored by --ignore"
    assert report.verdict == "not-evaluated", "nobody mistakes it for conformity"
    assert {each.id: each.state for each in report.conformance}["attributes"] == "not-evaluated"
    assert [repr(each) for each in report.configuration] == ["ignore LND002"]


def test_what_readers_find_can_be_ignored_like_anything_else() -> None:
    settings = given(ignore=["TXT", "PKG"], severity={"XSD": "warning"})
    report = validate([CORPUS / "PKG001" / "fail-cut-off.xml"], configuration=settings, workers=1)
    assert not [result for result in report.results if result.count and result.rule.code.startswith("PKG")]
    assert report.exit_code() == 2


def test_a_warning_that_is_ignored_leaves_the_verdict() -> None:
    sound = [CORPUS / "LND002" / "pass-base.xml"]
    report = validate(sound, configuration=given(ignore=["TXT001", "GEO003"]), workers=1)
    assert report.verdict == "conformant"
    states = {result.rule.code: result.state for result in report.results}
    assert (states["TXT001"], states["GEO003"]) == ("not-evaluated", "not-evaluated")


LOCAL = """\
profile = "campaign"

[parameters]
sliver-width = 0.2

[classes.spatial]
severity = "info"
ignore = ["GEO011"]

[classes.spatial.parameters.GEO]
least = 0.5

[communes."06652"]
ignore = ["LND002"]

[communes."06652".parameters]
sliver-area = 100
"""


def test_profile_classes_communes_and_shared_parameters(office: Path) -> None:
    office.write_text(LOCAL, "utf-8")
    settings = read(office)
    assert [(repr(each), each.line) for each in settings if each.key != "parameters"] == [
        ('profile = "campaign"', 1),
        ("ignore spatial:GEO011", 8),
        ('severity spatial = "info"', 7),
        ("ignore 06652:LND002", 14),
    ]
    rules = rule_set.load(None, settings=settings)
    assert rules.profile.id == "campaign"
    spatial = [rule for rule in rules.rules.values() if rule.conformance == "spatial"]
    assert {rule.severity for rule in spatial} == {"info"}
    assert rules.ignored == {"GEO011"}
    assert {rules.rules[code].values["width"] for code in ("GEO007", "TOP001", "TOP002")} == {0.2}
    assert rules.rules["GEO013"].values["least"] == 0.5
    (here,) = [rule for rule in rules.of_commune("06652") if rule.code == "GEO007"]
    (there,) = [rule for rule in rules.of_commune("06658") if rule.code == "GEO007"]
    assert (here.values["tolerance"], there.values["tolerance"]) == (100, 1.0)
    assert (
        rules.digest != rule_set.load(None, settings=[each for each in settings if not each.commune]).digest
    )
    asked = rule_set.load("trial-integration", settings=settings)
    assert (asked.profile.id, "profile" in {each.key for each in asked.settings}) == (
        "trial-integration",
        False,
    )


def test_a_commune_has_its_own_tolerance_and_what_it_ignores_is_told() -> None:
    overlap = [CORPUS / "GEO007" / "fail-overlap.xml"]
    local = [
        Setting(key="parameters", code=code, name="tolerance", value=100, commune="06652")
        for code in ("GEO007", "TOP002")
    ]
    ignore = Setting(key="ignore", code="LND", commune="06652", file="landxml.toml", line=3)
    report = validate(overlap, configuration=[*local, ignore], workers=1)
    counts = {result.rule.code: result.count for result in report.results}
    assert (counts["GEO007"], counts["TOP002"]) == (0, 1)
    (area,) = [result for result in report.results if result.rule.code == "LND002"]
    assert area.reason
    assert area.reason.en == "ignored in commune 06652 by landxml.toml line 3"
    assert report.verdict == "not-evaluated"
    elsewhere = [msgspec.structs.replace(each, commune="06658") for each in (*local, ignore)]
    assert validate(overlap, configuration=elsewhere, workers=1).verdict == "conformant"


def test_findings_that_a_commune_ignores_do_not_count() -> None:
    broken = [CORPUS / "LND002" / "fail-zero.xml"]
    ignore = Setting(key="ignore", code="LND002", commune="06652", file="landxml.toml", line=3)
    report = validate(broken, configuration=[ignore], workers=1)
    assert report.suppressions
    assert (report.suppressions.name, report.suppressions.count, report.errors) == ("landxml.toml", 1, 0)
    assert report.verdict == "not-evaluated"


def test_a_commune_has_severities_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "goi", parcels=40, communes=2, faults={"LND002": 6, "TXT003": 2})
    (tmp_path / "x.toml").write_text('[communes."06652".severity]\nLND = "warning"\nTXT003 = "error"\n')
    milder = read(tmp_path / "x.toml")
    both = [*milder, *(msgspec.structs.replace(each, commune="06658") for each in milder[:1])]
    found = tmp_path / "found.parquet"

    report = validate([tmp_path / "goi"], configuration=milder, findings=found, workers=1)
    (area,) = [each for each in report.results if each.rule.code == "LND002"]
    assert set(area.by_commune) == {"06652", "06658"}
    assert (area.severity, area.levels) == ("error", {"06652": "warning"})
    (text,) = [each for each in report.results if each.rule.code == "TXT003"]
    assert text.severity == ("error" if "06652" in text.by_commune else "warning")
    first, second = report.by_commune
    assert first.warnings == area.by_commune["06652"] + text.by_commune.get("06658", 0)
    assert second.errors == area.by_commune["06658"]
    assert (first.errors + second.errors, first.warnings + second.warnings) == (
        report.errors,
        report.warnings,
    )
    classes = {each.id: (each.errors, each.warnings) for each in report.conformance}
    assert tuple(map(sum, zip(*classes.values(), strict=True))) == (report.errors, report.warnings)
    rows = pq.read_table(found).to_pylist()
    assert {(each["commune"], each["severity"]) for each in rows if each["rule"] == "LND002"} == {
        ("06652", "warning"),
        ("06658", "error"),
    }

    report = validate([tmp_path / "goi"], configuration=both[:1] + both[2:], workers=1)
    assert (report.verdict, report.errors, report.exit_code()) == ("conformant", 0, 0)
    asked = [*both, *given(severity={"LND002": "error"})]
    report = validate([tmp_path / "goi"], configuration=asked, workers=1)
    assert (report.verdict, report.errors >= 6) == ("not-conformant", True), "the command line is stronger"


def test_a_rule_is_not_decided_again_for_a_commune_that_says_what_holds_everywhere() -> None:
    usual = rule_set.load("campaign").rules["LND001"].values["tolerance"]
    same, other = (
        Setting(key="parameters", code="LND001", name="tolerance", value=value, commune="06652")
        for value in (usual, usual + 1)
    )
    names = [
        [rule.name for rule in rule_set.load("campaign", settings=[each]).local] for each in (same, other)
    ]
    assert names == [[], ["LND001_06652"]]


def test_what_is_ignored_as_an_error_in_a_commune_is_not_conformant_and_a_warning_may_be(
    tmp_path: Path,
) -> None:
    write(tmp_path / "goi", parcels=40, communes=2, faults={"LND002": 6})

    def verdict(here: str, there: str) -> tuple[str, str, bool]:
        path = tmp_path / "x.toml"
        path.write_text(
            '[communes."06652"]\nignore = ["LND002"]\n'
            f'severity.LND002 = "{here}"\n[communes."06658"]\nseverity.LND002 = "{there}"\n'
        )
        report = validate([tmp_path / "goi"], configuration=read(path), workers=1)
        (area,) = [each for each in report.results if each.rule.code == "LND002"]
        return report.verdict, area.state, "(ignored in commune 06652 by" in text.render(report, "en")

    assert verdict("error", "warning") == ("not-evaluated", "failed", True)
    assert verdict("warning", "warning") == ("conformant", "failed", False)
    assert verdict("warning", "error") == ("not-conformant", "failed", False)


@pytest.mark.parametrize(
    ("code", "case", "values"),
    [
        ("LND001", "fail-sum.xml", {"tolerance": 1e9}),  # of a record
        pytest.param("AST003", "fail-house.xml", {"tolerance": 1e9}, marks=pytest.mark.slow),  # of a file
        ("CRS002", "fail-meridian.xml", {"margin": 1e9}),  # of a file, in Python
        ("TOP006", "fail-overlap.xml", {"width": 1e9}),  # of a border
        pytest.param("LNK003", "fail-area.zip", {"tolerance": 1e9}, marks=pytest.mark.slow),  # and map
    ],
)
def test_a_commune_has_parameters_of_its_own(code: str, case: str, values: dict[str, float]) -> None:
    def found(**given: dict[str, float]) -> tuple[dict[str, int], list[str]]:
        settings = [
            Setting(key="parameters", code=code, name=name, value=value, commune=commune.strip("_"))
            for commune, said in given.items()
            for name, value in said.items()
        ]
        report = validate([CORPUS / code / case], configuration=[*settings, *only(code)], workers=1)
        (result,) = [each for each in report.results if each.rule.code == code]
        return result.by_commune, [each.fingerprint for each in result.samples]

    plain, usual = found(), {name: builtin()[code].values[name] for name in values}
    counts, _ = plain
    assert counts
    assert found(_10273=values) == plain, "a commune that is not there"
    assert found(**dict.fromkeys(counts, values)) == ({}, [])
    assert found(_=values, **dict.fromkeys(counts, usual)) == plain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('profile = "campain"', "1: no profile is named “campain”; did you mean campaign?"),
        ('select = ["GEO"]\nignore = ["GEO"]', "2: “GEO” is both selected and ignored"),
        ("[classes.spatal]", "1: there is no class of trial-integration “spatal”; did you mean spatial?"),
        ("[classes.spatial]\nselect = []", "2: there is no key “select”"),
        ('[communes."6652"]', "1: there is no commune “6652”; did you mean 06652?"),
        ("communes = 3", "1: communes: tables [communes.…] is expected"),
        ('[communes."06652"]\nseverity = "warn"', "2: there is no severity “warn”; did you mean warning?"),
        (
            '[communes."06652".severity]\nGEX001 = "info"',
            "2: there is no rule “GEX001”; did you mean GEO001?",
        ),
        (
            '[communes."99999".parameters.GEO003]\ntolerance = 3\n[communes."6652".severity]\nGEO = "info"',
            "3: there is no commune “6652”; did you mean 06652?",
        ),
        ("[parameters]\nsliver-widht = 1", "2: there is no rule “sliver-widht”; did you mean sliver-width?"),
        ('[parameters]\nsliver-width = "1"', '2: parameters.sliver-width = "1" does not fit'),
    ],
)
def test_mistakes_in_sections(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "x.toml").write_text(text, "utf-8")
    with pytest.raises(LandXmlError) as error:
        read(tmp_path / "x.toml")
    assert said in str(error.value)


def test_rules_that_share_a_parameter_must_agree(office: Path) -> None:
    office.write_text("[parameters.GEO007]\nwidth = 0.5\n", "utf-8")
    with pytest.raises(LandXmlError) as error:
        rule_set.load(None, settings=read(office))
    said = "GEO007.width = 0.5 (landxml.toml line 2), TOP001.width = 0.1, TOP002.width = 0.1: they must be"
    assert said in str(error.value)
    assert "sliver-width" in error.value.text("vi")
    alone = [*read(office), *given(ignore=["TOP"])]
    assert rule_set.load(None, settings=alone).rules["GEO007"].values["width"] == 0.5


def test_shared_parameters_are_those_of_rules() -> None:
    for each in shared().values():
        values = [builtin()[code].values[name] for code, name in each.parameters]
        assert len(values) > 1
        assert len(set(values)) == 1
