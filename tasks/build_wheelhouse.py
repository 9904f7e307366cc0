"""Make a zip of wheels for 64-bit Windows, for computers with Python and without a network.

    python -m tasks.build_wheelhouse [--python 3.13] [--wheel OUR.whl] [--to build/wheelhouse]

The wheels are those of ``requirements.lock``. Ours is built without the walk in C unless one that has it,
made on Windows, is given.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from landxml.version import VERSION
from tasks.build_windows import MINOR, zipped
from tasks.locked import PROJECT, ROOT, Locked, build, digest, line, needed, wheels, windows

TEXT = """\
landxml {version}, Python {python}, Windows 64-bit

Cài đặt trên máy có Python {python}, không cần mạng. Trong thư mục này:

    py -{python} -m venv C:\\landxml
    C:\\landxml\\Scripts\\pip install --no-index --find-links wheels -r wheels\\requirements.txt
    C:\\landxml\\Scripts\\landxml doctor

Máy không có Python: dùng landxml-{version}-windows.zip.

To install on a computer with Python {python}, without a network: these three commands, in this folder. pip
compares each file with its hash in wheels\\requirements.txt. Without Python: landxml-{version}-windows.zip.
"""


def fill(folder: Path, ours: Path, python: str) -> None:
    """Put wheels and text into a new folder."""
    extras = PROJECT["optional-dependencies"]
    wheels(needed(extras, windows(python)), folder / "wheels", python)
    shutil.copy(ours, folder / "wheels")
    pin = Locked(VERSION, [digest(ours)])
    with (folder / "wheels/requirements.txt").open("a", encoding="utf-8") as lines:
        lines.write(line(f"{PROJECT['name']}[{','.join(extras)}]", pin) + "\n")
    text = TEXT.format(version=VERSION, python=python)
    (folder / "README.txt").write_text(text, "utf-8-sig", newline="\r\n")


def main() -> None:
    """Make it."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--python", default=MINOR)
    words.add_argument("--wheel", type=Path, metavar="OUR.whl")
    words.add_argument("--to", type=Path, default=ROOT / "build/wheelhouse")
    given = words.parse_args()
    shutil.rmtree(given.to, ignore_errors=True)
    folder = given.to / f"landxml-{VERSION}-wheels-python-{given.python}"
    fill(folder, given.wheel or build("wheel", given.to, walk="python"), given.python)
    zipped(folder, target := folder.with_name(f"{folder.name}.zip"))
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
