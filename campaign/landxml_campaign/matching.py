"""Which records are one person: certain ones are joined, likely ones listed, valid numbers kept apart.

Records with the same number, paper or everything become one *unit*. Units join by stars, not by chains: a
unit goes to the one that stands for its number (or card), if their names are alike, and never further. So a
person has one valid number at most. What is left and looks alike is a *doubt*, which an officer decides.

All of that is SQL over columns; only names are compared outside, many at a time.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import duckdb
import msgspec
import numpy as np
import pyarrow as pa

from landxml_campaign import names

__all__ = ["Thresholds", "match", "thresholds"]

PAIRS = 500_000
"""Pairs of names that are compared together."""


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``matching.toml``, where each is explained."""

    alike: float
    likely: float
    block: int
    slip: int


@cache
def thresholds() -> Thresholds:
    """Return the thresholds."""
    data = files("landxml_campaign").joinpath("matching.toml").read_bytes()
    return msgspec.toml.decode(data, type=Thresholds)


VALID = """
CREATE OR REPLACE MACRO digits(x) AS regexp_replace(x, '[\\s.]', '', 'g');
CREATE OR REPLACE MACRO sound(x) AS if(x = repeat(x[1], len(x)), NULL, x);
CREATE OR REPLACE MACRO valid(x) AS
  if(regexp_full_match(digits(x), '[0-9]{12}'), sound(digits(x)), NULL);
CREATE OR REPLACE MACRO card(x) AS
  if(regexp_full_match(digits(x), '[0-9]{9}'), sound(digits(x)), NULL);
"""
"""Forms of ``identifiers.toml``; twelve times the same digit fills a field and names nobody."""

ENTRIES = """
CREATE TABLE entry AS
WITH said AS (
  SELECT file, person, unnest(string_split_regex(number, '[,;/]')) AS text FROM paper
  UNION ALL SELECT file, person, personal FROM paper
  UNION ALL SELECT file, id, number FROM person
), written AS (
  SELECT file, person, min(valid(text)) AS first, max(valid(text)) AS last, min(card(text)) AS card,
    max(CASE WHEN valid(text) IS NULL AND card(text) IS NULL THEN trim(text) END) AS paper
  FROM said GROUP BY ALL
)
SELECT row_number() OVER () AS entry, p.file, p."at", p.id, coalesce(p.name, '') AS name, p.birth,
  coalesce(p.born, year(p.birth)) AS born, p.sex, p.number AS stated, coalesce(p.address, '') AS address,
  c.commune, w.card, w.paper, w.first <> w.last AS several,
  coalesce(valid(p.number), if(w.first = w.last, w.first, NULL)) AS number
FROM person p LEFT JOIN written w ON w.file = p.file AND w.person = p.id
LEFT JOIN commune c ON c.file = p.file AND c.person = p.id
"""
"""``several``: a record has valid numbers that differ; then only that of the person counts."""

UNITS = """
CREATE TABLE counted AS
SELECT e.entry, n.written, n.plain, e.birth AS birthday, e.born AS year, e.card AS carded, k.*
FROM entry e JOIN named n USING (name),
LATERAL (
  SELECT CASE WHEN e.number IS NOT NULL THEN 'number' WHEN e.card IS NULL THEN 'bare' ELSE 'card' END AS kind
) t, LATERAL (
  SELECT t.kind, e.number, if(t.kind = 'card', e.card, NULL) AS card,
    if(t.kind = 'number', NULL, e.born) AS born,
    if(t.kind = 'bare', concat_ws('|', e.birth, e.sex, e.address), NULL) AS rest
) k;
CREATE TABLE unit AS
SELECT row_number() OVER (ORDER BY kind, number, card, written, born, rest) AS unit, *
FROM (
  SELECT kind, number, card, written, born, rest, any_value(plain) AS plain, count(*) AS records,
    max(year) AS year, min(carded) AS carded
  FROM counted GROUP BY ALL
)
"""
"""Records that are the same by number and name, by card, name and year, or by all that they say."""

