"""Places: how they are written, in Python and in SQL."""

from __future__ import annotations

import duckdb
import pytest

from landxml.place import Place, place_sql

PLACES = {
    "goi.zip!/06652.gml:812": Place("goi.zip!/06652.gml", "", 812),
    "goi.zip!/06652.gml": Place("goi.zip!/06652.gml"),
    "to12.xlsx!KeKhaiDangKy!17": Place("to12.xlsx", "KeKhaiDangKy", 17),
    "TO12.XLS!KeKhaiDangKy": Place("TO12.XLS", "KeKhaiDangKy"),
    "thua.gpkg!thuadat#381": Place("thua.gpkg", "thuadat", 381),
}


@pytest.mark.parametrize("text", PLACES)
def test_a_message_and_a_report_write_a_place_alike(text: str) -> None:
    con = duckdb.connect()
    con.execute(f"CREATE MACRO place{place_sql()}")
    place = PLACES[text]
    assert place.said() == text
    assert con.execute("SELECT place(?, ?, ?)", list(place)).fetchone() == (text,)


def test_a_cell_is_named_by_its_column_and_row() -> None:
    assert PLACES["to12.xlsx!KeKhaiDangKy!17"].said("AB") == "to12.xlsx!KeKhaiDangKy!AB17"


def test_only_xml_has_lines() -> None:
    assert [place.line for place in PLACES.values()] == [812, 0, 0, 0, 0]
