"""The validator: rules as files, a pipeline that streams, findings, a verdict, and reports."""

from landxml_validator.inspection import Inspection, inspect
from landxml_validator.pipeline import Progress, validate
from landxml_validator.report import Report

__all__ = ["Inspection", "Progress", "Report", "inspect", "validate"]
