"""What readers find wrong: a :class:`Fault` is a finding made while bytes became records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from landxml.content import FOREIGN
from landxml.documents import Refusal
from landxml.errors import LandXmlError
from landxml.safe_xml import Problem

__all__ = ["UNREAD", "Fault", "Report", "error_of", "parse_fault", "raised", "refusal_fault"]

UNREAD = frozenset({"PKG001", "PKG002", "PKG003", "PKG009", "PKG014", FOREIGN})
"""Rules whose findings mean that a file was not read to its end."""


class Fault(NamedTuple):
    """A finding made by code, mostly while a file was read: rule code, place, parameters of its message."""

    code: str
    file: str
    line: int
    cls: str
    id: str
    path: str
    params: dict[str, Any]
    part: str = ""
    x: float | None = None
    y: float | None = None


Report = Callable[[Fault], None]
"""Called with every fault that is found on the way."""


def parse_fault(found: Problem, file: str) -> Fault:
    """Return the finding for a file that cannot be parsed; the reason is a text in both languages."""
    code = _RULES.get(found.code, "PKG001")
    return Fault(code, file, found.line or 0, "", "", "", {"reason": {"vi": found.vi, "en": found.en}})


_RULES = {"doctype": "PKG002", "layout": "PKG004", "binary": "PKG012", "limit": "PKG014"}


def error_of(fault: Fault) -> LandXmlError:
    """Return the error for a file that was not read to its end, from the fault that says why."""
    reason = fault.params["reason"]
    return LandXmlError(reason["en"], vi=reason["vi"], file=fault.file, line=fault.line or None)


def raised(fault: Fault) -> NoReturn:
    """Raise the error for a file that was not read to its end."""
    raise error_of(fault)


def refusal_fault(refusal: Refusal) -> Fault:
    """Return the finding for a file or archive that was refused."""
    return Fault(refusal.code, refusal.name, 0, "", "", "", {"reason": {"vi": refusal.vi, "en": refusal.en}})
