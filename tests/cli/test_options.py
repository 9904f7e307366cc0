"""The parameters of the commands are those of the functions that they run, with their words and defaults."""

from __future__ import annotations

import keyword
import os
import re
import subprocess
import sys
from importlib import import_module
from inspect import signature
from typing import Any

import click
import pytest

from landxml.identifiers.parcel_code import PRECISION
from landxml_cli.checked import Checked
from landxml_cli.options import PARAMETERS
from landxml_cli.types import Word
from landxml_remap import POLICIES, Tolerance
from landxml_reports import FORMATS, remap
from landxml_units import export


def option(title: str, name: str) -> click.Parameter:
    return next(parameter for parameter in PARAMETERS[title] if name in parameter.opts)


@pytest.mark.parametrize("title", PARAMETERS)
def test_a_command_takes_what_its_function_takes(title: str) -> None:
    module, name = (re.sub("[ -]", "_", each) for each in (title, title.rpartition(" ")[2]))
    name = f"{name}_" if keyword.iskeyword(name) else name
    function = getattr(import_module(f"landxml_cli.{module}"), name)
    taken = [*signature(function).parameters]
    if "checked" in taken:  # what several commands are given alike
        taken = [*taken[:-1], *Checked.__annotations__]
    assert sorted(taken) == sorted(["lang", *(str(each.name) for each in PARAMETERS[title])])


@pytest.mark.parametrize(
    ("title", "name", "words"),
    [
        ("remap", "--sheet-policy", POLICIES),
        ("remap", "--format", remap.FORMATS),
        ("units export", "--format", export.FORMATS),
    ],
)
def test_words_are_those_of_the_library(title: str, name: str, words: Any) -> None:
    kind = option(title, name).type
    assert isinstance(kind, Word)
    assert [*kind.words()] == [*words]


@pytest.mark.parametrize(
    ("title", "name", "default"),
    [
        ("parcel-codes", "--precision", PRECISION),
        ("remap", "--tolerance", Tolerance().metres),
        ("remap", "--tolerance-share", 100 * Tolerance().share),
    ],
)
def test_defaults_are_those_of_the_library(title: str, name: str, default: float) -> None:
    assert option(title, name).default == default


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("val", "plain,validate"),
        ("units his", "plain,history"),
        ("rem --sh", ""),
        ("remap --sh", "plain,--sheet-policy"),
        ("remap --sheet-policy k", "file,k plain,keep"),
        ("validate --format ", " ".join(f"plain,{name}" for name in FORMATS)),
        ("validate --profile t", "file,t plain,trial-integration"),
        ("validate del", "file,del"),
        ("schema export -o d", "dir,d"),
        ("rules --family GE", "plain,GEO"),
        ("sample --province 2", "plain,20 plain,22 plain,24 plain,25"),
    ],
)
def test_the_shell_completes(line: str, offered: str) -> None:
    words = f"landxml {line}"
    asked = {
        "_LANDXML_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-m", "landxml_cli"],
        env=os.environ | asked,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.split(), done.stderr) == (offered.split(), "")
