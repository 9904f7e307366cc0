"""How long it takes to follow the commune codes of many records: a join with the crosswalk."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

import landxml_units as units

RECORDS, RUNS = 2_000_000, 5
FIRST, LAST = dt.date(2019, 1, 1), dt.date(2026, 11, 1)
LIMIT = 1.0


def figures() -> Iterator[tuple[str, float, float]]:
    """Yield what is measured, seconds per million codes, and the limit; each time with a new crosswalk."""
    known = units.communes(FIRST)["code"]
    chosen = np.random.default_rng(1).integers(0, len(known), RECORDS)
    records = pa.table({"maXa": known.take(pa.array(chosen))})
    best = min(_follow(records) for _ in range(RUNS))
    yield "units: seconds to follow 1 million codes from 2019", best / (RECORDS / 1e6), LIMIT


def _follow(records: pa.Table) -> float:
    units.crosswalk.cache_clear()
    started = time.perf_counter()
    followed = records.join(units.crosswalk(FIRST, LAST), "maXa", "old")
    if followed.num_rows < RECORDS:
        raise RuntimeError("records were lost")
    return time.perf_counter() - started
