"""Carriers: the bytes of documents → batches of source tables, with every violation of the schema on the way.

A layout says in its manifest which carrier its documents have. Whatever cannot be parsed becomes a fault of
that document; the others go on.
"""

from collections.abc import Callable, Iterator

from landxml.carriers.base import BATCH, BATCH_BYTES, Batch, Carrier
from landxml.carriers.dossier import Dossier
from landxml.carriers.gml import Gml
from landxml.carriers.xml import Xml
from landxml.dictionary import Dictionary, dictionary
from landxml.layouts import Layout

__all__ = ["BATCH", "BATCH_BYTES", "Batch", "Carrier", "Carriers", "Dossier", "Gml", "Xml", "carrier"]

_CARRIERS: dict[str, type[Gml | Dossier | Xml]] = {"gml": Gml, "dossier": Dossier, "xml": Xml}


def carrier(layout: Layout, wanted: Dictionary | None = None) -> Carrier:
    """Return what reads the documents of a layout, one after another.

    Parameters
    ----------
    layout
        Of all the documents.
    wanted
        Which classes and fields become columns: the dictionary of the layout, or part of it.
    """
    return _CARRIERS[layout.carrier](layout, wanted)


class Carriers:
    """The carriers of documents of any layouts: one for each layout that comes.

    Parameters
    ----------
    wanted
        Which classes and fields of a layout become columns.
    """

    def __init__(self, wanted: Callable[[Layout], Dictionary] = dictionary) -> None:
        self.wanted = wanted
        self.known: dict[Layout, Carrier] = {}

    def of(self, layout: Layout) -> Carrier:
        """Return the carrier of a layout."""
        if layout not in self.known:
            self.known[layout] = carrier(layout, self.wanted(layout))
        return self.known[layout]

    def rest(self) -> Iterator[Batch]:
        """Yield the records that no batch has held yet."""
        for each in self.known.values():
            yield from each.rest()
