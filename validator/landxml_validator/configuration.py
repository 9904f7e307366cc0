"""What an office changes in the rules of a profile: ``landxml.toml``, and options of the command line.

A rule code, or what several codes begin with, stands for rules. Of several settings that fit a rule the one
given on the command line decides, else the one with the longest code.

Examples
--------
>>> settings = given(select=["GEO", "GEO003"], ignore=["GEO00"])
>>> off(settings, "GEO001"), off(settings, "GEO003"), off(settings, "TXT001")
(ignore GEO00, None, select GEO)
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from landxml.errors import LandXmlError
from landxml.mistakes import Keys, Mistake, decoded, line_of, lines, refusal, unknown
from landxml.text import Text
from landxml_validator.families import families
from landxml_validator.profile import misfit
from landxml_validator.rule import Rule, Severity, builtin

__all__ = ["NAME", "Key", "Setting", "deciding", "folders", "given", "nearest_file", "off", "read"]

Key = Literal["select", "ignore", "severity", "parameters"]
NAME = "landxml.toml"


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that an office says of some rules.

    Attributes
    ----------
    key
        ``select``: only these rules; ``ignore``: not these; ``severity``; ``parameters``.
    code
        Code of a rule, or what those of several begin with.
    name, value
        Name of the parameter; the value, or the severity.
    file, line
        Where it stands; ``""`` and 0 on the command line.
    """

    key: Key
    code: str
    name: str = ""
    value: str | int | float | list[str] | None = None
    file: str = ""
    line: int = 0

    def __repr__(self) -> str:
        value = "" if self.value is None else f" = {msgspec.json.encode(self.value).decode()}"
        return f"{self.key} {'.'.join(filter(None, (self.code, self.name)))}{value}"

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
            return Text(f"bị bỏ qua theo {self.place.vi}", f"ignored by {self.place.en}")
        return Text(f"không được chọn theo {self.place.vi}", f"not selected by {self.place.en}")


def nearest_file(folder: Path) -> Path | None:
    """Return the ``landxml.toml`` of a folder, or of the nearest above it that has one."""
    return next((path for each in (folder, *folder.parents) if (path := each / NAME).is_file()), None)


def folders(path: Path) -> list[Path]:
    """Return the folders of own rules that a configuration names, from where it stands.

    Raises
    ------
    LandXmlError, OSError
        If it is no TOML; if it cannot be read.
    """
    named = decoded(path).get("rules", [])
    return [path.parent / name for name in named] if _texts(named) else []  # else read tells the mistake


def read(path: Path, rules: Mapping[str, Rule] | None = None) -> tuple[Setting, ...]:
    """Read a configuration.

    Parameters
    ----------
    path
        Its file.
    rules
        The rules that there are, by code; by default the built-in ones.

    Raises
    ------
    LandXmlError
        With all mistakes in it, each with its line: keys, rules and parameters that there are not, values
        that do not fit.
    OSError
        If it cannot be read.
    """
    data = decoded(path)
    if found := list(_mistakes(data, builtin() if rules is None else rules)):
        raise refusal(path, found)
    known, name = lines(path.read_text("utf-8")), os.path.relpath(path)
    return tuple(
        msgspec.structs.replace(setting, file=name, line=line_of(keys, known))
        for keys, setting in _settings(data)
    )


def given(
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    severity: Mapping[str, str] | None = None,
    rules: Mapping[str, Rule] | None = None,
) -> tuple[Setting, ...]:
    """Return what is given on the command line; ``rules`` are those that there are, if not the built-in ones.

    Raises
    ------
    LandXmlError
        If there is no such rule or severity; says which may be meant.
    """
    data = {"select": [*select], "ignore": [*ignore], "severity": dict(severity or {})}
    for mistake in _mistakes(data, builtin() if rules is None else rules):
        raise LandXmlError(mistake.what, field=f"--{mistake.keys[0]}")
    return tuple(setting for _, setting in _settings(data))