STANDS = """
CREATE TABLE stands AS
SELECT unit, {key} AS key, first_value(unit) OVER (PARTITION BY {key} ORDER BY records DESC, unit) AS one
FROM unit WHERE kind = '{kind}'
"""
"""Which unit stands for a number or a card: that of most records."""


def match(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables ``individual`` (one row per person), ``belongs`` (record → person) and ``doubt``.

    Parameters
    ----------
    con
        With the tables of :func:`landxml_campaign.persons.gather`.
    """
    limits = msgspec.structs.asdict(thresholds())
    con.execute(VALID)
    con.execute(ENTRIES)
    _names(con)
    con.execute(UNITS)
    con.execute("CREATE TABLE same (unit BIGINT, one BIGINT)")
    con.execute("CREATE TABLE star (unit BIGINT)")
    con.execute("CREATE TABLE doubt (a BIGINT, b BIGINT, likeness FLOAT, reason VARCHAR)")
    for kind in ("number", "card"):
        _stars(con, kind)
    _cards(con)
    con.execute(PERSONS)
    for reason, pairs in PAIRED.items():
        _compare(con, pairs.format(**limits))
        con.execute(
            "INSERT INTO doubt SELECT DISTINCT a, b, likeness, ? FROM compared WHERE likeness >= ?"
            " AND NOT EXISTS (FROM doubt d WHERE d.a = compared.a AND d.b = compared.b)",
            [reason, thresholds().likely],
        )


def _names(con: duckdb.DuckDBPyConnection) -> None:
    """Create the table ``named``: each name as it is compared."""
    distinct = con.sql("SELECT DISTINCT name FROM entry ORDER BY name").to_arrow_table()["name"].to_pylist()
    columns = {"name": distinct, "written": map(names.written, distinct), "plain": map(names.plain, distinct)}
    con.register("given", pa.table({name: pa.array(texts, pa.string()) for name, texts in columns.items()}))
    con.execute("CREATE TABLE named AS FROM given")
    con.unregister("given")


def _stars(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Join units of a number or card to the one that stands for it; those with unlike names are doubts."""
    con.execute("DROP TABLE IF EXISTS stands")
    con.execute(STANDS.format(kind=kind, key=kind))
    con.execute("INSERT INTO star SELECT DISTINCT one FROM stands")
    _compare(con, "SELECT unit AS a, one AS b FROM stands WHERE unit <> one")
    born = "" if kind == "number" else "AND u.year IS NOT DISTINCT FROM o.year"
    joined = f"c.likeness >= {thresholds().alike} {born}"
    parts = "FROM compared c JOIN unit u ON u.unit = c.a JOIN unit o ON o.unit = c.b"
    con.execute(f"INSERT INTO same SELECT c.a, c.b {parts} WHERE {joined}")
    con.execute(
        f"INSERT INTO doubt SELECT c.a, c.b, c.likeness, '{kind}' {parts} WHERE ({joined}) IS NOT TRUE"
    )


CARDED = """
SELECT c.unit AS a, n.unit AS b
FROM unit c JOIN (
  SELECT carded, any_value(unit) AS unit FROM (
    SELECT DISTINCT u.carded, coalesce(s.one, u.unit) AS unit FROM unit u LEFT JOIN same s USING (unit)
    WHERE u.kind = 'number' AND u.carded IS NOT NULL
  ) GROUP BY carded HAVING count(*) = 1
) n ON n.carded = c.card
WHERE c.kind = 'card' AND c.unit NOT IN (SELECT unit FROM same)
"""
"""A card without a number, and the only person with a number who has that card too."""


def _cards(con: duckdb.DuckDBPyConnection) -> None:
    """Join cards to the numbers that came after them, where name and year say the same."""
    _compare(con, CARDED)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE later AS SELECT c.a, c.b FROM compared c"
        " JOIN unit u ON u.unit = c.a JOIN unit o ON o.unit = c.b"
        f" WHERE c.likeness >= {thresholds().alike} AND u.year IS NOT DISTINCT FROM o.year"
    )
    con.execute("UPDATE same SET one = l.b FROM later l WHERE l.a = same.one")
    con.execute("INSERT INTO same SELECT a, b FROM later")


