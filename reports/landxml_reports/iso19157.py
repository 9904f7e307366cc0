"""The report as metadata: ISO 19115 and the quality results of ISO 19157, in the XML of ISO/TS 19139.

One data quality element per rule that was judged, with the number of its findings and, where each finding
is one of the records judged, their rate; one conformance result per conformance class. No finding is quoted,
so no personal data can be in it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import jinja2
import msgspec

from landxml.geometry import epsg_of
from landxml_reports import page, wording
from landxml_validator.report import Report, Result
from landxml_validator.rule import Rule

__all__ = ["Measure", "Measures", "measures", "render"]


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A measure of the list of ISO 19157."""

    id: str
    name: str


class Measures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How ISO 19157 tells what a rule measures."""

    element: str
    count: Measure | None = None
    rate: Measure | None = None


OTHER = Measures("DQ_ConceptualConsistency")
"""For a rule, of the user perhaps, whose measure the list does not know."""


@cache
def measures() -> dict[str, Measures]:
    """Return ``iso19157.toml``: the ``measure`` of a rule → how ISO 19157 tells it."""
    data = files("landxml_reports").joinpath("iso19157.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, Measures])


def render(report: Report, lang: str) -> str:
    """Render the report as one ``gmd:MD_Metadata`` in ``vi`` or ``en``."""
    names = {str(code) for file in report.files if file.crs and (code := epsg_of(file.crs))}
    return _template(lang).render(
        report=report,
        lang=lang,
        offices=sorted({package.office for package in report.packages}),
        crs=sorted(names),
        judged=[result for result in report.results if result.state in {"passed", "failed"}],
        classes=[(each, _states(report, each.id)) for each in report.conformance],
    )


@cache
def _template(lang: str) -> jinja2.Template:
    def say(name: str, /, **values: str) -> str:
        return wording.label(name, **values).get(lang)

    environment = page.environment(lambda value: wording.safe(value) if type(value) is str else value)
    environment.globals.update(say=say, measures_of=_measures_of, rate=_rate, legal=wording.legal)
    return environment.get_template("iso19157.xml.jinja")


def _measures_of(rule: Rule) -> Measures:
    return measures().get(rule.measure, OTHER)


def _rate(result: Result) -> str | None:
    """Return the share of the judged records that broke the rule, where every finding is one of them."""
    rule = result.rule
    one_each = rule.stage != "load" and rule.sql is not None
    if not one_each or not 0 <= result.count <= result.checked or not result.checked:
        return None
    return f"{result.count / result.checked:.6f}"


def _states(report: Report, conformance: str) -> dict[str, list[str]]:
    """Codes of the rules of a conformance class, by state."""
    mine = [result for result in report.results if result.rule.conformance == conformance]
    states = dict.fromkeys(result.state for result in mine)
    return {state: [r.rule.code for r in mine if r.state == state] for state in states}
