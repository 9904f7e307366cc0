"""A sample province in mixed layouts, and the truth about it, counted from its objects one by one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import landxml_mappings
from landxml import model
from landxml_samples import write

DAY = dt.date(2026, 6, 1)
NATIONAL, DOSSIERS, COLLECTION = ("06652", "06658"), ("06661",), ("06673",)
"""Communes by layout: a national package; dossiers with their map; a collection workbook."""
FAULTS = {"LND002": 2, "GEO002": 1, "REF001": 1}
"""Put into the national package; the last makes a parcel unusable."""


def province(folder: Path, parcels: int) -> None:
    """Write a province of about so many parcels, and beside it what its workbook was made of."""
    part = parcels // 4
    (folder / "goi").mkdir()
    write(folder / "goi/quoc-gia", parcels=2 * part, communes=NATIONAL, faults=FAULTS)
    write(folder / "goi/vbdlis", layout="vbdlis", parcels=part, communes=DOSSIERS, seed=2)
    write(folder / "goi/thu-thap", layout="mplis-collection", parcels=part, communes=COLLECTION, seed=3)
    write(folder / "nguon", parcels=part, communes=COLLECTION, seed=3)
    for faults in (folder / "goi").glob("*.faults.csv"):
        faults.rename(folder / faults.name)


def truth(folder: Path) -> dict[str, dict[str, int | None]]:
    """Return by commune the figures, and the number of parcels of each group."""
    found = counted(landxml_mappings.read(folder / "goi/quoc-gia"))
    dossiers = counted(landxml_mappings.read(sorted((folder / "goi/vbdlis").rglob("*.xml"))))
    for counts in dossiers.values():
        counts |= {"shape": counts["parcels"], "both": counts["parcels"]}
    collected = counted(landxml_mappings.read(folder / "nguon"))
    for counts in collected.values():
        counts |= {"shape": 0, "both": 0, "collected": counts["certificates"]}
    return found | dossiers | collected


def counted(records: Iterable[tuple[model.Record, Any]]) -> dict[str, dict[str, int | None]]:
    """Count records of the national model, each for itself."""
    by_id: dict[str, list[model.Record]] = defaultdict(list)
    for record, _ in records:
        by_id[record.id].append(record)
    parcels: dict[str, dict[tuple[int, int], set[str]]] = defaultdict(lambda: defaultdict(set))
    commune_of: dict[str, str] = {}
    shaped = set()
    for each in (one for records in by_id.values() for one in records):
        if isinstance(each, model.ThuaDat):
            number = (each.so_hieu_to_ban_do, each.so_thu_tu_thua)
            parcels[each.ma_xa][number].add(each.id)
            commune_of[each.id] = each.ma_xa
            if each.ranh_gioi is not None:
                shaped.add((each.ma_xa, number))
    users: dict[str, set[str]] = defaultdict(set)
    serials: dict[str, set[str]] = defaultdict(set)
    for each in (one for records in by_id.values() for one in records):
        if isinstance(each, model.QuyenSuDungDat):
            commune = commune_of[each.thua_dat]
            users[commune] |= {number_of(one) for one in persons(each.chu, by_id)}
            for paper in by_id.get(each.giay_chung_nhan or "", []):
                serials[commune].add(paper.so_phat_hanh)  # type: ignore[attr-defined]
    return {
        commune: {
            "parcels": len(numbers), "described": len(numbers), "two_tiers": len(numbers), "codes": 0,
            "shape": (shape := sum((commune, number) in shaped for number in numbers)), "both": shape,
            "users": len(users[commune]), "numbered": sum(len(n) == 12 for n in users[commune]),
            "certificates": len(serials[commune]), "collected": 0, "entered": 0,
            "verified": None, "matched": None, "synchronised": None, "operated": None,
        }
        for commune, numbers in parcels.items()
    }  # fmt: skip


def persons(id_: str, by_id: dict[str, list[model.Record]]) -> list[model.CaNhan]:
    """Return the persons of a party."""
    found: list[model.CaNhan] = []
    for party in by_id.get(id_, []):
        match party:
            case model.CaNhan():
                found.append(party)
            case model.VoChong():
                found += [*persons(party.vo, by_id), *persons(party.chong, by_id)]
            case model.HoGiaDinh():
                below = (
                    party.chu_ho,
                    party.vo_chong_chu_ho or "",
                    *party.thanh_vien,
                    *party.vo_chong_thanh_vien,
                )
                found += [one for each in below for one in persons(each, by_id)]
            case model.NhomNguoiDongSuDung():
                found += [one for each in party.thanh_vien for one in persons(each, by_id)]
    return found


def number_of(person: model.CaNhan) -> str:
    """Return the number of a person, else the id of the record."""
    papers = [paper.so_giay_to for paper in person.giay_to_tuy_than]
    known = [
        text for text in (person.ma_so_dinh_danh, *papers) if text and text.isdecimal() and len(text) == 12
    ]
    return known[0] if known else person.id
