"""Make the package for 64-bit Windows, Python, libraries and programs, as a zip and as an installer.

    python -m tasks.build_windows PYTHON_EMBED.zip [--wheel OUR.whl] [--to build/windows]

``tasks/windows.toml`` says what goes in; the wheels are those of ``requirements.lock``. The embeddable Python
is fetched by hand from python.org; its hash stands there, too. Our wheel is built without the walk in C
unless one that has it, made on Windows, is given; documentation is what ``make docs`` has made. The
installer needs NSIS.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import shutil
import sqlite3
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import closing
from fnmatch import fnmatchcase
from importlib import resources
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from packaging.utils import parse_wheel_filename

from landxml.version import VERSION
from tasks.build_sbom import bill, licences
from tasks.dll import missing
from tasks.locked import ROOT, build, digest, needed, wheels, windows

FORM: dict[str, Any] = tomllib.loads((ROOT / "tasks/windows.toml").read_text("utf-8"))
PYTHON = FORM["python"]
MINOR = PYTHON["version"].rpartition(".")[0]
NAME = f"landxml-{VERSION}-windows"
TEXT = """\
landxml: kiểm tra dữ liệu đất đai · checks land data

Bấm đúp landxml-web.exe: trang kiểm tra mở trong trình duyệt; đóng cửa sổ đen là dừng. Không cần mạng.
Trong cửa sổ dòng lệnh: landxml.exe --help. Xem máy có chạy được không: landxml.exe doctor.
Tài liệu: docs\\index.html. Giấy phép: licences.txt.

Double-click landxml-web.exe: the page opens in the browser; close the black window to end it. No network is
needed. On a command line: landxml.exe --help. Whether it works on this machine: landxml.exe doctor.
Documentation: docs\\index.html. Licences: licences.txt.
"""
LICENCES = """\
Texts: python\\LICENSE.txt (Python) and python\\Lib\\site-packages\\*.dist-info (libraries).

"""


def assemble(folder: Path, embed: Path, given: list[Path]) -> None:
    """Lay out the package in a new folder.

    Parameters
    ----------
    folder
        The folder of the package.
    embed
        The embeddable Python.
    given
        The wheels that go in, ours too.

    Raises
    ------
    SystemExit
        The embeddable Python is missing, or another.
    """
    python = folder / "python"
    site = python / "Lib/site-packages"
    unpack_python(embed, python)
    for wheel in given:
        unpack(wheel, site)
    share(site, python)
    for name, main in FORM["programs"].items():
        (folder / name).write_bytes(launcher(main))
    if (docs := ROOT / "build/docs/site").is_dir():
        shutil.copytree(docs, folder / "docs")
    parts = list(distributions(path=[str(site)]))
    hashes: dict[str, list[str]] = {parse_wheel_filename(wheel.name)[0]: [digest(wheel)] for wheel in given}
    (folder / "sbom.cdx.json").write_bytes(bill(parts, hashes))
    texts = {"README.txt": TEXT, "licences.txt": LICENCES + licences(parts) + bundled(site)}
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8-sig", newline="\r\n")


def unpack_python(embed: Path, python: Path) -> None:
    """Unpack the embeddable Python, and let it find our libraries and nothing else on the computer."""
    wanted = f"python-{PYTHON['version']}-embed-amd64.zip"
    if not embed.is_file():
        sys.exit(f"{wanted} of python.org is needed: make windows PYTHON_EMBED=path/of/{wanted}")
    if (found := digest(embed)) != PYTHON["sha256"]:
        sys.exit(f"{embed}: not {wanted}: its SHA-256 is {found}, not {PYTHON['sha256']}")
    with zipfile.ZipFile(embed) as archive:
        archive.extractall(python)
    name = f"python{MINOR.replace('.', '')}"
    path = f"{name}.zip\n.\nLib\\site-packages\n"
    (python / f"{name}._pth").write_text(path, "utf-8", newline="\r\n")


def unpack(wheel: Path, site: Path) -> None:
    """Put what a wheel holds and the program needs into ``site``."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not name.endswith("/") and not removed(name):
                archive.extract(name, site)


