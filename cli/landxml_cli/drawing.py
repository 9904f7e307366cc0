"""Tables and styled text, as wide and colourful as standard output can show them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from landxml.archive import printable

__all__ = ["READING", "coloured", "drawn", "facts", "heading", "paragraph"]

UNWRAPPED = 1_000
"""Width of tables that go into a pipe: other programs want one line per row."""
READING = 96
"""Widest column of running text."""


def drawn(*items: RenderableType) -> str:
    """Draw tables and styled text as the terminal can show them: colours, width; plain for a pipe."""
    width = None if sys.stdout.isatty() else UNWRAPPED
    console = Console(width=width, highlight=False, markup=False, emoji=False)  # texts are shown as they are
    with console.capture() as capture:
        for item in items:
            console.print(Text(item) if isinstance(item, str) else item)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def heading(text: str) -> Text:
    """Style a heading."""
    return Text(text, "bold")


def facts(rows: Iterable[tuple[str, Sequence[str]]]) -> Table:
    """Lay out names and their lines side by side; what has no line is left out.

    Control characters are escaped: data must not drive the reader's terminal.
    """
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, lines in rows:
        if lines:
            table.add_row(name, Text("\n".join(map(printable, lines))))
    return table


def coloured() -> bool:
    """Tell whether standard output shows colours, and the user wants them (``NO_COLOR``)."""
    console = Console()
    return console.is_terminal and not console.is_dumb_terminal and not console.no_color


def paragraph(text: str) -> Table:
    """Lay out running text, indented."""
    table = Table(box=None, show_header=False, padding=(0, 0, 0, 2))
    table.add_column(max_width=READING, overflow="fold")
    table.add_row(Text(text))
    return table
