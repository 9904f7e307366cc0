"""Writing sample packages, valid or with faults, in constant memory.

``write`` is the whole interface. A national package is a folder (or zip) with one GML file per commune, as
is one of the parcel GML of VBDLIS; a HoSoXml package has one dossier per parcel. With faults,
``<name>.faults.csv`` stands beside it: which fault is where.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple, cast

from msgspec.structs import replace

from landxml import packing
from landxml.encoding import encode
from landxml.errors import LandXmlError
from landxml.model import Record, SieuDuLieu, ThuaDat
from landxml.packing import Keep
from landxml.text import Text
from landxml.writing import HEADER, write_members
from landxml_mappings import vbdlis
from landxml_samples import fault_list, flat, parcel_gml
from landxml_samples.dossier import Parcel, dossier, guid, survey
from landxml_samples.edits import Edit
from landxml_samples.fault_list import Injected
from landxml_samples.faults import FAULTS
from landxml_samples.flat import dossier_of
from landxml_samples.grid import plans, sheets, zone
from landxml_samples.layouts import FLAT, LAYOUTS, NATIONAL, PARCEL_GML, VBDLIS, VENDOR
from landxml_samples.noise import draws, noise
from landxml_samples.places import Place, places

__all__ = ["write"]

HANOI = dt.timezone(dt.timedelta(hours=7))


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


def write(
    out: str | os.PathLike[str],
    *,
    layout: str = NATIONAL,
    parcels: int = 1000,
    communes: int | Sequence[str] = 1,
    province: str = "22",
    faults: Mapping[str, int] | None = None,
    seed: int = 1,
    date: dt.date = dt.date(2026, 1, 1),
    force: bool = False,
) -> list[Injected]:
    """Write a sample package; the same arguments give the same bytes.

    Parameters
    ----------
    out
        Folder to make (a name without a suffix), or a file name that ends in ``.zip``.
    layout
        ``national``, ``vbdlis-xml`` or ``vbdlis-gml``; ``vbdlis`` for dossiers and the GML of their parcels.
    parcels, communes
        Number of parcels in all; number of communes, or their codes or names.
    province
        Code or name.
    faults
        Code of a rule → how many faults of it to put in; each leads to exactly one finding.
    date
        Day of delivery: no event is later, and communes are those of that day. Before July 2025 those with
        districts; parcels of a commune that was divided lie in all its successors.
    force
        Replace files that exist; not a folder.

    Returns
    -------
    list of Injected
        The faults, in the order of the files.

    Raises
    ------
    LandXmlError
        If something asked for does not exist or does not fit, or something stands at ``out``
        (:mod:`landxml.files`).
    """
    target = Path(out)
    lists = fault_list.beside(target) if faults else []
    packing.check(target, beside=lists, force=force)
    where = places(province, communes, date)
    order = _order(layout, parcels, where=where, faults=faults or {}, seed=seed, date=date)
    with packing.packing(target, force=force) as (root, keep):
        found = list(WRITERS[layout](order, root, keep))
        if order.due:
            left = ", ".join(sorted({code for _, code in order.due}))
            raise LandXmlError(
                Text(
                    f"không đủ thửa đất phù hợp để cài các lỗi {left}; hãy tạo nhiều thửa hơn",
                    f"too few suitable parcels for the faults {left}; ask for more parcels",
                )
            )
    for path in lists:
        fault_list.write(path, found, force=force)
    return found


def _order(
    layout: str, parcels: int, *, where: list[Place], faults: Mapping[str, int], seed: int, date: dt.date
) -> Order:
    """Check what is asked for; share the parcels among the communes, spread the faults over the parcels."""
    if layout not in LAYOUTS:
        raise LandXmlError(
            Text(
                f"không có định dạng “{layout}”; hãy chọn {' hoặc '.join(LAYOUTS)}",
                f"there is no layout “{layout}”; choose {' or '.join(LAYOUTS)}",
            )
        )
    if parcels < len(where):
        raise LandXmlError(
            Text(
                f"{parcels} thửa đất không đủ cho {len(where)} xã",
                f"{parcels} parcels do not fill {len(where)} communes",
            )
        )
    for code in faults:
        if code not in FAULTS or layout not in FAULTS[code].layouts:
            known = " ".join(sorted(name for name, fault in FAULTS.items() if layout in fault.layouts))
            raise LandXmlError(
                Text(
                    f"không cài được lỗi “{code}” vào {layout}; hãy chọn trong {known}",
                    f"no fault “{code}” can be put into {layout}; choose from {known}",
                )
            )
    if (needed := sum(faults.values())) > parcels:
        raise LandXmlError(
            Text(
                f"{needed} lỗi cần ít nhất chừng ấy thửa đất, mà chỉ có {parcels}",
                f"{needed} faults need as many parcels, and there are {parcels}",
            )
        )
    seed %= 2**63
    ends = [parcels * n // len(where) for n in range(len(where) + 1)]
    shares = [(place, end - start, start) for place, start, end in zip(where, ends, ends[1:], strict=False)]
    codes = [code for code in sorted(faults) for _ in range(faults[code])]
    shuffled = noise(seed, len(codes), range(len(codes))).argsort(kind="stable").tolist()
    due = [(n * parcels // len(codes), codes[index]) for n, index in enumerate(shuffled)]
    return Order(layout, seed, date, shares, due[::-1])


def _national(order: Order, root: Path, keep: Keep) -> Iterator[Injected]:
    """Write one GML file per commune, and one of its own for each fault that spoils a whole file."""
    for share in order.shares:
        place = share[0]
        path = root / f"{place.code}.gml"
        inside: list[Injected] = []
        alone: list[Draft] = []
        made = write_members(path, _members(order, share, inside, alone), _metadata(order, place, place.code))
        keep(path)
        above = HEADER.count("\n") + encode(made).count(b"\n")
        yield from (fault._replace(line=fault.line + above) for fault in inside)
        for draft in alone:
            yield _spoilt_file(order, draft, root, keep)


def _members(
    order: Order, share: tuple[Place, int, int], inside: list[Injected], alone: list[Draft]
) -> Iterator[bytes]:
    """Yield the members of the file of one commune; note the faults in it, lines counted from the first."""
    line, sheet = 0, 0
    for draft in _drafts(order, share):
        place = draft.parcel.place
        if FAULTS[draft.code].alone if draft.code else False:
            alone.append(draft)
            continue
        records: list[Record] = []
        if draft.parcel.sheet != sheet:
            sheet = draft.parcel.sheet
            records = [survey(guid(order.seed, place.code, sheet), place, sheet)]
        members = [encode(record) for record in (*records, *draft.records)]
        if draft.edit:
            members = [
                draft.edit.rewrite(member) if draft.edit.mark in member else member for member in members
            ]
            inside.append(_injected(draft, f"{place.code}.gml", b"".join(members), line))
        line += sum(member.count(b"\n") for member in members)
        yield from members


def _spoilt_file(order: Order, draft: Draft, root: Path, keep: Keep) -> Injected:
    """Write a national file that holds one dossier, and spoil it."""
    parcel, edit = draft.parcel, cast("Edit", draft.edit)
    path = root / f"{parcel.place.code}-{parcel.sheet}-{parcel.number}.gml"
    write_members(path, map(encode, _with_survey(draft)), _metadata(order, parcel.place, draft.guid))
    path.write_bytes(edit.rewrite(path.read_bytes()))
    injected = _injected(draft, path.name, path.read_bytes(), 0)
    keep(path)
    return injected


def _vendor(order: Order, root: Path, keep: Keep) -> Iterator[Injected]:
    """Write one HoSoXml per parcel."""
    for share in order.shares:
        folder = root / share[0].code
        folder.mkdir()
        for draft in _drafts(order, share):
            path = folder / f"HoSo-{draft.parcel.sheet}-{draft.parcel.number}.xml"
            document = vbdlis.dossier(_with_survey(draft))
            if draft.edit:
                document = draft.edit.rewrite(document)
                yield _injected(draft, f"{folder.name}/{path.name}", document, 0)
            path.write_bytes(document)
            keep(path)


def _parcel_gml(order: Order, root: Path, keep: Keep) -> Iterator[Injected]:
    """Write one parcel GML per commune, and one of its own for each fault that spoils a whole file."""
    for share in order.shares:
        folder = root / share[0].code
        folder.mkdir()
        inside: list[Injected] = []
        alone: list[Draft] = []
        name = f"{folder.name}/Thua_Dat.gml"
        parcel_gml.write(root / name, _features(order, share, inside, alone))
        keep(root / name)
        yield from (fault._replace(file=name) for fault in inside)
        for draft in alone:
            name = f"{folder.name}/Thua_Dat-{draft.parcel.sheet}-{draft.parcel.number}.gml"
            yield _spoilt_features(draft, name, root / name)
            keep(root / name)


def _features(
    order: Order, share: tuple[Place, int, int], inside: list[Injected], alone: list[Draft]
) -> Iterator[parcel_gml.Feature]:
    """Yield the features of the file of one commune; note the faults in it."""
    line, number = parcel_gml.FIRST, 0
    for draft in _drafts(order, share):
        if FAULTS[draft.code].alone if draft.code else False:
            alone.append(draft)
            continue
        for feature in parcel_gml.features(draft.records):
            number, text = number + 1, feature.text
            if draft.edit and draft.edit.id == feature.id:
                text = draft.edit.rewrite(text.encode()).decode()
                what = FAULTS[draft.code].what
                inside.append(Injected(draft.code, "", f"{feature.key}-{number}", line, what))
            yield feature._replace(text=text)
            line += text.count("\n")


def _spoilt_features(draft: Draft, name: str, path: Path) -> Injected:
    """Write a parcel GML that holds the parcels of one dossier, and spoil it."""
    features, edit = list(parcel_gml.features(draft.records)), cast("Edit", draft.edit)
    parcel_gml.write(path, features)
    path.write_bytes(edit.rewrite(path.read_bytes()))
    injected = _injected(draft, name, path.read_bytes(), 0)
    return injected._replace(id=f"{features[0].key}-1", line=parcel_gml.FIRST) if edit.id else injected


def _delivery(order: Order, root: Path, keep: Keep) -> Iterator[Injected]:
    """Write dossiers, and one parcel GML per commune; a fault is in the dossier, or one side is left out."""
    for share in order.shares:
        folder = root / share[0].code
        folder.mkdir()
        inside: list[Injected] = []
        parcel_gml.write(folder / "Thua_Dat.gml", _other_side(order, share, folder, keep, inside))
        keep(folder / "Thua_Dat.gml")
        yield from inside


def _other_side(
    order: Order, share: tuple[Place, int, int], folder: Path, keep: Keep, inside: list[Injected]
) -> Iterator[parcel_gml.Feature]:
    """Write the dossiers of a commune, and yield the features of its map."""
    line, number = parcel_gml.FIRST, 0
    for draft in _drafts(order, share):
        if draft.code != "LNK002":
            path = folder / f"HoSo-{draft.parcel.sheet}-{draft.parcel.number}.xml"
            path.write_bytes(text := vbdlis.dossier(_with_survey(draft)))
            keep(path)
            if draft.edit:
                inside.append(_injected(draft, f"{folder.name}/{path.name}", text, 0))
        for feature in parcel_gml.features(draft.sound) if draft.code != "LNK001" else ():
            number += 1
            if draft.code == "LNK002":
                what = FAULTS[draft.code].what
                file, name = f"{folder.name}/Thua_Dat.gml", f"{feature.key}-{number}"
                inside.append(Injected(draft.code, file, name, line, what))
            yield feature
            line += feature.text.count("\n")


def _flat(order: Order, root: Path, keep: Keep) -> Iterator[Injected]:
    """Write one workbook or layer per commune."""
    for share in order.shares:
        place = share[0]
        path, package = root / flat.file_name(order.layout, place.code), root / f"{place.code}.gml"
        inside: list[Injected] = []
        write_members(package, _members(order, share, inside, []), _metadata(order, place, place.code))
        rows = flat.write(package, path, order.layout)
        package.unlink()
        keep(path)
        for fault in inside:
            yield fault._replace(file=path.name, id="", line=rows[dossier_of(fault.id)])


WRITERS = {NATIONAL: _national, VENDOR: _vendor, PARCEL_GML: _parcel_gml, VBDLIS: _delivery} | dict.fromkeys(
    FLAT, _flat
)


def _injected(draft: Draft, file: str, text: bytes, above: int) -> Injected:
    edit = cast("Edit", draft.edit)
    return Injected(draft.code, file, edit.id, above + edit.line(text), FAULTS[draft.code].what)


def _with_survey(draft: Draft) -> list[Record]:
    """Return the records of a dossier that stands in a file of its own, with its own survey document."""
    document = survey(draft.guid, draft.parcel.place, draft.parcel.sheet)
    return [
        document,
        *(replace(r, tai_lieu_do_dac=document.id) if isinstance(r, ThuaDat) else r for r in draft.records),
    ]


def _drafts(order: Order, share: tuple[Place, int, int]) -> Iterator[Draft]:
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
            groups = order.layout in {NATIONAL, *FLAT}
            records = dossier(parcel, name, source, as_of=order.date, survey_id=survey_id, groups=groups)
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


def _metadata(order: Order, place: Place, name: str) -> SieuDuLieu:
    return SieuDuLieu(
        id=f"SieuDuLieu.{name}",
        ma_goi=f"MAU-{order.seed}-{name}",
        he_thong="landxml sample",
        don_vi_cung_cap=f"Văn phòng đăng ký đất đai Mẫu, {place.province}",
        thoi_diem_lap=dt.datetime.combine(order.date, dt.time(8), HANOI),
        he_toa_do=zone(place.code, order.date),
        ngay_hieu_luc_ma_don_vi=order.date,
        ma_xa=(place.code,),
    )
