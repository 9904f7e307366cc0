"""The documents of a report: where they go is settled before the work, they are written after it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from landxml.files import form, is_stream
from landxml.temporary import temporary
from landxml_cli.messages import say
from landxml_cli.outputs import documents, is_folder
from landxml_cli.terminal import put
from landxml_cli.types import Complaint
from landxml_reports import COMPLETE, FORMATS, NAMES, SUFFIXES, write
from landxml_validator.report import Report

__all__ = ["Output", "formats_of", "reports"]


class Output(NamedTuple):
    """Where documents go, and their formats.

    Several go into a folder of the name ``path``; what has no name, or ``-``, is printed by ``otherwise``.
    """

    path: str | None
    formats: tuple[str, ...]
    otherwise: Callable[[str | bytes], None] = put

    @property
    def paths(self) -> dict[str, Path]:
        """Format → file, where it is written to one."""
        if self.path is None or is_stream(self.path):
            return {}
        inside = is_folder(self.path, self.formats)
        return {name: Path(self.path, NAMES[name] if inside else "") for name in self.formats}


Write = Callable[[Report, Path | None], None]


def formats_of(path: str | None, asked: Sequence[str], lang: str) -> tuple[str, ...]:
    """Return the formats of a report: those asked for, else that of the suffix, else text.

    Raises
    ------
    Complaint, LandXmlError
        If several are to go elsewhere than into a folder; if the suffix says another one.
    """
    several = tuple(dict.fromkeys(asked))
    if len(several) > 1 and (path is None or is_stream(path)):
        raise Complaint(say(lang, "several-formats"))
    if several and is_folder(path, several):
        return several
    return (form(path, FORMATS, several[0] if several else None, SUFFIXES),)


@contextlib.contextmanager
def reports(
    outputs: Sequence[Output],
    lang: str,
    as_text: Callable[[Report], str],
    *,
    force: bool = False,
    private: bool = False,
    quiet: bool = False,
) -> Iterator[tuple[Path | None, Write]]:
    """Offer a path for all findings, in Parquet, if a format needs them, and a function that writes all.

    Parameters
    ----------
    outputs
        What is to be written.
    as_text
        Makes the format ``text``.
    force, private, quiet
        As in :func:`landxml_cli.outputs.documents`.
    """
    options = {"force": force, "private": private, "quiet": quiet}
    with contextlib.ExitStack() as stack:
        whole = any(COMPLETE.intersection(output.formats) for output in outputs)
        table = stack.enter_context(temporary()) / NAMES["parquet"] if whole else None
        opened = [
            (
                each.formats,
                stack.enter_context(
                    documents(each.path, each.formats, lang, otherwise=each.otherwise, **options)
                ),
            )
            for each in outputs
        ]

        def write_all(report: Report, findings: Path | None) -> None:
            for formats, opening in opened:
                for name in formats:
                    with opening(NAMES[name]) as out:
                        if name == "text":
                            out.write(as_text(report).encode())
                        else:
                            write(report, name, lang, out, findings)

        yield table, write_all
