"""A rule: one TOML file, from which the check, the messages and the catalogue are made.

``rules/<family>/<CODE>.toml`` holds the code, its severity, the stage of a run that decides it, what it
applies to, the texts in Vietnamese and English, and the lines of legal documents that it serves. Its check
is ``sql``, a query over the tables that returns the offending rows, or, where SQL cannot do it, the function
``find`` of ``<CODE>.py`` beside the file; what readers report (stage ``load``) has neither.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from inspect import getsource
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from landxml.dictionary import Field, national
from landxml.errors import LandXmlError
from landxml.law import cite
from landxml.layouts import Layout
from landxml.reasons import Reason
from landxml.text import Text
from landxml_mappings.row_spec import has_rows
from landxml_mappings.spec import is_national
from landxml_validator.families import families

__all__ = [
    "PARAMETER",
    "QUALIFIES",
    "Parameter",
    "Rule",
    "RuleError",
    "Severity",
    "Stage",
    "builtin",
    "classes_with",
    "codes",
    "load",
    "offers",
    "words_of",
]

Severity = Literal["error", "warning", "info"]
Stage = Literal["load", "record", "file", "commune", "border", "link", "key", "delivery"]
QUALIFIES: dict[str, Callable[[Field], bool]] = {
    "codelist": lambda field: field.codelist is not None,
    "reference": lambda field: field.kind == "reference",
    # A coded or patterned text is judged by its list or pattern, once.
    "text": lambda field: field.kind == "text" and not (field.codelist or field.pattern),
    "unit": lambda field: field.element == "maXa",
}
"""Which fields are meant by a word that stands for a kind of field."""
PARAMETER = re.compile(r"\$([a-z]\w*)")
"""What stands for the value of a parameter, or for the date of the check, in the SQL of a rule."""

FOLDER = Path(str(files("landxml_validator") / "rules"))
"""Of the rules that ship with the package."""
PARCEL = "ThuaDat"


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that a profile may change; ``$name`` in the rule's SQL stands for it.

    In a rule set the default is the value of its profile.
    """

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
        Empty: files. In the file ``id`` may stand for every class, a
        word of :data:`QUALIFIES` for those with such a field.
    stage
        What must be together for it to be decided, and no more: ``load``, a file while it is found, opened
        and parsed (readers report it); ``record``, a record with what is nested in it; ``file``, all
        records of a file; ``commune``, a parcel and its neighbours (:mod:`landxml_validator.communes`);
        ``border``, parcels of two communes that meet;
        ``link``, records of one parcel in files of several layouts (:mod:`landxml_mappings.link`); ``key``,
        all records with one value of ``key``; ``delivery``, everything.
    key
        Of stage ``key``: the columns of tables whose equal values bring rows together.
    conformance
        Conformance class that it belongs to, that of its family unless the profile says otherwise; not in the
        file.
    communes
        The communes whose findings count, for a variant with other parameters; empty: all. Not in the file.
    requires
        What a layout must be capable of for it to make sense: ``capabilities`` of its manifest; ``schema``,
        an XSD by which its records are checked; ``rows``, its documents are tables.
    reasons
        What it reports of that which readers find; each reason is reported by one rule.
    message
        Template; names in braces are the columns that ``sql`` returns.
    cases
        Templates that stand for ``message`` in findings whose parameter ``detail`` is their key.
    function
        Name of the module with the check, for one written in Python; not in the file.
    complete
        It needs the whole delivery: where a file could not be read to its end it is not evaluated, because
        what it misses may stand there.
    personal
        Message parameters that are personal data, masked unless asked for.
    own
        Message parameters that the program words itself. All others are taken from the data, and shown only
        where they have a form that personal data do not have (:mod:`landxml_validator.privacy`).
    law
        Ids of the lines of legal documents that it serves (:mod:`landxml.law`), the one that it is mainly for
        first; where no text was found, a line of ``practice``, which says why it is there. A rule of the
        user's own may say ``legal`` instead.
    cause
        Message parameters that are equal in findings of one cause (:mod:`landxml_validator.causes`).
    anywhere
        Findings about any field have one cause then.
    follows
        Rules from whose findings, on the same record or the whole file, those of this one follow.
    legal
        How these are cited; not in the file.
    measure
        ISO 19157 quality element or measure.
    evidence
        Mark and section of the format study on which the rule rests.
    """

    code: str
    since: str
    severity: Severity
    stage: Stage
    applies_to: list[str]
    title: Text
    message: Text
    explain: Text
    fix: Text
    law: list[str]
    measure: str
    evidence: str
    cases: dict[str, Text] = {}
    key: list[str] = []
    reasons: list[Reason] = []
    requires: list[str] = []
    parameters: dict[str, Parameter] = {}
    complete: bool = False
    personal: list[str] = []
    own: list[str] = []
    cause: list[str] = []
    anywhere: bool = False
    follows: list[str] = []
    sql: str | None = None
    conformance: str = ""
    communes: list[str] = []
    function: str | None = None
    legal: Text = Text("", "")

    @property
    def name(self) -> str:
        """The code; for a variant with its first commune, as ``LND001_06652``. Unique in a run."""
        return "_".join((self.code, *self.communes[:1]))

    @property
    def source(self) -> str:
        """The check as it is written, in SQL or Python; ``""`` if readers report the rule."""
        return getsource(import_module(self.function)) if self.function else self.sql or ""

    @property
    def added(self) -> bool:
        """Whether it is one of the user's own (:mod:`landxml_validator.own_rules`), of no family of ours."""
        return self.code[:3] not in families()

    @property
    def values(self) -> dict[str, Any]:
        """Values of the parameters, by name."""
        return {name: parameter.default for name, parameter in self.parameters.items()}

    def suits(self, layout: Layout) -> bool:
        """Tell whether a layout is capable of what is required; rules look at national records only."""
        judged = self.stage == "load" or is_national(layout)
        return judged and offers(layout).issuperset(self.requires)

    def given(self, values: Mapping[str, Any]) -> Rule:
        """Return the rule with other values for some of its parameters."""
        parameters = {
            name: msgspec.structs.replace(parameter, default=values.get(name, parameter.default))
            for name, parameter in self.parameters.items()
        }
        return msgspec.structs.replace(self, parameters=parameters)

    def template(self, params: Mapping[str, Any]) -> Text:
        """Return the template of the message for a finding with these parameters."""
        return self.cases.get(str(params.get("detail")), self.message)


