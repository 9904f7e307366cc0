"""The parcel GML of VBDLIS as its export writes it: a collection of features without ids."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landxml import crs
from landxml.model import CaNhan, CongDong, Record, ThuaDat, ToChuc

__all__ = ["FIRST", "Feature", "features", "write"]

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"\
 xmlns:app="http://www.vietbando.com/gml/vlis" xmlns:gmlce="http://www.opengis.net/gml/3.3/ce"\
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\
 xsi:schemaLocation="http://www.opengis.net/wfs/2.0 http://schemas.opengis.net/wfs/2.0/wfs.xsd Thua_Dat.xsd">
  <gml:boundedBy>
    <gml:Envelope{said}>
      <gml:lowerCorner>{lower}</gml:lowerCorner>
      <gml:upperCorner>{upper}</gml:upperCorner>
    </gml:Envelope>
  </gml:boundedBy>
"""
FEATURE = """  <wfs:member>
    <app:Thua_Dat>
      <app:Geometry>{shape}</app:Geometry>
      <app:soHieuToBanDo>{sheet}</app:soHieuToBanDo>
      <app:soThuTuThua>{number}</app:soThuTuThua>
      <app:maXa>{commune}</app:maXa>
      <app:mucDichSuDung>{uses}</app:mucDichSuDung>
      <app:dienTich>{area}</app:dienTich>
      <app:tenChu>{owner}</app:tenChu>
      <app:diaChi>{address}</app:diaChi>
    </app:Thua_Dat>
  </wfs:member>
"""
FOOT = "</wfs:FeatureCollection>\n"
FIRST = HEAD.count("\n") + 2
"""Line of the first feature."""
WIDE = 0.9996
"""Scale of the 6-degree zones."""


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
    return FEATURE.format(
        shape="" if land.ranh_gioi is None else _surface(land.ranh_gioi),
        sheet=land.so_hieu_to_ban_do,
        number=land.so_thu_tu_thua,
        commune=land.ma_xa,
        uses="+".join(use.ma_muc_dich_su_dung for use in land.muc_dich_su_dung),
        area=land.dien_tich,
        owner=escape(owner),
        address=escape(land.dia_chi),
    )


def write(path: Path, features: Iterable[Feature]) -> None:
    """Write a collection; only the bounds of the shapes are kept."""
    srid, corners = 0, np.array([np.nan] * 4)
    with path.open("wb") as out, TemporaryFile(dir=path.parent) as collected:
        for _, _, text, shape in features:
            collected.write(text.encode())
            if shape is not None:
                srid = srid or int(shapely.get_srid(shape))
                corners[:2] = np.fmin(corners[:2], shape.bounds[:2])
                corners[2:] = np.fmax(corners[2:], shape.bounds[2:])
        lower, upper = _positions(corners[:2]), _positions(corners[2:])
        out.write(HEAD.format(said=_said(srid), lower=lower, upper=upper).encode())
        collected.seek(0)
        shutil.copyfileobj(collected, out, 1 << 20)
        out.write(FOOT.encode())


def _surface(shape: BaseGeometry) -> str:
    """Write a shape; GML 3.2 has no other form for one of several parts [I]."""
    said = _said(int(shapely.get_srid(shape)))
    if isinstance(shape, shapely.Polygon):
        return _polygon(shape, said)
    parts = (f"<gml:surfaceMember>{_polygon(part, '')}</gml:surfaceMember>" for part in shape.geoms)
    return f"<gml:MultiSurface{said}>{''.join(parts)}</gml:MultiSurface>"


def _polygon(shape: shapely.Polygon, said: str) -> str:
    rings = [("exterior", shape.exterior), *(("interior", ring) for ring in shape.interiors)]
    inside = "".join(
        f"<gml:{role}><gml:LinearRing><gml:posList>{_positions(shapely.get_coordinates(ring))}</gml:posList>"
        f"</gml:LinearRing></gml:{role}>"
        for role, ring in rings
    )
    return f"<gml:Polygon{said}>{inside}</gml:Polygon>"


def _positions(numbers: NDArray[np.float64]) -> str:
    """Write coordinates with the binary tails that the export leaves: 457970.549999999988."""
    return " ".join(f"{number:.18g}" for number in numbers.ravel().tolist())


def _said(srid: int) -> str:
    """Write the attributes that name the CRS; which abbreviation a province has is not known."""
    system = crs.system(srid)
    width = 6 if system and system.scale == WIDE else 3
    revert = f"VN2000_Mau_{width}_{system.central_meridian_deg:g}" if system and system.scale else ""
    name = f' srsName="urn:ogc:def:crs:EPSG::{srid}"'
    return f' srsDimension="2"{name} srsRevert="{revert}" srsProjected="1"'


def _name(record: Record) -> str:
    match record:
        case CaNhan():
            return record.ho_ten
        case ToChuc():
            return record.ten_to_chuc
        case CongDong():
            return record.ten_cong_dong
    return ""
