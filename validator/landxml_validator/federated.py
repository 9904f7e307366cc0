"""What a province hands out of its check, so that a centre finds what only all of them together show.

An export is a folder with three things: ``check.json``, what was read and with which program, rules and salt;
``findings.parquet``, all findings, masked as in every report; a copy of each table that rules by keys look
at, in which a salted hash stands for every value. Places (file and line) stand in clear, so that the province
finds what the centre names. :mod:`landxml_validator.merge` reads it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import duckdb
import msgspec

from landxml.database import literal
from landxml.dictionary import national
from landxml.files import Path_, check, check_folder, filling
from landxml.place import PLACE
from landxml.text import Text
from landxml.version import TOOL
from landxml_validator import rule_sql
from landxml_validator.findings import DATA_SET
from landxml_validator.hashes import sha256
from landxml_validator.ledger import Ledger
from landxml_validator.report import CommuneCounts, File, Ladder, Link, Outline, Package
from landxml_validator.rule import Rule
from landxml_validator.stages import Settings

__all__ = [
    "CHECK",
    "COMMUNE",
    "FORMAT",
    "TABLES",
    "Check",
    "Keys",
    "central",
    "hand_out",
    "refuse",
    "sealed",
    "write",
]

FORMAT = 1
"""Of an export; one of another is not read."""
CHECK = "check.json"
EXPORT = "export"
"""Name of its folder in that of the run."""
COMMUNE = "Commune"
"""Table of the files whose parcels are of one commune."""
TABLES = ("Ids", "Refs", "HinhHoc", "Tep", "MapFile")
"""Tables beside the classes that an export may hold."""
CLEAR = frozenset({*PLACE, "cls", "owner", "element", "targets", "capabilities", "layout", "container"})
"""Columns of places, and of words of the national model."""


class Keys(NamedTuple):
    """Where an export goes, and the salt that all provinces of a campaign have in common."""

    folder: Path_
    salt: str


class Check(msgspec.Struct, kw_only=True):
    """What ``check.json`` says: what has to be equal in all provinces, and what was read in this one.

    Attributes
    ----------
    tool, rules, salt, format
        Version of landxml; digests of the rule set and of the salt; of the export.
    profile, as_of
        Of the check.
    records, unmapped, files, unread, packages, communes, by_commune, broken, link, ladder, outlines, scans
        As in :class:`landxml_validator.ledger.Ledger`.
    contents
        SHA-256 of each other file of the export: one that was lost on the way would hide findings.
    """

    tool: str
    rules: str
    salt: str
    profile: str
    as_of: dt.date
    records: dict[str, int]
    unmapped: dict[str, int]
    files: list[File]
    unread: set[str]
    packages: list[Package]
    communes: list[str]
    by_commune: list[CommuneCounts]
    broken: dict[str, Text]
    link: Link | None
    ladder: Ladder | None
    outlines: list[Outline]
    scans: int
    contents: dict[str, str]
    format: int = FORMAT


def central(rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules that the centre decides: those by keys, and what repeats a whole file."""
    return [rule for rule in rules if not rule.added and (rule.key or "Repeats" in rule_sql.words([rule]))]


def refuse(keys: Keys | None, inputs: Iterable[Path_], *, personal_data: bool) -> None:
    """Refuse an export that shows personal data, or goes where something else is."""
    if keys is None:
        return
    if personal_data:
        raise ValueError("keys are handed out without personal data")
    check_folder(keys.folder)
    check([keys.folder], inputs, force=True, folders=[keys.folder])


def write(con: duckdb.DuckDBPyConnection, data_set: Path, *, keys: Keys, settings: Settings) -> None:
    """Write the findings and the tables of an export into the folder of the run.

    Parameters
    ----------
    con
        Connection with the tables of the whole delivery.
    data_set
        All findings.
    keys, settings
        Of the run.
    """
    folder, salt = Path(settings.folder, EXPORT), keys.salt
    folder.mkdir()
    shutil.copy(data_set, folder / DATA_SET)
    words = rule_sql.words(central(settings.rules.active.values())).keys() | CLEAR | {"_id", "_dossier"}
    named = (words & national().classes.keys()) | {*TABLES}
    there = con.execute("SELECT table_name FROM information_schema.tables").fetchall()
    for (name,) in there:
        if name in named:
            columns = con.execute(f'DESCRIBE "{name}"').fetchall()
            listed = ", ".join(_hashed(each, kind, salt) for each, kind, *_ in columns if each in words)
            _copy(con, f'SELECT {listed} FROM "{name}"', folder / f"{name}.parquet")
    _copy(con, _COMMUNE, folder / f"{COMMUNE}.parquet")


def _copy(con: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    con.execute(f"COPY ({query}) TO {literal(str(file))} (FORMAT parquet, COMPRESSION zstd)")


_COMMUNE = """
SELECT _file, any_value(maXa) AS commune FROM ThuaDat GROUP BY _file
HAVING count(DISTINCT maXa) = 1 AND any_value(maXa) IN (SELECT code FROM Unit WHERE level = 'commune')
"""


def _hashed(name: str, kind: str, salt: str) -> str:
    """Return a column in the list of a SELECT, with hashes for values; one of a number has its sign."""
    if name in CLEAR or kind == "BOOLEAN":
        return name
    if kind.endswith("INT") or kind == "INTEGER":
        number = f"(md5_number_lower({literal(salt)} || {name}) >> 11)::BIGINT"
        return f"sign({name}) * (1 + {number}) AS {name}"
    if kind.endswith("[]"):
        return f"list_transform({name}, lambda each: {_hash('each', salt)}) AS {name}"
    return (
        f"{_FORMS.get(name, '{hash}').format(hash=_hash(_PLAIN.get(name, name), salt), name=name)} AS {name}"
    )


def _hash(value: str, salt: str) -> str:
    return f"left(sha256({literal(salt)} || {value}::VARCHAR), 32)"


_PLAIN = {name: rf"upper(regexp_replace({name}, '\s', '', 'g'))" for name in ("soPhatHanh", "soVaoSo")}
"""Texts in which rules see over case and blanks."""
_FORMS = {
    "soPhatHanh": "if(regexp_matches({name}, '[1-9]'), {hash}, translate({hash}, '123456789', 'ghijklmno'))",
    "maGiayChungNhan": "if(fits_certificate_code({name}), {hash}, NULL)",
}
"""What rules ask of the form of a key is asked before nothing is left of it but a hash."""


def hand_out(ledger: Ledger, files: list[File], keys: Keys, settings: Settings) -> None:
    """Complete an export by ``check.json``, and put it where it shall go."""
    read = {
        name: getattr(ledger, name) for name in Check.__struct_fields__ if name in ledger.__struct_fields__
    }
    same = {"files": files, "tool": TOOL, "rules": settings.rules.digest, "salt": sealed(keys.salt)}
    folder = Path(settings.folder, EXPORT)
    contents = {file.name: sha256(str(file)) for file in sorted(folder.iterdir())}
    made = Check(
        profile=settings.rules.profile.id, as_of=settings.as_of, contents=contents, **read | same
    )  # fmt: skip
    (folder / CHECK).write_bytes(msgspec.json.encode(made))
    with filling(keys.folder) as out:
        for file in folder.iterdir():
            shutil.move(file, out / file.name)


def sealed(salt: str) -> str:
    """Return a digest by which two salts are known to be the same."""
    return hashlib.sha256(f"landxml {salt}".encode()).hexdigest()[:16]