def removed(name: str) -> bool:
    """Tell whether a file of a wheel is left out."""
    return any(fnmatchcase(name, pattern) for patterns in FORM["removed"].values() for pattern in patterns)


def share(site: Path, python: Path) -> None:
    """Keep the data of PROJ once."""
    proj = FORM["proj"]
    kept, dropped = site / proj["kept"], site / proj["dropped"]
    if _versions(kept / "proj.db") != _versions(dropped / "proj.db"):
        sys.exit(f"{kept} and {dropped} are not of one version of PROJ")
    shutil.rmtree(dropped)
    shutil.move(kept, python / proj["place"])


def _versions(database: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT key, value FROM metadata ORDER BY key").fetchall()


def launcher(main: str) -> bytes:
    """Return a program that starts the Python beside it with some code."""
    stub, wanted = FORM["launcher"].values()
    code: bytes = (resources.files("distlib") / stub).read_bytes()
    if hashlib.sha256(code).hexdigest() != wanted:
        sys.exit(f"distlib's {stub} is another than that of tasks/windows.toml")
    appended = io.BytesIO()
    with zipfile.ZipFile(appended, "w") as archive:
        archive.writestr(zipfile.ZipInfo("__main__.py"), main)
    return code + b"#!<launcher_dir>\\python\\python.exe\r\n" + appended.getvalue()


def bundled(site: Path) -> str:
    """Return the licences of the libraries inside wheels, a DLL a line."""
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.dll"))
    found = {name: [said for start, said in FORM["bundled"].items() if f"/{start}" in name] for name in names}
    if unknown := [name for name, said in found.items() if not said]:
        sys.exit(f"tasks/windows.toml does not say the licence of {', '.join(unknown)}")
    return "".join(f"{name}: {said[0]}\n" for name, said in found.items())


def zipped(folder: Path, target: Path) -> None:
    """Write a zip that is the same whenever it is made of the same files."""
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}")
            entry.create_system = 0  # files of Windows, wherever it is made
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def wrong(folder: Path, target: Path) -> Iterator[str]:
    """Say what keeps a package from being handed out."""
    limits = FORM["limits"]
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    unpacked = sum(path.stat().st_size for path in files.values())
    for name, size in {"zipped": target.stat().st_size, "unpacked": unpacked}.items():
        if size > limits[name]:
            yield f"{name}: {size:,} bytes, at most {limits[name]:,}"
    yield from (f"{name}: its path is too long" for name in files if len(name) > limits["path"])
    known = (*FORM["system"]["prefixes"], *(f"{name}.dll" for name in FORM["system"]["dlls"]))
    yield from (f"{dll}: is not in the package, {by} needs it" for dll, by in missing(files, known).items())


def install(folder: Path, target: Path, *options: str) -> None:
    """Make the installer of a package; options are those of ``makensis``."""
    given = {"VERSION": VERSION, "SOURCE": folder.resolve(), "TARGET": target.resolve()}
    defined = [f"-D{name}={value}" for name, value in given.items()]
    script = str(ROOT / "tasks/windows.nsi")
    subprocess.run(["makensis", "-V2", "-INPUTCHARSET", "UTF8", *options, *defined, script], check=True)


def main() -> None:
    """Make both."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("embed", type=Path, metavar="PYTHON_EMBED.zip")
    words.add_argument("--wheel", type=Path, metavar="OUR.whl")
    words.add_argument("--to", type=Path, default=ROOT / "build/windows")
    given = words.parse_args()
    shutil.rmtree(given.to, ignore_errors=True)
    names = needed(FORM["extras"], windows(MINOR)) - set(FORM["without"])
    ours = given.wheel or build("wheel", given.to, walk="python")
    folder, target = given.to / NAME, given.to / f"{NAME}.zip"
    assemble(folder, given.embed, [ours, *wheels(names, given.to / "wheels", MINOR)])
    zipped(folder, target)
    if problems := list(wrong(folder, target)):
        sys.exit("\n".join(problems))
    install(folder, target.with_suffix(".exe"))
    for made in (target, target.with_suffix(".exe")):
        print(f"{made}: {made.stat().st_size:,} bytes, SHA-256 {digest(made)}")


if __name__ == "__main__":
    main()
