"""Forms of identifiers as SQL macros: rules judge by the patterns by which ``landxml.identifiers`` parses.

``fits_<identifier>(text)`` for each of ``identifiers.toml``, such as ``fits_personal_number``; for the models
of the certificate ``fits_generation(type, serial)``, NULL for types whose serials are not known, and
``generation_on(day)``, the type that was issued on a day.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from landxml.identifiers import forms, generations

__all__ = ["macros"]


@cache
def macros() -> tuple[str, ...]:
    """Return the statements that make the macros."""
    fits = [
        f"CREATE OR REPLACE MACRO fits_{_snake(name)}(t) AS regexp_full_match(t, '{form.pattern}')"
        for name, form in forms().items()
    ]
    serials = [
        f"WHEN {one.type} THEN regexp_full_match(serial, '{one.pattern}')" for one in generations().values()
    ]
    days = [f"WHEN day <= DATE '{one.last or dt.date.max}' THEN {one.type}" for one in generations().values()]
    return (
        *fits,
        f"CREATE OR REPLACE MACRO fits_generation(type, serial) AS CASE type {' '.join(serials)} END",
        f"CREATE OR REPLACE MACRO generation_on(day) AS CASE {' '.join(days)} END",
    )


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
