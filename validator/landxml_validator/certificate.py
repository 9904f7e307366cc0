"""A certificate: what a check has found, bound to the files, the rules and the code lists by their hashes.

It holds no time and no path, so the same check gives the same bytes wherever and whenever it is made, and one
hash, that of its statement, stands for all of it. Whoever has the files can verify it: they are hashed and
checked again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from landxml.errors import LandXmlError
from landxml.files import STREAM, Path_
from landxml.parts import read_beside
from landxml.text import Text
from landxml.version import TOOL
from landxml_validator.configuration import Setting
from landxml_validator.configuration_file import NAME
from landxml_validator.pipeline import validate
from landxml_validator.report import Conformance, Report, State, Verdict
from landxml_validator.rule import Severity

__all__ = [
    "Certificate",
    "Check",
    "Input",
    "Outcome",
    "Signature",
    "Statement",
    "certify",
    "hashed",
    "read",
    "verify",
]

FORMAT = "1"
"""Version of the JSON form."""
REFERENCE = {
    "landxml_schemas": ("codelists", "codelists.csv", "certificates.csv", "crs.csv", "circulars"),
    "landxml_units": ("units.csv", "transitions.csv", "stale.csv", "variants.csv", "extents.csv"),
}
"""Package → code lists, legal lines and units by which data are judged."""


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """What was checked: its name without folders, number of files, bytes, SHA-256.

    That of a folder is the hash of lines as ``sha256sum`` writes them, ``<hash of a file>  <path in the
    folder>``, in the order of the paths, each with a line break.
    """

    name: str
    files: int
    bytes: int
    sha256: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """State of a rule, and number of its findings."""

    severity: Severity
    state: State
    count: int


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate states.

    Attributes
    ----------
    tool, profile, profile_title, configuration
        Version; profile, wherever it is named; what an office has changed in its rules.
    rules, reference
        SHA-256 of the rules as they were judged; of code lists, legal lines and units.
    tolerances
        Code of a rule → its parameters.
    as_of, crs, inputs, beside
        Date on which codes were judged; EPSG code of geometry that does not say its own; what was checked;
        the layouts, mappings and table of sheets that the check was given.
    verdict, errors, warnings, records, conformance, results
        As in the report; of each rule state and count.
    """

    tool: str
    profile: str
    profile_title: Text
    configuration: list[Setting]
    rules: str
    reference: str
    tolerances: dict[str, dict[str, Any]]
    as_of: dt.date
    crs: int | None
    inputs: list[Input]
    beside: list[Input]
    verdict: Verdict
    errors: int
    warnings: int
    records: dict[str, int]
    conformance: list[Conformance]
    results: dict[str, Outcome]


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """An Ed25519 signature, in hexadecimal digits, and the SHA-256 of the public key."""

    key: str
    value: str


