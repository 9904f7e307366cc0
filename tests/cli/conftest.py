"""A way to run the command in this process, and small packages to run it on."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from landxml_cli.interruptions import STOPS
from landxml_cli.main import main
from landxml_samples.package import write


class Outcome(NamedTuple):
    """What a run left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run() -> Iterator[Run]:
    """Run the command line in this process."""

    def call(*arguments: object, stdin: bytes = b"") -> Outcome:
        with CliRunner().isolation(stdin) as (out, err, _):
            code = main([str(argument) for argument in arguments])
            return Outcome(code, out.getvalue().decode(), err.getvalue().decode())

    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, *STOPS)}
    yield call
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packages")


@pytest.fixture(scope="session")
def good(folder: Path) -> Path:
    write(folder / "good", parcels=12)
    return folder / "good"


@pytest.fixture(scope="session")
def bad(folder: Path) -> Path:
    write(folder / "bad", parcels=40, faults={"LND002": 2})
    return folder / "bad"


@pytest.fixture(scope="session")
def warned(folder: Path) -> Path:
    write(folder / "warned", parcels=40, faults={"GEO003": 1})
    return folder / "warned"


@pytest.fixture(scope="session")
def dossiers(folder: Path) -> Path:
    write(folder / "dossiers.zip", layout="vbdlis-xml", parcels=5)
    return folder / "dossiers.zip"
