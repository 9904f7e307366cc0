"""What the clean-up campaign asks for: groups of parcels, land users, progress by commune, work lists."""

from typing import TYPE_CHECKING

from landxml.lazy import lazy

if TYPE_CHECKING:
    from landxml_campaign.answers import Applied, apply_answers, write_answers
    from landxml_campaign.classification import Classification, classify
    from landxml_campaign.replies import Answer, Replies, read_replies
    from landxml_campaign.request import Requested, request_persons
    from landxml_campaign.sheets import Finding
else:
    __getattr__, __dir__ = lazy(
        __name__,
        {
            "Answer": "replies",
            "Applied": "answers",
            "Classification": "classification",
            "Finding": "sheets",
            "Replies": "replies",
            "Requested": "request",
            "apply_answers": "answers",
            "classify": "classification",
            "read_replies": "replies",
            "request_persons": "request",
            "write_answers": "answers",
        },
    )

__all__ = [
    "Answer",
    "Applied",
    "Classification",
    "Finding",
    "Replies",
    "Requested",
    "apply_answers",
    "classify",
    "read_replies",
    "request_persons",
    "write_answers",
]
