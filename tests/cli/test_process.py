"""The command as a process of its own: pipes, signals, encodings."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import unicodedata
from glob import glob
from pathlib import Path

import pytest

from landxml_reports import render
from landxml_samples.package import write
from landxml_validator import validate
from tests.marks import quick

STOPS = [number for number in signal.Signals if number.name in {"SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"}]
COMMAND = [sys.executable, "-m", "landxml_cli"]


def process(*arguments: object, **environ: str) -> subprocess.CompletedProcess[bytes]:
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=os.environ | environ, timeout=60, check=False)


def children(parent: int) -> list[int]:
    """Numbers of the processes that a process has started, where the system tells."""
    try:
        return [int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    except OSError:
        return []


def test_validate_as_a_process(bad) -> None:
    done = process("validate", bad, "--select", "LND", "--workers", "2", LC_ALL="vi_VN.UTF-8", PYTHONUTF8="1")
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.decode().startswith("Kết luận: KHÔNG ĐẠT")


@pytest.mark.parametrize("encoding", ["cp1258", "ascii", "utf-16"])
def test_files_and_pipes_get_utf_8_whatever_the_console_has(encoding) -> None:
    environ = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = process("codelists", "DanToc", "--lang", "vi", **environ)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Bru-Vân Kiều" in done.stdout.decode()
    assert "không có lệnh “nonsense”" in process("nonsense", "--lang", "vi", **environ).stderr.decode()


@pytest.fixture(scope="module")
def told(good: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report, whose text is that of the check."""
    path = tmp_path_factory.mktemp("told") / "report.json"
    path.write_bytes(render(validate([good]), "json", "vi"))
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="consoles are another matter there")
@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "Kết luận: ĐẠT · Lỗi 0"),
        ("cp1258", "Kết luạn: ĐẠT"),
        ("ascii", "Ket luan: DAT \\xb7 Loi 0"),
    ],
)
def test_a_terminal_gets_the_letters_that_it_has(told, encoding, said) -> None:
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "render", told, "--format", "text", "--lang", "vi"],
        stdout=theirs,
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "NO_COLOR": "1", "TERM": "dumb"},
    ) as running:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # the end of a terminal
            while block := os.read(ours, 4096):
                shown += block
    os.close(ours)
    assert running.returncode == 0
    assert said in unicodedata.normalize("NFC", shown.decode(encoding))
    lost = shown.decode(encoding).replace("\r\n  ? X.", "")  # the mark of what was not evaluated
    assert "?" not in lost


@pytest.mark.skipif(sys.platform == "win32", reason="shells are another matter there")
@pytest.mark.parametrize("closed", quick({"<&- >&- 2>&-"}, [">&-", "2>&-", "<&- >&- 2>&-"]))
def test_streams_that_are_closed_do_no_harm(bad, tmp_path, closed) -> None:
    command = f'"$0" -m landxml_cli validate "$1" --select LND --workers 2 -o report.json -q {closed}'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, bad], cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
    assert json.loads((tmp_path / "report.json").read_bytes())["errors"] == 2
    command = f'"$0" -m landxml_cli rules {closed}'
    assert subprocess.run(["sh", "-c", command, sys.executable], timeout=60, check=False).returncode == 0


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen([*COMMAND, "rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 141


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("big") / "big"
    write(path, parcels=1800, communes=6)
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.slow), 2])
@pytest.mark.parametrize(
    "number",
    [
        pytest.param(each, marks=() if each.name in {"SIGINT", "SIGTERM"} else pytest.mark.slow)
        for each in STOPS
    ],
)
def test_a_run_that_is_stopped_leaves_nothing(
    big: Path, tmp_path: Path, workers: int, number: signal.Signals
) -> None:
    temporary, out = tmp_path / "temporary", tmp_path / "out"
    temporary.mkdir()
    out.mkdir()
    arguments = ["validate", big, "--workers", workers, "-o", out / "report.html"]
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(temporary)},
        start_new_session=True,
    ) as running:
        while not glob(f"{temporary}/.landxml-*/*/tally.json") and running.poll() is None:  # noqa: PTH207 - folders vanish
            time.sleep(0.02)  # until the first commune is done
        for process_ in [running.pid, *children(running.pid)]:  # as a terminal or a container stops them all
            with contextlib.suppress(ProcessLookupError):
                os.kill(process_, number)
        _, err = running.communicate(timeout=60)
    assert running.returncode == 128 + number
    assert b"Stopped as you asked." in err
    assert b"Traceback" not in err
    assert list(out.iterdir()) == []
    assert [path for path in temporary.iterdir() if "landxml" in path.name] == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
def test_ctrl_c_while_loading_is_quiet() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "landxml_cli", "rules"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stderr
        assert any(b"landxml_cli.messages" in line for line in running.stderr)  # not Python yet
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)
    assert b"Traceback" not in err
    assert running.returncode in {-signal.SIGINT, 0, 130}
