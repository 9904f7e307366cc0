"""What ``requirements.lock`` pins and which of it users need; wheels: for the tasks that make releases."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


class Locked(NamedTuple):
    """A pinned package."""

    version: str
    hashes: list[str]
    """SHA-256 of each of its files, for any system."""


def here() -> dict[str, str]:
    """Return what markers are judged by on this system."""
    return {name: str(value) for name, value in default_environment().items()}


def windows(python: str) -> dict[str, str]:
    """Return what markers are judged by on 64-bit Windows, with a Python such as ``3.13``."""
    return here() | {
        "os_name": "nt",
        "platform_machine": "AMD64",
        "platform_system": "Windows",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "win32",
    }


def locked(environment: dict[str, str]) -> dict[str, Locked]:
    """Return what is pinned there, by canonical name."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    pins: dict[str, Locked] = {}
    for first, more in re.findall(r"^(\w[^\\\n]*)(.*?)(?=^\w|\Z)", text, re.MULTILINE | re.DOTALL):
        requirement = Requirement(first)
        if not requirement.marker or requirement.marker.evaluate(environment):
            hashes = re.findall(r"sha256:(\w{64})", more)
            pins[canonicalize_name(requirement.name)] = Locked(str(requirement.specifier)[2:], hashes)
    return pins


def needed(extras: Iterable[str], environment: dict[str, str]) -> set[str]:
    """Return the canonical names of the packages that users of these extras need there.

    It is read from the metadata of what is installed here.
    """
    optional = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in optional[extra])]
    waiting = [Requirement(line) for line in lines]
    seen: set[tuple[str, str]] = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        for extra in {"", *requirement.extras} - {extra for known, extra in seen if known == name}:
            seen.add((name, extra))
            waiting += _requirements(name, environment | {"extra": extra})
    return {name for name, _ in seen}


def _requirements(name: str, environment: dict[str, str]) -> list[Requirement]:
    requirements = map(Requirement, metadata.requires(name) or [])
    return [each for each in requirements if not each.marker or each.marker.evaluate(environment)]


def wheels(names: Iterable[str], folder: Path, python: str) -> list[Path]:
    """Fetch the pinned wheels of packages for 64-bit Windows into a new folder, checked by their hashes."""
    pins = locked(windows(python))
    folder.mkdir(parents=True)
    asked = folder / "requirements.txt"
    asked.write_text("".join(f"{line(name, pins[name])}\n" for name in sorted(names)), "utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--require-hashes", "--dest", str(folder)]
    command += ["--platform", "win_amd64", "--implementation", "cp", "--python-version", python]
    subprocess.run([*command, "--requirement", str(asked)], check=True)
    return sorted(folder.glob("*.whl"))


def line(name: str, pin: Locked) -> str:
    """Return the line of a requirements file that pins a package."""
    return " ".join([f"{name}=={pin.version}", *(f"--hash=sha256:{value}" for value in pin.hashes)])


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


BUILD = "import sys; from hatchling import build; print(getattr(build, sys.argv[1])(sys.argv[2]))"


def build(target: str, folder: Path, *, walk: str = "", root: Path = ROOT) -> Path:
    """Build ``wheel`` or ``sdist`` of ours; return its file.

    A wheel holds the walk in C if it can be compiled here; with ``python`` as walk not: it is for any system.
    """
    command = [sys.executable, "-c", BUILD, f"build_{target}", str(folder.resolve())]
    environment = os.environ | {"LANDXML_WALK": walk}
    done = subprocess.run(command, cwd=root, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return folder / done.stdout.split("\n")[-2]
