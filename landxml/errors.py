"""The one exception of the object path: what is wrong, and where. The validator reports findings instead."""

from __future__ import annotations

import os

from landxml.text import Text

__all__ = ["LandXmlError"]


class LandXmlError(Exception):
    """A file or record cannot be read or written.

    Parameters
    ----------
    what
        What is wrong; a text alone stands for both languages.
    file
        Name of the file as the user knows it, or its path.
    line
        Line in that file, from 1.
    record
        Id of the record, where it stands in no file yet.
    field
        Element in the file, or attribute of the record.

    Examples
    --------
    >>> error = LandXmlError(Text("không phải ngày", "not a date"), file="a.xml", line=7, field="ngayCap")
    >>> str(error), error.text("vi")
    ('a.xml:7: ngayCap: not a date', 'a.xml:7: ngayCap: không phải ngày')
    """

    def __init__(
        self,
        what: Text | str,
        *,
        file: str | os.PathLike[str] | None = None,
        line: int | None = None,
        record: str | None = None,
        field: str | None = None,
    ) -> None:
        self.what = Text(what, what) if isinstance(what, str) else what
        self.file = None if file is None else os.fspath(file)
        self.line = line or None
        self.record = record
        self.field = field
        super().__init__(self.text("en"))

    def text(self, lang: str) -> str:
        """Say what is wrong, and where, in ``vi`` or ``en``."""
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return ": ".join(part for part in (place, self.record, self.field, self.what.get(lang)) if part)
