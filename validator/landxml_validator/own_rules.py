"""Rules of the user's own: folders with rules written as ours, a TOML file each, whose check is SQL.

They may come from strangers: nothing in them is run but their query, in a database that can reach nothing
(:mod:`landxml_validator.locked`), and where they look at personal data no value of theirs is shown. All
mistakes of all files are told at once, each with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import msgspec

from landxml.dictionary import national
from landxml.errors import LandXmlError
from landxml.files import Path_
from landxml.law import cite
from landxml.layouts import Capability
from landxml.mistakes import Keys, Mistake, decoded, placed, together, unknown
from landxml.text import Lang, Text
from landxml_validator import dry_run, own_sql
from landxml_validator.families import OWN
from landxml_validator.rule import PARAMETER, PARCEL, Rule, Severity, builtin, classes_with

__all__ = ["CODE", "load"]

CODE = re.compile(r"(?!XSD)X[A-Z]{2}[0-9]{3}")
"""Codes of own rules: no family of ours but XSD begins with X, and none ever will."""
_FIELDS = {
    field.name: field
    for field in msgspec.structs.fields(Rule)
    if field.name not in {"function", "conformance", "communes", "reasons", "own"}
}
"""What may stand in the file: an own rule has no Python, and words no value itself."""
_OPTIONAL = {"since": "", "measure": "", "evidence": "", "law": []}
"""What an own rule need not say, though ours must."""
_LARGEST = 200_000
"""Bytes of a file."""


def load(folders: Iterable[Path_]) -> dict[str, Rule]:
    """Read the rules of folders, by code.

    Raises
    ------
    LandXmlError
        If a folder has no rules, or there are mistakes in them: with all of them, each with file and line.
    OSError
        If a folder or file cannot be read.
    """
    rules: dict[str, Rule] = {}
    errors: list[LandXmlError] = []
    for folder in map(Path, folders):
        files = (path for path in sorted(folder.iterdir()) if path.suffix == ".toml")
        paths = [path for path in files if path.name != "landxml.toml"]
        if not paths:
            what = Text("không có quy tắc nào trong thư mục này", "there are no rules in this folder")
            errors.append(LandXmlError(what, file=folder))
        for path in paths:
            found = _read(path)
            if isinstance(found, list):
                errors += found
            elif found.code in rules:
                what = Text(f"đã có quy tắc {found.code}", f"there is a rule {found.code} already")
                errors.append(LandXmlError(what, file=path))
            else:
                rules[found.code] = found
    if errors:
        raise together(Path(errors[0].file or "").parent, errors)
    return dict(sorted(rules.items()))


def _read(path: Path) -> Rule | list[LandXmlError]:
    """Read a file; return its rule, or what is wrong with it."""
    if path.stat().st_size > _LARGEST:
        return [LandXmlError(Text("tệp quá lớn", "the file is too large"), file=path)]
    try:
        data = decoded(path)
    except LandXmlError as error:
        return [error]
    values: dict[str, Any] = {}
    wrong = [*_shape(data, values), *_meaning(values, path.stem), *_printable(data)]
    if path.with_suffix(".py").exists():
        what = f"{path.stem}.py không được chạy", f"{path.stem}.py is not run; the check is sql"
        wrong.append(Mistake((), Text(*what)))
    columns: list[str] = []
    if {"sql", "stage"} <= values.keys():
        wrong += _query(values, _first(path), columns)
    if wrong:
        return placed(path, wrong)
    rule = Rule(**{"legal": cite(values["law"]), **values}, conformance=OWN.id)
    if own_sql.names_personal_data(rule.source, rule.stage):
        rule = msgspec.structs.replace(rule, personal=[name for name in columns if name != "detail"])
    return rule


def _first(path: Path) -> int:
    """Return how many lines below its key the query begins: one, if it is a text of several lines."""
    said = re.search(r"^sql\s*=\s*(.*)$", path.read_text("utf-8"), re.MULTILINE)
    return int(said is not None and said[1] in {"'''", '"""'})


def _query(values: Mapping[str, Any], first: int, columns: list[str]) -> Iterator[Mistake]:
    """Yield what is wrong with the query; enter the columns of its messages."""
    sql, stage, parameters = values["sql"], values["stage"], values.get("parameters", {})
    wrong = list(own_sql.judged(sql, stage, {"as_of", *parameters}))
    if not wrong:
        known = {name: parameter.default for name, parameter in parameters.items()}
        answer = dry_run.run(sql, stage, known)
        wrong, found = ([], answer) if isinstance(answer, list) else ([answer], [])
        columns += [name for name in found if not name.startswith("_")]
    for below, what in wrong:
        yield Mistake(("sql",), what, below + first)
    if wrong:
        return
    for keys, template in _templates(values):
        named = {name for lang in get_args(Lang) for name, form in _braces(template.get(lang)) if not form}
        for name in named - {*columns}:
            if PARAMETER.fullmatch(f"${name}"):
                yield unknown(keys, name, columns, "cột trong kết quả của sql", "column in the result of sql")
    for key in ("cause", "personal"):
        for name in set(values.get(key, [])) - {*columns}:
            yield unknown(
                (key, name), name, columns, "cột trong kết quả của sql", "column in the result of sql"
            )


