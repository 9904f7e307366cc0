"""Rules by keys find the same, however many buckets the rows are in."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import itertools
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from landxml.dictionary import national
from landxml_validator import buckets, rule, rule_set, validate
from landxml_validator.stages import Settings
from tests.rules import only
from tests.validator.executors.test_local import die, once

CORPUS = Path(__file__).parents[1] / "corpus"
KEYED = sorted(each.code for each in rule.builtin().values() if each.key)
LAYOUTS = ("national", "dossier")
CHECK: dict[str, Any] = {
    "as_of": dt.date(2026, 3, 1), "force": True, "configuration": only("UNQ", "REF", "PKG")
}  # fmt: skip


def found(folder: Path, delivery: Path, count: int, **options: Any) -> list[dict[str, Any]]:
    """All findings, with the rows of keys in a number of buckets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buckets, "number", lambda _: count)
        validate(delivery, findings=folder / "all.parquet", **CHECK, **options)
    rows: list[dict[str, Any]] = pq.read_table(folder / "all.parquet").to_pylist()
    return rows


def parts(kind: str) -> Iterator[Path]:
    """Files in which each rule by keys finds something: of the national layout, or dossiers."""
    for code in [*KEYED, "UNQ006"]:
        for path in sorted((CORPUS / code).glob("fail-*")):
            if (path.suffix == ".zip" or "hosoxml" in path.name) is (kind == "dossier"):
                yield path


@pytest.fixture(scope="module", params=LAYOUTS)
def delivery(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A delivery in which there is something to find for each rule, over the files, too."""
    folder = tmp_path_factory.mktemp(request.param)
    for path in parts(request.param):
        shutil.copy(path, folder / f"{path.parent.name}-{path.name}")
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Files in which something is to be found in several buckets, at one place, too."""
    (folder := tmp_path / "delivery").mkdir()
    for code in ("REF001", "UNQ002"):
        shutil.copy(next((CORPUS / code).glob("fail-*r*.xml")), folder / f"{code}.xml")
    one, *others = (f'<ld:diaChiChuan xlink:href="#DiaChi.{n}"/>' for n in (1, 9, 3, 7, 5))
    text = (folder / "REF001.xml").read_text("utf-8")
    assert one in text
    (folder / "REF001.xml").write_text(text.replace(one, one + "".join(others), 1), "utf-8")
    return folder


def test_what_is_found_in_two_buckets_is_what_is_found_in_one(tmp_path: Path, small: Path) -> None:
    one = found(tmp_path, small, 1)
    assert {"REF001", "UNQ001", "UNQ002"} <= {row["rule"] for row in one}
    assert found(tmp_path, small, 2) == one


def test_what_buckets_have_found_is_kept(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = found(tmp_path, small, 3, work=tmp_path / "work")
    kept = sorted((tmp_path / "work/outcomes").iterdir())
    monkeypatch.setattr(buckets, "_outcomes", lambda *_: pytest.fail("it was done before"))
    assert found(tmp_path, small, 3, work=tmp_path / "work") == one
    assert sorted((tmp_path / "work/outcomes").iterdir()) == kept


@pytest.mark.slow
def test_what_buckets_have_found_is_not_kept_for_another_delivery(tmp_path: Path, small: Path) -> None:
    one = found(tmp_path, small, 3, work=tmp_path / "work")
    (small / "REF001.xml").unlink()
    assert found(tmp_path, small, 3, work=tmp_path / "work") == found(tmp_path, small, 1) != one


@contextlib.contextmanager
def bad(settings: Settings, reads: Any, *, mark: str) -> Iterator[Callable[[Any, Any], Any]]:
    """Carry out tasks, and die of those of a rule or table; of a path once, of whatever comes first."""
    with buckets.working(settings, reads) as carry_out:

        def dying(task: Any, advance: Any) -> Any:
            if Path(mark).is_absolute():
                once(Path(mark))
            elif mark in {getattr(task, "table", ""), *(task.rules if task.tables else ())}:
                die()
            return carry_out(task, advance)

        yield dying


@pytest.mark.parametrize(
    ("mark", "lost"),
    [
        ("UNQ002", {"UNQ002"}),
        pytest.param("GiayChungNhan-soPhatHanh", {"UNQ003"}, marks=pytest.mark.slow),
        pytest.param("Ids-_id", {"REF001", "REF002", "UNQ001", "UNQ006", "UNQ007"}, marks=pytest.mark.slow),
        pytest.param("Again", {"UNQ001", "UNQ006", "UNQ007"}, marks=pytest.mark.slow),
    ],
)
def test_a_task_that_ends_its_process_costs_its_rules_only(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch, mark: str, lost: set[str]
) -> None:
    one = found(tmp_path, small, 1)
    monkeypatch.setattr(buckets, "number", lambda _: 2)
    monkeypatch.setattr(buckets, "working", partial(bad, mark=mark))
    report = validate(small, workers=2, findings=tmp_path / "all.parquet", **CHECK)
    broken = {
        each.rule.code: each.reason for each in report.results if each.reason and "ended" in each.reason.en
    }
    assert broken.keys() == lost
    several = pq.read_table(tmp_path / "all.parquet").to_pylist()
    others = [row for row in one if row["rule"] not in lost]
    assert [row | {"number": 0} for row in several] == [row | {"number": 0} for row in others]


@pytest.mark.slow
def test_a_process_that_is_killed_costs_nothing_but_time(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buckets, "working", partial(bad, mark=str(tmp_path / "once")))
    several = found(tmp_path, small, 2, workers=2)
    assert (tmp_path / "once").exists()
    assert several == found(tmp_path, small, 1)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ('Could not write: {"exception_message":"x","errno":"28"}', errno.ENOSPC),
        ('IO Error: No files found that match the pattern "x"', errno.ENOENT),
    ],
)
def test_a_full_disk_or_a_part_that_is_gone_is_said_of_the_folder(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch, said: str, number: int
) -> None:
    def fail(*_: object) -> None:
        raise duckdb.IOException(said)

    monkeypatch.setattr(buckets, "_see", fail)
    with pytest.raises(OSError) as error:  # noqa: PT011 - its number is asked for
        found(tmp_path, small, 2, work=tmp_path / "work")
    assert (error.value.errno, error.value.filename) == (number, str(tmp_path / "work"))


