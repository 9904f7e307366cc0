"""The query of a rule of the user's own, which a stranger may have written, judged by its parse tree.

Lists say what it may do: one SELECT, over tables of ours, with functions whose result follows from what they
are given and does not grow far beyond it. Where it runs nothing else can be reached, either
(:mod:`landxml_validator.locked`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

import duckdb
import msgspec

from landxml.database import connect
from landxml.dictionary import national
from landxml.mistakes import unknown
from landxml.text import Text
from landxml_validator.rule import PARCEL, Stage, words_of
from landxml_validator.sql_macros import macros

__all__ = ["STAGES", "judged", "names_personal_data", "parameters", "tables"]

_HERE = ("HinhHoc", "Ids", "Refs")
STAGES: dict[Stage, tuple[str, ...]] = {
    "record": (*_HERE, "Codes", "Texts", "UnitCodes"),
    "file": (*_HERE, "Codes", "Texts", "UnitCodes"),
    "commune": ("HinhHoc", "Topology"),
    "border": ("Topology",),
    "key": _HERE,
    "delivery": _HERE,
}
"""Stages of own rules, and the tables there beside those of reference and, but near borders, of classes."""
_REFERENCE = ("CodeList", "CommuneToday", "Epsg", "Extent", "Province", "Transition", "Unit")
_INSIDE = frozenset({
    "Dates", "MapFile", "Repeats", "ScanFiles", "ScanFolders", "ScanNames", "Stale", "StaleCodes", "Tep",
}).union(*STAGES.values())  # fmt: skip
"""Names by which a stage makes tables: none may stand in a rule that cannot have that table."""

FUNCTIONS = frozenset(
    """
% * + - / // || ~~ !~~ ~~* !~~* ^@ abs any_value arg_max arg_min array_agg array_to_string avg bool_and
bool_or ceil ceiling char_length concat concat_ws contains cos count count_star cume_dist date_diff
date_part date_trunc datediff day dayofweek degrees dense_rank ends_with first first_value floor greatest if
ifnull instr isoyear lag last last_day last_value lcase lead least left len length like_escape list
list_contains list_distinct list_filter list_has_all list_has_any list_intersect list_position list_sort
list_transform list_unique list_value lower ltrim make_date max max_by median min min_by mod mode month
nfc_normalize not_like_escape nth_value ntile nullif percent_rank pow power prefix quantile_cont radians
rank regexp_extract regexp_extract_all regexp_full_match regexp_matches regexp_replace regexp_split_to_array
replace reverse right round row row_number rtrim sign sin split_part sqrt starts_with stddev strftime
string_agg string_split strip_accents strlen struct_pack substr substring suffix sum tan to_days to_months
to_years trim trunc try_strptime ucase unicode unnest upper year
""".split()
)
"""What a rule may call, beside the macros of :mod:`landxml_validator.sql_macros`."""
_NODES = frozenset(
    """
