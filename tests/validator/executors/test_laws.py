"""Laws: whoever does the tasks, in whatever order and however often, the findings are the same."""

from __future__ import annotations

import datetime as dt
import random
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from landxml.errors import LandXmlError
from landxml_samples import FAULTS, write
from landxml_validator import buckets, task, validate

LAYOUTS = ("national", "vbdlis-xml")
Row = dict[str, Any]


def found(folder: Path, *paths: str | Path, **options: Any) -> list[Row]:
    """All findings, with what the report counts held against them."""
    out = folder / "all.parquet"
    report = validate(paths, as_of=dt.date(2026, 3, 1), findings=out, force=True, **options)
    rows: list[Row] = pq.read_table(out).to_pylist()
    counts = {result.rule.code: result.count for result in report.results if result.count}
    assert Counter(row["rule"] for row in rows) == counts
    return rows


def signs(rows: list[Row]) -> list[tuple[str, str]]:
    return sorted((row["rule"], row["fingerprint"]) for row in rows)


@st.composite
def samples(draw: st.DrawFn) -> dict[str, Any]:
    """What a package is made of."""
    layout = draw(st.sampled_from(LAYOUTS))
    codes = sorted(code for code, fault in FAULTS.items() if layout in fault.layouts and not fault.alone)
    faults = draw(st.dictionaries(st.sampled_from(codes), st.integers(1, 2), max_size=8))
    seed = draw(st.integers(0, 1000))
    return {"layout": layout, "faults": faults, "seed": seed, "parcels": 200, "communes": 3}


@pytest.mark.slow
@settings(max_examples=4, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
@given(
    sample=samples(),
    workers=st.integers(2, 4),
    large=st.sampled_from([2_000, 50_000, 1_000_000]),
    number=st.sampled_from([1, 2, 7, 64]),
    seed=st.integers(),
)
def test_who_does_it_in_which_order_and_from_where_changes_nothing(
    sample: dict[str, Any], workers: int, large: int, number: int, seed: int
) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        try:
            write(folder / "goi", **sample)
        except LandXmlError:  # too few parcels that suit
            reject()
        expected = found(folder, folder / "goi", workers=1)
        patch.setattr(task, "LARGE", large)
        patch.setattr(buckets, "number", lambda _: number)
        assert found(folder, folder / "goi", workers=workers) == expected
        files = sorted(path for path in (folder / "goi").rglob("*") if path.is_file())
        random.Random(seed).shuffle(files)  # noqa: S311 - for a test
        for _ in range(2):  # the second time nothing is read
            assert found(folder, *files, workers=1, work=folder / "work") == expected
        archive = shutil.make_archive(str(folder / "goi"), "zip", folder, "goi")
        assert signs(found(folder, Path(archive), workers=workers)) == signs(expected)
