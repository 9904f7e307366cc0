"""Outcomes that are kept in an object store: a server of S3 on this machine stands for it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from landxml import remote
from landxml.errors import LandXmlError
from landxml_samples import package
from landxml_validator import object_store, store, task
from landxml_validator.ledger import Tally
from tests.object_store import BUCKET, Server, serving
from tests.validator import test_store
from tests.validator.test_store import DAY

FAULTS = {"LND001": 2, "UNQ002": 1, "REF001": 1}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def goi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("object-store") / "goi"
    package.write(folder, parcels=20, communes=2, faults=FAULTS, seed=5)
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("object-store") / "goi"
    package.write(folder, parcels=3, communes=1, seed=5)
    return folder


@pytest.fixture(autouse=True)
def _communes_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is a task of its own, as it would be with some thousand parcels."""
    monkeypatch.setattr(task, "LARGE", 10_000)


@pytest.fixture
def work(request: pytest.FixtureRequest) -> str:
    """An address in the bucket of which no other test knows."""
    return f"s3://{BUCKET}/{request.node.name.partition('[')[0]}-{time.monotonic_ns()}"


def folder(work: str) -> str:
    return work.removeprefix(f"s3://{BUCKET}/")


def check(*paths: Path, **options: Any) -> tuple[bytes, int]:
    """A report as bytes, and the bytes of the input that were not read again."""
    report, kept = test_store.check(*paths, **options)
    return test_store.same(report), kept


def test_it_holds_what_a_folder_holds_and_a_second_run_reads_nothing(
    server: Server, small: Path, work: str, tmp_path: Path
) -> None:
    expected, _ = check(small, work=work)
    objects = server.objects(folder(work))
    here = tmp_path / "work"
    here.mkdir()
    (here / "store.json").write_bytes(objects["store.json"])  # with its salt
    assert check(small, work=here) == (expected, 0)
    files = {
        path.relative_to(here).as_posix(): path.read_bytes() for path in here.rglob("*") if path.is_file()
    }
    assert objects == files
    assert {name.partition("/")[0] for name in files} == {"outcomes", "store.json"}
    size = sum(file.stat().st_size for file in small.iterdir())
    assert check(small, work=f"{work}/") == (expected, size)
    assert server.objects(folder(work)) == files


def put(server: Server, work: str, folder_: Path, **parts: bytes) -> str:
    """An outcome in a store, of parts of some tables."""
    place = f"{work}/outcomes/a"
    for name, content in parts.items():
        (folder_ / name).mkdir(parents=True)
        (folder_ / name / "00000.parquet").write_bytes(content)
    sizes = {f"{name}/00000.parquet": len(content) for name, content in parts.items()}
    tally = Tally(parts=sizes, records={}, unmapped={}, files=[], unread=set(), broken={})
    (folder_ / "tally.json").write_bytes(msgspec.json.encode(tally))
    object_store.send(folder_, sizes, place)
    assert [path for method, path in server.calls if method == "PUT"][-1].endswith("/a/tally.json")
    return place


