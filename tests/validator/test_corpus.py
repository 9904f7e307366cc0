from __future__ import annotations

import runpy
import tomllib
from pathlib import Path

import pytest

from landxml_samples import FAULTS
from landxml_validator.pipeline import validate
from landxml_validator.report import Result
from landxml_validator.rule import builtin
from tests.marks import quick
from tests.messages import assert_message

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


@pytest.mark.parametrize("name", quick(QUICK, FAILING))
def test_a_file_that_fails_fails_its_rule_once_and_no_other(name: str) -> None:
    failed = results(name)
    code = name.partition("/")[0]
    assert {rule: result.count for rule, result in failed.items()} == {code: 1}
    (finding,) = failed[code].samples
    assert_message(failed[code], finding)
    if finding.cls and failed[code].rule.sql and name.endswith(".xml") and "hosoxml" not in name:
        line = (CORPUS / name).read_text("utf-8").splitlines()[finding.line - 1]
        assert f'<ld:{finding.cls} gml:id="{finding.id}"' in line


def test_every_rule_has_a_file_that_passes_and_one_that_fails() -> None:
    for case in ("/pass-", "/fail-"):
        assert set(builtin()) - {name.partition("/")[0] for name in NAMES if case in name} == set()


def test_the_corpus_is_fresh() -> None:
    made = runpy.run_path(str(ROOT / "tasks/build_corpus.py"))["corpus"]()
    assert {name: (CORPUS / name).read_bytes() for name in THERE} == made
