"""Receivers of work lists, as data: which rules, which classes, which columns each gets."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from landxml.errors import LandXmlError
from landxml.text import Text

__all__ = ["COLUMNS", "Receiver", "receiver", "receivers"]

Column = Literal["parcel", "who", "object", "field", "found", "fix", "value", "place", "rule"]
COLUMNS: dict[str, tuple[Text, int]] = {
    "done": (Text("Xong", "Done"), 7),
    "new": (Text("Giá trị mới", "New value"), 22),
    "parcel": (Text("Tờ/thửa", "Sheet/parcel"), 16),
    "who": (Text("Người sử dụng đất", "Land user"), 30),
    "object": (Text("Đối tượng", "Object"), 16),
    "field": (Text("Thông tin", "Field"), 18),
    "found": (Text("Phát hiện", "What was found"), 44),
    "fix": (Text("Cách sửa", "How to mend it"), 44),
    "value": (Text("Giá trị hiện có", "Present value"), 22),
    "place": (Text("Vị trí", "Place"), 28),
    "rule": (Text("Quy tắc", "Rule"), 10),
    "note": (Text("Ghi chú", "Note"), 22),
    "key": (Text("Mã việc", "Key"), 18),
    "class": (Text("Lớp", "Class"), 14),
    "element": (Text("Trường", "Element"), 14),
    "check": (Text("Mã kiểm", "Check"), 18),
}
"""Columns of a work list: name, and width in characters. Each list begins with ``done`` and ``new``, has
those of its receiver, and ends with ``note`` and what is hidden."""


class Receiver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who gets a list.

    Attributes
    ----------
    rules
        Codes, or what codes begin with.
    classes
        National classes, of which findings are listed; all if none are named.
    clear
        Classes whose personal values are shown; ``*`` stands for all.
    columns
        What of a finding is shown, in order.
    """

    title: Text
    rules: tuple[str, ...]
    classes: tuple[str, ...]
    clear: tuple[str, ...]
    columns: tuple[Column, ...]

    def sees(self, cls: str) -> bool:
        """Tell whether personal values of a class are shown."""
        return "*" in self.clear or cls in self.clear


@cache
def receivers() -> dict[str, Receiver]:
    """Return the receivers of this package."""
    data = files("landxml_campaign").joinpath("receivers.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, Receiver])


def receiver(name: str) -> tuple[str, Receiver]:
    """Return a receiver of this package, or the one that a file of the same form has, with its name.

    Raises
    ------
    LandXmlError
        If there is none of that name, or the file has another form.
    OSError
        If the file cannot be opened.
    """
    if name in receivers():
        return name, receivers()[name]
    if not name.endswith(".toml"):
        known = ", ".join(receivers())
        said = Text(f"không có nơi nhận “{name}”; có: {known}", f"no receiver “{name}”; there are: {known}")
        raise LandXmlError(said)
    try:
        found = msgspec.toml.decode(Path(name).read_bytes(), type=dict[str, Receiver])
    except msgspec.MsgspecError as error:
        said = Text(f"không phải tệp nơi nhận ({error})", f"is no file of a receiver ({error})")
        raise LandXmlError(said, file=name) from error
    if len(found) != 1:
        raise LandXmlError(Text("cần đúng một nơi nhận", "one receiver is needed, no more"), file=name)
    return next(iter(found.items()))
