"""The store: outcomes of tasks, by which a run goes on where one before it stopped, and checks what changed.

An outcome is a folder of Parquet parts, with a tally that is written last and knows their sizes. It is made
beside, then renamed to a digest of all that it depends on, and not changed any more: whoever finds it takes
it, whichever run made it. Of one that a power cut has left half-written the sizes do not fit. Without a
folder of the user's the store is the temporary folder of the run.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from landxml.database import writing_to
from landxml.errors import LandXmlError
from landxml.files import Path_, check, check_folder, naming, writing
from landxml.temporary import BEGIN, temporary
from landxml.text import Text
from landxml.version import TOOL
from landxml_validator.ledger import Ledger, Tally
from landxml_validator.rule_set import RuleSet
from landxml_validator.stages import Settings

__all__ = ["Store", "basis", "find", "keep", "opened", "place"]

FORMAT = 2
"""Of stores and of what is in them; one of another is not read."""
MARK = "store.json"
"""File by which a folder is known as a store."""
OUTCOMES = "outcomes"
TALLY = "tally.json"
DAYS = 30
"""An outcome that no run has used for so long is removed."""


class Store(NamedTuple):
    """Folders and salt of a run.

    ``folder`` is temporary, on one disk with ``outcomes``; ``salt`` goes into the hashes of personal data,
    which must be equal in all outcomes that are looked at together.
    """

    folder: str
    outcomes: str
    salt: str


class _Mark(msgspec.Struct):
    format: int
    salt: str


@contextlib.contextmanager
def opened(work: Path_ | None, inputs: Iterable[Path_] = (), salt: str | None = None) -> Iterator[Store]:
    """Give the store in a folder, which is made if need be; without one, a store that goes with the block.

    ``salt`` stands in the place of that of the store, if what leaves the run has to fit that of others.

    Raises
    ------
    LandXmlError, OSError
        If the folder holds other data, or is in one place with an input (:mod:`landxml.files`); if nothing
        can be written there.
    """
    if work is None:
        with temporary() as folder, writing_to(folder.parent):
            yield Store(str(folder), str(folder), salt or secrets.token_hex(16))
        return
    check([work], inputs, force=True)
    place = Path(os.path.realpath(work))
    with naming(work):
        own = _salt(place, work)
        outcomes = place / OUTCOMES
        outcomes.mkdir(mode=0o700, exist_ok=True)
    with temporary(place) as folder, writing_to(work):
        yield Store(str(folder), str(outcomes), salt or own)
        _forget(outcomes, folder)


def _salt(place: Path, work: Path_) -> str:
    """Return the salt of the store in a folder; of a new one make it first."""
    if not place.is_dir():
        check_folder(work)
        place.mkdir(mode=0o700, exist_ok=True)
    for name in os.listdir(place):  # noqa: PTH208 - names only
        if name not in {MARK, OUTCOMES} and not name.startswith(BEGIN):
            raise LandXmlError(
                Text(
                    f"chứa dữ liệu khác ({name}), không phải kết quả kiểm tra; hãy chọn thư mục mới hoặc"
                    " rỗng",
                    f"holds other data ({name}), no outcomes of a check; give a new or empty folder",
                ),
                file=work,
            )
    mark = place / MARK
    if not mark.exists():
        with contextlib.suppress(LandXmlError), writing(mark, private=True) as out:  # another run made it
            out.write(msgspec.json.encode(_Mark(FORMAT, secrets.token_hex(16))))
    with contextlib.suppress(msgspec.MsgspecError):
        found = msgspec.json.decode(mark.read_bytes(), type=_Mark)
        if found.format == FORMAT:
            return found.salt
    raise LandXmlError(
        Text(
            f"{MARK} bị hỏng hoặc của phiên bản landxml khác; hãy chọn thư mục mới, hoặc xóa thư mục này",
            f"its {MARK} is damaged, or of another version of landxml; give a new folder, or delete this one",
        ),
        file=work,
    )


def basis(rules: RuleSet, as_of: dt.date, crs: int | None, salt: str, *, personal_data: bool) -> str:
    """Return a digest of all but its documents on which an outcome depends."""
    said = (TOOL, FORMAT, rules.digest, as_of.isoformat(), crs, salt, personal_data)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def place(task: str, settings: Settings) -> Path:
    """Return where the outcome of a task is kept, by its id."""
    names = "-scans" if settings.scans else ""  # which it holds then
    return Path(settings.outcomes, f"{task}-{settings.basis}{names}")


def find(place: Path) -> Tally | None:
    """Return the tally of the outcome that is kept in a place, if it is there and whole."""
    try:
        tally = msgspec.json.decode((place / TALLY).read_bytes(), type=Tally)
        if any((place / name).stat().st_size != size for name, size in tally.parts.items()):
            return None
        os.utime(place)
    except (OSError, msgspec.MsgspecError):
        return None
    tally.folder, tally.kept = str(place), True
    return tally


def keep(ledger: Ledger, place: Path, settings: Settings) -> Tally:
    """Move what a task has written to its place, and return the tally.

    What would be otherwise at the next try (a file that could not be read, a rule for which memory did not
    suffice) stays in the folder of the run and goes with it.
    """
    folder, tally = Path(ledger.folder), ledger.tally()
    place = Path(settings.folder, place.name) if ledger.passing else place
    (folder / TALLY).write_bytes(msgspec.json.encode(tally))
    try:
        folder.rename(place)
    except OSError:
        if there := find(place):  # another run was faster, or a process that then died
            return there
        if not place.exists():
            raise
        place.rename(folder.with_name("damaged"))
        folder.rename(place)
    tally.folder = str(place)
    return tally


def _forget(outcomes: Path, folder: Path) -> None:
    """Remove what has not been used for long; first out of sight, because removing takes a while."""
    last = time.time() - DAYS * 86_400
    with contextlib.suppress(OSError):
        for place in outcomes.iterdir():
            if place.stat().st_mtime < last:
                place.rename(folder / f"old-{place.name}")
                shutil.rmtree(folder / f"old-{place.name}", ignore_errors=True)
