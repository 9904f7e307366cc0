"""What the clean-up campaign asks for: groups of parcels, land users, progress by commune, work lists."""

from typing import TYPE_CHECKING

from landxml.lazy import lazy

if TYPE_CHECKING:
    from landxml_campaign.answers import Applied, apply_answers, write_answers
    from landxml_campaign.classification import Classification, classify
    from landxml_campaign.decisions import Decision
    from landxml_campaign.extraction import extract
    from landxml_campaign.filled import Edit, Filled, apply_worklists, read_worklists, write_diff
    from landxml_campaign.replies import Answer, Replies, read_replies
    from landxml_campaign.request import Requested, request_persons
    from landxml_campaign.sheets import Finding
    from landxml_campaign.standings import Progress, progress
    from landxml_campaign.worklists import Worklist, Worklists, make_worklists
else:
    __getattr__, __dir__ = lazy(
        __name__,
        {
            "Answer": "replies",
            "Applied": "answers",
            "Classification": "classification",
            "Decision": "decisions",
            "Edit": "filled",
            "Filled": "filled",
            "Finding": "sheets",
            "Progress": "standings",
            "Replies": "replies",
            "Requested": "request",
            "Worklist": "worklists",
            "Worklists": "worklists",
            "apply_answers": "answers",
            "apply_worklists": "filled",
            "classify": "classification",
            "extract": "extraction",
            "make_worklists": "worklists",
            "progress": "standings",
            "read_replies": "replies",
            "read_worklists": "filled",
            "request_persons": "request",
            "write_answers": "answers",
            "write_diff": "filled",
        },
    )

__all__ = [
    "Answer",
    "Applied",
    "Classification",
    "Decision",
    "Edit",
    "Filled",
    "Finding",
    "Progress",
    "Replies",
    "Requested",
    "Worklist",
    "Worklists",
    "apply_answers",
    "apply_worklists",
    "classify",
    "extract",
    "make_worklists",
    "progress",
    "read_replies",
    "read_worklists",
    "request_persons",
    "write_answers",
    "write_diff",
]
