"""The report: what one validation run found, as plain structs that every renderer reads."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterator
from typing import Literal

import msgspec

from landxml.law import Line, Status
from landxml.text import Text
from landxml_validator.configuration import Setting
from landxml_validator.drawn import Map, Outline, Sketch
from landxml_validator.quoted import Excerpt
from landxml_validator.result import Finding, Result, State
from landxml_validator.rule import Severity

__all__ = [
    "SCHEMA_VERSION", "Baseline", "Cause", "CommuneCounts", "Conformance", "Excerpt", "FailOn", "File",
    "Finding", "Ladder", "LineResult", "Link", "LinkCounts", "Map", "Outline", "Package", "Report",
    "Result", "Sketch", "State", "Suppressions", "Verdict", "Wider",
]  # fmt: skip

Verdict = Literal["conformant", "not-conformant", "not-evaluated"]
FailOn = Literal["error", "warning", "new", "never"]

SCHEMA_VERSION = "1.6"
"""Version of the JSON form of :class:`Report`."""


class Baseline(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier check whose findings do not count.

    Attributes
    ----------
    name
        File of its findings.
    known, gone
        How many of them are still there; how many are not, of rules that were evaluated.
    """

    name: str
    known: int
    gone: int


class Suppressions(msgspec.Struct, frozen=True, kw_only=True):
    """The table of findings that are left as they are for a time, and how many these are."""

    name: str
    count: int


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Findings that one correction would mend (:mod:`landxml_validator.causes`).

    Attributes
    ----------
    rule, severity
        Code of their rule; severity of the worst of them.
    count, following
        How many there are; findings of other rules that follow from them.
    parcels, communes, files
        Where they are: numbers of each; parcels and communes as far as they lead to one.
    alike
        Whether the message is the same for all of them.
    example
        The first of them.
    """

    rule: str
    severity: Severity
    count: int
    following: int
    parcels: int
    communes: int
    files: int
    alike: bool
    example: Finding


class Conformance(msgspec.Struct, kw_only=True):
    """Outcome of one conformance class: failed when one of its rules of severity error failed."""

    id: str
    title: Text
    required: bool
    state: State
    errors: int = 0
    warnings: int = 0


class LineResult(msgspec.Struct, kw_only=True):
    """What became of a line of a legal document.

    Attributes
    ----------
    line, citation
        The line, and how it is cited.
    status
        Whether its document is in force on the date of the check.
    state
        Of its rules and of those of the lines below: failed if one is; else not evaluated if one is not, or
        there are none.
    rules
        Codes of the rules that serve the line itself.
    findings
        Of its rules and of those of the lines below.
    """

    line: Line
    citation: Text
    status: Status
    state: State
    rules: list[str]
    findings: int


class File(msgspec.Struct, kw_only=True):
    """One input file, or the dossiers of one archive or folder taken together."""

    name: str
    layout: str
    bytes: int
    documents: int
    records: int
    sha256: str | None = None
    encoding: str | None = None
    crs: str | None = None


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """What the metadata of one national file says: its id, the office that supplies it, when it was made."""

    id: str
    office: str
    created: dt.datetime | None = None


class LinkCounts(msgspec.Struct, frozen=True):
    """Parcels of a commune, or of all, where attributes and map come in files of their own.

    Attributes
    ----------
    attributes, shapes
        Parcels that some record describes; parcels that have a geometry.
    linked
        Parcels that have both.
    without_shape, without_attributes
        Parcels that have only attributes, or only a geometry.
    open
        Of either side those that may belong to several of the other. Of all communes together
        ``attributes + shapes`` is ``2 * linked + without_shape + without_attributes + open``.
    commune, name
        Code, ``""`` for all, or where none is stated; name.
    """

    attributes: int
    shapes: int
    linked: int
    without_shape: int
    without_attributes: int
    open: int
    commune: str = ""
    name: str = ""


class Link(msgspec.Struct, kw_only=True):
    """How attributes and map fit together: in all, by commune; number of parcels by the way of linking.

    ``ways`` are ``number`` (commune, sheet, parcel), ``sheets`` (looked up in a table), ``old`` (old numbers)
    and ``code`` (``maThuaDat``).
    """

    total: LinkCounts
    communes: list[LinkCounts]
    ways: dict[str, int]


class CommuneCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What was read and found in one commune.

    Attributes
    ----------
    commune, name
        Code as the parcels state it, ``""`` where they state none; name on the day of the check.
    parcels, with_shape, in_order
        Parcels in force, by their numbers; those that have a boundary; those that no error leads to.
    errors, warnings
        Findings that lead to the commune.
    """

    commune: str
    name: str
    parcels: int
    with_shape: int
    in_order: int
    errors: int = 0
    warnings: int = 0


class Wider(msgspec.Struct, frozen=True, kw_only=True):
    """How many overlaps or gaps of parcels are wider than each width of the ladder.

    Attributes
    ----------
    kind
        Which of both.
    counts
        One for each width.
    commune, name
        Code, ``""`` where none is stated; name.
    neighbour, neighbour_name
        The other commune, if it is along their border.
    """

    kind: Literal["overlap", "gap"]
    counts: list[int]
    commune: str = ""
    name: str = ""
    neighbour: str = ""
    neighbour_name: str = ""


