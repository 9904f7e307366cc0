"""The report as an object: what a person who programs sees of it."""

from __future__ import annotations

import datetime as dt
import html.parser
from typing import Any, cast

import pytest

from landxml_samples import package
from landxml_validator import Finding, Report, Result, validate

FAULTS = {"LND001": 3, "GEO002": 2}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("report")
    package.write(folder / "goi", parcels=40, faults=FAULTS)
    return validate([folder / "goi"])


def test_repr_is_one_short_line(report) -> None:
    assert repr(report).startswith("<Report: not-conformant, 5 errors, 0 warnings, ")
    assert len(repr(report)) < 100


def test_a_notebook_shows_a_table_of_what_failed(report) -> None:
    shown = report._repr_html_()
    parser = html.parser.HTMLParser()
    parser.feed(shown)
    assert "<td>LND001<td>error<td>3<td>" in shown
    assert shown.count("<tr>") == len(FAULTS)
    assert len(shown) < 1_000


def test_findings_come_flat_each_with_its_rule(report) -> None:
    found = list(report.findings())
    assert [result.rule.code for result, _ in found] == ["GEO002"] * 2 + ["LND001"] * 3
    for result, finding in found:
        assert isinstance(result, Result)
        assert isinstance(finding, Finding)
        assert finding.line > 0
        assert result.message(finding, "vi") != result.message(finding, "en")


def test_a_language_without_messages_is_an_error(report) -> None:
    result, finding = next(report.findings())
    with pytest.raises(ValueError, match="messages are in vi and en, not in 'fr'"):
        result.message(finding, cast("Any", "fr"))


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"samples": -1}, ValueError, "samples is 0 or more, not -1"),
        ({"workers": 0}, ValueError, "workers is 1 or more, not 0"),
        ({"as_of": "2025-01-01"}, TypeError, "as_of is a datetime.date, not '2025-01-01'"),
        ({"as_of": dt.datetime.now(dt.UTC)}, TypeError, "as_of is a datetime.date"),
    ],
)
def test_options_that_no_run_can_follow(options, error, says) -> None:
    with pytest.raises(error, match=says):
        validate([], **options)