def test_of_an_outcome_that_is_there_by_half_nothing_is_taken(
    server: Server, work: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = put(server, work, tmp_path, Ids=b"123", Refs=b"4567")
    whole = object_store.find(place)
    assert whole
    assert whole.parts == {"Ids/00000.parquet": 3, "Refs/00000.parquet": 4}
    for name, content in [("Ids/00000.parquet", b"12"), ("tally.json", b"{")]:
        key = f"{folder(place)}/{name}"
        before = server.objects(folder(place))[name]
        server.put(key, content)
        assert object_store.find(place) is None
        server.client.delete_object(Bucket=BUCKET, Key=key)
        assert object_store.find(place) is None
        server.put(key, before)
        assert object_store.find(place) == whole
    assert object_store.find(f"{place}b") is None
    seen = [each for each in remote.listed(place) if not each.path.endswith("tally.json")]
    monkeypatch.setattr(remote, "listed", lambda _: seen)  # another run puts the tally just then
    assert object_store.find(place) is None


def test_what_is_used_is_young_again_and_what_is_not_goes(
    server: Server, work: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = put(server, work, tmp_path, Ids=b"123")
    server.calls.clear()
    assert object_store.find(place)
    assert not [method for method, _ in server.calls if method == "PUT"]
    monkeypatch.setattr(object_store, "DAY", -1)
    assert object_store.find(place)
    assert [path.rpartition("/")[2] for method, path in server.calls if method == "PUT"] == ["tally.json"]
    server.put(f"{folder(work)}/store.json", b"{}")
    object_store.forget(work, time.time() - 60)
    assert object_store.find(place)
    object_store.forget(work, time.time() + 60)
    assert server.objects(folder(work)) == {"store.json": b"{}"}


@pytest.mark.parametrize("mark", [b"", b"{}", b'{"format": 99, "salt": "a"}'])
def test_a_store_of_another_kind_is_said(server: Server, work: str, mark: bytes) -> None:
    server.put(f"{folder(work)}/store.json", mark)
    with pytest.raises(LandXmlError, match="damaged, or of another version") as error, store.opened(work):
        pass
    assert error.value.file == work
    assert server.objects(folder(work)) == {"store.json": mark}


def test_a_place_with_other_data_is_left_alone(server: Server, work: str) -> None:
    server.put(f"{folder(work)}/hop-dong.docx", b"precious")
    with pytest.raises(LandXmlError, match=r"holds other data \(hop-dong.docx\)"), store.opened(work):
        pass
    assert server.objects(folder(work)) == {"hop-dong.docx": b"precious"}


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("s3://", "names no bucket"),
        ("s3:///a", "the object store has no such bucket"),
        ("s3://khong-co/work", "the object store has no such bucket"),
        ("s3://du-lieu/2026", "in one place with the input s3://du-lieu/2026/"),
        ("s3://du-lieu/2026/work", "in one place with the input s3://du-lieu/2026/"),
        ("s3://du-lieu/", "in one place with the input s3://du-lieu/2026/"),
    ],
)
def test_an_address_where_no_store_can_be_is_refused(address: str, said: str) -> None:
    inputs = ["s3://du-lieu/2026/", "s3://du-lieu/2026-03"]
    with pytest.raises(LandXmlError, match=said) as error, store.opened(address, inputs):
        pass
    assert error.value.text("vi") != error.value.text("en")


@pytest.mark.parametrize(
    ("answer", "vi", "en"),
    [
        ("403 AccessDenied", "kho đối tượng không cho", "does not let this user"),
        ("507 XMinioStorageFull", "kho đối tượng đã đầy", "the object store is full"),
        ("403 QuotaExceeded", "kho đối tượng đã đầy", "the object store is full"),
        ("301 PermanentRedirect", "kho đối tượng báo lỗi", "PermanentRedirect"),
    ],
)
def test_what_a_store_says_is_a_sentence(server: Server, work: str, answer: str, vi: str, en: str) -> None:
    with (
        server.failing(lambda method, _: answer if method == "PUT" else None),
        pytest.raises(LandXmlError) as error,
        store.opened(work),
    ):
        pass
    assert error.value.text("vi").startswith(f"{work}: {vi}")
    assert en in error.value.text("en")
    assert server.objects(folder(work)) == {}


