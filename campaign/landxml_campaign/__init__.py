"""What the clean-up campaign asks for: groups of parcels, land users, progress by commune, work lists."""

from __future__ import annotations

__all__: list[str] = []
