"""What comes out of the page is what the command line writes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from pyarrow import parquet
from python_calamine import CalamineWorkbook

from landxml_cli.main import main
from landxml_samples import write
from landxml_web.settings import Settings


@pytest.fixture
def real(opened: Callable[..., Any], settings: Settings) -> Any:
    """A server whose commands are the real ones."""
    return opened(msgspec.structs.replace(settings, command=(sys.executable, "-P", "-m", "landxml_cli")))


def out(real: Any, kind: str, files: dict[str, Path], **options: str) -> dict[str, Path]:
    """Send files, do something with them; return what comes out."""
    run = real.sent()
    for name, path in files.items():
        real.call("PUT", f"/api/runs/{run}/files", 201, params={"name": name}, content=path.read_bytes())
    real.call("POST", f"/api/runs/{run}/start", 202, json={"kind": kind, "options": options})
    told = real.ended(run)
    assert told["state"] == "done", told
    documents: dict[str, Path] = real.runs.documents(real.runs.get(run))
    return documents


@pytest.mark.slow
def test_conversion_remap_and_classification(
    real: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "goi.zip", parcels=6, faults={"LND002": 1})
    files = {"goi.zip": tmp_path / "goi.zip"}
    monkeypatch.chdir(tmp_path)

    converted = out(real, "convert", files, to="vbdlis-gml")
    assert {*converted} == {"loss.html", "result.gml"}
    assert main(["convert", "goi.zip", "--to", "vbdlis-gml", "-o", "here.gml", "-q"]) == 0
    assert converted["result.gml"].read_bytes() == Path("here.gml").read_bytes()

    remapped = out(real, "remap", files, until="2025-07-01", sheet_policy="keep")
    assert {*remapped} == {"reference.csv", "report.html", "result.zip"}
    main(["remap", "goi.zip", "--to", "2025-07-01", "-o", "here.zip", "--table", "here.csv", "-q"])
    assert remapped["reference.csv"].read_text("utf-8") == Path("here.csv").read_text("utf-8")

    back = out(
        real, "remap", {"result.zip": remapped["result.zip"], "bang.csv": remapped["reference.csv"]},
        reverse="bang.csv",
    )  # fmt: skip
    assert {*back} == {"result.zip"}

    sorted_ = out(real, "classify", files, scheme="plan-2959")
    assert {*sorted_} == {"parcels.xlsx", "report.html"}
    assert (
        main(["classify", "goi.zip", "--scheme", "plan-2959", "-o", "here.xlsx", "--lang", "vi", "-q"]) == 0
    )
    assert rows(sorted_["parcels.xlsx"]) == rows(Path("here.xlsx"))


def rows(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def test_two_checks_are_compared(office: Any) -> None:
    before, after = office.started("a.xml"), office.started("a.xml")
    for run, marks in ((before, "ab"), (after, "bc")):
        office.ended(run)
        table = pa.Table.from_pylist(
            [
                {"rule": "GEO001", "severity": "error", "commune": "06652", "fingerprint": mark * 32}
                for mark in marks
            ]
        )
        parquet.write_table(table, office.runs.folder(office.runs.get(run)) / "documents/findings.parquet")
    asked = f"run={after}&run={before}"
    told = office.call("GET", f"/api/diff?{asked}", 200).json()
    assert told["all"] | {"title": 0} == {"code": "", "title": 0, "new": 1, "persisting": 1, "gone": 1}
    assert [(row["code"], row["new"]) for row in told["rules"]] == [("GEO001", 1)]
    assert [(row["code"], row["title"]["vi"]) for row in told["communes"]] == [("06652", "Phường Hà Tu")]
    page = office.call("GET", f"/diff?{asked}&lang=en", 200).text
    assert "Two checks compared" in page
    for wrong in (f"run={before}", f"run={before}&run={office.sent()}", "run=x&run=y", ""):
        office.call("GET", f"/api/diff?{wrong}", 404)
