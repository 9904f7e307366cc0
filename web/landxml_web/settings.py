"""How the page is served: where, to whom, and for how long results are kept."""

from __future__ import annotations

import ipaddress
import os
import platform
import sys
from pathlib import Path

import msgspec

from landxml.errors import LandXmlError
from landxml.text import Text

__all__ = ["Settings", "default_folder", "is_loopback", "listening"]

RESERVE = 2 << 30
"""Bytes of the disk that uploads leave free: the check needs some, and so do others."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of a server.

    Attributes
    ----------
    folder
        Where files and results are kept, for the owner only.
    command
        How the command line is started; its arguments follow.
    host, port
        Where it listens; port 0: any that is free.
    names
        Names by which browsers may call it, beside addresses.
    users
        Token → who it is for; empty: the person who started it, whose token is made at the start.
    keep
        Days for which results are kept; 0: until the server ends.
    upload
        Most bytes of a run; None: as many as the disk takes.
    reserve
        Bytes of the disk that uploads leave free.
    config
        What ``landxml.toml`` the checks of files follow that were sent; None: none.
    cert, key
        Files of the certificate for TLS, and of its key.
    audit
        File to which a line is added for each thing that was done; None: none.
    """

    folder: Path
    command: tuple[str, ...]
    host: str = "127.0.0.1"
    port: int = 0
    names: tuple[str, ...] = ()
    users: dict[str, str] = {}
    keep: int = 30
    upload: int | None = None
    reserve: int = RESERVE
    config: Path | None = None
    cert: Path | None = None
    key: Path | None = None
    audit: Path | None = None


def default_folder() -> Path:
    """Return where programs of this user keep their data."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData/Local")
    elif platform.system() == "Darwin":
        base = home / "Library/Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    return base / "landxml" / "web"


def listening(text: str) -> tuple[str, int]:
    """Return host and port of ``HOST:PORT``.

    >>> listening("127.0.0.1:8765"), listening("[::1]:80"), listening("may-chu")
    (('127.0.0.1', 8765), ('::1', 80), ('may-chu', 0))

    Raises
    ------
    LandXmlError
        If it is none.
    """
    host, colon, port = text.rpartition(":") if not text.endswith("]") else (text, "", "")
    if not colon:
        host, port = text, "0"
    if not (host and port.isdecimal() and int(port) < 1 << 16):
        raise LandXmlError(
            Text(
                f"“{text}” không phải là ĐỊA_CHỈ:CỔNG, ví dụ 127.0.0.1:8765",
                f"“{text}” is not HOST:PORT, such as 127.0.0.1:8765",
            )
        )
    return host.strip("[]"), int(port)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0"), is_loopback("may-chu")
    (True, True, False, False)
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