def offers(layout: Layout) -> set[str]:
    """Return what a rule may require of a layout: its capabilities, and whether it has rows or a schema."""
    kinds = {"rows": layout.flat or has_rows(layout), "schema": bool(layout.schema)}
    return {*(kind for kind, there in kinds.items() if there), *layout.capabilities}


class RuleError(ValueError):
    """A rule file cannot be used, or a rule cannot be run; says which, and what is wrong with it.

    ``why`` is what reports say of it, where that is known in both languages.
    """

    def __init__(self, said: str, why: Text | None = None) -> None:
        self.why = why
        super().__init__(said)


@cache
def words_of(source: str) -> set[str]:
    """Return the words of a check."""
    return set(re.findall(r"\w+", source))


def load(path: Path) -> Rule:
    """Read one rule file.

    Raises
    ------
    RuleError
        If the file is not TOML, has unknown or missing keys, names a legal line that there is not, its name
        is not its code, or it has no check.
    """
    family, function = families().get(path.stem[:3]), _beside(path)
    try:
        data = msgspec.toml.decode(path.read_bytes(), type=dict)
        if isinstance(kind := data.get("applies_to"), str):
            data["applies_to"] = classes_with(kind)
        rule = msgspec.convert(data, Rule)
        legal = cite(rule.law)
    except LandXmlError as error:
        raise RuleError(f"{path.name}: law: {error}") from error
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise RuleError(f"{path.name}: {error}") from error
    if path.stem != rule.code or family is None:
        raise RuleError(f"{path.name}: the file is not named after its code, or {rule.code!r} has no family")
    if rule.function or rule.conformance or rule.communes:
        raise RuleError(f"{path.name}: function and conformance follow from the name of the file")
    if rule.legal.en or not rule.law:
        raise RuleError(f"{path.name}: give law, ids of the lines it serves; legal is made of them")
    if rule.reasons and rule.stage != "load":
        raise RuleError(f"{path.name}: reasons are those of readers, which stage load reports")
    if bool(rule.key) != (rule.stage == "key"):
        raise RuleError(f"{path.name}: give key for stage key, and for no other")
    if rule.stage in {"commune", "border"} and (rule.applies_to != [PARCEL] or _tables(rule.sql)):
        raise RuleError(
            f"{path.name}: a rule of stage {rule.stage} applies to {PARCEL} and looks at HinhHoc only"
        )
    if len([check for check in (rule.sql, function) if check]) != (rule.stage != "load"):
        raise RuleError(
            f"{path.name}: give either sql or a {path.stem}.py beside it; for stage load, neither"
        )
    return msgspec.structs.replace(rule, conformance=family.id, function=function, legal=legal)


def _tables(sql: str | None) -> set[str]:
    """Classes whose tables a query names."""
    return national().classes.keys() & set(re.findall(r"\w+", sql or ""))


def _beside(path: Path) -> str | None:
    """Name of the module beside a rule file of this package."""
    if path.parent.parent != FOLDER or not path.with_suffix(".py").is_file():
        return None
    return f"landxml_validator.rules.{path.parent.name}.{path.stem}"


def classes_with(kind: str) -> list[str]:
    """Return every class that has a field of a kind, a word of :data:`QUALIFIES`; with ``id``, every class.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    if kind not in {"id", *QUALIFIES}:
        raise ValueError(f"applies_to: {kind} is none of id, {', '.join(QUALIFIES)}")
    classes = national().classes.values()
    if kind == "id":
        return [cls.name for cls in classes]
    return [cls.name for cls in classes if any(map(QUALIFIES[kind], cls.columns))]


@cache
def builtin() -> dict[str, Rule]:
    """Return the rules that ship with the package, by code, with the defaults of their parameters.

    Raises
    ------
    RuleError
        If a rule cannot be used, or a reason is not reported by exactly one.
    """
    rules = [load(path) for path in sorted(FOLDER.glob("*/*.toml"), key=lambda path: path.stem)]
    reported = Counter(reason for rule in rules for reason in rule.reasons)
    for reason in get_args(Reason):
        if reported[reason] != 1:
            raise RuleError(f"{reported[reason]} rules report {reason}; there must be one")
    return {rule.code: rule for rule in rules}


def codes(rules: Mapping[str, Rule]) -> dict[str, str]:
    """Return the code of the rule that reports it, by reason; a code is its own."""
    return {name: code for code, rule in rules.items() for name in (code, *rule.reasons)}