def _shape(data: Mapping[str, Any], values: dict[str, Any]) -> Iterator[Mistake]:
    """Yield what is wrong with keys and types; enter what is right into ``values``."""
    for name in data.keys() - _FIELDS.keys():
        yield unknown((name,), name, _FIELDS, "mục của quy tắc riêng", "key of own rules")
    choices: dict[str, Iterable[str]] = {"severity": get_args(Severity), "stage": own_sql.STAGES}
    for name, field in _FIELDS.items():
        value = data.get(name, _OPTIONAL.get(name))
        if value is None:
            if field.required or name == "sql":
                yield Mistake((), Text(f"thiếu mục {name}", f"the key {name} is missing"))
        elif name in choices and value not in choices[name]:
            yield unknown((name,), str(value), choices[name], f"giá trị của {name}", f"value of {name}")
        else:
            try:
                every = name == "applies_to" and isinstance(value, str)
                values[name] = classes_with(value) if every else msgspec.convert(value, field.type)
            except (msgspec.ValidationError, ValueError) as error:
                yield Mistake((name,), Text(f"{name} không đúng: {error}", f"{name}: {error}"))


def _meaning(values: Mapping[str, Any], stem: str) -> Iterator[Mistake]:
    """Yield what is wrong with what is said."""
    code, classes, stage = values.get("code", stem), values.get("applies_to", []), values.get("stage")
    if code != stem:
        yield Mistake(("code",), Text(f"tên tệp phải là {code}.toml", f"the file must be named {code}.toml"))
    if not CODE.fullmatch(code):
        vi = f"{code}: mã riêng gồm X, hai chữ cái và ba chữ số (không phải XSD), ví dụ XQN001"
        en = f"{code}: own codes are X, two letters and three digits (not XSD), such as XQN001"
        yield Mistake(("code",), Text(vi, en))
    for name in set(classes) - national().classes.keys():
        yield unknown(("applies_to", name), name, national().classes, "lớp", "class")
    for name in set(values.get("requires", [])) - {*get_args(Capability), "rows", "schema"}:
        yield unknown(("requires", name), name, get_args(Capability), "khả năng", "capability")
    for name in set(values.get("follows", [])) - builtin().keys():
        yield unknown(("follows", name), name, builtin(), "quy tắc có sẵn", "built-in rule")
    yield from _law(values.get("law", []), given="legal" in values)
    if stage in {"commune", "border"} and classes != [PARCEL]:
        vi, en = f'ở bước {stage}: cần ["{PARCEL}"]', f'at stage {stage} it must be ["{PARCEL}"]'
        yield Mistake(("applies_to",), Text(vi, en))
    if stage and bool(values.get("key")) != (stage == "key"):
        what = "key cần cho bước key, và chỉ ở đó", "key is for stage key, and must be given there"
        yield Mistake(("key",), Text(*what))
    for key, template in _templates(values):
        yield from _template(key, template)


def _law(lines: Iterable[str], *, given: bool) -> Iterator[Mistake]:
    if given == bool(lines):
        vi = (
            "cần một trong hai: law (dòng của văn bản, xem landxml rules --by-law) hoặc [legal] (chữ của bạn)"
        )
        en = "give either law (legal lines, see landxml rules --by-law) or [legal] (a text of your own)"
        yield Mistake(("law",), Text(vi, en))
    for line in lines:
        try:
            cite([line])
        except LandXmlError as error:
            yield Mistake(("law", line), error.what)


def _templates(values: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Text]]:
    if "message" in values:
        yield ("message",), values["message"]
    for name, text in values.get("cases", {}).items():
        yield ("cases", name), text


def _printable(value: Any, keys: Keys = ()) -> Iterator[Mistake]:
    """Yield the texts in a value that are empty, or might drive the terminal on which they are read."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _printable(name, (*keys, name))
            yield from _printable(each, (*keys, name))
    elif isinstance(value, list):
        for each in value:
            yield from _printable(each, keys)
    elif isinstance(value, str) and not (value.strip() and re.sub(r"[\n\t]", " ", value).isprintable()):
        what = "trống, hoặc có ký tự điều khiển", "is empty, or has control characters"
        yield Mistake(keys, Text(f"{keys[-1]} {what[0]}", f"{keys[-1]} {what[1]}"))


def _template(keys: tuple[str, ...], text: Text) -> Iterator[Mistake]:
    """Yield what a message must not have in braces."""
    for lang in get_args(Lang):
        for name, form in _braces(text.get(lang)):
            if form or not PARAMETER.fullmatch(f"${name}"):
                what = "trong ngoặc nhọn chỉ có tên cột", "braces hold the name of a column, and no more"
                yield Mistake(
                    (*keys, lang), Text(f"{{{name}{form}}}: {what[0]}", f"{{{name}{form}}}: {what[1]}")
                )


def _braces(template: str) -> list[tuple[str, str]]:
    """Return what stands in braces: the name, and what is behind it."""
    try:
        parts = [part[1:] for part in Formatter().parse(template) if part[1] is not None]
    except ValueError:  # a brace alone
        return [(template, "")]
    return [
        (name or "", f"{f'!{way}' if way else ''}{f':{form}' if form else ''}") for name, form, way in parts
    ]
