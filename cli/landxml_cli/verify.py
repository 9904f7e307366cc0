"""``landxml verify``: whether a certificate holds of these files."""

from __future__ import annotations

from typing import Any

from landxml_cli.inputs import own, tell_absent
from landxml_cli.messages import say
from landxml_cli.progress import progress
from landxml_cli.terminal import put
from landxml_validator.certificate import read
from landxml_validator.certificate import verify as verified
from landxml_validator.own_rules import load

__all__ = ["verify"]


def verify(
    lang: str,
    *,
    certificate: str,
    files: tuple[str, ...],
    profile: str | None,
    rules: tuple[str, ...],
    layouts: tuple[str, ...],
    mappings: tuple[str, ...],
    crs: int | None,
    sheets: str | None,
    workers: int | None,
    quiet: bool,
) -> int:
    """Hash the files, check them again, and say what of the certificate holds."""
    if tell_absent(files, lang):
        return 2
    given: dict[str, Any] = {"profile": profile} if profile else {}
    with progress(lang, quiet=quiet, ending="comparing") as advance:
        checks = list(
            verified(
                read(certificate), files, layouts=own(layouts, mappings), crs=crs, sheets=sheets,
                rules=[*load(rules).values()], workers=workers, progress=advance, **given,
            )
        )  # fmt: skip
    for check in checks:
        put(f"{'✓' if check.holds else '✗'} {say(lang, f'verify.{check.name}.{check.holds}'.lower())}")
    holds = all(check.holds for check in checks)
    put(say(lang, f"verify.{holds}".lower()))
    return int(not holds)
