"""A rule: one TOML file, from which the check, the messages and the catalogue are made.

``rules/<family>/<CODE>.toml`` holds the code, its severity and conformance class, what it applies to, the
texts in Vietnamese and English, the legal basis, and either ``sql`` (a query over the tables that returns
the offending rows) or ``function``. A rule with ``each`` stands for one query per field of the model that
qualifies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from landxml.dictionary import Field, national
from landxml.text import Text

__all__ = [
    "FAMILIES",
    "QUALIFIES",
    "Each",
    "Parameter",
    "Rule",
    "RuleError",
    "Scope",
    "Severity",
    "builtin",
    "load",
]

Severity = Literal["error", "warning", "info"]
Scope = Literal["file", "record", "package"]
Each = Literal["codelist", "reference", "id", "text", "unit"]
QUALIFIES: dict[str, Callable[[Field], bool]] = {
    "codelist": lambda field: field.codelist is not None,
    "reference": lambda field: field.kind == "reference",
    # A coded or patterned text is judged by its list or pattern, once.
    "text": lambda field: field.kind == "text" and not (field.codelist or field.pattern),
    "unit": lambda field: field.element == "maXa",
}
"""Which fields are meant by a word that stands for a kind of field."""

FAMILIES = {
    "PKG": "package", "XSD": "schema", "COD": "codes", "REF": "references", "UNQ": "uniqueness",
    "GEO": "geometry", "CRS": "crs", "ADM": "units", "LND": "land", "PTY": "parties", "CRT": "certificates",
    "TXT": "text",
}  # fmt: skip
"""Family prefix of a code → conformance class of its rules."""


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number or list that a profile may change; ``$name`` in the rule's SQL stands for it."""

    default: float | int | str | list[str]
    vi: str
    en: str
    unit: str = ""


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule.

    Attributes
    ----------
    code
        Three letters and three digits, never reused.
    applies_to
        Classes whose records it judges; with none present in the input the rule is not applicable.
        Empty: files. In the file a word of :data:`Each` may stand for every class with such a field.
    scope
        ``file`` while a file is opened and parsed, ``record`` over the records of one task, ``package``
        over all records of the delivery.
    each
        Kind of field for which ``sql`` is repeated (see :mod:`landxml_validator.rule_sql`).
    layouts
        Layouts in which it makes sense; empty means all.
    message
        Template; names in braces are the columns that ``sql`` returns.
    cases
        Templates that stand for ``message`` in findings whose parameter ``detail`` is their key.
    function
        For scope ``package``: name of a check written in Python. For scope ``file``: the stage that finds it
        (``intake``, ``envelope``, ``parse`` or ``schema``).
    complete
        It needs the whole delivery: where a file could not be read to its end it is not evaluated, because
        what it misses may stand there.
    personal
        Message parameters that are personal data, masked unless asked for.
    own
        Message parameters that the program words itself. All others are taken from the data, and shown only
        where they have a form that personal data do not have (:mod:`landxml_validator.privacy`).
    legal
        Document and article, or the words "thông lệ tốt" / "good practice".
    measure
        ISO 19157 quality element or measure.
    evidence
        Mark and section of the format study on which the rule rests.
    """

    code: str
    since: str
    severity: Severity
    scope: Scope
    applies_to: list[str]
    title: Text
    message: Text
    explain: Text
    fix: Text
    legal: Text
    measure: str
    evidence: str
    cases: dict[str, Text] = {}
    layouts: list[str] = []
    parameters: dict[str, Parameter] = {}
    complete: bool = False
    personal: list[str] = []
    own: list[str] = []
    each: Each | None = None
    sql: str | None = None
    function: str | None = None

    @property
    def conformance(self) -> str:
        """Conformance class that the rule belongs to, by its family."""
        return FAMILIES[self.code[:3]]

    def template(self, params: Mapping[str, Any]) -> Text:
        """Return the template of the message for a finding with these parameters."""
        return self.cases.get(str(params.get("detail")), self.message)


class RuleError(ValueError):
    """A rule file cannot be used; says which file, and what is wrong with it."""


def load(path: Path) -> Rule:
    """Read one rule file.

    Raises
    ------
    RuleError
        If the file is not TOML, has unknown or missing keys, or its name is not its code.
    """
    try:
        data = msgspec.toml.decode(path.read_bytes(), type=dict)
        if isinstance(kind := data.get("applies_to"), str):
            data["applies_to"] = _with(kind)
        rule = msgspec.convert(data, Rule)
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise RuleError(f"{path.name}: {error}") from error
    if path.stem != rule.code or rule.code[:3] not in FAMILIES:
        raise RuleError(f"{path.name}: the file is not named after its code, or {rule.code!r} has no family")
    if (rule.sql is None) == (rule.function is None):
        raise RuleError(f"{path.name}: give either sql or function")
    return rule


def _with(kind: str) -> list[str]:
    """Every class that has a field of a kind."""
    if kind not in get_args(Each):
        raise ValueError(f"applies_to: {kind} is none of {', '.join(get_args(Each))}")
    classes = national().classes.values()
    if kind == "id":
        return [cls.name for cls in classes]
    return [cls.name for cls in classes if any(map(QUALIFIES[kind], cls.columns))]


@cache
def builtin() -> dict[str, Rule]:
    """Return the rules that ship with the package, by code."""
    folder = Path(str(files("landxml_validator") / "rules"))
    rules = [load(path) for path in folder.glob("*/*.toml")]
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.code)}
