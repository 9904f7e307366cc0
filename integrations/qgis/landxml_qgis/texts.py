"""What users see, in the language of QGIS: Vietnamese, or English."""

from __future__ import annotations

import json
from pathlib import Path

from qgis.PyQt.QtCore import QSettings

__all__ = ["lang", "say"]

TEXTS: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("texts.json").read_text("utf-8"))


def lang() -> str:
    """Return ``vi`` or ``en``."""
    return "vi" if str(QSettings().value("locale/userLocale", "")).startswith("vi") else "en"


def say(key: str, **values: object) -> str:
    """Return a text, filled in."""
    return TEXTS[key][lang()].format_map(values)
