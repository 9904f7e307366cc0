"""The one exception of the object path: what is wrong, and where. The validator reports findings instead."""

from __future__ import annotations

import os

__all__ = ["LandXmlError", "unusable"]


class LandXmlError(Exception):
    """A file or record cannot be read or written.

    Parameters
    ----------
    message
        What is wrong, in English.
    vi
        The same in Vietnamese, where users see it.
    file
        Name of the file as the user knows it.
    line
        Line in that file, from 1.
    record
        Id of the record, where it stands in no file yet.
    field
        Element in the file, or attribute of the record.

    Examples
    --------
    >>> str(LandXmlError("not a date", file="a.xml", line=7, field="ngayCap"))
    'a.xml:7: ngayCap: not a date'
    """

    def __init__(
        self,
        message: str,
        *,
        vi: str = "",
        file: str | None = None,
        line: int | None = None,
        record: str | None = None,
        field: str | None = None,
    ) -> None:
        self.message = message
        self.vi = vi
        self.file = file
        self.line = line
        self.record = record
        self.field = field
        super().__init__(self.text("en"))

    def text(self, lang: str) -> str:
        """Say what is wrong, and where, in ``vi`` or ``en``; in English if there is nothing else.

        >>> LandXmlError("not a date", vi="không phải ngày", file="a.xml").text("vi")
        'a.xml: không phải ngày'
        """
        message = self.vi if lang == "vi" and self.vi else self.message
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return ": ".join(part for part in (place, self.record, self.field, message) if part)


def unusable(file: str | os.PathLike[str], vi: str, en: str, line: int | None = None) -> LandXmlError:
    """Return the error of a file that cannot be used, with the reason in both languages."""
    return LandXmlError(en, vi=vi, file=os.fspath(file), line=line)
