"""The validator: rules as files, a pipeline that streams, findings, a verdict, and reports."""

from landxml_validator.inspection import Inspection, inspect
from landxml_validator.pipeline import Progress, validate
from landxml_validator.report import Finding, Report, Result
from landxml_validator.rule import Rule

__all__ = ["Finding", "Inspection", "Progress", "Report", "Result", "Rule", "inspect", "validate"]