class Certificate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A statement, and the SHA-256 of it as JSON without blanks, keys in the order of the alphabet."""

    certificate: str
    sha256: str
    statement: Statement
    signature: Signature | None = None


class Check(NamedTuple):
    """One thing that was verified, and whether it holds."""

    name: str
    holds: bool


def certify(report: Report) -> Certificate:
    """Return the certificate of a report; its files are hashed now.

    Raises
    ------
    LandXmlError
        If the report is of another version, or does not count all findings; if a file is not there any more,
        or has changed since.
    OSError
        If one cannot be read.
    """
    if report.tool != TOOL:
        vi = f"báo cáo của {report.tool}, ở đây là {TOOL}; hãy kiểm tra lại"
        raise _refused(vi, f"the report is of {report.tool}, this is {TOOL}; check again")
    if report.baseline or report.suppressions:
        options = "--baseline, --suppress, [communes] ignore"
        vi = f"chứng nhận xét mọi phát hiện; hãy kiểm tra lại không có {options}"
        raise _refused(vi, f"a certificate counts all findings; check again without {options}")
    if report.missing or STREAM in report.inputs:
        vi = "báo cáo có đầu vào không phải tệp đọc lại được"
        raise _refused(vi, "not all that was checked is a file that can be read again")
    for path in (*report.inputs, *report.beside):
        _unchanged(path, report.created.timestamp())
    return _sealed(_statement(report, [hashed(path) for path in report.inputs]))


def verify(certificate: Certificate, paths: Iterable[Path_], **options: Any) -> Iterator[Check]:
    """Yield what of a certificate holds, one thing after another; last the new check, of the same files only.

    Parameters
    ----------
    certificate, paths
        The certificate; what it is about.
    options
        Of :func:`landxml_validator.validate` that a certificate states by their hashes only: ``layouts``,
        ``rules``, ``sheets``, a ``profile`` that is no built-in one; ``workers``, ``progress``.
    """
    stated, names = certificate.statement, [os.fspath(path) for path in paths]
    yield Check("seal", certificate.sha256 == _sealed(stated).sha256)
    same = sorted(hashed(path).sha256 for path in names) == sorted(each.sha256 for each in stated.inputs)
    yield Check("inputs", same)
    yield Check("tool", stated.tool == TOOL)
    yield Check("reference", stated.reference == _reference())
    if not same:
        return
    given = {"profile": stated.profile, "crs": stated.crs, **options}
    report = validate(names, configuration=stated.configuration, as_of=stated.as_of, samples=0, **given)
    again = _statement(report, stated.inputs)
    yield Check("beside", stated.beside == again.beside)
    yield Check("rules", _of(stated, _RULES) == _of(again, _RULES))
    yield Check("results", _of(stated, _RESULTS) == _of(again, _RESULTS))


_RULES = ("profile", "profile_title", "configuration", "rules", "tolerances")
_RESULTS = ("as_of", "verdict", "errors", "warnings", "records", "conformance", "results")


def _of(statement: Statement, names: Iterable[str]) -> list[Any]:
    return [getattr(statement, name) for name in names]


def read(path: Path_) -> Certificate:
    """Return the certificate that a JSON file holds.

    Raises
    ------
    LandXmlError
        If it is none.
    OSError
        If it cannot be read.
    """
    try:
        found = msgspec.json.decode(Path(path).read_bytes(), type=Certificate)
    except msgspec.MsgspecError as error:
        vi = "không phải chứng nhận .json của landxml certify"
        raise _refused(vi, "is no .json certificate of landxml certify", path) from error
    if found.certificate != FORMAT:
        vi = f"chứng nhận dạng {found.certificate}; ở đây đọc được dạng {FORMAT}"
        raise _refused(vi, f"a certificate of form {found.certificate}; form {FORMAT} can be read here", path)
    return found


def hashed(path: Path_) -> Input:
    """Hash a file, a shapefile with what is read beside it, or a folder with all that is in it."""
    root = Path(path)
    name = root.resolve().name
    parts = list(_files(root))
    if parts == [root]:
        return Input(name=name, files=1, bytes=root.stat().st_size, sha256=_hash(root))
    above = root if root.is_dir() else root.parent
    found = sorted((each.relative_to(above).as_posix(), each) for each in parts)
    digest = hashlib.sha256()
    for inside, each in found:
        digest.update(f"{_hash(each)}  {inside}\n".encode("utf-8", "surrogateescape"))
    size = sum(each.stat().st_size for _, each in found)
    return Input(name=name, files=len(found), bytes=size, sha256=digest.hexdigest())


def _files(root: Path) -> Iterator[Path]:
    if root.is_dir():
        yield from (each for each in root.rglob("*") if each.is_file())
    else:
        yield from (root, *read_beside(root))


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unchanged(path: str, since: float) -> None:
    for each in _files(Path(path)):
        if each.stat().st_mtime > since:
            vi = "đã đổi sau lần kiểm tra; hãy kiểm tra lại"
            raise _refused(vi, "has changed since it was checked; check again", each)


def _statement(report: Report, inputs: list[Input]) -> Statement:
    rules = [each.rule for each in report.results]
    return Statement(
        tool=report.tool,
        profile=report.profile,
        profile_title=report.profile_title,
        configuration=[
            msgspec.structs.replace(each, file=each.file and NAME, line=0)
            for each in report.configuration
            if each.key != "profile"  # which is stated already
        ],
        rules=hashlib.sha256(msgspec.json.encode(rules, order="deterministic")).hexdigest(),
        reference=_reference(),
        tolerances={rule.code: rule.values for rule in rules if rule.parameters},
        as_of=report.as_of,
        crs=report.crs,
        inputs=inputs,
        beside=sorted(map(hashed, report.beside), key=lambda each: each.sha256),
        verdict=report.verdict,
        errors=report.errors,
        warnings=report.warnings,
        records=report.records,
        conformance=report.conformance,
        results={
            each.rule.code: Outcome(severity=each.severity, state=each.state, count=each.count)
            for each in report.results
        },
    )


def _sealed(statement: Statement) -> Certificate:
    data = msgspec.json.encode(statement, order="sorted")
    return Certificate(certificate=FORMAT, sha256=hashlib.sha256(data).hexdigest(), statement=statement)


def _reference() -> str:
    digest = hashlib.sha256()
    for package, names in REFERENCE.items():
        for name in names:
            for path, data in _tables(files(package).joinpath(name), name):
                digest.update(f"{hashlib.sha256(data).hexdigest()}  {package}/{path}\n".encode())
    return digest.hexdigest()


def _tables(found: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    if not found.is_dir():
        yield name, found.read_bytes()
        return
    for each in sorted(found.iterdir(), key=lambda inside: inside.name):
        if each.name != "__pycache__":
            yield from _tables(each, f"{name}/{each.name}")


def _refused(vi: str, en: str, file: Path_ | None = None) -> LandXmlError:
    return LandXmlError(Text(vi, en), file=file)
