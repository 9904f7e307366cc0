"""Several processes for one run: what a user notices when one of them, or all, fare badly."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from landxml.errors import LandXmlError
from landxml_samples import package
from landxml_validator import validate
from landxml_validator.executors import Lost, local, serial
from landxml_validator.executors.local import Limits
from tests.marks import quick


class Numbers(NamedTuple):
    """A task: some numbers."""

    numbers: tuple[int, ...]

    def halves(self) -> list[Numbers]:
        middle = len(self.numbers) // 2
        return [Numbers(self.numbers[:middle]), Numbers(self.numbers[middle:])] if middle else []


@contextlib.contextmanager
def working(deed, begin=int):
    """Work that adds numbers, and does something when it begins and at the number 13."""
    begin()

    def add(task, advance):
        advance(len(task.numbers) * local.TOLD)
        if 13 in task.numbers:
            deed()
        return list(task.numbers)

    yield add


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def once(mark: Path) -> None:
    """Die, but only the first time."""
    with contextlib.suppress(FileExistsError):
        mark.touch(exist_ok=False)
        die()


def leave() -> None:
    os._exit(0)


def sleep() -> None:
    time.sleep(60)


def swell() -> None:
    assert b"".join(bytes(10_000_000) for _ in range(120))


def fail() -> None:
    raise OSError(errno.ENOSPC, "No space left")


TASKS = [Numbers(tuple(range(start, start + 6))) for start in range(0, 60, 6)]


def done(
    deed: Callable[[], object],
    run: Callable[..., Any] = local.run,
    tasks: list[Numbers] = TASKS,
    begin: Callable[[], object] = int,
    **options: Any,
) -> tuple[list[int], list[Any], int]:
    """All numbers that came out, sorted, those that were lost, and what progress was told."""
    told: list[int] = []
    outcomes = list(run(partial(working, deed, begin), [tasks], told.append, **options))
    lost = [outcome for outcome in outcomes if isinstance(outcome, Lost)]
    found = sorted(number for outcome in outcomes if not isinstance(outcome, Lost) for number in outcome)
    return found, lost, sum(told)


@pytest.fixture(params=["copies", "anew"])
def _started(request, monkeypatch):
    """Both ways to start a process."""
    monkeypatch.setattr(local, "FORKS", request.param == "copies" and local.FORKS)


copies_first = pytest.mark.parametrize("_started", quick({"copies"}, ["copies", "anew"]), indirect=True)
"""The slower way only in the slow tests."""


@pytest.mark.usefixtures("_started")
@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_processes_does_what_one_does(count):
    assert done(int, count=count) == done(int, serial.run) == (list(range(60)), [], 60 * local.TOLD)


@contextlib.contextmanager
def naming():
    """Work that tells which process did it."""
    yield lambda task, _: (task, os.getpid())


@pytest.mark.usefixtures("_started")
@copies_first
@pytest.mark.parametrize("run", [partial(local.run, count=2), serial.run], ids=["local", "serial"])
def test_a_round_begins_when_the_results_of_the_last_are_there_in_the_same_processes(run):
    results: list[tuple[Numbers, int]] = []

    def rounds() -> Iterator[list[Numbers]]:
        yield TASKS
        yield [Numbers((len(results),)), Numbers(())]

    for result in run(naming, rounds(), print):
        results += [result]
    assert sorted(task for task, _ in results[:-2]) == TASKS
    assert sorted(task for task, _ in results[-2:]) == [Numbers(()), Numbers((len(TASKS),))]
    assert len({process for _, process in results}) <= 2


@pytest.mark.usefixtures("_started")
@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
@pytest.mark.parametrize("deed", [die, pytest.param(leave, marks=pytest.mark.slow)])
def test_a_document_of_which_processes_die_is_lost_alone(deed):
    found, lost, _ = done(deed, count=2)
    assert found == [number for number in range(60) if number != 13]
    [(task, reason)] = lost
    assert task == Numbers((13,))
    assert reason.en == "The process that checked it ended suddenly, perhaps for want of memory."


@pytest.mark.usefixtures("_started")
@copies_first
def test_a_document_that_takes_too_long_is_lost_alone():
    found, lost, _ = done(sleep, tasks=[Numbers((12, 13))], count=1, limits=Limits(seconds=1.5))
    assert found == [12]
    [(task, reason)] = lost
    assert task == Numbers((13,))
    assert reason.en == "Checking it took longer than is allowed."


@pytest.mark.skipif(sys.platform != "linux", reason="not enforced there")
def test_a_process_gets_no_more_memory_than_allowed():
    with pytest.raises(MemoryError):
        done(swell, count=1, limits=Limits(memory=1_000_000_000))
    assert done(swell, count=1)[1] == []


@pytest.mark.usefixtures("_started")
@copies_first
def test_what_went_wrong_in_a_process_is_raised():
    with pytest.raises(OSError, match="No space left") as error:
        done(fail, count=2)
    assert error.value.errno == errno.ENOSPC


@pytest.mark.usefixtures("_started")
@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_a_process_that_is_killed_before_it_begins_is_started_again(tmp_path):
    assert done(int, begin=partial(once, tmp_path / "begun"), count=2) == done(int, serial.run)


@pytest.mark.usefixtures("_started")
def test_a_process_that_cannot_begin_is_said(monkeypatch):
    monkeypatch.setattr(local, "START", "raise SystemExit")
    with pytest.raises(LandXmlError) as error:
        done(int, count=2)
    assert error.value.text("vi") == "Một tiến trình kiểm tra đã dừng đột ngột; có thể máy không đủ bộ nhớ."


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_a_machine_on_which_processes_die_of_everything_is_not_tried_for_ever(monkeypatch):
    monkeypatch.setattr(local, "MOST_LOST", 3)
    with pytest.raises(LandXmlError, match="A process that was checking has ended"):
        done(die, tasks=[Numbers((13,) * 8)], count=1)


def test_who_stops_listening_ends_the_processes():
    running: Any = local.run(partial(working, sleep), [TASKS], lambda _: None, count=2)
    next(running)
    began = time.monotonic()
    running.close()
    assert time.monotonic() - began < 10


@pytest.fixture(scope="module")
def delivery(tmp_path_factory):
    folder = tmp_path_factory.mktemp("processes") / "goi"
    package.write(folder, layout="vbdlis-xml", parcels=60)
    return folder


def test_a_script_needs_no_guard(delivery, tmp_path):
    script = tmp_path / "check.py"
    script.write_text(
        f"import landxml_validator as v; print(v.validate([{str(delivery)!r}], workers=2).verdict)"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("conformant\n", "")


def test_modules_of_the_working_folder_are_not_run(delivery, tmp_path, monkeypatch):
    (tmp_path / "pickle.py").write_text("raise SystemExit('a stranger was here')")
    monkeypatch.chdir(tmp_path)
    assert validate([delivery], workers=2).verdict == "conformant"


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_when_the_first_process_is_killed_the_others_end_and_tidy_up(delivery, tmp_path):
    script = f"import landxml_validator as v\nwhile True: v.validate([{str(delivery)!r}], workers=2)"
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", script], env=environment) as running:
        while not list(tmp_path.glob(".landxml-*/*/new")):
            time.sleep(0.01)
        running.kill()
    ends = time.monotonic() + 20
    while list(tmp_path.iterdir()) and time.monotonic() < ends:
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []
