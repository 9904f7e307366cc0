from __future__ import annotations

import runpy
import tomllib
from pathlib import Path

import pytest

from landxml_samples import FAULTS
from landxml_validator.pipeline import validate
from landxml_validator.report import Finding, Result
from landxml_validator.rule import builtin
from tests.marks import quick
from tests.messages import assert_message
from tests.rules import only

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests/corpus"
EXPECTED = tomllib.loads((CORPUS / "expected.toml").read_text("utf-8"))
THERE = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("[A-Z]*/*"))
NAMES = [*THERE, *EXPECTED["absent"]]


def results(name: str) -> dict[str, Result]:
    """Validate one file of the corpus; return the rules that it fails."""
    special = EXPECTED.get(name, {})
    table = special.get("suppressions")
    report = validate(
        [CORPUS / name],
        as_of=special.get("as_of", EXPECTED["as_of"]),
        suppressions=CORPUS / table if table else None,
        operating=[CORPUS / name for name in special.get("existing", ())],
        workers=1,
    )
    failed = {result.rule.code: result for result in report.results if result.count}
    assert (report.verdict == "conformant") == all(r.severity != "error" for r in failed.values())
    return failed


@pytest.mark.slow  # the first files that fail are checked against all rules, too
@pytest.mark.parametrize("name", [name for name in NAMES if "/pass-" in name])
def test_a_file_that_passes_fails_no_rule(name: str) -> None:
    assert results(name) == {}


FAILING = [name for name in NAMES if "/fail-" in name]
FIRST = {name.partition("/")[0]: name for name in reversed(FAILING)}
QUICK = {name for code, name in FIRST.items() if code not in FAULTS}
"""Of rules whose faults no sample has; the others find each once, and no other, in samples/test_faults.py."""
ALONE = [code for code, rule in builtin().items() if rule.stage in {"load", "record", "file"}]
"""Rules that look at one file at a time."""
TOGETHER = {
    name
    for name in QUICK
    if name[:6] in ALONE and name.endswith(".xml") and "hosoxml" not in name and name not in EXPECTED
}


@pytest.mark.parametrize("name", quick(QUICK - TOGETHER, FAILING))
def test_a_file_that_fails_fails_its_rule_once_and_no_other(name: str) -> None:
    failed = results(name)
    code = name.partition("/")[0]
    assert {rule: result.count for rule, result in failed.items()} == {code: 1}
    (finding,) = failed[code].samples
    assert_told(failed[code], finding, name)


def test_files_of_one_run_fail_each_its_rule_once_and_none_of_the_others() -> None:
    """That their parcels are all of one number is not seen by these rules."""
    rules = {name.partition("/")[0] for name in TOGETHER}
    report = validate(
        [CORPUS / name for name in TOGETHER], as_of=EXPECTED["as_of"], configuration=only(*rules)
    )
    told = {Path(each[1].file).relative_to(CORPUS).as_posix(): each for each in report.findings()}
    assert told.keys() == TOGETHER
    assert sum(result.count for result in report.results) == len(TOGETHER)
    for name, (result, finding) in told.items():
        assert result.rule.code == name.partition("/")[0]
        assert_told(result, finding, name)


def assert_told(result: Result, finding: Finding, name: str) -> None:
    """Check that what is said is whole, and of a national record that it is said where this begins."""
    assert_message(result, finding)
    if finding.cls and result.rule.sql and name.endswith(".xml") and "hosoxml" not in name:
        line = (CORPUS / name).read_text("utf-8").splitlines()[finding.line - 1]
        assert f'<ld:{finding.cls} gml:id="{finding.id}"' in line


def test_every_rule_has_a_file_that_passes_and_one_that_fails() -> None:
    for case in ("/pass-", "/fail-"):
        assert set(builtin()) - {name.partition("/")[0] for name in NAMES if case in name} == set()


def test_the_corpus_is_fresh() -> None:
    made = runpy.run_path(str(ROOT / "tasks/build_corpus.py"))["corpus"]()
    assert {name: (CORPUS / name).read_bytes() for name in THERE} == made
