"""Running the SQL of a rule over the national tables, and shaping what it returns into findings.

A rule's query returns the offending rows: ``_file``, ``_part``, ``_at``, ``_id``, where it helps ``_cls``,
``_path``, ``_x``, ``_y``, ``_root`` (the record in which it is nested), and what its message needs. One
statement per rule finds them all; a second one, only if there are any, gives them their places and roots.

Besides the tables a query may use what :func:`prepare` makes:

``Ids(_file, _part, _at, _id, cls, owner)``
    every record, those no longer in force too (:mod:`landxml_validator.superseded`); ``owner`` is the class
    it is nested in, NULL for a record that stands for itself;
``RecordCounts(_file, cls, n)``
    how many of them stand for themselves, in numbers to be added up;
``Repeats(_file, _part, _at, _id, cls, owner, n, other, other_part, other_at, whole)``
    every record with an id that was used before, at ``other``, of the same side if attributes and map come
    in files of their own; ``whole`` if its whole file repeats that one;
``Refs(_file, _part, _at, _id, cls, element, target, targets)``
    every reference, with the classes it may point at;
``WrongRefs(_file, _part, _at, _id, cls, element, target, targets, found)``
    at stage ``key``, those that lead to no record of such a class: ``found`` is the class of one to which
    they lead, NULL if there is none;
``Codes(_file, _part, _at, _id, cls, element, code, list)``
    every value of a field that has a code list, as text, with the name of the list;
``StaleCodes(_file, _part, _at, _id, cls, element, code, list, rule, since, successors, root, _dossier)``
    every code that is not simply valid on the date of the check, and the rule that finds it if its record is
    of ``since`` or later; ``root`` is the record in which it is nested, or its own;
``Dates(_id, date)``
    when a ``root`` was made, as far as the delivery tells (see :mod:`landxml_validator.record_dates`);
``Texts(_file, _part, _at, _id, cls, element, text)``
    every free text, that is without code list and pattern;
``UnitCodes(_file, _part, _at, _id, cls, element, code)``
    every code of a commune, as it is written;
``Tep(_file, layout, capabilities, container, date)``
    at stages ``key`` and ``delivery``, every input file that was recognised: its layout and what that is
    capable of, the archive or folder that holds it, and when it was made, if its metadata say so;
``ScanNames``, ``ScanFiles``, ``ScanContents``, ``ScanFolders``
    at stages ``key`` and ``delivery``, where there are scans and data names some
    (:mod:`landxml_validator.scanned_papers`);
``MapFile(_file)``
    there, the files that only hold a map beside others; at stage ``link`` what
    :func:`landxml_mappings.link.link` makes of them;

and the macros of :mod:`landxml_validator.sql_macros`, such as ``fits_personal_number(text)``. At stage
``commune`` there are ``HinhHoc``, with columns of ``ThuaDat``, and ``Topology`` only, at stage ``border``
the latter (:mod:`landxml_validator.communes`).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cache

import duckdb
import pyarrow as pa

from landxml.database import parsed
from landxml.dictionary import Class, Dictionary, Field
from landxml_validator import locked, record_dates, scanned_papers, shared_scans, superseded
from landxml_validator.rule import PARAMETER, QUALIFIES, Rule, RuleError, Stage, words_of

__all__ = ["AGAIN", "REPEATS", "around", "key", "prepare", "run", "shared", "views", "words", "words_of"]


def run(
    con: duckdb.DuckDBPyConnection,
    rule: Rule,
    dictionary: Dictionary,
    *,
    as_of: dt.date,
) -> pa.Table:
    """Run one SQL rule.

    Parameters
    ----------
    con
        Connection that holds the tables, after :func:`prepare`.
    rule, dictionary
        A rule with ``sql``, and the dictionary of the tables.
    as_of
        Date that ``$as_of`` stands for.

    Returns
    -------
    pa.Table
        One row per finding, by place: ``_file``, ``_part``, ``_at``, ``_id``, ``_cls``, ``_path``, ``_root``,
        ``_x``, ``_y``, ``_geometry`` (:data:`DEFAULTS` where the rule does not say), and the parameters of
        the message.

    Raises
    ------
    RuleError
        If the query fails or lacks a column; names the rule.
    """
    known = rule.values | {"as_of": as_of}
    if rule.added:
        return _of_the_user(con, rule, dictionary, known)
    sql = (rule.sql or "").strip().rstrip(";")
    bound = {name: known[name] for name in PARAMETER.findall(sql) if name in known}
    try:
        creation = parsed(con, f"CREATE OR REPLACE TEMP TABLE Rows AS {sql}")
        ((count,),) = con.execute(creation, bound).fetchall()
        return _shaped(con, rule, dictionary) if count else pa.table({})
    except duckdb.Error as error:
        raise RuleError(f"{rule.code}: {error}") from error


def _of_the_user(
    con: duckdb.DuckDBPyConnection, rule: Rule, dictionary: Dictionary, known: Mapping[str, object]
) -> pa.Table:
    """Run a rule of the user's own, whose query never sees this database."""
    rows = locked.found(con, rule, known)
    if not rows.num_rows:
        return pa.table({})
    con.register("found", rows)
    con.execute("CREATE OR REPLACE TEMP TABLE Rows AS FROM found")
    con.unregister("found")
    return _shaped(con, rule, dictionary)


