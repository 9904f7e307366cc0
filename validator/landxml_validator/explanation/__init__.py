"""One finding explained: its rule, what stands at its place, the other record, the codes, what is around it.

The input is looked up again, because a report holds no more of it than places. What cannot be found any more,
or has changed, is said, and the rest is explained all the same.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from landxml.carriers import Opened
from landxml.documents import Document, Refusal
from landxml.faults import Fault
from landxml.files import Path_
from landxml.layouts import Layout
from landxml.load import opened
from landxml.place import Place
from landxml.text import Text
from landxml_validator.explanation import codes, originals, recorded
from landxml_validator.explanation.codes import Codes
from landxml_validator.explanation.fragment import Quote, Sought, fragments, masked, shown, sought
from landxml_validator.explanation.recorded import Recorded, Sheet
from landxml_validator.explanation.records import cells, marked, parcels_of
from landxml_validator.quoted import Cell, DocumentLine
from landxml_validator.surroundings import Shape, defect_of, near, within

__all__ = ["Cell", "Codes", "DocumentLine", "Explanation", "Original", "Shape", "Sheet", "explain"]


class Original(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at a place of the input.

    Attributes
    ----------
    place
        As people look it up.
    note
        Why nothing is shown, or that it is not what was checked; empty if it is.
    lines, cells
        The part of an XML document; the values of a row, feature or object.
    """

    place: str
    note: Text = Text("", "")
    lines: list[DocumentLine] = []
    cells: list[Cell] = []


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A finding with all that there is to say of it.

    Attributes
    ----------
    number, fingerprint, key, place
        Of the finding.
    rule, message
        What it is, and what was found.
    originals
        What stands there, and where the other record stands that it names.
    codes
        Of a code: rows of its list; else None.
    shapes
        Of a geometry, if a map was asked for: what is there, the neighbours first, the defect last.
    personal_data
        Whether personal data is shown in clear.
    """

    number: int
    fingerprint: str
    key: str
    place: str
    rule: Sheet
    message: Text
    originals: list[Original]
    codes: Codes | None = None
    shapes: list[Shape] = []
    personal_data: bool = False


def explain(
    path: Path_,
    which: str,
    *,
    given: Path_ | None = None,
    layouts: Sequence[Layout] = (),
    shapes: bool = False,
    personal_data: bool = False,
) -> Explanation:
    """Explain a finding.

    Parameters
    ----------
    path, which
        A report in JSON or a file of findings; number or fingerprint of the finding
        (:func:`landxml_validator.explanation.recorded.read`).
    given
        The input that was checked, or a folder that holds it; else it is looked for in the current folder and
        in that of the report.
    layouts
        Layouts beside the built-in ones.
    shapes
        Whether the parcels around it are wanted: for these the whole document is read.
    personal_data
        Show personal data in clear.

    Raises
    ------
    LandXmlError, OSError
        If the report cannot be read, or has no such finding; if what is ``given`` is not there.
    """
    found = recorded.read(path, which)
    finding, quote = found.finding, shown if personal_data else masked
    other = Place.of(str(finding.params.get("other") or ""))
    places = [place for place in (finding.place, other) if place and place.file]
    folders, at = [Path.cwd(), Path(path).parent], Path(given) if given else None
    if at:
        at.stat()  # what is named is not looked for elsewhere
    search = _Search(
        found=found,
        documents={place.file: originals.document(place.file, folders, at, layouts) for place in places},
        written=os.stat(path).st_mtime,  # noqa: PTH116 - a name, as the user gave it
        own=layouts,
    )
    day = found.as_of or dt.datetime.now().astimezone().date()
    return Explanation(
        number=finding.number,
        fingerprint=finding.fingerprint,
        key=finding.key or finding.id,
        place=finding.where,
        rule=found.rule,
        message=found.message,
        originals=[_original(place, search, quote) for place in places],
        codes=codes.near(found.rule.code, finding.params, day),
        shapes=_shapes(places, search) if shapes else [],
        personal_data=personal_data or found.personal_data,
    )


class _Search(msgspec.Struct, frozen=True, kw_only=True):
    """A finding, the documents that it names, when the report was written, and layouts of the user."""

    found: Recorded
    documents: dict[str, Document | Refusal]
    written: float
    own: Sequence[Layout]

    def opened(self, name: str) -> Iterator[Opened]:
        """Open a document, under the name that the report has for it."""
        faults: list[Fault] = []
        for source in opened([self.documents[name]], faults.append, self.own):
            source.name = name
            yield source


def _original(place: Place, search: _Search, quote: Quote) -> Original:
    finding = search.found.finding
    mine = place == finding.place
    column = finding.column if mine else ""
    said = place.said(column)
    document = search.documents[place.file]
    if isinstance(document, Refusal):
        return Original(place=said, note=document.what)
    changed = originals.changed(document, place.file, search.found.hashes, search.written)
    note, nothing = (originals.CHANGED, GONE) if changed else (Text("", ""), WHOLE)
    if not place.at:
        return Original(place=said, note=note if changed else WHOLE)
    for source in search.opened(place.file):
        if place.part:
            row = marked(cells(source, [place], quote).get(place, ()), column)
            return Original(place=said, note=note if row else nothing, cells=row)
        wanted = sought(finding) if mine else Sought(place.at)
        (lines,) = fragments(source.stream, [wanted], encoding=source.found.codec, quote=quote)
        return Original(place=said, note=note if lines else nothing, lines=lines)
    return Original(place=said, note=nothing)


WHOLE = Text("Phát hiện nói về cả tệp.", "The finding is about the whole file.")
GONE = Text(
    "Ở vị trí này không còn gì: tệp đã thay đổi sau khi kiểm tra.",
    "Nothing stands at this place any more: the file has changed since the check.",
)


def _shapes(places: Sequence[Place], search: _Search) -> list[Shape]:
    """Return what a map of the finding shows; nothing where there is no geometry."""
    found = search.found
    finding = found.finding
    if finding.x is None or finding.y is None:
        return []
    point = finding.x, finding.y
    parcels = [
        parcel
        for name in dict.fromkeys(place.file for place in places)
        for source in search.opened(name)
        for batch in parcels_of(source)
        for parcel in within(batch, point)
    ]
    by_place = {parcel.place: parcel for parcel in parcels}
    own, *others = (by_place.get(place) for place in places)
    other = next(iter(others), None)
    shapes = near(parcels, own, other, point)
    return [*shapes, Shape("defect", defect_of(found.geometry, own, other, point))]
