"""What is done with what was sent, in which order, and what is kept of it."""

from __future__ import annotations

import datetime as dt
import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from landxml_web.runs import Runs
from landxml_web.settings import Settings


def test_a_check_is_the_command_that_people_would_run(office: Any) -> None:
    run = office.started("thua.shp", "thua.dbf", "so.xlsx", "goi/a.xml", as_of="2026-01-31", crs="9207")
    told = office.ended(run)
    assert (told["state"], told["documents"][-1]) == ("done", "report.html")
    check = office.told[0]["arguments"]
    assert check[:1] == ["validate"]
    assert check[check.index("--") :] == ["--", "thua.shp", "so.xlsx", "goi"]
    assert {"--as-of=2026-01-31", "--crs=9207", "--lang=vi", "--format=xlsx", "--format=gpkg"} <= {*check}
    assert [each["arguments"][0] for each in office.told] == ["validate", "certify", "certify"]


@pytest.mark.parametrize(
    ("kind", "options", "given", "documents"),
    [
        ("convert", {"to": "vbdlis-xml"}, {"--to=vbdlis-xml"}, ["loss.html", "result.zip"]),
        (
            "convert",
            {"to": "ilis-sheet", "strict": "yes"},
            {"--to=ilis-sheet", "--strict"},
            ["loss.html", "result.xlsx"],
        ),

        (
            "remap",
            {"until": "2025-07-01", "sheet_policy": "prefix", "resolve": "bang.csv"},
            {"--to=2025-07-01", "--sheet-policy=prefix", "--resolve=bang.csv"},
            ["report.html", "result.xml"],
        ),
        ("remap", {"reverse": "bang.csv"}, {"--reverse=bang.csv"}, ["result.xml"]),
        ("classify", {"scheme": "plan-2959"}, {"--scheme=plan-2959"}, ["parcels.xlsx", "report.html"]),
    ],
)  # fmt: skip
def test_so_is_all_else(
    office: Any, kind: str, options: dict[str, str], given: set[str], documents: list[str]
) -> None:
    told = office.ended(office.started("a.xml", "bang.csv", kind=kind, **options))
    assert (told["state"], told["documents"]) == ("done", documents)
    (command,) = office.told
    assert command["arguments"][0] == kind
    assert given <= {*command["arguments"]}
    assert [*command["sizes"]] == (["a.xml"] if "bang.csv" in options.values() else ["a.xml", "bang.csv"])


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("delete", {}),
        ("check", {"rules": "/x"}),
        ("check", {"profile": "../x.toml"}),
        ("check", {"as_of": "--debug"}),
        ("check", {"crs": "1;2"}),
        ("check", {"sheets": "/etc/passwd"}),
        ("convert", {}),
        ("convert", {"to": "/tmp"}),  # noqa: S108 - a folder that the command would take for a layout
        ("convert", {"to": "national", "strict": "on"}),
    ],
)
def test_what_may_be_asked_for_is_fixed(office: Any, kind: str, options: dict[str, str]) -> None:
    run = office.sent("a.xml")
    office.call("POST", f"/api/runs/{run}/start", 400, json={"kind": kind, "options": options})
    office.call("POST", f"/api/runs/{run}/start", 400, content=b"{")
    assert office.runs.get(run).state == "open"


def test_nothing_is_done_with_nothing(office: Any) -> None:
    office.call("POST", f"/api/runs/{office.sent()}/start", 409, json={"kind": "check"})
    order = {"kind": "remap", "options": {"boundaries": "a.gpkg"}}  # to which there are no data
    office.call("POST", f"/api/runs/{office.sent('a.gpkg')}/start", 409, json=order)


def test_one_after_another_with_phase_share_and_place(office: Any) -> None:
    slow, waiting = office.started("slow.xml"), office.started("a.xml")
    told = office.until(slow, lambda told: told.get("total"))
    assert (told["phase"], told["phase_title"], told["done"], told["total"]) == (
        "checking",
        "Đang kiểm tra",
        1,
        4,
    )
    assert isinstance(told["left"], int)
    assert office.until(waiting, lambda _: True)["place"] == 1
    assert "Đang chờ" in office.call("GET", "/", 200).text
    begun = time.monotonic()
    office.call("DELETE", f"/api/runs/{slow}", 204)
    assert office.ended(slow)["state"] == "stopped"
    assert office.ended(waiting)["state"] == "done"
    assert time.monotonic() - begun < 10
    assert "đã bị dừng trước khi xong" in office.call("GET", f"/runs/{slow}", 200).text


def test_what_waits_can_be_stopped(office: Any) -> None:
    slow, waiting = office.started("slow.xml"), office.started("a.xml")
    office.until(slow, lambda told: told.get("total"))
    office.call("DELETE", f"/api/runs/{waiting}", 204)
    assert office.ended(waiting)["state"] == "stopped"
    office.call("DELETE", f"/api/runs/{slow}", 204)
    office.ended(slow)
    assert len(office.told) == 1


