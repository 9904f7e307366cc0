"""Stage ``commune``: parcels that different files hold are neighbours too."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

import landxml
from landxml.carriers import gml
from landxml.model import SieuDuLieu, ThuaDat
from landxml_samples import package
from landxml_validator import delivery as delivery_stage
from landxml_validator import validate
from landxml_validator.communes import tasks
from tests.rules import only

CORPUS = Path(__file__).parents[1] / "corpus"
TEXT = (CORPUS / "GEO007/fail-overlap.xml").read_text("utf-8")
CODE = " <ld:maXa>06652</ld:maXa>\n <ld:soHieuToBanDo>"


def overlaps(*paths: Path, **options: Any) -> list[tuple[str, int, str]]:
    """File, line and neighbour of each overlap."""
    report = validate(list(paths), configuration=only("GEO007"), **options)
    (result,) = [r for r in report.results if r.state in {"passed", "failed"}]
    return [(Path(f.file).name, f.line, f.params["neighbour"]) for f in result.samples]


def split(folder: Path, *changes: tuple[str, str]) -> Path:
    """The two parcels that overlap, each in a file of its own; changes are made to the second."""
    folder.mkdir()
    start = TEXT.rindex("<ld:thanhVien>")
    end = TEXT.rindex("</ld:thanhVien>\n") + len("</ld:thanhVien>\n")
    head = TEXT[: TEXT.index("</ld:sieuDuLieu>\n") + len("</ld:sieuDuLieu>\n")]
    (folder / "a.xml").write_text(TEXT[:start] + TEXT[end:], "utf-8")
    second = head + TEXT[start:]
    for old, new in changes:
        assert old in second
        second = second.replace(old, new)
    (folder / "b.xml").write_text(second, "utf-8")
    return folder


def test_a_parcel_of_another_file_is_a_neighbour(tmp_path):
    ((file, line, neighbour),) = overlaps(split(tmp_path / "goi"))
    assert (file, neighbour) == ("b.xml", "06652/12/345")
    assert "<ld:ThuaDat" in (tmp_path / "goi" / file).read_text("utf-8").splitlines()[line - 1]


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        (CODE, CODE.replace("06652", "06658"), 0),  # of another commune
        ("EPSG::5899", "EPSG::9215", 0),  # somewhere else
        (">346<", ">345<", 0),  # the same parcel once more, as UNQ002 says
        (CODE, CODE.replace("<ld:maXa>06652</ld:maXa>\n ", ""), 0),  # nothing tells where it is
    ],
)
def test_only_parcels_of_one_place_overlap(tmp_path, old, new, count):
    assert len(overlaps(split(tmp_path / "goi", (old, new)))) == count


def test_a_parcel_that_states_no_commune_lies_where_its_file_does(tmp_path):
    start = TEXT.rindex(CODE)
    file = tmp_path / "goi.xml"
    stated = TEXT[:start] + TEXT[start:].replace("<ld:maXa>06652</ld:maXa>\n ", "", 1)
    file.write_text(stated, "utf-8")
    assert [neighbour for *_, neighbour in overlaps(file)] == ["06652/12/345"]
    file.write_text(stated.replace(CODE, CODE.replace("06652", "6652")), "utf-8")  # a code that is none
    assert [neighbour for *_, neighbour in overlaps(file)] == ["6652/12/345"]


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A commune in three files, with overlaps in and between them, and another one in one file."""
    folder = tmp_path_factory.mktemp("communes")
    package.write(folder / "goi", parcels=90, communes=2, faults={"GEO007": 2}, seed=5)
    first = min((folder / "goi").glob("*.gml"))
    metadata, *objects = (item.object for item in landxml.read(first))
    assert isinstance(metadata, SieuDuLieu)
    parcels = [one for one in objects if isinstance(one, ThuaDat)]
    others = [one for one in objects if not isinstance(one, ThuaDat)]
    for index in range(0, len(parcels), 10):  # a little to the east
        shape = parcels[index].ranh_gioi
        moved = shapely.set_srid(
            shapely.transform(shape, lambda xy: xy + np.array((7, 0))), shapely.get_srid(shape)
        )
        parcels[index] = parcels[index].with_(ranh_gioi=moved)
    first.unlink()
    for number in range(3):
        landxml.write(folder / "goi" / f"{number}.gml", [*others, *parcels[number::3]], metadata)  # type: ignore[list-item]
    return folder / "goi"


