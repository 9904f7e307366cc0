"""What the full catalogue of rules costs beside its beginning, and what is done with very many findings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import processor
from landxml.database import connect, literal
from landxml_samples import package
from landxml_validator import causes, comparison, findings, validate
from landxml_validator.configuration_file import given
from landxml_validator.rule import builtin

__all__ = ["figures"]

PARCELS, RUNS = 5_000, 7
FAULTS = ("LND003", "COD001", "CRT002", "PTY001", "TXT001")
FOUND, COPIES, COMMUNES = 1_000, 1_000, 150
"""A million findings are so many copies of some, in so many communes."""
RULES, SECONDS = 1.35, 5.0


def figures(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Yield what is measured, the ratio of processor times or the seconds, and the limit."""
    package.write(folder / "rules.zip", parcels=PARCELS)
    check = partial(validate, [folder / "rules.zip"], workers=1)
    first = given([code for code, rule in builtin().items() if rule.since == "0.1"])
    ratio = processor.ratio(check, partial(check, configuration=first), RUNS)
    yield f"rules: all {len(builtin())} / the {len(first)} of the first version", ratio, RULES
    many = _many(folder)
    yield "findings: seconds for causes and baseline of a million", _seconds(many), SECONDS


def _many(folder: Path) -> Path:
    """Write a million findings: those of a faulty package, copied into other files, communes and parcels."""
    each = FOUND // len(FAULTS)
    package.write(folder / "faulty.zip", parcels=PARCELS, faults=dict.fromkeys(FAULTS, each))
    validate([folder / "faulty.zip"], findings=folder / "few.parquet", workers=1, force=True)
    many = folder / "many.parquet"
    with connect(folder, threads=2) as con:
        copied = con.execute(f"""COPY (
SELECT f.* REPLACE (
  concat(id, '-', i) AS id, concat(parcel, '-', i) AS parcel, concat(file, i % {COMMUNES}) AS file,
  lpad((i % {COMMUNES})::VARCHAR, 5, '0') AS commune, md5(concat(fingerprint, i)) AS fingerprint
) FROM (FROM {literal(str(folder / "few.parquet"))} LIMIT {FOUND}) f, range({COPIES}) copy(i) ORDER BY rule
) TO {literal(str(many))}""").fetchall()
    if copied != [(FOUND * COPIES,)]:
        raise RuntimeError(f"not a million findings: {copied}")
    return many


def _seconds(many: Path) -> float:
    """Return the seconds of the processor that causes of findings, and a look into a baseline, take."""

    def work() -> None:
        with connect(many.parent, threads=2, memory=300) as con:
            findings.know(con, comparison.read(many, many.with_name("baseline.parquet")))
            findings.compared(con, many, builtin())
            causes.of(con, many, builtin())

    return min(processor.seconds(work) for _ in range(3))
