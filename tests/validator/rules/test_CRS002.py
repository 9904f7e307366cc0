"""What is told of a file whose parcels lie outside their communes: one cause, and the systems that fit."""

from __future__ import annotations

import numpy as np
import pytest

from landxml import crs
from landxml_validator.rules.crs.CRS002 import CAUSES, _diagnose

HA_NOI, QUANG_NINH = (105.85, 21.03), (107.15, 20.96)
HALF = 0.03
"""Half of the extent of a commune, degrees."""


def told(place: tuple[float, float], written: int, true: int, *, swapped: bool = False) -> tuple[str, str]:
    """Diagnose a file of some parcels around a place, made in one system and declared in another."""
    rng = np.random.default_rng(1)
    lon, lat = (at + rng.uniform(-HALF / 2, HALF / 2, 20) for at in place)
    x, y = crs.from_wgs84(lon, lat, true)
    box = {"min_lon": place[0] - HALF, "min_lat": place[1] - HALF}
    box |= {"max_lon": place[0] + HALF, "max_lat": place[1] + HALF}
    sample = {name: np.full(20, value) for name, value in box.items()}
    return _diagnose(sample | {"x": y if swapped else x, "y": x if swapped else y}, written)


@pytest.mark.parametrize(
    ("place", "written", "true", "swapped", "answer"),
    [
        (QUANG_NINH, 5899, 5899, True, ("swapped", "EPSG:5899")),
        (QUANG_NINH, 9215, 5899, False, ("zone", "EPSG:5899")),
        (QUANG_NINH, 3405, 5899, False, ("zone", "EPSG:5899")),
        (QUANG_NINH, 9215, 5899, True, ("swapped and zone", "EPSG:5899")),
        (QUANG_NINH, 5899, 4756, False, ("degrees", "EPSG:4756")),
        (QUANG_NINH, 5899, 4756, True, ("degrees", "EPSG:4756")),
        (QUANG_NINH, 4756, 5899, False, ("metres", "EPSG:5899")),
        (QUANG_NINH, 4756, 5899, True, ("metres", "EPSG:5899")),
        (QUANG_NINH, 4756, 4756, True, ("swapped", "EPSG:4756")),
        (HA_NOI, 9210, 5897, False, ("zone", "EPSG:5897, EPSG:3405")),
    ],
)
def test_the_cause_is_told(place, written, true, swapped, answer):
    assert told(place, written, true, swapped=swapped) == answer


def test_what_fits_nowhere_has_no_known_cause():
    assert told((2.35, 48.86), 5899, 32631) == ("unknown", "")


def test_causes_are_told_in_both_languages():
    assert all(said["vi"] != said["en"] for said in CAUSES.values())
