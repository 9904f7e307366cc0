"""A Dask scheduler and its workers, all on this machine: how many tasks they take, what a second brings."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

__all__ = ["check", "stubs"]

ROOT = Path(__file__).parents[1]
BEGIN = """
import sys, time
from functools import partial
import dask, distributed
from landxml_validator import validate
from landxml_validator.executors import Cluster, cluster
from tests.validator.executors.test_local import Numbers, working
if __name__ == "__main__":
    with (
        dask.config.set({f"distributed.scheduler.{name}": value for name, value in cluster.SETTINGS.items()}),
        distributed.LocalCluster(
            n_workers=int(sys.argv[1]), threads_per_worker=1, host="127.0.0.1", dashboard_address=":0"
        ) as some,
    ):
        there = Cluster(some.scheduler_address)
        started = time.perf_counter()
"""
STUBS = """
        tasks = [Numbers((number,)) for number in range(int(sys.argv[2]))]
        run = cluster.run(partial(working, int, int), [tasks], int, cluster=there)
        assert len(list(run)) == len(tasks)
"""
CHECK = """
        validate(sys.argv[2], cluster=there, work=sys.argv[3])
"""
END = """
        print(time.perf_counter() - started)
"""


def stubs(count: int) -> float:
    """Return the seconds in which two workers do so many empty tasks."""
    return _seconds(STUBS, "2", str(count))


def check(path: Path, workers: int) -> float:
    """Return the seconds of a check of which no outcome is there."""
    with tempfile.TemporaryDirectory(prefix="landxml-bench-") as work:
        return _seconds(CHECK, str(workers), str(path), work)


def _seconds(what: str, *given: str) -> float:
    """By the clock, because scheduler, workers and client work side by side."""
    command = [sys.executable, "-c", BEGIN + what + END, *given]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])
