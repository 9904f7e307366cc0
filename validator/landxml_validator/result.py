"""The outcome of one rule, and its findings, with their messages in both languages."""

from __future__ import annotations

import re
from typing import Any, Literal, get_args

import msgspec

from landxml.place import Place
from landxml.text import Lang, Text
from landxml_validator.rule import Rule, Severity

__all__ = ["Finding", "Result", "State"]

State = Literal["passed", "failed", "not-applicable", "not-evaluated"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One offending place.

    Attributes
    ----------
    number
        By which people name it: its row among all findings of the run, from 1; 0 if it is not one of them.
    fingerprint
        Names it in every delivery (:data:`landxml_validator.findings.SCHEMA`).
    cls
        Class of the record (``""`` for a whole file).
    id, key
        ``gml:id`` of the record; its business key, for instance ``06652/12/345``, else that of the parcel or
        certificate to which it leads. Never personal data.
    commune
        Code of the commune to which it leads, ``""`` if to none.
    file, part, at, column, path
        Where: file as the user named it (``goi.zip!/06652.gml``), sheet or layer, and line (0 = whole file),
        as in :class:`landxml.place.Place`; letters of the column of a sheet, or name of the field of a layer;
        element path.
    x, y
        Easting and northing in the CRS of the file, metres; a point of the offending geometry.
    params
        Values that the rule's message template needs, personal data already masked; a value may be a text in
        both languages (``{"vi": …, "en": …}``).
    """

    number: int = 0
    fingerprint: str = ""
    cls: str
    id: str
    key: str
    commune: str = ""
    file: str
    part: str = ""
    at: int = 0
    column: str = ""
    path: str = ""
    x: float | None = None
    y: float | None = None
    params: dict[str, Any] = {}

    @property
    def place(self) -> Place:
        """Where it was found."""
        return Place(self.file, self.part, self.at)

    @property
    def where(self) -> str:
        """The place as people look it up, of a sheet with the cell."""
        return self.place.said(self.column)

    @property
    def line(self) -> int:
        """Line of an XML file; 0 for the whole file, and where there are no lines."""
        return self.place.line


class Result(msgspec.Struct, kw_only=True):
    """Outcome of one rule: state, exact counts, and samples (at most ``Report.samples`` of them).

    ``by_commune`` has the count of each commune that has any, by code, ``""`` for what leads to none.
    Findings that are ``known``, which the baseline has, or ``suppressed`` are not counted, and do not make it
    fail. ``severity`` is that of its worst finding, or, where there is none, of the worst that there may be;
    ``levels`` are those of communes whose findings have another one.
    """

    rule: Rule
    severity: Severity
    state: State
    checked: int = 0
    count: int = 0
    by_commune: dict[str, int] = {}
    levels: dict[str, Severity] = {}
    known: int = 0
    suppressed: int = 0
    reason: Text | None = None
    samples: list[Finding] = []

    def level(self, commune: str) -> Severity:
        """Return the severity of findings that lead to a commune."""
        return self.levels.get(commune, self.severity)

    def counted(self, severity: Severity) -> int:
        """Return the number of findings of a severity."""
        others = {commune: self.by_commune[commune] for commune in self.levels}
        alike = sum(count for commune, count in others.items() if self.levels[commune] == severity)
        return self.count - sum(others.values()) if severity == self.severity else alike

    def message(self, finding: Finding, lang: Lang) -> str:
        """Render the message of one finding in ``vi`` or ``en``, with dates and decimals as there.

        Raises
        ------
        ValueError
            If there are no messages in that language.
        """
        if lang not in get_args(Lang):
            raise ValueError(f"messages are in {' and '.join(get_args(Lang))}, not in {lang!r}")
        params = {name: _said(name, value, lang) for name, value in finding.params.items()}
        return self.rule.template(finding.params).get(lang).format_map(_Params(params))


_VERBATIM = frozenset({"value", "code", "id", "number", "serial", "term"})
"""Parameters that quote the data: shown as they stand there."""
_DECIMAL = re.compile(r"-?\d+\.\d+", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)


def _said(name: str, value: Any, lang: str) -> Any:
    """Write a parameter in a language. Whole numbers stay: they may be years or EPSG codes.

    >>> [_said("area", value, "vi") for value in (601.8, "1204.5", 1985, "2999-01-31")]
    ['601,8', '1204,5', 1985, '31/01/2999']
    """
    if isinstance(value, dict):
        return value[lang]
    if lang == "en" or name in _VERBATIM or not isinstance(value, str | float):
        return value
    text = str(value)
    if date := _DATE.fullmatch(text):
        return "/".join(reversed(date.groups()))
    return text.replace(".", ",") if _DECIMAL.fullmatch(text) else value


class _Params(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
