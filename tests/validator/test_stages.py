"""Each rule is decided where what it needs is together: a record, a file, the delivery."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from landxml.carriers import gml
from landxml_samples import package
from landxml_samples.faults import FAULTS
from landxml_validator import delivery, rule_set, validate
from landxml_validator.rule import builtin
from landxml_validator.stages import extracts
from tests.rules import only

CORPUS = Path(__file__).parents[1] / "corpus"
FILE = [
    "ADM002", "ADM003", "ADM004", "ADM005", "ADM008", "ADM009", "AST003", "AST005", "AST006", "AST007",
    "AST010", "AST011", "CPL001", "CRS001", "CRS002", "CRS003", "CRS004", "CRS007", "CRT013", "CRT014",
    "CRT015", "CRT016", "LND007", "LND016", "LND019", "LND020", "PKG006", "PKG007", "PTY013", "PTY014",
    "PTY015", "PTY016", "RGT001", "RGT002", "RGT003", "RGT004", "RGT005", "RGT009", "RGT011", "RGT013",
    "RGT014", "TXN006", "TXN007", "TXN010", "TXN013", "TXN015", "TXN016",
]  # fmt: skip
PLANTED = [
    code for code in FILE if code in FAULTS and not FAULTS[code].alone and "national" in FAULTS[code].layouts
]
"""Those of which a national sample can have a fault beside others."""


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of two files with a fault of every rule that needs a whole file."""
    folder = tmp_path_factory.mktemp("stages") / "goi"
    package.write(folder, parcels=200, communes=2, faults=dict.fromkeys(PLANTED, 1))
    return folder


def found(folder: Path, *codes: str) -> dict[str, object]:
    """Number and samples of the findings, of some rules or of all."""
    report = validate(folder, configuration=only(*codes))
    return {r.rule.code: (r.count, r.samples) for r in report.results if r.count}


def test_these_need_one_file_only():
    assert [rule.code for rule in rule_set.load("trial-integration").at("file")] == FILE


@pytest.mark.parametrize("size", [*(pytest.param(size, marks=pytest.mark.slow) for size in (1, 40)), 400])
def test_a_file_in_many_batches_is_judged_as_a_whole(faulty, monkeypatch, size):
    codes = (*FILE, "REF", "TOP", "UNQ")
    whole = found(faulty, *codes)
    assert whole.keys() >= set(PLANTED)
    monkeypatch.setattr(gml, "BATCH", size)
    monkeypatch.setattr(gml, "TOGETHER", 0)
    assert found(faulty, *codes) == whole


def test_a_rule_alone_judges_a_file_in_many_batches(faulty, monkeypatch):
    monkeypatch.setattr(gml, "BATCH", 400)
    monkeypatch.setattr(gml, "TOGETHER", 0)
    (result,) = (r for r in validate(faulty, configuration=only("PTY013")).results if r.count)
    assert result.rule.code == "PTY013"


@pytest.mark.parametrize("size", [100_000, 1])
def test_what_a_half_read_file_states_is_not_judged(tmp_path, monkeypatch, size):
    monkeypatch.setattr(gml, "BATCH", size)
    monkeypatch.setattr(gml, "TOGETHER", 0)
    whole = CORPUS / "PKG006/fail-count.xml"
    text = whole.read_text("utf-8")
    half = tmp_path / "half.xml"
    half.write_text(text[: text.rindex("<ld:thanhVien>") + 20], "utf-8")
    assert "PKG006" in found(whole)
    assert found(half).keys() == {"PKG001"}


def test_codes_that_a_half_read_file_states_are_judged(tmp_path):
    text = (
        (CORPUS / "PKG006/fail-count.xml").read_text("utf-8").replace("<ld:maXa>06652<", "<ld:maXa>06664<", 1)
    )
    half = tmp_path / "half.xml"
    half.write_text(text[: text.rindex("<ld:thanhVien>") + 20], "utf-8")
    (result,) = (r for r in validate(half).results if r.rule.code == "ADM002")
    assert [finding.cls for finding in result.samples] == ["SieuDuLieu"]


def test_only_what_later_stages_name_leaves_a_process(faulty, monkeypatch):
    written = {}

    def look(_, settings, *__, **___):
        for part in Path(settings.folder).glob("*/*/*.parquet"):
            written[part.parent.name] = set(duckdb.read_parquet(str(part)).columns)

    monkeypatch.setattr(delivery, "check", look)
    validate(faulty)
    assert "ids" in written["HinhHoc"]
    assert not {"x", "lon", "area", "valid", "off"} & written["HinhHoc"]
    assert {"shaped", "area", "uses", "soHieuToBanDoCu"} <= written["ThuaDat"]


def test_the_key_of_a_rule_is_among_what_leaves_a_process():
    rules = [rule for rule in builtin().values() if rule.stage == "key"]
    queries = extracts(rules, hashed=True)
    columns = [key.split(".") for rule in rules for key in rule.key]
    assert len(columns) > len(rules)
    tables = [(table, column) for table, column in columns if table not in {"Ids", "Refs"}]
    assert [(table, column) for table, column in tables if column not in queries[table]] == []
