"""What may be asked for: the kinds of runs with their options, and the commands that do them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from landxml.layouts import Layout, builtin
from landxml.parts import MAINS, main_of
from landxml.text import Text
from landxml_campaign.schemes import paths as schemes
from landxml_validator import profile
from landxml_web.runs import Run

__all__ = ["KINDS", "READ", "Field", "commands", "fields", "given", "mistake"]

KINDS = ("check", "convert", "remap", "classify")
READ = {"check": "report.html", "convert": "loss.html", "remap": "report.html", "classify": "report.html"}
"""Kind → the document that is read in the page."""
CHECKED = ("json", "html", "parquet", "xlsx", "gpkg")
"""Forms in which a check is reported."""

Type = Literal["choice", "date", "number", "flag", "file"]


class Field(NamedTuple):
    """An option of a command as a field of the page; ``file``: one of those that were sent."""

    name: str
    option: str
    type: Type
    choices: Callable[[], Mapping[str, Text]] = dict
    default: str = ""


def _profiles() -> dict[str, Text]:
    return {name: profile.load(name).title for name in profile.profiles()}


def _targets() -> dict[str, Text]:
    return {name: layout.title for name, layout in builtin().items() if "writes" in layout.capabilities}


def _schemes() -> dict[str, Text]:
    return {name: Text(name, name) for name in schemes()}


def _policies() -> dict[str, Text]:
    return {name: Text(name, name) for name in ("keep", "prefix")}


AS_OF = Field("as_of", "--as-of", "date")
CRS = Field("crs", "--crs", "number")
PROFILE = Field("profile", "--profile", "choice", _profiles, "trial-integration")
SHEETS = Field("sheets", "--sheets", "file")

_FIELDS = {
    "check": (PROFILE, AS_OF, CRS, SHEETS, Field("suppress", "--suppress", "file")),
    "convert": (
        Field("to", "--to", "choice", _targets, "national"),
        CRS,
        SHEETS,
        Field("strict", "--strict", "flag"),
    ),
    "remap": (
        Field("until", "--to", "date", default="2025-07-01"),
        Field("since", "--from", "date"),
        Field("sheet_policy", "--sheet-policy", "choice", _policies, "keep"),
        Field("boundaries", "--boundaries", "file"),
        Field("resolve", "--resolve", "file"),
        Field("reverse", "--reverse", "file"),
    ),
    "classify": (
        Field("scheme", "--scheme", "choice", _schemes, "plan-515"),
        PROFILE,
        AS_OF,
        CRS,
        SHEETS,
        Field("status", "--status", "file"),
    ),
}


def fields(kind: str) -> tuple[Field, ...]:
    """Return the options of a kind of run."""
    return _FIELDS[kind]


def mistake(kind: str, options: Mapping[str, str], files: Sequence[str]) -> str:
    """Return the name of the first option that cannot be; ``""`` if all can.

    ``files`` are the names that were sent.
    """
    if kind not in KINDS:
        return "kind"
    if kind == "convert" and not options.get("to"):
        return "to"
    known = {field.name: field for field in fields(kind)}
    for name, value in options.items():
        if name not in known or (value and not _fits(known[name], value, files)):
            return name
    return ""


def _fits(field: Field, value: str, files: Sequence[str]) -> bool:
    if field.type == "choice":
        return value in field.choices()
    if field.type == "file":
        return value in files
    if field.type == "flag":
        return value == "yes"
    if field.type == "number":
        return value.isdecimal() and len(value) < 7
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def given(names: Sequence[str], options: Mapping[str, str], kind: str) -> list[str]:
    """Return what a command is given of the names that were sent: files, and folders as wholes.

    What belongs to a map layer is not named beside it, nor a file that is the value of an option.

    >>> given(["thua.shp", "thua.dbf", "so.xlsx", "goi/a.xml", "goi/b/c.xml"], {}, "check")
    ['thua.shp', 'so.xlsx', 'goi']
    """
    aside = {options.get(field.name, "") for field in fields(kind) if field.type == "file"}
    kept = [name for name in names if name not in aside]
    mains = {name.lower() for name in names if name.lower().endswith(MAINS)}
    alone = (name for name in kept if "/" in name or main_of(name.lower(), mains) is None)
    return [*dict.fromkeys(name.partition("/")[0] for name in alone)]


def commands(run: Run, inputs: Sequence[str], folder: Path, config: Path | None) -> Iterator[list[str]]:
    """Yield the command that does a run, and those that add to what it has written.

    Parameters
    ----------
    run
        What was asked for.
    inputs
        Files and folders.
    folder
        Folder of the results.
    config
        The ``landxml.toml`` to follow; None: the command looks for it.
    """
    options = run.options
    said = [f"--lang={run.lang}", *_options(run.kind, options)]
    configured = [f"--config={config}"] if config else []
    files = ["--", *inputs]
    if run.kind == "check":
        forms = [f"--format={form}" for form in CHECKED]
        yield ["validate", *said, *configured, *forms, f"--output={folder}", *files]
        for form in ("html", "json"):
            made = folder / f"certificate.{form}"
            yield ["certify", f"--lang={run.lang}", f"{folder / 'report.json'}", f"--output={made}"]
    elif run.kind == "convert":
        layout = builtin()[options["to"]]
        result = folder / f"result{_suffix(layout)}"
        yield ["convert", *said, f"--loss={folder / 'loss.html'}", f"--output={result}", *files]
    elif run.kind == "remap":
        report = [f"--report={folder / 'report.html'}", f"--table={folder / 'reference.csv'}"]
        result = folder / f"result{_like(inputs)}"
        yield ["remap", *said, *([] if options.get("reverse") else report), f"--output={result}", *files]
    else:
        report = [f"--report={folder / 'report.html'}", f"--output={folder / 'parcels.xlsx'}"]
        yield ["classify", *said, *configured, *report, *files]


def _options(kind: str, options: Mapping[str, str]) -> Iterator[str]:
    for field in fields(kind):
        if value := options.get(field.name):
            yield field.option if field.type == "flag" else f"{field.option}={value}"


def _suffix(layout: Layout) -> str:
    """Return the suffix of what a conversion writes."""
    return {"dossier": ".zip", "gml": ".gml"}.get(layout.carrier, f".{layout.extension}")


def _like(inputs: Sequence[str]) -> str:
    """Return the suffix of what is written in the form of what comes in: several files become a zip."""
    return Path(inputs[0]).suffix.lower() or ".zip" if len(inputs) == 1 else ".zip"