@pytest.mark.slow
def test_the_findings_of_any_number_of_buckets_are_those_of_one(delivery: Path, tmp_path: Path) -> None:
    one = found(tmp_path, delivery, 1)
    assert len({row["rule"] for row in one} & {*KEYED}) >= 5
    for count, workers in ((1, 2), (2, 1), (7, 2), (64, 1), (64, 2)):
        assert found(tmp_path, delivery, count, workers=workers) == one


def test_a_large_table_has_more_than_one_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "BYTES", 100)
    (tmp_path / "a").write_bytes(bytes(150))
    (tmp_path / "b").write_bytes(bytes(151))
    assert buckets.number([]) == 1
    assert buckets.number([str(tmp_path / "a"), str(tmp_path / "b")]) == 4


def test_a_bucket_is_in_few_row_groups(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE Ids AS SELECT 'x' || range AS _id FROM range(100_000)")
        ids = str(tmp_path / "Ids.parquet")
        con.execute(f"COPY Ids TO '{ids}'")
        settings = Settings(
            rules=rule_set.load(None), as_of=dt.date(2026, 3, 1), samples=1, personal_data=False,
            folder=str(tmp_path), outcomes=str(tmp_path), basis="", salt="salt",
        )  # fmt: skip
        whole = buckets.Whole(con, {"Ids": [ids]}, settings, national().only(()), number=10)
        [extract] = buckets._shuffles(whole, [rule.builtin()["UNQ001"]])
        with buckets.working(settings, ()) as carry_out:
            tally = carry_out(extract, lambda _: None)
        [part] = (f"{tally.folder}/{name}" for name in tally.parts)
        tables = buckets._tables(whole, [buckets.IDS], {"Ids"}, {extract.table: [part]})
        counts = [con.sql(f"SELECT count(*) FROM ({dict(each)['Ids']})").fetchall()[0][0] for each in tables]
    assert sum(counts) == 100_000
    assert len(counts) == 10
    assert max(counts) < 12_000
    groups = pq.ParquetFile(part).metadata
    ranges = [groups.row_group(n).column(1).statistics for n in range(groups.num_row_groups)]
    assert len(ranges) >= 5
    assert all(one.max <= next_.min for one, next_ in itertools.pairwise(ranges))
