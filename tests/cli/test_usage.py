"""Help pages, and everything that can be wrong with a command line."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from landxml_cli.app import cli
from tests.commands import commands

ROOT = Path(__file__).parents[2]


def test_version(run) -> None:
    assert re.fullmatch(r"landxml \d+\.\d+\.\d+\S*\n", run("--version").out)


def test_without_a_command_there_is_help(run) -> None:
    assert run() == run("--help")
    assert run().code == 0


@pytest.mark.parametrize("command", [path.split()[1:] for path, _ in commands()])
def test_help_speaks_both_languages(run, command) -> None:
    vi, en = run(*command, "--help", "--lang", "vi"), run("--lang", "en", *command, "-h")
    assert (vi.code, en.code, vi.err, en.err) == (0, 0, "", "")
    assert vi.out.startswith("Cách dùng: landxml")
    assert "Tùy chọn:" in vi.out
    assert en.out.startswith("Usage: landxml")
    assert "Options:" in en.out
    assert not re.search(r"\b(Usage|Options|Show|FILE|required)\b", vi.out)
    assert all(len(line) <= 80 for line in (vi.out + en.out).splitlines())


def test_help_follows_the_locale(run, monkeypatch) -> None:
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    assert "Lệnh:" in run("--help").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["validat"], "there is no command “validat”; did you mean validate?"),
        (["--foo"], "there is no option --foo; there are: --debug, --help, --lang, --version."),
        (["validate", "--formt", "json", "x"], "there is no option --formt; did you mean --format?"),
        (["validate", "--format", "htm", "x"], "--format: there is no value “htm”; did you mean html?"),
        (["validate", "--profile", "trial-integratio", "x"], "did you mean trial-integration?"),
        (["validate", "--fail-on", "never ever", "x"], "did you mean never?"),
        (["validate"], "Error: FILE is missing."),
        (["validate", "x", "--samples"], "--samples: a value is missing"),
        (["validate", "x", "--samples", "many"], "“many” is not a whole number of at least 0."),
        (["validate", "x", "--workers", "0"], "“0” is not a whole number of at least 1."),
        (["validate", "x", "--as-of", "31/02/2025"], "--as-of: “31/02/2025” is not a date"),
        (["validate", "x", "--quiet=1"], "--quiet: a value is missing, or one too many."),
        (["rule", "GEO01"], "there is no rule “GEO01”; did you mean GEO0"),
        (["rule", "GEO001", "GEO002"], "there is no rule “GEO001 GEO002”"),
        (["rules", "--family", "GEOM"], "did you mean GEO?"),
        (["rules", "--lang", "fr"], "--lang: there is no value “fr”"),
        (["sample", "-o", "x", "--province", "Quang Ninh"], "did you mean Quảng Ninh?"),
        (["sample", "-o", "x", "--date", "2024-06-30"], "the date must be 2024-07-01 or later."),
        (["sample", "-o", "x", "--faults", "GEO0001"], "did you mean GEO001?"),
        (["sample", "-o", "x", "--faults", "GEO001=some"], "“GEO001=some” is not of the form"),
        (["sample"], "FILE is missing."),
        (["schema", "exprt"], "there is no command “exprt”; did you mean export?"),
        (["schema", "doc", "--layout", "nationl"], "did you mean national?"),
        (["schema", "export"], "FOLDER is missing."),
    ],
)
def test_mistakes_get_one_sentence_and_a_suggestion(run, arguments, said) -> None:
    found = run(*arguments)
    assert (found.code, found.out) == (2, "")
    assert said in found.err.splitlines()[0]
    assert found.err.startswith("Error: ")
    assert "Traceback" not in found.err


def test_mistakes_are_told_in_vietnamese(run) -> None:
    found = run("validate", "--lang", "vi", "--formt", "x")
    assert found.err == (
        "Lỗi: không có tùy chọn --formt; có phải ý bạn là --format?\nXem: landxml validate --help\n"
    )


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ('required = ["geometri"]', "không có nhóm yêu cầu “geometri”; có phải ý bạn là geometry?"),
        ('required = []\nseverity = { GEO1 = "info" }', "không có quy tắc “GEO1”"),
        ("required = []\nparameters = { GEO003 = { x = 1 } }", "không có tham số của GEO003 “x”; có: "),
        ("required", "không đọc được hồ sơ kiểm tra"),
        ("", "không có hồ sơ kiểm tra “"),
    ],
)
def test_what_is_wrong_with_a_profile_is_told_in_vietnamese(run, tmp_path, profile, said) -> None:
    path = tmp_path / "mine.toml"
    if profile:
        path.write_text(f'id = "mine"\n{profile}\n[title]\nvi = "a"\nen = "b"\n', "utf-8")
    found = run("validate", "--profile", path, tmp_path, "--lang", "vi")
    assert (found.code, found.out) == (2, "")
    assert said in found.err


def test_a_fault_of_the_program_is_told_without_traceback_unless_asked_for(run, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("landxml_validator.validate", broken)
    found = run("validate", ".")
    assert (found.code, found.out) == (2, "")
    assert found.err == (
        "Error: the program failed (ZeroDivisionError: oh). Run again with --debug to see where.\n"
    )
    assert "Traceback" in run("validate", ".", "--debug").err


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_interruption(run, monkeypatch, tmp_path, error) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("landxml_validator.validate", interrupted)
    found = run("validate", ".", "-o", tmp_path / "report.html")
    assert (found.code, found.out) == (130, "")
    assert "Stopped as you asked." in found.err
    assert list(tmp_path.iterdir()) == []


def commands_in(text: str) -> list[list[str]]:
    """Command lines of a page: those after a ``$``, without their comments."""
    found = re.findall(r"^\$ (?:\S*/)?landxml (.*)$", text, re.MULTILINE)
    return [line.partition("#")[0].split() for line in found]


def test_the_commands_of_the_readme_exist() -> None:
    lines = commands_in((ROOT / "README.md").read_text("utf-8"))
    assert lines
    root = click.Context(cli, info_name="landxml", obj="en")
    for name, *arguments in lines:
        command = cli.get_command(root, name)
        assert command
        with command.make_context(name, arguments, parent=root):
            pass
