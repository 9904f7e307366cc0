from __future__ import annotations

import json
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[1] / "corpus"
OFFICE = 'ignore = ["LND002"]\n[severity]\nGEO = "info"\n[parameters.GEO003]\ntolerance = 3\n'
BROKEN = CORPUS / "LND002" / "fail-zero.xml"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    path = tmp_path / "landxml.toml"
    path.write_text(
        'ignore = ["LND002"]\n[severity]\nGEO = "info"\n[parameters.GEO003]\ntolerance = 3\n', "utf-8"
    )
    return path


def test_a_check_follows_the_file_above_and_says_so(run, office) -> None:
    found = run("validate", BROKEN, "--lang", "en")
    assert found.code == 2
    said = " ".join(found.out.split())
    assert "LND002 Parcel area is not positive: ignored by ../landxml.toml line 1" in said
    assert "Configuration: LND002 ignored (../landxml.toml line 1) · severity of GEO is Note" in said
    assert "GEO003.tolerance = 3 (../landxml.toml line 5)" in said
    other = office.with_name("other.toml")
    other.write_text("", "utf-8")
    assert run("validate", BROKEN, "--config", other).code == 1


def test_options_change_rules(run) -> None:
    assert run("validate", BROKEN, "--severity", "LND002=warning,GEO=info").code == 0
    found = run("validate", BROKEN, "--select", "GEO,LND", "--ignore", "LND002", "--format", "json")
    report = json.loads(found.out)
    reasons = {each["rule"]["code"]: each["reason"] for each in report["results"] if each["reason"]}
    assert reasons["LND002"]["vi"] == "bị bỏ qua theo --ignore"
    assert reasons["TXT001"]["vi"] == "không được chọn theo --select"
    assert "LND001" not in reasons
    assert [each["code"] for each in report["configuration"]] == ["GEO", "LND", "LND002"]


def test_statistics(run) -> None:
    found = run("validate", BROKEN, "--statistics", "--lang", "en")
    first, *_, last = found.out.splitlines()
    assert (found.code, first) == (1, "Not conformant: errors 1, warnings 0, in records 14.")
    assert last.split() == ["1", "LND002", "Error", "Parcel", "area", "is", "not", "positive"]
    found = run("validate", BROKEN, "--statistics", "--format", "json", "--lang", "en")
    assert "for the form text only" in found.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--ignore", "LNDX"], "--ignore: there is no rule “LNDX”; did you mean LND?"),
        (["--severity", "LND002=warn"], "--severity: there is no severity “warn”; did you mean warning?"),
        (["--severity", "LND002"], "“LND002” is not of the form CODE=LEVEL"),
        (["--config", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_mistakes_are_told_before_anything_is_read(run, options, said) -> None:
    found = run("validate", BROKEN, *options, "--lang", "en")
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert "Traceback" not in found.err


@pytest.mark.usefixtures("office")
def test_config_show(run) -> None:
    found = run("config", "show", "--lang", "en", "--severity", "TXT001=error").out
    lines = {line.split()[0]: " ".join(line.split()) for line in found.splitlines() if line.strip()}
    assert lines["LND002"] == "LND002 – ignored by ../landxml.toml line 1"
    assert lines["GEO001"] == "GEO001 Note (../landxml.toml line 3)"
    assert lines["TXT001"] == "TXT001 Error (--severity)"
    assert lines["GEO003"].startswith(
        "GEO003 Note (../landxml.toml line 3) · tolerance = 3 (../landxml.toml line 5) · ratio = 0.01"
    )
    assert lines["GEO007"].split("·")[0].strip() == "GEO007 Note (../landxml.toml line 3)"


def test_config_show_as_json(run) -> None:
    found = run("config", "show", "--format", "json", "--select", "GEO")
    shown = {each["code"]: each for each in json.loads(found.out)}
    assert shown["GEO003"]["parameters"]["tolerance"]["place"] is None
    assert shown["GEO003"]["ignored"] is None
    assert shown["LND001"]["ignored"]["en"] == "not selected by --select"
