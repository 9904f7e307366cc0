"""Tables for neighbours: what their columns say, as their JSON Schema says it, masked unless asked."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from landxml.errors import LandXmlError
from landxml_campaign.extraction import extract, load, schema
from landxml_campaign.extracts import paths
from landxml_mappings import convert
from landxml_samples import write
from tests.json_schema import mismatches


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("goi") / "goi.zip"
    write(out, parcels=6)
    return out


@pytest.mark.parametrize("name", paths())
def test_rows_are_as_the_schema_says(package: Path, tmp_path: Path, name: str) -> None:
    count = extract(name, package, tmp_path / "bang.json")
    rows = json.loads((tmp_path / "bang.json").read_text("utf-8"))
    assert len(rows) == count > 0
    assert [*rows[0]] == [*load(name).columns]
    assert mismatches(rows, schema(name), {}) == []
    personal = [each for each, column in load(name).columns.items() if column.personal]
    assert all(row[each] is None or row[each].startswith("‹") for row in rows for each in personal)


def test_names_are_shown_if_asked_and_to_the_owner_only(package: Path, tmp_path: Path) -> None:
    extract("tax", package, tmp_path / "thue.json", personal_data=True)
    rows = json.loads((tmp_path / "thue.json").read_text("utf-8"))
    assert {len(row["user_number"]) for row in rows if row["user_number"]} == {12}
    assert (tmp_path / "thue.json").stat().st_mode & 0o077 == 0


@pytest.fixture(scope="module")
def layer(package: Path) -> Path:
    """The parcels alone, without certificates."""
    convert(package, package.with_name("thua.gpkg"), to="parcel-layer")
    return package.with_name("thua.gpkg")


@pytest.mark.parametrize("end", [".parquet", ".csv", ".json", ".xlsx"])
def test_a_table_without_rows_has_its_columns(layer: Path, tmp_path: Path, end: str) -> None:
    assert extract("notary", layer, tmp_path / f"trong{end}") == 0
    if end == ".parquet":
        assert pq.read_schema(tmp_path / "trong.parquet").names == [*load("notary").columns]
    if end == ".csv":
        assert (tmp_path / "trong.csv").read_text("utf-8-sig").split() == [",".join(load("notary").columns)]
    if end == ".json":
        assert json.loads((tmp_path / "trong.json").read_text("utf-8")) == []


def test_a_table_that_is_not_there_is_told(package: Path, tmp_path: Path) -> None:
    with pytest.raises(LandXmlError, match="did you mean tax"):
        extract("taxx", package, tmp_path / "a.csv")
    assert not list(tmp_path.iterdir())
