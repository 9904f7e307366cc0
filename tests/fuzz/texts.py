"""Mutations of JSON and TOML: of what stands in it, and of how it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from tests.fuzz.octets import Pool
from tests.fuzz.values import ODD

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, 1e308, float("nan"), float("inf"), [], {}, [[]], "", [0, 0], 5899,
    [[[0, 0], [0, 1], [1, 1], [0, 0]]], "Polygon", {"type": "Polygon"}, *ODD,
)  # fmt: skip
DEPTHS = (2, 200, 1000, 100_000)


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container and key in a JSON value."""
    keys = list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    for key in keys:
        yield data, key
        yield from _places(data[key])


def _on_data(change: Callable[[Any, Any, Random], None]) -> Callable[[bytes, Random, Pool], bytes]:
    """Make a mutation of one that changes the value at a key of a container."""

    def mutation(data: bytes, rng: Random, _: Pool) -> bytes:
        try:
            value = json.loads(data)
            places = list(_places(value))
        except (ValueError, RecursionError):
            return data
        if places:
            change(*rng.choice(places), rng)
        return json.dumps(value, ensure_ascii=rng.random() < 1 / 4).encode("utf-8", "surrogatepass")

    mutation.__name__ = change.__name__
    return mutation


@_on_data
def odd(place: Any, key: Any, rng: Random) -> None:
    place[key] = rng.choice(VALUES)


@_on_data
def drop(place: Any, key: Any, _: Random) -> None:
    del place[key]


@_on_data
def wrap(place: Any, key: Any, rng: Random) -> None:
    place[key] = [place[key]] if rng.random() < 1 / 2 else {"class": place[key], "type": place[key]}


@_on_data
def add(place: Any, key: Any, rng: Random) -> None:
    if isinstance(place, dict):
        place[rng.choice(("class", "type", "epsg", "id", "", "lạ"))] = rng.choice((place[key], *VALUES))
    else:
        place += [place[key]] * rng.choice((1, 3, 3000))


@_on_data
def swap(place: Any, key: Any, rng: Random) -> None:
    other = rng.choice(list(place) if isinstance(place, dict) else range(len(place)))
    place[key], place[other] = place[other], place[key]


def deepen(data: bytes, rng: Random, _: Pool) -> bytes:
    """Nest a value deeply."""
    found = list(re.finditer(rb"[\[:,]", data))
    if not found:
        return data
    at, depth = rng.choice(found).end(), rng.choice(DEPTHS)
    start, end = rng.choice(((b"[", b"]"), (b'{"a":', b"}"), (b'{"coordinates":[', b"]}")))
    return data[:at] + start * depth + b"1" + end * depth + data[at:]


def write(data: bytes, rng: Random, _: Pool) -> bytes:
    """Write it as JSON may not be written, or seldom is."""
    text = data.decode("utf-8", "replace")
    text = text.replace(
        *rng.choice(((",", ",,"), ('"', "'"), (":", ": //\n"), ("{", '{"id":"x",'), ("e", "\\u0065"))),
        rng.choice((1, -1)),
    )
    return text.encode(rng.choice(("utf-8", "utf-8-sig", "utf-16", "cp1258")), "replace")


def setting(data: bytes, rng: Random, pool: Pool) -> bytes:
    """Put another value, or that of another line, behind an equals sign; of TOML."""
    found = list(re.finditer(rb"= *(.*)", data))
    if not found:
        return data
    others = [one[1] for one in re.finditer(rb"= *(.*)", rng.choice(pool))] or [b""]
    value = rng.choice((json.dumps(rng.choice((*ODD, True, -1, 1.5, [], {}))).encode(), rng.choice(others)))
    one = rng.choice(found)
    return data[: one.start(1)] + value + data[one.end(1) :]


SETTINGS = [setting]
MUTATIONS = [odd, odd, odd, drop, wrap, add, swap, deepen, write]
