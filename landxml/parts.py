"""Documents of several files: a shapefile with what lies beside it, a File Geodatabase, which is a folder.

One of the files stands for all: the ``.shp``, and the catalog of a geodatabase.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path, PurePath

__all__ = ["CATALOG", "LAYERS", "MAINS", "belongs", "besides", "read_beside", "together"]

LAYERS = (".shp", ".gpkg", ".gdb", ".geojson", ".fgb", ".dbf")
"""Suffixes of map layers; a ``.dbf`` is one where it has lost its ``.shp``."""
CATALOG = "a00000001.gdbtable"
"""File of a geodatabase that says what is in the others."""
MAINS = (".shp", CATALOG)
"""Ends of the names of files that stand for others too."""
_GEODATABASE, _MAP = ".gdb", ".shp"
_READ = {".dbf", ".shx", ".prj", ".cpg"}
_BESIDE = tuple(
    ".dbf .shx .prj .cpg .cst .qpj .qmd .qix .sbn .sbx .fbn .fbx .ain .aih .atx .ixs .mxs .shp.xml".split()
)


def belongs(name: str, names: Container[str]) -> bool:
    """Tell whether a file is part of a document that another one stands for.

    Parameters
    ----------
    name
        Its path, with ``/``, in small letters.
    names
        Paths of the files that may stand for it, such as end with :data:`MAINS`.

    Examples
    --------
    >>> belongs("to12.dbf", {"to12.shp"}), belongs("to12.dbf", {})
    (True, False)
    """
    folder, _, base = name.rpartition("/")
    if folder.endswith(_GEODATABASE):
        return base != CATALOG and f"{folder}/{CATALOG}" in names
    return any(name.endswith(end) and name[: -len(end)] + _MAP in names for end in _BESIDE)


def together(one: PurePath, main: PurePath) -> bool:
    """Tell whether a file is the one that stands for a document, or part of that document."""
    if main.name == CATALOG:
        return one.parent == main.parent
    return one.with_suffix("") == main.with_suffix("")


def besides(path: Path) -> Iterator[Path]:
    """Yield the files that belong to a shapefile and are there."""
    names = {f"{path.stem}{end}".lower() for end in _BESIDE}
    yield from sorted(one for one in path.parent.iterdir() if one.name.lower() in names)


def read_beside(path: Path) -> Iterator[Path]:
    """Yield the files that are read together with a shapefile; none of another file.

    The others that belong to it are made for speed, or for people.
    """
    if path.suffix.lower() == _MAP:
        yield from (one for one in besides(path) if one.suffix.lower() in _READ)
