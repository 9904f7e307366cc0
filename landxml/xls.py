"""How far the cells of an Excel workbook of before 2007 reach, found without the grid that would hold them.

The records of the workbook stand in a stream of a compound file, in sectors that need not be in order.

Source: [MS-CFB] 2.2 to 2.6; [MS-XLS] 2.4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

__all__ = ["SIGNATURE", "ProtectedError", "extent"]

SIGNATURE = b"\xd0\xcf\x11\xe0"
NAMES = ("Workbook", "Book")
SMALL = 4096
"""Bytes below which a stream lies in sectors of 64 bytes."""
CELLS = frozenset({0x0006, 0x0203, 0x0204, 0x0205, 0x0206, 0x027E, 0x0406, 0x00BD, 0x00D6, 0x00FD})
"""Records of cells that hold something; each begins with its row and column."""
MANY, DIMENSIONS, PASSWORD = 0x00BD, 0x0200, 0x002F
ENCRYPTED = "EncryptedPackage"
"""Stream that holds an XLSX with a password. Source: [MS-OFFCRYPTO] 2.3.4.4."""
ROWS, COLUMNS = 65_536, 256
"""Most that a sheet may say it has."""


class ProtectedError(ValueError):
    """A workbook cannot be read without its password."""


def extent(data: bytes) -> tuple[int, int]:
    """Return how many rows and columns the cells of a workbook reach to, in any sheet.

    Raises
    ------
    ProtectedError
        If it has a password.
    ValueError
        If it is damaged, or none.
    """
    rows = columns = 0
    try:
        for kind, place, end in _records(data := _workbook(data)):
            if kind == PASSWORD:
                raise ProtectedError
            if kind in CELLS:
                row, column = struct.unpack_from("<2H", data, place)
                if kind == MANY:
                    (column,) = struct.unpack_from("<H", data, end - 2)  # the last one
                rows, columns = max(rows, row + 1), max(columns, column + 1)
            elif kind == DIMENSIONS:
                form = "<2I2H" if end - place == 14 else "<4H"
                first, last, _, width = struct.unpack_from(form, data, place)
                if not first <= last <= ROWS or width > COLUMNS:
                    raise ValueError("a sheet has wrong dimensions")
    except (struct.error, LookupError) as error:
        raise ValueError("damaged") from error
    return rows, columns


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the records of a stream: kind, where its content begins and ends."""
    at = 0
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<2H", data, at)
        yield kind, at + 4, at + 4 + length
        at += 4 + length


def _workbook(data: bytes) -> bytes:
    """Return the stream of the workbook."""
    size = 1 << min(struct.unpack_from("<H", data, 30)[0], 16)
    sectors = [data[at : at + size] for at in range(size, len(data), size)]
    directory, _, _, small, _, more = struct.unpack_from("<6I", data, 48)
    listed = list(struct.unpack_from("<109I", data, 76))
    while more < len(sectors) and len(listed) <= len(sectors) + 109:
        numbers = _numbers(sectors[more])
        listed, more = [*listed, *numbers[:-1]], numbers[-1]
    table = [number for sector in listed if sector < len(sectors) for number in _numbers(sectors[sector])]
    entries = _chain(sectors, table, directory)
    streams = {
        entries[at : at + struct.unpack_from("<H", entries, at + 64)[0] - 2].decode("utf-16-le", "replace"):
        struct.unpack_from("<2I", entries, at + 116)
        for at in range(0, len(entries) - 127, 128)
        if struct.unpack_from("<H", entries, at + 64)[0] >= 2
    }  # fmt: skip
    if ENCRYPTED in streams:
        raise ProtectedError
    start, length = next((streams[name] for name in NAMES if name in streams), (0, 0))
    if length < SMALL:
        whole = _chain(sectors, table, streams["Root Entry"][0])
        table = list(_numbers(_chain(sectors, table, small)))
        sectors = [whole[at : at + 64] for at in range(0, len(whole), 64)]
    return _chain(sectors, table, start)[:length]


def _numbers(sector: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4])


def _chain(sectors: Sequence[bytes], table: Sequence[int], sector: int) -> bytes:
    """Return what stands in a chain of sectors; one that goes round is cut."""
    found: list[bytes] = []
    while sector < len(sectors) and len(found) < len(sectors):
        found.append(sectors[sector])
        sector = table[sector]
    return b"".join(found)
