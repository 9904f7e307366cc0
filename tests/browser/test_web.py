"""The page of ``landxml web`` as an office uses it: the whole way, what goes wrong, several at once, much."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import landxml_mappings
from landxml_samples import write

pytestmark = pytest.mark.slow

SERVER = [
    sys.executable,
    "-P",
    "-m",
    "landxml_cli",
    "web",
    "--no-open",
    "--lang",
    "vi",
    "--listen",
    "127.0.0.1:0",
]
FULL = """
import sys
from pathlib import Path
from landxml_web import Settings, serve
settings = Settings(folder=Path(sys.argv[1]), command=("false",), reserve=1 << 60)
serve(settings, told=lambda address: print(address, file=sys.stderr, flush=True))
"""
"""A server whose disk has no room."""


class Server:
    """A server in a process of its own, and pages of it."""

    def __init__(self, command: list[str], chromium: Any) -> None:
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        assert self.process.stderr
        self.address = re.search(r"http://\S+", self.process.stderr.readline())[0]  # type: ignore[index]
        self.base = self.address.partition("/open")[0]
        self.troubles = list[str]()
        self._chromium, self._contexts = chromium, list[Any]()

    def browser(self, width: int = 1280, **options: Any) -> Any:
        """Open the page in a browser of its own, which asks no other host."""
        context = self._chromium.new_context(viewport={"width": width, "height": 900}, **options)
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(300_000)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: self.troubles.append(said.text))
        page.on("request", self._asked)
        page.goto(self.address)
        page.wait_for_url(f"{self.base}/")
        return page

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(f"{self.base}/"):
            self.troubles.append(request.url)

    @property
    def most_memory(self) -> int:
        """Most kB that the server itself has held."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1])  # type: ignore[index]

    def end(self, number: signal.Signals = signal.SIGINT) -> None:
        for context in self._contexts:
            context.close()
        self.process.send_signal(number)
        with self.process:
            self.process.wait(30)


