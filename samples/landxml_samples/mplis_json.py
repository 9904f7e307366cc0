"""The registration list of MPLIS: an array of flat objects, one for each right and origin of its land use."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from landxml.codelists import equivalents
from landxml.dictionary import Field
from landxml.layouts import builtin
from landxml.model import Record, ThuaDat
from landxml_mappings.row_spec import row_mapping
from landxml_samples.layouts import JSON

__all__ = ["number", "objects", "plain", "text"]

SPEC = row_mapping(builtin()[JSON])
PARCEL = 6
"""Of what the right is: land."""
Values = Mapping[str, Any]


def text(found: Mapping[str, Any]) -> bytes:
    """Return the text of an object."""
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def objects(records: Sequence[Record], running: int) -> Iterator[dict[str, Any]]:
    """Yield the objects of a dossier, whose running number its keys begin with."""
    known = {record.id: plain(record) for record in records}
    classes = {name: name.partition(".")[0] for name in known}
    single = [(classes[name], values) for name, values in known.items() if classes[name] in _OF_ALL]
    for name in (name for name in known if classes[name] == "QuyenSuDungDat"):
        right = known[name]
        land = known[right["thuaDat"]]
        use = next(use for use in land["mucDichSuDung"] if use["id"] == right["mucDichSuDung"])
        certificate = known.get(right.get("giayChungNhan", ""))
        row: dict[str, Any] = {SPEC.dossier[0]: running + 1, "DANGKYQUYEN_typeItem": PARCEL}
        for cls, values in single:
            _put(row, cls, values, running)
        for cls, held in (("ThuaDat", land), ("MucDichSuDung", use), ("GiayChungNhan", certificate)):
            if held:
                _put(row, cls, held, running)
        _put(row, "DiaChi", known[land["diaChiChuan"][0]], running, 1)
        _holder(row, known, right["chu"], running)
        for origin in use["nguonGocDat"]:
            yield row | _put({}, "NguonGocDat", origin, running)


_OF_ALL = {"TinhHinhDangKy", "TaiLieuDoDac"}
"""Classes of which a dossier has one record."""
_PERSONS = ("vo", "chong", "chuHo", "voChongChuHo", "nguoiDaiDien")
"""References of a holder to persons, in their order."""


def _holder(row: dict[str, Any], known: Mapping[str, Values], name: str, running: int) -> None:
    """Put a holder into an object, with the persons that it names and where they live."""
    cls, values = name.partition(".")[0], known[name]
    persons = [known[values[each]] for each in _PERSONS if each in values]
    if cls == "CaNhan":
        persons = [values]
    else:
        _put(row, cls, values, running)
        for paper in values.get("giayToToChuc", ()):
            _put(row, "GiayToToChuc", paper, running)
    for at, person in enumerate(persons):
        _put(row, "CaNhan", person, running, at)
        for paper in person.get("giayToTuyThan", ()):
            _put(row, "GiayToTuyThan", paper, running, 2 * at)  # each has room for two
    home = next(iter([*values.get("diaChiChuan", ()), *(each["diaChiChuan"][0] for each in persons)]))
    _put(row, "DiaChi", known[home], running)


def _put(row: dict[str, Any], cls: str, values: Values, running: int, block: int = 0) -> dict[str, Any]:
    """Put a record into an object: what its members hold, and the keys by which it is known."""
    part = SPEC.parts(cls)[block]
    for name, source in part.sources.items():
        if source.element and values.get(name) is not None:
            row.setdefault(source.element, _value(SPEC.elements[source.element], values[name]))
    for element in (*part.key, *part.when):
        if SPEC.elements[element].kind == "int":
            row.setdefault(element, running * 100 + int(values["id"].rpartition(".")[2]))
    return row


def _value(field: Field, value: Any) -> Any:
    """Return a value as the web application writes it: numbers for codes, moments for days."""
    if field.kind == "date":
        form = "%d/%m/%Y" if "/" in value else "%Y-%m-%d"
        day = dt.datetime.strptime(value, form).replace(tzinfo=dt.UTC)
        return f"/Date({int(day.timestamp() * 1000)})/"
    if field.kind in {"int", "year"}:
        return int(value)
    if field.kind == "decimal":
        return float(value)
    if field.kind == "bool":
        return bool(value)
    return number(field.codelist, value) if field.codelist else value


def number(codelist: str, code: str) -> str:
    """Return the number that means the same as a code; the code where there is none."""
    return next((link.code for link in equivalents(codelist, code) if link.code.isdecimal()), code)


def plain(record: Record) -> dict[str, Any]:
    """Return a record as plain values, by their elements, without its shape."""
    bare = msgspec.structs.replace(record, ranh_gioi=None) if isinstance(record, ThuaDat) else record
    found: dict[str, Any] = msgspec.to_builtins(bare)
    return found
