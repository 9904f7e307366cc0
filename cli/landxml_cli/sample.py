"""``landxml sample``: make a synthetic package."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import landxml_units as units
from landxml import localised
from landxml.errors import LandXmlError
from landxml_cli.messages import say
from landxml_cli.terminal import note
from landxml_cli.types import Complaint
from landxml_samples import fault_list
from landxml_samples.faults import FAULTS
from landxml_samples.package import write

__all__ = ["make", "provinces", "sample", "together"]


def together(layout: str) -> list[str]:
    """Return the faults of a layout that leave the rest of their file as it is."""
    return [code for code, fault in FAULTS.items() if layout in fault.layouts and not fault.alone]


def provinces() -> list[str]:
    """Return codes and names of the provinces of today."""
    rows = (units.Unit(**row) for row in units.table("units").to_pylist() if row["level"] == "province")
    today = [unit for unit in rows if unit.valid_to is None]
    return [*(unit.code for unit in today), *(_bare(unit.name) for unit in today), *(u.name for u in today)]


def _bare(name: str) -> str:
    return name.removeprefix("Tỉnh ").removeprefix("Thành phố ")


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
        faults = dict.fromkeys(together(layout), every) | faults
    for code in faults:
        if layout not in FAULTS[code].layouts:
            others = ", ".join(FAULTS[code].layouts)
            raise Complaint(say(lang, "no-fault-here", layout=layout, code=code, known=others))
    few = communes.isdecimal() and len(communes) < 5  # digits in the code of a commune
    chosen = int(communes) if few else [commune.strip() for commune in communes.split(",")]
    make(
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


def make(target: Path, lang: str, *, faults: Mapping[str, int] | None, **what: object) -> None:
    """Make a package, and tell where it is and where its faults are listed."""
    note(say(lang, "making"))
    try:
        made = write(target, faults=faults, **what)  # type: ignore[arg-type]
    except LandXmlError as error:
        raise Complaint(say(lang, "cannot-make", reason=error.text(lang))) from None
    note(say(lang, "wrote", path=target))
    for listed in fault_list.beside(target) if faults else ():
        count = localised.number(len(made)).get(lang)
        note(say(lang, "faults-listed", count=count, path=listed))
