"""Documents in an object store are read there: a server of S3 on this machine stands for it."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from landxml import remote
from landxml.absent import absent
from landxml_samples import write
from landxml_validator import Report, validate
from tests.object_store import BUCKET, Server, serving

pytestmark = pytest.mark.slow
DAY = dt.date(2026, 3, 1)


@pytest.fixture(scope="module")
def store() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def packages(store: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of dossiers, a folder of national files and a workbook, here and in the store."""
    folder = tmp_path_factory.mktemp("packages")
    faults = {"UNQ001": 1, "LND002": 2}
    write(folder / "ho-so.zip", layout="vbdlis-xml", parcels=60)
    write(folder / "quoc-gia", parcels=60, communes=2, faults=faults)
    write(folder / "bang", layout="ilis-sheet", parcels=20)
    (folder / "quoc-gia" / ".DS_Store").write_bytes(b"<")
    for path in folder.rglob("*"):
        if path.is_file():
            store.put(path.relative_to(folder).as_posix(), path.read_bytes())
    return folder


def told(report: Report, root: str) -> tuple[Any, ...]:
    files = [
        (file.name.removeprefix(root), file.layout, file.bytes, file.records, file.sha256)
        for file in report.files
    ]
    results = [(each.rule.code, each.state, each.count) for each in report.results]
    return report.verdict, files, results


@pytest.mark.parametrize("name", ["ho-so.zip", "quoc-gia", "bang"])
@pytest.mark.parametrize("workers", [1, 2])
def test_what_lies_in_a_store_is_checked_as_what_lies_here(
    packages: Path, name: str, workers: int, tmp_path: Path
) -> None:
    here = validate(packages / name, as_of=DAY)
    there = validate(f"s3://{BUCKET}/{name}", as_of=DAY, workers=workers, work=tmp_path / "work")
    assert told(there, f"s3://{BUCKET}") == told(here, str(packages))
    assert sum(here.records.values()) > 20
    again = validate(f"s3://{BUCKET}/{name}", as_of=DAY, workers=workers, work=tmp_path / "work")
    assert told(again, f"s3://{BUCKET}") == told(here, str(packages))


def test_a_member_of_an_archive_is_read_by_ranges(packages: Path) -> None:
    with remote.opened(f"s3://{BUCKET}/ho-so.zip") as file:
        assert file.seek(-22, 2) > 0
        assert file.read(4) == b"PK\5\6"
        assert file.seek(0) == 0
        assert file.read(2) == b"PK"
        assert (packages / "ho-so.zip").stat().st_size == file.seek(0, 2)


def said(path: str) -> str:
    report = validate(path, as_of=DAY)
    (finding,) = [each for _, each in report.findings()]
    refusal = absent(path)
    assert refusal
    assert report.verdict == "not-evaluated"
    assert finding.file == path
    return refusal.what.en


@pytest.mark.usefixtures("packages")
@pytest.mark.parametrize("path", [f"s3://{BUCKET}/khong-co.zip", "s3://khong-co/ho-so.zip"])
def test_an_object_that_is_missing_is_told(path: str) -> None:
    assert said(path) == "No such file or folder."


@pytest.mark.usefixtures("packages")
def test_a_store_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        for name in ("CONNECTING", "ANSWERING", "TRIES"):
            monkeypatch.setattr(remote, name, 1)
        remote._store.cache_clear()
        assert said(f"s3://{BUCKET}/ho-so.zip") == "The object store does not answer; see AWS_ENDPOINT_URL."
    remote._store.cache_clear()


@pytest.mark.usefixtures("packages")
def test_keys_that_do_not_open_a_store_are_told(monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr("moto.settings.INITIAL_NO_AUTH_ACTION_COUNT", 0.0)
    monkeypatch.setattr("moto.core.responses.settings.INITIAL_NO_AUTH_ACTION_COUNT", 0.0)
    monkeypatch.setattr("moto.core.responses.ActionAuthenticatorMixin.request_count", 1)
    assert said(f"s3://{BUCKET}/ho-so.zip") == "No permission to read it."
