"""Parcel codes of whole deliveries: computed from the shapes, compared with what is written, and written.

First every document is read and the codes are computed, so that codes which occur twice are known before
anything is written. Then a document is copied with the elements ``maThuaDat`` changed or added that the plan
says, and the hash of its members made right; nothing else is touched. Of a parcel this keeps some thirty
bytes in memory.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import msgspec
import numpy as np

from landxml.identifiers import geohash
from landxml.identifiers.parcel_code import PRECISION
from landxml.layouts import Layout
from landxml.privacy import shown
from landxml.progress import OnProgress
from landxml.sources import Path_, Paths, listed
from landxml.version import TOOL
from landxml_remap import rewrite
from landxml_remap.parcel_codes.plan import Cells, Flags, Parcels, Source, chosen, final, read, twice
from landxml_remap.parcel_codes.writing import write_codes

__all__ = ["KINDS", "CodesReport", "Finding", "parcel_codes"]

TOLERANCE = 1.0
"""Metres by which the point of a written code may lie outside its parcel."""
SAMPLES = 100
KINDS = ("outside", "malformed", "duplicate", "impossible")
"""Kinds of findings: code of another place; of no form; of two parcels; none can be computed."""


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is wrong with the code of one parcel, which stands at a line of a file.

    Attributes
    ----------
    code, computed
        The code as written, and the one computed from the shape; None where there is none.
    common
        Characters that the two have in common from the left.
    distance
        Metres between the point of the code and the parcel.
    other
        Place of another parcel with the code.
    """

    kind: str
    file: str
    line: int
    code: str | None = None
    computed: str | None = None
    common: int | None = None
    distance: float | None = None
    other: str | None = None


class CodesReport(msgspec.Struct, kw_only=True):
    """What was found and done.

    Attributes
    ----------
    precision
        Metres; how far from the best the characteristic points may be.
    parcels
        Parcels by what became of their code: ``assigned``, ``replaced``, ``kept``, ``missing`` (had none, and
        none was written), ``history`` (no longer in force), ``no-parcel`` (roads, rivers …).
    common
        Of the written codes: parcels by the number of characters in common with the computed code.
    findings
        Parcels by kind of finding, exactly; ``samples`` are the first of them.
    others
        Documents that are of another layout or of none, and are copied as they are.
    """

    tool: str
    created: dt.datetime
    seconds: float
    inputs: list[str]
    output: str | None
    precision: float
    documents: int
    others: list[str]
    parcels: dict[str, int]
    common: dict[int, int]
    findings: dict[str, int]
    samples: list[Finding]


def parcel_codes(
    paths: Paths,
    out: Path_ | None = None,
    *,
    replace: bool = False,
    force: bool = False,
    precision: float = PRECISION,
    layouts: Iterable[Layout] = (),
    progress: OnProgress | None = None,
) -> CodesReport:
    """Compute the codes of all parcels; compare them with those that are written, and write what is missing.

    Parameters
    ----------
    paths
        Files, folders or zips, one path or many; documents of the national layout are looked at, others
        copied.
    out
        What to write, in the form of what went in; None only compares.
    replace
        Also replace codes that are written and differ.
    force
        Replace a file at ``out``; not a folder.
    precision
        Metres within which the characteristic point is the best.
    layouts
        Layouts beside the built-in ones.
    progress
        Told how many bytes of how many are done.

    Raises
    ------
    LandXmlError
        If anything cannot be read, or ``out`` would harm something (:mod:`landxml.files`); nothing is written
        then.
    """
    started, created = time.perf_counter(), dt.datetime.now(dt.UTC)
    paths, own = listed(paths), tuple(layouts)
    found = rewrite.documents(paths, own)
    if out is not None:
        rewrite.check_out(paths, out, found, force=force)
    passes = 2 if out else 1
    advance = rewrite.counted(progress, passes * sum(document.size for _, document in found))
    sources, others, parcels = read(found, precision, advance, own)
    write = chosen(parcels, replace=replace)
    if out is not None:
        rewrites = {
            one.name: rewrite.Rewrite(
                one.document.name,
                partial(write_codes, one, parcels, write),
                partial(rewrite.no_worse, one.document, one.layout, one.faults),
            )
            for one in sources
        }
        with rewrite.opened(paths, out, force=force) as place:
            rewrite.mirror(paths, place, found, rewrites, advance)
    return CodesReport(
        tool=TOOL,
        created=created,
        seconds=round(time.perf_counter() - started, 3),
        inputs=paths,
        output=None if out is None else os.fspath(out),
        precision=precision,
        documents=len(sources),
        others=others,
        **_told(sources, parcels, write, writing=out is not None),
    )


def _told(sources: list[Source], parcels: Parcels, write: Flags, *, writing: bool) -> dict[str, Any]:
    """Count, and pick samples."""
    wanted = write | (parcels.counts & parcels.computed & ~parcels.written)
    both = parcels.counts & parcels.formed & parcels.computed
    common = geohash.common(parcels.old[both], parcels.new[both])
    kinds = {
        "outside": both & (parcels.off > TOLERANCE) & ~(write & writing),
        "malformed": parcels.counts & parcels.written & ~parcels.formed & ~(write & writing),
        "duplicate": parcels.counts & twice(parcels, wanted),
        "impossible": parcels.counts & ~parcels.computed & ~parcels.formed,
    }
    assigned, replaced = write & ~parcels.written, write & parcels.written
    outcomes = {
        "assigned": assigned & writing,
        "replaced": replaced & writing,
        "kept": parcels.counts & parcels.written & ~(replaced & writing),
        "missing": parcels.counts & ~parcels.written & ~(assigned & writing),
        "history": parcels.history,
        "no-parcel": ~parcels.counts & ~parcels.history,
    }
    return {
        "parcels": {name: int(flags.sum()) for name, flags in outcomes.items()},
        "common": {int(k): n for k, n in sorted(Counter(common.tolist()).items(), reverse=True)},
        "findings": {kind: int(flags.sum()) for kind, flags in kinds.items()},
        "samples": [
            one for kind, flags in kinds.items() for one in _samples(kind, flags, sources, parcels, wanted)
        ],
    }


def _samples(
    kind: str,
    flags: Flags,
    sources: list[Source],
    parcels: Parcels,
    wanted: Flags,
) -> Iterator[Finding]:
    has, cells = final(parcels, wanted)
    for row in np.flatnonzero(flags)[:SAMPLES].tolist():
        both = parcels.formed[row] and parcels.computed[row]
        other = None
        if kind == "duplicate":
            same = np.flatnonzero(has & (cells == cells[row]))
            other = _place(int(same[same != row][0]), sources, parcels)
        file, _, line = _place(row, sources, parcels).rpartition(":")
        yield Finding(
            kind=kind,
            file=file,
            line=int(line),
            code=_word(parcels.old, parcels.formed, row),
            computed=_word(parcels.new, parcels.computed, row),
            common=int(geohash.common(parcels.old[[row]], parcels.new[[row]])[0]) if both else None,
            distance=round(float(parcels.off[row]), 1) if both else None,
            other=other,
        )


def _place(row: int, sources: list[Source], parcels: Parcels) -> str:
    source = next(one for one in sources if one.begin <= row < one.end)
    return f"{source.document.name}:{parcels.line[row]}"


def _word(cells: Cells, there: Flags, row: int) -> str | None:
    return shown(geohash.texts(cells[[row]])[0].decode()) if there[row] else None
