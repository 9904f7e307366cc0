"""The schema of a national package as GDAL wants it, so that QGIS opens the file with a double click.

GDAL's GML driver knows features by the name of the element around them (``featureMember`` and the like, not
``thanhVien``), whatever a schema says. A ``.gfs`` file of the same name beside the GML tells it better: which
element is a layer, which are its fields, and the CRS.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely

from landxml.dictionary import Class, Field, Kind, national
from landxml.errors import LandXmlError
from landxml.files import writing
from landxml.model import Record
from landxml.reading import read
from landxml.text import Text

__all__ = ["gfs", "write_gfs"]

_TYPES: dict[Kind, tuple[str, str]] = {
    "int": ("Integer", "Integer64"), "year": ("Integer", ""), "decimal": ("Real", ""),
    "bool": ("String", "Boolean"), "date": ("String", "Date"), "datetime": ("String", "DateTime"),
}  # fmt: skip
"""GDAL's type and subtype of a kind; all others are text."""


def write_gfs(path: str | os.PathLike[str], *, force: bool = False) -> Path:
    """Write the ``.gfs`` of a national file beside it, and return its path.

    One that GDAL wrote when the file was opened before is replaced, any other file only by ``force``.

    Raises
    ------
    LandXmlError
        If there is no national file there, or a file that may not be replaced.
    """
    target = Path(path).with_suffix(".gfs")
    text = gfs(_epsg(path))
    made = target.is_file() and target.read_bytes().lstrip().startswith(b"<GMLFeatureClassList")
    with writing(target, force=force or made) as out:
        out.write(text.encode())
    return target


def _epsg(path: str | os.PathLike[str]) -> int | None:
    """EPSG code that the metadata declares, or else the first boundary."""
    for item in read(path):
        record: Any = item.object
        if not isinstance(record, Record) or Path(item.source.file) != Path(path):
            raise LandXmlError(Text("không phải tệp theo mô hình quốc gia", "not a national file"), file=path)
        if found := getattr(record, "he_toa_do", None):
            return int(found)
        if (shape := getattr(record, "ranh_gioi", None)) is not None:
            return int(shapely.get_srid(shape))
    return None


def gfs(epsg: int | None) -> str:
    """Return the text of the ``.gfs`` file: a layer per class; records nested in another are lists in it.

    Parameters
    ----------
    epsg
        CRS of the boundaries.
    """
    layers = "".join(_layer(cls, epsg) for cls in national().features())
    return f"<GMLFeatureClassList>\n{layers}</GMLFeatureClassList>\n"


def _layer(cls: Class, epsg: int | None) -> str:
    shape = next((field.element for field in cls.fields if field.kind == "geometry"), None)
    srs = f"  <SRSName>urn:ogc:def:crs:EPSG::{epsg}</SRSName>\n" if epsg and shape else ""
    geometry = f"  <GeometryElementPath>{shape}</GeometryElementPath>\n" if shape else ""
    wrapper = "sieuDuLieu" if cls.name == "SieuDuLieu" else "thanhVien"
    return (
        f" <GMLFeatureClass>\n  <Name>{cls.name}</Name>\n  <ElementPath>{wrapper}|{cls.name}</ElementPath>\n"
        f"{geometry}  <GeometryType>{6 if shape else 100}</GeometryType>\n{srs}"
        f"{''.join(_fields(cls, '', '', several=False))} </GMLFeatureClass>\n"
    )


def _fields(cls: Class, path: str, prefix: str, *, several: bool) -> Iterator[str]:
    for field in cls.fields:
        place = f"{path}{field.element}"
        if field.kind == "object":
            (name,) = field.targets
            inner = national().classes[name]
            yield from _fields(inner, f"{place}|{name}|", f"{name}_", several=several or field.repeated)
        elif field.kind != "geometry":
            at = f"{place}@href" if field.kind == "reference" else place
            yield _property(f"{prefix}{field.element}", at, field, several=several or field.repeated)


def _property(name: str, place: str, field: Field, *, several: bool) -> str:
    kind, detail = _TYPES.get(field.kind, ("String", ""))
    if several:
        kind, detail = f"{kind}List", "Integer64" if detail == "Integer64" else ""
    subtype = f"<Subtype>{detail}</Subtype>" if detail else ""
    return (
        f"  <PropertyDefn><Name>{name}</Name><ElementPath>{place}</ElementPath>"
        f"<Type>{kind}</Type>{subtype}</PropertyDefn>\n"
    )
