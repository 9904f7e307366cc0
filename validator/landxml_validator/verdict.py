"""From findings to verdict: the state of each rule, of each conformance class, of the delivery."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TypedDict

import msgspec

from landxml_validator.ledger import Ledger
from landxml_validator.profile import Profile
from landxml_validator.report import Conformance, File, Result, State, Verdict
from landxml_validator.rule import FAMILIES, Rule, Text, builtin

__all__ = ["Judgement", "judge"]


class Judgement(TypedDict):
    """The part of a report that follows from the findings."""

    verdict: Verdict
    files: list[File]
    records: dict[str, int]
    unmapped: dict[str, int]
    conformance: list[Conformance]
    results: list[Result]


def judge(ledger: Ledger, profile: Profile) -> Judgement:
    """Judge what a run has found."""
    results = [_result(rule, ledger, profile) for rule in builtin().values()]
    classes = [_conformance(name, results, profile) for name in dict.fromkeys(FAMILIES.values())]
    return Judgement(
        verdict=_verdict(classes) if _layouts(ledger) else "not-evaluated",
        files=_files(ledger.files),
        records=dict(sorted(ledger.records.items())),
        unmapped=dict(sorted(ledger.unmapped.items())),
        conformance=classes,
        results=results,
    )


def _verdict(classes: list[Conformance]) -> Verdict:
    states = {c.state for c in classes if c.required}
    if "failed" in states:
        return "not-conformant"
    return "not-evaluated" if "not-evaluated" in states else "conformant"


def _layouts(ledger: Ledger) -> set[str]:
    return {file.layout for file in ledger.files if file.layout and file.records}


def _result(rule: Rule, ledger: Ledger, profile: Profile) -> Result:
    count = ledger.counts[rule.code]
    checked = sum(ledger.records[name] for name in rule.applies_to)
    if not rule.applies_to:
        checked = len(ledger.files) if rule.scope == "file" else sum(ledger.records.values())
    state, reason = _state(rule, ledger, count, checked)
    return Result(
        rule=rule, severity=profile.severity_of(rule), state=state, reason=reason, checked=checked,
        count=count, samples=ledger.findings.get(rule.code, []),
    )  # fmt: skip


def _state(rule: Rule, ledger: Ledger, count: int, checked: int) -> tuple[State, Text | None]:
    if rule.code in ledger.broken:
        return "not-evaluated", ledger.broken[rule.code]
    if count:
        return "failed", None
    layouts = _layouts(ledger)
    if rule.layouts and layouts and not layouts & set(rule.layouts):
        return "not-applicable", _REASONS["layout"]
    if not (layouts if rule.applies_to or rule.scope != "file" else checked):
        return "not-evaluated", _REASONS["nothing"]
    return ("passed", None) if checked else ("not-applicable", _REASONS["absent"])


def _conformance(name: str, results: list[Result], profile: Profile) -> Conformance:
    mine = [result for result in results if result.rule.conformance == name]
    errors = sum(result.count for result in mine if result.severity == "error")
    warnings = sum(result.count for result in mine if result.severity == "warning")
    states = {result.state for result in mine}
    state: State = "passed"
    if errors:
        state = "failed"
    elif "not-evaluated" in states:
        state = "not-evaluated"
    elif states <= {"not-applicable"}:
        state = "not-applicable"
    return Conformance(
        id=name, title=titles()[name], required=name in profile.required, state=state, errors=errors,
        warnings=warnings,
    )  # fmt: skip


@cache
def titles() -> dict[str, Text]:
    """Titles of the conformance classes, by id."""
    data = tomllib.loads((files("landxml_validator") / "conformance.toml").read_text("utf-8"))
    return {name: Text(vi=title["vi"], en=title["en"]) for name, title in data.items()}


_REASONS = {
    "nothing": Text(vi="không đọc được dữ liệu nào", en="no data could be read"),
    "layout": Text(vi="không áp dụng cho định dạng này", en="does not apply to this layout"),
    "absent": Text(vi="dữ liệu không có lớp này", en="the data has no such class"),
}


def _files(found: list[File]) -> list[File]:
    """List files; the dossiers of one archive or folder count as one."""
    listed: dict[tuple[str, str, str | None], File] = {}
    for file in found:
        container, mark, _ = file.name.rpartition("!/")
        if not mark:
            container = file.name.rpartition("/")[0]
        if file.layout == "national" or not container:
            container = file.name
        key = (container, file.layout, file.encoding)
        if key not in listed:
            listed[key] = msgspec.structs.replace(file, name=container)
        else:
            total = listed[key]
            total.bytes += file.bytes
            total.documents += file.documents
            total.records += file.records
    return list(listed.values())
