"""A server without a network, whose commands are a small program that writes what it was asked to write."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from landxml_web.access import Doors
from landxml_web.app import application
from landxml_web.runs import Runs
from landxml_web.settings import Settings
from landxml_web.work import Work

ADDRESS = "http://127.0.0.1:8765"
COMMAND = """
import json, os, sys, time
from pathlib import Path
arguments = sys.argv[1:]
inputs = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
sizes = {name: Path(name).stat().st_size for name in inputs}
told = {"arguments": arguments, "sizes": sizes, "in": os.getcwd()}
Path(os.environ["TOLD"]).open("a").write(json.dumps(told) + "\\n")
options = dict(each.partition("=")[::2] for each in arguments if each.startswith("--"))
print(json.dumps({"phase": "checking", "done": 1, "total": 4, "kept": 0}), file=sys.stderr, flush=True)
if "slow.xml" in inputs:
    time.sleep(60)
if "bad.xml" in inputs:
    print("it cannot be read", file=sys.stderr)
    sys.exit(2)
out = Path(options["--output"])
for path in (options.get("--report"), options.get("--loss"), out / "report.html" if out.is_dir() else out):
    if path:
        Path(path).write_text("<p>written</p>")
"""
"""Its results are text, but for the names."""


class Office:
    """A browser, or a program with a token, and what it sees of the server."""

    def __init__(self, client: TestClient, doors: Doors, runs: Runs, work: Work, told: Path) -> None:
        self.client, self.doors, self.runs, self.work, self._told = client, doors, runs, work, told

    def call(self, method: str, path: str, status: int, **given: Any) -> Any:
        answer = self.client.request(method, path, **given)
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer

    def sent(self, *names: str, data: bytes = b"<a/>") -> str:
        """Begin a run with files; return its id."""
        run: str = self.call("POST", "/api/runs", 201).json()["id"]
        for name in names:
            self.call("PUT", f"/api/runs/{run}/files", 201, params={"name": name}, content=data)
        return run

    def started(self, *names: str, kind: str = "check", **options: str) -> str:
        run = self.sent(*names)
        self.call("POST", f"/api/runs/{run}/start", 202, json={"kind": kind, "options": options})
        return run

    def ended(self, run: str) -> dict[str, Any]:
        """Wait until a run has ended."""
        return self.until(run, lambda told: told["state"] in {"done", "failed", "stopped"})

    def until(self, run: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        for _ in range(6000):  # a minute
            told: dict[str, Any] = self.call("GET", f"/api/runs/{run}", 200).json()
            if fits(told):
                return told
            time.sleep(0.01)
        raise AssertionError(told)

    @property
    def told(self) -> list[dict[str, Any]]:
        """What commands were given, one after another."""
        return [msgspec.json.decode(line) for line in self._told.read_text("utf-8").splitlines()]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        folder=tmp_path / "server",
        command=(sys.executable, "-S", "-c", COMMAND),
        port=8765,
        reserve=0,
        audit=tmp_path / "audit.log",
    )


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Office]]:
    """Start a server with these settings; it ends with the test."""
    monkeypatch.setenv("TOLD", str(tmp_path / "told.jsonl"))
    clients = []

    def start(settings: Settings) -> Office:
        doors, runs = Doors(settings.users), Runs(settings.folder, settings.keep)
        work = Work(runs, settings)
        client = TestClient(application(settings, doors, runs, work), ADDRESS, follow_redirects=False)
        client.headers["Authorization"] = f"Bearer {doors.token}"
        clients.append(client)
        client.__enter__()
        return Office(client, doors, runs, work, tmp_path / "told.jsonl")

    yield start
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def office(opened: Callable[..., Office], settings: Settings) -> Office:
    return opened(settings)
