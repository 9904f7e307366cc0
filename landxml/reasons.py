"""Reasons: what readers find wrong. The files of the rules say which of them reports each."""

from __future__ import annotations

from typing import Literal

__all__ = ["UNREAD", "Reason"]

Reason = Literal[
    # no document
    "archive", "unreadable", "nothing", "limit", "failed",
    # no XML, or of no layout
    "empty", "binary", "not-xml", "truncated", "malformed", "encoding", "doctype", "entity", "layout",
    # against the schema
    "structure", "type", "facet", "envelope", "record", "namespace", "overlong", "form",
    "digest",
    # of rows
    "column", "cell", "blank", "row", "conflict", "merged", "repair",
    # of map layers
    "beside", "layers", "charset", "crs",
]  # fmt: skip
"""``archive``: damaged or unsafe; ``limit``: more than can be processed; ``failed``: the program failed.

``layout``: the root element is of no known one. ``type``: a value of another type; ``facet``: one beyond its
length, range or pattern; ``record``: one of an unknown kind; ``namespace``: of one cause all else follows, so
nothing behind it is read; ``overlong``: more than the receiving system takes; ``form``: one that is only
tolerated. ``digest``: the content is not what its own hash says.
``column``: one that is no element, or may be several; ``cell``: without its value; ``blank``: one that must
not be; ``row``: left out, or hidden; ``conflict``: rows contradict each other; ``merged``: cells that are
one; ``repair``: values were read in another form.
``beside``: a file that belongs to a map layer is missing; ``layers``: some are of no known layout;
``charset``: the encoding of texts was inferred; ``crs``: what is said of it cannot be true.
"""

UNREAD: frozenset[Reason] = frozenset(
    {
        "archive", "unreadable", "limit", "failed", "empty", "not-xml", "truncated", "malformed", "encoding",
        "doctype", "entity", "namespace", "beside",
    }
)  # fmt: skip
"""Those for which a document was not read to its end."""
