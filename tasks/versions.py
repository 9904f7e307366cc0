"""Print, for pip, the lowest or the newest versions that ``pyproject.toml`` allows.

    python tasks/versions.py lowest|newest

Only what users install is lowered: the tools of developers are the newest in both.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def requirements(which: str) -> list[str]:
    """Return the lines of a requirements file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    users: list[str] = project["project"]["dependencies"]
    if which == "lowest":
        users = [each.replace(">=", "==") for each in users]
    return [*users, *project["dependency-groups"]["dev"]]


if __name__ == "__main__":
    print("\n".join(requirements(sys.argv[1])))
