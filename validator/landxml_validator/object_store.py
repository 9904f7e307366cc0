"""A store of outcomes in an object store (S3): it holds what a folder would, under the same names.

Nothing can be renamed there. So the parts of an outcome are put first and its tally last: where that is
missing, or parts have other sizes, the outcome is not taken. Two runs that make the same one put the same
bytes. Each machine works in a temporary folder, with the paths of the store in it, and fetches there the
parts that others have put.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import msgspec

from landxml import remote
from landxml.errors import LandXmlError
from landxml.text import Text
from landxml_validator.ledger import TALLY, Tally

__all__ = ["address", "fetch", "find", "forget", "naming", "send"]

AT_ONCE = 8
"""Objects that are put or fetched side by side."""
CHUNK = 1 << 20
DAY = 86_400
"""Seconds after which the tally of an outcome that is used is put again: its age tells of the last use."""

_SAID = {
    errno.ENOENT: Text("kho đối tượng không có bucket này", "the object store has no such bucket"),
    errno.EACCES: Text(
        "kho đối tượng không cho liệt kê, đọc, ghi hoặc xóa ở đây; xem AWS_ACCESS_KEY_ID và"
        " AWS_SECRET_ACCESS_KEY",
        "the object store does not let this user list, read, write or delete here; see AWS_ACCESS_KEY_ID and"
        " AWS_SECRET_ACCESS_KEY",
    ),
    errno.ENOSPC: Text(
        "kho đối tượng đã đầy; dọn chỗ rồi chạy lại với cùng --work thì tiếp tục từ chỗ dừng",
        "the object store is full; make room and run again with the same --work, which goes on where it"
        " stopped",
    ),
    errno.ETIMEDOUT: Text(
        "kho đối tượng không trả lời hoặc quá chậm; xem AWS_ENDPOINT_URL, rồi chạy lại với cùng --work thì"
        " tiếp tục từ chỗ dừng",
        "the object store does not answer, or is too slow; see AWS_ENDPOINT_URL, and run again with the same"
        " --work, which goes on where it stopped",
    ),
}
_VANISHED = Text(
    "kết quả đang cần vừa bị xóa khỏi kho; hãy chạy lại với cùng --work, phần bị xóa được làm lại",
    "an outcome was removed from the store while it was needed; run again with the same --work, which does"
    " that part again",
)
T = TypeVar("T")


@contextlib.contextmanager
def naming(work: str, missing: Text = _SAID[errno.ENOENT]) -> Iterator[None]:
    """Say in a sentence what an object store says; errors of a disk pass as they are.

    Raises
    ------
    LandXmlError
        About ``work``, the address that the user knows.
    """
    try:
        yield
    except OSError as error:
        if error.errno is not None and not remote.is_remote(str(error.filename)):
            raise
        other = Text(f"kho đối tượng báo lỗi: {error}", f"the object store says: {error}")
        said = (_SAID | {errno.ENOENT: missing}).get(error.errno or 0, other)
        raise LandXmlError(said, file=work) from error


def address(work: str, inputs: Iterable[str | os.PathLike[str]]) -> str:
    """Return the address of a store in its plain form.

    Raises
    ------
    LandXmlError
        If it names no bucket, or is in one place with an input.
    """
    if not (place := remote.key(work)):
        raise LandXmlError(
            Text("thiếu tên bucket: s3://bucket/thư-mục", "names no bucket: s3://bucket/folder"), file=work
        )
    for path in [os.fspath(each) for each in inputs]:
        one, other = f"{place}/", f"{remote.key(path)}/"
        if remote.is_remote(path) and (one.startswith(other) or other.startswith(one)):
            said = Text(
                f"nằm cùng chỗ với đầu vào {path}; hãy chọn chỗ khác",
                f"is in one place with the input {path}; give another place",
            )
            raise LandXmlError(said, file=work)
    return f"{remote.SCHEME}{place}"


def find(place: str) -> Tally | None:
    """Return the tally of the outcome in a place, if it is there and whole."""
    with contextlib.suppress(FileNotFoundError, KeyError, msgspec.MsgspecError):
        there = {each.path.removeprefix(f"{place}/"): each for each in remote.listed(place)}
        used = there[TALLY].changed / 1e9
        with remote.opened(there[TALLY].path) as file:
            said = file.read()
        tally = msgspec.json.decode(said, type=Tally)
        if all(there[name].size == size for name, size in tally.parts.items()):
            if used < time.time() - DAY:
                remote.put(io.BytesIO(said), there[TALLY].path)
            return tally
    return None


def send(folder: Path, names: Iterable[str], place: str) -> None:
    """Put the files of an outcome in a place, its tally last."""

    def put(name: str) -> None:
        with (folder / name).open("rb") as source:
            remote.put(source, f"{place}/{name}")

    _each(put, names)
    put(TALLY)


def fetch(parts: Iterable[Path], mirror: Path, work: str) -> None:
    """Fetch those parts that are not yet in the folder where this machine has the paths of a store."""

    def get(part: Path) -> None:
        part.parent.mkdir(parents=True, exist_ok=True)
        new = part.with_suffix(".new")
        path = f"{work}/{part.relative_to(mirror).as_posix()}"
        with remote.opened(path) as source, new.open("wb") as out:
            shutil.copyfileobj(source, out, CHUNK)
        new.rename(part)

    with naming(work, _VANISHED):
        _each(get, (part for part in parts if not part.exists()))


def _each(do: Callable[[T], None], items: Iterable[T]) -> None:
    """Do something with each item, some side by side; stop at the first that fails."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            for _ in pool.map(do, items):
                pass
        except BaseException:  # Ctrl-C, too
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def forget(work: str, last: float) -> None:
    """Remove the outcomes of which nothing was put since a time, in seconds since 1970."""
    put = defaultdict[str, float](float)
    for each in remote.listed(work):
        names = each.path.removeprefix(f"{work}/").split("/")
        if len(names) > 2:  # the mark is none
            place = "/".join(names[:2])
            put[place] = max(put[place], each.changed / 1e9)
    for place, when in put.items():
        if when < last:
            remote.remove(f"{work}/{place}")
