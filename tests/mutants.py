"""Mutants of the SQL of rules: a query with one small slip, made in the parse tree that DuckDB gives."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import duckdb

__all__ = ["Mutant", "mutants"]

Node = dict[str, Any]
Path = tuple[str | int, ...]

OTHER = {
    "COMPARE_LESSTHAN": "COMPARE_LESSTHANOREQUALTO",
    "COMPARE_LESSTHANOREQUALTO": "COMPARE_LESSTHAN",
    "COMPARE_GREATERTHAN": "COMPARE_GREATERTHANOREQUALTO",
    "COMPARE_GREATERTHANOREQUALTO": "COMPARE_GREATERTHAN",
    "COMPARE_EQUAL": "COMPARE_NOTEQUAL",
    "COMPARE_NOTEQUAL": "COMPARE_EQUAL",
    "COMPARE_DISTINCT_FROM": "COMPARE_NOTEQUAL",  # which is not known where a value is NULL
    "COMPARE_NOT_DISTINCT_FROM": "COMPARE_EQUAL",
    "OPERATOR_IS_NULL": "OPERATOR_IS_NOT_NULL",
    "OPERATOR_IS_NOT_NULL": "OPERATOR_IS_NULL",
}
"""What an operator is taken for."""
JOINED = {"INNER": "LEFT", "LEFT": "INNER", "SEMI": "ANTI", "ANTI": "SEMI"}
"""What a kind of join is taken for."""
DROPPED = {"OPERATOR_NOT", "OPERATOR_COALESCE"}
"""Operators that are left out, so that their first operand remains."""
ARITHMETIC = {"+", "-", "*", "/", "//", "%", "abs", "greatest", "least", "coalesce", "year"}
"""Functions among whose operands the limit of a comparison may stand."""


class Mutant(NamedTuple):
    """A slip, as it stands in lists, and the query with it."""

    slip: str
    sql: str


def mutants(con: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any]) -> list[Mutant]:
    """Return the mutants of a query, each once.

    Parameters
    ----------
    con
        Any connection.
    sql, values
        The query, and the values of its parameters.
    """
    tree = json.loads(_call(con, "json_serialize_sql", sql.strip().rstrip(";")))
    found: dict[str, Mutant] = {}
    for path in _paths(tree):
        comparison = _comparison(tree, path)
        for slip, gone in _slips(_at(tree, path), values, limit=comparison is not None):
            changed = copy.deepcopy(tree)
            _at(changed, path[:-1])[path[-1]] = slip
            text = _call(con, "json_deserialize_sql", json.dumps(changed))
            if text not in found:
                was, now = (_text(con, _at(each, comparison or path)) for each in (tree, changed))
                said = f"without {_text(con, gone)}" if gone else f"{was} → {now}"
                found[text] = Mutant(said, text)
    return list(found.values())


def _call(con: duckdb.DuckDBPyConnection, function: str, text: str) -> str:
    ((answer,),) = con.execute(f"SELECT {function}(?)", [text]).fetchall()
    return str(answer)


def _at(tree: Any, path: Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def _paths(node: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the places of all nodes, from outside to inside."""
    if isinstance(node, dict) and "type" in node:
        yield path
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, each in inside:
        yield from _paths(each, (*path, step))


def _comparison(tree: Node, path: Path) -> Path | None:
    """Return the comparison in which a value is held against another, by itself or as part of a sum."""
    for n in range(len(path) - 1, 0, -1):
        above = _at(tree, path[:n])
        if isinstance(above, dict) and "type" in above:
            if above["type"].startswith("COMPARE_"):
                return None if above["type"] == "COMPARE_IN" else path[:n]
            if above.get("function_name") not in ARITHMETIC and above["type"] != "OPERATOR_COALESCE":
                return None
    return None


def _slips(node: Node, values: Mapping[str, Any], *, limit: bool) -> Iterator[tuple[Node, Node | None]]:
    """Yield what a node is made into, and the condition that is left out."""
    kind = node["type"]
    if kind in OTHER:
        yield node | {"type": OTHER[kind]}, None
    elif kind in DROPPED:
        yield node["children"][0] | {"alias": node["alias"]}, None
    elif kind.startswith("CONJUNCTION_"):
        for n in range(len(node["children"])):
            rest = [*node["children"]]
            gone = rest.pop(n)
            left = node | {"children": rest} if len(rest) > 1 else rest[0] | {"alias": node["alias"]}
            yield left, gone
    elif kind == "JOIN" and node["join_type"] in JOINED:
        yield node | {"join_type": JOINED[node["join_type"]]}, None
    elif limit:
        for text in _near(node, values):
            literal = {"kind": "NUMERIC" if "." in text else "INTEGER", "text": text}
            if kind == "OPERATOR_CAST":
                yield node | {"child": node["child"] | {"literal": literal | {"kind": "STRING"}}}, None
            else:
                same = {name: node[name] for name in ("alias", "query_location", "query_location_length")}
                yield same | {"class": "CONSTANT", "type": "VALUE_CONSTANT", "literal": literal}, None


def _near(node: Node, values: Mapping[str, Any]) -> list[str]:
    """Return what a limit may be taken for: the next numbers or days, half and twice a measure."""
    if node["type"] == "OPERATOR_CAST":
        literal = node["child"].get("literal", {})
        if literal.get("kind") != "STRING" or node["type_expr"]["type_name"].upper() != "DATE":
            return []
        day = dt.date.fromisoformat(literal["text"])
        return [str(day + dt.timedelta(days)) for days in (-1, 1)]
    if node["type"] == "VALUE_PARAMETER":
        value = values.get(node["identifier"])
    elif node["type"] == "VALUE_CONSTANT" and node["literal"]["kind"] in {"INTEGER", "NUMERIC"}:
        value = json.loads(node["literal"]["text"])
    else:
        return []
    if isinstance(value, int):
        return [str(value - 1), str(value + 1)]
    return [f"{value / 2:f}", f"{value * 2:f}"] if isinstance(value, float) else []


_EMPTY = _call(duckdb.connect(), "json_serialize_sql", "SELECT 1")


def _text(con: duckdb.DuckDBPyConnection, node: Node) -> str:
    """Write an expression in SQL; of a join its kind and its right side."""
    if node["type"] == "JOIN":
        right = node["right"]
        return f"{node['join_type']} JOIN {right['alias'] or right.get('table_name') or '(…)'}"
    shell = json.loads(_EMPTY)
    shell["statements"][0]["node"]["select_list"] = [node]
    text = _call(con, "json_deserialize_sql", json.dumps(shell)).removeprefix("SELECT ")
    return text[1:-1] if text.startswith("(") and _closing(text) == len(text) - 1 else text


def _closing(text: str) -> int:
    """Return the place of the parenthesis that closes the first."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if not depth:
            return place
    return len(text)
