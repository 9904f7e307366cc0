"""The rule set of a run: rules as its profile has them."""

from __future__ import annotations

import copy
import pickle  # noqa: TID251 - as the processes of a run send it
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from landxml_validator import rule_set
from landxml_validator.rule import Stage, builtin

OWN = """
id = "own"
required = ["geometry"]
severity = { GEO003 = "error" }
parameters = { GEO003 = { tolerance = 7.5 } }
title = { vi = "riêng", en = "own" }
"""


@pytest.fixture
def own(tmp_path: Path) -> rule_set.RuleSet:
    path = tmp_path / "own.toml"
    path.write_text(OWN, "utf-8")
    return rule_set.load(str(path))


def test_rules_are_as_the_profile_has_them(own):
    rule = own.rules["GEO003"]
    assert (rule.severity, rule.values["tolerance"]) == ("error", 7.5)
    assert (builtin()["GEO003"].severity, builtin()["GEO003"].values["tolerance"]) != ("error", 7.5)
    assert own.rules.keys() == builtin().keys()


def test_it_can_be_sent_to_another_process(own):
    sent = pickle.loads(pickle.dumps(own))  # noqa: S301 - our own
    assert (sent, sent.digest) == (own, own.digest)


def test_every_rule_has_one_stage(own):
    stages = [own.at(stage) for stage in get_args(Stage)]
    assert sorted(rule.code for rules in stages for rule in rules) == sorted(own.rules)
    assert own.at(*get_args(Stage)) == tuple(own.rules.values())


def test_its_digest_says_what_it_holds(own):
    plain = rule_set.load("trial-integration")
    assert plain.digest == rule_set.load("trial-integration").digest != own.digest
    rules = copy.copy(own.rules)
    rules["GEO003"] = msgspec.structs.replace(rules["GEO003"], sql="SELECT 1")
    assert msgspec.structs.replace(own, rules=rules).digest != own.digest


def test_the_code_of_a_rule_is_part_of_its_digest(own, monkeypatch):
    before = own.digest
    monkeypatch.setattr("landxml_validator.rule.getsource", lambda _: "")
    assert own.digest != before


def test_the_classes_of_trial_integration_are_the_headings_of_the_official_list():
    rules = rule_set.load("trial-integration")
    assert [title.en for title in rules.classes.values() if title.en.startswith("X.")] == [
        "X.1 Collected documents",
        "X.2 Base spatial data",
        "X.3 Cadastral spatial data",
        "X.4 Cadastral attribute data",
        "X.5 Unstructured data (scans)",
        "X.6 Metadata",
    ]
    assert {rule.conformance for rule in rules.rules.values()} <= rules.classes.keys()
    assert set(rules.profile.required) == {rule.conformance for rule in rules.rules.values()} - {"columns"}
    classes = {
        code: rules.rules[code].conformance for code in ("PKG001", "MAP001", "GEO007", "LNK001", "REF001")
    }
    assert [*classes.values()] == ["files", "columns", "spatial", "attributes", "attributes"]


def test_families_are_the_classes_of_a_profile_that_names_none(own):
    assert own.classes["geometry"].en == "Geometry"
    assert own.rules["GEO007"].conformance == "geometry"


def test_a_profile_may_group_rules_by_any_line_of_the_law(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(f'{OWN.replace("geometry", "serials")}[classes]\nserials = "TT10-2024/29"\n', "utf-8")
    rules = rule_set.load(str(path))
    assert [code for code, rule in rules.rules.items() if rule.conformance == "serials"] == [
        "CRT001",
        "UNQ003",
        "UNQ008",
    ]
    assert {name: title.en for name, title in rules.classes.items()} == {
        "serials": "Certificate serial",
        "other": "Other rules",
    }
