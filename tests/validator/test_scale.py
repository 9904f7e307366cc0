"""The planner: arithmetic over what was measured."""

from __future__ import annotations

import pytest

from landxml_validator.scale import plan, rates


def test_a_plan_grows_with_the_parcels_and_shrinks_with_the_workers() -> None:
    country, half = plan(106_000_000, workers=16), plan(53_000_000, provinces=17, workers=16)
    assert country.bytes == 2 * half.bytes
    assert country.tasks == pytest.approx(2 * half.tasks, rel=0.01)
    assert country.communes > 3_000
    assert country.buckets > half.buckets > 1
    assert plan(106_000_000, workers=32).hours["tasks"] == pytest.approx(country.hours["tasks"] / 2, rel=0.01)
    assert plan(106_000_000, workers=32).hours["whole"] == country.hours["whole"]
    assert plan(1000).buckets == 1


def test_rates_say_where_they_are_from() -> None:
    known = rates()
    assert "cores" in known.machine
    assert known.measured > "2026"
    assert 1_000 < known.bytes_per_parcel < 10_000
    assert 0 < known.whole_seconds < known.task_seconds
    assert known.tasks == 2_500
