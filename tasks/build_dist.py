"""Make a release: wheels with and without the walk in C, sources, bill of materials, licences, hashes.

    python -m tasks.build_dist dist

The wheel with the walk is for this system and this Python only, and missing where it cannot be compiled. Made
twice from the same sources, all files are equal.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tasks import build_sbom
from tasks.locked import ROOT, build, digest


def main(folder: Path, root: Path = ROOT) -> None:
    """Make it of the sources in ``root``, in a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    build("wheel", folder, root=root)
    build("wheel", folder, root=root, walk="python")
    build("sdist", folder, root=root)
    build_sbom.main(folder)
    lines = [f"{digest(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / "SHA256SUMS").write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
