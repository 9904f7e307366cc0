"""The store: outcomes of tasks, by which a run goes on where one before it stopped, and checks what changed.

An outcome is a folder of Parquet parts, with a tally that is written last and knows their sizes. It is made
beside, then renamed to a digest of all that it depends on, and not changed any more: whoever finds it takes
it, whichever run made it. Of one that a power cut has left half-written the sizes do not fit. Without a
folder of the user's the store is the temporary folder of the run. Of a store in an object store
(:mod:`landxml_validator.object_store`) each machine has a copy of what it makes and needs in a temporary
folder, the same paths below it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePath
from typing import Any, NamedTuple, TypeVar, cast

import msgspec

from landxml import remote
from landxml.database import writing_to
from landxml.errors import LandXmlError
from landxml.files import Path_, check, check_folder, naming, writing
from landxml.temporary import BEGIN, temporary
from landxml.text import Text
from landxml.version import TOOL
from landxml_validator import object_store
from landxml_validator.ledger import TALLY, Ledger, Tally
from landxml_validator.rule_set import RuleSet
from landxml_validator.stages import Settings

__all__ = [
    "MARK",
    "Store",
    "addressed",
    "basis",
    "fetched",
    "find",
    "here",
    "keep",
    "opened",
    "place",
    "readable",
    "taken",
]

T = TypeVar("T")

FORMAT = 2
"""Of stores and of what is in them; one of another is not read."""
MARK = "store.json"
"""File by which a folder is known as a store."""
OUTCOMES = "outcomes"
DAYS = 30
"""An outcome that no run has used for so long is removed."""


class Store(NamedTuple):
    """Folders and salt of a run.

    ``folder`` is temporary, on one disk with ``outcomes``; ``salt`` goes into the hashes of personal data,
    which must be equal in all outcomes that are looked at together. If the store is in an object store,
    ``remote`` is its address, and the folders are copies on this machine.
    """

    folder: str
    outcomes: str
    salt: str
    remote: str = ""


class _Mark(msgspec.Struct):
    format: int
    salt: str


@contextlib.contextmanager
def opened(work: Path_ | None, inputs: Iterable[Path_] = (), salt: str | None = None) -> Iterator[Store]:
    """Give the store in a folder, which is made if need be; without one, a store that goes with the block.

    The folder may be one of an object store, ``s3://bucket/folder``. ``salt`` stands in the place of that of
    the store, if what leaves the run has to fit that of others.

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
    if remote.is_remote(os.fspath(work)):
        with _in_object_store(object_store.address(os.fspath(work), inputs)) as found:
            yield found._replace(salt=salt or found.salt)
        return
    check([work], inputs, force=True)
    place = Path(os.path.realpath(work))
    with naming(work):
        own = _own_salt(place, work)
        outcomes = place / OUTCOMES
        outcomes.mkdir(mode=0o700, exist_ok=True)
    with temporary(place) as folder, writing_to(work):
        yield Store(str(folder), str(outcomes), salt or own)
        _forget(outcomes, folder)


@contextlib.contextmanager
def _in_object_store(work: str) -> Iterator[Store]:
    """Give the store in an object store, with folders for this machine.

    Of two runs that begin it at once, one may go on with a mark that the other has replaced: what it makes is
    not found again, because the salt is part of the names.
    """
    mark = f"{work}/{MARK}"
    with object_store.naming(work):
        names = remote.names(work)
        _refuse_others(names, work)
        if MARK not in names:
            remote.put(io.BytesIO(_new_mark()), mark)
        with remote.opened(mark) as file:
            salt = _salt(file.read(), work)
    with temporary() as mirror, writing_to(mirror.parent):
        folder, outcomes = _folders(mirror, mirror.name)
        yield Store(folder, outcomes, salt, work)
        with contextlib.suppress(OSError):
            remote.remove(f"{work}/{mirror.name}")
            object_store.forget(work, time.time() - DAYS * 86_400)


def _folders(mirror: Path, run: str) -> tuple[str, str]:
    """Make the folders that a store has, in one that stands for it on this machine."""
    folder, outcomes = mirror / run, mirror / OUTCOMES
    for each in (folder, outcomes):
        each.mkdir()
    return str(folder), str(outcomes)


@contextlib.contextmanager
def here(settings: Settings) -> Iterator[Settings]:
    """Give settings with folders of this machine: of its own, if the machines share but an object store."""
    if not (settings.apart and settings.remote):
        yield settings
        return
    with temporary() as mirror:
        folder, outcomes = _folders(mirror, PurePath(settings.folder).name)
        yield msgspec.structs.replace(settings, folder=folder, outcomes=outcomes)


def _own_salt(place: Path, work: Path_) -> str:
    """Return the salt of the store in a folder; of a new one make it first."""
    if not place.is_dir():
        check_folder(work)
        place.mkdir(mode=0o700, exist_ok=True)
    _refuse_others(os.listdir(place), work)  # noqa: PTH208 - names only
    mark = place / MARK
    if not mark.exists():
        with contextlib.suppress(LandXmlError), writing(mark, private=True) as out:  # another run made it
            out.write(_new_mark())
    return _salt(mark.read_bytes(), work)


