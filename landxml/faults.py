"""What readers find wrong: a :class:`Fault` is a finding made while bytes became records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

import msgspec

from landxml.documents import Refusal
from landxml.errors import LandXmlError
from landxml.safe_xml import Problem
from landxml.text import Text

__all__ = ["Fault", "Report", "error_of", "parse_fault", "raised", "refusal_fault"]


class Fault(NamedTuple):
    """A finding made by code, mostly while a file was read: its place, and the parameters of its message.

    ``reason`` is that of a reader (:mod:`landxml.reasons`), or the code of a rule that is written in Python;
    ``x`` and ``y`` are a point of what is wrong, ``geometry`` (WKB) its shape, in the CRS of the file.
    """

    reason: str
    file: str
    line: int
    cls: str
    id: str
    path: str
    params: dict[str, Any]
    part: str = ""
    x: float | None = None
    y: float | None = None
    geometry: bytes | None = None


Report = Callable[[Fault], None]
"""Called with every fault that is found on the way."""


def parse_fault(found: Problem, file: str) -> Fault:
    """Return the finding for a file that cannot be parsed; the reason is a text in both languages."""
    return Fault(found.reason, file, found.line or 0, "", "", "", {"reason": msgspec.to_builtins(found.what)})


def error_of(fault: Fault) -> LandXmlError:
    """Return the error for a file that was not read to its end, from the fault that says why."""
    return LandXmlError(Text(**fault.params["reason"]), file=fault.file, line=fault.line)


def raised(fault: Fault) -> NoReturn:
    """Raise the error for a file that was not read to its end."""
    raise error_of(fault)


def refusal_fault(refusal: Refusal) -> Fault:
    """Return the finding for a file or archive that was refused."""
    return Fault(refusal.reason, refusal.name, 0, "", "", "", {"reason": msgspec.to_builtins(refusal.what)})
