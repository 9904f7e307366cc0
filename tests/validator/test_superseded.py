"""Records no longer in force are held to the schema and to unique ids, and no other rule looks at them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from landxml_validator import validate

BASE = (Path(__file__).parents[1] / "corpus/base/national.xml").read_text("utf-8")
PARCEL = BASE[BASE.index("<ld:ThuaDat ") : BASE.index("</ld:ThuaDat>") + len("</ld:ThuaDat>")]
NESTED = ("ThuaDat.1", "MucDichSuDung.1", "NguonGocDat.1", "RanhGioi.1")


def earlier(*changes: tuple[str, str], in_force: str = "false") -> str:
    """The parcel once more, with ids of its own and what it says of being in force."""
    text = PARCEL
    for identifier in NESTED:
        text = text.replace(f'gml:id="{identifier}"', f'gml:id="{identifier}0"')
    for old, new in ((" <ld:maXa>", f" <ld:hieuLuc>{in_force}</ld:hieuLuc>\n <ld:maXa>"), *changes):
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.fixture
def broken(tmp_path: Path) -> Callable[..., set[str]]:
    def rules(member: str, *changes: tuple[str, str]) -> set[str]:
        """Rules that fail where a member is added to the base file."""
        text = BASE
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        added = f"<ld:thanhVien>\n{member}\n</ld:thanhVien>\n</ld:DuLieuDatDai>"
        (tmp_path / "goi.xml").write_text(text.replace("</ld:DuLieuDatDai>", added), "utf-8")
        report = validate([tmp_path / "goi.xml"], as_of=dt.date(2026, 1, 1), workers=1)
        return {result.rule.code for result in report.results if result.count}

    return rules


WRONG = (">06652<", ">99999<"), (">ODT<", ">XYZ<"), ("<ld:dienTich>120.0", "<ld:dienTich>9")


def test_no_rule_about_content_looks_at_it_or_what_is_nested_in_it(broken: Callable[..., set[str]]) -> None:
    assert broken(earlier(*WRONG)) == set()
    assert broken(earlier(*WRONG, in_force="true")) >= {"COD001", "ADM001", "LND001"}


def test_it_may_repeat_the_number_of_what_replaced_it(broken: Callable[..., set[str]]) -> None:
    assert broken(earlier()) == set()
    assert "UNQ002" in broken(earlier(in_force="true"))


def test_the_schema_holds_for_it(broken: Callable[..., set[str]]) -> None:
    assert any(code.startswith("XSD") for code in broken(earlier(("<ld:dienTich>120.0", "<ld:dienTich>x"))))


def test_its_id_must_be_its_own(broken: Callable[..., set[str]]) -> None:
    assert broken(earlier(('gml:id="ThuaDat.10"', 'gml:id="ThuaDat.1"'))) == {"UNQ001"}


def test_it_may_be_referred_to(broken: Callable[..., set[str]]) -> None:
    reference = 'xlink:href="#ThuaDat.1"', 'xlink:href="#ThuaDat.10"'
    assert broken(earlier(), reference) == set()
    assert broken(earlier(), (reference[0], 'xlink:href="#ThuaDat.11"')) == {"REF001"}
