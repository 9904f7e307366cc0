"""Places: where in a file that a user sent a record stands, and how that is written."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["PLACE", "SYSTEM", "Place", "container_of", "place_sql"]

PLACE = ("_file", "_part", "_at")
"""Columns of a :class:`Place`, on every row of every table."""
SYSTEM = {
    "_file": "VARCHAR",
    "_part": "VARCHAR",
    "_at": "INTEGER",
    "_id": "VARCHAR",
    "_parent": "VARCHAR",
    "_dossier": "VARCHAR",
}
"""Columns that the table of every class begins with, and their DuckDB types."""
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
"""Ends of the names of files whose parts are sheets; parts of all others are layers."""


_SAID = re.compile(
    r"(?P<file>.+):(?P<at>\d{1,9})"
    r"|(?P<file_>.+?)!(?P<part>[^/].*?)(?:!(?P<column>[A-Z]{0,3})|#)(?P<at_>\d{1,9})(?:\.\w+)?",
    re.DOTALL,
)


class Place(NamedTuple):
    """A line of an XML file, a row of a sheet, a feature of a layer, or an object of a list.

    Attributes
    ----------
    file
        As the user named it; of an archive's member ``goi.zip!/06652.gml``.
    part
        Sheet or layer; ``""`` in XML, which has none.
    at
        Line, row or number of the feature, from 1; 0 stands for the whole file or part.
    """

    file: str
    part: str = ""
    at: int = 0

    @classmethod
    def of(cls, said: str) -> Place | None:
        """Return the place that a text says, as :meth:`said` writes it; None if it says none.

        >>> Place.of("goi.zip!/06652.gml:812"), Place.of("thua.gpkg!thuadat#381").part
        (Place(file='goi.zip!/06652.gml', part='', at=812), 'thuadat')
        >>> Place.of("to12.xlsx!KeKhaiDangKy!AB17").at
        17
        """
        found = _SAID.fullmatch(said)
        if found is None:
            return None
        return cls(found["file"] or found["file_"], found["part"] or "", int(found["at"] or found["at_"]))

    @property
    def line(self) -> int:
        """Line of an XML file; 0 for the whole file, and where there are no lines."""
        return 0 if self.part else self.at

    def said(self, column: str = "") -> str:
        """Write the place as people look it up; ``column`` is that of the cell, or the member of the object.

        >>> Place("goi.zip!/06652.gml", "", 812).said()
        'goi.zip!/06652.gml:812'
        >>> Place("to12.xlsx", "KeKhaiDangKy", 17).said("AB")
        'to12.xlsx!KeKhaiDangKy!AB17'
        >>> Place("thua.gpkg", "thuadat", 381).said()
        'thua.gpkg!thuadat#381'
        >>> Place("ds.json", "$", 17).said("THUADAT_dienTich")
        'ds.json!$#17.THUADAT_dienTich'
        """
        if not self.part:
            return f"{self.file}:{self.at}" if self.at else self.file
        if not self.at:
            return f"{self.file}!{self.part}"
        if self.file.lower().endswith(WORKBOOKS):
            return f"{self.file}!{self.part}!{column}{self.at}"
        return f"{self.file}!{self.part}#{self.at}{column and f'.{column}'}"


def container_of(file: str) -> str:
    """Return the archive or folder that holds a file; the file itself if there is neither.

    >>> container_of("goi.zip!/06652.gml")
    'goi.zip'
    """
    archive, mark, _ = file.rpartition("!/")
    return archive if mark else file.rpartition("/")[0] or file


def place_sql() -> str:
    """Return :meth:`Place.said` as parameters and body of a SQL macro."""
    sheet = " OR ".join(f"lower(file) LIKE '%{end}'" for end in WORKBOOKS)
    mark = f"CASE WHEN part = '' THEN ':' WHEN {sheet} THEN '!' ELSE '#' END"
    return f"""(file, part, number) AS
file || if(part = '', '', '!' || part) || if(number = 0, '', {mark} || number)"""
