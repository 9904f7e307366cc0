"""Mistakes that are certain, mended in place, and back."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landxml.layouts import builtin
from landxml_remap import reverse
from landxml_remap.fixes import CERTAIN, RULES, fix
from landxml_remap.fixes.values import composed, decoded, mended, mends, padded, succeeded, trimmed
from landxml_samples import write
from landxml_validator import validate
from tests.remap.test_remap import contents

FAULTS = {"TXT001": 3, "TXT002": 2, "TXT003": 4, "COD003": 2, "LND001": 2}


def counts(path: Path) -> dict[str, int]:
    return {result.rule.code: result.count for result in validate([path]).results if result.count}


@pytest.fixture(scope="module", params=["national", "vbdlis-xml"])
def goi(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fixes") / "goi.zip"
    write(path, layout=request.param, parcels=80, communes=2, faults=FAULTS, seed=7)
    return path


def test_a_check_of_what_was_mended_finds_all_but_that(goi: Path, tmp_path: Path) -> None:
    whole = goi.read_bytes()
    told = fix(goi, tmp_path / "sua.zip")
    assert {each.rule for each in told.fixes} == {"TXT001", "TXT003"}
    assert sum(each.count for each in told.fixes) == 7
    after = counts(tmp_path / "sua.zip")
    assert after == {code: count for code, count in FAULTS.items() if code not in CERTAIN}
    assert goi.read_bytes() == whole


def test_what_a_person_should_look_at_must_be_asked_for(goi: Path, tmp_path: Path) -> None:
    fix(goi, tmp_path / "sua.zip", rules=RULES)
    assert counts(tmp_path / "sua.zip").keys() == {"LND001"}


def test_the_table_leads_back_byte_for_byte(goi: Path, tmp_path: Path) -> None:
    told = fix(goi, tmp_path / "sua.zip", rules=RULES)
    assert told.table
    reverse(told.table, tmp_path / "sua.zip", tmp_path / "cu.zip")
    again = fix(tmp_path / "cu.zip", rules=RULES)
    assert again.fixes == told.fixes
    assert contents(tmp_path / "cu.zip") == contents(goi)


def test_only_the_values_change(tmp_path: Path) -> None:
    write(tmp_path / "goi", parcels=20, faults={"TXT001": 2}, seed=2)
    (path,) = (tmp_path / "goi").glob("*.gml")
    before = path.read_text("utf-8")
    fix(path, tmp_path / "sua.gml")
    after = (tmp_path / "sua.gml").read_text("utf-8")
    digest = re.compile(r"(?<=<ld:maBamNoiDung>)\w+")
    assert before != after
    assert digest.sub("", after) == unicodedata.normalize("NFC", digest.sub("", before))
    reverse(tmp_path / "sua.remap.csv", tmp_path / "sua.gml", tmp_path / "cu.gml")
    assert (tmp_path / "cu.gml").read_bytes() == path.read_bytes()


def test_without_an_output_nothing_is_written(goi: Path, tmp_path: Path) -> None:
    assert sum(each.count for each in fix(goi).fixes) == 7
    assert list(tmp_path.iterdir()) == []
    assert {each.name for each in goi.parent.iterdir()} <= {"goi.zip", "goi.faults.csv"}


def test_a_rule_without_a_mend_is_refused(goi: Path) -> None:
    with pytest.raises(ValueError, match="LND001"):
        fix(goi, rules=["LND001"])


@pytest.mark.parametrize(
    ("mend", "wrong", "right"),
    [
        (composed, "Đa\u0300 Na\u0306\u0303ng", "Đà Nẵng"),
        (trimmed, "\ufeff Tổ\xa05,\u200b ấp 3\t", "Tổ 5, ấp 3"),
        (decoded, "Nguyá»…n VÄƒn Máº«u", "Nguyễn Văn Mẫu"),
        (decoded, "François Müller", "François Müller"),
        (decoded, "Nguyễn Văn Mẫu", "Nguyễn Văn Mẫu"),
        (padded, "4", "00004"),
        (padded, "00004", "00004"),
        (padded, "xã 4", "xã 4"),
        (padded, "99", "99"),
        (succeeded("LoaiMucDichSuDung"), "ODT", "ODT"),
    ],
)
def test_values(mend, wrong: str, right: str) -> None:
    assert mend(wrong) == right


@given(text=st.text(st.characters(codec="utf-8", categories=["L", "M", "N", "P", "Z", "Cf"])))
def test_what_is_mended_needs_no_mending(text: str) -> None:
    possible = {"TXT001": composed, "TXT003": trimmed}
    once, _ = mended(text, possible)
    assert mended(once, possible) == (once, [])
    assert bool(once) == bool(text)


@given(text=st.text(st.sampled_from("aăâđêôơưàảãáạằẳẵắặ Nguyễn"), min_size=1))
def test_text_encoded_twice_is_had_back(text: str) -> None:
    assert decoded(text.encode().decode("latin-1")) == text


@pytest.mark.parametrize("layout", ["national", "vbdlis-xml"])
def test_every_mend_belongs_to_an_element(layout: str) -> None:
    elements = mends(builtin()[layout], frozenset(RULES)).values()
    assert {rule for each in elements for rules in each.values() for rule in rules} == set(RULES)
