"""The classes of HoSoXml dossiers, named as in the vendor's workbook: ``DC_ThuaDat``, ``DC_CaNhan``, ….

``HoSoXml`` is a whole dossier. Every field may be absent (``None``, or an empty tuple): vendors' files are as
they are. The types are made from the layout's dictionary when first asked for; the stub beside this module
tells type checkers and editors what they hold.

Examples
--------
>>> from landxml.dossiers import DC_ThuaDat
>>> DC_ThuaDat(thua_dat_id=1, so_hieu_to_ban_do=12)
DC_ThuaDat(thua_dat_id=1, so_hieu_to_ban_do=12)
"""

from typing import Any

from landxml.dictionary import dictionary
from landxml.dossiers.classes import LAYOUT, struct


def __getattr__(name: str) -> Any:
    if name not in dictionary(LAYOUT).classes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return struct(LAYOUT, name)


def __dir__() -> list[str]:
    return sorted(dictionary(LAYOUT).classes)
