"""Faults from outside: a run that is killed, a disk that is full, limits. Nothing half-written stays."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from landxml_samples.package import write

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and limits are another matter there"),
]

COMMANDS = {
    "validate": (["validate", "{source}", "--workers", "2", "-o", "{out}/report.json"], "report.json"),
    "validate --work": (
        ["validate", "{source}", "--workers", "2", "--work", "{out}/work", "-o", "{out}/report.json"],
        "report.json",
    ),
    "remap": (["remap", "{source}", "--to", "2025-07-01", "-o", "{out}/moved.zip"], "moved.zip"),
    "parcel-codes": (["parcel-codes", "{source}", "-o", "{out}/coded.zip"], "coded.zip"),
    "convert": (["convert", "{source}", "--to", "vbdlis-xml", "-o", "{out}/made.zip"], "made.zip"),
    "sample": (["sample", "--parcels", "900", "--communes", "3", "-o", "{out}/made.zip"], "made.zip"),
}
each = pytest.mark.parametrize("name", COMMANDS)


class Place(NamedTuple):
    """Where a run reads and writes."""

    source: Path
    out: Path
    temporary: Path

    def start(self, name: str, limit: Callable[[], None] | None = None) -> subprocess.Popen[bytes]:
        words = [word.format(source=self.source, out=self.out) for word in COMMANDS[name][0]]
        return subprocess.Popen(
            [sys.executable, "-m", "landxml_cli", *words, "--lang", "en"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # The file and the memory of coverage are none of the command's.
            env=os.environ | {"TMPDIR": str(self.temporary), "COVERAGE_PROCESS_CONFIG": ""},
            preexec_fn=limit,  # noqa: PLW1509 - this process has no threads
        )

    def leftovers(self) -> list[Path]:
        """What stays of a run beside its results."""
        return [*self.temporary.iterdir(), *(path for path in self.out.rglob(".*"))]

    def result(self, name: str) -> Any:
        """Return the result of a command; None if there is none."""
        path = self.out / COMMANDS[name][1]
        if not path.exists():
            return None
        if path.suffix == ".zip":
            return path.read_bytes()
        report = json.loads(path.read_bytes())
        return {key: report[key] for key in ("verdict", "errors", "warnings", "records", "results")}

    def clear(self) -> None:
        for path in self.out.iterdir():
            if path.is_file():
                path.unlink()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("source") / "package.zip"
    write(out, parcels=900, communes=3, faults={"LND002": 3})
    return out


@pytest.fixture
def place(tmp_path: Path, source: Path) -> Place:
    (tmp_path / "out").mkdir()
    (tmp_path / "temporary").mkdir()
    return Place(source, tmp_path / "out", tmp_path / "temporary")


@pytest.fixture(scope="module")
def wanted(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Any, float]]:
    """The result of each command, and the seconds that it takes."""
    known: dict[str, tuple[Any, float]] = {}

    def ask(name: str) -> tuple[Any, float]:
        if name not in known:
            place = Place(source, tmp_path_factory.mktemp("out"), tmp_path_factory.mktemp("temporary"))
            began = time.monotonic()
            with place.start(name) as running:
                running.communicate(timeout=120)
            known[name] = place.result(name), time.monotonic() - began
            assert known[name][0] is not None
            assert place.leftovers() == []
        return known[name]

    return ask


@each
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_stopped_can_be_run_again(place, wanted, name, number):
    result, seconds = wanted(name)
    with place.start(name) as running:
        time.sleep(random.Random(f"{name}{number}").uniform(0.3, 0.95) * seconds)  # noqa: S311
        running.send_signal(number)
        _, told = running.communicate(timeout=60)
    assert b"Traceback" not in told
    assert place.result(name) is None or place.result(name) == result
    if number != signal.SIGKILL and running.returncode >= 0:
        assert place.leftovers() == []
    place.clear()
    with place.start(name) as again:
        _, told = again.communicate(timeout=120)
    assert (again.returncode in {0, 1}, b"Traceback" in told) == (True, False)
    assert place.result(name) == result
    assert place.leftovers() == []


def children(parent: int) -> list[int]:
    found = Path(f"/proc/{parent}/task/{parent}/children")
    if not found.parent.parent.parent.exists():
        pytest.skip("the system does not tell the children of a process")
    with contextlib.suppress(OSError):
        return [int(word) for word in found.read_text().split()]
    return []


def test_a_worker_that_is_killed_costs_nothing_but_time(place, wanted):
    result, _ = wanted("validate")
    with place.start("validate") as running:
        while running.poll() is None and len(list(place.temporary.glob(".landxml-*/*/new"))) < 2:
            time.sleep(0.01)  # until both have begun: a process that cannot even begin ends the run
        workers = [worker for child in children(running.pid) for worker in children(child)]
        os.kill(workers[0], signal.SIGKILL)
        _, told = running.communicate(timeout=60)
    assert (running.returncode, told.count(b"Traceback")) == (1, 0)
    assert place.result("validate") == result
    assert place.leftovers() == []


def limited(what: str, most: int) -> Callable[[], None]:
    import resource

    return lambda: resource.setrlimit(getattr(resource, what), (most, most))


@each
@pytest.mark.parametrize(
    ("what", "most"),
    [
        ("RLIMIT_FSIZE", 100_000),  # as a disk that is full, for results and for temporary files
        ("RLIMIT_NOFILE", 14),
        ("RLIMIT_AS", 1_200_000_000),
    ],
)
def test_a_limit_leaves_nothing_half_written(place, wanted, name, what, most):
    result, _ = wanted(name)
    with place.start(name, limited(what, most)) as running:
        _, told = running.communicate(timeout=120)
    assert b"Traceback" not in told
    if running.returncode in {0, 1}:
        assert place.result(name) == result
        assert place.leftovers() == []
        return
    assert place.result(name) is None
    if running.returncode < 0:  # libraries in C end the process where they get no memory
        assert what == "RLIMIT_AS"
        return
    assert running.returncode == 2
    assert told.startswith((b"Error: ", b"Making"))
    assert [path.name for path in place.out.iterdir() if path.name != "work"] == []
    assert place.leftovers() == []


def test_a_run_that_is_killed_again_and_again_comes_to_its_end(place, wanted):
    """Each goes on where the one before it stopped: in the end it takes much less than a whole run."""
    result, seconds = wanted("validate --work")
    chance = random.Random(7)  # noqa: S311 - for a test
    for attempt in range(1, 30):
        with place.start("validate --work") as running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(timeout=chance.uniform(0.2, 0.8 + attempt / 10) * seconds)
            running.kill()
        if place.result("validate --work"):
            break
        outcomes = list((place.out / "work").glob("outcomes/*"))
        assert all(set(tally(outcome)) == parts(outcome) for outcome in outcomes)
    assert place.result("validate --work") == result
    assert list(place.temporary.iterdir()) == []


def tally(outcome: Path) -> list[str]:
    """What the tally of an outcome says that there is."""
    return list(json.loads((outcome / "tally.json").read_bytes())["parts"])


def parts(outcome: Path) -> set[str]:
    return {path.relative_to(outcome).as_posix() for path in outcome.glob("*/*")}


def test_two_runs_with_one_store(place, wanted):
    result, _ = wanted("validate --work")
    (place.out / "other").mkdir()
    (place.out / "other" / "work").symlink_to(place.out / "work")
    other = place._replace(out=place.out / "other")
    with place.start("validate --work") as one, other.start("validate --work") as two:
        told = [running.communicate(timeout=120)[1] for running in (one, two)]
    assert [one.returncode, two.returncode] == [1, 1], told
    assert place.result("validate --work") == other.result("validate --work") == result
    assert sorted(path.name for path in (place.out / "work").iterdir()) == ["outcomes", "store.json"]


@each
def test_two_runs_with_one_output(place, wanted, name):
    result, _ = wanted(name)
    with place.start(name) as one, place.start(name) as other:
        told = [running.communicate(timeout=120)[1] for running in (one, other)]
    assert sorted(running.returncode == 2 for running in (one, other)) == [False, True]
    assert any(b"exists already" in each for each in told)
    assert place.result(name) == result
    assert place.leftovers() == []


@each
def test_a_folder_that_takes_no_files_is_told_before_the_work(place, name):
    closed = place._replace(out=Path("/sys"))
    with closed.start(name) as running:
        _, told = running.communicate(timeout=60)
    assert running.returncode == 2
    assert told.startswith((b"Error: /sys/", b"Making"))
    assert b"Traceback" not in told
    assert list(place.temporary.iterdir()) == []