@pytest.mark.slow
def test_how_the_work_is_done_changes_nothing(delivery, tmp_path, monkeypatch):
    expected = overlaps(delivery, workers=1)
    assert {file for file, *_ in expected} >= {"0.gml", "1.gml", "2.gml"}
    assert overlaps(delivery, workers=2) == expected
    archive = shutil.make_archive(str(tmp_path / "goi"), "zip", delivery)
    assert [(file.rpartition("!/")[2], *rest) for file, *rest in overlaps(Path(archive))] == expected
    monkeypatch.setattr(gml, "BATCH", 200)
    monkeypatch.setattr(gml, "TOGETHER", 0)
    assert overlaps(*sorted(delivery.iterdir(), reverse=True), workers=1) == expected


def test_a_changed_commune_alone_is_looked_at_again(delivery, tmp_path):
    shutil.copytree(delivery, tmp_path / "goi")
    work = tmp_path / "work"

    def outcomes() -> set[str]:
        return {path.name for path in (work / "outcomes").iterdir()}

    before = overlaps(tmp_path / "goi", work=work)
    first = outcomes()
    assert len(first) == 1 + 2  # small files, taken together, and communes
    file = tmp_path / "goi" / "0.gml"
    file.write_text(file.read_text("utf-8").replace("</ld:DuLieuDatDai>", " </ld:DuLieuDatDai>"), "utf-8")
    assert overlaps(tmp_path / "goi", work=work) == before
    assert len(outcomes() - first) == 1  # the parcels are what they were
    file.unlink()
    after = overlaps(tmp_path / "goi", work=work)
    assert {name for name, *_ in before} - {name for name, *_ in after} == {"0.gml"}
    assert len(outcomes() - first) == 2 + 1


@pytest.mark.parametrize(("wanted", "communes"), [("TOP001", {"06652", "06658"}), ("GEO003", set())])
def test_shapes_are_written_for_a_rule_that_looks_at_them(delivery, monkeypatch, wanted, communes):
    written: set[str] = set()
    monkeypatch.setattr(
        delivery_stage,
        "check",
        lambda _, settings, *_more, **_named: written.update(
            p.name for p in Path(settings.folder).glob("*/communes/*")
        ),
    )
    validate(delivery, workers=1, configuration=only(wanted))
    assert {name.partition("-")[0] for name in written} == communes


BORDER = (CORPUS / "TOP006/fail-overlap.xml").read_text("utf-8")


def across(*paths: Path, **options: Any) -> list[tuple[str, str, float]]:
    """File, neighbour and area of each overlap of parcels of two communes."""
    report = validate(list(paths), configuration=only("TOP006"), **options)
    (result,) = [r for r in report.results if r.state in {"passed", "failed"}]
    return [(Path(f.file).name, f.params["neighbour"], f.params["area"]) for f in result.samples]


@pytest.fixture
def border(tmp_path: Path) -> Path:
    """Two communes that meet, each in a file of its own, and a third one far from both."""
    start = BORDER.rindex("<ld:thanhVien>")
    end = BORDER.rindex("</ld:thanhVien>\n") + len("</ld:thanhVien>\n")
    head = BORDER[: BORDER.index("</ld:sieuDuLieu>\n") + len("</ld:sieuDuLieu>\n")]
    second = head + BORDER[start:]
    folder = tmp_path / "goi"
    folder.mkdir()
    (folder / "a.xml").write_text(BORDER[:start] + BORDER[end:], "utf-8")
    (folder / "b.xml").write_text(second, "utf-8")
    third = second.replace("<ld:maXa>06658</ld:maXa>\n <ld:soHieu", "<ld:maXa>06655</ld:maXa>\n <ld:soHieu")
    (folder / "c.xml").write_text(third.replace("23188", "23198"), "utf-8")
    return folder