def test_a_store_that_does_not_answer_is_told(work: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONNECTING", "ANSWERING", "TRIES"):
        monkeypatch.setattr(remote, name, 1)
    remote._store.cache_clear()
    with (
        serving() as server,
        server.failing(lambda _method, _path: time.sleep(2)),
        pytest.raises(LandXmlError, match="does not answer, or is too slow"),
        store.opened(work),
    ):
        pass
    remote._store.cache_clear()


@pytest.mark.slow
def test_processes_of_one_machine_and_another_version(
    server: Server, goi: Path, work: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, _ = check(goi)
    size = sum(file.stat().st_size for file in goi.iterdir())
    assert check(goi, work=work, workers=2) == (expected, 0)
    assert check(goi, work=work, workers=2) == (expected, size)
    assert check(goi, work=work) == (expected, size)
    before = server.objects(folder(work))
    monkeypatch.setattr(store, "TOOL", "landxml 99")
    assert check(goi, work=work)[1] == 0
    assert server.objects(folder(work)).items() > before.items()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tally.json", "ThuaDat/00000.parquet"])
@pytest.mark.parametrize("harm", [lambda content: content[:-1], None])
def test_what_is_half_there_is_done_again(
    server: Server, goi: Path, work: str, name: str, harm: Callable[[bytes], bytes] | None
) -> None:
    expected, _ = check(goi, work=work)
    whole = server.objects(folder(work))
    for key, content in whole.items():
        if key.endswith(name) and harm:
            server.put(f"{folder(work)}/{key}", harm(content))
        elif key.endswith(name):
            server.client.delete_object(Bucket=BUCKET, Key=f"{folder(work)}/{key}")
    assert check(goi, work=work) == (expected, 0)
    assert server.objects(folder(work)) == whole
    assert check(goi, work=work)[1] > 0


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_store_that_becomes_full_ends_the_run_which_goes_on_later(
    server: Server, goi: Path, work: str, workers: int, tmp_path: Path
) -> None:
    taken = []

    def full(method: str, path: str) -> str | None:
        if method == "PUT" and path.endswith("tally.json"):
            taken.append(path)
        return "507 XMinioStorageFull" if method == "PUT" and len(taken) > 1 else None

    out = tmp_path / "all.parquet"
    with server.failing(full), pytest.raises(LandXmlError, match="is full; make room") as error:
        check(goi, work=work, workers=workers, findings=out)
    assert error.value.file == work
    assert list(tmp_path.iterdir()) == []
    tallies = [name for name in server.objects(folder(work)) if name.endswith("tally.json")]
    assert len(tallies) == 1
    report, kept = check(goi, work=work, workers=workers)
    assert report == check(goi)[0]
    assert 0 < kept < sum(file.stat().st_size for file in goi.iterdir())


@pytest.mark.slow
def test_an_outcome_that_vanishes_while_it_is_needed_is_told(server: Server, goi: Path, work: str) -> None:
    expected, _ = check(goi, work=work)

    def gone(method: str, path: str) -> str | None:
        return "404 NoSuchKey" if method in {"GET", "HEAD"} and path.endswith(".parquet") else None

    with server.failing(gone), pytest.raises(LandXmlError, match="was removed from the store") as error:
        check(goi, work=work)
    assert error.value.file == work
    assert check(goi, work=work)[0] == expected


@pytest.mark.slow
def test_what_could_not_be_read_is_tried_again_and_leaves_nothing(
    server: Server, goi: Path, work: str, tmp_path: Path
) -> None:
    archive = tmp_path / "goi.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for file in goi.iterdir():
            out.write(file, file.name)
    whole = archive.read_bytes()
    at = whole.index(b"<ld:maXa>")
    archive.write_bytes(whole[:at] + b"?" + whole[at + 1 :])  # which its checksum tells
    report, _ = check(archive, work=work)
    assert b"PKG003" in report
    assert not [name for name in server.objects(folder(work)) if name.startswith(".landxml")]
    archive.write_bytes(whole)
    assert check(archive, work=work)[0] == check(archive)[0]


def landxml(*given: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "landxml_cli", *map(str, given)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )


@pytest.mark.slow
def test_two_runs_at_once_and_commands_that_use_what_they_left(
    server: Server, goi: Path, work: str, tmp_path: Path
) -> None:
    runs = [
        landxml("validate", goi, "--work", work, "--as-of", DAY.isoformat(), "-o", tmp_path / f"{n}.json")
        for n in range(2)
    ]
    for run in runs:
        _, said = run.communicate()
        assert "Traceback" not in said, said
        assert run.returncode == 1, said
    one, two = (msgspec.json.decode((tmp_path / f"{n}.json").read_bytes()) for n in range(2))
    assert one["results"] == two["results"]
    before = server.objects(folder(work))
    run = landxml(
        "worklist", "make", goi, "--for", "registration-office", "-o", tmp_path / "viec",
        "--salt", tmp_path / "salt", "--work", work,
    )  # fmt: skip
    _, said = run.communicate()
    assert (run.returncode, "Traceback" in said) == (0, False), said
    assert server.objects(folder(work)).keys() >= before.keys()


@pytest.mark.slow
def test_the_command_says_what_is_wrong_with_a_store(goi: Path) -> None:
    for lang, sentence in [("vi", "kho đối tượng không có bucket này"), ("en", "has no such bucket")]:
        run = landxml("--lang", lang, "validate", goi, "--work", "s3://khong-co/work")
        out, said = run.communicate()
        assert (run.returncode, out) == (2, "")
        assert said.rstrip().endswith(sentence)
        assert "Traceback" not in said, said
