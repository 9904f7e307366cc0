"""A campaign: cases one after the other, on several workers; what fails is made small, kept and told."""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzz import minimum
from tests.fuzz.attempt import Failure, suffix
from tests.fuzz.case import Case, case
from tests.fuzz.entries import ENTRIES
from tests.fuzz.octets import Pool
from tests.fuzz.seeds import prepare, seeds
from tests.fuzz.worker import Worker

REGRESSIONS = Path(__file__).parent / "regressions"
MINIMISING = 20
"""Seconds that one failure may take to be made small."""
LARGEST = 100_000
"""Bytes of a failure that is kept."""
TOLD = 15
"""Seconds between two lines about the progress."""


class Campaign:
    """What the threads of a campaign share: the next number, the end, and what was found."""

    def __init__(self, run: int, numbers: Iterator[int], seconds: float, keep: Path) -> None:
        self.run = run
        self.numbers = numbers
        self.end = time.monotonic() + seconds
        self.keep = keep
        self.found: dict[str, Failure] = {}
        self.done = 0
        self.told = time.monotonic()
        self.lock = threading.Lock()

    def work(self, beside: Path, inputs: Mapping[str, Pool]) -> None:
        """Run cases until the time or the numbers are at an end."""
        with Worker(beside) as worker:
            while time.monotonic() < self.end:
                with self.lock:
                    number = next(self.numbers, None)
                if number is None:
                    return
                one = case(self.run, number, inputs)
                failure = worker.attempt(one.entry, one.input(inputs))
                if failure is not None and self._new(failure, one):
                    self._keep(failure, _smallest(worker, one, failure, inputs))
                self._count()

    def _new(self, failure: Failure, one: Case) -> bool:
        with self.lock:
            if failure.name in self.found:
                return False
            self.found[failure.name] = failure
        _tell(f"FAILED {one}\n  {failure.what}: {failure.where}\n{_indented(failure.text)}")
        return True

    def _keep(self, failure: Failure, data: bytes) -> None:
        if len(data) > LARGEST:
            _tell(f"  {failure.name}: {len(data)} bytes are too many to keep")
            return
        path = self.keep / failure.entry / f"{failure.name}{suffix(ENTRIES[failure.entry].kind, data)}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        _tell(f"  kept as {path}")

    def _count(self) -> None:
        with self.lock:
            self.done += 1
            now = time.monotonic()
            if now - self.told > TOLD:
                self.told = now
                _tell(f"{self.done} cases, {len(self.found)} failures, {max(0, self.end - now):.0f} s left")


def _smallest(worker: Worker, one: Case, failure: Failure, inputs: Mapping[str, Pool]) -> bytes:
    """Return the smallest input found that fails in the same way."""

    def fails(data: bytes) -> bool:
        again = worker.attempt(one.entry, data)
        return again is not None and again.name == failure.name

    short = minimum.steps(one, lambda less: fails(less.input(inputs)))
    data = short.input(inputs)
    if data.startswith(b"PK") or failure.what in {"time", "memory"}:
        return data
    return minimum.smaller(data, fails, MINIMISING)


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines()[-12:])


def main(arguments: Sequence[str]) -> int:
    """Run a campaign, and return the exit code."""
    options = _options(arguments)
    run, _, number = options.case.partition("/") if options.case else (options.seed, "", "")
    numbers = iter([int(number)]) if number else itertools.count()
    campaign = Campaign(int(run), numbers, 60 * options.minutes, options.keep)
    with tempfile.TemporaryDirectory(prefix="fuzz-", ignore_cleanup_errors=True) as folder:
        beside = Path(folder)
        prepare(beside)
        inputs = seeds(beside)
        with ThreadPoolExecutor(options.workers) as threads:
            for done in [threads.submit(campaign.work, beside, inputs) for _ in range(options.workers)]:
                done.result()
    _tell(f"seed {run}: {campaign.done} cases, {len(campaign.found)} failures")
    for failure in campaign.found.values():
        _tell(f"  {failure.entry}: {failure.what}, {failure.where}")
    return int(bool(campaign.found))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz landxml.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the run")
    parser.add_argument("--case", help="one case again, as a failure names it: SEED/NUMBER")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, default=REGRESSIONS, help="folder for what fails")
    return parser.parse_args(arguments)
