"""``landxml scale``: what a check of so many parcels takes."""

from __future__ import annotations

from landxml import localised
from landxml_cli.drawing import drawn, facts, heading
from landxml_cli.messages import say
from landxml_cli.outputs import as_json
from landxml_cli.terminal import put
from landxml_validator.scale import Plan, plan

__all__ = ["scale"]


def scale(lang: str, *, provinces: int, parcels: int, workers: int, format_: str) -> None:
    """Print the plan."""
    made = plan(parcels, provinces, workers)
    put(as_json(made) if format_ == "json" else _shown(made, lang))


def _shown(made: Plan, lang: str) -> str:
    def number(count: float, digits: int = 0) -> str:
        return localised.number(count, digits).get(lang)

    said = {
        "files": number(made.communes), "tasks": number(made.tasks), "buckets": number(made.buckets),
        "memory": number(made.memory / 2**20), "workers": number(made.workers),
        "bytes": number(made.bytes / 1e9), "work": number(made.work / 1e9),
        "measured": made.rates.measured, "machine": made.rates.machine,
        **{f"{name}_h": number(hours, 1) for name, hours in made.hours.items()},
    }  # fmt: skip
    topics = ("input", "tasks", "memory", "disk", "time", "rates")
    rows = [(say(lang, f"scale.{each}"), [say(lang, f"scale.{each}.said", **said)]) for each in topics]
    title = say(lang, "scale", parcels=number(made.parcels), provinces=number(made.provinces))
    return drawn(heading(title), facts(rows))
