"""A profile: what a delivery must satisfy, as a TOML file in ``profiles/``."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar, get_args

import msgspec

from landxml import law, layouts
from landxml.errors import LandXmlError
from landxml.layouts import Layout
from landxml.nearest import nearest
from landxml.text import Text
from landxml_validator.families import families
from landxml_validator.rule import Rule, Severity, builtin

__all__ = ["DEFAULT", "Profile", "load", "misfit", "profiles"]

DEFAULT = "trial-integration"
"""The profile unless another one is named."""

_Part = TypeVar("_Part", dict[str, Any], list[Any])


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which conformance classes are required, and what the profile changes in rules.

    Attributes
    ----------
    required
        Conformance classes that must pass for the delivery to conform.
    classes
        Conformance class → line of a legal document, or whole document (:mod:`landxml.law`); empty: the
        families of the rules are the classes.
    severity, parameters
        Rule code → severity; rule code → parameter → value.
    leaves
        Codes of rules, or what several begin with, that are no part of it.
    own
        Layouts beside the built-in ones: that of a profile that is a folder, and others. Never in the file.
    """

    id: str
    title: Text
    required: list[str]
    classes: dict[str, str] = {}
    severity: dict[str, Severity] = {}
    parameters: dict[str, dict[str, Any]] = {}
    leaves: list[str] = []
    own: tuple[Layout, ...] = ()

    @property
    def layouts(self) -> dict[str, Layout]:
        """All layouts that documents may have, by id."""
        return layouts.builtin() | {layout.id: layout for layout in self.own}


def profiles() -> list[str]:
    """Names of the built-in profiles."""
    return sorted(path.stem for path in _folder().glob("*.toml"))


def load(name: str, rules: Mapping[str, Rule] | None = None) -> Profile:
    """Read a built-in profile by name, or one from a ``.toml`` file or from a folder with its own layout.

    Parameters
    ----------
    name
        Name or path.
    rules
        The rules that there are, by code; by default the built-in ones.

    Raises
    ------
    LandXmlError
        If there is none of that name, it names a rule, class or parameter that does not exist, gives one a
        value that it cannot have, or the layout of the folder cannot be used.
    """
    if name not in profiles() and Path(name).is_dir():
        if not Path(name, "profile.toml").is_file():
            raise LandXmlError(
                Text("thư mục không có profile.toml", "the folder has no profile.toml"), file=name
            )
        from landxml.load import layout_of  # noqa: PLC0415 - loads the database

        own = (layout_of(Path(name)),)
        return msgspec.structs.replace(load(str(Path(name, "profile.toml")), rules), own=own)
    path = Path(name) if name.endswith(".toml") else _folder() / f"{name}.toml"
    try:
        data = msgspec.toml.decode(path.read_bytes(), type=dict)
        for mistake in _mistakes(data, builtin() if rules is None else rules):
            raise LandXmlError(mistake, file=str(path))
        return msgspec.convert(data, Profile)
    except FileNotFoundError:
        mistake = _unknown("profile", "hồ sơ kiểm tra", name, profiles())
        raise LandXmlError(mistake) from None
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise LandXmlError(
            Text(f"không đọc được hồ sơ kiểm tra: {error}", str(error)), file=str(path)
        ) from error


def _mistakes(data: dict[str, Any], rules: Mapping[str, Rule]) -> Iterator[Text]:
    """Say what a profile names that does not exist, and which values do not fit."""
    severities = list(get_args(Severity))
    classes = _part(data, "classes", dict)
    named = [*classes] or [family.id for family in families().values()]
    severity, parameters = _part(data, "severity", dict), _part(data, "parameters", dict)
    for code in (*severity, *parameters):
        if code not in rules:
            yield _unknown("rule", "quy tắc", code, list(rules))
    for code in map(str, _part(data, "leaves", list)):
        if not any(known.startswith(code) for known in rules):
            yield _unknown("rule", "quy tắc", code, list(rules))
    for name in _part(data, "required", list):
        if name not in named:
            yield _unknown("conformance class", "nhóm yêu cầu", str(name), named)
    for place in map(str, classes.values()):
        if place not in law.lines() and place not in law.documents():
            yield _unknown("legal line", "dòng của văn bản", place, [*law.documents(), *law.lines()])
    for code, value in severity.items():
        if value not in severities:
            yield _unfit(f"severity.{code}", value, (", ".join(severities), ", ".join(severities)))
    for code in parameters:
        known = rules[code].parameters
        for name, value in _part(parameters, code, dict).items():
            if name not in known:
                yield _unknown(f"parameter of {code}", f"tham số của {code}", name, list(known))
            if wrong := misfit(f"parameters.{code}.{name}", value, known[name].default):
                yield wrong


def _part(data: dict[str, Any], name: str, kind: type[_Part]) -> _Part:
    """Return a part of a profile; nothing if it is no such thing, which its conversion complains of."""
    part = data.get(name)
    return part if isinstance(part, kind) else kind()


_KINDS: dict[type, tuple[str, str]] = {
    float: ("một số", "a number"),
    int: ("một số nguyên", "a whole number"),
    str: ("một chuỗi chữ", "a text"),
    list: ("một danh sách chuỗi chữ", "a list of texts"),
}
"""What a parameter takes, by the type of its default."""


def misfit(place: str, value: object, default: object) -> Text | None:
    """Say what is wrong with the value of a parameter; None if it may stand for the default."""
    kind = type(default)
    return None if _fits(value, kind) else _unfit(place, value, _KINDS[kind])


def _fits(value: object, kind: type) -> bool:
    try:
        fit: Any = msgspec.convert(value, list[str] if kind is list else kind)
    except msgspec.ValidationError:
        return False
    return kind is not float or math.isfinite(fit)  # TOML has nan and inf: no case is beyond them


def _unfit(place: str, value: object, expected: tuple[str, str]) -> Text:
    said = json.dumps(value, ensure_ascii=False, default=str)
    vi, en = expected
    return Text(
        vi=f"{place} = {said}: không đúng; cần: {vi}", en=f"{place} = {said} does not fit; expected: {en}"
    )


def _unknown(what: str, vi: str, name: str, known: list[str]) -> Text:
    near, choices = nearest(name, known), ", ".join(known) or "–"
    hint = f"did you mean {near}?" if near else f"there are: {choices}"
    hint_vi = f"có phải ý bạn là {near}?" if near else f"có: {choices}"
    return Text(vi=f"không có {vi} “{name}”; {hint_vi}", en=f"no {what} is named “{name}”; {hint}")


def _folder() -> Path:
    return Path(str(files("landxml_validator") / "profiles"))
