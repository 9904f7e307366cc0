"""A case: a valid input, what is done to it, where it is tried. A number is always the same case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

from tests.fuzz import archives, encodings, markup, octets, tables, texts, values
from tests.fuzz.entries import ENTRIES
from tests.fuzz.octets import Pool

Mutation = Callable[[bytes, Random, Pool], bytes]
Stage = tuple[float, Sequence[Mutation]]
"""Mutations that come at the same time, and how often there are any."""

DOCUMENT: list[Stage] = [
    (0.7, markup.MUTATIONS),
    (0.7, values.MUTATIONS),
    (0.15, encodings.MUTATIONS),
    (0.15, octets.MUTATIONS),
    (0.2, archives.MUTATIONS),
    (0.03, octets.MUTATIONS),
]
TABLE: list[Stage] = [(0.9, tables.MUTATIONS), (0.5, tables.FORMS), (0.1, octets.MUTATIONS)]
TEXT: list[Stage] = [(0.9, texts.MUTATIONS), (0.2, octets.MUTATIONS)]
PROFILE: list[Stage] = [(1, texts.SETTINGS), (0.2, octets.MUTATIONS)]
STAGES = {
    "document": DOCUMENT,
    "profile": PROFILE,
    **dict.fromkeys(("json", "geojson", "map"), TEXT),
    **dict.fromkeys(("codes", "choices", "numbers", "reference"), TABLE),
}
LONGEST = 20_000_000
"""Bytes beyond which an input is not changed further."""

Step = tuple[int, int, int]
"""Which stage, which of its mutations, and the number from which that draws."""


class Case(NamedTuple):
    """A case; ``steps`` are its mutations."""

    name: str
    entry: str
    seed: int
    steps: tuple[Step, ...]

    def input(self, seeds: Mapping[str, Pool]) -> bytes:
        """Make the input."""
        kind = ENTRIES[self.entry].kind
        data = seeds[kind][self.seed]
        for stage, which, number in self.steps:
            if len(data) < LONGEST:
                data = STAGES[kind][stage][1][which](data, Random(number), seeds[kind])
        return data

    def __str__(self) -> str:
        stages = STAGES[ENTRIES[self.entry].kind]
        done = [stages[stage][1][which].__name__ for stage, which, _ in self.steps]
        return f"{self.name} {self.entry} (seed {self.seed}: {', '.join(done)})"


def case(run: int, number: int, seeds: Mapping[str, Pool]) -> Case:
    """Return a case of a run: the same one, as long as the mutations and the seeds are the same."""
    draw = Random(f"{run}/{number}")
    (entry,) = draw.choices(list(ENTRIES), [entry.often for entry in ENTRIES.values()])
    kind = ENTRIES[entry].kind
    steps = [
        (stage, draw.randrange(len(mutations)), draw.getrandbits(32))
        for stage, (often, mutations) in enumerate(STAGES[kind])
        if draw.random() < often
        for _ in range(draw.choice((1, 1, 1, 2, 3)) if mutations not in UNIQUE else 1)
    ]
    return Case(f"{run}/{number}", entry, draw.randrange(len(seeds[kind])), tuple(steps))


UNIQUE = (archives.MUTATIONS, tables.FORMS)
"""What is done once at most."""
