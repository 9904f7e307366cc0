"""A code list as a GML 3.2.1 dictionary: one ``gml:Definition`` per code."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from html import escape

from landxml.codelists import Code, codelist, lists, outcome

__all__ = ["gml"]

SPACE = "urn:landxml:codelist"
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gml:Dictionary xmlns:gml="http://www.opengis.net/gml/3.2" gml:id="{name}">
 <gml:description>{description}</gml:description>
 <gml:identifier codeSpace="{space}">{name}</gml:identifier>
 <gml:name>{title}</gml:name>
"""
_ENTRY = """ <gml:definitionMember>
  <gml:Definition gml:id="{id}">
   <gml:description>{description}</gml:description>
   <gml:identifier codeSpace="{space}:{name}">{code}</gml:identifier>
   <gml:name>{title}</gml:name>
   <gml:remarks>{remarks}</gml:remarks>
  </gml:Definition>
 </gml:definitionMember>
"""


def gml(name: str, as_of: dt.date | None = None) -> bytes:
    """Return a code list as a GML document: names in Vietnamese, descriptions in English.

    Parameters
    ----------
    name
        Of the list.
    as_of
        Only codes that are in use on that day; by default all that ever were.

    Raises
    ------
    LandXmlError
        If there is no such list.
    """
    codes = codelist(name, as_of)
    head = lists()[name]
    description = f"{head.en}; {head.source}" + (f"; codes in use on {as_of}" if as_of else "")
    parts = [_fill(_HEAD, name=name, space=SPACE, title=head.vi, description=description)]
    seen: Counter[str] = Counter()
    for code in codes:
        seen[code.code] += 1
        again = f".{seen[code.code]}" if seen[code.code] > 1 else ""
        parts.append(
            _fill(
                _ENTRY,
                id=f"{name}.{code.code}{again}",
                space=SPACE,
                name=name,
                code=code.code,
                title=code.vi,
                description=code.en,
                remarks="; ".join(_remarks(name, code, as_of)),
            )
        )
    return "".join([*parts, "</gml:Dictionary>\n"]).encode()


def _remarks(name: str, code: Code, as_of: dt.date | None) -> Iterator[str]:
    """Say when the code was in use, where it leads, and on what evidence it stands."""
    for said, date in (
        ("valid from", code.valid_from),
        ("deprecated since", code.deprecated),
        ("valid to", code.valid_to),
    ):
        if date is not None:
            yield f"{said} {date}"
    found = outcome(name, code, as_of)
    for said, links in (("successor", found["successors"]), ("same as", found["same"])):
        for link in links:
            yield f"{said} {link.code} [{link.evidence}]"
    yield f"evidence [{code.evidence}] {code.source}"


def _fill(template: str, **texts: str) -> str:
    return template.format(**{key: escape(text) for key, text in texts.items()})
