"""``landxml rule test FOLDER``: rules of one's own, tried on their examples."""

from __future__ import annotations

import datetime as dt

from rich.table import Table
from rich.text import Text as Styled

from landxml_cli.drawing import READING, drawn
from landxml_cli.messages import say
from landxml_cli.outputs import as_json
from landxml_cli.terminal import put
from landxml_validator.own_examples import tried

__all__ = ["test"]


def test(lang: str, *, folder: str, as_of: dt.date | None, format_: str) -> int:
    """Try the rules of a folder on their examples; 1 if one is not as expected."""
    examples = list(tried(folder, as_of))
    wrong = sum(example.wrong is not None for example in examples)
    if format_ == "json":
        put(as_json(examples))
        return int(wrong > 0)
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(max_width=READING)
    for example in examples:
        said = Styled(example.wrong.get(lang), "red") if example.wrong else say(lang, "as-expected")
        table.add_row(example.name, said)
    rules = len({example.rule for example in examples})
    put(drawn(table, "", say(lang, "rules-tried", rules=rules, count=len(examples), wrong=wrong)))
    return int(wrong > 0)