def test_a_command_that_fails_says_why(office: Any) -> None:
    run = office.started("bad.xml")
    told = office.ended(run)
    assert (told["state"], told["message"]) == ("failed", "it cannot be read")
    assert "it cannot be read" in office.call("GET", f"/runs/{run}", 200).text
    office.call("GET", f"/runs/{run}/report.html", 404)


def test_what_was_sent_goes_when_the_run_ends(office: Any) -> None:
    for name in ("a.xml", "bad.xml"):
        run = office.started(name)
        office.ended(run)
        assert not office.runs.input(office.runs.get(run)).exists()
    office.call("DELETE", f"/api/runs/{run}", 204)
    office.call("GET", f"/api/runs/{run}", 404)
    assert not (office.runs.folder(office.runs.new("", "vi")).parent / run).exists()


def test_a_configuration_that_was_sent_is_data(office: Any) -> None:
    run = office.started("landxml.toml", "a.xml")
    office.ended(run)
    (config,) = [each for each in office.told[0]["arguments"] if each.startswith("--config=")]
    path = Path(config.partition("=")[2])
    assert path.parent == office.runs.folder(office.runs.get(run))
    assert path.read_bytes() == b""


def test_reports_are_read_in_a_sandbox_and_all_else_is_saved(office: Any) -> None:
    run = office.started("a.xml", kind="classify")
    office.ended(run)
    report = office.call("GET", f"/runs/{run}/report.html", 200)
    assert report.headers["content-security-policy"].startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in report.headers["content-security-policy"]
    table = office.call("GET", f"/api/runs/{run}/documents/parcels.xlsx", 200)
    assert table.headers["content-disposition"] == 'attachment; filename="parcels.xlsx"'
    for name in ("run.json", "..%2Frun.json", "%2e%2e/run.json"):
        office.call("GET", f"/api/runs/{run}/documents/{name}", 404)


def test_what_a_crash_has_left_goes_at_the_next_start(settings: Settings) -> None:
    before = Runs(settings.folder, 30)
    half, going, done = (before.new("", "vi") for _ in range(3))
    (before.input(going) / "a.xml").touch()
    going.state = "running"
    before.save(going)
    before.end(done, "done")
    (settings.folder / "runs" / "strange").mkdir()
    after = Runs(settings.folder, 30)
    assert {run.id: run.state for run in after} == {going.id: "stopped", done.id: "done"}
    assert not before.input(going).exists()
    assert not before.folder(half).exists()
    assert {path.name for path in (settings.folder / "runs").iterdir()} == {going.id, done.id}


def test_what_could_not_be_removed_goes_later(settings: Settings) -> None:
    runs = Runs(settings.folder, 30)
    done = runs.new("", "vi")
    runs.end(done, "done")
    runs.input(done).mkdir()  # as where a process still had a file open
    runs.expire()
    assert not runs.input(done).exists()


def test_a_disk_that_takes_no_more_stops_no_queue(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    run, next_ = office.sent("a.xml"), office.sent("a.xml")
    monkeypatch.setattr(Path, "write_bytes", full)
    for each in (run, next_):
        office.call("POST", f"/api/runs/{each}/start", 202, json={"kind": "check"})
    assert {office.ended(each)["state"] for each in (run, next_)} == {"done"}


def test_results_are_kept_for_so_many_days(settings: Settings) -> None:
    runs = Runs(settings.folder, 30)
    old, new = runs.new("", "vi"), runs.new("", "vi")
    for run in (old, new):
        runs.end(run, "done")
    old.ended = dt.datetime.now(dt.UTC) - dt.timedelta(days=31)
    runs.save(old)
    assert [run.id for run in Runs(settings.folder, 30)] == [new.id]
    runs = Runs(settings.folder, 0)
    assert [*runs] == []
    runs.end(runs.new("", "vi"), "done")
    runs.close()
    assert [*(settings.folder / "runs").iterdir()] == []


def test_a_server_that_ends_ends_its_runs(opened: Callable[..., Any], settings: Settings) -> None:
    office = opened(settings)
    slow, waiting = office.started("slow.xml"), office.started("a.xml")
    office.until(slow, lambda told: told.get("total"))
    office.work.close()
    states = {run.id: run.state for run in Runs(settings.folder, 30)}
    assert states == {slow: "stopped", waiting: "stopped"}


def test_pages_speak_both_languages(office: Any) -> None:
    assert '<html lang="vi">' in office.call("GET", "/", 200, headers={"Accept-Language": "en"}).text
    english = office.call("GET", "/?lang=en", 200)
    assert "Drop files or folders here" in english.text
    assert "Drop files or folders here" in office.call("GET", "/", 200).text  # remembered
    run = office.started("a.xml")
    office.ended(run)
    assert "--lang=en" in office.told[0]["arguments"]
