"""Print how long a full check takes against bare parsing of the same bytes, and the memory it needs.

Each figure is a ratio of two measurements taken in turn on this machine, of processor time where it is about
time, so that it survives another machine, and others that work on it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from benchmarks import (
    campaign,
    clock,
    conversions,
    deliveries,
    gate,
    layers,
    lookups,
    moves,
    paths,
    persons,
    processor,
    start,
    topology,
    yardsticks,
)
from landxml_reports import render, write
from landxml_samples import package
from landxml_validator import validate

PARCELS, COMMUNES, DOSSIERS, RUNS = 20_000, 4, 5_000, 7
FORMS = ("html", "xlsx", "gpkg", "sarif", "parquet")
"""In which an office, QGIS and a pipeline get all findings."""
SMALL = 5_300
"""Parcels of a file of 40 MB."""
LISTED = 200_000
WIDTH = 64
"""Of what is measured, in letters."""
LIMITS = {
    "national": 5.5, "vbdlis-xml": 7.5, "vbdlis-gml": 7.1, "findings": 1.25, "lists": 1.0, "forms": 700.0,
    "memory": 1024.0, "growth": 1.15, "listing": 150.0,
}  # fmt: skip
"""Times are those of all the work in one process: two of them take about half as long."""
WRONG = re.compile("(<ld:(?:maMucDichSuDung|nguonGoc|danTocId)>)[^<]*<")
LIST = """
import re, sys
from pathlib import Path
from landxml.sources import find
from landxml_validator.task import packed
runs = list(packed(find(sys.argv[1:])))
print(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def main() -> int:
    """Run all benchmarks, and print each figure when it is there; exit with 1 if a limit is passed."""
    passed = False
    with tempfile.TemporaryDirectory(prefix="landxml-bench-") as name:
        for what, value, limit in _figures(Path(name)):
            said = "ok" if value <= limit else "TOO MUCH"
            print(f"{what:<{WIDTH}}  {value:8.2f}  (at most {limit:g})  {said}", flush=True)
            passed = passed or value > limit
    return int(passed)


def _figures(folder: Path) -> Iterator[tuple[str, float, float]]:
    yield from clock.figures(folder)  # first, because what others measure here would be work of others
    yield from start.figures()
    yield from lookups.figures()
    yield from persons.figures()
    yield from campaign.figures(folder)
    yield from paths.figures()
    yield from layers.figures(folder)
    yield from topology.figures()
    yield from _speed(folder)
    yield from _findings(folder)
    yield from gate.figures(folder)
    yield from deliveries.figures(folder)
    yield from conversions.figures(folder, _peak_of)
    yield from moves.figures(folder, _peak_of)
    yield from _memory(folder)


def _speed(folder: Path) -> Iterator[tuple[str, float, float]]:
    package.write(folder / "national", parcels=PARCELS, communes=COMMUNES)
    files = sorted((folder / "national").glob("*.gml"))
    print(f"national: {PARCELS} parcels, {COMMUNES} communes, {_megabytes(files):.0f} MB", file=sys.stderr)
    what, bare = yardsticks.schema_check()
    ratio = processor.ratio(lambda: _check(folder / "national"), lambda: bare(files), RUNS)
    yield f"national: full check / {what}", ratio, LIMITS["national"]
    package.write(folder / "features", layout="vbdlis-gml", parcels=4 * PARCELS, communes=COMMUNES)
    features = sorted((folder / "features").rglob("*.gml"))
    ratio = processor.ratio(lambda: _check(folder / "features"), lambda: bare(files), RUNS)
    ratio *= _megabytes(files) / _megabytes(features)  # xmllint reads as much national GML instead
    yield f"vbdlis-gml: full check / {what} of as much", ratio, LIMITS["vbdlis-gml"]
    package.write(folder / "vbdlis", layout="vbdlis-xml", parcels=DOSSIERS, communes=2)
    dossiers = sorted((folder / "vbdlis").rglob("*.xml"))
    print(f"vbdlis-xml: {len(dossiers)} dossiers, {_megabytes(dossiers):.0f} MB", file=sys.stderr)
    ratio = processor.ratio(lambda: _check(folder / "vbdlis"), lambda: yardsticks.parse(dossiers), RUNS)
    yield "vbdlis-xml: full check / lxml.fromstring", ratio, LIMITS["vbdlis-xml"]


def _findings(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Write all findings of a package in which every parcel and person has a wrong code."""
    for file in (folder / "national").glob("*.gml"):
        file.write_text(WRONG.sub(r"\1X<", file.read_text("utf-8")), "utf-8")
    check = partial(validate, [folder / "national"], workers=1)
    print(f"findings: {sum(result.count for result in check().results)}", file=sys.stderr)
    ratio = processor.ratio(lambda: check(findings=folder / "all.csv", force=True), check, RUNS)
    yield "findings: check that writes all / check that does not", ratio, LIMITS["findings"]
    table = folder / "all.parquet"
    report = check(findings=table)

    def lists() -> None:
        for form in FORMS:
            with (folder / f"report.{form}").open("w+b") as out:
                write(report, form, "vi", out, table)

    named = ", ".join(map(str.upper, FORMS))
    yield f"findings: {named} / finding them", processor.ratio(lists, check, 3), LIMITS["lists"]
    if _memory_is_measured():
        (folder / "report.json").write_bytes(render(report, "json", "vi"))
        forms = (f"--format={form}" for form in FORMS)
        command = [sys.executable, "-m", "landxml_cli", "render", str(folder / "report.json"), "--quiet"]
        command += [*forms, f"--findings={table}", f"--output={folder / 'forms'}"]
        yield f"findings: MB for {named}", _peak_of(command), LIMITS["forms"]


def _listing(folder: Path) -> float:
    """Return the megabytes that a list of a million dossiers of an archive takes."""
    with zipfile.ZipFile(folder / "many.zip", "w") as archive:
        for number in range(LISTED):
            archive.writestr(f"xml/{number:07}.xml", b"<a/>")
    peaks = [
        int(subprocess.run([sys.executable, "-c", LIST, *paths], capture_output=True, check=True).stdout)
        for paths in ([], [str(folder / "many.zip")])
    ]
    return (peaks[1] - peaks[0]) / 1024 * 1_000_000 / LISTED


def _memory(folder: Path) -> Iterator[tuple[str, float, float]]:
    if not _memory_is_measured():
        print("memory is measured on Linux only", file=sys.stderr)
        return
    package.write(folder / "once", parcels=PARCELS, communes=COMMUNES)
    package.write(folder / "fourfold", parcels=4 * PARCELS, communes=4 * COMMUNES)
    once, fourfold = peak(folder / "once"), peak(folder / "fourfold")
    yield "memory: peak of parent and workers, MB", max(once, fourfold), LIMITS["memory"]
    yield "memory: peak with 4 times the communes / peak", fourfold / once, LIMITS["growth"]
    package.write(folder / "small", parcels=SMALL, communes=1)
    package.write(folder / "large", parcels=10 * SMALL, communes=1)
    tenfold = peak(folder / "large") / peak(folder / "small")
    yield "memory: peak with one file of 400 MB / of 40 MB", tenfold, LIMITS["growth"]
    yield "memory: MB to list a million dossiers", _listing(folder), LIMITS["listing"]


def _memory_is_measured() -> bool:
    return Path("/proc/self/smaps_rollup").exists()


def _command(path: Path) -> list[str]:
    return [sys.executable, "-m", "landxml_cli", "validate", str(path), "--quiet"]


def _check(path: Path) -> None:
    """Check within this process, as bare parsing runs within it: neither pays for Python's start."""
    if validate([path], workers=1).verdict != "conformant":
        raise RuntimeError(f"{path} does not conform")


def _megabytes(files: Iterable[Path]) -> float:
    return sum(file.stat().st_size for file in files) / 1e6


def peak(path: Path) -> float:
    """Return the highest memory of a check with all its workers, MB."""
    return _peak_of(_command(path))


def _peak_of(command: list[str]) -> float:
    """Return the highest memory of a command and all its workers together, MB (sum of their PSS)."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, sum(_resident(pid) for pid in _family(process.pid)))
            time.sleep(0.02)
    return peak / 1024


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(other for child in children for other in _family(int(child)))]


def _resident(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has just ended
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
