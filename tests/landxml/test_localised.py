from __future__ import annotations

import datetime as dt

import pytest

from landxml import localised
from landxml.text import Text

MORNING = dt.datetime(2025, 7, 1, 9, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("said", "vi", "en"),
    [
        (localised.number(1234567.5, 1), "1.234.567,5", "1,234,567.5"),
        (localised.share(1, 8_120), "< 0,1", "< 0.1"),
        (localised.share(8_119, 8_120), "99,9", "99.9"),
        (localised.share(1_234, 8_120), "15,2", "15.2"),
        (localised.size(999), "999 B", "999 B"),
        (localised.size(48_213_004), "48,2 MB", "48.2 MB"),
        (localised.size(5_000_000_000_000), "5.000,0 GB", "5,000.0 GB"),
        (localised.date(dt.date(2025, 7, 1)), "01/07/2025", "2025-07-01"),
        (
            localised.time(MORNING),
            "09:05 +0000, 01/07/2025",
            "2025-07-01 09:05 +0000",
        ),
    ],
)
def test_numbers_and_dates(said: Text, vi: str, en: str) -> None:
    assert (said.vi, said.en) == (vi, en)
