"""What the tests of the core share: a full record of each class, the oracles, and loading from memory."""

from __future__ import annotations

import datetime as dt
import importlib.util
import io
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
import shapely
import xmlschema
from lxml import etree

import landxml_schemas
from landxml.carriers import Batch, Opened, carrier
from landxml.dictionary import Field, national
from landxml.encoding import encode
from landxml.faults import Fault
from landxml.model import STRUCTS, Record, SieuDuLieu
from landxml.testing import SRID
from landxml.writing import FOOTER, HEADER

SQUARE = shapely.set_srid(shapely.box(512_345.5, 1_192_800, 512_355.5, 1_192_810), SRID)
PATTERNS = {
    "^[0-9]{5}$": "06652",
    "^[0-9b-hjkmnp-z]{12}$": "0123456789bz",
    "^vn-land$": "vn-land",
    r"^1\.0$": "1.0",
    "^[0-9a-f]{64}$": "0" * 64,
}
VALUES: dict[str, Any] = {
    "text": "Đỗ & <Lê>",
    "decimal": Decimal("120.5"),
    "bool": True,
    "date": dt.date(2024, 8, 1),
    "datetime": dt.datetime(2026, 1, 2, 3, 4, 5),  # noqa: DTZ001 - offices write local time
    "year": 1975,
    "guid": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "geometry": SQUARE,
}


class Loaded(NamedTuple):
    """What came out of one national file."""

    batches: list[Batch]
    faults: list[Fault]

    @property
    def reasons(self) -> list[str]:
        return [fault.reason for fault in self.faults]

    def column(self, cls: str, name: str) -> list[Any]:
        found = (batch.tables[cls] for batch in self.batches if cls in batch.tables)
        return [value for table in found for value in table[name].to_pylist()]


def full(name: str, ids: Counter[str] | None = None) -> Record:
    """A record with every field, two of each that repeats; every id once."""
    ids = Counter() if ids is None else ids
    ids[name] += 1
    values: dict[str, Any] = {"id": f"{name}.{ids[name]}"}
    infos = (info for info in msgspec.structs.fields(STRUCTS[name]) if info.name != "id")
    for field, info in zip(national().classes[name].fields, infos, strict=True):
        items = tuple(value(field, ids) for _ in range(2 if field.repeated else 1))
        values[info.name] = items if field.repeated else items[0]
    return STRUCTS[name](**values)


def value(field: Field, ids: Counter[str]) -> Any:
    if field.kind == "object":
        return full(field.targets[0], ids)
    if field.kind == "reference":
        return f"{field.targets[0]}.1"
    if field.codelist:
        code = landxml_schemas.codelist(field.codelist)[0]["code"]
        return int(code) if field.kind == "int" else code
    if field.kind == "int":
        return max(field.minimum or 0, 7)
    if field.kind == "text":
        return PATTERNS[field.pattern] if field.pattern else VALUES["text"][: field.length]
    return VALUES[field.kind]


@pytest.fixture(scope="session")
def make() -> Callable[[str], Record]:
    return full


@pytest.fixture(scope="session")
def metadata() -> SieuDuLieu:
    made = full("SieuDuLieu")
    assert isinstance(made, SieuDuLieu)
    return msgspec.structs.replace(made, so_ban_ghi=(), ma_bam_noi_dung=None)


@pytest.fixture(scope="session")
def document(metadata: SieuDuLieu) -> Callable[..., bytes]:
    """Members (records, or bytes as they are) → a national file that declares no counts and no hash."""
    head = encode(metadata).replace(b"thanhVien>", b"sieuDuLieu>")

    def made(*members: Record | bytes) -> bytes:
        parts = [item if isinstance(item, bytes) else encode(item) for item in members]
        return b"".join([HEADER.encode(), head, *parts, FOOTER])

    return made


@pytest.fixture(scope="session")
def load() -> Callable[..., Loaded]:
    def loaded(data: bytes) -> Loaded:
        faults: list[Fault] = []
        batches = list(carrier(national().layout).load(Opened("goi.xml", io.BytesIO(data)), faults.append))
        return Loaded(batches, faults)

    return loaded


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples of a property; each writes over the last."""
    return tmp_path_factory.mktemp("goi")


@pytest.fixture(scope="session")
def full_gml() -> etree.XMLSchema:
    """Our application schema over OGC's own GML 3.2.1 and W3C's own XLink, both from a wheel, offline."""
    found = importlib.util.find_spec("pycsw")
    if found is None or found.origin is None:
        pytest.skip("the OGC schemas are not installed")
    schemas = Path(found.origin).parent / "core" / "schemas"
    text = landxml_schemas.path("national", "vn-land.xsd").read_text("utf-8")
    for ours, theirs in (("gml.xsd", "ogc/gml/3.2.1/gml.xsd"), ("xlink.xsd", "w3c/1999/xlink.xsd")):
        assert f'"{ours}"' in text
        text = text.replace(f'"{ours}"', f'"{(schemas / theirs).as_uri()}"')
    return etree.XMLSchema(etree.fromstring(text.encode(), etree.XMLParser(no_network=True)))


@pytest.fixture(scope="session")
def oracle() -> xmlschema.XMLSchema:
    """The national schema as another implementation understands it."""
    return xmlschema.XMLSchema(landxml_schemas.path("national", "vn-land.xsd"))
