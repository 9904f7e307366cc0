"""Who gets in, from where, and what answers say to browsers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from landxml.errors import LandXmlError
from landxml_web import serve, users
from landxml_web.access import HEADERS
from landxml_web.settings import Settings

TOKENS = {"a" * 20: "to-1", "b" * 20: "to-2"}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8765", 200),
        ("localhost:1", 200),
        ("[::1]:8765", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example:8765", 400),
        ("evil.example@127.0.0.1", 400),
        ("192.168.1.7", 400),  # of another machine, which cannot be meant
        ("", 400),
        ("[", 400),
    ],
)
def test_only_our_names_are_answered(office: Any, host: str, status: int) -> None:
    office.call("GET", "/", status, headers={"Host": host})


def test_a_foreign_name_gets_nothing_that_changes(office: Any) -> None:
    office.call("POST", "/api/runs", 400, headers={"Host": "evil.example", "Origin": "http://evil.example"})
    assert [*office.runs] == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "same-site"}, 403),  # another port of this machine
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8765"}, 403),
        ({"Origin": "http://127.0.0.1:8765"}, 201),
        ({"Origin": "http://127.0.0.1:9"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 201),  # a program that shows a token
    ],
)
def test_what_changes_something_comes_from_our_page(
    office: Any, headers: dict[str, str], status: int
) -> None:
    office.call("POST", "/api/runs", status, headers=headers)


def test_a_browser_gets_in_with_the_token_that_was_printed(office: Any) -> None:
    del office.client.headers["Authorization"]
    office.call("GET", "/api/runs", 401)
    office.call("GET", "/open", 401, params={"token": "guessed"})
    answer = office.call("GET", "/open", 200, params={"token": office.doors.token})
    said = answer.headers["set-cookie"]
    assert said.startswith("landxml-8765=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {*said.split("; ")}
    assert office.doors.token not in said
    assert 'content="0;url=/"' in answer.text  # the next request is one of our own page
    office.call("GET", "/api/runs", 200)
    office.call("POST", "/api/runs", 403)  # a cookie alone, as another page would send it
    office.client.cookies.clear()
    office.call("GET", "/api/runs", 401)


def test_people_are_told_how_to_get_in(office: Any) -> None:
    del office.client.headers["Authorization"]
    page = office.call("GET", "/", 401, headers={"Accept": "text/html"})
    assert "Hãy mở địa chỉ mà chương trình đã in ra" in page.text
    assert "Open the address" in office.call("GET", "/?lang=en", 401, headers={"Accept": "text/html"}).text
    page = {"Sec-Fetch-Site": "same-origin"}
    office.call("POST", "/open", 401, content="guessed", headers=page)
    office.call("POST", "/open", 200, content=office.doors.token, headers=page)
    office.call("GET", "/", 200)


def test_every_answer_is_strict(office: Any) -> None:
    for path in ("/", "/page.js", "/nothing", "/api/runs"):
        headers = office.client.get(path, headers={"Origin": "http://evil.example"}).headers
        assert {name: headers[name] for name in HEADERS} == HEADERS
        assert not [name for name in headers if name.startswith("access-control-")]
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")


def test_each_user_sees_their_own(opened: Callable[..., Any], settings: Settings) -> None:
    office = opened(msgspec.structs.replace(settings, users=TOKENS))
    first, second = ({"Authorization": f"Bearer {token}"} for token in TOKENS)
    run = office.call("POST", "/api/runs", 201, headers=first).json()["id"]
    assert office.call("GET", "/api/runs", 200, headers=second).json() == []
    for method, path in (
        ("GET", ""), ("DELETE", ""), ("GET", "/files"), ("PUT", "/files?name=a"), ("POST", "/start"),
        ("GET", "/documents/report.html"),
    ):  # fmt: skip
        office.call(method, f"/api/runs/{run}{path}", 404, headers=second)
    office.call("GET", f"/runs/{run}", 404, headers=second)
    office.call("GET", "/api/runs", 401, headers={"Authorization": "Bearer "})
    assert len(office.call("GET", "/api/runs", 200, headers=first).json()) == 1
    assert "Dữ liệu ở lại máy chủ của cơ quan." in office.call("GET", "/", 200, headers=first).text


def test_without_tokens_only_this_machine_gets_in(settings: Settings) -> None:
    for host in ("0.0.0.0", "192.0.2.1", "may-chu"):  # noqa: S104 - that is the point
        with pytest.raises(LandXmlError, match="--token-file"):
            serve(msgspec.structs.replace(settings, host=host))


def test_a_token_file_is_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    path.write_text("# phòng một\nto-1 aaaaaaaaaaaaaaaaaaaa\n\nto-2\tbbbbbbbbbbbbbbbbbbbb\n", "utf-8")
    path.chmod(0o640)
    with pytest.raises(LandXmlError, match="chmod 600"):
        users.read(path)
    path.chmod(0o600)
    assert users.read(path) == TOKENS


@pytest.mark.parametrize(
    "line", ["to-1 short", "Nguyễn aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaa", "to-1 a b", ""]
)
def test_a_token_file_is_held_to_its_form(tmp_path: Path, line: str) -> None:
    path = tmp_path / "tokens"
    path.touch(0o600)
    path.write_text(line, "utf-8")
    with pytest.raises(LandXmlError):
        users.read(path)


def test_the_log_says_who_did_what_and_nothing_of_the_data(office: Any, settings: Settings) -> None:
    office.ended(office.started("Nguyễn Văn An.xml"))
    assert settings.audit
    lines = settings.audit.read_text("utf-8").splitlines()
    assert [line.split()[1] for line in lines] == ["new", "start"]
    assert "user=- " in lines[1]
    assert lines[1].endswith("kind=check files=1 bytes=4")
    assert "An" not in "".join(lines)
    assert settings.audit.stat().st_mode & 0o077 == 0


def test_only_files_may_be_long(office: Any) -> None:
    del office.client.headers["Authorization"]
    office.call("POST", "/open", 413, content=b"x" * 70_000, headers={"Sec-Fetch-Site": "same-origin"})
