"""Commands import what they use."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.commands import commands

HEAVY = "duckdb jinja2 lxml numpy pyarrow pyogrio pyproj python_calamine rich shapely stdnum xlsxwriter"
RUN = (
    "import sys\nfrom landxml_cli.main import main\nmain(sys.argv[1:])\nprint(*sys.modules, file=sys.stderr)"
)


def imported(*arguments: str) -> set[str]:
    """Names of the large libraries that a command imports."""
    command = [sys.executable, "-c", RUN, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return {*done.stderr.split()} & {*HEAVY.split()}


@pytest.mark.parametrize("arguments", ["--version", "", "--lang vi --help", "validat", "--foo"])
def test_the_command_line_itself_imports_no_large_library(arguments: str) -> None:
    assert imported(*arguments.split()) == set()


@pytest.mark.parametrize("command", [path.split()[1:] for path, _ in commands()])
def test_a_help_page_needs_nothing_of_what_the_command_does(command: list[str]) -> None:
    assert imported(*command, "--help") == set()


@pytest.mark.parametrize(
    ("arguments", "used"),
    [
        ("layouts", {"rich"}),
        ("rules", {"numpy", "rich", "shapely"}),
        ("rule GEO001", {"numpy", "rich", "shapely"}),
        ("codelists", {"numpy", "rich", "shapely"}),
        ("units 06652", {"numpy", "pyarrow", "rich"}),
    ],
)
def test_a_command_imports_what_it_uses(arguments: str, used: set[str]) -> None:
    assert imported(*arguments.split()) <= used
