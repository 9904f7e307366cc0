"""What became of the values of a conversion: the loss report."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

import msgspec

from landxml.text import Text
from landxml_mappings.loss import Loss

__all__ = ["LossReport", "Strange", "Uncoded", "Unread", "added"]


class Strange(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a source for which its layout has no place; its name is masked if it may be personal."""

    file: str
    part: str
    column: str
    name: str


class Uncoded(msgspec.Struct, frozen=True, kw_only=True):
    """A value that is no code of the list of its field; it was carried as it is. Masked if need be."""

    field: str
    codelist: str
    value: str
    count: int


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """A document that was not read, or not to its end."""

    file: str
    reason: Text


class LossReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of every value on its way from the inputs to the output.

    It holds counts and names of fields, no values, but those that are no codes.

    Attributes
    ----------
    tool, created
        What made it, and when.
    inputs, output, to
        What was asked for; ``to`` is the layout.
    written
        Whether the output was written: not if any loss was to be refused, and there is some.
    documents
        Number of documents, by layout.
    records
        National records, by class.
    reading
        What became of the values of the sources, by layout: those that were not carried to the national
        model are lost here.
    writing
        What became of the values of national fields, ``Class.field``, in the layout that was written.
    defaulted
        National values that no source said, by field.
    columns
        Columns of the sources that were not read.
    uncoded
        The commonest values that are no codes.
    unread
        Documents that were not read.
    """

    tool: str
    created: dt.datetime
    inputs: tuple[str, ...]
    output: str
    to: str
    written: bool
    documents: dict[str, int]
    records: dict[str, int]
    reading: dict[str, tuple[Loss, ...]]
    writing: tuple[Loss, ...]
    defaulted: dict[str, int] = {}
    columns: tuple[Strange, ...] = ()
    uncoded: tuple[Uncoded, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def dropped(self) -> int:
        """Number of values that were read, or stood in the national model, and are not in the output."""
        found = [loss for losses in self.reading.values() for loss in losses]
        return sum(sum(loss.dropped.values()) for loss in (*found, *self.writing))

    @property
    def lossless(self) -> bool:
        """Whether all that the inputs hold is in the output."""
        return not (self.dropped or self.columns or self.unread)


def added(losses: Iterable[Loss]) -> tuple[Loss, ...]:
    """Return what became of each element in all batches, in the order in which elements come first."""
    found: dict[str, Loss] = {}
    for loss in losses:
        before = found.get(loss.element, Loss(element=loss.element, read=0))
        found[loss.element] = Loss(
            element=loss.element, read=before.read + loss.read, carried=before.carried + loss.carried,
            changed=dict(Counter(before.changed) + Counter(loss.changed)),
            dropped=dict(Counter(before.dropped) + Counter(loss.dropped)),
        )  # fmt: skip
    return tuple(found.values())