def test_parcels_of_communes_that_meet_are_compared(border):
    assert across(border) == [("b.xml", "06652/12/345", 12.0)]
    assert across(border / "a.xml") == across(border / "b.xml", border / "c.xml") == []


@pytest.mark.slow
def test_how_borders_are_looked_at_changes_nothing(border, tmp_path):
    expected = across(border, workers=1)
    assert across(border, workers=2) == expected
    assert across(*sorted(border.iterdir(), reverse=True)) == expected
    archive = shutil.make_archive(str(tmp_path / "goi"), "zip", border)
    assert [(name.rpartition("/")[2], *rest) for name, *rest in across(Path(archive))] == expected


def test_a_border_is_looked_at_again_if_one_of_its_communes_changed(border, tmp_path):
    def outcomes() -> set[str]:
        return {path.name for path in (tmp_path / "work/outcomes").iterdir()}

    def change(name: str, old: str, new: str) -> int:
        before, text = outcomes(), (border / name).read_text("utf-8")
        assert old in text
        (border / name).write_text(text.replace(old, new), "utf-8")
        across(border, work=tmp_path / "work")
        return len(outcomes() - before)

    found = across(border, work=tmp_path / "work")
    assert len(outcomes()) == 1 + 3 + 1  # files, communes, the border
    assert change("c.xml", "</ld:DuLieuDatDai>", " </ld:DuLieuDatDai>") == 1
    assert change("c.xml", "23198", "23199") == 1 + 1
    assert change("b.xml", ">346<", ">347<") == 1 + 1 + 1
    assert across(border, work=tmp_path / "work") == found


def test_overlaps_and_gaps_are_counted_by_width(border):
    near = only("TOP")
    ladder = validate(border, configuration=near).ladder
    assert ladder
    assert ladder.millimetres == [1, 10, 50, 100]
    (place,) = ladder.places
    assert (place.kind, place.counts) == ("overlap", [1, 1, 1, 1])
    assert (place.commune, place.neighbour) == ("06652", "06658")
    assert place.name.startswith("Phường")
    assert validate(border / "a.xml", configuration=near).ladder is None
    narrow = validate(CORPUS / "TOP002/fail-gap.xml", configuration=near).ladder
    assert narrow
    assert [(place.kind, place.counts, place.neighbour) for place in narrow.places] == [
        ("gap", [1, 1, 0, 0], "")
    ]


def test_what_cannot_be_compared_is_said_and_the_other_rules_go_on(border, monkeypatch):
    def fail(*_: Any) -> None:
        raise shapely.GEOSException("TopologyException")

    monkeypatch.setattr("landxml.topology.coverage", fail)
    results = {result.rule.code: result for result in validate(border, workers=1).results}
    assert {results[code].state for code in ("GEO007", "TOP001", "TOP005")} == {"not-evaluated"}
    assert "GEOSException" in results["GEO007"].reason.en  # type: ignore[union-attr]
    assert results["GEO003"].state == "passed"


def test_a_task_is_what_its_parcels_are(tmp_path):
    for folder, text in (("x", b"1"), ("y", b"2"), ("z", b"12")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "06652-00000.parquet").write_bytes(text)
    one, two, other = (str(tmp_path / folder / "06652-00000.parquet") for folder in "xyz")
    assert [task.code for task in tasks([one, two])] == ["06652"]
    assert tasks([one, two])[0].id == tasks([two, one])[0].id
    assert len({task.id for parts in ([one], [two], [other], [one, two]) for task in tasks(parts)}) == 4
