"""Writing sample packages, valid or with faults, in constant memory.

``write`` is the whole interface. A national package is a folder (or zip) with one GML file per commune, as
is one of the parcel GML of VBDLIS; a HoSoXml package has one dossier per parcel. With faults,
``<name>.faults.csv`` stands beside it: which fault is where.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from landxml import packing
from landxml.encoding import encode
from landxml.errors import LandXmlError
from landxml.model import Record, SieuDuLieu
from landxml.packing import Keep
from landxml.text import Text
from landxml.writing import HEADER, write_members
from landxml_mappings import vbdlis
from landxml_samples import collection, fault_list, flat, mplis_json, parcel_gml
from landxml_samples.dossier import guid, survey
from landxml_samples.drafts import Draft, Order, drafts, injected, with_survey
from landxml_samples.edits import Edit
from landxml_samples.fault_list import Injected
from landxml_samples.faults import FAULTS
from landxml_samples.flat import dossier_of
from landxml_samples.grid import zone
from landxml_samples.layouts import COLLECTION, FLAT, JSON, LAYOUTS, NATIONAL, PARCEL_GML, VBDLIS, VENDOR
from landxml_samples.noise import noise
from landxml_samples.places import Place, places

__all__ = ["write"]

HANOI = dt.timezone(dt.timedelta(hours=7))


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
    # Where there are many, the last quarter is for those that wait for a dossier that suits.
    span = parcels if 12 * len(codes) < parcels else parcels * 3 // 4
    due = [(n * span // len(codes), codes[index]) for n, index in enumerate(shuffled)]
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
    for draft in drafts(order, share):
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
            inside.append(injected(draft, f"{place.code}.gml", b"".join(members), line))
        line += sum(member.count(b"\n") for member in members)
        yield from members


def _spoilt_file(order: Order, draft: Draft, root: Path, keep: Keep) -> Injected:
    """Write a national file that holds one dossier, and spoil it."""
    parcel, edit = draft.parcel, cast("Edit", draft.edit)
    path = root / f"{parcel.place.code}-{parcel.sheet}-{parcel.number}.gml"
    write_members(path, map(encode, with_survey(draft)), _metadata(order, parcel.place, draft.guid))
    path.write_bytes(edit.rewrite(path.read_bytes()))
    found = injected(draft, path.name, path.read_bytes(), 0)
    keep(path)
    return found


def _vendor(order: Order, root: Path, keep: Keep) -> Iterator[Injected]:
    """Write one HoSoXml per parcel."""
    for share in order.shares:
        folder = root / share[0].code
        folder.mkdir()
        for draft in drafts(order, share):
            path = folder / f"HoSo-{draft.parcel.sheet}-{draft.parcel.number}.xml"
            document = vbdlis.dossier(with_survey(draft))
            if draft.edit:
                document = draft.edit.rewrite(document)
                yield injected(draft, f"{folder.name}/{path.name}", document, 0)
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
    for draft in drafts(order, share):
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
    found = injected(draft, name, path.read_bytes(), 0)
    return found._replace(id=f"{features[0].key}-1", line=parcel_gml.FIRST) if edit.id else found


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
    for draft in drafts(order, share):
        if draft.code != "LNK002":
            path = folder / f"HoSo-{draft.parcel.sheet}-{draft.parcel.number}.xml"
            path.write_bytes(text := vbdlis.dossier(with_survey(draft)))
            keep(path)
            if draft.edit:
                inside.append(injected(draft, f"{folder.name}/{path.name}", text, 0))
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


def _json(order: Order, root: Path, keep: Keep) -> Iterator[Injected]:
    """Write one list per commune; a fault is in the first object of its dossier."""
    for share in order.shares:
        path, number = root / f"{share[0].code}.json", 1
        with path.open("wb") as out:
            for draft in drafts(order, share):
                if draft.code:
                    yield Injected(draft.code, path.name, "", number, FAULTS[draft.code].what)
                for found in mplis_json.objects(with_survey(draft), draft.parcel.running):
                    out.write(b"[\n" if number == 1 else b",\n")
                    out.write(mplis_json.text(found))
                    number += 1
            out.write(b"\n]\n")
        keep(path)


def _collection(order: Order, root: Path, keep: Keep) -> Iterator[Injected]:
    """Write one file per parcel, and its scans beside."""
    for share in order.shares:
        above = root / share[0].code
        folder, beside = above / "xml", above / "ho-so-quet"
        folder.mkdir(parents=True)
        beside.mkdir()
        for draft in drafts(order, share):
            parcel, number = draft.parcel, f"{draft.parcel.sheet}-{draft.parcel.number}"
            records, names = collection.scanned(draft.records, number)
            text, key = collection.document(records), collection.key(records[0].id)
            path = folder / f"DD-{parcel.place.code}-{number}-{key}.xml"
            path.write_bytes(text)
            keep(path)
            for name in _scans(draft.code, names, number):
                content = WRONG.get(draft.code, collection.PDF) if name == names[0] else collection.PDF
                (beside / name).write_bytes(content)
                keep(beside / name)
            if draft.edit and draft.code in {UNNAMED, *WRONG}:
                name = names[0] if draft.code in WRONG else _unnamed(number)
                place = (beside / name).relative_to(root).as_posix()
                yield Injected(draft.code, place, "", 0, FAULTS[draft.code].what)
            elif draft.edit:
                line, name = collection.line(text, draft.edit.id), path.relative_to(root).as_posix()
                yield Injected(draft.code, name, draft.edit.id, line, FAULTS[draft.code].what)


ABSENT, UNNAMED = "SCN001", "SCN002"
"""Faults of scans, which stand in no record."""
WRONG = {"SCN003": b"", "SCN004": collection.UNSIGNED}
"""Faults of what the first scan holds."""


def _scans(code: str, names: list[str], number: str) -> list[str]:
    """Return the scans of a dossier that are there."""
    return names[code == ABSENT :] + ([_unnamed(number)] if code == UNNAMED else [])


def _unnamed(number: str) -> str:
    return f"{number}-khac.pdf"


WRITERS = {
    NATIONAL: _national, VENDOR: _vendor, PARCEL_GML: _parcel_gml, VBDLIS: _delivery, JSON: _json,
    COLLECTION: _collection,
} | dict.fromkeys(FLAT, _flat)  # fmt: skip


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
