"""What only the office knows: the salt of a campaign, and the passwords of workbooks."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from landxml import files
from landxml.errors import LandXmlError
from landxml.sources import Path_
from landxml.temporary import temporary
from landxml.text import Text

__all__ = ["protected", "readable", "salt", "sealing"]

_OLE = b"\xd0\xcf\x11\xe0"
"""First bytes of a workbook with a password; they are those of workbooks of before 2007, too."""


def salt(path: Path_, *, make: bool = False) -> str:
    """Return the salt of a campaign, by which keys stand for persons and values without telling them.

    Parameters
    ----------
    make
        Write a new one where there is none; only its owner can read it.

    Raises
    ------
    LandXmlError
        If there is none, or the file holds something else.
    """
    if make and not Path(path).exists():
        with files.writing(path, private=True) as out:
            out.write(f"{secrets.token_hex(32)}\n".encode())
    try:
        found = Path(path).read_bytes()[:100].strip()
    except FileNotFoundError:
        said = Text("không có tệp muối của đợt này", "there is no such file with the salt of the campaign")
        raise LandXmlError(said, file=path) from None
    if not re.fullmatch(rb"[0-9a-f]{64}", found):
        raise LandXmlError(
            Text("không phải tệp muối do landxml ghi", "is no salt as landxml writes it"), file=path
        )
    return found.decode()


@contextlib.contextmanager
def sealing(out: IO[bytes], password: str | None) -> Iterator[IO[bytes]]:
    """Offer what a workbook is written to; with a password it goes on encrypted when the block ends well.

    Until then it lies where nobody else can read it.

    Raises
    ------
    LandXmlError
        If what encrypts is not installed.
    """
    if password is None:
        yield out
        return
    ooxml = _installed().format.ooxml
    with temporary() as folder, (folder / "plain.xlsx").open("w+b") as plain:
        yield plain
        plain.seek(0)
        ooxml.OOXMLFile(plain).encrypt(password, out)


def protected(path: Path_) -> bool:
    """Tell whether a file is a workbook with a password; one of before 2007 is taken for such a one."""
    with Path(path).open("rb") as file:
        return file.read(4) == _OLE and not os.fspath(path).lower().endswith(".xls")


@contextlib.contextmanager
def readable(path: Path_, password: str | None) -> Iterator[str]:
    """Offer a path from which a table can be read; one with a password is decrypted while the block lasts.

    Raises
    ------
    LandXmlError
        If the password is wrong, or what decrypts is not installed.
    """
    if password is None or not protected(path):
        yield os.fspath(path)
        return
    with temporary() as folder:
        plain = folder / "plain.xlsx"
        with Path(path).open("rb") as file, plain.open("wb") as out:
            _decrypt(file, out, password, os.fspath(path))
        yield os.fspath(plain)


def _decrypt(file: IO[bytes], out: IO[bytes], password: str, name: str) -> None:
    library = _installed()
    try:
        book = library.OfficeFile(file)
        book.load_key(password=password, verify_password=True)
        book.decrypt(out)
    except library.exceptions.InvalidKeyError as error:
        raise LandXmlError(Text("mật khẩu không đúng", "the password is wrong"), file=name) from error
    except (library.exceptions.FileFormatError, library.exceptions.DecryptionError) as error:
        said = Text("không giải mã được", "cannot be decrypted")
        raise LandXmlError(said, file=name) from error


def _installed() -> Any:
    """Return the library that knows workbooks with passwords.

    Raises
    ------
    LandXmlError
        If it is not installed.
    """
    try:
        import msoffcrypto  # noqa: PLC0415 - optional
        import msoffcrypto.format.ooxml  # noqa: PLC0415
    except ImportError:
        raise LandXmlError(
            Text(
                "sổ có mật khẩu cần thêm thư viện; hãy cài landxml-vn[password]",
                "workbooks with passwords need one more library; install landxml-vn[password]",
            )
        ) from None
    return msoffcrypto
