from __future__ import annotations

import os
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import pytest

from landxml import LandXmlError
from tests.fuzz import worker as workers
from tests.fuzz.attempt import FRAME, attempt, leaked
from tests.fuzz.campaign import REGRESSIONS, main
from tests.fuzz.case import STAGES, case
from tests.fuzz.entries import ENTRIES, Entry
from tests.fuzz.minimum import fewer, smaller
from tests.fuzz.seeds import prepare, seeds
from tests.fuzz.values import NAME
from tests.fuzz.worker import Worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")

KEPT = sorted(path.relative_to(REGRESSIONS) for path in REGRESSIONS.glob("*/*"))


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("beside")
    prepare(folder)
    return folder


@pytest.fixture(scope="module")
def worker(beside):
    with Worker(beside) as made:
        yield made


@pytest.mark.parametrize("path", KEPT, ids=str)
def test_what_failed_once_does_not_fail_again(worker, path) -> None:
    failure = worker.attempt(path.parts[0], (REGRESSIONS / path).read_bytes())
    assert failure is None, failure.text


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["1", "2"])
def test_a_short_campaign_finds_nothing(tmp_path, seed) -> None:
    assert main(["--minutes", "0.5", "--seed", seed, "--keep", str(tmp_path)]) == 0


def test_a_number_is_always_the_same_case(beside) -> None:
    inputs = seeds(beside)
    cases = [case(7, number, inputs) for number in range(100)]
    assert {ENTRIES[one.entry].kind for one in cases} >= {"document", "json", "reference"}
    made = [one.input(inputs) for one in cases]
    assert made == [case(7, number, inputs).input(inputs) for number in range(100)]
    assert len(set(made)) > 50


@pytest.mark.parametrize("kind", STAGES)
def test_every_mutation_takes_anything(beside, kind) -> None:
    pool = seeds(beside)[kind]
    for _, mutations in STAGES[kind]:
        for mutation in mutations:
            for data in (pool[0], b"", b"\xff\0<", b"PK\3\4", b"<a:b xmlns:a=''/>", b"a;b\n1;2"):
                assert isinstance(mutation(data, Random(1), pool), bytes)


def put_in_clear(desk: Any) -> None:
    desk.said.append(f"chủ: {NAME.upper()}")


def change(desk: Any) -> None:
    desk.subject.write_bytes(b"")


def leave(desk: Any) -> None:
    (desk.out / "half").write_bytes(b"")
    raise LandXmlError("no")


def fail(_: Any) -> None:
    raise KeyError("x")


@pytest.mark.parametrize(
    ("run", "what"), [(put_in_clear, "leak"), (change, "changed"), (leave, "left"), (fail, "KeyError")]
)
def test_a_failure_is_seen(monkeypatch, beside, run, what) -> None:
    monkeypatch.setitem(ENTRIES, "from_json", Entry("json", 1, run))
    failure = attempt("from_json", b"[]", beside)
    assert failure is not None
    assert failure.what == what


def test_a_failure_names_the_innermost_frame_of_ours(monkeypatch, beside) -> None:
    monkeypatch.setattr("landxml.json.refused", lambda _: [].pop())
    failure = attempt("from_json", b"{", beside)
    assert failure is not None
    assert (failure.what, failure.where) == ("IndexError", "landxml/json.py from_json")


def test_every_package_has_frames_of_ours() -> None:
    for name in ("schemas", "units", "mappings", "remap", "samples", "validator", "reports", "cli"):
        path = import_module(f"landxml_{name}").__file__
        assert FRAME.search(f'  File "{path}", line 7, in each'), path


def test_a_failure_at_one_document_is_seen(monkeypatch, beside) -> None:
    monkeypatch.setattr("landxml.carriers.gml.Gml.load", lambda *_: [].pop())
    data = (REGRESSIONS.parents[1] / "corpus/base/national.xml").read_bytes()
    failure = attempt("validate", data, beside)
    assert failure is not None
    assert failure.what == "IndexError"


def test_personal_data_is_seen_however_it_is_written() -> None:
    assert leaked(["Họ tên: ZÔQUĂX"])
    assert leaked(["<b>zo\u0302qua\u0306x</b>".encode()])
    assert not leaked(["Z•••••", b"\xff"])


@pytest.mark.parametrize(("limit", "value", "what"), [("SECONDS", -1, "time"), ("BYTES", 1, "memory")])
def test_an_attempt_has_limits(monkeypatch, worker, limit, value, what) -> None:
    data = (REGRESSIONS.parents[1] / "corpus/base/national.xml").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(workers, limit, value)
        failure = worker.attempt("validate", data)
    assert failure is not None
    assert failure.what == what
    assert worker.attempt("from_json", b"[]") is None


def test_a_process_that_dies_costs_one_attempt(worker) -> None:
    assert worker.attempt("from_json", b"[]") is None
    os.kill(worker.process.pid, signal.SIGSTOP)  # so that it cannot answer before it dies
    threading.Timer(0.2, os.kill, (worker.process.pid, signal.SIGKILL)).start()
    failure = worker.attempt("from_json", b"[]")
    assert failure is not None
    assert failure.what == "died"
    assert worker.attempt("from_json", b"[]") is None


def test_failures_are_made_small() -> None:
    assert fewer(range(100), lambda left: {3, 77} <= set(left)) == (3, 77)
    data = b"<a><b>1</b><c><d x='1'>bad</d><e/></c></a>" + b" " * 1000
    assert len(smaller(data, lambda left: b"bad" in left, 5)) < 8
