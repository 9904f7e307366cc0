"""Findings taken together by what is behind them."""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landxml_samples import write
from landxml_validator import causes, validate
from landxml_validator.causes import RARE
from landxml_validator.findings import SCHEMA
from landxml_validator.report import Cause
from landxml_validator.rule import builtin

RULES = builtin()


def row(rule: str = "COD001", **values: Any) -> dict[str, Any]:
    text = {name: "" for name in SCHEMA.names if pa.types.is_string(SCHEMA.field(name).type)}
    params = json.dumps({"code": values.pop("code", "77"), "list": "DanToc"})
    return text | {"rule": rule, "cls": "ThuaDat", "at": 1, "state": "new", "params": params} | values


def of(folder: Path, rows: list[dict[str, Any]]) -> list[Cause]:
    path = folder / "findings.parquet"
    pq.write_table(pa.Table.from_pylist(sorted(rows, key=lambda each: each["rule"]), SCHEMA), path)
    with duckdb.connect() as con:
        return causes.of(con, path, RULES)


def counts(found: list[Cause]) -> list[tuple[str, int, int]]:
    return [(cause.rule, cause.count, cause.following) for cause in found]


def test_one_value_in_thousands_of_records_is_one_cause(tmp_path: Path) -> None:
    rows = [
        row(id=f"a{n}", file=f"{n % 3}.gml", commune=f"0000{n % 2}", parcel=f"1/{n}") for n in range(2000)
    ]
    (cause,) = of(tmp_path, rows)
    assert (cause.count, cause.parcels, cause.communes, cause.files, cause.alike) == (2000, 2000, 2, 3, True)
    assert cause.example.params["code"] == "77"


def test_a_cause_is_as_severe_as_the_worst_of_its_own_findings(tmp_path: Path) -> None:
    levels = [("77", "info"), ("77", "warning"), ("X", "warning"), ("X", "error"), ("X", "info")]
    rows = [row(code=code, id=f"a{n}", severity=level) for n, (code, level) in enumerate(levels * 5)]
    assert [(cause.count, cause.severity) for cause in of(tmp_path, rows)] == [(15, "error"), (10, "warning")]


def test_values_that_are_rare_are_taken_together(tmp_path: Path) -> None:
    rows = [row(code="77", id=f"a{n}") for n in range(300)] + [row(code="X", id=f"b{n}") for n in range(100)]
    rows += [row(code=f"typo {n}", id=f"c{n}") for n in range(70)]
    found = of(tmp_path, rows)
    assert counts(found) == [("COD001", 300, 0), ("COD001", 100, 0), ("COD001", 70, 0)]
    assert [cause.alike for cause in found] == [True, True, False]


def test_cases_of_a_rule_are_causes_of_their_own(tmp_path: Path) -> None:
    said = [json.dumps({"detail": detail}) for detail in ("missing", "unknown", None)]
    assert len(of(tmp_path, [row("LND001", params=each) for each in said * 5])) == 3


def test_what_follows_from_a_finding_belongs_to_its_cause(tmp_path: Path) -> None:
    same = {"id": "t1", "file": "a.gml"}
    rows = [
        row("UNQ001", **same),
        row("UNQ002", **same),
        row("LNK001", **same),
        row("UNQ002", id="t2", file="a.gml"),
    ]
    assert counts(of(tmp_path, rows)) == [("UNQ001", 1, 2), ("UNQ002", 1, 0)]


def test_what_is_wrong_with_a_file_is_the_cause_of_what_follows_in_it_only(tmp_path: Path) -> None:
    rows = [row("UNQ006", cls="", file="a.gml")]
    rows += [row("UNQ001", id=f"t{n}", file=file) for file in ("a.gml", "b.gml") for n in range(4)]
    assert counts(of(tmp_path, rows)) == [("UNQ001", 4, 0), ("UNQ006", 1, 4)]


def test_the_place_of_a_repeated_element_makes_no_cause(tmp_path: Path) -> None:
    paths = ("chu/CaNhan/giayTo", "chu/CaNhan[1]/giayTo", "chu/CaNhan[12]/giayTo", "chu/ToChuc/giayTo")
    found = of(tmp_path, [row("XSD001", path=path, params="{}") for path in paths])
    assert sorted(cause.count for cause in found) == [1, 3]


def test_what_is_wrong_with_all_texts_is_one_cause_with_all_that_follows(tmp_path: Path) -> None:
    write(tmp_path / "goi", parcels=20, communes=1, seed=4)
    (file,) = (tmp_path / "goi").glob("*.gml")
    text = re.sub(
        "(?<=>)[^<>]*[^\x00-\x7f][^<>]*(?=<)",
        lambda found: found[0].encode().decode("latin-1"),
        file.read_text("utf-8"),
    )
    file.write_text(text, "utf-8")
    report = validate([file])
    results = {result.rule.code: result.count for result in report.results if result.count}
    assert results.keys() == {"PKG011", "TXT002", "TXT003"}
    assert [(c.rule, c.count, c.following) for c in report.causes] == [
        ("PKG011", 1, 0), ("TXT002", results["TXT002"], results["TXT003"]),
    ]  # fmt: skip


FOUND = st.fixed_dictionaries(
    {
        "rule": st.sampled_from(["COD001", "UNQ001", "UNQ002", "UNQ006", "LNK001", "ADM001"]),
        "code": st.sampled_from("abc"),
        "id": st.sampled_from(["", "t1", "t2"]),
        "file": st.sampled_from(["a.gml", "b.gml"]),
    }
)


def _roots(code: str) -> set[str]:
    return {root for each in RULES[code].follows for root in {each, *_roots(each)}}


def naive(rows: list[dict[str, Any]]) -> dict[str, list[int]]:
    """Sizes of the causes of each rule, and how many findings follow."""

    def led(found: dict[str, Any]) -> bool:
        return any(
            other["rule"] in _roots(found["rule"])
            and other["file"] == found["file"]
            and other["id"] in ("", found["id"])
            for other in rows
        )

    own = [found for found in rows if not led(found)]
    sizes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for found in own:
        sizes[found["rule"]][found["params"] if RULES[found["rule"]].cause else ""] += 1
    folded = defaultdict(list)
    for rule, values in sizes.items():
        total = sum(values.values())
        often = [n for n in values.values() if n == total or (n > 1 and n * RARE >= total)]
        folded[rule] = sorted([*often, *([total - sum(often)] if sum(often) < total else [])], reverse=True)
    folded["following"] = [len(rows) - len(own)]
    return folded


@given(st.lists(FOUND, max_size=60))
def test_every_finding_is_in_one_cause_as_a_slow_look_at_all_pairs_says(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[dict[str, Any]]
) -> None:
    rows = [row(**each) for each in drawn]
    expected, found = naive(rows), defaultdict(list)
    for cause in of(tmp_path_factory.mktemp("causes"), rows):
        found[cause.rule].append(cause.count)
        found["following"].append(cause.following)
    assert [sum(found.pop("following", []))] == expected.pop("following")
    assert found == expected


def test_a_report_names_the_causes_first(tmp_path: Path) -> None:
    goi = tmp_path / "goi"
    write(goi, parcels=300, communes=2, faults={"COD001": 30, "LND001": 4}, seed=3)
    shutil.copy(next(goi.glob("*.gml")), goi / "ban-sao.gml")
    report = validate([goi])
    found = {cause.rule: cause for cause in report.causes}
    assert found["COD001"].count >= 30
    assert found["UNQ006"].files == 1
    assert sum(c.count + c.following for c in report.causes) == sum(r.count for r in report.results)
