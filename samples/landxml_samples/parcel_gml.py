"""The parcel GML of VBDLIS as its export writes it: a collection of features without ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from landxml.features import Bounds, surface, template, write_features
from landxml.layouts import builtin
from landxml.model import CaNhan, CongDong, Record, ThuaDat, ToChuc
from landxml_mappings.revert import revert
from landxml_samples.layouts import PARCEL_GML

__all__ = ["FIRST", "Feature", "features", "write"]

LAYOUT = builtin()[PARCEL_GML]
FIRST = 10
"""Line of the first feature."""
PROVINCE = "Mau"
"""In the second name of the CRS."""


class Feature(NamedTuple):
    """A feature.

    Attributes
    ----------
    id, key
        Of the national parcel; of the feature, without its number in the file.
    text, shape
        How it is written; its boundary.
    """

    id: str
    key: str
    text: str
    shape: BaseGeometry | None


def features(records: Sequence[Record]) -> Iterator[Feature]:
    """Yield the features of the parcels of a dossier; the first party in it is their owner."""
    owner = next(filter(None, map(_name, records)), "")
    for record in records:
        if isinstance(record, ThuaDat):
            key = f"ThuaDat.{record.ma_xa}-{record.so_hieu_to_ban_do}-{record.so_thu_tu_thua}"
            yield Feature(record.id, key, _text(record, owner), record.ranh_gioi)


def _text(land: ThuaDat, owner: str) -> str:
    shape = land.ranh_gioi
    values = {
        "Geometry": "" if shape is None else surface(shape, *_named(shape)),
        "soHieuToBanDo": land.so_hieu_to_ban_do,
        "soThuTuThua": land.so_thu_tu_thua,
        "maXa": land.ma_xa,
        "mucDichSuDung": "+".join(use.ma_muc_dich_su_dung for use in land.muc_dich_su_dung),
        "dienTich": land.dien_tich,
        "tenChu": escape(owner),
        "diaChi": escape(land.dia_chi),
    }
    return template(LAYOUT).format_map(values)


def write(path: Path, features: Iterable[Feature]) -> None:
    """Write a collection."""
    bounds = Bounds()
    write_features(path, LAYOUT, _bounded(features, bounds), bounds)


def _bounded(features: Iterable[Feature], bounds: Bounds) -> Iterator[bytes]:
    for _, _, text, shape in features:
        if shape is not None:
            bounds.add([_named(shape)], np.array([shape]))
        yield text.encode()


def _named(shape: Any) -> tuple[int, str]:
    """Return the names of the CRS of a shape; which abbreviation a province has is not known."""
    srid = int(shapely.get_srid(shape))
    return srid, revert(srid, PROVINCE)


def _name(record: Record) -> str:
    match record:
        case CaNhan():
            return record.ho_ten
        case ToChuc():
            return record.ten_to_chuc
        case CongDong():
            return record.ten_cong_dong
    return ""