def deciding(settings: Iterable[Setting], key: Key, code: str, name: str = "") -> Setting | None:
    """Return the setting that decides on a rule, or on one of its parameters."""
    fit = [each for each in settings if each.key == key and each.name == name and code.startswith(each.code)]
    return max(fit, key=_weight, default=None)


def off(settings: Sequence[Setting], code: str) -> Setting | None:
    """Return the setting by which a rule is left out; None if it is in."""
    selections = [each for each in settings if each.key == "select"]
    selections = [each for each in selections if not each.file] or selections
    select, ignore = deciding(selections, "select", code), deciding(settings, "ignore", code)
    if selections and select is None:
        return selections[0]
    return ignore if ignore and (select is None or _weight(ignore) >= _weight(select)) else None


def _weight(setting: Setting) -> tuple[bool, int]:
    return not setting.file, len(setting.code)


def _settings(data: Mapping[str, Any]) -> Iterator[tuple[Keys, Setting]]:
    """Yield the settings, and the keys that lead to each."""
    for key in ("select", "ignore"):
        for code in data.get(key, ()):
            yield (key, code), Setting(key=key, code=code)
    for code, level in data.get("severity", {}).items():
        yield ("severity", code), Setting(key="severity", code=code, value=level)
    for code, values in data.get("parameters", {}).items():
        for name, value in values.items():
            yield ("parameters", code, name), Setting(key="parameters", code=code, name=name, value=value)


def _mistakes(data: Mapping[str, Any], rules: Mapping[str, Rule]) -> Iterator[Mistake]:
    for key in data.keys() - {"rules", *get_args(Key)}:
        yield unknown((key,), key, ["rules", *get_args(Key)], "mục", "key")
    if not _texts(data.get("rules", [])):
        what = Text("rules: cần danh sách thư mục", "rules: a list of folders is expected")
        yield Mistake(("rules",), what)
    for key in ("select", "ignore"):
        codes = data.get(key, [])
        if not isinstance(codes, list):
            yield Mistake(
                (key,), Text(f"{key}: cần danh sách mã quy tắc", f"{key}: a list of codes is expected")
            )
            continue
        for code in codes:
            yield from _code((key, str(code)), str(code), rules)
    yield from _severities(_table(data, "severity"), rules)
    for code, values in _table(data, "parameters").items():
        if wrong := list(_code(("parameters", code), code, rules)):
            yield from wrong
        else:
            yield from _parameters(code, values, rules)
    for key in ("severity", "parameters"):
        if not isinstance(data.get(key, {}), dict):
            yield Mistake((key,), Text(f"{key}: cần một bảng [{key}]", f"{key}: a table [{key}] is expected"))


def _table(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    part = data.get(key)
    return part if isinstance(part, dict) else {}


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _code(keys: Keys, code: str, rules: Mapping[str, Rule]) -> Iterator[Mistake]:
    if not code or not any(known.startswith(code) for known in rules):
        yield unknown(keys, code, [*families(), *rules], "quy tắc", "rule")


def _severities(levels: Mapping[str, Any], rules: Mapping[str, Rule]) -> Iterator[Mistake]:
    for code, level in levels.items():
        yield from _code(("severity", code), code, rules)
        if level not in get_args(Severity):
            yield unknown(("severity", code), str(level), get_args(Severity), "mức độ", "severity")


def _parameters(code: str, values: Any, rules: Mapping[str, Rule]) -> Iterator[Mistake]:
    known = {
        name: parameter.default
        for rule in rules.values()
        if rule.code.startswith(code)
        for name, parameter in rule.parameters.items()
    }
    for name, value in values.items() if isinstance(values, dict) else ():
        keys = ("parameters", code, name)
        if name not in known:
            yield unknown(keys, name, known, f"tham số của {code}", f"parameter of {code}")
        elif wrong := misfit(".".join(keys), value, known[name]):
            yield Mistake(keys, wrong)
    if not isinstance(values, dict):
        what = Text("cần một bảng tham số", "a table of parameters is expected")
        yield Mistake(("parameters", code), what)
