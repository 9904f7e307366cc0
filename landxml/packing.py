"""Packages of many files: a folder, or a zip, that is complete or not there at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from landxml import files
from landxml.temporary import temporary

__all__ = ["Keep", "check", "packing"]

Keep = Callable[[Path], None]
"""Called with each file that is finished."""


def check(
    target: str | os.PathLike[str],
    inputs: Iterable[str | os.PathLike[str]] = (),
    *,
    beside: Iterable[Path] = (),
    force: bool = False,
) -> None:
    """Refuse a place for a package, and for files ``beside`` it, before any work is done.

    Raises
    ------
    LandXmlError, OSError
        As of :func:`landxml.files.check`; or if the name is neither that of a folder nor of a zip.
    """
    if files.suffix(target) and not Path(target).is_dir():
        files.form(target, ["zip"])
    elif not files.is_stream(target):
        files.check_folder(target)
    files.check([target, *beside], inputs, force=force)


@contextlib.contextmanager
def packing(target: str | os.PathLike[str], *, force: bool = False) -> Iterator[tuple[Path, Keep]]:
    """Give a folder to write files in, and what is to be done with each finished one; all or nothing.

    Parameters
    ----------
    target
        Folder to make (a name without a suffix), or a file name that ends in ``.zip``; what is no file of a
        name gets a zip.
    force
        Replace a zip that exists; never a folder.
    """
    if files.suffix(target) != ".zip" and not files.is_stream(target):
        with files.filling(target) as root:
            yield root, lambda _: None
        return
    with (
        files.writing(target, force=force) as out,
        temporary(Path(out.name).parent) as root,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        yield root, partial(_pack, archive, root)


def _pack(archive: zipfile.ZipFile, root: Path, path: Path) -> None:
    """Move a file into an archive; without its time, so that the same content has the same bytes."""
    info = zipfile.ZipInfo(path.relative_to(root).as_posix())
    info.compress_type, info.file_size = zipfile.ZIP_DEFLATED, path.stat().st_size
    info.external_attr = 0o644 << 16
    with path.open("rb") as file, archive.open(info, "w") as member:
        shutil.copyfileobj(file, member, 1 << 20)
    path.unlink()
