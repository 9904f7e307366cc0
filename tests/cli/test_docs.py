"""``landxml docs``: pages that stand beside the program, or a word where they come from."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path

import pytest


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as that of the package for Windows, with a few pages."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python" / "python.exe"))
    return tmp_path


@pytest.fixture
def installed(program: Path) -> Path:
    for lang in ("vi", "en"):
        for name in ("index", "rules/GEO001", "commands/units-check", "reports"):
            page = program / "docs" / lang / f"{name}.html"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text("<h1>x</h1>", "utf-8")
    return program / "docs"


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ([], "index"),
        (["geo001"], "rules/GEO001"),
        (["units check"], "commands/units-check"),
        (["reports"], "reports"),
    ],
)
def test_a_page_is_opened(run, installed: Path, monkeypatch: pytest.MonkeyPatch, asked, name) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    for lang in ("vi", "en"):
        done = run("--lang", lang, "docs", *asked, "--open")
        assert (done.code, done.out.strip()) == (0, (installed / lang / f"{name}.html").as_uri())
    assert len(opened) == 2
    assert run("docs", "--no-open").code == 0
    assert len(opened) == 2


def test_what_is_not_there_is_said(run, installed: Path) -> None:
    (installed.parent / "x.html").touch()
    done = run("docs", "GEO01", "--lang", "en")
    assert done.code == 2
    assert "there is no page “GEO01”; did you mean GEO001?" in done.err
    assert run("docs", "../../x", "--no-open").code == 2


@pytest.mark.usefixtures("program")
def test_where_it_comes_from_is_said(run) -> None:
    done = run("docs", "--lang", "vi")
    assert (done.code, "Tài liệu chưa được cài" in done.out) == (2, True)
