"""What commands that check data to count it are given alike (:data:`landxml_cli.options.CHECKED`)."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypedDict

from landxml_cli.configured import configured
from landxml_cli.inputs import own
from landxml_cli.messages import say
from landxml_cli.types import Complaint

__all__ = ["Checked", "asked"]


class Checked(TypedDict):
    """The options by their names."""

    scheme: str
    status: str | None
    answers: tuple[str, ...]
    salt: str | None
    profile: str | None
    config: str | None
    rules: tuple[str, ...]
    layouts: tuple[str, ...]
    mappings: tuple[str, ...]
    as_of: dt.date | None
    crs: int | None
    sheets: str | None
    work: str | None
    workers: int | None


def asked(lang: str, given: Checked) -> dict[str, Any]:
    """Return what :func:`landxml_campaign.classify` and :func:`landxml_campaign.progress` take alike."""
    if bool(given["answers"]) != (given["salt"] is not None):
        raise Complaint(say(lang, "answers-what"))
    settings = configured(
        lang, given["config"], (), (), (), profile=given["profile"], rules=given["rules"]
    )  # fmt: skip
    return {
        "by": given["scheme"], "stated": given["status"], "layouts": own(given["layouts"], given["mappings"]),
        **{name: value for name, value in given.items() if name in ALIKE}, **settings._asdict(),
    }  # fmt: skip


ALIKE = ("answers", "salt", "profile", "as_of", "crs", "sheets", "work", "workers")
"""Options that have the names of parameters."""
