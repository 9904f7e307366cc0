"""Temporary folders; those of killed runs are removed by the next run.

Each holds a file that stays locked while its run lives. What ``kill -9`` or a power cut leaves behind is not
locked: the next run that makes such a folder in the same place removes it, if it is of this machine and user.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import platform
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO

__all__ = ["BEGIN", "alone", "temporary", "temporary_to_the_end"]

LOCK = "lock"
BEGIN = ".landxml-"
PREFIX = f"{BEGIN}{zlib.crc32(platform.node().encode()):08x}-"
"""Names the machine: a lock may not be seen from another one that shares the disk."""

if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _is_mine(_: Path) -> bool:
        return True
else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _is_mine(folder: Path) -> bool:
        return folder.stat(follow_symlinks=False).st_uid == os.geteuid()


@contextlib.contextmanager
def temporary(place: str | os.PathLike[str] | None = None) -> Iterator[Path]:
    """Give a folder that nobody else can read, and that is gone when the block ends.

    Parameters
    ----------
    place
        Folder to make it in; by default the system's for temporary files.

    Raises
    ------
    OSError
        If nothing can be written there.
    """
    root = os.path.realpath(place or tempfile.gettempdir())
    _remove_leftovers(root)
    folder, lock = _make(root)
    try:
        yield folder
    finally:
        lock.close()  # Windows removes no file that is open
        shutil.rmtree(folder, ignore_errors=True)


def temporary_to_the_end() -> Path:
    """Return a temporary folder that is gone when the process ends."""
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(temporary())


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Tell whether no other process has a folder that stays; if so, this one has it while the block lasts."""
    with (folder / LOCK).open("ab") as lock:
        try:
            _lock(lock)
        except (BlockingIOError, PermissionError):
            first = False
        except OSError:  # a disk without locks
            first = True
        else:
            first = True
        yield first


def _make(root: str) -> tuple[Path, BinaryIO]:
    """Make a folder and lock it; another one if a run that starts too took it for a leftover in between."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=root))
        try:
            lock = (folder / LOCK).open("xb")
        except (FileNotFoundError, FileExistsError):
            continue
        try:
            _lock(lock)
        except BlockingIOError:
            lock.close()
            continue
        except OSError:  # a disk without locks: nothing on it is ever taken for a leftover
            return folder, lock
        if _is_lock_of(lock, folder):
            return folder, lock
        lock.close()


def _is_lock_of(lock: BinaryIO, folder: Path) -> bool:
    """Tell whether an open lock is the one in a folder, not one that was there before."""
    try:
        return os.path.samestat(os.fstat(lock.fileno()), (folder / LOCK).stat())
    except FileNotFoundError:
        return False


@cache
def _remove_leftovers(root: str) -> None:
    """Remove the folders of runs that have died; once per process and place, as places may be large."""
    with contextlib.suppress(OSError):
        for folder in Path(root).glob(f"{PREFIX}*"):
            with contextlib.suppress(OSError):
                if _is_mine(folder) and not folder.is_symlink():
                    _remove_unlocked(folder)


def _remove_unlocked(folder: Path) -> None:
    """Remove what a folder holds, its lock last, then the folder, if no run has a lock there by then."""
    with (folder / LOCK).open("ab") as lock:
        _lock(lock)
        if not _is_lock_of(lock, folder):
            return
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != LOCK:
                path.unlink()
        if sys.platform != "win32":
            (folder / LOCK).unlink()
    if sys.platform == "win32":  # there no file goes that is open
        (folder / LOCK).unlink()
    folder.rmdir()