DEFAULTS = {
    "_part": "''", "_at": "0", "_id": "''", "_path": "''", "_root": "''", "_x": "NULL::DOUBLE",
    "_y": "NULL::DOUBLE", "_geometry": "NULL::BLOB",
}  # fmt: skip
"""What stands for a column of a rule that its query does not have, or that is NULL."""


def _shaped(con: duckdb.DuckDBPyConnection, rule: Rule, dictionary: Dictionary) -> pa.Table:
    """Give what a rule found, ``Rows``, all its columns, and bring it in order."""
    names = {name for name, *_ in con.execute("DESCRIBE Rows").fetchall()}
    cls = "f._cls" if "_cls" in names else f"'{rule.applies_to[0] if rule.applies_to else ''}'"
    given = {name: f"f.{name}" if name in names else other for name, other in DEFAULTS.items()}
    columns = {name: f"coalesce({given[name]}, {other})" for name, other in DEFAULTS.items()}
    present = {name for (name,) in con.execute(f"SELECT DISTINCT {cls} FROM Rows f").fetchall()}
    classes = [each for each in dictionary.classes.values() if each.name in present]
    roots, joined = [sql for each in classes if (sql := _roots(each, dictionary, rule.stage))], ""
    if roots:
        columns["_root"] = f"coalesce(r.root, {columns['_root']})"
        joined = (
            f" LEFT JOIN (SELECT cls, _file, _id, max(root) AS root FROM ({' UNION ALL '.join(roots)})"
            f" GROUP BY ALL) r ON r.cls = {cls} AND r._file = f._file AND r._id = f._id"
        )
    listed = ", ".join([f"{cls} AS _cls", *(f"{value} AS {name}" for name, value in columns.items())])
    shaped = ", ".join(names & (DEFAULTS.keys() | {"_cls"}))
    more = f"* EXCLUDE ({shaped})" if shaped else "*"
    sql = f"SELECT {listed}, f.{more} FROM Rows f{joined} ORDER BY f._file, _part, _at, _id, _path"
    return con.sql(sql).to_arrow_table()


def prepare(
    con: duckdb.DuckDBPyConnection,
    views: Mapping[str, str],
    rules: Iterable[Rule],
    known: Iterable[Rule],
) -> None:
    """Make what rules name of :func:`views`: a table if several of all known rules name it, else a view.

    Those of a shared scan look at it together.
    """
    named = words(rules)
    several = words(rule for rule in known if rule.added or not shared_scans.condition(rule.sql or ""))
    for name, sql in views.items():
        if named[name]:
            kind = "TABLE" if several[name] > 1 else "VIEW"
            con.execute(parsed(con, f"CREATE OR REPLACE {kind} {name} AS {sql}"))


def words(rules: Iterable[Rule]) -> Counter[str]:
    """Count the rules in whose check each word stands, among them the tables and columns that they use."""
    return _counted(tuple(rule.source for rule in rules))


@cache
def _counted(sources: tuple[str, ...]) -> Counter[str]:
    return Counter(word for source in sources for word in _words_of(source))


def _words_of(source: str) -> set[str]:
    words = words_of(source)
    return words | words_of(WRONG_REFS) if "WrongRefs" in words else words


