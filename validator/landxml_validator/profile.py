"""A profile: what a delivery must satisfy, as a TOML file in ``profiles/``."""

from __future__ import annotations

import difflib
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from landxml import external
from landxml.errors import LandXmlError
from landxml.external import External
from landxml_validator.rule import FAMILIES, Rule, Severity, Text, builtin

__all__ = ["Profile", "profiles"]


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which conformance classes are required, and what the profile changes in rules.

    Attributes
    ----------
    required
        Conformance classes that must pass for the delivery to conform.
    severity, parameters
        Rule code → severity; rule code → parameter → value.
    layout
        Of a profile that is a folder: the layout that it brings with it. Never in the file.
    """

    id: str
    title: Text
    required: list[str]
    severity: dict[str, Severity] = {}
    parameters: dict[str, dict[str, Any]] = {}
    layout: External | None = None

    def severity_of(self, rule: Rule) -> Severity:
        """Severity of a rule in this profile."""
        return self.severity.get(rule.code, rule.severity)

    def parameters_of(self, rule: Rule) -> dict[str, Any]:
        """Parameters of a rule in this profile, defaults included."""
        defaults = {name: parameter.default for name, parameter in rule.parameters.items()}
        return defaults | self.parameters.get(rule.code, {})


def profiles() -> list[str]:
    """Names of the built-in profiles."""
    return sorted(path.stem for path in _folder().glob("*.toml"))


def load(name: str) -> Profile:
    """Read a built-in profile by name, or one from a ``.toml`` file or from a folder with its own layout.

    Raises
    ------
    LandXmlError
        If there is none of that name, it names a rule, class or parameter that does not exist, or the layout
        of the folder cannot be used.
    """
    if name not in profiles() and Path(name).is_dir():
        return msgspec.structs.replace(
            load(str(Path(name, "profile.toml"))), layout=external.load(Path(name))
        )
    path = Path(name) if name.endswith(".toml") else _folder() / f"{name}.toml"
    try:
        profile = msgspec.toml.decode(path.read_bytes(), type=Profile)
    except FileNotFoundError:
        raise _unknown("profile", "hồ sơ kiểm tra", name, profiles()) from None
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise LandXmlError(
            str(error), vi=f"không đọc được hồ sơ kiểm tra: {error}", file=str(path)
        ) from error
    rules = builtin()
    for code in (*profile.severity, *profile.parameters):
        if code not in rules:
            raise _unknown("rule", "quy tắc", code, list(rules))
    for name_ in profile.required:
        if name_ not in FAMILIES.values():
            raise _unknown("conformance class", "nhóm yêu cầu", name_, list(FAMILIES.values()))
    for code, values in profile.parameters.items():
        for parameter in values:
            if parameter not in rules[code].parameters:
                known = list(rules[code].parameters)
                raise _unknown(f"parameter of {code}", f"tham số của {code}", parameter, known)
    return profile


def _unknown(what: str, vi: str, name: str, known: list[str]) -> LandXmlError:
    near, choices = difflib.get_close_matches(name, known, 1), ", ".join(known) or "–"
    hint = f"did you mean {near[0]}?" if near else f"there are: {choices}"
    hint_vi = f"có phải ý bạn là {near[0]}?" if near else f"có: {choices}"
    return LandXmlError(f"no {what} is named “{name}”; {hint}", vi=f"không có {vi} “{name}”; {hint_vi}")


def _folder() -> Path:
    return Path(str(files("landxml_validator") / "profiles"))
