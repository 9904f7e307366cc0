"""Forms of identifiers as SQL macros: rules judge by the patterns by which ``landxml.identifiers`` parses.

``fits_<identifier>(text)`` for each of ``identifiers.toml``, such as ``fits_personal_number``; for the models
of the certificate ``fits_generation(type, serial)``, NULL for types whose serials are not known, and
``generation_on(day)``, the type that was issued on a day; ``place(file, part, at)``, a place in words;
``unit_letters(name)``, the small letters of the name of a unit, without accents and its kind; and
``beyond_ascii(text)``, whether a text has other letters than those of ASCII, which is quickly told.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

from landxml.identifiers import forms, generations
from landxml.place import place_sql
from landxml.text import snake_case

__all__ = ["macros"]

_UNIT_LETTERS = (
    "regexp_replace(replace(strip_accents(lower(name)), 'đ', 'd'),"
    " '^(tinh|thanh pho|tp[.]?|phuong|xa|thi tran|dac khu|p[.]|x[.]|tt[.]) *|[^a-z0-9]', '', 'g')"
)


@cache
def macros() -> dict[str, str]:
    """Return the macros by name: parameters and expression."""
    fits = {
        f"fits_{snake_case(name)}": f"(t) AS regexp_full_match(t, '{form.pattern}')"
        for name, form in forms().items()
    }
    serials = [
        f"WHEN {one.type} THEN regexp_full_match(serial, '{one.pattern}')" for one in generations().values()
    ]
    days = [f"WHEN day <= DATE '{one.last or dt.date.max}' THEN {one.type}" for one in generations().values()]
    return fits | {
        "fits_generation": f"(type, serial) AS CASE type {' '.join(serials)} END",
        "beyond_ascii": "(text) AS strlen(text) > length(text)",
        "place": place_sql(),
        "unit_letters": f"(name) AS {_UNIT_LETTERS}",
        "generation_on": f"(day) AS CASE {' '.join(days)} END",
    }