def _refuse_others(names: Iterable[str], work: Path_) -> None:
    """Refuse a place that holds anything but a store."""
    for name in names:
        if name not in {MARK, OUTCOMES} and not name.startswith(BEGIN):
            raise LandXmlError(
                Text(
                    f"chứa dữ liệu khác ({name}), không phải kết quả kiểm tra; hãy chọn thư mục mới hoặc"
                    " rỗng",
                    f"holds other data ({name}), no outcomes of a check; give a new or empty folder",
                ),
                file=work,
            )


def _new_mark() -> bytes:
    return msgspec.json.encode(_Mark(FORMAT, secrets.token_hex(16)))


def _salt(mark: bytes, work: Path_) -> str:
    """Return the salt that a mark states."""
    with contextlib.suppress(msgspec.MsgspecError):
        found = msgspec.json.decode(mark, type=_Mark)
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


def find(place: Path, settings: Settings) -> Tally | None:
    """Return the tally of the outcome that is kept in a place, if it is there and whole."""
    tally = _here(place)
    if tally is None and settings.remote:
        with object_store.naming(settings.remote):
            tally = object_store.find(_there(place, settings))
    if tally:
        tally.folder, tally.kept = str(place), True
    return tally


def _here(place: Path) -> Tally | None:
    try:
        tally = msgspec.json.decode((place / TALLY).read_bytes(), type=Tally)
        if any((place / name).stat().st_size != size for name, size in tally.parts.items()):
            return None
        os.utime(place)
    except (OSError, msgspec.MsgspecError):
        return None
    return tally


def _there(place: Path, settings: Settings) -> str:
    """Return where in the object store a folder of this machine is."""
    return "/".join((settings.remote, *place.parts[-2:]))


def keep(ledger: Ledger, place: Path, settings: Settings) -> Tally:
    """Move what a task has written to its place, and return the tally.

    What would be otherwise at the next try (a file that could not be read, a rule for which memory did not
    suffice) stays in the folder of the run and goes with it.
    """
    folder, tally = Path(ledger.folder), ledger.tally()
    place = Path(settings.folder, place.name) if ledger.passing else place
    (folder / TALLY).write_bytes(msgspec.json.encode(tally))
    if settings.remote:
        with object_store.naming(settings.remote):
            object_store.send(folder, tally.parts, _there(place, settings))
    try:
        folder.rename(place)
    except OSError:
        if there := find(place, settings):  # another run was faster, or a process that then died
            return there
        if not place.exists():
            raise
        place.rename(folder.with_name("damaged"))
        folder.rename(place)
    tally.folder = str(place)
    return tally


def taken(tally: Tally, settings: Settings) -> Tally:
    """Return a tally of which the parts are on this machine, wherever it was made."""
    if settings.remote:
        tally.folder = str(_mirror(settings).joinpath(*PurePath(tally.folder).parts[-2:]))
        fetched((f"{tally.folder}/{name}" for name in tally.parts), settings)
    return tally


def fetched(parts: Iterable[str], settings: Settings) -> list[str]:
    """Return where parts of outcomes are on this machine; what is only in the object store is fetched."""
    if not settings.remote:
        return list(parts)
    mirror = _mirror(settings)
    here = [mirror.joinpath(*PurePath(part).parts[-4:]) for part in parts]
    object_store.fetch(here, mirror, settings.remote)
    return [str(part) for part in here]


def addressed(sql: T, settings: Settings) -> T:
    """Return queries of parts on this machine as those of parts in the object store: equal on all machines.

    They may stand in lists and tuples, as in tasks.
    """
    if not settings.remote:
        return sql
    here, there = f"'{_mirror(settings)}/", f"'{settings.remote}/"
    return cast("T", _each(sql, lambda text: text.replace(here, there)))


def readable(sql: T, settings: Settings) -> T:
    """Return such queries as those of parts on this machine, which are fetched."""

    def read(text: str) -> str:
        fetched(re.findall(f"'({re.escape(settings.remote)}/[^']*)'", text), settings)
        return text.replace(f"'{settings.remote}/", f"'{_mirror(settings)}/")

    return cast("T", _each(sql, read)) if settings.remote else sql


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """Return a value with all texts in it changed, those of lists and tuples in it too."""
    if isinstance(value, str):
        return change(value)
    made = [_each(item, change) for item in value]
    return value._make(made) if hasattr(value, "_make") else type(value)(made)


def _mirror(settings: Settings) -> Path:
    """Return the folder on this machine that has the paths of the object store."""
    return Path(settings.outcomes).parent


def _forget(outcomes: Path, folder: Path) -> None:
    """Remove what has not been used for long; first out of sight, because removing takes a while."""
    last = time.time() - DAYS * 86_400
    with contextlib.suppress(OSError):
        for place in outcomes.iterdir():
            if place.stat().st_mtime < last:
                place.rename(folder / f"old-{place.name}")
                shutil.rmtree(folder / f"old-{place.name}", ignore_errors=True)
