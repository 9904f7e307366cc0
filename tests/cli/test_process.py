"""The command as a process of its own: pipes, signals, encodings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from landxml_validator.sample.package import write

COMMAND = [sys.executable, "-m", "landxml_cli"]


def process(*arguments: object, **environ: str) -> subprocess.CompletedProcess[bytes]:
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=os.environ | environ, timeout=60, check=False)


def test_validate_as_a_process(bad) -> None:
    done = process("validate", bad, "--workers", "2", LC_ALL="vi_VN.UTF-8", PYTHONUTF8="1")
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.decode().startswith("Kết luận: KHÔNG ĐẠT")


def test_letters_that_the_encoding_lacks_do_no_harm() -> None:
    done = process("rules", "--lang", "vi", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"GEO001" in done.stdout
    assert process("nonsense", "--lang", "vi", PYTHONIOENCODING="ascii").returncode == 2


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen([*COMMAND, "rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 141


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_leaves_nothing(tmp_path: Path, workers: int, number: signal.Signals) -> None:
    write(tmp_path / "big", parcels=3600, communes=6)
    temporary, out = tmp_path / "temporary", tmp_path / "out"
    temporary.mkdir()
    out.mkdir()
    arguments = ["validate", tmp_path / "big", "--workers", workers, "-o", out / "report.html"]
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(temporary)},
        start_new_session=True,
    ) as running:
        while not list(temporary.glob(".landxml-*/*/*.parquet")) and running.poll() is None:
            time.sleep(0.02)  # until the first commune is done
        if number == signal.SIGINT:
            os.killpg(running.pid, number)  # as a terminal does: to the workers too
        else:
            running.send_signal(number)
        _, err = running.communicate(timeout=60)
    assert running.returncode == 128 + number
    assert b"Stopped as you asked." in err
    assert b"Traceback" not in err
    assert list(out.iterdir()) == []
    assert [path for path in temporary.iterdir() if "landxml" in path.name] == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
def test_ctrl_c_while_loading_is_quiet() -> None:
    with subprocess.Popen([*COMMAND, "rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        time.sleep(0.2)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)
    assert b"Traceback" not in err
    assert running.returncode in {-signal.SIGINT, 0, 130}
