"""The documents in which a finding stands: found again by the name that a report has for them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from landxml.documents import Document, Refusal
from landxml.inflating import BLOCK
from landxml.layouts import Layout
from landxml.place import container_of
from landxml.sources import find
from landxml.text import Text

__all__ = ["changed", "document"]

ABSENT = Text(
    "Không thấy tệp này ở thư mục hiện tại hay cạnh báo cáo; chỉ chỗ của nó bằng --input.",
    "The file is neither in the current folder nor beside the report; say where it is with --input.",
)
CHANGED = Text(
    "Tệp đã thay đổi sau khi kiểm tra: dưới đây là nội dung hiện có ở vị trí này.",
    "The file has changed since the check: this is what stands at the place now.",
)


def document(
    name: str, folders: Iterable[Path], given: Path | None = None, own: Iterable[Layout] = ()
) -> Document | Refusal:
    """Find a document.

    Parameters
    ----------
    name
        As a finding has it: ``goi/1.xml``, ``goi.zip!/06652.gml``.
    folders
        Where names of files begin.
    given
        The file or archive itself, or a folder that holds it under the last parts of its name.
    own
        Layouts beside the built-in ones.
    """
    path, _, member = name.partition("!/")
    for place in _places(path, folders, given):
        if place.exists():
            found = find([place], own=own)
            return next((each for each in found if _is(each, member)), Refusal("unreadable", name, ABSENT))
    return Refusal("unreadable", name, ABSENT)


def _places(path: str, folders: Iterable[Path], given: Path | None) -> Iterator[Path]:
    if given is None:
        yield from (folder / path for folder in folders)
    elif given.is_dir() and given.suffix.lower() != ".gdb":
        parts = Path(path).parts
        yield from (given.joinpath(*parts[begin:]) for begin in range(len(parts)))
    else:
        yield given


def _is(item: Document | Refusal, member: str) -> bool:
    """Tell whether a document, or what keeps it from being read, is that member of the archive."""
    return item.name.partition("!/")[2] in {member, ""}


def changed(found: Document, name: str, hashes: Mapping[str, str], written: float) -> bool:
    """Tell whether a document is not what was checked.

    Parameters
    ----------
    found, name
        The document; its name in the report.
    hashes
        SHA-256 by name, of documents or of their archives, as far as they are known.
    written
        When the report was written, seconds since 1970: what has not been touched since is not read for this.
    """
    status = os.stat(found.path)  # noqa: PTH116 - a name, as the user gave it
    if max(status.st_mtime, status.st_ctime) <= written:
        return False
    if known := hashes.get(name):
        return _hash(found) != known
    if found.entry and (known := hashes.get(container_of(name))):
        whole = Document(name=found.path, path=found.path, size=status.st_size)
        return _hash(whole) != known
    return status.st_mtime > written


def _hash(found: Document) -> str:
    digest = hashlib.sha256()
    with found.open() as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
