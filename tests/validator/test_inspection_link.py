"""Inspect counts what is linked as a check does."""

from __future__ import annotations

from pathlib import Path

import pytest

from landxml_samples import write
from landxml_validator import inspect, validate
from tests.rules import only


@pytest.mark.parametrize("name", ["goi", "goi.zip"])
def test_the_counts_are_those_of_a_check(tmp_path: Path, name: str) -> None:
    wanted = {"LNK001": 2, "LNK002": 3, "LNK003": 1}
    write(tmp_path / name, layout="vbdlis", parcels=40, communes=2, faults=wanted)
    (found,) = inspect(tmp_path / name)
    assert found.link == validate([tmp_path / name], workers=1, configuration=only("LNK")).link
    assert found.link
    assert (found.link.total.linked, found.link.total.without_shape) == (35, 2)
    assert [each.commune for each in found.link.communes] == ["06652", "06658"]


def test_several_inputs_are_one_delivery(tmp_path: Path) -> None:
    write(tmp_path / "ho-so", layout="vbdlis-xml", parcels=6)
    write(tmp_path / "hinh", layout="vbdlis-gml", parcels=6)
    found = inspect([tmp_path / "ho-so", tmp_path / "hinh"])
    assert [each.link and each.link.total.linked for each in found] == [6, 6]
    assert [each.link for each in inspect(tmp_path / "ho-so")] == [None]
