"""Commands that make data: a sample package, and the demonstration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import click
from click.core import ParameterSource

import landxml_schemas
import landxml_validator
from landxml import files
from landxml.errors import LandXmlError
from landxml_cli.check import digest
from landxml_cli.pages import Command
from landxml_cli.parameters import Complaint, Day, Faults, Number, Plain, Word, forcible, lang_of, shared
from landxml_cli.terminal import destination, note, progress, put
from landxml_cli.words import say
from landxml_mappings import units
from landxml_validator.render import render, wording
from landxml_validator.sample.faults import FAULTS
from landxml_validator.sample.package import faults_beside, write
from landxml_validator.sample.places import EARLIEST

__all__ = ["demo", "sample"]

DEMO_PARCELS, DEMO_COMMUNES, DEMO_PROVINCE = 3_000, 3, "22"


def _together(layout: str) -> list[str]:
    """Return the faults of a layout that leave the rest of their file as it is."""
    return [code for code, fault in FAULTS.items() if layout in fault.layouts and not fault.alone]


DEMO_FAULTS = {
    code: 2 + number % 4 for number, code in enumerate(sorted(FAULTS)) if code in _together("national")
}
"""Two to five of every fault."""


def _provinces() -> list[str]:
    """Codes and names of the provinces of today."""
    rows = (units.Unit(**row) for row in units.table("units").to_pylist() if row["level"] == "province")
    today = [unit for unit in rows if unit.valid_to is None]
    return [*(unit.code for unit in today), *(_bare(unit.name) for unit in today), *(u.name for u in today)]


def _bare(name: str) -> str:
    return name.removeprefix("Tỉnh ").removeprefix("Thành phố ")


@click.command(cls=Command)
@click.option("-o", "--output", type=Plain("FILE", "output"), required=True)
@forcible
@click.option("--layout", type=Word(landxml_schemas.layouts), default="national")
@click.option("--parcels", type=Number(1), default=1000)
@click.option("--communes", type=Plain("COMMUNES"), default="1")
@click.option("--province", type=Word(_provinces, "PROVINCE"), default="22")
@click.option("--faults", type=Faults(lambda: FAULTS))
@click.option("--seed", type=Number(0), default=1)
@click.option("--date", type=Day(EARLIEST), default="2026-01-01")
@shared
@click.pass_obj
def sample(
    lang: str,
    *,
    output: str,
    force: bool,
    layout: str,
    parcels: int,
    communes: str,
    province: str,
    faults: dict[str, int] | None,
    seed: int,
    date: dt.date,
) -> None:
    """Make a sample package."""
    faults = dict(faults or {})
    if every := faults.pop("ALL", 0):
        faults = dict.fromkeys(_together(layout), every) | faults
    for code in faults:
        if layout not in FAULTS[code].layouts:
            others = ", ".join(FAULTS[code].layouts)
            raise Complaint(say(lang, "no-fault-here", layout=layout, code=code, known=others))
    few = communes.isdecimal() and len(communes) < 5  # digits in the code of a commune
    chosen = int(communes) if few else [commune.strip() for commune in communes.split(",")]
    _make(
        Path(output),
        lang,
        layout=layout,
        parcels=parcels,
        communes=chosen,
        province=province,
        faults=faults,
        seed=seed,
        date=date,
        force=force,
    )


def _make(target: Path, lang: str, *, faults: Mapping[str, int] | None, **what: object) -> None:
    note(say(lang, "making"))
    try:
        made = write(target, faults=faults, **what)  # type: ignore[arg-type]
    except LandXmlError as error:
        raise Complaint(say(lang, "cannot-make", reason=error.text(lang))) from None
    note(say(lang, "wrote", path=target))
    for listed in faults_beside(target) if faults else ():
        count = wording.number(len(made)).get(lang)
        note(say(lang, "faults-listed", count=count, path=listed))


@click.command(cls=Command)
@click.option("-o", "--output", type=Plain("FOLDER"), default="landxml-demo")
@forcible
@shared
@click.pass_context
def demo(context: click.Context, output: str, *, force: bool) -> None:
    """Make a package with faults, validate it, and write the reports."""
    lang = lang_of(context) if _asked_for_language(context) else "vi"
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    package = folder / "quang-ninh.zip"
    reports = {format_: folder / f"report.{format_}" for format_ in ("html", "json")}
    force = force or package.is_file()  # then the reports beside it are of a demonstration too
    files.check([package, *reports.values()], force=force)
    _make(
        package,
        lang,
        faults=DEMO_FAULTS,
        parcels=DEMO_PARCELS,
        communes=DEMO_COMMUNES,
        province=DEMO_PROVINCE,
        force=force,
    )
    with progress(lang) as advance:
        report = landxml_validator.validate([package], progress=advance)
    put(digest(report, lang))
    for format_, path in reports.items():
        with destination(str(path), lang, force=force) as out:
            out(render(report, format_, lang))
    note(say(lang, "demo-done", report=reports["html"], package=package))


def _asked_for_language(context: click.Context) -> bool:
    """Tell whether ``--lang`` was given, to this command or before it."""
    contexts = [context, context.parent] if context.parent else [context]
    return any(c.get_parameter_source("lang") is ParameterSource.COMMANDLINE for c in contexts)
