from __future__ import annotations

from collections.abc import Callable

import duckdb
import pyarrow as pa
import pytest
from lxml import etree

import landxml_schemas
from landxml import cast, safe_xml, xsd_compile
from landxml.dictionary import dictionary, national
from landxml.dossiers.classes import LAYOUT
from landxml.extract import Extractor
from landxml_mappings import to_national


@pytest.fixture(scope="session")
def texts() -> Callable[..., dict[str, pa.Table]]:
    """Dossiers that the schema accepts → the texts of their records."""
    schema = xsd_compile.schema(landxml_schemas.path("vbdlis_xml", "hosoxml.xsd"))

    def taken(*documents: bytes) -> dict[str, pa.Table]:
        extractor = Extractor(dictionary(LAYOUT))
        for number, document in enumerate(documents):
            root = etree.fromstring(document, safe_xml.parser())
            schema.assertValid(root)
            extractor.add_dossier(root, f"{number}.xml")
        return extractor.take()

    return taken


@pytest.fixture(scope="session")
def load(texts: Callable[..., dict[str, pa.Table]]) -> Callable[..., duckdb.DuckDBPyConnection]:
    """Dossiers that the schema accepts → a connection with the vendor's tables and the national ones."""

    def loaded(*documents: bytes) -> duckdb.DuckDBPyConnection:
        con, raw = duckdb.connect(), texts(*documents)
        cast.clear(con, dictionary(LAYOUT))
        cast.clear(con, national())
        cast.create(con, dictionary(LAYOUT), raw)
        to_national.apply(con, LAYOUT, raw)
        return con

    return loaded