def views(dictionary: Dictionary, stale: Container[str]) -> dict[str, str]:
    """Return the queries of the views, by name; ``stale`` are the code lists that have stale codes."""
    classes, fields = dictionary.classes.values(), list(dictionary.fields())
    place, nothing = (
        "SELECT _file, _part, _at, _id, cls, cls AS element, cls AS",
        f"FROM {superseded.TABLE} WHERE false",
    )
    judged = "cls AS rule, current_date AS since, cls AS successors, cls AS root, cls AS _dossier"
    branches = {
        "Ids": [f"FROM {superseded.TABLE}", *(_ids(cls) for cls in classes)],
        "RecordCounts": [
            f"SELECT _file, cls, count(*) AS n FROM {superseded.TABLE} WHERE owner IS NULL GROUP BY ALL",
            *(_count(cls) for cls in classes if not cls.owner),
        ],
        "Refs": [f"{place} target, [cls] AS targets {nothing}"]
        + [_refs(cls, f) for cls, f in fields if f.kind == "reference"],
        "Codes": [f"{place} code, cls AS list {nothing}"]
        + [_code(cls, f) for cls, f in fields if QUALIFIES["codelist"](f)],
        "StaleCodes": [f"{place} code, cls AS list, {judged} {nothing}"]
        + [_stale(cls, f, dictionary) for cls, f in fields if f.codelist and f.codelist in stale],
        "Dates": [record_dates.view(dictionary)],
        "Texts": [f"{place} text {nothing}"]
        + [_values(cls, f, "text") for cls, f in fields if QUALIFIES["text"](f)],
        "UnitCodes": [f"{place} code {nothing}"]
        + [_values(cls, f, "code") for cls, f in fields if QUALIFIES["unit"](f)],
    }
    made = {name: " UNION ALL ".join(queries) for name, queries in branches.items()}
    return made | {
        "Repeats": REPEATS.format(again=AGAIN),
        "WrongRefs": WRONG_REFS,
        scanned_papers.NAMES: scanned_papers.view(dictionary),
    }


def shared(dictionary: Dictionary, rules: Sequence[Rule]) -> dict[str, list[Field]]:
    """Return the classes that rules over more than a batch use, or business keys, with the columns used."""
    named = words(rules).keys()
    found = {}
    for cls in dictionary.classes.values():
        made = record_dates.elements(cls) if "Dates" in named else []
        units = [field.element for field in cls.columns if QUALIFIES["unit"](field) and "UnitCodes" in named]
        wanted = named | {*cls.key, *made, *units}
        if made or units or cls.name in named or _holder(cls, dictionary)[0].key:
            found[cls.name] = [field for field in cls.columns if field.element in wanted]
    return found


AGAIN = """
SELECT * FROM (
  SELECT i.*, row_number() OVER place AS n, first_value(_file) OVER place AS other,
    first_value(_part) OVER place AS other_part, first_value(_at) OVER place AS other_at
  FROM Ids i SEMI JOIN (
    SELECT _id FROM Ids WHERE _id IS NOT NULL GROUP BY _id HAVING count(*) > 1
  ) USING (_id)
  WINDOW place AS (PARTITION BY _id, _file IN (FROM MapFile) ORDER BY _file, _part, _at)
) WHERE n > 1"""
"""Rows of ``Repeats`` but for ``whole``: those of one id tell."""
REPEATS = """
WITH again AS ({again}),
file AS (SELECT _file, count(*) AS records FROM Ids SEMI JOIN again USING (_file) GROUP BY _file)
SELECT a.*, a._file <> a.other AND count(*) OVER (PARTITION BY a._file, a.other) = f.records AS whole
FROM again a JOIN file f USING (_file)"""
"""The query of ``Repeats``, from all such rows."""
WRONG_REFS = """
SELECT r.*, i.cls AS found FROM Refs r LEFT JOIN Ids i ON i._id = r.target
WHERE i._id IS NULL OR NOT list_contains(r.targets, i.cls)"""
"""The query of ``WrongRefs``: one join for the rules that look for them."""


def _table(cls: Class, field: Field) -> str:
    """Table of a class, with one row per item of a repeated field."""
    if not field.repeated:
        return cls.name
    return f"(SELECT * REPLACE (unnest({field.element}) AS {field.element}) FROM {cls.name})"


