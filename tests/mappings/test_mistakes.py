from __future__ import annotations

import pytest

import landxml
from landxml import layouts
from landxml_mappings import convert, mapped, tables
from landxml_mappings.mistakes import refuse_mistakes
from landxml_mappings.spec import is_mapped, path

BUILTIN = sorted(name for name, layout in layouts.builtin().items() if is_mapped(layout))


def text(layout: str) -> str:
    return path(layouts.builtin()[layout]).read_text("utf-8")


@pytest.mark.parametrize("layout", BUILTIN)
def test_built_in_mappings_are_without_mistakes_and_name_their_layout(layout, tmp_path) -> None:
    refuse_mistakes(layouts.builtin()[layout])
    (tmp_path / "copy.toml").write_text(text(layout), "utf-8")
    assert mapped(tmp_path / "copy.toml").id == layout


def test_all_mistakes_are_told_at_once_with_their_lines(tmp_path) -> None:
    own = tmp_path / "own.toml"
    changes = {
        'maXa = "DVHC_maXa"': 'maXa = "DVHC_maXaa"',
        "[classes.CanHo]": "[classes.CanHoo]",
        'tenKhu = "TS_tenKhu"': 'tenKhuu = "TS_tenKhu"',
        'thuaDat = { to = "ThuaDat" }': 'thuaDat = { to = "CaNhan" }',
        'by = ", " }': "by = 7 }",
    }
    changed = text("mplis-collection")
    for before, after in changes.items():
        assert before in changed
        changed = changed.replace(before, after, 1)
    own.write_text(changed, "utf-8")
    with pytest.raises(landxml.LandXmlError) as raised:
        mapped(own)
    for lang, words in (("vi", "có phải ý bạn là DVHC_maXa?"), ("en", "did you mean DVHC_maXa?")):
        said = raised.value.text(lang)
        assert words in said
        for after in changes.values():
            line = next(n for n, each in enumerate(changed.splitlines(), 1) if after in each)
            assert f"\n  {own}:{line}: " in said, after


def test_mistakes_in_the_mapping_of_dossiers(tmp_path) -> None:
    own = tmp_path / "own.toml"
    changed = text("vbdlis-xml").replace('id = "thuaDatId"', 'id = "thuaDatID"', 1)
    own.write_text(changed.replace('source = "DC_DiaChi"', 'source = "DC_DiaChy"'), "utf-8")
    with pytest.raises(landxml.LandXmlError, match=r"thuaDatId\?(.|\n)*DC_DiaChi\?"):
        mapped(own)


@pytest.mark.parametrize(
    "wrong",
    [
        "a = ",
        "",
        'layout = "ilis"',
        'layout = "ilis-sheet"\nrow = "Hàng"',
        'layout = "ilis-sheet"\nrow = "Dong"\ndossier = []\nclasses = {}\ncombined = ["CaNhan"]',
        'layout = "ilis-sheet"\nrow = "Dong"\nclasses = 3\ndossier = 4\nabsent = 5\nlost = 6',
        'layout = "ilis-sheet"\nrow = "Dong"\n[classes.ThuaDat]\nfields = 2\nwhen = 7\nkey = "x"',
        'layout = "ilis-sheet"\nrow = "Dong"\n[classes.CanHo]\nreferences = { nhaChungCu = {}, a = 1 }',
        'layout = "vbdlis-xml"\n[classes.ThuaDat]\nreferences = { taiLieuDoDac = { kind = 1, to = [] } }',
    ],
)
def test_whatever_a_file_holds_is_told_and_never_a_traceback(tmp_path, wrong) -> None:
    (tmp_path / "own.toml").write_text(wrong, "utf-8")
    with pytest.raises(landxml.LandXmlError, match=r"own\.toml"):
        mapped(tmp_path / "own.toml")


def test_a_mapping_of_your_own_takes_the_place_of_the_built_in_one(tmp_path) -> None:
    from landxml_samples.package import write

    write(tmp_path / "ho-so.zip", layout="vbdlis-xml", parcels=3)
    own = tmp_path / "own.toml"
    before = "[classes.ThuaDat.absent]\n"
    changed = text("vbdlis-xml").replace(before, '[classes.ThuaDat.absent]\ndiaChi = "not wanted"\n', 1)
    own.write_text(changed, "utf-8")
    assert tables(tmp_path / "ho-so.zip")["ThuaDat"]["diaChi"].null_count == 0
    assert tables(tmp_path / "ho-so.zip", layouts=[mapped(own)])["ThuaDat"]["diaChi"].null_count == 3
    report = convert(tmp_path / "ho-so.zip", tmp_path / "lai.zip", to="vbdlis-xml", layouts=[mapped(own)])
    assert "ThuaDat.diaChi" not in {loss.element for loss in report.writing}
