"""Commands import what they use."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.commands import commands

HEAVY = "duckdb jinja2 lxml numpy pyarrow pyogrio pyproj python_calamine rich shapely stdnum xlsxwriter"
RUN = """
import sys
from landxml_cli.main import main
for words in sys.argv[1:]:
    main(words.split())
    print("IMPORTED", words, *sys.modules, sep="\\t", file=sys.stderr)
"""


def imported(*commands: str) -> dict[str, set[str]]:
    """Large libraries that are there after each of some commands, run one after another in one process."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *commands], capture_output=True, text=True, timeout=60, check=True
    )
    told = [line.split("\t")[1:] for line in done.stderr.splitlines() if line.startswith("IMPORTED\t")]
    assert [words for words, *_ in told] == [*commands]
    return {words: {*modules} & {*HEAVY.split()} for words, *modules in told}


def test_neither_the_command_line_nor_a_help_page_imports_a_large_library() -> None:
    pages = [f"{path.partition(' ')[2]} --help" for path, _ in commands()]
    found = imported("--version", "", "--lang vi --help", "validat", "--foo", *pages)
    assert {words: libraries for words, libraries in found.items() if libraries} == {}


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
    assert imported(arguments)[arguments] <= used
