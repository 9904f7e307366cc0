"""What is taken of what browsers send, and what is left of it."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest

from landxml_web import recognition, uploads
from landxml_web.names import spelt
from landxml_web.runs import Upload
from landxml_web.settings import Settings


def kept(office: Any, run: str) -> set[str]:
    """Names of all files of a run."""
    folder = office.runs._folder / run
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_files_and_folders_are_kept_as_they_are_called(office: Any) -> None:
    run = office.sent("giao nộp/06652/a.xml", "thua.shp")
    assert kept(office, run) == {"run.json", "input/giao nộp/06652/a.xml", "input/thua.shp"}
    told = office.call("GET", f"/api/runs/{run}", 200).json()
    assert told["files"] == [{"name": "giao nộp/06652/a.xml", "size": 4}, {"name": "thua.shp", "size": 4}]


@pytest.mark.parametrize(
    "name",
    ["", "..", "../a.xml", "a/../../b", "/etc/passwd", "a//b", "a/./b", ". ./x/ .. /b", "x/" * 20 + "x"],
)
def test_a_name_that_leads_elsewhere_is_refused(office: Any, name: str) -> None:
    run = office.sent()
    office.call("PUT", f"/api/runs/{run}/files", 400, params={"name": name}, content=b"x")
    assert kept(office, run) == {"run.json"}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("C:\\data\\a.xml", "C__data_a.xml"),
        ("..\\..\\a.xml", "_.._.._a.xml"),
        ("a\0b\n.xml", "a_b_.xml"),
        ("-o.xml", "_-o.xml"),
        ("@x", "@x"),
        (".bashrc", "_.bashrc"),
        ("nul", "_nul"),
        ("nul .xml", "_nul .xml"),
        ("COM¹.xml", "_COM¹.xml"),
        ("con.tar.gz", "_con.tar.gz"),
        ("a.xml::$DATA", "a.xml___DATA"),
        ("a. ", "a_"),
        ("tho\u0302.xml", "thô.xml"),
        ("x" * 500 + ".gml", "x" * 117 + ".gml"),
        ("a\u202exml.exe", "a_xml.exe"),
    ],
)
def test_what_is_on_disk_is_our_spelling(name: str, path: str) -> None:
    assert str(spelt(name)) == path


def test_the_same_name_is_taken_once(office: Any) -> None:
    run = office.sent("a/b.xml")
    for name in ("a/b.xml", "a", "a/b.xml/c"):
        office.call("PUT", f"/api/runs/{run}/files", 409, params={"name": name}, content=b"x")
    assert kept(office, run) == {"run.json", "input/a/b.xml"}


def test_too_much_is_refused_before_and_while_it_is_read(
    opened: Callable[..., Any], settings: Settings
) -> None:
    office = opened(msgspec.structs.replace(settings, upload=10))
    run = office.sent("a.xml")

    def endless() -> Iterator[bytes]:
        yield from [b"x" * 4] * 1000

    for body in (b"x" * 7, endless()):  # the second does not say how long it is
        answer = office.call("PUT", f"/api/runs/{run}/files", 413, params={"name": "b.xml"}, content=body)
        assert answer.json()["message"] == "b.xml quá lớn: còn nhận được 6 B."
    assert kept(office, run) == {"run.json", "input/a.xml"}
    office.call("PUT", f"/api/runs/{run}/files", 201, params={"name": "b.xml"}, content=b"x" * 6)


@pytest.mark.parametrize(
    ("meanwhile", "left"),
    [
        (lambda runs, run: (runs.input(run) / "a.xml").touch(), {"run.json", "input/a.xml"}),
        (lambda _, run: run.files.append(Upload("b.xml", 8)), {"run.json"}),
        (lambda runs, run: runs.remove(run), set()),
    ],
    ids=["the same name", "too much with another", "removed"],
)
def test_what_happens_while_a_file_comes_in(
    opened: Callable[..., Any],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[..., None],
    left: set[str],
) -> None:
    async def write(request: Any, path: Path, *more: Any) -> int:
        taken = await written(request, path, *more)
        meanwhile(office.runs, office.runs.get(run))
        return taken

    office = opened(msgspec.structs.replace(settings, upload=10))
    run, written = office.sent(), uploads._write
    monkeypatch.setattr(uploads, "_write", write)
    answer = office.client.put(f"/api/runs/{run}/files?name=a.xml", content=b"xyz")
    assert answer.status_code in {409, 413}
    assert kept(office, run) == left


def test_a_full_disk_is_told(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    run = office.sent()
    monkeypatch.setattr(uploads, "_write", full)
    answer = office.call("PUT", f"/api/runs/{run}/files?name=a.xml", 507, content=b"x")
    assert "ổ đĩa của máy này đã đầy" in answer.json()["message"]
    assert kept(office, run) == {"run.json"}


def test_room_is_left_on_the_disk(opened: Callable[..., Any], settings: Settings) -> None:
    office = opened(msgspec.structs.replace(settings, reserve=1 << 60))
    run = office.sent()
    office.call("PUT", f"/api/runs/{run}/files?name=a.xml", 507, content=b"x")


def test_a_run_that_has_begun_takes_no_more(office: Any) -> None:
    run = office.started("a.xml")
    office.call("PUT", f"/api/runs/{run}/files?name=b.xml", 409, content=b"x")
    office.call("POST", f"/api/runs/{run}/start", 409, json={"kind": "check"})
    office.ended(run)


def test_folders_are_for_the_owner_only(office: Any, settings: Settings) -> None:
    run = office.runs.get(office.sent("a/b.xml"))
    folder = office.runs.folder(run)
    assert len(run.id) == 32
    for path in (settings.folder, folder.parent, folder, folder / "input", folder / "input" / "a"):
        assert path.stat().st_mode & 0o777 == 0o700, path


def test_nobody_begins_without_end(office: Any) -> None:
    for _ in range(20):
        office.sent()
    office.call("POST", "/api/runs", 429)


def test_few_files_are_recognised_at_a_time(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    gone_on, most = [0], [0]

    def ask(*_: object) -> list[object]:
        gone_on[0] += 1
        most[0] = max(most[0], gone_on[0])
        time.sleep(0.05)
        gone_on[0] -= 1
        return []

    monkeypatch.setattr(recognition, "ask", ask)
    run = office.sent("a.xml")
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(office.call, "GET", f"/api/runs/{run}/files", 200) for _ in range(8)]
    assert [call.result().json() for call in calls] == [[]] * 8
    assert most == [2]


@pytest.mark.slow
def test_files_are_recognised_at_once(office: Any, tmp_path: Path) -> None:
    from landxml_samples import write

    write(tmp_path / "goi.zip", parcels=1)
    run = office.sent("goi.zip", data=(tmp_path / "goi.zip").read_bytes())
    office.call("PUT", f"/api/runs/{run}/files?name=thu.xml", 201, content=b"no xml")
    package, letter = office.call("GET", f"/api/runs/{run}/files", 200).json()
    assert package["layouts"][0].startswith("Hồ sơ vn-land 1.0")
    assert (letter["layouts"], len(letter["troubles"])) == ([], 1)
