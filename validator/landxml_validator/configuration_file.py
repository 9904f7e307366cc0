"""``landxml.toml``, and the options of the command line that say the same: read with all mistakes at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec

from landxml.errors import LandXmlError
from landxml.mistakes import Keys, Mistake, decoded, line_of, lines, refusal, unknown
from landxml.text import Text
from landxml_validator import profile as profiles
from landxml_validator.configuration import Key, Setting
from landxml_validator.families import families
from landxml_validator.profile import Profile, misfit
from landxml_validator.rule import Rule, Severity, builtin
from landxml_validator.shared import shared

__all__ = ["NAME", "folders", "given", "nearest_file", "read"]

NAME = "landxml.toml"
SECTIONS = {"classes": "cls", "communes": "commune"}
"""Tables of parts that say something of some classes or communes, and the field of their settings."""
KEYS: dict[str, tuple[str, ...]] = {
    "": ("rules", *get_args(Key), *SECTIONS),
    "classes": ("ignore", "severity", "parameters"),
    "communes": ("ignore", "severity", "parameters"),
}
"""What may be said of all, of a class, of a commune."""


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


def read(
    path: Path, rules: Mapping[str, Rule] | None = None, *, profile: str | None = None
) -> tuple[Setting, ...]:
    """Read a configuration.

    Parameters
    ----------
    path
        The file.
    rules
        The rules that there are, by code; by default the built-in ones.
    profile
        The profile that was chosen elsewhere, whose classes count then.

    Raises
    ------
    LandXmlError
        With all mistakes in it, each with its line: keys, rules, classes, communes and parameters that there
        are not, values that do not fit.
    OSError
        If it cannot be read.
    """
    data = decoded(path)
    if found := list(_mistakes(data, _known(rules), path.parent, profile)):
        raise refusal(path, found)
    known, name = lines(path.read_text("utf-8")), os.path.relpath(path)
    return tuple(
        msgspec.structs.replace(setting, file=name, line=line_of(keys, known))
        for keys, setting in _settings(data, path.parent)
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
    for mistake in _mistakes(data, _known(rules)):
        raise LandXmlError(mistake.what, field=f"--{mistake.keys[0]}")
    return tuple(setting for _, setting in _settings(data))


Part = tuple[Keys, dict[str, Any]]
"""A part of the file, and the keys that lead to it: ``()`` for all, ``("communes", "06652")``."""


def _parts(data: Mapping[str, Any]) -> Iterator[Part]:
    yield (), {**data}
    for section in SECTIONS:
        for name, part in _table(data, section).items():
            yield (section, name), part if isinstance(part, dict) else {}


def _settings(data: Mapping[str, Any], folder: Path = Path()) -> Iterator[tuple[Keys, Setting]]:
    """Yield the settings, and the keys that lead to each."""
    if name := data.get("profile"):
        yield ("profile",), Setting(key="profile", value=_named(name, folder))
    for keys, part in _parts(data):
        where = {SECTIONS[keys[0]]: keys[1]} if keys else {}
        for above, setting in _of_part(part):
            yield (*keys, *above), msgspec.structs.replace(setting, **where)


def _of_part(part: Mapping[str, Any]) -> Iterator[tuple[Keys, Setting]]:
    for key in ("select", "ignore"):
        codes = part.get(key, ())
        for code in ("",) if codes is True else codes or ():
            yield (key, code) if code else (key,), Setting(key=key, code=code)
    levels = part.get("severity", {})
    for code, level in levels.items() if isinstance(levels, dict) else [("", levels)]:
        yield ("severity", code) if code else ("severity",), Setting(key="severity", code=code, value=level)
    for code, values in part.get("parameters", {}).items():
        if code in shared():
            for rule, name in shared()[code].parameters:
                setting = Setting(key="parameters", code=rule, name=name, value=values)
                yield ("parameters", code), setting
            continue
        for name, value in values.items():
            yield ("parameters", code, name), Setting(key="parameters", code=code, name=name, value=value)


def _named(name: str, folder: Path) -> str:
    """Return the name of a profile; the path of a file or folder begins in that of the configuration."""
    own = folder / name
    return str(own) if name not in profiles.profiles() and own.exists() else name


def _known(rules: Mapping[str, Rule] | None) -> Mapping[str, Rule]:
    return builtin() if rules is None else rules


def _mistakes(
    data: Mapping[str, Any], rules: Mapping[str, Rule], folder: Path = Path(), profile: str | None = None
) -> Iterator[Mistake]:
    chosen = profile or data.get("profile") or profiles.DEFAULT
    try:
        known = profiles.load(_named(str(chosen), folder), rules)
    except LandXmlError as error:
        known = profiles.load(profiles.DEFAULT)
        if chosen == data.get("profile"):
            yield Mistake(("profile",), error.what)
    if not _texts(data.get("rules", [])):
        yield _expected(("rules",), "danh sách thư mục", "a list of folders")
    for section in SECTIONS:
        if not isinstance(data.get(section, {}), dict):
            yield _expected((section,), f"bảng [{section}.…]", f"tables [{section}.…]")
        for name, part in _table(data, section).items():
            yield from _section((section, name), part, known)
    for keys, part in _parts(data):
        yield from _of_keys(keys, part, rules)


def _section(keys: Keys, part: object, profile: Profile) -> Iterator[Mistake]:
    import landxml_units as units  # noqa: PLC0415 - loads Arrow, which lists of rules need not

    section, name = keys
    if section == "communes" and not any(unit.level == "commune" for unit in units.validities(name)):
        codes = units.table("units")["code"].to_pylist()
        yield unknown(keys, name, (code for code in codes if len(code) == len("00001")), "xã", "commune")
    classes = [*profile.classes] or [family.id for family in families().values()]
    if section == "classes" and name not in classes:
        yield unknown(keys, name, classes, f"nhóm yêu cầu của hồ sơ {profile.id}", f"class of {profile.id}")
    if not isinstance(part, dict):
        yield _expected(keys, f"bảng [{section}.{name}]", f"a table [{section}.{name}]")


def _of_keys(keys: Keys, part: Mapping[str, Any], rules: Mapping[str, Rule]) -> Iterator[Mistake]:
    """Say what is wrong in a part; ``keys`` lead to it."""
    section = keys[0] if keys else ""
    for key in part.keys() - set(KEYS[section]):
        yield unknown((*keys, key), key, KEYS[section], "mục", "key")
    for key in ("select", "ignore"):
        yield from _codes((*keys, key), part.get(key, []), rules, every=bool(section))
    for code in set(_listed(part, "select")) & set(_listed(part, "ignore")):
        what = Text(f"“{code}” vừa được chọn vừa bị bỏ qua", f"“{code}” is both selected and ignored")
        yield Mistake((*keys, "ignore", code), what)
    yield from _severities((*keys, "severity"), part.get("severity", {}), rules, every=bool(section))
    values = part.get("parameters", {})
    if not isinstance(values, dict):
        yield _expected((*keys, "parameters"), "một bảng [parameters]", "a table [parameters]")
    for code, one in _table(part, "parameters").items():
        yield from _parameters((*keys, "parameters", code), one, rules)


def _listed(part: Mapping[str, Any], key: str) -> list[str]:
    codes = part.get(key)
    return [code for code in codes if isinstance(code, str)] if isinstance(codes, list) else []


def _codes(keys: Keys, codes: object, rules: Mapping[str, Rule], *, every: bool) -> Iterator[Mistake]:
    """Say what is wrong with a list of codes; ``every``: true stands for all."""
    if every and codes is True:
        return
    if not isinstance(codes, list):
        yield _expected(keys, "danh sách mã quy tắc", "a list of codes")
        return
    for code in codes:
        yield from _code((*keys, str(code)), str(code), rules)


def _severities(keys: Keys, levels: object, rules: Mapping[str, Rule], *, every: bool) -> Iterator[Mistake]:
    """Say what is wrong with severities by code; ``every``: one stands for all."""
    given = levels if isinstance(levels, dict) else {"": levels} if every else None
    if given is None:
        yield _expected(keys, "một bảng [severity]", "a table [severity]")
        return
    for code, level in given.items():
        if code:
            yield from _code((*keys, code), code, rules)
        if level not in get_args(Severity):
            yield unknown((*keys, code), str(level), get_args(Severity), "mức độ", "severity")


def _code(keys: Keys, code: str, rules: Mapping[str, Rule]) -> Iterator[Mistake]:
    if not code or not any(known.startswith(code) for known in rules):
        yield unknown(keys, code, [*families(), *rules], "quy tắc", "rule")


def _parameters(keys: Keys, values: object, rules: Mapping[str, Rule]) -> Iterator[Mistake]:
    """Say what is wrong with the parameters of some rules."""
    code = keys[-1]
    if code in shared():
        rule, name = shared()[code].parameters[0]
        yield from _value(keys, values, builtin()[rule].values[name])
        return
    if wrong := list(_code(keys, code, rules)):
        names = [*families(), *rules, *shared()]
        yield from [unknown(keys, code, names, "quy tắc", "rule")] if code else wrong
        return
    if not isinstance(values, dict):
        yield _expected(keys, "một bảng tham số", "a table of parameters")
        return
    meant = [rule for rule in rules.values() if rule.code.startswith(code)]
    for name, value in values.items():
        having = [rule for rule in meant if name in rule.values]
        if not having:
            known = {each for rule in meant for each in rule.parameters}
            yield unknown((*keys, name), name, known, f"tham số của {code}", f"parameter of {code}")
        else:
            yield from _value((*keys, name), value, having[0].values[name])


def _value(keys: Keys, value: object, default: object) -> Iterator[Mistake]:
    if wrong := misfit(".".join(keys), value, default):
        yield Mistake(keys, wrong)


def _expected(keys: Keys, vi: str, en: str) -> Mistake:
    return Mistake(keys, Text(f"{'.'.join(keys)}: cần {vi}", f"{'.'.join(keys)}: {en} is expected"))


def _table(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    part = data.get(key)
    return part if isinstance(part, dict) else {}


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
