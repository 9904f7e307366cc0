"""``landxml verify``: whether a certificate holds of these files."""

from __future__ import annotations

from typing import Any

from landxml_cli.inputs import own, tell_absent
from landxml_cli.messages import say
from landxml_cli.progress_bar import progress
from landxml_cli.terminal import put
from landxml_validator.certificate import read
from landxml_validator.certificate import verify as verified
from landxml_validator.own_rules import load
from landxml_validator.signature import judged

__all__ = ["verify"]

_MARKS = {"good": "✓", "unasked": "·"}


def verify(
    lang: str,
    *,
    certificate: str,
    files: tuple[str, ...],
    key: str | None,
    profile: str | None,
    rules: tuple[str, ...],
    layouts: tuple[str, ...],
    mappings: tuple[str, ...],
    sheets: str | None,
    existing: tuple[str, ...],
    workers: int | None,
    quiet: bool,
) -> int:
    """Hash the files, check them again, and say what of the certificate holds."""
    if tell_absent(files, lang):
        return 2
    found = read(certificate)
    signed = judged(found, key) if key else "unasked" if found.signature else None
    given: dict[str, Any] = {"profile": profile} if profile else {}
    with progress(lang, quiet=quiet, ending="comparing") as advance:
        checks = list(
            verified(
                found, files, layouts=own(layouts, mappings), sheets=sheets, operating=existing,
                rules=[*load(rules).values()], workers=workers, progress=advance, **given,
            )
        )  # fmt: skip
    for check in checks:
        put(f"{'✓' if check.holds else '✗'} {say(lang, f'verify.{check.name}.{check.holds}'.lower())}")
    if signed:
        put(f"{_MARKS.get(signed, '✗')} {say(lang, f'verify.signature.{signed}')}")
    holds = all(check.holds for check in checks) and signed in {None, *_MARKS}
    put(say(lang, f"verify.{holds}".lower()))
    return int(not holds)
