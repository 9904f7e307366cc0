"""``landxml doctor``: what it says of a machine that is well, and of one that is not."""

from __future__ import annotations

import ctypes
import json
import os

import pytest

from landxml import native
from landxml.text import Text
from landxml_reports import doctor

NAMES = ["version", "libraries", "walk", "processor", "memory", "folder", "temporary", "test"]


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(doctor, "PARCELS", 4)


def test_a_machine_that_is_well(run):
    done = run("doctor", "--format", "json")
    found = {check["name"]: check for check in json.loads(done.out)}
    assert done.code == 0
    assert list(found) == NAMES
    assert "landxml" in found["version"]["found"]
    assert "libxml2" in found["libraries"]["found"]
    assert found["walk"]["state"] == ("fine" if native.WHY is None else "note")
    assert found["test"]["state"] == "fine"


def test_what_is_broken_is_told_and_the_rest_looked_at(run, monkeypatch):
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(doctor, "temporary", full)
    monkeypatch.setattr(native, "WHY", native._NOT_BUILT)
    done = run("doctor", "--lang", "vi")
    assert done.code == 2
    *lines, said = done.out.splitlines()
    assert [line.split("  ")[1] for line in lines if "✗" in line] == ["thư mục tạm", "tự kiểm tra"]
    assert "No space left on device" in done.out
    assert any("! bằng Python" in line and "chưa biên dịch" in line for line in lines)
    assert "hỏng" in said


def test_a_check_that_finds_nothing_wrong_anywhere_is_broken(run, monkeypatch):
    sound = iter(["conformant", "conformant"])
    monkeypatch.setattr(doctor, "_verdict", lambda _: next(sound))
    done = run("doctor")
    assert done.code == 2
    assert "✗ 4 synthetic parcels: wrong results" in done.out


def test_windows_is_asked_for_its_memory(monkeypatch):
    class Kernel:
        @staticmethod
        def GlobalMemoryStatusEx(answer):  # noqa: N802 - as Windows names it
            assert int.from_bytes(answer.raw[:4], "little") == len(answer) == 64
            answer[8:24] = (8_000_000_000).to_bytes(8, "little") + (500_000_000).to_bytes(8, "little")
            return 1

    monkeypatch.delattr(os, "sysconf")
    monkeypatch.setattr(ctypes, "CDLL", {"kernel32": Kernel}.get)
    state, found = doctor._memory()
    assert state == "note"
    assert found.en == "8.0 GB, free 500.0 MB: little, large files may fail"


def test_little_room_is_worth_a_note():
    assert doctor._enough(5_000_000, Text("", ""))[0] == "note"
    assert doctor._enough(5_000_000_000, Text("", ""))[0] == "fine"
