"""When the records with stale codes were made, as far as the delivery tells.

``schemas/landxml_schemas/national/dates.csv`` says for each class what dates its records: a field of its own
(``ngayCap``), the record to which a reference of its own leads (``giayChungNhan``), or the records that refer
to it (``QuyenSuDungDat.thuaDat``); for all (``*``), those of a class in the same dossier. The latest counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import landxml_schemas
from landxml.database import literal
from landxml.dictionary import Class, Dictionary
from landxml_validator import superseded

__all__ = ["elements", "view"]


@cache
def _declared() -> dict[str, list[str]]:
    return {row["class"]: row["by"].split() for row in landxml_schemas.rows("national", "dates.csv")}


def elements(cls: Class) -> list[str]:
    """Return the fields of a class that hold a date of its records."""
    dates = {field.element for field in cls.columns if field.kind in {"date", "datetime"}}
    return [by for by in _declared().get(cls.name, ()) if by in dates]


def view(dictionary: Dictionary) -> str:
    """Return the query of ``Dates(_id, date)``: the dates that tell how old a record with a stale code is."""
    made = [f"SELECT cls, _id, cls AS _dossier, current_date AS date FROM {superseded.TABLE} WHERE false"]
    made += [
        f"SELECT '{cls.name}', _id, _dossier, CAST({element} AS DATE) FROM {cls.name}"
        for cls in dictionary.classes.values()
        for element in elements(cls)
    ]
    named = [(name, by) for name, all_of in _declared().items() for by in all_of]
    to, back = [f"{name}.{by}" for name, by in named if "." not in by], [by for _, by in named if "." in by]
    return f"""
WITH RECURSIVE made AS ({" UNION ALL ".join(made)}),
ways AS (
  SELECT _id, target FROM Refs WHERE concat(cls, '.', element) IN ({_quoted(to)})
  UNION ALL SELECT target, _id FROM Refs WHERE concat(cls, '.', element) IN ({_quoted(back)})
),
reach(_id, place) AS (
  SELECT DISTINCT root, root FROM StaleCodes
  UNION SELECT reach._id, ways.target FROM reach JOIN ways ON ways._id = reach.place
)
SELECT _id, max(date) AS date FROM (
  SELECT reach._id, date FROM reach JOIN made ON made._id = reach.place
  UNION ALL
  SELECT root, date FROM (SELECT DISTINCT root, _dossier FROM StaleCodes)
  JOIN made USING (_dossier) WHERE cls IN ({_quoted(_declared()["*"])})
) GROUP BY _id"""


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(map(literal, texts))
