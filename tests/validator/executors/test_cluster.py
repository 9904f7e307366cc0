"""Machines of a cluster: two workers of Dask here stand for them."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import dask
import pytest

from landxml.errors import LandXmlError
from landxml_samples import write
from landxml_validator import buckets, validate
from landxml_validator.buckets import _buckets
from landxml_validator.executors import Cluster, local
from landxml_validator.merge import merge
from tests.object_store import BUCKET, serving
from tests.validator.executors.test_laws import found
from tests.validator.executors.test_local import Numbers, die, done, fail, once
from tests.validator.test_buckets import bad
from tests.validator.test_federated import DAY, exported, places, told

distributed = pytest.importorskip("distributed")
cluster = pytest.importorskip("landxml_validator.executors.cluster")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # sockets of Dask's own
]


@contextlib.contextmanager
def machines(**options: object) -> Iterator[Cluster]:
    """Two workers, with the settings of the scheduler that are shipped unless others are given."""
    settings = {
        f"distributed.scheduler.{name}": value for name, value in (cluster.SETTINGS | options).items()
    }
    with (
        dask.config.set(settings),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, memory_limit="1GiB", host="127.0.0.1", dashboard_address=":0"
        ) as local,
    ):
        yield Cluster(local.scheduler_address)


@pytest.fixture(scope="module")
def two() -> Iterator[Cluster]:
    with machines() as address:
        yield address


def test_findings_are_those_of_one_process(two: Cluster, tmp_path: Path) -> None:
    write(tmp_path / "goi", parcels=300, communes=3, faults={"GEO004": 2, "UNQ001": 1})
    expected = found(tmp_path, tmp_path / "goi", workers=1)
    assert expected
    assert found(tmp_path, tmp_path / "goi", cluster=two, work=tmp_path / "work") == expected
    assert found(tmp_path, tmp_path / "goi", workers=1, work=tmp_path / "work") == expected


def test_several_buckets_change_nothing(
    two: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = {"GEO004": 2, "UNQ001": 1, "UNQ002": 1, "UNQ003": 1, "REF001": 2}
    write(tmp_path / "goi", parcels=300, communes=3, faults=faults)
    expected = found(tmp_path, tmp_path / "goi", workers=1)
    monkeypatch.setattr(buckets, "number", lambda _: 7)
    assert found(tmp_path, tmp_path / "goi", cluster=two, work=tmp_path / "work") == expected
    monkeypatch.setattr(buckets, "working", partial(bad, mark=str(tmp_path / "once")))
    assert found(tmp_path, tmp_path / "goi", cluster=two, work=tmp_path / "again") == expected
    assert (tmp_path / "once").exists()


def test_what_several_provinces_hand_out_is_what_one_check_finds(
    two: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = {"GEO004": 1, "UNQ001": 1, "UNQ002": 1, "UNQ003": 1, "REF001": 1}
    (tmp_path / "data").mkdir()
    for name, province in (("a", "22"), ("b", "01")):
        write(tmp_path / "data" / name, parcels=200, communes=2, province=province, faults=faults)
    shutil.copy(min((tmp_path / "data/a").iterdir()), tmp_path / "data/b/copy.gml")
    monkeypatch.chdir(tmp_path / "data")
    monkeypatch.setattr(buckets, "number", lambda _: 2)
    whole = validate(
        ["a", "b"], as_of=DAY, findings=tmp_path / "whole.parquet", cluster=two, work=tmp_path / "work"
    )
    folders = [
        exported(tmp_path / "data" / name, tmp_path, monkeypatch, cluster=two, work=tmp_path / f"work-{name}")
        for name in "ab"
    ]
    assert told(merge(folders, findings=tmp_path / "merged.parquet")) == told(whole)
    assert places(tmp_path / "merged.parquet") == places(tmp_path / "whole.parquet")


@pytest.mark.parametrize("size", [buckets.BYTES, 100_000])
def test_machines_may_share_an_object_store_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    goi, work = tmp_path / "goi", f"s3://{BUCKET}/work"
    write(goi, parcels=300, communes=3, faults={"GEO004": 2, "UNQ001": 1})
    expected = found(tmp_path, goi, workers=1)
    monkeypatch.setattr(buckets, "BYTES", size)
    with serving() as server, machines() as two:
        assert found(tmp_path, goi, cluster=two, work=work) == expected
        kept = server.objects("work")
        assert found(tmp_path, goi, workers=1, work=work) == expected
        assert server.objects("work") == kept
        for file in goi.iterdir():
            server.put(f"goi/{file.name}", file.read_bytes())
        there = found(tmp_path, f"s3://{BUCKET}/goi", cluster=two, work=work)
        assert Counter(row["rule"] for row in there) == Counter(row["rule"] for row in expected)
        with pytest.raises(LandXmlError, match=f"missing: .*s3://{BUCKET}/khong-co"):
            validate(f"s3://{BUCKET}/khong-co", cluster=two, work=work)


def test_what_a_machine_could_not_read_is_told_but_not_kept(tmp_path: Path) -> None:
    write(tmp_path / "goi.zip", parcels=60)
    data = bytearray((tmp_path / "goi.zip").read_bytes())
    data[5000] ^= 1
    (tmp_path / "goi.zip").write_bytes(data)
    with serving() as server, machines() as two:
        rows = found(tmp_path, tmp_path / "goi.zip", cluster=two, work=f"s3://{BUCKET}/work")
        assert "PKG003" in {row["rule"] for row in rows}
        assert {name.partition("/")[0] for name in server.objects("work")} <= {"outcomes", "store.json"}


def test_a_worker_that_dies_costs_nothing_but_time(two: Cluster, tmp_path: Path) -> None:
    run = partial(cluster.run, cluster=two)
    assert done(partial(once, tmp_path / "mark"), run) == (list(range(60)), [], 60 * local.TOLD)
    assert (tmp_path / "mark").exists()


def test_a_document_of_which_workers_die_is_lost_alone(two: Cluster) -> None:
    numbers, lost, _ = done(die, partial(cluster.run, cluster=two))
    assert numbers == [number for number in range(60) if number != 13]
    [(task, reason)] = lost
    assert task == Numbers((13,))
    assert reason.en == "The worker that checked it ended suddenly, perhaps for want of memory."


def test_a_run_does_not_wait_for_ever_for_workers(two: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "LOOK", 0.01)
    monkeypatch.setattr(cluster, "ABSENT", 0.02)
    monkeypatch.setattr(cluster, "_has_workers", lambda _: False)
    with pytest.raises(LandXmlError, match="has had no worker for"):
        done(partial(time.sleep, 0.3), partial(cluster.run, cluster=two))
    monkeypatch.undo()
    assert done(int, partial(cluster.run, cluster=two))[0] == list(range(60))


def test_what_goes_wrong_with_the_run_ends_it(two: Cluster) -> None:
    with pytest.raises(OSError, match="No space left"):
        done(fail, partial(cluster.run, cluster=two))
    assert done(int, partial(cluster.run, cluster=two))[0] == list(range(60))


def test_a_scheduler_that_is_lost_is_told_and_the_run_goes_on_later(tmp_path: Path) -> None:
    write(tmp_path / "goi", parcels=300, communes=3)
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(machines())
        with pytest.raises(LandXmlError, match="run again with the same --work"):
            validate(
                tmp_path / "goi", cluster=address, work=tmp_path / "work", progress=lambda _: stack.close()
            )
    assert validate(tmp_path / "goi", work=tmp_path / "work").verdict == "conformant"


def test_a_scheduler_that_is_lost_among_buckets_is_told_and_the_run_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "goi", parcels=300, communes=3, faults={"UNQ002": 1, "REF001": 2})
    expected = found(tmp_path, tmp_path / "goi", workers=1)
    monkeypatch.setattr(buckets, "number", lambda _: 7)
    with contextlib.ExitStack() as stack, monkeypatch.context() as patch:
        address = stack.enter_context(machines())

        def lost(*given: Any) -> Iterator[buckets.Bucket]:
            stack.close()
            yield from _buckets(*given)

        patch.setattr(buckets, "_buckets", lost)
        with pytest.raises(LandXmlError, match="run again with the same --work"):
            validate(tmp_path / "goi", as_of=DAY, cluster=address, work=tmp_path / "work")
    kept = {path.name for path in (tmp_path / "work/outcomes").iterdir()}
    assert found(tmp_path, tmp_path / "goi", workers=1, work=tmp_path / "work") == expected
    assert kept < {path.name for path in (tmp_path / "work/outcomes").iterdir()}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("127.0.0.1", "no address such as"),
        ("http://127.0.0.1:8786", "no address such as"),
        ("tcp://192.0.2.1:8786", "not encrypted"),
        ("tcp://127.0.0.1:1", "cannot be reached"),
        ("tls://127.0.0.1:1", "cannot be reached"),
    ],
)
def test_an_address_that_leads_nowhere_or_over_an_open_line_is_refused(
    address: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(LandXmlError, match=said) as refused:
        done(int, partial(cluster.run, cluster=Cluster(address)))
    assert refused.value.file == address


def test_workers_of_another_version_are_refused(two: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = cluster._installed() | {"landxml": "landxml 99"}
    monkeypatch.setattr(cluster, "_installed", lambda: ours)
    with pytest.raises(LandXmlError, match=r"worker .* differs \(landxml: landxml .* ≠ landxml 99\)"):
        done(int, partial(cluster.run, cluster=two))


def test_a_cluster_that_is_set_up_otherwise_is_refused(two: Cluster, tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")
    with pytest.raises(LandXmlError, match=f"missing: .*{gone}"):
        done(int, partial(cluster.run, cluster=two, paths=[gone]))
    with (
        machines(**{"allowed-failures": 3}) as address,
        pytest.raises(LandXmlError, match="allowed-failures: 3"),
    ):
        done(int, partial(cluster.run, cluster=address))
