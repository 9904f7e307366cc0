"""Workbooks of before 2007: read, or refused before they take all memory."""

from __future__ import annotations

import itertools
import struct
from pathlib import Path

import pytest

from landxml import tabular, xls
from landxml.errors import LandXmlError

KEPT = Path(__file__).parents[1] / "fuzz/regressions/units_check/a-cell-beyond-the-last-column.xls"
FAR, NEAR = struct.pack("<4H", 0x00FD, 10, 65_535, 65_535), struct.pack("<4H", 0x00FD, 10, 1, 0)
SIZE = struct.pack("<2H2I2H", 0x0200, 14, 0, 2, 0, 1)
GOOD = KEPT.read_bytes().replace(FAR, NEAR)


def read(path: Path, data: bytes) -> list[list[str]]:
    path.write_bytes(data)
    return [cells for sheet in tabular.sheets(path) for _, cells in sheet]


def test_it_is_read(tmp_path: Path) -> None:
    assert xls.extent(GOOD) == (2, 1)
    assert read(tmp_path / "a.xls", GOOD) == [["maXa"], ["06655"]]


def test_a_cell_in_a_far_corner_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LandXmlError, match="reaches to row 65536, column 65536"):
        read(tmp_path / "a.xls", KEPT.read_bytes())


def test_a_password_is_told(tmp_path: Path) -> None:
    """An XLSX with a password is a compound file with a stream of another name; an XLS has a record."""
    name = "Workbook".encode("utf-16-le")
    at = GOOD.index(name)
    encrypted = "EncryptedPackage".encode("utf-16-le")
    entry = encrypted.ljust(64, b"\0") + struct.pack("<H", len(encrypted) + 2)
    for data in (
        GOOD[:at] + entry + GOOD[at + 66 :],
        GOOD.replace(SIZE, struct.pack("<H", 0x002F) + SIZE[2:]),
    ):
        with pytest.raises(LandXmlError, match="has a password"):
            read(tmp_path / "a.xls", data)


def test_half_of_it_is_refused_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(LandXmlError, match="cannot be read as a workbook"):
        read(tmp_path / "a.xlsx", xls.SIGNATURE + bytes(2_000))


@pytest.mark.parametrize("rows", [(0, 2**32 - 1), (9, 2)])
def test_dimensions_that_no_sheet_has_are_refused(tmp_path: Path, rows: tuple[int, int]) -> None:
    assert SIZE in GOOD
    with pytest.raises(LandXmlError, match="wrong dimensions"):
        read(tmp_path / "a.xls", GOOD.replace(SIZE, struct.pack("<2H2I2H", 0x0200, 14, *rows, 0, 1)))


def test_sectors_in_any_order_are_found() -> None:
    """A stream of 4,096 bytes and more, whose sectors stand backwards."""
    record = struct.pack("<2H", 0x00FD, 10) + struct.pack("<2H6x", 40_000, 299)
    stream = (record + struct.pack("<2H", 0xFFFF, 4_078)).ljust(4096, b"\0")
    blocks = [stream[at : at + 512] for at in range(0, 4096, 512)][::-1]
    names = "Workbook".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 18)
    entry = names.ljust(116, b"\0") + struct.pack("<2I", 9, 4096) + bytes(4)
    table = [2**32 - 3, 2**32 - 2, 2**32 - 2, *range(2, 9)]
    header = xls.SIGNATURE.ljust(30, b"\0") + struct.pack("<2H", 9, 6)
    header = header.ljust(48, b"\0") + struct.pack("<7I", 1, 0, 4096, 0, 0, 2**32 - 2, 0)
    sectors = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff") + entry.ljust(512, b"\0")
    assert xls.extent(header.ljust(512, b"\0") + sectors + b"".join(blocks)) == (40_001, 300)


def test_whatever_is_damaged_is_an_error_of_ours(tmp_path: Path) -> None:
    for at, value in itertools.product((*range(4, 600, 3), 2050, 2998, 3001, 3147), (0, 255)):
        damaged = bytearray(GOOD)
        damaged[at] = value
        try:
            read(tmp_path / "a.xls", bytes(damaged))
        except LandXmlError:
            continue
