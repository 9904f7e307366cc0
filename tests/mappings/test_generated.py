"""Laws of conversion on generated packages: whatever the national model can hold, likely or not."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landxml
from landxml import layouts, testing
from landxml.carriers import Batch
from landxml.dictionary import national
from landxml_mappings import counting, loss, targets
from landxml_mappings.gathering import Gathering
from landxml_mappings.row_spec import row_mapping
from landxml_mappings.row_values import BLANKS
from landxml_mappings.source import Source
from tests.mappings.test_laws import FILES, ROWS, WRITTEN, Values, gathered, records, values
from tests.marks import quick

EXAMPLES = 1
Package = tuple[landxml.model.SieuDuLieu, list[landxml.model.Record]]


@pytest.fixture(params=[EXAMPLES, pytest.param(60, marks=pytest.mark.slow)])
def often(request) -> settings:
    return settings(max_examples=request.param, deadline=None)


def batches(package: Package, layout: str) -> tuple[list[Batch], Values, dict[str, loss.Loss]]:
    """Return a package in a layout; the values that it has, and what is said to become of them."""
    metadata, members = package
    with TemporaryDirectory() as folder, duckdb.connect() as con:
        landxml.write(Path(folder, "goi.gml"), members, metadata)
        Source(con).read(Path(folder, "goi.gml"))
        before = held(con)
        made = list(targets.batches(con, layouts.builtin()[layout]))
        again = Gathering(con, counting.AGAIN)
        for batch in made:
            again.take(batch)
        losses = {each.element: each for each in counting.written_losses(con, layouts.builtin()[layout])}
    return made, before, losses


def held(con: duckdb.DuckDBPyConnection) -> Values:
    return values({name: con.sql(f'FROM main."{name}"').to_arrow_table() for name in national().classes})


@pytest.mark.parametrize("layout", quick(FILES, WRITTEN))
def test_the_report_says_what_comes_back(layout, often) -> None:
    @often
    @given(package=testing.packages())
    def law(package: Package) -> None:
        made, before, losses = batches(package, layout)
        losses.pop("ThuaDat.ranhGioi", None)
        assert {name: each.read for name, each in losses.items()} == {
            name: counts.total() for name, counts in before.items()
        }
        with gathered(made) as con:
            after = held(con)
        for name, each in losses.items():
            assert each.read == each.carried + sum(each.dropped.values())
            assert each.carried == (before[name] & after.get(name, Counter())).total()

    law()


@pytest.mark.parametrize("layout", quick({"vbdlis-sheet-161"}, ROWS))
def test_rows_say_the_same_in_any_order_and_in_several_files_and_each_cell_is_accounted_for(
    layout, often
) -> None:
    @often
    @given(package=testing.packages(), seed=st.randoms(use_true_random=False))
    def law(package: Package, seed: random.Random) -> None:
        for batch in batches(package, layout)[0]:
            ((name, table),) = batch.tables.items()
            accounted(batch)
            whole = records([batch])
            order = pa.array(seed.sample(range(len(table)), len(table)), pa.int64())
            assert records([batch._replace(tables={name: table.take(order)})]) == whole
            known_by = row_mapping(batch.layout).dossier
            keys = [next(filter(None, (row[each] for each in known_by)), None) for row in table.to_pylist()]
            cuts = [at for at in range(1, len(keys)) if not set(keys[:at]) & set(keys[at:])]
            for cut in cuts[:1]:
                halves = [batch._replace(tables={name: part}) for part in (table[:cut], table[cut:])]
                assert counts(records(halves)) == counts(whole)

    law()


def counts(found: dict[str, list[dict[str, Any]]]) -> dict[str, int]:
    return {name: len(each) for name, each in found.items()}


def accounted(batch: Batch) -> None:
    """Check that what became of the cells of each column sums up to those that hold something."""
    found: list[loss.Loss] = []
    (table,) = batch.tables.values()
    with duckdb.connect() as con:
        Gathering(con, look=lambda *given: found.extend(counting.read_losses(*given))).take(batch)
    for each in found:
        if each.element != "ranhGioi":
            cells = pc.utf8_trim(table[each.element], BLANKS)
            assert each.read == pc.sum(pc.not_equal(cells, "")).as_py()
        assert each.read == each.carried + sum(each.changed.values()) + sum(each.dropped.values())
