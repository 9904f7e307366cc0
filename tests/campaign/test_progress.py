"""Progress: figures are the truth, communes add up, snapshots stay, what nobody knows is unknown."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from landxml.errors import LandXmlError
from landxml_campaign import (
    Answer,
    Progress,
    Replies,
    apply_answers,
    classify,
    history,
    request_persons,
    write_answers,
)
from landxml_campaign.replies import asked
from landxml_campaign.standings import progress
from landxml_campaign.targets import figures, load
from landxml_reports.progress import render
from landxml_samples import write
from tests.campaign.province import DAY, FAULTS, NATIONAL, province, truth


@pytest.mark.parametrize("parcels", [16, pytest.param(100_000, marks=pytest.mark.slow)])
def test_figures_and_groups_are_the_truth(tmp_path: Path, parcels: int) -> None:
    province(tmp_path, parcels)
    known, work, workers = truth(tmp_path), tmp_path / "work", 1 if parcels < 1000 else 2
    found = progress(tmp_path / "goi", as_of=DAY, work=work, earlier=tmp_path / "so-lieu", workers=workers)
    for each in found.communes:
        assert {name: each.figures[name] for name in known[each.commune]} == known[each.commune], each.commune
    assert len(found.communes) == len(known)
    for name in figures():
        values = [value for each in found.communes if (value := each.figures[name]) is not None]
        assert found.total.figures[name] == (sum(values) if values else None)

    with (tmp_path / "quoc-gia.faults.csv").open(encoding="utf-8-sig") as lines:
        faults = [row["code"] for row in csv.DictReader(lines)]
    unusable = faults.count("REF001")
    groups = {each.commune: each.groups for each in found.communes}
    assert sum(groups[commune]["3"] for commune in NATIONAL) == unusable == FAULTS["REF001"]
    sorted_ = classify(tmp_path / "goi", as_of=DAY, work=work, workers=workers)
    assert {each.commune: each.groups for each in sorted_.communes} == groups
    assert {code: sorted_.rules[code] for code in FAULTS} == FAULTS

    (snapshot,) = (tmp_path / "so-lieu").iterdir()
    shutil.copy(snapshot, snapshot.with_stem(f"{snapshot.stem} - Copy"))  # changes nothing
    # The workbook has no numbers of those who have a certificate together; the others rank by what they have.
    assert found.ranking == "numbered"
    assert [each.rank for each in found.ranked] == sorted(each.rank or 0 for each in found.ranked)
    last = progress(
        tmp_path / "goi", as_of=DAY.replace(day=8), work=work, earlier=tmp_path / "so-lieu",
        stated=status(tmp_path, 3), workers=workers,
    )  # fmt: skip
    assert [each.day for each in last.trends] == [DAY]
    assert (last.total.figures["matched"], last.total.figures["operated"]) == (3, None)
    assert last.ranking == "matched"
    assert last.corrections == []
    again = progress(
        tmp_path / "goi", as_of=DAY.replace(day=8), work=work, earlier=tmp_path / "so-lieu",
        stated=status(tmp_path, 4), workers=workers,
    )  # fmt: skip
    (corrected,) = again.corrections
    assert (corrected.first["matched"], corrected.last["matched"]) == (3, 4)
    for lang, said in (("vi", "Có cả ranh giới và thuộc tính"), ("en", "With a boundary")):
        assert said in str(render(again, "text", lang))
    page = str(render(again, "html", "vi"))
    assert "không rõ" in page
    assert 'class="map overview"' in page
    assert json.loads(render(again, "json", "vi"))["total"]["figures"]["matched"] == 4
    assert bytes(render(again, "xlsx", "vi"))[:2] == b"PK"  # type: ignore[arg-type]


def status(folder: Path, matched: int) -> Path:
    rows = "".join(f"{NATIONAL[0]},1,{n},1\n" for n in range(1, matched + 1))
    (folder / "trang-thai.csv").write_text(f"ma_xa,so_to,so_thua,trangThaiXacThucChu\n{rows}", "utf-8")
    return folder / "trang-thai.csv"


@pytest.mark.parametrize(
    ("part", "of", "light", "lacking"),
    [(95, 100, "reached", 0), (94, 100, "near", 1), (76, 100, "near", 19), (75, 100, "behind", 20),
     (47, 100, "far", 48), (None, 100, None, None), (0, 0, None, 0)],
)  # fmt: skip
def test_lights(part: int | None, of: int, light: str | None, lacking: int | None) -> None:
    targets = load()
    found = {"matched": part, "parcels": of}
    assert (targets.light("matched", found), targets.lacking("matched", found)) == (light, lacking)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (("bands = [1.0, 0.8, 0.5]\n[targets.a]\nvi='a'\nen='a'\nevidence='[I]'\npart='machted'\n"
         "of='parcels'\nshare=1.0\n"), "did you mean matched"),
        ("bands = [0.5, 0.8, 0.5]\n[targets]\n", "bands fall"),
        ("bands = 3\n", "not valid"),
    ],
)  # fmt: skip
def test_wrong_targets_are_told(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.toml").write_text(text, "utf-8")
    with pytest.raises(LandXmlError) as error:
        load(tmp_path / "a.toml")
    assert said in error.value.text("en")
    assert "a.toml" in error.value.text("en")


def test_a_file_that_is_no_snapshot_is_told(tmp_path: Path) -> None:
    path = tmp_path / "progress-1.parquet"
    path.write_bytes(b"PAR1")
    with pytest.raises(LandXmlError, match="no snapshot"):
        progress(tmp_path / "goi", earlier=tmp_path)
    pq.write_table(pa.table({"day": [DAY]}), path)
    with pytest.raises(LandXmlError, match="no snapshot"):
        history.read(tmp_path)


def test_answers_are_progress_and_provinces_add_up(tmp_path: Path) -> None:
    package, salt, table = tmp_path / "goi.zip", tmp_path / "muoi", tmp_path / "ket-qua.csv"
    write(package, parcels=6, communes=("06652", "00004"))
    request_persons(package, tmp_path / "r.csv", salt=salt)
    answers = [
        Answer(key, commune, "verified", "", "", "", "2026-03-01", "Công an", "r.xlsx", "", 2, "")
        for key, (commune, _, _) in asked(tmp_path / "r.csv").persons.items()
    ]

    def counted(given: list[Answer], paths: Path = package) -> Progress:
        write_answers(replies(given), table, force=True)
        work = tmp_path / "work"
        return progress(paths, answers=[table], salt=salt, as_of=DAY, work=work, workers=1)

    def replies(given: list[Answer]) -> Replies:
        return Replies(request="x", asked=len(given), counts={}, answers=given, findings=[])

    every = counted(answers)
    assert every.total.figures["verified"] == every.total.figures["users"]
    assert every.total.figures["matched"] == every.total.figures["parcels"] == 6
    assert [(each.province, each.figures["parcels"]) for each in every.provinces] == [("01", 3), ("22", 3)]
    for name in figures():
        assert sum(each.figures[name] or 0 for each in every.provinces) == (every.total.figures[name] or 0)
    assert "Tỉnh Quảng Ninh" in str(render(every, "text", "vi"))

    wrong = answers[0]._replace(status="wrong", number="022170999999", date="2026-04-01")
    given = [*answers[1:-1], answers[-1]._replace(status="check"), answers[0], wrong]  # the last day counts
    assert states(counted(given)) == (len(answers) - 2, 1, 1)
    apply_answers(replies([wrong]), package, tmp_path / "moi.zip", salt=salt)
    assert states(counted(given, tmp_path / "moi.zip")) == (len(answers) - 1, 0, 1)

    with pytest.raises(LandXmlError, match="answers need the salt"):
        progress(package, answers=[table])
    request_persons(package, tmp_path / "r2.csv", salt=tmp_path / "muoi-khac")
    with pytest.raises(LandXmlError, match="another salt"):
        progress(package, answers=[table], salt=tmp_path / "muoi-khac")
    table.write_text(table.read_text("utf-8-sig").replace("2026-04-01", "tháng 4"), "utf-8")
    with pytest.raises(LandXmlError, match="was changed") as error:
        progress(package, answers=[table], salt=salt)
    assert f"{table.name}:{len(given) + 1}" in error.value.text("en")


def states(found: Progress) -> tuple[int | None, ...]:
    return tuple(found.total.figures[name] for name in ("verified", "wrong", "pending"))