class Ladder(msgspec.Struct, kw_only=True):
    """What remains of overlaps and gaps at which width: noise is gone at a few centimetres, errors are not.

    ``millimetres`` are mean widths: the area of an overlap or gap by half its circumference. Gaps are those
    that parcels enclose, of any size; ``places`` are communes and borders that have any.
    """

    millimetres: list[int]
    places: list[Wider]


class Report(msgspec.Struct, kw_only=True):
    """Everything that one run found.

    A notebook shows what failed; ``landxml_reports.render`` makes documents of it.

    Attributes
    ----------
    verdict
        Of the whole delivery: a required conformance class failed; or, with none failed, one could not be
        evaluated, or nothing could be read; else conformant.
    inputs, missing
        The paths as given; those of them that lead to nothing.
    crs, beside, existing
        EPSG code for geometry that does not say its own, if given; paths of the layouts, mappings, table of
        sheets, and data in operation (``existing``) that the check was given.
    as_of
        Date on which codes were judged.
    records, unmapped
        Records per national class; vendor records that the national model does not hold yet, per class.
    packages, communes
        What the metadata of national files says; codes of the communes in which the parcels lie.
    by_commune
        What was read and found in each commune that has parcels.
    link
        How attributes and map fit together; None unless they come in files of several layouts.
    baseline, suppressions
        The earlier check whose findings do not count, and the table of those that are left as they are, if
        given.
    configuration
        What an office has changed in the rules of the profile.
    causes
        The findings taken together by what is behind them.
    law
        What became of each line of the legal documents, those first that have the most rules.
    ladder
        Overlaps and gaps of parcels by width; None where there are none.
    maps, outlines
        Around the first findings of each rule that have a place; of the communes, where there are several.
    excerpts
        What stands in the data at the first findings of each rule.
    samples
        Most findings listed per rule; counts are always exact.
    personal_data
        Whether personal data is shown in clear.
    """

    schema_version: str = SCHEMA_VERSION
    tool: str
    profile: str
    profile_title: Text
    created: dt.datetime
    as_of: dt.date
    verdict: Verdict
    inputs: list[str]
    missing: list[str] = []
    crs: int | None = None
    beside: list[str] = []
    existing: list[str] = []
    files: list[File]
    records: dict[str, int]
    unmapped: dict[str, int]
    packages: list[Package] = []
    communes: list[str] = []
    by_commune: list[CommuneCounts] = []
    link: Link | None = None
    baseline: Baseline | None = None
    suppressions: Suppressions | None = None
    ladder: Ladder | None = None
    configuration: list[Setting] = []
    conformance: list[Conformance]
    causes: list[Cause] = []
    law: list[LineResult]
    results: list[Result]
    maps: list[Map] = []
    outlines: list[Outline] = []
    excerpts: list[Excerpt] = []
    samples: int
    personal_data: bool
    seconds: float

    @property
    def documents(self) -> int:
        """Number of files that were read, those in archives and folders one by one."""
        return sum(file.documents for file in self.files)

    @property
    def errors(self) -> int:
        """Number of findings of severity error."""
        return sum(result.counted("error") for result in self.results)

    @property
    def warnings(self) -> int:
        """Number of findings of severity warning."""
        return sum(result.counted("warning") for result in self.results)

    def exit_code(self, fail_on: FailOn = "error") -> int:
        """Return the exit code of a program that checks a delivery: it says what the verdict says.

        Parameters
        ----------
        fail_on
            ``warning``: a warning in a required conformance class counts as well; ``new``: any error or
            warning that the baseline does not have, in whatever class; ``never``: nothing that was found
            counts.

        Returns
        -------
        int
            0 for a conformant delivery, 1 for one that is not, 2 if nothing could be concluded, or one of the
            inputs is not there.
        """
        if self.missing or self.verdict == "not-evaluated":
            return 2
        judged = {
            "error": self.verdict == "not-conformant",
            "warning": any(each.errors or each.warnings for each in self.conformance if each.required),
            "new": bool(self.errors or self.warnings),
            "never": False,
        }
        return int(judged[fail_on])

    def findings(self) -> Iterator[tuple[Result, Finding]]:
        """Iterate over the findings that the report holds (at most ``samples`` per rule), each with its rule.

        Examples
        --------
        >>> for result, finding in report.findings():  # doctest: +SKIP
        ...     print(finding.where, result.rule.code, result.message(finding, "en"))
        """
        for result in self.results:
            for finding in result.samples:
                yield result, finding

    def _counts(self) -> str:
        records = sum(self.records.values())
        return f"{self.verdict}, {self.errors:,} errors, {self.warnings:,} warnings, {records:,} records"

    def __repr__(self) -> str:
        return f"<Report: {self._counts()}>"

    def _repr_html_(self) -> str:
        """Show a notebook what failed."""
        rows = "".join(
            f"<tr><td>{r.rule.code}<td>{r.severity}<td>{r.count:,}"
            f"<td>{html.escape(r.rule.title.vi)}<br>{html.escape(r.rule.title.en)}"
            for r in self.results
            if r.state == "failed"
        )
        return f"<table><caption>{self._counts()}</caption>{rows}</table>"