PERSONS = """
CREATE TABLE belongs AS
SELECT c.entry, coalesce(s.one, u.unit) AS person
FROM counted c JOIN unit u ON (u.kind, u.written) = (c.kind, c.written)
  AND u.number IS NOT DISTINCT FROM c.number AND u.card IS NOT DISTINCT FROM c.card
  AND u.born IS NOT DISTINCT FROM c.born AND u.rest IS NOT DISTINCT FROM c.rest
LEFT JOIN same s USING (unit);
CREATE TABLE individual AS
SELECT p.*, u.kind, u.number, u.written, u.plain,
  concat_ws('|', u.kind, u.number, u.card,
    if(s.unit IS NULL, concat_ws('|', u.written, u.born, u.rest), NULL)) AS identity
FROM (
  SELECT person, max(name) AS name, min(card) AS card, max(birth) AS birth, max(born) AS born,
    max(sex) AS sex, max(address) AS address, coalesce(min(commune), '') AS commune, max(paper) AS papers,
    max(stated) AS stated, count(*) AS records
  FROM belongs JOIN entry USING (entry) GROUP BY person
) p JOIN unit u ON u.unit = p.person LEFT JOIN star s ON s.unit = p.person;
UPDATE doubt SET a = s.one FROM same s WHERE s.unit = doubt.a;
UPDATE doubt SET b = s.one FROM same s WHERE s.unit = doubt.b;
DELETE FROM doubt WHERE a = b;
"""

_BLOCKED = """
WITH block AS (
  SELECT person, number, card, born, birth, commune, {{key}} AS block FROM individual WHERE {{where}}
), small AS (
  SELECT block FROM block WHERE block IS NOT NULL GROUP BY block HAVING count(*) BETWEEN 2 AND {block}
)
SELECT DISTINCT x.person AS a, y.person AS b
FROM block x JOIN small USING (block) JOIN block y ON y.block = x.block AND y.person > x.person
WHERE {{pairs}}
"""
_ONE_WITHOUT = "(x.number IS NULL OR y.number IS NULL)"
PAIRED = {
    "birthday": _BLOCKED.replace("{{key}}", "concat_ws('|', birth, plain[:3])")
    .replace("{{where}}", "birth IS NOT NULL AND plain <> ''")
    .replace("{{pairs}}", f"{_ONE_WITHOUT} OR levenshtein(x.number, y.number) <= {{slip}}"),
    "year": _BLOCKED.replace("{{key}}", "concat_ws('|', born, commune, plain[:4], plain[-3:])")
    .replace("{{where}}", "born IS NOT NULL AND plain <> ''")
    .replace(
        "{{pairs}}",
        f"{_ONE_WITHOUT} AND (x.birth IS NULL OR y.birth IS NULL OR x.birth = y.birth)"
        " AND (x.card IS NULL OR y.card IS NULL OR x.card = y.card)",
    ),
}
"""Reason of a doubt → the pairs that are compared: persons who share a birthday, or year and commune."""


def _compare(con: duckdb.DuckDBPyConnection, pairs: str) -> None:
    """Create the table ``compared`` of pairs of units: ``a``, ``b``, likeness of their names."""
    con.execute("CREATE OR REPLACE TABLE compared (a BIGINT, b BIGINT, likeness FLOAT)")
    reader = con.sql(
        "SELECT p.a, p.b, x.written, y.written, x.plain, y.plain"
        f" FROM ({pairs}) p JOIN unit x ON x.unit = p.a JOIN unit y ON y.unit = p.b"
    ).to_arrow_reader(PAIRS)
    for batch in reader:
        a, b, *texts = batch.columns
        ratios = names.likeness(*(column.to_pylist() for column in texts))
        table = pa.table({"a": a, "b": b, "likeness": pa.array(np.asarray(ratios, np.float32))})
        cursor = con.cursor()
        cursor.register("given", table)
        cursor.execute("INSERT INTO compared FROM given")
        cursor.close()
