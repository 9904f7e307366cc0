"""The entry points: everything that a user or a program may call with a file, and what is to come of it."""

from __future__ import annotations

import csv
import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import msgspec
from click.testing import CliRunner

import landxml
import landxml_remap as moving
import landxml_validator
from landxml.model import Record, SieuDuLieu, ThuaDat
from landxml_cli.main import main
from landxml_cli.messages import say
from landxml_mappings import read as converted
from landxml_remap.parcel_codes import parcel_codes as coded
from landxml_reports import remap as shown
from tests.fuzz import oracle
from tests.fuzz.oracle import Wrong

DAYS = (None, None, dt.date(2025, 8, 1), dt.date(1990, 1, 1), dt.date(2100, 1, 1))


class Desk(NamedTuple):
    """What an entry point works with: a file, a folder to write into, what stands beside it, and choices.

    ``said`` takes all that came out, for a look at what no output may show.
    """

    subject: Path
    out: Path
    beside: Path
    choose: Random
    said: list[str | bytes]


Run = Callable[[Desk], None]


def validate(desk: Desk) -> None:
    report = landxml_validator.validate(
        [desk.subject], as_of=desk.choose.choice(DAYS), workers=1, samples=oracle.MANY
    )
    desk.said.extend(oracle.check_report(report, desk.subject))


def profile(desk: Desk) -> None:
    """Check a document by a profile that somebody wrote."""
    document = next((desk.beside / "national-2026").iterdir())
    report = landxml_validator.validate([document], profile=os.fspath(desk.subject), workers=1)
    desk.said.extend(oracle.check_report(report, document))


def inspect(desk: Desk) -> None:
    found = landxml_validator.inspect([desk.subject])
    desk.said.append(msgspec.json.encode(found))


def read(desk: Desk) -> None:
    """Read all that can be read, then all or nothing; what was read can be written again."""
    errors: list[landxml.LandXmlError] = []
    records = [record for record, _ in landxml.read(desk.subject, on_error=errors.append)]
    desk.said.extend([repr(records), *map(str, errors)])
    if errors:
        if landxml_validator.validate(desk.subject, workers=1).verdict == "conformant":
            raise Wrong("a conformant document cannot be read")
        raise errors[0]
    if len(records) != sum(1 for _ in landxml.read(desk.subject)):
        raise Wrong("with on_error something else is read")
    members = [record for record in records if isinstance(record, Record)]
    if len(members) == len(records):
        _there_and_back(members)
        _written(desk, members)
    else:
        landxml.to_json(records)


def _there_and_back(records: Sequence[Record]) -> None:
    text = landxml.to_json(records)
    if landxml.to_json(landxml.from_json(text)) != text:
        raise Wrong("to_json and from_json lose something")
    parcels = [record for record in records if isinstance(record, ThuaDat)]
    landxml.from_geojson(landxml.to_geojson(parcels))


def _written(desk: Desk, records: Sequence[Record]) -> None:
    metadata = [record for record in records if isinstance(record, SieuDuLieu)]
    if len(metadata) != 1:
        return
    again = desk.out / "again.gml"
    landxml.write(again, [record for record in records if record not in metadata], metadata[0])
    if oracle.judge(again.read_bytes()) != "valid":
        raise Wrong("what was written is not valid")
    if [record for record, _ in landxml.read(again)][1:] != [one for one in records if one not in metadata]:
        raise Wrong("what was written is not what was read")


def convert(desk: Desk) -> None:
    desk.said.append(repr([record for record, _ in converted(desk.subject)]))


def remap(desk: Desk) -> None:
    """Bring the file to the communes of today and back: it must be the same again."""
    chart = desk.beside / "map.geojson" if desk.choose.random() < 1 / 3 else None
    _moved(desk, [desk.subject], boundaries=chart, sheets=desk.choose.choice(("keep", "keep", "prefix")))


def _moved(desk: Desk, paths: list[Path], **options: object) -> None:
    (source,) = paths
    moved, back, table = (desk.out / name for name in ("moved", "back", "table.csv"))
    told = moving.remap(paths, moved, table_path=table, **options)  # type: ignore[arg-type]
    with table.open(encoding="utf-8-sig", newline="") as rows:  # sheets and parcels stand in it as they are
        desk.said.extend(str(row["changes"]) for row in csv.DictReader(rows))
    desk.said.extend(shown.render(told, format_, "vi") for format_ in shown.FORMATS)
    oracle.check_page(shown.render(told, "html", "vi"))
    oracle.unharmed(source, moved)
    try:
        moving.reverse(table, [moved], back)
    except landxml.LandXmlError as error:
        raise Wrong("a remap cannot be reversed") from error
    old = oracle.documents(source)
    if old and oracle.documents(back) != old:
        raise Wrong("what was remapped and reversed is not what it was")


def parcel_codes(desk: Desk) -> None:
    """Give the parcels codes; to do it again changes nothing."""
    once, twice = desk.out / "once", desk.out / "twice"
    desk.said.append(msgspec.json.encode(coded([desk.subject], once, replace=desk.choose.random() < 1 / 2)))
    oracle.unharmed(desk.subject, once)
    coded([once], twice)
    if once.read_bytes() != twice.read_bytes():
        raise Wrong("the second run changes what the first wrote")


def units_check(desk: Desk) -> None:
    with CliRunner().isolation() as (out, err, _):
        code = main(["--lang", "en", "units", "check", str(desk.subject), "--debug"])
        desk.said.extend([out.getvalue(), err.getvalue()])
    _check_command(code, err.getvalue().decode())


def resolve(desk: Desk) -> None:
    _moved(desk, [desk.beside / "national.zip"], resolve=desk.subject)


def renumber(desk: Desk) -> None:
    _moved(desk, [desk.beside / "vbdlis-xml.zip"], sheets=os.fspath(desk.subject))


def boundaries(desk: Desk) -> None:
    _moved(desk, [desk.beside / "national.zip"], boundaries=desk.subject)


def reverse(desk: Desk) -> None:
    """Reverse with a damaged table: as many documents as it says are what they were."""
    back = desk.out / "back.zip"
    count = moving.reverse(desk.subject, [desk.beside / "moved.zip"], back)
    old = oracle.documents(desk.beside / "national.zip")
    if sum(old[name] == data for name, data in oracle.documents(back).items()) < count:
        raise Wrong("a damaged table restores something else")


def from_json(desk: Desk) -> None:
    record = landxml.from_json(desk.subject.read_bytes())
    desk.said.append(repr(record))
    if landxml.from_json(landxml.to_json(record)) != record:
        raise Wrong("to_json and from_json lose something")


def from_geojson(desk: Desk) -> None:
    parcels = landxml.from_geojson(desk.subject.read_bytes())
    desk.said.append(repr(parcels))
    landxml.from_geojson(landxml.to_geojson(parcels))


COMMANDS: tuple[tuple[str, ...], ...] = (
    ("validate", "{}"),
    ("validate", "{}", "-o", "{out}/report.html"),
    ("validate", "{}", "--format", "json", "--workers", "2"),
    ("inspect", "{}", "--format", "json"),
    ("inspect", "{}"),
    ("remap", "{}", "-o", "{out}/moved", "--report", "{out}/report.html"),
    ("parcel-codes", "{}", "-o", "{out}/coded"),
    ("parcel-codes", "{}", "--format", "json"),
    ("units", "check", "{}"),
)


def command(desk: Desk) -> None:
    """Run the command line as a process of its own."""
    words = [
        word.format(desk.subject, out=desk.out) if "{" in word else word
        for word in desk.choose.choice(COMMANDS)
    ]
    lang = desk.choose.choice(("vi", "en"))
    done = subprocess.run(
        [sys.executable, "-m", "landxml_cli", *words, "--lang", lang, "--debug"],
        capture_output=True,
        check=False,
    )
    desk.said.extend([done.stdout, done.stderr])
    _check_command(done.returncode, (done.stdout + done.stderr).decode())
    if done.returncode == 2 and words[0] != "validate" and any(desk.out.iterdir()):
        raise Wrong("a command failed, and left a file")
    desk.said.extend([path.read_bytes() for path in desk.out.glob("report.html")])


def _check_command(code: int, said: str) -> None:
    """Check that a command ended as it may.

    Raises
    ------
    Wrong
        If it failed; with its traceback.
    """
    internal = {say(lang, "internal", kind="", reason="").partition("(")[0] for lang in ("vi", "en")}
    if any(f"{word}(".casefold() in said.casefold() for word in internal):
        raise Wrong(said)
    if code not in {0, 1, 2}:
        raise Wrong(f"exit code {code}")


class Entry(NamedTuple):
    """An entry point: the kind of file that it takes, how often it is tried."""

    kind: str
    often: int
    run: Run


ENTRIES = {
    "validate": Entry("document", 30, validate),
    "profile": Entry("profile", 4, profile),
    "inspect": Entry("document", 8, inspect),
    "read": Entry("document", 12, read),
    "convert": Entry("document", 6, convert),
    "remap": Entry("document", 20, remap),
    "parcel_codes": Entry("document", 14, parcel_codes),
    "command": Entry("document", 3, command),
    "units_check": Entry("codes", 6, units_check),
    "resolve": Entry("choices", 4, resolve),
    "renumber": Entry("numbers", 3, renumber),
    "reverse": Entry("reference", 6, reverse),
    "boundaries": Entry("map", 3, boundaries),
    "from_json": Entry("json", 10, from_json),
    "from_geojson": Entry("geojson", 6, from_geojson),
}