def _literal(texts: Sequence[str]) -> str:
    quoted = ", ".join(f"'{text}'" for text in texts)
    return f"[{quoted}]"


def _ids(cls: Class) -> str:
    owner = f"'{cls.owner}'" if cls.owner else "NULL"
    return f"SELECT _file, _part, _at, _id, '{cls.name}' AS cls, {owner}::VARCHAR AS owner FROM {cls.name}"


def _count(cls: Class) -> str:
    return f"SELECT _file, '{cls.name}' AS cls, count(*) AS n FROM {cls.name} GROUP BY ALL"


def _refs(cls: Class, field: Field) -> str:
    return (
        f"SELECT _file, _part, _at, _id, '{cls.name}' AS cls, '{field.element}' AS element,"
        f" {field.element} AS target, {_literal(field.targets)} AS targets"
        f" FROM {_table(cls, field)} WHERE {field.element} IS NOT NULL"
    )


def _code(cls: Class, field: Field) -> str:
    return (
        f"SELECT _file, _part, _at, _id, '{cls.name}' AS cls, '{field.element}' AS element,"
        f" CAST({field.element} AS VARCHAR) AS code, '{field.codelist}' AS list"
        f" FROM {_table(cls, field)} WHERE {field.element} IS NOT NULL"
    )


def _stale(cls: Class, field: Field, dictionary: Dictionary) -> str:
    joins, holder, depth = "", cls, 0
    while (owner := dictionary.classes.get(holder.owner or "")) and owner.owner in dictionary.classes:
        holder, depth = owner, depth + 1
        joins += f" JOIN {holder.name} t{depth} ON t{depth}._id = t{depth - 1}._parent"
    root = f"t{depth}._parent" if owner else f"t{depth}._id"
    return (
        f"SELECT t0._file, t0._part, t0._at, t0._id, '{cls.name}' AS cls, '{field.element}' AS element,"
        f" s.code, s.list, s.rule, s.since, s.successors, {root} AS root, t0._dossier"
        f" FROM {_table(cls, field)} t0{joins}"
        f" JOIN Stale s ON s.list = '{field.codelist}' AND s.code = CAST(t0.{field.element} AS VARCHAR)"
    )


def _values(cls: Class, field: Field, name: str) -> str:
    return (
        f"SELECT _file, _part, _at, _id, '{cls.name}' AS cls, '{field.element}' AS element,"
        f" {field.element} AS {name} FROM {_table(cls, field)} WHERE {field.element} IS NOT NULL"
    )


def key(cls: Class, table: str) -> str:
    """Return the expression of the business key of a class that has one."""
    parts = ", ".join(f"coalesce(CAST({table}.{name} AS VARCHAR), '?')" for name in cls.key)
    return f"concat_ws('/', {parts})"


def _holder(cls: Class, dictionary: Dictionary) -> tuple[Class, int]:
    """Return the class that holds records of a class, and how deep: one with a key, else the outermost."""
    depth = 0
    while not cls.key and cls.owner in dictionary.classes:
        cls, depth = dictionary.classes[cls.owner], depth + 1
    return cls, depth


def around(rules: Iterable[Rule], dictionary: Dictionary) -> set[str]:
    """Return words of the queries that tell in which records those are nested that rules may find."""
    found: set[str] = set()
    for rule in rules:
        for cls in (dictionary.classes[name] for name in rule.applies_to if name in dictionary.classes):
            found |= words_of(_roots(cls, dictionary, rule.stage) or "")
    return found


def _roots(cls: Class, dictionary: Dictionary, stage: Stage) -> str | None:
    """Query of the records in which those of a class are nested; None if they stand for themselves.

    A holder without a key is followed only where all records are at hand.
    """
    holder, depth = _holder(cls, dictionary)
    if not depth or (not holder.key and stage != "record"):
        return None
    joins, names = "", [cls.name]
    for n in range(1, depth + 1):
        names.append(dictionary.classes[names[-1]].owner or "")
        joins += f" JOIN {names[n]} t{n} ON t{n}._file = t{n - 1}._file AND t{n}._id = t{n - 1}._parent"
    return (
        f"SELECT '{cls.name}' AS cls, t0._file, t0._id, t{depth}._id AS root FROM {cls.name} t0{joins}"
        f" WHERE t0._id IN (SELECT _id FROM Rows)"
    )
