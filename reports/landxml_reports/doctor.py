"""Whether the program works on this machine: versions, what it has to work with, and a small check."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import duckdb
import pyarrow as pa
import pyproj
import shapely
from lxml import etree

from landxml import localised, native
from landxml.temporary import temporary
from landxml.text import Text
from landxml.version import TOOL
from landxml_samples import package
from landxml_validator import validate

__all__ = ["Check", "examine"]

PARCELS = 100
LITTLE = 1_000_000_000
"""Bytes of memory or disk with less of which a large delivery may fail."""

State = Literal["fine", "note", "broken"]
"""All is well; something to know; it must be mended."""


class Check(NamedTuple):
    """What was looked at, and found."""

    name: str
    title: Text
    state: State
    found: Text


def examine() -> Iterator[Check]:
    """Look at one thing after another; whatever goes wrong with one is its finding."""
    for look, title in _LOOKS.items():
        name = look.__name__.removeprefix("_")
        try:
            yield Check(name, title, *look())
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            kind = f"{type(error).__name__}: {error}"
            yield Check(name, title, "broken", Text(kind, kind))


def _version() -> tuple[State, Text]:
    said = f"{TOOL}, Python {platform.python_version()}, {platform.platform(terse=True)}"
    return "fine", Text(said, said)


def _libraries() -> tuple[State, Text]:
    versions = {
        "lxml": etree.__version__,
        "libxml2": ".".join(map(str, etree.LIBXML_VERSION)),
        "DuckDB": duckdb.__version__,
        "PyArrow": pa.__version__,
        "Shapely": shapely.__version__,
        "GEOS": shapely.geos_version_string,
        "PROJ": pyproj.proj_version_str,
    }
    said = ", ".join(f"{name} {version}" for name, version in versions.items())
    return "fine", Text(said, said)


def _walk() -> tuple[State, Text]:
    if native.WHY is None:
        return "fine", Text("bằng C", "in C")
    slower = Text("bằng Python, kết quả như nhau, chậm hơn: ", "in Python, equal results, but slower: ")
    return "note", slower + native.WHY


def _processor() -> tuple[State, Text]:
    count = os.cpu_count() or 1
    return "fine", Text(f"{count} nhân", f"{count} core{'s' * (count > 1)}")


def _memory() -> tuple[State, Text]:
    try:
        whole, free = _physical() if hasattr(os, "sysconf") else _physical_of_windows()
    except (AttributeError, OSError, ValueError):
        return "note", Text("hệ điều hành không cho biết", "this system does not say")
    return _enough(free, localised.size(whole) + Text(", còn trống ", ", free "))


def _physical() -> tuple[int, int]:
    """Return the bytes of memory, all and free."""
    pages = (os.sysconf(name) for name in ("SC_PHYS_PAGES", "SC_AVPHYS_PAGES"))
    whole, free = (count * os.sysconf("SC_PAGE_SIZE") for count in pages)
    return whole, free


def _physical_of_windows() -> tuple[int, int]:
    form = struct.Struct("=II7Q")  # MEMORYSTATUSEX: its length, share in use, bytes in all, bytes free …
    answer = ctypes.create_string_buffer(form.pack(form.size, *[0] * 8), form.size)
    if not ctypes.CDLL("kernel32").GlobalMemoryStatusEx(answer):
        raise OSError
    _, _, whole, free, *_ = form.unpack(answer.raw)
    return whole, free


def _folder() -> tuple[State, Text]:
    """Ask for the space where results are written if nobody says where."""
    place = Path.cwd()
    return _enough(shutil.disk_usage(place).free, Text(f"{place}, còn trống ", f"{place}, free "))


def _temporary() -> tuple[State, Text]:
    """Write a file where temporary ones go, and ask for the space there."""
    place = tempfile.gettempdir()
    with temporary() as folder:
        (folder / "written").write_bytes(bytes(1_000_000))
    return _enough(shutil.disk_usage(place).free, Text(f"{place}, còn trống ", f"{place}, free "))


def _enough(free: int, said: Text) -> tuple[State, Text]:
    said += localised.size(free)
    if free >= LITTLE:
        return "fine", said
    return "note", said + Text(": ít, tệp lớn có thể không kiểm tra được", ": little, large files may fail")


def _test() -> tuple[State, Text]:
    """Make a sound package, check it, and damage it, which must be found."""
    started = time.perf_counter()
    with temporary() as folder:
        sound, faulty = folder / "sound.zip", folder / "faulty.zip"
        package.write(sound, parcels=PARCELS)
        package.write(faulty, parcels=PARCELS, faults={"LND002": 1})
        verdicts = [_verdict(path) for path in (sound, faulty)]
    seconds = localised.number(time.perf_counter() - started, 1)
    what = Text(f"{PARCELS} thửa giả định: ", f"{PARCELS} synthetic parcels: ")
    if verdicts == ["conformant", "not-conformant"]:
        return "fine", what + seconds + Text(" giây, kết quả đúng", " seconds, right results")
    return "broken", what + Text("kết quả sai; hãy cài lại", "wrong results; install it again")


def _verdict(path: Path) -> str:
    return validate([path], workers=1).verdict


_LOOKS: dict[Callable[[], tuple[State, Text]], Text] = {
    _version: Text("phiên bản", "version"),
    _libraries: Text("thư viện", "libraries"),
    _walk: Text("duyệt XML", "walk over XML"),
    _processor: Text("bộ xử lý", "processor"),
    _memory: Text("bộ nhớ", "memory"),
    _folder: Text("thư mục hiện tại", "current folder"),
    _temporary: Text("thư mục tạm", "temporary folder"),
    _test: Text("tự kiểm tra", "self-test"),
}
