"""From findings to verdict: the state of each rule, of each conformance class, of the delivery."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypedDict, get_args

import msgspec

from landxml.layouts import Layout
from landxml.place import container_of
from landxml.text import Text
from landxml_validator import existing
from landxml_validator.by_law import judged
from landxml_validator.configuration import Setting, deciding, off
from landxml_validator.ledger import Ledger
from landxml_validator.report import (
    Cause,
    CommuneCounts,
    Conformance,
    Excerpt,
    File,
    Ladder,
    LineResult,
    Link,
    Map,
    Outline,
    Package,
    Result,
    State,
    Verdict,
)
from landxml_validator.rule import Rule, Severity
from landxml_validator.rule_set import RuleSet

__all__ = ["Judgement", "judge"]


class Judgement(TypedDict):
    """The part of a report that follows from the rules and the findings."""

    profile: str
    profile_title: Text
    verdict: Verdict
    files: list[File]
    records: dict[str, int]
    unmapped: dict[str, int]
    packages: list[Package]
    communes: list[str]
    by_commune: list[CommuneCounts]
    link: Link | None
    ladder: Ladder | None
    configuration: list[Setting]
    conformance: list[Conformance]
    causes: list[Cause]
    law: list[LineResult]
    results: list[Result]
    maps: list[Map]
    outlines: list[Outline]
    excerpts: list[Excerpt]


def judge(ledger: Ledger, rules: RuleSet, as_of: dt.date) -> Judgement:
    """Judge what a run has found, by the law of a day."""
    known = rules.profile.layouts
    layouts = {known[file.layout] for file in ledger.files if file.layout and file.records}
    results = [_result(code, rules, ledger, layouts) for code in rules.rules]
    classes = [
        _conformance(name, title, _judged(results, rules), required=name in rules.profile.required)
        for name, title in rules.classes.items()
    ]
    return Judgement(
        profile=rules.profile.id,
        profile_title=rules.profile.title,
        verdict=_verdict(classes) if layouts else "not-evaluated",
        files=_files(ledger.files, known),
        records=dict(sorted(ledger.records.items())),
        unmapped=dict(sorted(ledger.unmapped.items())),
        packages=ledger.packages,
        communes=ledger.communes,
        by_commune=ledger.by_commune,
        link=ledger.link,
        ladder=ledger.ladder,
        configuration=list(rules.settings),
        conformance=classes,
        causes=ledger.causes,
        law=judged(results, as_of),
        results=results,
        maps=ledger.maps,
        outlines=ledger.outlines,
        excerpts=ledger.excerpts,
    )


def _verdict(classes: list[Conformance]) -> Verdict:
    states = {c.state for c in classes if c.required}
    if "failed" in states:
        return "not-conformant"
    return "not-evaluated" if "not-evaluated" in states else "conformant"


def _judged(results: list[Result], rules: RuleSet) -> list[Result]:
    """Return the results without those of rules that were left out and could not have made a class fail."""
    return [each for each in results if each.severity == "error" or each.rule.code not in rules.ignored]


_Outcome = tuple[State, Text | None]


def _left(rules: RuleSet, code: str) -> _Outcome | None:
    """Return what is said of a rule that was left out, by the profile or by the office; None of others."""
    if code in rules.absent:
        return "not-applicable", _REASONS["profile"]
    found = off(rules.settings, code, rules.rules[code].conformance)
    return ("not-evaluated", found.reason) if found else None


def _left_somewhere(rules: RuleSet, code: str, communes: Iterable[str]) -> Setting | None:
    """Return the setting by which a rule is ignored in a commune of the delivery where it is an error."""
    where = (commune for commune in communes if rules.level(code, commune) == "error")
    found = (deciding(rules.settings, "ignore", code, commune=commune) for commune in where)
    return next(filter(None, found), None)


def _result(code: str, rules: RuleSet, ledger: Ledger, layouts: set[Layout]) -> Result:
    rule, by_commune = rules.rules[code], ledger.counts.get(code, {})
    levels = {commune: rules.level(code, commune) for commune in by_commune or ("", *ledger.communes)}
    severity = min(levels.values(), key=get_args(Severity).index)
    checked = sum(ledger.records[name] for name in rule.applies_to)
    if not rule.applies_to:
        documents = sum(file.documents for file in ledger.files)
        checked = documents if rule.stage == "load" else sum(ledger.records.values())
    state, reason = _left(rules, code) or _state(rule, ledger, layouts, checked)
    somewhere = _left_somewhere(rules, code, ledger.communes)
    if somewhere and state in {"passed", "failed"}:  # nobody mistakes it for conformity
        state, reason = "not-evaluated" if state == "passed" else state, somewhere.reason
    return Result(
        rule=rule, severity=severity, state=state, reason=reason, checked=checked,
        count=sum(by_commune.values()), by_commune=by_commune, **_left_out(rule, ledger),
        levels={commune: levels[commune] for commune in by_commune if levels[commune] != severity},
        samples=ledger.findings.get(rule.code, []),
    )  # fmt: skip


def _left_out(rule: Rule, ledger: Ledger) -> dict[str, int]:
    return {state: ledger.left_out.get(state, Counter())[rule.code] for state in ("known", "suppressed")}


def _state(rule: Rule, ledger: Ledger, layouts: set[Layout], checked: int) -> _Outcome:
    if rule.code in ledger.broken:
        return "not-evaluated", ledger.broken[rule.code]
    if ledger.counts.get(rule.code):
        return "failed", None
    if layouts and not any(map(rule.suits, layouts)):
        return "not-applicable", _REASONS["layout"]
    if layouts and rule.stage == "link" and "geometry" in rule.requires and ledger.link is None:
        return "not-applicable", _REASONS["link"]
    if layouts and "scans" in rule.requires and not ledger.scans:
        return "not-applicable", _REASONS["scans"]
    if layouts and existing.compares(rule) and not ledger.existing:
        return "not-applicable", _REASONS["existing"]
    judges_records = rule.applies_to or rule.stage != "load" or rule.requires
    if not (layouts if judges_records else checked):
        return "not-evaluated", _REASONS["nothing"]
    return ("passed", None) if checked else ("not-applicable", _REASONS["absent"])


def _conformance(name: str, title: Text, results: list[Result], *, required: bool) -> Conformance:
    mine = [result for result in results if result.rule.conformance == name]
    errors = sum(result.counted("error") for result in mine)
    warnings = sum(result.counted("warning") for result in mine)
    # A rule whose findings are warnings may be ignored where they would be errors; only then it has a reason.
    states = {"not-evaluated" if each.state == "failed" and each.reason else each.state for each in mine}
    state: State = "passed"
    if errors:
        state = "failed"
    elif "not-evaluated" in states or not states:
        state = "not-evaluated"
    elif states <= {"not-applicable"}:
        state = "not-applicable"
    return Conformance(
        id=name, title=title, required=required, state=state, errors=errors, warnings=warnings
    )  # fmt: skip


_REASONS = {
    "nothing": Text(vi="không đọc được dữ liệu nào", en="no data could be read"),
    "profile": Text(vi="không thuộc hồ sơ kiểm tra này", en="no part of this profile"),
    "layout": Text(vi="không áp dụng cho định dạng này", en="does not apply to this layout"),
    "link": Text(
        vi="đợt giao nộp không có cả thuộc tính và bản đồ ở các tệp riêng",
        en="the delivery does not have attributes and map in files of their own",
    ),
    "scans": Text(vi="đợt giao nộp không có bản quét", en="the delivery has no scans"),
    "existing": Text(
        vi="chưa được cho dữ liệu đang vận hành (--existing)",
        en="what is in operation was not given (--existing)",
    ),
    "absent": Text(vi="dữ liệu không có lớp này", en="the data has no such class"),
}


def _files(found: list[File], known: Mapping[str, Layout]) -> list[File]:
    """List files; the dossiers of one archive, or several of one folder, count as one."""
    groups: dict[tuple[str, str, str | None], list[File]] = {}
    for file in found:
        alone = file.layout and "dossier" not in known[file.layout].capabilities
        container = file.name if alone else container_of(file.name)
        groups.setdefault((container, file.layout, file.encoding), []).append(file)
    return [_together(name, group) for (name, _, _), group in groups.items()]


def _together(container: str, group: list[File]) -> File:
    first = group[0]
    # An archive stands even for one dossier, because it is what can be hashed.
    alone = len(group) == 1 and not (first.layout and "!/" in first.name)
    return msgspec.structs.replace(
        first,
        name=first.name if alone else container,
        bytes=sum(file.bytes for file in group),
        documents=sum(file.documents for file in group),
        records=sum(file.records for file in group),
    )
