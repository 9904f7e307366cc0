"""What findings show of the data: the same of many rows at once as of one, and nothing personal."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landxml.faults import Fault
from landxml_validator import privacy
from landxml_validator.rule import Rule, builtin

RULE = msgspec.structs.replace(builtin()["LND001"], own=["detail"], personal=["born"])
PLACES = st.sampled_from(
    [
        ("CaNhan", "hoTen"),
        ("ThuaDat", "maXa"),
        ("MucDichSuDung", "maMucDichSuDung"),
        ("GiayChungNhan", "ngayCap"),
        ("ThuaDat", "ThuaDat/LeVanMau"),
        ("", ""),
        ("ThuaDat", "ThuaDat[2]/dienTich"),
    ]
)
TEXTS = st.sampled_from(
    [
        "Lê Văn Mẫu",
        "079085001234",
        "06652",
        "ODT",
        "ONT+CLN",
        "31/12/1987",
        "06652/12/345",
        "maXa",
        "–",
        "",
        "a" * 300,
    ]
) | st.text(max_size=12)
NUMBERS = st.integers(-(10**12), 10**12)
AREAS = st.decimals(0, 10**10, places=4)
ROWS = st.lists(
    st.tuples(
        PLACES,
        st.fixed_dictionaries(
            {
                "value": TEXTS,
                "detail": TEXTS,
                "born": TEXTS,
                "other": TEXTS,
                "names": st.lists(TEXTS, max_size=2),
                "number": NUMBERS | st.none(),
                "area": AREAS,
            }
        ),
    ),
    min_size=1,
    max_size=6,
)
KINDS = {"number": pa.int64(), "area": pa.decimal128(18, 4), "names": pa.list_(pa.string())}


def together(
    rule: Rule, rows: list[tuple[tuple[str, str], dict[str, Any]]], *, shown: bool = False
) -> list[Any]:
    columns = {
        name: pa.array([values[name] for _, values in rows], KINDS.get(name, pa.string()))
        for name in rows[0][1]
    }
    places = {"_cls": [cls for (cls, _), _ in rows], "_path": [path for (_, path), _ in rows]}
    found = privacy.texts(rule, pa.table(places | columns), shown=shown)
    return [json.loads(text) for text in found.to_pylist()]


@given(ROWS)
def test_rows_together_are_masked_as_each_alone(rows: list[tuple[tuple[str, str], dict[str, Any]]]) -> None:
    for ((cls, path), values), found in zip(rows, together(RULE, rows), strict=True):
        fault = Fault("LND001", "a.xml", 1, cls, "", path, {})
        bare = {name: privacy.cut(privacy.bare(value)) for name, value in values.items()}
        assert found == privacy.params(RULE, bare, fault)


@given(ROWS)
def test_what_may_be_shown_is_shown_whole(rows: list[tuple[tuple[str, str], dict[str, Any]]]) -> None:
    for (_, values), found in zip(rows, together(RULE, rows, shown=True), strict=True):
        assert found == {name: privacy.cut(privacy.bare(value)) for name, value in values.items()}


@pytest.mark.parametrize(
    ("cls", "path", "value", "told"),
    [
        ("CaNhan", "hoTen", "06652", "‹99999›"),  # a personal field, whatever stands in it
        ("ThuaDat", "maXa", "Lê Văn Mẫu", "‹Xx Xxx Xxx›"),  # a name in a field of codes
        ("GiayChungNhan", "ngayCap", "31/02/2020", "31/02/2020"),  # a date where one belongs
        ("ThuaDat", "maXa", "31/12/1987", "‹99/99/9999›"),  # and where none does
    ],
)
def test_a_value_is_quoted_if_it_has_the_form_of_its_field(
    cls: str, path: str, value: str, told: str
) -> None:
    assert privacy.params(RULE, {"value": value}, Fault("LND001", "a.xml", 1, cls, "", path, {})) == {
        "value": told
    }
