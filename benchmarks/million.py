"""``python -m benchmarks.million [FOLDER]``: write down the memory for a million parcels, and for a tenth.

It takes an hour and 8 GB of disk, so it is run by hand. Packages that stand in the folder are not made again.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from pathlib import Path

from benchmarks.ratios import peak
from landxml.version import TOOL
from landxml_samples import package

PARCELS, COMMUNES = 1_000_000, 40
RECORD = Path(__file__).with_suffix(".toml")


def main() -> None:
    """Measure, and write the record, which docs/performance.md shows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else name)
        tenth, whole = _peak(folder / "tenth", 10), _peak(folder / "million", 1)
        size = sum(file.stat().st_size for file in (folder / "million").iterdir())
    RECORD.write_text(
        "# Written by python -m benchmarks.million\n"
        f'measured = "{dt.datetime.now(dt.UTC).date()}"\ntool = "{TOOL}"\n'
        f"parcels = {PARCELS}\ncommunes = {COMMUNES}\nbytes = {size}\n"
        f"tenth_megabytes = {tenth:.0f}\nmegabytes = {whole:.0f}\n",
        "utf-8",
    )


def _peak(path: Path, part: int) -> float:
    """Check a part of the parcels; return megabytes of all processes together at most."""
    if not path.exists():
        package.write(path, parcels=PARCELS // part, communes=COMMUNES // part)
    return peak(path)


if __name__ == "__main__":
    main()
