"""The description of the interface for programs says what the server does, and no more."""

from __future__ import annotations

from typing import Any

import msgspec
import openapi_spec_validator

from landxml_web import orders, pages
from landxml_web.app import routes

DOCUMENT: dict[str, Any] = msgspec.json.decode(pages.read("openapi.json"))


def test_it_is_openapi(office: Any) -> None:
    openapi_spec_validator.validate(DOCUMENT)
    assert office.call("GET", "/api/openapi.json", 200).json() == DOCUMENT


def test_it_describes_every_route() -> None:
    there = {
        (route.path, method.lower())
        for route in routes()
        if route.path.startswith("/api/")
        for method in (route.methods or set()) - {"HEAD"}
    }
    described = {
        (path, method) for path, item in DOCUMENT["paths"].items() for method in item.keys() - {"parameters"}
    }
    assert described == there


def test_it_describes_every_option() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    known = {field.name: field for kind in orders.KINDS for field in orders.fields(kind)}
    assert {*schemas["Options"]["properties"]} == {*known}
    for name, said in schemas["Options"]["properties"].items():
        if known[name].type == "choice":
            assert said["enum"] == [*known[name].choices()], name
    assert schemas["Order"]["properties"]["kind"]["enum"] == [*orders.KINDS]


def test_answers_are_as_described(office: Any) -> None:
    run = office.started("a.xml")
    schema = DOCUMENT["components"]["schemas"]["Run"]
    for told in (office.call("GET", f"/api/runs/{run}", 200).json(), office.ended(run)):
        assert {*schema["required"]} <= {*told} <= {*schema["properties"]}
        assert told["state"] in schema["properties"]["state"]["enum"]
