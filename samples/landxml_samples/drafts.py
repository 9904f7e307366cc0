"""The dossiers of a package, one after another, each with at most one of the faults that are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import chain, count
from typing import NamedTuple, cast

from msgspec.structs import replace

from landxml.model import Record, ThuaDat
from landxml_samples.dossier import ANYONE, NO_GROUPS, PERSONS, Parcel, dossier, guid, survey
from landxml_samples.edits import Edit
from landxml_samples.fault_list import Injected
from landxml_samples.faults import FAULTS
from landxml_samples.grid import plans, sheets
from landxml_samples.layouts import COLLECTION, FLAT, NATIONAL
from landxml_samples.noise import draws
from landxml_samples.places import Place

__all__ = ["Draft", "Order", "drafts", "injected", "with_survey"]

AMONG = dict.fromkeys((NATIONAL, *FLAT), ANYONE) | {COLLECTION: PERSONS}
"""Of which kinds holders are, where groups of co-users or more can be written."""


class Order(NamedTuple):
    """What is to be made. ``due`` are the faults to come: from which parcel on, and which; last one first."""

    layout: str
    seed: int
    date: dt.date
    shares: list[tuple[Place, int, int]]  # commune, its parcels, the parcels of those before it
    due: list[tuple[int, str]]


class Draft(NamedTuple):
    """One dossier about to be written, faulty if it has a code; ``sound``: its records without the fault."""

    parcel: Parcel
    guid: str
    records: list[Record]
    sound: list[Record]
    code: str = ""
    edit: Edit | None = None


def injected(draft: Draft, file: str, text: bytes, above: int) -> Injected:
    """Return the place of the fault of a dossier in a text that holds it."""
    edit = cast("Edit", draft.edit)
    return Injected(draft.code, file, edit.id, above + edit.line(text), FAULTS[draft.code].what)


def with_survey(draft: Draft) -> list[Record]:
    """Return the records of a dossier that stands in a file of its own, with its own survey document."""
    document = survey(draft.guid, draft.parcel.place, draft.parcel.sheet)
    return [
        document,
        *(replace(r, tai_lieu_do_dac=document.id) if isinstance(r, ThuaDat) else r for r in draft.records),
    ]


def drafts(order: Order, share: tuple[Place, int, int]) -> Iterator[Draft]:
    """Make the dossiers of a commune, sheet by sheet, each with at most one of the faults that are due."""
    place, parcels, before = share
    running = count(before)
    grids = plans(place.code, parcels, order.seed, order.date)
    for sheet in chain.from_iterable(map(sheets, grids)):
        survey_id = f"TaiLieuDoDac.{guid(order.seed, place.code, sheet.number)}.1"
        luck = draws(order.seed, int(place.code), sheet.number, len(sheet.areas))
        for number, (boundary, area, source) in enumerate(
            zip(sheet.boundaries, sheet.areas, luck, strict=True), 1
        ):
            parcel = Parcel(place, sheet.number, number, next(running), boundary, area)
            name = guid(order.seed, place.code, sheet.number, number)
            among = AMONG.get(order.layout, NO_GROUPS)
            records = dossier(parcel, name, source, as_of=order.date, survey_id=survey_id, among=among)
            code, edit = _fault(order.due, parcel.running, records)
            yield Draft(parcel, name, edit.records if edit else records, records, code, edit)


def _fault(due: list[tuple[int, str]], running: int, records: list[Record]) -> tuple[str, Edit | None]:
    """Take the first fault that is due at a parcel and fits its dossier; those that do not fit wait."""
    for index in range(len(due) - 1, -1, -1):
        start, code = due[index]
        if start > running:
            break
        edit = FAULTS[code].edit(records)
        if edit is not None:
            del due[index]
            return code, edit
    return "", None
