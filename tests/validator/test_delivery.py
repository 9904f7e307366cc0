"""The rules over the whole delivery."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from landxml_samples import package
from landxml_validator import pipeline, rule_set, validate
from landxml_validator.report import Report
from landxml_validator.rule_set import RuleSet

CORPUS = Path(__file__).parents[1] / "corpus"


def found(report: Report) -> dict[str, int]:
    return {result.rule.code: result.count for result in report.results if result.count}


def test_a_rule_may_look_at_the_files(tmp_path, monkeypatch):
    package.write(tmp_path / "goi", parcels=4, communes=1)
    shutil.copy(CORPUS / "PKG005/pass-dossiers.zip", tmp_path / "goi")

    def load(*arguments: Any) -> RuleSet:
        rules = rule_set.load(*arguments)
        sql = "SELECT _file, concat_ws('|', layout, container, date IS NULL,"
        sql += " array_to_string(capabilities, '|')) AS other FROM Tep"
        own = msgspec.structs.replace(rules.rules["UNQ002"], sql=sql)
        return msgspec.structs.replace(rules, rules=rules.rules | {own.code: own})

    monkeypatch.setattr(pipeline, "load", load)
    report = validate(tmp_path / "goi")
    (result,) = [result for result in report.results if result.rule.code == "UNQ002"]
    files = {finding.file.rpartition("/")[2]: finding.params["other"] for finding in result.samples}
    (national,) = [files.pop(name) for name in sorted(files) if name.endswith(".gml")]
    capable = "geometry|metadata|registration|scans|schema|writes"
    assert national == f"national|{tmp_path}/goi|false|{capable}"
    capable = "dossier|registration|scans|schema|writes"
    dossier = f"vbdlis-xml|{tmp_path}/goi/pass-dossiers.zip|true|{capable}"
    assert files == {"a.xml": dossier, "b.xml": dossier}


def test_only_dossiers_may_repeat_a_parcel(tmp_path):
    """A file does not become a dossier because it has no metadata."""
    text = (CORPUS / "base/national.xml").read_text("utf-8")
    metadata = text[text.index("<ld:sieuDuLieu>") : text.index("</ld:sieuDuLieu>") + len("</ld:sieuDuLieu>")]
    (tmp_path / "a.xml").write_text(text, "utf-8")
    other = text.replace(metadata, "").replace('.1"', '.9"')
    (tmp_path / "b.xml").write_text(other, "utf-8")
    assert found(validate(tmp_path)).keys() >= {"UNQ002", "UNQ003"}


@pytest.mark.parametrize("severity", ["error", "info"])
def test_a_profile_may_let_layouts_be_mixed(tmp_path, severity):
    profile = tmp_path / "own.toml"
    profile.write_text(
        'id = "own"\nrequired = ["package"]\n[title]\nvi = "a"\nen = "a"\n'
        f'[severity]\nPKG005 = "{severity}"\n',
        "utf-8",
    )
    report = validate(CORPUS / "PKG005/fail-mixed.zip", profile=str(profile))
    assert found(report)["PKG005"] == 1
    assert report.verdict == ("not-conformant" if severity == "error" else "conformant")