@pytest.fixture
def served(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    servers = []

    def start(*options: str) -> Server:
        server = Server([*SERVER, "--folder", str(tmp_path / "server"), *options], chromium)
        servers.append(server)
        return server

    yield start
    for server in servers:
        with contextlib.suppress(ProcessLookupError):
            server.end()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A workbook and a shapefile of one commune, with faults."""
    folder = tmp_path_factory.mktemp("office")
    write(folder / "goi.zip", parcels=40, faults={"LND002": 2, "GEO001": 1})
    landxml_mappings.convert([folder / "goi.zip"], folder / "so.xlsx", to="vbdlis-sheet-129")
    landxml_mappings.convert([folder / "goi.zip"], folder / "thua.shp", to="parcel-layer")
    return [folder / "so.xlsx", *sorted(folder.glob("thua.*"))]


def drop(page: Any, files: list[Path]) -> None:
    """Drop files on the page, as a person does with the mouse."""
    data = [[path.name, [*path.read_bytes()]] for path in files]
    transfer = page.evaluate_handle(
        """(files) => {
          const transfer = new DataTransfer();
          for (const [name, bytes] of files) transfer.items.add(new File([new Uint8Array(bytes)], name));
          return transfer;
        }""",
        data,
    )
    page.dispatch_event("#drop", "drop", {"dataTransfer": transfer})


def read(page: Any) -> Any:
    """Wait for the report in the page; return its frame."""
    page.wait_for_selector("iframe", state="attached")
    frame = next(frame for frame in page.frames if frame.name == "" and frame != page.main_frame)
    frame.wait_for_selector(".verdict")
    return frame


def test_the_whole_way_of_an_office(
    served: Callable[..., Server],
    office: list[Path],
    violations: Callable[[Any], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = served()
    page = server.browser()
    assert violations(page) == []
    drop(page, office)
    page.wait_for_selector(".layout >> nth=1")
    listed = page.locator("#list").inner_text()
    assert "Bảng kê khai đăng ký của VBDLIS" in listed
    assert "Lớp thửa đất" in listed
    assert violations(page) == []
    page.get_by_role("button", name="Bắt đầu").click()
    page.route("**/api/runs/*", lambda _: None)  # unanswered, or the page is another once the run has ended
    page.wait_for_url("**/runs/*")
    assert violations(page) == []
    page.close()  # it goes on without us
    page = server.browser()
    page.get_by_role("link", name="so.xlsx").click()
    report = read(page)
    assert report.evaluate("origin") == "null"  # in a sandbox
    assert "Không đạt" in report.locator(".verdict").inner_text()
    report.get_by_role("button", name="English").click()
    assert "Not conformant" in report.locator(".verdict").inner_text()
    assert violations(page) == []
    with page.expect_download() as saved:
        page.get_by_role("link", name="Bảng việc XLSX").click()
    saved.value.save_as(tmp_path / "viec.xlsx")
    assert CalamineWorkbook.from_path(tmp_path / "viec.xlsx").sheet_names
    for name in ("Bản đồ GeoPackage", "JSON", "Chứng nhận"):
        assert page.get_by_role("link", name=name, exact=False).first.is_visible()

    # The same as on the command line.
    run = page.url.rpartition("/")[2]
    token = server.address.rpartition("=")[2]
    asked = urllib.request.Request(  # noqa: S310 - our own server
        f"{server.base}/api/runs/{run}/documents/report.json", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        here = json.load(answer)
    monkeypatch.chdir(office[0].parent)
    (config := tmp_path / "landxml.toml").touch()
    asked_for = ["--lang=vi", f"--config={config}", "--format=json", "so.xlsx", "thua.shp"]
    there = json.loads(
        subprocess.run([*SERVER[:4], "validate", *asked_for], capture_output=True, check=False).stdout
    )
    for told in (here, there):
        told.update(dict.fromkeys(("seconds", "created")))
    assert here == there
    assert not [*(tmp_path / "server" / "runs" / run).glob("input")]
    assert server.troubles == []


def test_keys_are_enough(served: Callable[..., Server], office: list[Path]) -> None:
    server = served()
    page = server.browser(width=375)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.choose") == "files":
            break
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files([str(office[0])])
    page.wait_for_selector(".layout")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.keyboard.press("Enter")  # Start has the focus
    page.wait_for_url("**/runs/*")
    page.wait_for_selector(".phone .button")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.get_by_role("link", name="Đọc báo cáo").click()
    page.wait_for_selector(".verdict")
    assert page.evaluate("origin") == "null"
    assert server.troubles == []


def test_two_checks_are_compared(
    served: Callable[..., Server], office: list[Path], violations: Any, tmp_path: Path
) -> None:
    server = served()
    page = server.browser()
    write(tmp_path / "goi.zip", parcels=10, faults={"LND002": 1})
    for path in (office[0], tmp_path / "goi.zip"):
        page.goto(f"{server.base}/")
        page.set_input_files("#files", [str(path)])
        page.wait_for_selector(".layout")
        page.get_by_role("button", name="Bắt đầu").click()
        read(page)
    page.goto(f"{server.base}/?lang=en")
    for box in page.get_by_role("checkbox", name="Choose to compare").all():
        box.check()
    assert violations(page) == []
    page.get_by_role("button", name="Compare the two chosen").click()
    assert page.get_by_role("heading", name="Two checks compared").is_visible()
    assert "LND002" in page.locator("table").first.inner_text()
    assert violations(page) == []
    assert server.troubles == []


def test_a_folder_is_sent_as_a_whole(served: Callable[..., Server], office: list[Path]) -> None:
    page = served().browser()
    page.set_input_files("#folder", str(office[0].parent))
    page.wait_for_selector(".layout")
    (item, _) = page.locator("#list li").all_inner_texts()
    assert item.startswith(office[0].parent.name)
    assert f"{len([*office[0].parent.iterdir()])} tệp" in item
    assert "Bảng kê khai đăng ký của VBDLIS" in item


def test_a_wrong_file_and_too_large_a_file(served: Callable[..., Server], tmp_path: Path) -> None:
    (tmp_path / "thư.pdf").write_bytes(b"%PDF-1.7 no data")
    (tmp_path / "lớn.xml").write_bytes(b" " * 1_500_000)
    server = served("--max-upload", "1")
    page = server.browser()
    page.set_input_files("#files", [str(tmp_path / "lớn.xml")])
    assert page.locator("#trouble").text_content(timeout=10_000) is not None
    page.wait_for_selector("#trouble:not([hidden])")
    assert page.locator("#trouble").inner_text() == "lớn.xml quá lớn: còn nhận được 1,0 MB."
    page.set_input_files("#files", [str(tmp_path / "thư.pdf")])
    page.wait_for_selector("#list .trouble")
    page.get_by_role("button", name="Bắt đầu").click()
    report = read(page)
    assert (
        "Không kết luận được" in report.locator(".verdict").inner_text()
        or "Không đạt" in report.locator(".verdict").inner_text()
    )


def test_a_full_disk(chromium: Any, tmp_path: Path, office: list[Path]) -> None:
    server = Server([sys.executable, "-P", "-c", FULL, str(tmp_path / "server")], chromium)
    try:
        page = server.browser()
        page.set_input_files("#files", [str(office[0])])
        page.wait_for_selector("#trouble:not([hidden])")
        assert "ổ đĩa của máy này đã đầy" in page.locator("#trouble").inner_text()
        assert page.locator("#order").is_hidden()
    finally:
        server.end()


def test_a_server_that_is_killed_in_mid_check(served: Callable[..., Server], tmp_path: Path) -> None:
    write(tmp_path / "goi.zip", parcels=3000)
    server = served()
    page = server.browser()
    page.set_input_files("#files", [str(tmp_path / "goi.zip")])
    page.wait_for_selector(".layout")
    page.get_by_role("button", name="Bắt đầu").click()
    page.wait_for_selector("#phase:has-text('Đang kiểm tra')")
    server.process.kill()
    server.process.wait()
    page.wait_for_selector("#left:has-text('Không gọi được chương trình')")
    server = served()
    page = server.browser()
    page.get_by_role("link", name="goi.zip").click()
    assert "Việc này đã bị dừng trước khi xong" in page.locator("main").inner_text()
    (run,) = (tmp_path / "server" / "runs").iterdir()
    assert {path.name for path in run.iterdir()} <= {"run.json", "documents", "landxml.toml"}
    assert server.troubles == []


def test_two_browsers_at_once(served: Callable[..., Server], office: list[Path]) -> None:
    server = served()
    first, second = server.browser(), server.browser()
    for page in (first, second):
        page.set_input_files("#files", [str(office[0])])
    for page in (first, second):
        page.wait_for_selector(".layout")
        page.get_by_role("button", name="Bắt đầu").click()
    for page in (first, second):
        assert "Không đạt" in read(page).locator(".verdict").inner_text()
    assert first.url != second.url
    assert server.troubles == []


def test_a_gigabyte_with_flat_memory(served: Callable[..., Server], tmp_path: Path) -> None:
    with (tmp_path / "lon.xml").open("wb") as out:
        out.truncate(1_000_000_000)
    server = served()
    page = server.browser()
    page.wait_for_selector("#drop")
    before = server.most_memory
    page.set_input_files("#files", [str(tmp_path / "lon.xml")])
    page.wait_for_selector("#list:has-text('1 GB')")
    shares = page.evaluate(
        """() => new Promise((done) => {
          const seen = new Set(), look = () => {
            seen.add(document.querySelector("#sent").textContent);
            document.querySelector("#sending").hidden ? done([...seen]) : setTimeout(look, 20);
          };
          look();
        })"""
    )
    assert shares
    (file,) = (tmp_path / "server" / "runs").glob("*/input/lon.xml")
    assert file.stat().st_size == 1_000_000_000
    assert server.most_memory - before < 60_000
    page.get_by_role("button", name="Bỏ hết").click()
    page.wait_for_selector("#order", state="hidden")
    assert not file.exists()
    assert server.troubles == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barriers_where_one_gets_not_in(
    served: Callable[..., Server], violations: Callable[[Any], list[str]], scheme: str
) -> None:
    server = served()
    page = server.browser(color_scheme=scheme)
    assert violations(page) == []
    page.context.clear_cookies()
    server.troubles.clear()
    page.goto(f"{server.base}/?lang=en")
    assert violations(page) == []
    page.get_by_label("Your token").fill(server.address.rpartition("=")[2])
    page.get_by_role("button", name="Enter").click()
    page.wait_for_selector("#drop")
