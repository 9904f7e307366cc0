"""The server: one process that listens, and opens the page for the person who has started it."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlencode

import msgspec
import uvicorn

from landxml.errors import LandXmlError
from landxml.remote import is_remote
from landxml.temporary import alone, temporary
from landxml.text import Text
from landxml_web.access import WITHOUT_USERS, Access, Doors
from landxml_web.app import application
from landxml_web.runs import Runs, leave
from landxml_web.settings import Settings, is_loopback
from landxml_web.work import Work

__all__ = ["can_open", "serve"]

ADDRESS = "address"
"""File with the address of the server that has a folder."""
PORT = 8765
"""Where it listens if nobody says where, and nobody else does."""
GRACE = 3
"""Seconds that open connections get at the end."""
SOON = 0.5
"""Seconds after which the browser is opened: then the server answers."""


def serve(
    settings: Settings,
    files: Sequence[str] = (),
    *,
    lang: str = "vi",
    open_page: bool = False,
    told: Callable[[str], None] = print,
    there: Callable[[str], None] = print,
) -> None:
    """Serve the page until the process is asked to end; where it is served already, hand the files to it.

    Parameters
    ----------
    settings
        Where, to whom, for how long.
    files
        Files and folders of this machine to check at once; they stay where they are.
    lang
        Language of that check.
    open_page
        Open the page in the browser of who has started it.
    told, there
        Called with the address: of this server; of the one that is there already.

    Raises
    ------
    LandXmlError
        If it would listen to other machines without tokens; if there are tokens, and files, whose run nobody
        could see.
    OSError
        If it cannot listen there, or write its folder.
    """
    if not settings.users and not is_loopback(settings.host):
        raise LandXmlError(
            Text(
                f"{settings.host} nghe được từ máy khác: cần --token-file để chỉ người có mã vào được",
                f"other machines reach {settings.host}: give a --token-file, for those who may get in",
            )
        )
    if settings.users and files:
        raise LandXmlError(
            Text(
                "tệp nêu trong lệnh không thuộc về ai trong --token-file; hãy bỏ tệp, hoặc bỏ --token-file",
                "files of the command belong to nobody in the --token-file; leave out one or the other",
            )
        )
    with contextlib.ExitStack() as stack:
        folder = settings.folder.absolute()  # processes have folders of their own
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not stack.enter_context(alone(folder)):
            if address := _of_other(folder):
                _show(address + _asking(_left(folder, files, lang)), there, open_page=open_page)
                return
            folder = stack.enter_context(temporary())
            settings = msgspec.structs.replace(settings, folder=folder, keep=0)
        listening = stack.enter_context(_listening(settings))
        settings = msgspec.structs.replace(settings, port=listening.getsockname()[1])
        doors, runs = Doors(settings.users), Runs(folder, settings.keep)
        work = Work(runs, settings)
        first, address = _first(runs, work, files, lang), _address(settings, doors)
        stack.enter_context(_written(folder / ADDRESS, address if doors.token else ""))
        _show(address + _asking(first), told, open_page=open_page)
        uvicorn.Server(_config(settings, application(settings, doors, runs, work))).run([listening])


def _config(settings: Settings, app: Access) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=GRACE,
        ssl_certfile=settings.cert,
        ssl_keyfile=settings.key,
    )


def _first(runs: Runs, work: Work, files: Sequence[str], lang: str) -> str:
    """Check files of this machine; return the id of that run."""
    if not files:
        return ""
    run = runs.new(WITHOUT_USERS, lang, [*files])
    work.add(run)
    return run.id


def _address(settings: Settings, doors: Doors) -> str:
    """Return the address that the person who starts the server opens."""
    host = next(iter(settings.names), settings.host)
    shown = f"[{host}]" if ":" in host else host
    base = f"http{'s' if settings.cert else ''}://{shown}:{settings.port}"
    return f"{base}/open?{urlencode({'token': doors.token})}" if doors.token else f"{base}/"


def _asking(run: str) -> str:
    """Return what the address has more that opens the page of a run."""
    return f"&{urlencode({'run': run})}" if run else ""


def _left(folder: Path, files: Sequence[str], lang: str) -> str:
    """Leave files to the server that has the folder, which checks them when its page is opened."""
    if not files:
        return ""
    return leave(folder, lang, [each if is_remote(each) else str(Path(each).absolute()) for each in files])


def _show(address: str, told: Callable[[str], None], *, open_page: bool) -> None:
    told(address)
    if open_page and can_open():
        threading.Timer(SOON, webbrowser.open, [address]).start()


def can_open() -> bool:
    """Tell whether there is a screen on which a browser can be opened."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _of_other(folder: Path) -> str:
    """Return the address of the server that has the folder."""
    try:
        return (folder / ADDRESS).read_text("utf-8")
    except OSError:
        return ""


@contextlib.contextmanager
def _written(path: Path, address: str) -> Iterator[None]:
    """Keep the address, for who starts the program once more, where only the owner can read it."""
    path.unlink(missing_ok=True)
    if address:
        path.touch(0o600)
        path.write_text(address, "utf-8")
    yield
    path.unlink(missing_ok=True)


@contextlib.contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Listen; on a port that is free if the one that nobody asked for is not."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as listening:
        if os.name == "posix":  # elsewhere it would let two servers have one port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((settings.host, settings.port or PORT))
        except OSError:
            if settings.port:
                raise
            listening.bind((settings.host, 0))
        listening.listen()
        yield listening
