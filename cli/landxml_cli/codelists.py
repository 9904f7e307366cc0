"""``landxml codelists``: all code lists, or the codes of one."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, get_args

import msgspec
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from landxml import localised
from landxml.codelists import Code, CodeList, Evidence, codelist, lists, outcome
from landxml.files import form
from landxml.gml_dictionary import gml
from landxml_cli.drawing import drawn, facts
from landxml_cli.messages import say, unknown
from landxml_cli.options import CODELIST_FORMATS
from landxml_cli.outputs import as_json, destination
from landxml_cli.types import Complaint

__all__ = ["codelists"]


def codelists(
    lang: str,
    name: str | None,
    as_of: dt.date | None,
    format_: str | None,
    output: str | None,
    *,
    force: bool,
) -> None:
    """List the code lists, or the codes of one."""
    chosen = form(output, CODELIST_FORMATS, format_)
    with destination(output, lang, force=force) as write:
        if name is not None:
            write(_one(lang, _named(lang, name), as_of, chosen))
        elif chosen == "gml":
            raise Complaint(say(lang, "gml-of-one"))
        else:
            write(_all(lang, as_of, chosen))


def _named(lang: str, name: str) -> CodeList:
    folded = {known.casefold(): about for known, about in lists().items()}
    found = folded.get(name.strip().casefold())
    if found is None:
        raise Complaint(unknown(lang, "no-list", name, lists()))
    return found


def _all(lang: str, as_of: dt.date | None, format_: str) -> str | bytes:
    found = [
        {"codes": len(codelist(name, as_of))} | msgspec.structs.asdict(about)
        for name, about in lists().items()
    ]
    if format_ == "json":
        return as_json(found)
    if format_ == "csv":
        columns = ("name", "vi", "en", "codes", "source")
        return _csv({column: row[column] for column in columns} for row in found)
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for title in ("name", "codes", "meaning", "fields"):
        table.add_column(say(lang, f"list.{title}"), justify="right" if title == "codes" else "left")
    for row, about in zip(found, lists().values(), strict=True):
        fields = ", ".join(about.fields.get("national", ()))
        table.add_row(about.name, str(row["codes"]), row[lang], fields)
    return drawn(table, "", say(lang, "lists-total", count=len(found))) + "\n"


def _one(lang: str, about: CodeList, as_of: dt.date | None, format_: str) -> str | bytes:
    if format_ == "gml":
        return gml(about.name, as_of)
    codes = [
        msgspec.structs.asdict(code) | outcome(about.name, code, as_of)
        for code in codelist(about.name, as_of)
    ]
    if format_ == "json":
        return as_json(msgspec.structs.asdict(about) | {"as_of": as_of, "codes": codes})
    if format_ == "csv":
        return _csv(
            row | {side: " ".join(link.code for link in row[side]) for side in ("successors", "same")}
            for row in codes
        )
    return drawn(*_sheet(lang, about, as_of)) + "\n"


def _sheet(lang: str, about: CodeList, as_of: dt.date | None) -> Iterator[RenderableType]:
    yield Text.assemble((about.name, "bold"), "  ", (_said(about, lang), "bold"))
    fields = [f"{layout}: {', '.join(used)}" for layout, used in about.fields.items()]
    known = {"source": [about.source], "fields": fields, "as-of": [_date(as_of, lang)] if as_of else []}
    yield facts((say(lang, f"list.{title}"), lines) for title, lines in known.items())
    yield ""
    table = Table(box=None, show_header=False, padding=(0, 1))
    codes = codelist(about.name, as_of)
    marks: set[str] = set()
    for code in codes:
        links = chain.from_iterable(outcome(about.name, code, as_of).values())
        marks |= {code.evidence, *(link.evidence for link in links)}
        notes = "; ".join(_notes(lang, about.name, code, as_of))
        table.add_row(
            Text(code.code, "bold"), Text(_said(code, lang)), Text(notes), Text(f"[{code.evidence}]")
        )
    yield table
    yield ""
    yield say(lang, "codes-total", count=len(codes))
    yield from (f"[{mark}] {say(lang, f'evidence.{mark}')}" for mark in get_args(Evidence) if mark in marks)
    if as_of and any(code.valid_from is None for code in codes):
        yield say(lang, "code.since-unknown")


def _notes(lang: str, name: str, code: Code, as_of: dt.date | None) -> Iterator[str]:
    """Say when a code was in use, what became of it, and what is the same."""
    if as_of and code.valid_from is None:
        yield say(lang, "code.from", date="?")
    for said, date in (("from", code.valid_from), ("old", code.deprecated), ("to", code.valid_to)):
        if date is not None:
            yield say(lang, f"code.{said}", date=_date(date, lang))
    for said, links in outcome(name, code, as_of).items():
        if links:
            yield say(
                lang, f"code.{said}", codes=", ".join(f"{link.code} [{link.evidence}]" for link in links)
            )


def _said(what: Code | CodeList, lang: str) -> str:
    return what.en if lang == "en" else what.vi


def _date(day: dt.date, lang: str) -> str:
    return localised.date(day).get(lang)


def _csv(rows: Iterable[dict[str, Any]]) -> str:
    found = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, found[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return f"\ufeff{out.getvalue()}"  # Excel knows UTF-8 by its mark
