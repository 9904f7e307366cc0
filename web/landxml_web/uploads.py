"""What browsers send: a file is the body of a request, counted while it is written, whole or not there."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from landxml.localised import size
from landxml_web.names import spelt
from landxml_web.runs import Run, Runs, Upload
from landxml_web.settings import Settings

__all__ = ["RefusedError", "receive"]

MOST = 100_000
"""Files of a run."""
BLOCK = 4 << 20
"""Bytes that are written at a time, and after which it is looked how much room is left."""


class RefusedError(Exception):
    """A file is not taken; ``args``: status, and name and values of a message."""

    def __init__(self, status: int, message: str, **values: object) -> None:
        super().__init__(status, message)
        self.status, self.message, self.values = status, message, values


async def receive(request: Request, run: Run, runs: Runs, settings: Settings) -> Upload:
    """Take the body of a request as a file of a run.

    Raises
    ------
    RefusedError
        If the name is none, or the file is too large, or stands there already.
    ClientDisconnect
        If the browser goes away; nothing is left of the file.
    """
    place = spelt(request.query_params.get("name", ""))
    if place is None:
        raise RefusedError(400, "refused.name")
    if len(run.files) >= MOST:
        raise RefusedError(413, "refused.many", most=MOST)
    target, twice = runs.input(run) / place, RefusedError(409, "refused.twice", name=place)
    if target.exists():
        raise twice
    room, no_room = _room(run, runs, settings, place.name)
    announced = int(request.headers.get("content-length", "0"))
    if announced > room:
        raise no_room
    new = runs.folder(run) / f"{secrets.token_hex(8)}.part"
    try:
        written = await _write(request, new, room, no_room, settings.reserve)
        if run.state != "open":
            raise RefusedError(409, "refused.started")
        if target.exists():  # others came in meanwhile
            raise twice
        if settings.upload is not None and run.size + written > settings.upload:
            raise no_room
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.rename(target)
    except OSError as error:
        raise _of_disk(error, str(place)) from error
    finally:
        new.unlink(missing_ok=True)
    upload = Upload(str(place), written)
    run.files.append(upload)
    return upload


async def _write(request: Request, path: Path, room: int, no_room: RefusedError, reserve: int) -> int:
    """Write a body into a new file, as long as there is room; return its bytes."""
    taken, waiting = 0, bytearray()
    with path.open("xb") as out:
        async for chunk in request.stream():
            taken += len(chunk)
            waiting += chunk
            if taken > room:
                raise no_room
            if len(waiting) >= BLOCK:
                await run_in_threadpool(out.write, bytes(waiting))
                waiting.clear()
                if shutil.disk_usage(path.parent).free < reserve:  # others write, too
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        out.write(waiting)
    return taken


def _room(run: Run, runs: Runs, settings: Settings, name: str) -> tuple[int, RefusedError]:
    """Return how many bytes may be added to a run, and what is said of more."""
    free = max(0, shutil.disk_usage(runs.folder(run)).free - settings.reserve)
    if settings.upload is None or settings.upload - run.size > free:
        return free, RefusedError(507, "refused.full", name=name)
    allowed = settings.upload - run.size
    return allowed, RefusedError(413, "refused.large", name=name, room=size(allowed))


def _of_disk(error: OSError, name: str) -> RefusedError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return RefusedError(507, "refused.full", name=name)
    if isinstance(error, FileExistsError | NotADirectoryError | IsADirectoryError):
        return RefusedError(409, "refused.twice", name=name)
    return RefusedError(500, "refused.disk", name=name, reason=error.strerror or "")
