"""Numbers, sizes and dates as Vietnamese and English write them, and the date where the user is."""

from __future__ import annotations

import datetime as dt

from landxml.text import Text

__all__ = ["date", "number", "share", "size", "time", "today"]

_SWAPPED = str.maketrans(",.", ".,")


def number(value: float, digits: int = 0) -> Text:
    """Write a number: 1.234,5 in Vietnamese, 1,234.5 in English."""
    text = f"{value:,.{digits}f}"
    return Text(vi=text.translate(_SWAPPED), en=text)


def share(part: int, whole: int) -> Text:
    """Write what part of a whole is in percent, to one decimal; never 0 for something, nor 100 for less."""
    percent = 100 * part / whole
    if 0 < percent < 0.05:
        return Text(vi="< 0,1", en="< 0.1")
    return number(min(percent, 99.9) if part < whole else percent, 1)


def size(count: int) -> Text:
    """Write a number of bytes in the largest decimal unit that leaves at least one."""
    value, unit = float(count), "B"
    for larger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    text = number(value, 0 if unit == "B" else 1)
    return Text(vi=f"{text.vi} {unit}", en=f"{text.en} {unit}")


def date(day: dt.date) -> Text:
    """Write a date: 01/07/2025 in Vietnamese, 2025-07-01 in English."""
    return Text(vi=f"{day:%d/%m/%Y}", en=f"{day:%Y-%m-%d}")


def time(moment: dt.datetime) -> Text:
    """Write a date and time to the minute, with its offset from UTC if it has one."""
    offset = f" {moment:%z}"[:7].rstrip()
    clock, day = f"{moment:%H:%M}{offset}", date(moment)
    return Text(vi=f"{clock}, {day.vi}", en=f"{day.en} {clock}")


def today() -> dt.date:
    """Return the date where the user is."""
    return dt.datetime.now(dt.UTC).astimezone().date()
