"""Write ``docs/package-matrix.md``: which rules tell slips in valid packages.

    python tasks/build_package_matrix.py

The slips are made by ``tests/package_slips.py`` in the package of ``tests/corpus/whole.toml``; which rules
should tell them, and why none can, stands in ``tests/corpus/package_slips.toml``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.package_slips import page, slips, told  # noqa: E402 - after the path

TARGET = ROOT / "docs" / "package-matrix.md"


def made() -> str:
    """Return the page."""
    with TemporaryDirectory() as folder:
        return page(told(slips(), Path(folder)))


if __name__ == "__main__":
    TARGET.write_text(made(), "utf-8")
