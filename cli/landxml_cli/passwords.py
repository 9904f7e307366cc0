"""Passwords: from a file, from the environment, or asked for on the terminal; never from the command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from landxml_cli.messages import say
from landxml_cli.types import Complaint

__all__ = ["password"]

VARIABLE = "LANDXML_PASSWORD"


def password(lang: str, file: str | None, *, new: bool) -> str:
    """Return the password of a workbook; a new one is asked for twice.

    Raises
    ------
    Complaint
        If it is empty, or there is nobody to ask.
    """
    if file is not None:
        found = Path(file).read_text("utf-8").partition("\n")[0].rstrip("\r")
    elif VARIABLE in os.environ:
        found = os.environ[VARIABLE]
    elif sys.stdin.isatty():
        again = say(lang, "password-again") if new else False
        found = click.prompt(say(lang, "password"), hide_input=True, confirmation_prompt=again, err=True)
    else:
        raise Complaint(say(lang, "password-none"))
    if not found:
        raise Complaint(say(lang, "password-empty"))
    return found
