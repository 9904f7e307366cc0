"""The validator: rules as files, a pipeline that streams, findings, a verdict, and reports."""

from typing import TYPE_CHECKING

from landxml.lazy import lazy

if TYPE_CHECKING:
    from landxml_validator.inspection import Inspection, inspect
    from landxml_validator.pipeline import Limits, Progress, validate
    from landxml_validator.report import Finding, Report, Result
    from landxml_validator.rule import Rule
else:
    __getattr__, __dir__ = lazy(
        __name__,
        {
            "Finding": "report",
            "Inspection": "inspection",
            "Limits": "pipeline",
            "Progress": "pipeline",
            "Report": "report",
            "Result": "report",
            "Rule": "rule",
            "inspect": "inspection",
            "validate": "pipeline",
        },
    )

__all__ = ["Finding", "Inspection", "Limits", "Progress", "Report", "Result", "Rule", "inspect", "validate"]
