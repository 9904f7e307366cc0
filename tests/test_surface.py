"""What each package offers: that a name comes or goes is a decision, written down in ``surface.toml``."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SURFACE: dict[str, list[str]] = tomllib.loads((ROOT / "tests/surface.toml").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
README = re.findall(
    r"^```python\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)
SHOWN = {"README.md": "\n".join(README)} | {
    path.name: path.read_text("utf-8") for path in (ROOT / "examples").glob("*.py")
}
"""Programs that users are shown."""


@pytest.mark.parametrize("module", SURFACE)
def test_a_module_offers_what_is_written_down(module: str) -> None:
    found = import_module(module)
    assert sorted(found.__all__) == sorted(SURFACE[module])
    assert [name for name in found.__all__ if not hasattr(found, name)] == []


def test_every_package_is_written_down() -> None:
    packages = {Path(name).name for name in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]}
    assert packages - set(SURFACE) == {"landxml_cli"}  # whose surface is the command


@pytest.mark.parametrize("name", SHOWN)
def test_what_users_are_shown_is_written_down(name: str) -> None:
    imports = [
        (node.module or "", alias.name)
        for node in ast.walk(ast.parse(SHOWN[name]))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    ours = [(module, name) for module, name in imports if module.startswith("landxml")]
    assert ours or "import landxml" in SHOWN[name]
    for module, offered in ours:
        if module != "landxml.dossiers":  # its names are those of the dictionary
            assert offered in SURFACE[module], f"{module}.{offered}"
