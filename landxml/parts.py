"""Documents of several files: a shapefile with what lies beside it, a File Geodatabase, which is a folder.

One of the files stands for all: the ``.shp``, and the catalog of a geodatabase.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path, PurePath

__all__ = ["BESIDE", "CATALOG", "LAYERS", "MAINS", "besides", "main_of", "named", "read_beside", "together"]

LAYERS = (".shp", ".gpkg", ".gdb", ".geojson", ".fgb", ".dbf")
"""Suffixes of map layers; a ``.dbf`` is one where it has lost its ``.shp``."""
CATALOG = "a00000001.gdbtable"
"""File of a geodatabase that says what is in the others."""
MAINS = (".shp", CATALOG)
"""Ends of the names of files that stand for others too."""
BESIDE = tuple(
    ".dbf .shx .prj .cpg .cst .qpj .qmd .qix .sbn .sbx .fbn .fbx .ain .aih .atx .ixs .mxs .shp.xml".split()
)
"""Suffixes of what lies beside a shapefile."""
_GEODATABASE, _MAP = ".gdb", ".shp"
_READ = {".dbf", ".shx", ".prj", ".cpg"}


def main_of(name: str, names: Container[str]) -> str | None:
    """Return the file that stands for the document of which another one is part; None where there is none.

    Parameters
    ----------
    name
        Path of the other, with ``/``, in small letters.
    names
        Paths of the files that may stand for it, such as end with :data:`MAINS`.

    Examples
    --------
    >>> main_of("to12.dbf", {"to12.shp"}), main_of("to12.dbf", {})
    ('to12.shp', None)
    """
    folder, _, base = name.rpartition("/")
    if folder.endswith(_GEODATABASE):
        catalog = f"{folder}/{CATALOG}"
        return catalog if base != CATALOG and catalog in names else None
    maps = (name.removesuffix(end) + _MAP for end in BESIDE if name.endswith(end))
    return next((main for main in maps if main in names), None)


def together(one: PurePath, main: PurePath, ends: Container[str]) -> bool:
    """Tell whether a file is the one that stands for a document, or part of that document.

    Parameters
    ----------
    ends
        Suffixes of its parts; of a geodatabase everything in its folder is one.
    """
    if main.name == CATALOG:
        return one.parent == main.parent
    name, stem = (path.as_posix().lower() for path in (one, main.with_suffix("")))
    return one == main or (name.startswith(stem) and name[len(stem) :] in ends)


def named(one: PurePath, main: PurePath) -> str:
    """Return the name by which a part is found beside a file: many look for it in the same case only.

    >>> named(PurePath("thua.DBF"), PurePath("Thua.shp"))
    'Thua.dbf'
    """
    if one == main or main.name == CATALOG:
        return one.name
    return main.stem + one.name[len(main.stem) :].lower()


def besides(main: Path) -> Iterator[Path]:
    """Yield the files that belong to a map layer and are there."""
    yield from sorted(one for one in main.parent.iterdir() if one != main and together(one, main, BESIDE))


def read_beside(path: Path) -> Iterator[Path]:
    """Yield the files that are read together with a shapefile; none of another file.

    The others that belong to it are made for speed, or for people.
    """
    if path.suffix.lower() == _MAP:
        yield from (one for one in besides(path) if one.suffix.lower() in _READ and one.is_file())
