"""Provinces check at home and hand out hashes; the centre finds what one check of all would have found."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest

from landxml.errors import LandXmlError
from landxml_samples import FAULTS, write
from landxml_validator import Report, buckets, validate
from landxml_validator.configuration import Setting
from landxml_validator.federated import CHECK, Keys
from landxml_validator.merge import merge
from tests.validator.test_buckets import CORPUS, parts

DAY = dt.date(2026, 3, 1)
SALT = "ab" * 32
PLACE = ("rule", "file", "part", "at", "cls", "path")


def exported(
    folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch, salt: str = SALT, **options: Any
) -> Path:
    """What a province hands out that has checked all in a folder, from within it."""
    with monkeypatch.context() as patch:
        patch.chdir(folder)
        names = sorted(path.name for path in folder.iterdir())
        validate(names, as_of=DAY, keys=Keys(out / folder.name, salt), **options)
    return out / folder.name


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


def places(path: Path) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(row[name] for name in PLACE) for row in rows(path))


def told(report: Report) -> tuple[Any, ...]:
    """What a report says that does not depend on who has made it."""
    results = [
        (each.rule.code, each.state, each.checked, each.count, each.by_commune) for each in report.results
    ]
    files = [(file.name, file.records, file.sha256) for file in report.files]
    return report.verdict, report.records, report.communes, report.packages, files, results


@pytest.fixture(scope="module")
def provinces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two provinces: a certificate and a parcel of one are in the other, too."""
    base = tmp_path_factory.mktemp("provinces")
    for name, code in (("a", "UNQ002"), ("b", "UNQ002"), ("b", "REF001")):
        (base / name).mkdir(exist_ok=True)
        shutil.copy(next((CORPUS / code).glob("fail-*r*.xml")), base / name / f"{name}-{code}.xml")
    return base


def test_the_centre_finds_what_one_check_of_all_finds(
    provinces: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(provinces)
    serial = validate(["a", "b"], as_of=DAY, findings=tmp_path / "serial.parquet")
    folders = [exported(provinces / name, tmp_path, monkeypatch) for name in "ab"]
    merged = merge(folders, findings=tmp_path / "merged.parquet")
    assert places(tmp_path / "merged.parquet") == places(tmp_path / "serial.parquet")
    assert told(merged) == told(serial)
    with monkeypatch.context() as patch:
        patch.setattr(buckets, "number", lambda _: 3)
        assert told(merge(folders, findings=tmp_path / "buckets.parquet")) == told(serial)
    assert rows(tmp_path / "buckets.parquet") == rows(tmp_path / "merged.parquet")
    across = [
        row for row in rows(tmp_path / "merged.parquet") if row["rule"] == "UNQ002" and row["file"][0] == "b"
    ]
    assert any("a/a-UNQ002.xml" in row["message_vi"] for row in across)
    assert len({row["fingerprint"] for row in rows(tmp_path / "merged.parquet")}) == len(
        rows(tmp_path / "merged.parquet")
    )
    few: dict[str, Any] = {"configuration": [Setting(key="select", code="GEO")]}
    (tmp_path / "few").mkdir()
    without_keys = exported(provinces / "a", tmp_path / "few", monkeypatch, **few)
    assert {each.count for each in merge([without_keys], **few).results} == {0}
    _refused(folders, tmp_path)
    _holds_no_data(folders[0], provinces / "a")


def _refused(folders: list[Path], tmp_path: Path) -> None:
    """Exports that do not fit together are refused, each with what is wrong."""
    check = (folders[1] / CHECK).read_bytes()
    told = msgspec.json.decode(check)
    for name, value, word in (
        ("tool", "landxml 9.9", "landxml 9.9"),
        ("rules", "0", "--profile"),
        ("salt", "0", "salt"),
        ("format", 0, "version"),
    ):
        (folders[1] / CHECK).write_bytes(msgspec.json.encode(told | {name: value}))
        with pytest.raises(LandXmlError, match=word):
            merge(folders)
    (folders[1] / CHECK).write_bytes(check)
    whole = (folders[1] / "Ids.parquet").read_bytes()
    for rest in (whole[:-9], None):  # cut, then lost
        (folders[1] / "Ids.parquet").unlink()
        if rest:
            (folders[1] / "Ids.parquet").write_bytes(rest)
        with pytest.raises(LandXmlError, match="copy the whole folder again"):
            merge(folders)
    for wrong in ([folders[0], folders[0]], [tmp_path]):
        with pytest.raises(LandXmlError):
            merge(wrong)


def _holds_no_data(folder: Path, data: Path) -> None:
    """No text of the data is in a table of hashes, but names of files, places and words of the model."""
    xml = "".join(path.read_text("utf-8") for path in data.iterdir())
    secret = {
        text
        for text in re.findall(r">([^<>\s][^<>]*)<|gml:id=\"([^\"]*)\"", xml)
        for text in text
        if len(text) > 4
    }
    secret -= {"06652"}  # the commune
    assert len(secret) > 40
    tables = [path for path in folder.glob("*.parquet") if path.stem not in {"findings", "Tep"}]
    assert {"Ids", "Refs", "ThuaDat", "GiayChungNhan", "CaNhan"} <= {path.stem for path in tables}
    for path in tables:
        seen = {str(value) for row in rows(path) for value in row.values()}
        assert not {text for text in secret for value in seen if text in value}, path


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["national", "dossier"])
def test_for_all_rules_by_keys(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n, path in enumerate(parts(kind)):
        folder = tmp_path / "data" / "abc"[n % 3]
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / f"{path.parent.name}-{path.name}")
    _law(tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["national", "vbdlis-xml"])
def test_for_samples_of_provinces(layout: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = {code: 1 for code, fault in FAULTS.items() if layout in fault.layouts and not fault.alone}
    (tmp_path / "data").mkdir()
    for name, province in (("a", "22"), ("b", "01")):
        write(
            tmp_path / "data" / name, layout=layout, parcels=200, communes=2, province=province, faults=faults
        )
    _law(tmp_path, monkeypatch)


def _law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Serial = two processes = merged, of one bucket and of several."""
    monkeypatch.chdir(tmp_path / "data")
    names = sorted(path.name for path in (tmp_path / "data").iterdir() if path.is_dir())
    serial = validate(names, as_of=DAY, findings=tmp_path / "serial.parquet", workers=1)
    local = validate(names, as_of=DAY, findings=tmp_path / "local.parquet", workers=2)
    folders = [exported(tmp_path / "data" / name, tmp_path, monkeypatch) for name in names]
    merged = merge(folders, findings=tmp_path / "merged.parquet")
    assert places(tmp_path / "merged.parquet") == places(tmp_path / "serial.parquet")
    assert places(tmp_path / "local.parquet") == places(tmp_path / "serial.parquet")
    assert told(merged) == told(serial) == told(local)
    monkeypatch.setattr(buckets, "number", lambda _: 7)
    assert told(merge(folders, findings=tmp_path / "buckets.parquet")) == told(serial)
    assert rows(tmp_path / "buckets.parquet") == rows(tmp_path / "merged.parquet")
