"""Administrative units of Vietnam in time: provinces, districts, communes, successors, extents, meridians.

Codes are strings and keep their leading zeros: two digits for a province, three for a district, five for a
commune. Since 1 July 2025 there are two tiers, province and commune; districts ended the day before. A code
that outlived that day has another parent since, and mostly another area: it needs a date to mean something.

`get`, `at` and `communes` say what there was on a day; `find` looks up a name; `resolve` says what became of
one code and `crosswalk` of all; `history` and `validities` say what happened to a code, `extent` and
`meridian` where it lies; `table` has the tables themselves.
"""

from landxml_units.names import Match, find, near, undecided, within
from landxml_units.places import (
    Extent,
    Meridian,
    default_epsg,
    extent,
    extents,
    meridian,
    meridians,
)
from landxml_units.resolver import (
    Resolution,
    Successor,
    Transition,
    crosswalk,
    history,
    predecessors,
    resolve,
    successors,
)
from landxml_units.tables import (
    TWO_TIERS_SINCE,
    TableName,
    Unit,
    at,
    by_law,
    commune,
    communes,
    get,
    name,
    province,
    table,
    validities,
)

__all__ = [
    "TWO_TIERS_SINCE",
    "Extent",
    "Match",
    "Meridian",
    "Resolution",
    "Successor",
    "TableName",
    "Transition",
    "Unit",
    "at",
    "by_law",
    "commune",
    "communes",
    "crosswalk",
    "default_epsg",
    "extent",
    "extents",
    "find",
    "get",
    "history",
    "meridian",
    "meridians",
    "name",
    "near",
    "predecessors",
    "province",
    "resolve",
    "successors",
    "table",
    "undecided",
    "validities",
    "within",
]
