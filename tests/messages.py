"""What every message of a finding must be, whoever made the file."""

from __future__ import annotations

from string import Formatter

from landxml_validator.report import Finding, Result

__all__ = ["assert_message"]


def assert_message(result: Result, finding: Finding) -> None:
    """Check that the message has all that it needs, in both languages."""
    fields = {name for _, name, _, _ in Formatter().parse(result.rule.message.vi) if name}
    assert [name for name in fields if finding.params.get(name) is None] == []
    assert result.message(finding, "vi") != result.message(finding, "en")
