"""Parcels in groups: the reasons, the labels that data carries, and that groups partition the parcels."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landxml import tabular
from landxml.errors import LandXmlError
from landxml_campaign.classification import Classification, classify, columns
from landxml_campaign.scheme import builtin
from landxml_samples import write
from landxml_validator.configuration_file import read

FAULTS = {"LND002": 2, "GEO002": 1, "PTY001": 2, "UNQ002": 1, "REF001": 1}
REASONS = {"LND002": "attributes", "GEO002": "boundary", "PTY001": "persons", "REF001": "held"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nhom")


@pytest.fixture(scope="module")
def package(folder: Path) -> Path:
    """Two communes; parcel 1/1 of the first says of itself that it is of group 1."""
    write(folder / "goi", parcels=40, communes=2, faults=FAULTS)
    file = folder / "goi/06652.gml"
    before = "<ld:taiLieuDoDac"
    text = file.read_text("utf-8").replace(before, f"<ld:phanLoaiDuLieu>1</ld:phanLoaiDuLieu>{before}", 1)
    file.write_text(text, "utf-8")
    return folder / "goi"


@pytest.fixture(scope="module")
def sorted_(package: Path, folder: Path) -> tuple[Classification, list[dict[str, Any]]]:
    found = classify(package, folder / "nhom.parquet", work=folder / "work", workers=1)
    return found, pq.read_table(folder / "nhom.parquet").to_pylist()


def partition(found: Classification) -> bool:
    """Tell whether each parcel is counted in one group and one commune."""
    by_commune = [sum(each.groups[id_] for each in found.communes) for id_ in found.groups]
    return (
        by_commune == [*found.groups.values()]
        and sum(found.groups.values()) == found.parcels == sum(each.parcels for each in found.communes)
        and all(sum(each.groups.values()) == each.parcels for each in found.communes)
        and all(sum(counts.values()) == found.parcels for counts in found.blocks.values())
    )


def test_groups_partition_the_parcels(sorted_: tuple[Classification, list[dict[str, Any]]]) -> None:
    found, rows = sorted_
    assert partition(found)
    assert found.parcels == len(rows) == len({row["parcel"] for row in rows}) == 40
    assert [*rows[0]] == [*columns()]
    assert [each.name for each in found.communes] == ["Phường Hà Tu", "Phường Cao Xanh"]
    assert found.elsewhere == {}


def test_each_fault_is_the_reason_of_its_parcel(
    sorted_: tuple[Classification, list[dict[str, Any]]],
) -> None:
    found, rows = sorted_
    assert {code: found.rules[code] for code in REASONS} == {code: FAULTS[code] for code in REASONS}
    for row in rows:
        expected = {REASONS[code] for code in row["rules"] if code in REASONS}
        assert expected <= set(row["missing"])
        assert (row["group"] == "3") == bool({"REF001", "UNQ002"} & set(row["rules"]))
    assert all("code" in row["missing"] for row in rows if row["group"] == "2")
    assert {state for row in rows if "GEO002" in row["rules"] for state in [row["spatial"]]} == {"faulty"}


def test_a_label_that_says_another_group_is_told(
    sorted_: tuple[Classification, list[dict[str, Any]]],
) -> None:
    found, rows = sorted_
    assert found.labelled == 1
    (row,) = [row for row in rows if row["label"]]
    assert [(each.label, each.said, each.group, each.parcels) for each in found.differences] == [
        ("phanLoaiDuLieu", "1", row["group"], 1)
    ]
    assert (row["label"], row["said"], row["differs"]) == ("phanLoaiDuLieu=1", ["1"], True)


def test_what_leads_to_no_parcel_counts_with_the_severity_and_parameters_of_its_commune(
    package: Path, tmp_path: Path
) -> None:
    file = shutil.copytree(package, tmp_path / "goi") / "06652.gml"
    whole = file.read_text("utf-8")
    member = r"<ld:CaNhan gml:id.*?</ld:CaNhan>\n</ld:thanhVien>\n<ld:thanhVien>\n"
    person = re.findall(member, whole, re.DOTALL)[0]
    stray = re.sub(r'gml:id="(\w+)[^"]*"', r'gml:id="\1.le"', person)
    stray = re.sub("<ld:diaChiChuan.*/>|<ld:ngaySinh>.*", "", stray)
    stray = re.sub(r"<ld:namSinh>\d*", "<ld:namSinh>1800", stray)
    file.write_text(whole.replace(person, person + stray, 1), "utf-8")

    def elsewhere(said: str) -> dict[str, int]:
        (tmp_path / "x.toml").write_text(f'[communes."06652"]\n{said}')
        found = classify(
            tmp_path / "goi", tmp_path / "nhom.csv", configuration=read(tmp_path / "x.toml"),
            work=tmp_path / "work", workers=1, force=True,
        )  # fmt: skip
        return found.elsewhere

    number = {"PTY005": 1, "UNQ010": 1}  # that of another person: warnings, which their criterion counts
    assert elsewhere("") == {"PTY003": 1} | number
    assert elsewhere("parameters.PTY003.earliest = 1840") == {"PTY003": 1} | number
    assert elsewhere('severity.PTY003 = "warning"') == number


def test_what_the_system_says_makes_the_unknown_known(package: Path, folder: Path) -> None:
    table = folder / "trang-thai.csv"
    table.write_text(
        "ma_xa,so_to,so_thua,duLieuDangVanHanh247,trangThaiXacThucChu,thongTinDangKyDapUngNhom1\n"
        "6652,1,2,0,1,0\n06652,1,3,1,2,1\n",
        "utf-8",
    )
    found = classify(package, folder / "hai.csv", stated=table, work=folder / "work", workers=1, force=True)
    with (folder / "hai.csv").open(encoding="utf-8-sig", newline="") as lines:
        first, second = [row for row in csv.DictReader(lines) if row["parcel"] in {"06652/1/2", "06652/1/3"}]
    assert "operated" in first["missing"]
    assert first["unknown"] == ""
    assert second["unknown"] == "verified"
    assert second["said"] == "1"
    assert found.unknown == {"operated": 38, "verified": 39}
    assert found.labelled == 3


def test_classes_of_the_circular_and_a_workbook(package: Path, folder: Path) -> None:
    found = classify(
        package, folder / "loai.xlsx", by="circular-25-2024", work=folder / "work", workers=1, lang="en"
    )
    assert partition(found)
    assert {id_ for id_, count in found.groups.items() if count} == {"A", "E"}
    rows, legend = ([cells for _, cells in sheet] for sheet in tabular.sheets(folder / "loai.xlsx"))
    assert [*rows[0][:2]] == ["Parcel (commune/sheet/number)", "Commune"]
    assert [*rows[1][:5]] == ["06652/1/1", "06652", "1", "1", "A"]
    assert len(rows) == 41
    told = {cells[0] for cells in legend}
    assert {word for row in rows[1:] for cell in row[4:12] if cell for word in cell.split(", ")} - told == {
        code for row in rows[1:] for code in row[7].split(", ") if code
    }


@pytest.mark.parametrize("name", builtin())
def test_builtin_schemes_name_what_exists(name: str) -> None:
    from landxml_campaign.scheme import load
    from landxml_validator.rule import builtin as rules

    assert load(name, rules()).id == name


def test_all_mistakes_of_a_scheme_are_told(folder: Path) -> None:
    from landxml_campaign.scheme import load
    from landxml_validator.rule import builtin as rules

    path = folder / "rieng.toml"
    said = 'vi = "a"\nen = "a"\nevidence = "[I]"\n'
    path.write_text(
        f'id = "x"\n{said}[criteria.c]\n{said}block = "scan"\nfacts = ["shap"]\nrules = ["GEO999"]\n'
        f'[groups.1]\n{said}needs = ["d"]\n',
        "utf-8",
    )
    with pytest.raises(LandXmlError) as error:
        load(path, rules())
    told = error.value.text("en")
    for part in ("did you mean shape", "“GEO999”", "“d”", "the last group must take all other parcels"):
        assert part in told


def test_wrong_states_are_told_with_their_line(package: Path, folder: Path) -> None:
    table = folder / "sai.csv"
    table.write_text("ma_xa,so_to,so_thua,duLieuDangVanHanh247\n06652,1,1,1\n06652,1,2,maybe\n", "utf-8")
    with pytest.raises(LandXmlError, match="duLieuDangVanHanh247 is 1 or 0") as error:
        classify(package, stated=table, work=folder / "work")
    assert "sai.csv:3" in error.value.text("en")


def test_what_is_no_commune_is_masked(folder: Path) -> None:
    text = (Path(__file__).parents[1] / "corpus/base/national.xml").read_text("utf-8")
    (folder / "a.xml").write_text(text.replace("<ld:maXa>06652<", "<ld:maXa>Lê Thị Mẫu<"), "utf-8")
    found = classify(folder / "a.xml", folder / "a.json", workers=1)
    (row,) = json.loads((folder / "a.json").read_text("utf-8"))
    assert (row["commune"], row["group"]) == ("", "3")
    assert row["parcel"].startswith("?/")
    assert found.communes[0].commune == ""


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    layout=st.sampled_from(
        ["national", "vbdlis-xml", "vbdlis", "mplis-collection", "collection-xml", "parcel-layer"]
    ),
    scheme=st.sampled_from(sorted(builtin())),
    parcels=st.integers(4, 30),
    seed=st.integers(0, 99),
)
def test_groups_partition_the_parcels_of_any_layout(
    tmp_path_factory: pytest.TempPathFactory, layout: str, scheme: str, parcels: int, seed: int
) -> None:
    out = tmp_path_factory.mktemp("goi") / "goi.zip"
    write(out, layout=layout, parcels=parcels, communes=2, seed=seed)
    found = classify(out, by=scheme, workers=1)
    assert partition(found)
    assert found.parcels == parcels
