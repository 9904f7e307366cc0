"""Rules of the user's own, tried on their examples: files that pass and files that fail them.

Those of ``XQN001.toml`` are in the folder ``XQN001`` beside it: ``pass-….xml``, in which the rule must find
nothing, and ``fail-….xml``, in which it must find something; of any layout, a folder or zip, too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import msgspec

from landxml.files import Path_
from landxml.text import Text
from landxml_validator.configuration_file import given
from landxml_validator.own_rules import load
from landxml_validator.pipeline import validate
from landxml_validator.result import Result
from landxml_validator.rule import Rule

__all__ = ["Example", "tried"]


class Example(msgspec.Struct, frozen=True):
    """What came of one example.

    Attributes
    ----------
    rule, name
        Code of the rule; name of the file, or what there should be.
    wrong
        Why it is not as expected; None if it is.
    """

    rule: str
    name: str
    wrong: Text | None = None


def tried(folder: Path_, as_of: dt.date | None = None) -> Iterator[Example]:
    """Try each rule of a folder on each of its examples.

    Parameters
    ----------
    folder
        As for :func:`landxml_validator.own_rules.load`.
    as_of
        Date of the checks; today by default.

    Raises
    ------
    LandXmlError, OSError
        If there are mistakes in the rules; if a file cannot be read.
    """
    for rule in load([folder]).values():
        there = sorted(Path(folder, rule.code).glob("*"))
        for kind in ("pass-", "fail-"):
            if not any(path.name.startswith(kind) for path in there):
                what = Text("không có tệp ví dụ này", "there is no such example")
                yield Example(rule.code, f"{rule.code}/{kind}….xml", what)
        for path in there:
            yield Example(rule.code, f"{rule.code}/{path.name}", _wrong(path, rule, as_of))


def _wrong(path: Path, rule: Rule, as_of: dt.date | None) -> Text | None:
    """Say what is wrong with an example; None if it passes or fails as it must."""
    if not path.name.startswith(("pass-", "fail-")):
        return Text("tên phải bắt đầu bằng pass- hoặc fail-", "its name must begin with pass- or fail-")
    only = given(select=[rule.code], rules={rule.code: rule})
    report = validate([path], rules=[rule], configuration=only, as_of=as_of, samples=1, workers=1)
    (result,) = (each for each in report.results if each.rule.code == rule.code)
    if result.reason:
        return Text("không xét được: ", "was not judged: ") + result.reason
    if path.name.startswith("pass-") and result.count:
        return _first(result)
    if path.name.startswith("fail-") and not result.count:
        return Text("không tìm thấy gì", "nothing was found")
    return None


def _first(result: Result) -> Text:
    """Say what was found."""
    finding = result.samples[0]
    line = finding.place.line
    vi, en = f"tìm thấy {result.count}: dòng {line}: ", f"{result.count} found: line {line}: "
    return Text(vi + result.message(finding, "vi"), en + result.message(finding, "en"))
