from __future__ import annotations

import re
import unicodedata

import click
import pytest

from landxml_cli.messages import language, system_language, texts, translate, unknown
from tests.commands import commands

COMMANDS = list(commands())


@pytest.mark.parametrize(("path", "command"), COMMANDS)
def test_each_command_and_option_has_both_languages(path: str, command: click.Command) -> None:
    shown = []
    for lang in ("vi", "en"):
        translate(command, path, lang)
        assert command.help
        options = [p for p in command.params if isinstance(p, click.Option)]
        assert all(option.help for option in options), path
        shown.append([command.help, *(option.help for option in options)])
    for vi, en in zip(*shown, strict=True):
        assert vi != en


def test_nothing_is_translated_in_vain() -> None:
    titled = [(path.removeprefix("landxml "), command) for path, command in COMMANDS]
    options = {
        name
        for title, c in titled
        for p in c.params
        for name in (f"{title}.{p.name}", str(p.name).rstrip("_"))
    }
    assert set(texts()["commands"]) == {title for title, _ in titled}
    assert set(texts()["options"]) - options - {"files"} - {name.rstrip("_") for name in options} == set()


@pytest.mark.parametrize("part", ["commands", "options", "names", "messages"])
def test_both_languages_have_the_same_places_to_fill_in(part: str) -> None:
    places = re.compile(r"\{(\w+)\}")
    for name, text in texts()[part].items():
        assert sorted(places.findall(text.vi)) == sorted(places.findall(text.en)), name
        assert unicodedata.is_normalized("NFC", text.vi), name


def test_language_comes_from_the_arguments_then_from_the_locale(monkeypatch) -> None:
    assert language(["validate", "--lang", "vi"]) == "vi"
    assert language(["--lang=vi", "rules"]) == "vi"
    assert language(["rules", "--lang", "VI"]) == "vi"  # as --format HTML
    assert language(["--lang", "fr"]) == "en"
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    assert language(["rules"]) == "vi"
    assert language(["rules", "--lang", "en"]) == "en"


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({"LC_ALL": "vi_VN.UTF-8", "LANG": "en_US.UTF-8"}, "vi"),
        ({"LC_ALL": "", "LANG": "vi_VN"}, "vi"),
        ({"LC_ALL": "en_GB", "LANG": "vi_VN"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
    ],
)
def test_the_first_locale_variable_that_is_set_counts(environ, lang) -> None:
    assert system_language(environ) == lang


def test_locale_of_windows(monkeypatch) -> None:
    monkeypatch.setattr("locale.getlocale", lambda: ("Vietnamese_Vietnam", "1258"))
    assert system_language({}) == "vi"


def test_all_names_are_listed_when_none_is_near() -> None:
    assert unknown("en", "no-value", "xyz", ["vi", "en"]) == "there is no value “xyz”; there are: en, vi."
