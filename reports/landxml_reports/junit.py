"""The report as JUnit XML: a suite per conformance class, a case per rule, so that dashboards show coverage.

Attributes and elements are those that both the schema of Ant's JUnit task and that of Jenkins' xUnit take.
"""

from __future__ import annotations

import re

from lxml import etree

from landxml_reports import wording
from landxml_validator.report import Conformance, Report, Result

__all__ = ["render"]

MOST = 10
"""Findings of a rule that are quoted."""
_NOT_XML = re.compile("[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, lang: str) -> bytes:
    """Render a rule of severity error with findings as a failure, one that was not judged as skipped."""
    root = etree.Element("testsuites")
    for number, each in enumerate(report.conformance):
        suite = _suite(report, each, [r for r in report.results if r.rule.conformance == each.id], lang)
        suite.set("id", str(number))
        root.append(suite)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _suite(report: Report, each: Conformance, results: list[Result], lang: str) -> etree._Element:
    failed = [result for result in results if _fails(result)]
    skipped = [result for result in results if result.state.startswith("not-")]
    suite = etree.Element(
        "testsuite", name=_clean(each.title.get(lang)), package=_clean(report.profile),
        timestamp=report.created.strftime("%Y-%m-%dT%H:%M:%S"), hostname="localhost", tests=str(len(results)),
        failures=str(len(failed)), errors="0", skipped=str(len(skipped)), time="0",
    )  # fmt: skip
    properties = etree.SubElement(suite, "properties")
    for name, value in {"tool": report.tool, "as-of": str(report.as_of), "state": each.state}.items():
        etree.SubElement(properties, "property", name=name, value=value)
    for result in results:
        _case(suite, result, lang)
    lesser = [_told(result, lang) for result in results if result.count and not _fails(result)]
    etree.SubElement(suite, "system-out").text = "\n".join(lesser)
    etree.SubElement(suite, "system-err")
    return suite


def _fails(result: Result) -> bool:
    return result.state == "failed" and result.severity == "error"


def _case(suite: etree._Element, result: Result, lang: str) -> None:
    rule = result.rule
    name = _clean(f"{rule.code} {rule.title.get(lang)}")
    case = etree.SubElement(suite, "testcase", name=name, classname=rule.conformance, time="0")
    if _fails(result):
        count = wording.label("findings-count", count=wording.number(result.count)).get(lang)
        etree.SubElement(case, "failure", message=count, type="error").text = _told(result, lang)
    elif result.state.startswith("not-"):
        reason = wording.reason(result).get(lang) or wording.label(f"state.{result.state}").get(lang)
        etree.SubElement(case, "skipped", message=_clean(reason))


def _told(result: Result, lang: str) -> str:
    """Return rule, count, the first findings, how to mend, and the legal basis, line by line."""
    rule = result.rule
    lines = [f"{rule.code} ({wording.number(result.count).get(lang)}): {rule.title.get(lang)}"]
    for finding in wording.worst_samples(result)[:MOST]:
        message = wording.told(result, finding).get(lang)
        lines.append("  ".join(part for part in (finding.where, finding.key or finding.id, message) if part))
    lines += [rule.fix.get(lang), rule.legal.get(lang)]
    return "\n".join(map(_clean, lines))


def _clean(text: str) -> str:
    """Replace what XML cannot hold, and what would turn text around."""
    return _NOT_XML.sub("\ufffd", wording.safe(text))
