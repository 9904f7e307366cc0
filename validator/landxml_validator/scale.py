"""What a check of so many parcels takes, before anybody has bought a machine: from rates that were measured.

``rates.toml`` holds them, with the machine on which ``python -m benchmarks.performance`` has measured.
Nothing is read but that file: the plan is arithmetic, and says what it assumes.
"""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from functools import cache
from importlib.resources import files

import msgspec

import landxml_units as units
from landxml_validator.buckets import BYTES, divisible, keys
from landxml_validator.rule import builtin

__all__ = ["Plan", "Rates", "plan", "rates"]

PROVINCES = 34
"""Of the country; communes are spread over them evenly here."""


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured, on which machine, by which version.

    Attributes
    ----------
    measured, tool, machine
        When, with what, where.
    bytes_per_parcel
        Of a national file.
    task_seconds, whole_seconds
        Of one core, per million bytes of input: in tasks, which machines share, and in the stages that see
        all of the delivery.
    parts_per_byte
        Bytes of kept outcomes per byte of input.
    memory
        Bytes of the largest process.
    scheduler_seconds, tasks
        Of a Dask scheduler per task, over so many empty ones.
    """

    measured: str
    tool: str
    machine: str
    bytes_per_parcel: int
    task_seconds: float
    whole_seconds: float
    parts_per_byte: float
    memory: int
    scheduler_seconds: float
    tasks: int


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a check takes.

    Attributes
    ----------
    provinces, parcels, workers
        As asked for.
    communes, tasks
        Files, one for each commune; tasks: these files, communes, borders, three for each, and buckets of
        each key.
    bytes, work
        Of the files; of the folder ``--work``.
    buckets
        Of the stage of keys, at most: as if all outcomes were tables of keys.
    memory
        Bytes of all workers together.
    hours
        From begin to end, by stages: ``tasks``, ``scheduler`` (at the same time) and ``whole``.
    rates
        By which it was computed.
    """

    provinces: int
    parcels: int
    workers: int
    communes: int
    tasks: int
    bytes: int
    work: int
    buckets: int
    memory: int
    hours: dict[str, float]
    rates: Rates


def _communes(provinces: int) -> int:
    """Return how many communes so many provinces have, as many each as the other."""
    day = dt.datetime.now(dt.UTC).date()
    return math.ceil(int(units.communes(day).num_rows) * provinces / PROVINCES)


def _keys() -> int:
    """Return how many keys are judged bucket by bucket."""
    return len({keys(rule) for rule in builtin().values() if divisible(rule)})


@cache
def rates() -> Rates:
    """Return the rates that were measured."""
    said = files(__package__).joinpath("rates.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(said), Rates)


def plan(parcels: int, provinces: int = PROVINCES, workers: int = 2, *, known: Rates | None = None) -> Plan:
    """Return what a check of national files takes.

    Parameters
    ----------
    parcels, provinces
        How many, in how many provinces.
    workers
        Cores that share the tasks, all as fast as the one that was measured.
    known
        Other rates than those that came with the program.
    """
    known = known or rates()
    communes = _communes(provinces)
    size = parcels * known.bytes_per_parcel
    work = int(size * known.parts_per_byte)
    buckets = 1 + work // BYTES
    tasks = communes * 5 + (buckets * _keys() if buckets > 1 else 0)
    hours = {
        "tasks": size / 1e6 * known.task_seconds / workers / 3600,
        "scheduler": tasks * known.scheduler_seconds / 3600,
        "whole": size / 1e6 * known.whole_seconds / 3600,
    }
    return Plan(
        provinces=provinces, parcels=parcels, workers=workers, communes=communes, tasks=tasks, bytes=size,
        work=work, buckets=buckets, memory=workers * known.memory,
        hours={name: round(value, 3) for name, value in hours.items()}, rates=known,
    )  # fmt: skip