ARRAY_CONSTRUCTOR ASCENDING BASE_TABLE BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT
CTE_NODE DESCENDING DISTINCT_MODIFIER EMPTY EXPRESSION_LIST FUNCTION JOIN LAMBDA LIMIT_MODIFIER OPERATOR
ORDER_DEFAULT ORDER_MODIFIER PARAMETER SELECT_NODE SET_OPERATION_NODE STAR SUBQUERY TYPE WINDOW
""".split()
)
"""Of what a parse tree may be made."""
_SAID = {
    "RECURSIVE_CTE_NODE": Text("WITH RECURSIVE không được dùng", "WITH RECURSIVE is not allowed"),
    "SHOW_REF": Text("chỉ được viết SELECT", "only SELECT is allowed"),
}


def judged(sql: str, stage: Stage, known: Collection[str]) -> Iterator[tuple[int, Text]]:
    """Yield what a query must not do, each with its line, from 0.

    Parameters
    ----------
    sql, stage
        The query, and the stage of its rule.
    known
        Names that ``$name`` may stand for.
    """
    tree = _tree(sql)
    yield from _whole(sql, tree)
    for word in sorted((_INSIDE | national().classes.keys()) & words_of(sql) - {*_there(stage)}):
        en = f"the table {word} is not there at stage {stage}"
        yield _line(sql, sql.encode().find(word.encode())), Text(f"không có bảng {word} ở bước {stage}", en)
    maps = [node["cte_map"]["map"] for node, _ in _nodes(tree) if "cte_map" in node]
    given = {each["key"] for names in maps for each in names}
    for node, at in _nodes(tree):
        if what := _wrong(node, {*_there(stage), *given}, known):
            yield _line(sql, at), what


def _whole(sql: str, tree: Mapping[str, Any]) -> Iterator[tuple[int, Text]]:
    """Yield what is wrong with a text that is not one SELECT."""
    said, count = tree.get("error_message", ""), len(tree.get("statements", "1"))
    if "Only SELECT" in said or count != 1:
        yield 0, Text("chỉ được viết đúng một câu SELECT", "exactly one SELECT is expected, and nothing else")
    elif said:
        at = _line(sql, int(tree.get("position", 0)))
        yield at, Text(f"SQL không đúng cú pháp: {said}", f"not valid SQL: {said}")


def _wrong(node: Mapping[str, Any], tables: set[str], parameters: Collection[str]) -> Text | None:
    """Say what is wrong with one node of a parse tree."""
    kind = node.get("class") or node["type"]
    function = node.get("function_name", "")
    if kind == "TABLE_FUNCTION":
        name = node["function"].get("function_name", "")
        return Text(f"không được gọi hàm bảng {name}", f"the table function {name} is not allowed")
    if kind not in _NODES:
        return _SAID.get(kind, Text(f"{kind} không được dùng", f"{kind} is not allowed"))
    if kind == "BASE_TABLE":
        if [node["table_name"]] != node["qualified_name"]["path"]:
            name = ".".join(node["qualified_name"]["path"])
            return Text(f"không có bảng “{name}”", f"there is no table “{name}”")
        if node["table_name"] not in {*tables, *_INSIDE, *national().classes}:
            return unknown((), node["table_name"], tables, "bảng", "table").what
    if kind in {"FUNCTION", "WINDOW"}:
        known = {*FUNCTIONS, *macros()}
        if function.lower() not in known or node.get("schema") or node.get("catalog"):
            return unknown((), function, known, "hàm được phép dùng", "allowed function").what
    if kind == "PARAMETER" and node["identifier"] not in parameters:
        return unknown(
            (), f"${node['identifier']}", [f"${p}" for p in parameters], "tham số", "parameter"
        ).what
    return None


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return connect()


@cache
def _tree(sql: str) -> dict[str, Any]:
    """Return the parse tree of a text; a mistake in it, if it has none."""
    ((text,),) = (
        _parser().cursor().execute("SELECT json_serialize_sql($sql)::VARCHAR", {"sql": sql}).fetchall()
    )
    try:
        tree: dict[str, Any] = msgspec.json.decode(text)
    except RecursionError:
        return {"error": True, "error_message": "nested too deeply"}
    return tree


def _nodes(tree: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Yield the nodes of a parse tree, each with the byte at which it stands, or that around it."""
    stack: list[tuple[Any, int]] = [(tree.get("statements", []), 0)]
    while stack:
        node, at = stack.pop()
        if isinstance(node, list):
            stack += [(each, at) for each in reversed(node)]
        elif isinstance(node, dict):
            own = node.get("query_location", at)
            at = own if own < 2**63 else at
            if isinstance(node.get("class", node.get("type")), str):
                yield node, at
            if node.get("type") == "TABLE_FUNCTION":
                continue
            stack += [(each, at) for each in reversed(node.values())]


def _line(sql: str, at: int) -> int:
    return sql.encode()[: max(at, 0)].count(b"\n")


def _there(stage: Stage) -> tuple[str, ...]:
    """Return the names of the tables that a rule of a stage may look at."""
    classes = () if stage in {"commune", "border"} else tuple(national().classes)
    return (*classes, *STAGES[stage], *_REFERENCE)


def parameters(sql: str) -> set[str]:
    """Return the names for which ``$name`` stands in a query."""
    return {node["identifier"] for node, _ in _nodes(_tree(sql)) if node.get("class") == "PARAMETER"}


def tables(sql: str, stage: Stage) -> list[str]:
    """Return the tables that a query looks at."""
    named = {node["table_name"] for node, _ in _nodes(_tree(sql)) if node.get("type") == "BASE_TABLE"}
    return sorted(named & {*_there(stage)})


def names_personal_data(sql: str, stage: Stage) -> bool:
    """Tell whether a rule is given personal data: it names a field that holds some, or all texts."""
    words, classes = words_of(sql), national().classes
    names = [PARCEL] if stage in {"commune", "border"} else tables(sql, stage)
    named = [classes[name] for name in names if name in classes]
    held = any(field.personal and field.element in words for cls in named for field in cls.columns)
    return held or "Texts" in words
