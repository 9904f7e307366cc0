"""Several processes for one run: what a user notices when one of them, or all, fare badly."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time

import pytest

from landxml.errors import LandXmlError
from landxml_samples import package
from landxml_validator import processes, validate

HEAR = "import pickle, sys; [pickle.load(sys.stdin.buffer) for _ in range(2)]; "


@pytest.fixture(scope="module")
def delivery(tmp_path_factory):
    folder = tmp_path_factory.mktemp("processes") / "goi"
    package.write(folder, layout="vbdlis-xml", parcels=300)
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


def test_a_process_that_dies_is_said(delivery, monkeypatch):
    monkeypatch.setattr(processes, "START", "raise SystemExit")
    with pytest.raises(LandXmlError) as error:
        validate([delivery], workers=2)
    assert error.value.text("vi") == "Một tiến trình kiểm tra đã dừng đột ngột; có thể máy không đủ bộ nhớ."


def test_what_went_wrong_in_a_process_is_raised(delivery, monkeypatch):
    full = f"pickle.dump(OSError({errno.ENOSPC}, 'No space left'), sys.stdout.buffer)"
    monkeypatch.setattr(processes, "START", HEAR + full)
    with pytest.raises(OSError, match="No space left") as error:
        validate([delivery], workers=2)
    assert error.value.errno == errno.ENOSPC


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_when_the_first_process_is_killed_the_others_end_and_tidy_up(delivery, tmp_path):
    script = f"import landxml_validator as v\nwhile True: v.validate([{str(delivery)!r}], workers=2)"
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", script], env=environment) as running:
        while not list(tmp_path.glob(".landxml-*/*.taken")):
            time.sleep(0.01)
        running.kill()
    ends = time.monotonic() + 20
    while list(tmp_path.iterdir()) and time.monotonic() < ends:
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []
