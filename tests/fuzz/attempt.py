"""One attempt: an input at an entry point, and what of it is a failure."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
import tempfile
import traceback
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple, NoReturn
from unittest import mock

import click

from landxml import LandXmlError
from tests.fuzz.entries import ENTRIES, Desk
from tests.fuzz.oracle import Wrong
from tests.fuzz.values import NAME, NUMBER

REFUSALS = (LandXmlError, click.ClickException)
"""Exceptions by which an entry point may say no."""
CONTAINERS = ("landxml.boundary", "landxml_validator.worker")
"""Modules that know what to do with an exception at one document."""
FRAME = re.compile(
    r'File ".*?/((?:landxml|schemas|units|mappings|remap|samples|validator|reports|cli)/[^"]*\.py)",'
    r" line \d+(?:,)? in (\S+)"
)


class Failure(NamedTuple):
    """What went wrong, and where: the innermost frame of ours. Two with the same of both are one."""

    entry: str
    what: str
    where: str
    text: str = ""

    @property
    def name(self) -> str:
        """Return a name for files."""
        return re.sub(r"[^\w.]+", "-", f"{self.what}-{self.where}".removesuffix("-"))[:100]


def attempt(entry: str, data: bytes, beside: Path) -> Failure | None:
    """Try an input at an entry point, in a folder of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as room:
        return _attempt(entry, data, beside, Path(room))


def _attempt(entry: str, data: bytes, beside: Path, room: Path) -> Failure | None:
    subject, out, temporary = room / f"goi{suffix(ENTRIES[entry].kind, data)}", room / "out", room / "tmp"
    for folder in (out, temporary):
        folder.mkdir()
    subject.write_bytes(data)
    desk = Desk(subject, out, beside, Random(hashlib.sha256(data).digest()), [])
    before, usual = _contents(room, beside), tempfile.tempdir
    tempfile.tempdir = str(temporary)
    try:
        with warnings.catch_warnings(), uncontained():
            warnings.simplefilter("error", RuntimeWarning)
            ENTRIES[entry].run(desk)
    except REFUSALS as error:
        desk.said.append(str(error))
        if any(out.iterdir()):
            return _failure(entry, "left", error)
    except Wrong as wrong:
        return _wrong(entry, wrong)
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return _failure(entry, type(error).__name__, error)
    finally:
        tempfile.tempdir = usual
    shutil.rmtree(out)
    out.mkdir()
    if _contents(room, beside) != before:
        return Failure(entry, "changed", "an input, or a temporary file stayed")
    if shown := leaked(desk.said):
        rules = re.findall(r"\b[a-z]{3}\d{3}\b", shown)
        return Failure(entry, "leak", rules[-1] if rules else "?", shown)
    return None


@contextlib.contextmanager
def uncontained() -> Iterator[None]:
    """Let an exception that nobody expected through, which is a finding of its document otherwise."""

    def let(_: str, error: Exception) -> NoReturn:
        raise error

    with contextlib.ExitStack() as patches:
        for module in CONTAINERS:
            patches.enter_context(mock.patch(f"{module}.failed", let))
        yield


def _failure(entry: str, what: str, error: Exception) -> Failure:
    text = "".join(traceback.format_exception(error))
    return Failure(entry, what, _innermost(text), text)


def _wrong(entry: str, wrong: Wrong) -> Failure:
    """Make a failure of what came out wrong, or of the traceback that a command printed."""
    text = str(wrong)
    if "Traceback" not in text:
        return Failure(entry, "wrong", text)
    kinds = re.findall(r"^([A-Za-z_][\w.]*)(?:: .*)?$", text, re.MULTILINE)
    return Failure(entry, kinds[0].rpartition(".")[2] if kinds else "wrong", _innermost(text), text)


def suffix(kind: str, data: bytes) -> str:
    """Return what the name of a file with this content ends in."""
    if kind == "document":
        return ".zip" if data.startswith(b"PK") else ".xml"
    if data.startswith(b"PK"):
        return ".ods" if b"opendocument" in data[:200] else ".xlsx"
    return {"map": ".geojson", "json": ".json", "geojson": ".geojson", "profile": ".toml"}.get(kind, ".csv")


def _contents(*folders: Path) -> dict[Path, int]:
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {path: hash(path.read_bytes()) for path in files}


def _innermost(text: str) -> str:
    """Return the innermost frame of ours in a traceback: file and function."""
    frames = FRAME.findall(text)
    return " ".join(frames[-1]) if frames else "?"


def leaked(said: Iterable[str | bytes]) -> str:
    """Return where personal data is shown, with what stands around it; nothing if none is."""
    for each in said:
        text = each.decode("utf-8", "replace") if isinstance(each, bytes) else each
        text = unicodedata.normalize("NFC", text).casefold()
        for secret in (NAME.casefold(), NUMBER):
            if (at := text.find(secret)) >= 0:
                return text[max(0, at - 300) : at + 100]
    return ""
