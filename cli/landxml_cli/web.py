"""``landxml web``: the page in which an office checks its data."""

from __future__ import annotations

import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from landxml_cli.inputs import tell_absent
from landxml_cli.messages import say
from landxml_cli.terminal import note
from landxml_cli.types import Complaint

__all__ = ["web"]

COMMAND = (sys.executable, "-P", "-m", "landxml_cli")
"""-P: not the modules of a folder that may be a stranger's."""


def web(
    lang: str,
    *,
    files: tuple[str, ...],
    listen: str,
    open_: bool | None,
    folder: str | None,
    keep: int,
    max_upload: int | None,
    config: str | None,
    host: tuple[str, ...],
    token_file: str | None,
    cert: str | None,
    key: str | None,
    insecure: bool,
    audit: str | None,
) -> int:
    """Serve the page until Ctrl-C."""
    if not (find_spec("starlette") and find_spec("uvicorn")):
        raise Complaint(say(lang, "needs-web"))
    from landxml_web import settings, users  # noqa: PLC0415 - the extra web
    from landxml_web.server import serve  # noqa: PLC0415

    if tell_absent(files, lang):
        return 2
    where, port = settings.listening(listen)
    if not (cert or insecure or settings.is_loopback(where)):
        raise Complaint(say(lang, "web-cert", host=where))
    told = settings.Settings(
        folder=Path(folder) if folder else settings.default_folder(),
        command=COMMAND,
        host=where,
        port=port,
        names=host,
        users=users.read(Path(token_file)) if token_file else {},
        keep=keep,
        upload=max_upload * 1_000_000 if max_upload else None,
        config=Path(config).resolve() if config else None,
        cert=Path(cert) if cert else None,
        key=Path(key) if key else None,
        audit=Path(audit) if audit else None,
    )
    by_person = sys.stderr.isatty() if open_ is None else open_
    try:
        there = "web-takes" if files else "web-there"
        said = {"told": partial(_told, lang, "web-at"), "there": partial(_told, lang, there)}
        serve(told, files, lang=lang, open_page=by_person, **said)
    except KeyboardInterrupt:
        note(say(lang, "web-ended"))
    return 0


def _told(lang: str, message: str, address: str) -> None:
    note(say(lang, message, address=address))
