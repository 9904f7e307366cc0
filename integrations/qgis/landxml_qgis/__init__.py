"""QGIS plugin: a Processing provider that starts the program landxml and loads what it wrote.

Nothing of landxml is imported: the program is a process of its own, with its own Python or none.
"""

from __future__ import annotations

__all__ = ["classFactory"]


def classFactory(iface):  # noqa: ANN001, ANN201, N802 - the name by which QGIS asks
    """Return the plugin."""
    from .plugin import Plugin  # noqa: PLC0415 - as QGIS wants it

    return Plugin(iface)
