from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from landxml import temporary as module
from landxml.temporary import PREFIX, temporary

LIVE = """
import sys, pathlib
from landxml.temporary import temporary
with temporary(sys.argv[1]) as folder:
    (folder / "secret").write_text("personal")
    print(folder, flush=True)
    sys.stdin.read()
"""
MAKE_ONE = "import sys\nfrom landxml.temporary import temporary\nwith temporary(sys.argv[1]): pass"


@contextmanager
def running(place: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another run that lives, and its folder."""
    command = [sys.executable, "-c", LIVE, str(place)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process, Path(process.stdout.readline().strip())


def next_start(place: Path) -> None:
    subprocess.run([sys.executable, "-c", MAKE_ONE, str(place)], check=True, timeout=60)


def test_it_goes_with_its_block_and_nobody_else_reads_it(tmp_path):
    with temporary(tmp_path) as folder:
        assert folder.parent == tmp_path
        if os.name == "posix":
            assert folder.stat().st_mode & 0o777 == 0o700
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_leaves_goes_at_the_next_start(tmp_path):
    with running(tmp_path) as (process, folder):
        process.kill()
        process.wait(60)
    assert (folder / "secret").exists()
    next_start(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_living_run_uses_stays(tmp_path):
    with running(tmp_path) as (process, folder):
        next_start(tmp_path)
        assert (folder / "secret").exists()
        process.communicate("", timeout=60)
    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_a_run_that_stands_still_lives(tmp_path):
    with running(tmp_path) as (process, folder):
        process.send_signal(signal.SIGSTOP)
        next_start(tmp_path)
        assert (folder / "secret").exists()
        process.kill()


def test_folders_of_other_machines_and_other_programs_stay(tmp_path):
    names = {".landxml-00000000-abc", ".landxml-mine", "landxml-data", f"{PREFIX[1:]}x"}
    for name in names:
        (tmp_path / name).mkdir()
    next_start(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == names


@pytest.mark.skipif(sys.platform == "win32", reason="owners are another matter there")
def test_folders_of_other_users_and_links_stay(tmp_path, monkeypatch):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "data").touch()
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "mine")
    next_start(tmp_path)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["data"]
    (tmp_path / f"{PREFIX}theirs").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 4321)
    with temporary(tmp_path):
        assert (tmp_path / f"{PREFIX}theirs").exists()


def test_a_leftover_that_is_half_removed_goes_too(tmp_path):
    folder = tmp_path / f"{PREFIX}half"
    folder.mkdir()
    (folder / "secret").touch()
    next_start(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_taken_for_a_leftover_while_it_is_made_is_made_again(tmp_path, monkeypatch):
    real, made = tempfile.mkdtemp, list[str]()

    def removed_at_once(**options: str) -> str:
        name = str(real(**options))
        made.append(name)
        if len(made) == 1:
            Path(name).rmdir()
        return name

    monkeypatch.setattr(tempfile, "mkdtemp", removed_at_once)
    with temporary(tmp_path) as folder:
        assert [str(folder)] == made[1:]


def test_runs_that_start_together_leave_each_other_s_folders_alone(tmp_path):
    """Each looks for leftovers where the others make their folders."""
    script = """
import pathlib, sys
from landxml import temporary as module
for _ in range(200):
    module._remove_leftovers.cache_clear()
    with module.temporary(sys.argv[1]) as folder:
        (folder / "data").write_text("mine")
        assert sorted(path.name for path in folder.iterdir()) == ["data", "lock"], folder
        assert (folder / "data").read_text() == "mine"
"""
    command = [sys.executable, "-c", script, str(tmp_path)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate(timeout=120)[1] for process in running] == [b""] * 4
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_another_run_makes_while_a_folder_is_removed_keeps_the_folder(tmp_path, monkeypatch):
    folder, rmdir = tmp_path / f"{PREFIX}new", Path.rmdir
    folder.mkdir()

    def late(path: Path) -> None:
        (path / "lock").touch()  # as a run does that has just made this folder
        (path / "data").touch()
        rmdir(path)

    monkeypatch.setattr(Path, "rmdir", late)
    module._remove_leftovers.cache_clear()
    module._remove_leftovers(str(tmp_path))
    assert (folder / "data").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="another lock there")
def test_a_disk_without_locks_will_do(tmp_path, monkeypatch):
    def no_locks(*_: object) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(module, "_lock", no_locks)
    with temporary(tmp_path) as folder:
        module._remove_leftovers.cache_clear()
        module._remove_leftovers(str(tmp_path))
        assert folder.exists()
    assert list(tmp_path.iterdir()) == []
