"""The one exception of the object path: what is wrong, and where. The validator reports findings instead."""

from __future__ import annotations

__all__ = ["LandXmlError"]


class LandXmlError(Exception):
    """A file or record cannot be read or written.

    Parameters
    ----------
    message
        What is wrong, in English.
    file
        Name of the file as the user knows it.
    line
        Line in that file, from 1.
    field
        Element in the file, or attribute of the record.

    Examples
    --------
    >>> str(LandXmlError("not a date", file="a.xml", line=7, field="ngayCap"))
    'a.xml:7: ngayCap: not a date'
    """

    def __init__(
        self, message: str, *, file: str | None = None, line: int | None = None, field: str | None = None
    ) -> None:
        self.message = message
        self.file = file
        self.line = line
        self.field = field
        place = ":".join(str(part) for part in (file, line) if part is not None)
        super().__init__(": ".join(part for part in (place, field, message) if part))
