"""Two checks compared by their findings; findings of an earlier check that do not count."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from landxml.database import connect, literal
from landxml.errors import LandXmlError
from landxml_reports import render
from landxml_samples import write
from landxml_validator import validate
from landxml_validator.comparison import compare, read
from tests.marks import quick
from tests.memory import PEAK, is_measured

FAULTS = {"COD001": 6, "LND001": 3, "XSD002": 2, "PTY001": 4}


@pytest.fixture(scope="module")
def goi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("comparison") / "goi"
    write(folder, parcels=80, communes=2, faults=FAULTS, seed=5)
    return folder


@pytest.fixture(scope="module")
def before(goi: Path) -> Path:
    """Findings of the delivery."""
    validate([goi], findings=goi.with_name("truoc.csv"))
    return goi.with_name("truoc.csv")


@pytest.fixture(scope="module", params=quick({"jsonl"}, ["csv", "parquet", "jsonl"]))
def of_any_form(request: pytest.FixtureRequest, goi: Path, before: Path) -> Path:
    """The same in every form; ``before`` and ``after`` are of the others."""
    path = before.with_suffix(f".{request.param}")
    if path != before:
        validate([goi], findings=path)
    return path


@pytest.fixture(scope="module")
def damaged(goi: Path) -> Path:
    """The same delivery under other names: a wrong code was mended, and another one is there in each file."""
    other = shutil.copytree(goi, goi.with_name("sau"))
    for path in other.glob("*.gml"):
        text = path.read_text("utf-8").replace("<ld:danTocId>1<", "<ld:danTocId>88<", 1)
        path.write_text(text.replace("<ld:danTocId>77<", "<ld:danTocId>1<"), "utf-8")
        path.rename(path.with_stem(f"moi-{path.stem}"))
    return other


@pytest.fixture(scope="module")
def after(damaged: Path) -> Path:
    """Findings of the delivery that was changed."""
    validate([damaged], findings=damaged.with_name("sau.parquet"))
    return damaged.with_name("sau.parquet")


def test_what_the_baseline_has_does_not_count(goi: Path, of_any_form: Path, tmp_path: Path) -> None:
    report = validate([goi], baseline=of_any_form, findings=tmp_path / "all.parquet")
    assert (report.verdict, report.errors, report.warnings, report.causes) == ("conformant", 0, 0, [])
    rows = pq.read_table(tmp_path / "all.parquet")
    assert report.baseline
    assert (report.baseline.known, report.baseline.gone) == (rows.num_rows, 0)
    assert set(rows["state"].to_pylist()) == {"known"}
    assert sum(result.known for result in report.results) == rows.num_rows
    for lang in ("vi", "en"):
        assert of_any_form.name in render(report, "text", lang).decode()


def test_what_is_new_counts_wherever_the_rest_has_gone(damaged: Path, before: Path) -> None:
    report = validate([damaged], baseline=before, samples=1)
    failed = {result.rule.code: result for result in report.results if result.state == "failed"}
    changed = {"COD001": (2, 0), "PKG011": (2, 0)}  # a new code, and so another hash, in each of two files
    assert {code: (result.count, result.known) for code, result in failed.items()} == changed
    assert failed["COD001"].samples[0].params["code"] == "88"
    assert {cause.rule: cause.count for cause in report.causes} == {"COD001": 2, "PKG011": 2}
    assert report.verdict == "not-conformant"
    assert report.baseline
    assert report.baseline.gone == FAULTS["COD001"]


def test_changes_are_counted_as_sets_of_fingerprints_say(
    of_any_form: Path, after: Path, tmp_path: Path
) -> None:
    files = (read(path, tmp_path / f"{at}.parquet") for at, path in enumerate((of_any_form, after)))
    old, new = ({row["fingerprint"]: row for row in pq.read_table(file).to_pylist()} for file in files)
    expected: dict[str, Counter[str]] = {"new": Counter(), "persisting": Counter(), "gone": Counter()}
    for sign in old | new:
        state = "gone" if sign not in new else "persisting" if sign in old else "new"
        expected[state][(new.get(sign) or old[sign])["rule"]] += 1
    found: dict[str, Counter[str]] = {state: Counter() for state in expected}
    for change in compare(of_any_form, after).changes:
        for state in expected:
            found[state][change.rule] += getattr(change, state)
    assert {state: +counts for state, counts in found.items()} == expected
    assert all(expected.values())


def test_a_rule_that_was_not_evaluated_says_nothing_is_gone(goi: Path, before: Path, tmp_path: Path) -> None:
    other = shutil.copytree(goi, tmp_path / "hong")
    path = next(other.glob("*.gml"))
    path.write_bytes(path.read_bytes()[:-2000])
    report = validate([other], baseline=before)
    broken = {result.rule.code for result in report.results if result.state == "not-evaluated"}
    assert broken
    assert report.baseline
    assert report.baseline.known <= sum(FAULTS.values())


@pytest.mark.parametrize("name", ["x.csv", "x.parquet", "x.jsonl"])
@pytest.mark.parametrize(
    "content",
    [
        b"\x00\xff",
        b"rule,fingerprint\nA,b\n",
        b'{"rule": 1}\n',
        b"rule,severity,commune,fingerprint\na,b,c,d\n",
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LandXmlError, match="--findings"):
        read(tmp_path / name, tmp_path / "out.parquet")


def test_a_fingerprint_that_is_missing_is_refused(tmp_path: Path) -> None:
    """It would be the same as any other that is missing."""
    (tmp_path / "x.csv").write_text("rule,severity,commune,fingerprint\nCOD001,error,00001,\n")
    with pytest.raises(LandXmlError, match="--findings"):
        compare(tmp_path / "x.csv", tmp_path / "x.csv")


COMPARE = """
import sys
from landxml_validator.comparison import compare
from tests.marks import quick
from tests.memory import PEAK, is_measured
(change,) = compare(*sys.argv[1:]).changes
"""
SAID = "print(change.new, change.persisting, change.gone, peak)"


@pytest.mark.slow
@is_measured
def test_four_million_findings_are_compared_in_little_memory(tmp_path: Path) -> None:
    names = [str(tmp_path / "before.csv"), str(tmp_path / "after.parquet")]
    for first, name in enumerate(names):
        with connect(tmp_path) as con:
            con.execute(f"""COPY (
SELECT 'COD001' AS rule, 'error' AS severity, '' AS commune, md5(n::VARCHAR) AS fingerprint
FROM range({first}, {first} + 4_000_000) numbers(n)) TO {literal(name)}""")
    command = [sys.executable, "-c", COMPARE + PEAK + SAID, *names]
    done = subprocess.run(command, capture_output=True, check=True)
    *counts, peak = map(int, done.stdout.split())
    assert (counts, peak < 700) == ([1, 3_999_999, 1], True)
