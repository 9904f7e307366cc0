from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest
from lxml import etree

import landxml_schemas
from landxml import parsing, tables
from landxml.columns import Extractor
from landxml.dictionary import vendor
from landxml_mappings import engine

LAYOUT = "vbdlis-xml"


@pytest.fixture(scope="session")
def load() -> Callable[..., duckdb.DuckDBPyConnection]:
    """Dossiers that the schema accepts → a connection with the vendor's tables and the national ones."""
    schema = parsing.schema(landxml_schemas.path("vbdlis_xml", "hosoxml.xsd"))

    def loaded(*documents: bytes) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        extractor = Extractor(vendor(LAYOUT))
        for number, document in enumerate(documents):
            root = etree.fromstring(document, parsing.parser())
            schema.assertValid(root)
            extractor.add_dossier(root, f"{number}.xml")
        tables.create(con, vendor(LAYOUT), extractor.take())
        engine.apply(con, LAYOUT)
        return con

    return loaded
