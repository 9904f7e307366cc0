"""Starting and ending: where it listens, what it says, whom it lets see it; the network is left out."""

from __future__ import annotations

import json
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uvicorn
from starlette.testclient import TestClient

from landxml.errors import LandXmlError
from landxml.temporary import alone
from landxml_web import server
from landxml_web.settings import Settings, default_folder, listening


@pytest.fixture
def serving(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Callable[..., list[str]]:
    """Start a server, do something while it runs, and return what it said."""

    def serve(
        during: Callable[[TestClient], Any] = lambda _: None,
        *files: str,
        open_page: Callable[[], Any] | None = None,
        **changes: Any,
    ) -> list[str]:
        said = list[str]()
        now = msgspec.structs.replace(settings, **{"port": 0, **changes})

        def run(self: uvicorn.Server, sockets: list[socket.socket]) -> None:
            assert sockets[0].getsockname()[0] == "127.0.0.1"
            with TestClient(self.config.app, said[-1].partition("/open")[0]) as client:  # type: ignore[arg-type]
                during(client)

        with monkeypatch.context() as patched:
            patched.setattr(uvicorn.Server, "run", run)
            patched.setattr(
                webbrowser, "open", lambda address: open_page and address == said[0] and open_page()
            )
            patched.setattr(server, "SOON", 0)
            patched.setattr(server, "can_open", lambda: True)
            server.serve(now, files, open_page=open_page is not None, told=said.append, there=said.append)
        return said

    return serve


def test_files_of_this_machine_are_checked_at_once_and_stay(
    serving: Callable[..., list[str]], settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOLD", str(tmp_path / "told"))
    (tmp_path / "a.xml").touch()
    monkeypatch.chdir(tmp_path)

    def during(client: TestClient) -> None:
        client.headers["Authorization"] = (
            f"Bearer {(settings.folder / 'address').read_text().split('=')[1][:32]}"
        )
        (run,) = client.get("/api/runs").json()
        while client.get(f"/api/runs/{run['id']}").json()["state"] != "done":
            pass
        assert "a.xml" in client.get(f"/runs/{run['id']}").text
        opened = client.get(f"{(settings.folder / 'address').read_text()}&run={run['id']}")
        assert f'url=/runs/{run["id"]}"' in opened.text

    (address,) = serving(during, "a.xml")
    assert "&run=" in address
    assert (tmp_path / "a.xml").exists()
    assert not (settings.folder / "address").exists()


def test_files_of_this_machine_have_an_owner(serving: Callable[..., list[str]]) -> None:
    with pytest.raises(LandXmlError, match="belong to nobody"):
        serving(lambda _: None, "a.xml", users={"a" * 20: "to-1"})


def test_a_second_start_shows_the_first(serving: Callable[..., list[str]], settings: Settings) -> None:
    def during(client: TestClient) -> None:
        assert (settings.folder / "address").stat().st_mode & 0o077 == 0
        second = serving(lambda _: pytest.fail("it serves"))
        client.cookies.clear()
        assert client.get(second[0]).status_code == 200

    serving(during)


def test_a_second_start_hands_its_files_to_the_first(
    serving: Callable[..., list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOLD", str(tmp_path / "told"))
    (typed := tmp_path / "typed").mkdir()
    (typed / "a.xml").touch()
    monkeypatch.chdir(tmp_path)

    def during(client: TestClient) -> None:
        with monkeypatch.context() as patched:
            patched.chdir(typed)
            (address,) = serving(lambda _: pytest.fail("it serves"), "a.xml")
        run = address.partition("&run=")[2]
        assert client.get(address.replace("token=", "token=x")).status_code == 401
        for _ in range(2):  # once only
            assert f'url=/runs/{run}"' in client.get(address).text
        assert 'url=/"' in client.get(address.replace(run, "0" * 32)).text
        while client.get(f"/api/runs/{run}").json()["state"] != "done":
            pass
        assert [each["id"] for each in client.get("/api/runs").json()] == [run]

    serving(during)
    told, *_ = (tmp_path / "told").read_text().splitlines()  # what follows writes certificates
    assert json.loads(told)["sizes"] == {str(typed / "a.xml"): 0}
    assert json.loads(told)["in"] == str(typed), "where landxml.toml is looked for"
    assert (typed / "a.xml").exists()


def test_the_browser_is_opened_for_people(serving: Callable[..., list[str]]) -> None:
    opened = threading.Event()
    said = serving(lambda _: opened.wait(10), open_page=opened.set)
    assert opened.is_set()
    assert said[0].startswith("http://127.0.0.1:")


def test_where_nobody_looks_no_browser_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not server.can_open()
    monkeypatch.setenv("DISPLAY", ":0")
    assert server.can_open()


def test_a_port_that_is_taken(serving: Callable[..., list[str]]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            serving(port=taken.getsockname()[1])


@pytest.mark.parametrize("text", ["127.0.0.1:x", "127.0.0.1:99999", ":80", "a:-1"])
def test_what_is_no_address(text: str) -> None:
    from landxml.errors import LandXmlError

    with pytest.raises(LandXmlError, match="HOST:PORT"):
        listening(text)


def test_data_have_their_place_on_every_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "landxml" / "web"
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    assert default_folder().parts[-3:] == ("Application Support", "landxml", "web")
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert default_folder() == tmp_path / "landxml" / "web"


def test_a_folder_is_for_one_process(tmp_path: Path) -> None:
    with alone(tmp_path) as first, alone(tmp_path) as second:
        assert (first, second) == (True, False)
    with alone(tmp_path) as again:
        assert again


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--listen", "192.0.2.1"], "give --cert and --key"),
        (["--listen", "192.0.2.1", "--insecure"], "give a --token-file"),
        (["--listen", "x:y"], "is not HOST:PORT"),
        (["nothing.xml"], "nothing.xml"),
        (["--keep", "-1"], "--keep"),
    ],
)
def test_the_command_refuses(arguments: list[str], said: str, capsys: Any, tmp_path: Path) -> None:
    from landxml_cli.main import main

    assert main(["web", "--lang", "en", "--no-open", "--folder", str(tmp_path), *arguments]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_the_command_serves_until_it_is_ended(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path
) -> None:
    from landxml_cli.main import main

    given = dict[str, Any]()

    def serve(settings: Settings, files: Any, **options: Any) -> None:
        given.update(msgspec.structs.asdict(settings), files=files, **options)
        options["told"]("http://here")
        raise KeyboardInterrupt

    (tokens := tmp_path / "tokens").write_text("to-1 aaaaaaaaaaaaaaaaaaaa", "utf-8")
    tokens.chmod(0o600)
    monkeypatch.setattr(server, "serve", serve)
    arguments = (
        f"--folder {tmp_path} --listen 127.0.0.1:9 --token-file {tokens} --max-upload 5 --host may-chu --open"
    )
    assert main(["web", *arguments.split(), "--lang", "vi"]) == 0
    assert (given["host"], given["port"], given["names"]) == ("127.0.0.1", 9, ("may-chu",))
    assert (given["users"], given["upload"], given["keep"]) == ({"a" * 20: "to-1"}, 5_000_000, 30)
    assert given["open_page"] is True
    assert "http://here" in capsys.readouterr().err


def test_without_the_extra_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    from landxml_cli import web
    from landxml_cli.main import main

    monkeypatch.setattr(web, "find_spec", lambda _: None)
    assert main(["web", "--lang", "en"]) == 2
    assert "pip install landxml-vn[web]" in capsys.readouterr().err
