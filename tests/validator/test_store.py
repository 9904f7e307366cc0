"""Outcomes that are kept: what is used again, what is not, and what a folder may be."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import stat
import sys
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from landxml.errors import LandXmlError
from landxml_samples import package
from landxml_validator import Progress, Report, profile, store, task, validate, worker
from landxml_validator.rule_set import of
from tests.rules import only

DAY = dt.date(2026, 3, 1)
TOY = Path(__file__).parents[1] / "profiles" / "toy"
FAULTS = {"LND001": 2, "UNQ002": 1, "REF001": 1, "PTY004": 3}
FEW = only("LND001", "PTY004", "REF", "UNQ002", "UNQ006", "TOP", "PKG")
"""Rules of every stage."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "goi"
    package.write(folder, parcels=40, communes=2, faults=FAULTS, seed=5)
    return folder


@pytest.fixture(autouse=True)
def _communes_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is a task of its own, as it would be with some thousand parcels."""
    monkeypatch.setattr(task, "LARGE", 100_000)


@pytest.fixture
def goi(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "goi")
    return tmp_path / "goi"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "work"


def same(report: Report) -> bytes:
    return msgspec.json.encode(
        msgspec.structs.replace(report, created=dt.datetime.min, seconds=0.0)  # noqa: DTZ901
    )


def check(*paths: Path | str, **options: Any) -> tuple[Report, int]:
    """A report, and the bytes of the input that were not read again."""
    told: list[Progress] = []
    settings: dict[str, Any] = {
        "as_of": DAY, "workers": 1, "progress": told.append, "configuration": FEW
    }  # fmt: skip
    return validate(paths, **settings | options), told[-1].kept


def outcomes(work: Path) -> set[str]:
    return {path.name for path in (work / "outcomes").iterdir()}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_second_run_reads_nothing_and_says_the_same(goi: Path, work: Path, workers: int) -> None:
    """Whatever the rules are; for the others here a few will do."""
    expected = same(check(goi, configuration=())[0])
    size = sum(file.stat().st_size for file in goi.iterdir())
    for kept in (0, size, size):
        report, found = check(goi, work=work, workers=workers, configuration=())
        assert (same(report), found) == (expected, kept)
    assert sorted(path.name for path in work.iterdir()) == ["outcomes", "store.json"]


def test_a_changed_file_alone_is_read_again(goi: Path, work: Path) -> None:
    check(goi, work=work)
    before = outcomes(work)
    first, *others = sorted(goi.iterdir())
    status = first.stat()
    first.write_bytes(first.read_bytes().replace(b"<ld:maXa>06652<", b"<ld:maXa>00000<"))
    os.utime(first, ns=(status.st_atime_ns, status.st_mtime_ns))
    report, kept = check(goi, work=work)
    assert kept == sum(file.stat().st_size for file in others)
    assert len(outcomes(work) - before) == 2  # of the file, and of its commune
    assert same(report) == same(check(goi)[0]) != same(check(*others, work=work)[0])


def test_a_file_more_and_a_file_less(goi: Path, work: Path) -> None:
    first, *others = sorted(goi.iterdir())
    check(*others, work=work)
    report, kept = check(goi, work=work)
    assert kept == sum(file.stat().st_size for file in others)
    assert same(report) == same(check(goi)[0])
    first.unlink()
    report, kept = check(goi, work=work)
    assert kept == sum(file.stat().st_size for file in others)
    assert same(report) == same(check(goi)[0])


@pytest.mark.parametrize(
    "other", ["as_of", *(pytest.param(name, marks=pytest.mark.slow) for name in ("personal_data", "profile"))]
)
def test_other_settings_are_another_check(goi: Path, work: Path, tmp_path: Path, other: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'id = "own"\nrequired = []\n[title]\nvi = "a"\nen = "a"\n[parameters.LND001]\ntolerance = 99.0\n'
    )
    values = {"as_of": dt.date(2026, 3, 2), "personal_data": True, "profile": str(own)}
    check(goi, work=work)
    report, kept = check(goi, work=work, **{other: values[other]})
    assert kept == 0
    assert same(report) == same(check(goi, **{other: values[other]})[0])
    assert check(goi, work=work, samples=1)[1] > 0


def test_another_version_checks_again(goi: Path, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(goi, work=work)
    monkeypatch.setattr(store, "TOOL", "landxml 99")
    assert check(goi, work=work)[1] == 0


def test_the_content_of_a_layout_of_ones_own_counts(tmp_path: Path) -> None:
    shutil.copytree(TOY, tmp_path / "own")
    before = of(profile.load(str(tmp_path / "own"))).digest
    assert of(profile.load(str(tmp_path / "own"))).digest == before
    xsd = min((tmp_path / "own").glob("*.xsd"))
    xsd.write_text(xsd.read_text("utf-8") + "\n", "utf-8")
    assert of(profile.load(str(tmp_path / "own"))).digest != before


def damage(part: Path) -> None:
    part.write_bytes(part.read_bytes()[:-1])


@pytest.mark.parametrize("name", ["tally.json", "ThuaDat/00000.parquet"])
@pytest.mark.slow
@pytest.mark.parametrize("harm", [damage, Path.unlink])
def test_what_is_half_written_is_done_again(goi: Path, work: Path, name: str, harm: Any) -> None:
    expected = same(check(goi, work=work)[0])
    for part in (work / "outcomes").glob(f"*/{name}"):
        harm(part)
    for kept in (False, True):
        report, found = check(goi, work=work)
        assert same(report) == expected
        assert bool(found) == kept


def test_what_could_not_be_read_is_tried_again(goi: Path, work: Path, tmp_path: Path) -> None:
    archive = tmp_path / "goi.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for file in goi.iterdir():
            out.write(file, file.name)
    whole = archive.read_bytes()
    at = whole.index(b"<ld:maXa>")
    archive.write_bytes(whole[:at] + b"?" + whole[at + 1 :])  # which its checksum tells
    report, _ = check(archive, work=work)
    assert {result.rule.code for result in report.results if result.count} & {"PKG003"}
    archive.write_bytes(whole)
    assert same(check(archive, work=work)[0]) == same(check(archive)[0])


def test_duplicates_across_runs_are_found(goi: Path, work: Path) -> None:
    """What stands for personal data and keys is the same in outcomes of different runs."""
    first, *others = sorted(goi.iterdir())
    copy = goi / "copy.gml"
    check(goi, work=work)
    shutil.copy(first, copy)
    report, kept = check(goi, work=work)
    assert kept == sum(file.stat().st_size for file in (first, *others))
    assert same(report) == same(check(goi)[0])
    twice = {r.rule.code for r in report.results if r.count and r.rule.code.startswith("UNQ")}
    assert twice >= {"UNQ002", "UNQ006"}


@pytest.mark.skipif(sys.platform == "win32", reason="modes are another matter there")
def test_nobody_else_can_read_it(goi: Path, work: Path) -> None:
    check(goi, work=work)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [work, *work.iterdir()]}
    assert modes == {"work": 0o700, "outcomes": 0o700, "store.json": 0o600}
    shutil.rmtree(work)
    work.mkdir(mode=0o755)
    check(goi, work=work)
    assert stat.S_IMODE((work / "outcomes").stat().st_mode) == 0o700


def test_a_folder_with_other_data_is_left_alone(goi: Path, work: Path) -> None:
    work.mkdir()
    (work / "hop-dong.docx").write_bytes(b"precious")
    with pytest.raises(LandXmlError, match=r"holds other data \(hop-dong.docx\)") as error:
        check(goi, work=work)
    assert error.value.text("vi").startswith(f"{work}: chứa dữ liệu khác (hop-dong.docx)")
    assert [path.name for path in work.iterdir()] == ["hop-dong.docx"]


@pytest.mark.parametrize("mark", ["", "{}", '{"format": 99, "salt": "a"}'])
def test_a_store_of_another_kind_is_said(goi: Path, work: Path, mark: str) -> None:
    work.mkdir()
    (work / "store.json").write_text(mark)
    with pytest.raises(LandXmlError, match="damaged, or of another version"):
        check(goi, work=work)
    assert (work / "store.json").read_text() == mark


def test_a_folder_in_one_place_with_the_input_is_refused(goi: Path, tmp_path: Path) -> None:
    for work, said in [
        (goi / "w", "lies in the input"),
        (goi, "is the input"),
        (tmp_path, "holds the input"),
    ]:
        with pytest.raises(LandXmlError, match=said):
            check(goi, work=work)
    assert len(list(goi.iterdir())) == 2


@pytest.mark.parametrize("name", ["a.zip", "is-a-file"])
def test_a_file_is_no_folder(goi: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "is-a-file").touch()
    with pytest.raises(LandXmlError, match="what is to be written is a folder"):
        check(goi, work=tmp_path / name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a[b]=1", "it's", "xã *?"])
def test_its_name_means_nothing(goi: Path, tmp_path: Path, name: str) -> None:
    if sys.platform == "win32" and "*" in name:
        pytest.skip("no such names there")
    expected = same(check(goi)[0])
    for _ in range(2):
        assert same(check(goi, work=tmp_path / name)[0]) == expected


def test_what_is_long_unused_goes(goi: Path, work: Path) -> None:
    first, *others = sorted(goi.iterdir())
    check(first, work=work)
    old = outcomes(work)
    check(*others, work=work)
    assert old < outcomes(work)
    for name in old:
        os.utime(work / "outcomes" / name, (0, 0))
    check(*others, work=work)
    assert not old & outcomes(work)
    assert len(outcomes(work)) == 2 * len(others)  # of each file, and of its commune


def test_standard_input_is_never_taken_for_another(
    goi: Path, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = min(goi.iterdir())
    other = tmp_path / "other.gml"
    other.write_bytes(file.read_bytes().replace(b"<ld:maXa>06652<", b"<ld:maXa>00000<"))
    assert other.stat().st_size == file.stat().st_size
    reports = []
    for path in (file, other):
        with path.open() as stream:
            monkeypatch.setattr(sys, "stdin", stream)
            reports.append(same(check("-", work=work)[0]))
    assert reports[0] != reports[1]


def test_a_full_disk_is_said_of_the_folder(goi: Path, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = 'Async write failed: {"exception_message":"Could not write","errno":"28"}'

    def full(*_: object) -> None:
        raise duckdb.IOException(said)

    monkeypatch.setattr(worker._Session, "_part", full)
    with pytest.raises(OSError, match="No space left") as error:
        check(goi, work=work)
    assert (error.value.errno, error.value.filename) == (errno.ENOSPC, str(work))
    assert outcomes(work) == set()
