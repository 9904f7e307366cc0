"""What an office changes in the rules of a profile: settings, and which of them decides.

A rule code, or what several codes begin with, stands for rules. Of several settings that fit a rule the one
given on the command line decides, else the one with the longest code, else the one of a class.

Examples
--------
>>> settings = [Setting(key="select", code="GEO"), Setting(key="ignore", code="GEO00")]
>>> off(settings, "GEO001"), off(settings, "GEO011"), off(settings, "TXT001")
(ignore GEO00, None, select GEO)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from landxml.text import Text

__all__ = ["Key", "Setting", "deciding", "off", "profile_of"]

Key = Literal["profile", "select", "ignore", "severity", "parameters"]


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that an office says of some rules.

    Attributes
    ----------
    key
        ``profile``: which one; ``select``: only these rules; ``ignore``: not these; ``severity``;
        ``parameters``.
    code
        Code of a rule, or what those of several begin with; ``""``: all.
    cls, commune
        Conformance class whose rules are meant, commune whose findings are; ``""``: any.
    name, value
        Name of the parameter; the value, the severity, or the profile.
    file, line
        Where it stands; ``""`` and 0 on the command line, which is stronger than any file.
    """

    key: Key
    code: str = ""
    cls: str = ""
    commune: str = ""
    name: str = ""
    value: str | int | float | list[str] | None = None
    file: str = ""
    line: int = 0

    def __repr__(self) -> str:
        value = "" if self.value is None else f"= {msgspec.json.encode(self.value).decode()}"
        rules = ":".join(filter(None, (self.cls, self.commune, f"{self.code}.{self.name}".strip("."))))
        return " ".join(filter(None, (self.key, rules, value)))

    def fits(self, code: str, cls: str) -> bool:
        """Tell whether a rule of a conformance class is meant."""
        return code.startswith(self.code) and self.cls in {"", cls}

    @property
    def place(self) -> Text:
        """Where it is said."""
        if not self.file:
            return Text(f"--{self.key}", f"--{self.key}")
        return Text(f"{self.file} dòng {self.line}", f"{self.file} line {self.line}")

    @property
    def reason(self) -> Text:
        """Why a rule that this setting leaves out was not evaluated."""
        if self.key == "ignore":
            vi, en = (f" ở xã {self.commune}", f" in commune {self.commune}") if self.commune else ("", "")
            return Text(f"bị bỏ qua{vi} theo {self.place.vi}", f"ignored{en} by {self.place.en}")
        return Text(f"không được chọn theo {self.place.vi}", f"not selected by {self.place.en}")


def profile_of(settings: Iterable[Setting]) -> Setting | None:
    """Return the setting that names the profile."""
    return next((each for each in settings if each.key == "profile"), None)


def deciding(
    settings: Iterable[Setting], key: Key, code: str, *, name: str = "", cls: str = "", commune: str = ""
) -> Setting | None:
    """Return the setting that decides on a rule, or on one of its parameters, everywhere or in a commune."""
    fit = [
        each
        for each in settings
        if each.key == key and each.name == name and each.commune == commune and each.fits(code, cls)
    ]
    return max(fit, key=_weight, default=None)


def off(settings: Sequence[Setting], code: str, cls: str = "") -> Setting | None:
    """Return the setting by which a rule of a class is left out; None if it is in."""
    selections = [each for each in settings if each.key == "select"]
    selections = [each for each in selections if not each.file] or selections
    select, ignore = deciding(selections, "select", code), deciding(settings, "ignore", code, cls=cls)
    if selections and select is None:
        return selections[0]
    return ignore if ignore and (select is None or _weight(ignore) >= _weight(select)) else None


def _weight(setting: Setting) -> tuple[bool, int, bool]:
    return not setting.file, len(setting.code), bool(setting.cls)
