"""What the clean-up campaign asks for: groups of parcels, land users, progress by commune, work lists."""

from __future__ import annotations

from landxml_campaign.answers import Applied, apply_answers, write_answers
from landxml_campaign.replies import Answer, Replies, read_replies
from landxml_campaign.request import Requested, request_persons
from landxml_campaign.sheets import Finding

__all__ = [
    "Answer",
    "Applied",
    "Finding",
    "Replies",
    "Requested",
    "apply_answers",
    "read_replies",
    "request_persons",
    "write_answers",
]
