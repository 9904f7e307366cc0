"""A suggestion as the folder of a layout, ready to be used and to be changed."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence

from landxml import files
from landxml.layouts import MANIFEST, Layout
from landxml_mappings.spec import path
from landxml_mappings.suggestion import Proposal, Suggestion

__all__ = ["write"]

LIST = "columns.csv"
"""What each column was taken for, and why: for people."""
SOURCE = "[I] suggested by landxml"
_HOMELESS = "no national field was found for this column; [I]"


def write(suggestion: Suggestion, folder: str | os.PathLike[str], *, name: str) -> None:
    """Write the folder, complete or not at all.

    It holds manifest, dictionary and mapping (``--layout FOLDER``): those of the nearest layout, with the
    columns of the table that was looked at. Columns that are no known element are elements of their own, that
    no national field takes.

    Parameters
    ----------
    suggestion, folder
        What was found; the folder to make.
    name
        Id of the layout.
    """
    base = suggestion.layout
    homeless = {f"cot_{each.column}": each for each in suggestion.columns if not each.element}
    with files.filling(folder) as root:
        (root / MANIFEST).write_text(_manifest(suggestion, name), "utf-8")
        (root / base.dictionary).write_text(_dictionary(suggestion, homeless), "utf-8")
        (root / "mapping.toml").write_text(_mapping(base, homeless, name), "utf-8")
        (root / LIST).write_text(_list(suggestion.columns), "utf-8-sig")


_MANIFEST = """id = {id}
carrier = {carrier}
capabilities = {capabilities}
extension = {extension}
dictionary = {dictionary}
{sheet}
[title]
vi = {vi}
en = {en}

[evidence]
vi = "[I] Do landxml đề xuất từ một tệp; hãy kiểm tra từng cột trong {list}."
en = "[I] Suggested by landxml from one file; check each column in {list}."
"""
_SHEET = """
[sheet]
name = {name}
header = {header}
first = {first}
"""


def _manifest(suggestion: Suggestion, name: str) -> str:
    base, sheet = suggestion.layout, ""
    if base.sheet:
        part = _toml(suggestion.part or base.sheet.name)
        sheet = _SHEET.format(name=part, header=_toml(suggestion.header), first=suggestion.first)
    return _MANIFEST.format(
        id=_toml(name), carrier=_toml(base.carrier), capabilities=_toml(sorted(base.capabilities)),
        extension=_toml(base.extension), dictionary=_toml(base.dictionary), sheet=sheet, list=LIST,
        vi=_toml(f"{name}, gần giống {base.id}"), en=_toml(f"{name}, most like {base.id}"),
    )  # fmt: skip


def _toml(value: object) -> str:
    """Write a text or a list, which JSON writes as TOML does."""
    return json.dumps(value, ensure_ascii=False)


def _dictionary(suggestion: Suggestion, homeless: Mapping[str, Proposal]) -> str:
    """Return the dictionary of the nearest layout; columns are first called what they are called here."""
    base = suggestion.layout
    found = {each.element: each for each in suggestion.columns if each.element}
    with base.path(base.dictionary).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        here = found.get(row["element"])
        named = [name for name in row["names"].split("|") if name and not name.startswith("#")]
        row["column"] = here.column if here and base.sheet else ""
        row["names"] = "|".join(dict.fromkeys([_plain(here.header), *named])) if here else row["names"]
    made = [
        {"path": rows[-1]["path"], "element": element, "kind": "text", "personal": "x", "vi": each.header}
        | {"en": each.header, "source": SOURCE, "names": _plain(each.header)}
        | {"column": each.column if base.sheet else ""}
        for element, each in homeless.items()
    ]
    return _csv(list(rows[0]), [*rows, *made])


def _plain(header: str) -> str:
    """Return a header without what separates names in a dictionary."""
    return " ".join(header.replace("|", " ").split())


def _mapping(base: Layout, homeless: Mapping[str, Proposal], name: str) -> str:
    text = path(base).read_text("utf-8").replace(f"layout = {_toml(base.id)}", f"layout = {_toml(name)}", 1)
    lost = "".join(f'{element} = "{_HOMELESS}"\n' for element in homeless)
    if not lost:
        return text
    before, table, after = text.partition("\n[lost]\n")
    return f"{before}{table}{lost}{after}" if table else f"{text}\n[lost]\n{lost}"


def _list(columns: Sequence[Proposal]) -> str:
    rows = (
        each._asdict()
        | {"national": ", ".join(each.national), "confidence": f"{each.confidence:.0%}"}
        | {"samples": " | ".join(each.samples)}
        for each in columns
    )
    return _csv(Proposal._fields, rows)


def _csv(names: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
