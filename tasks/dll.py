"""Which DLLs programs and modules for Windows need, and do not have beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pefile

DIRECTORIES = [pefile.DIRECTORY_ENTRY[f"IMAGE_DIRECTORY_ENTRY_{name}"] for name in ("IMPORT", "DELAY_IMPORT")]


def missing(files: Mapping[str, Path], known: tuple[str, ...]) -> dict[str, str]:
    """Return the DLLs that are named in import tables and are not there, with a file that needs each.

    Parameters
    ----------
    files
        The files of a package by the names that they have in it.
    known
        Beginnings of the names of DLLs that Windows has, in small letters.
    """
    binary = {name: path for name, path in files.items() if name.lower().endswith((".exe", ".dll", ".pyd"))}
    there = {name.rpartition("/")[2].lower() for name in binary}
    needed = {dll: name for name, path in sorted(binary.items()) for dll in _imports(path)}
    return {dll: name for dll, name in needed.items() if dll not in there and not dll.startswith(known)}


def _imports(path: Path) -> Iterator[str]:
    with pefile.PE(str(path), fast_load=True) as image:
        image.parse_data_directories(DIRECTORIES)
        for kind in ("IMPORT", "DELAY_IMPORT"):
            for entry in getattr(image, f"DIRECTORY_ENTRY_{kind}", ()):
                yield entry.dll.decode().lower()
