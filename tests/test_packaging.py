"""What goes into the wheel: every tracked file of the five packages, data included, and nothing else."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tasks import build_dist, build_sbom
from tasks.locked import build

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES = [Path(name) for name in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        return archive.namelist()


def test_the_wheel_holds_every_tracked_file(wheel: list[str]) -> None:
    git = subprocess.run(
        ["git", "ls-files", *map(str, PACKAGES)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if git.returncode:
        pytest.skip("not a git checkout")
    tracked = [
        Path(name).relative_to(package.parent).as_posix()
        for name in git.stdout.splitlines()
        for package in PACKAGES
        if Path(name).is_relative_to(package) and (ROOT / name).is_file()
    ]
    assert set(tracked) - set(wheel) == {"landxml/walk.pyx"}  # its compiled form is in it, if any


def test_the_wheel_holds_packages_only(wheel: list[str]) -> None:
    allowed = {package.name for package in PACKAGES}
    assert {name.split("/")[0] for name in wheel if ".dist-info/" not in name} == allowed


@pytest.mark.slow
def test_a_release_made_twice_is_equal(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    sources = build("sdist", tmp_path / "sources")
    made = []
    for name in ("one", "other"):
        with tarfile.open(sources) as archive:
            archive.extractall(tmp_path / name, filter="data")
        (root,) = (tmp_path / name).iterdir()
        build_dist.main(root / "dist", root)
        made.append({path.name: path.read_bytes() for path in (root / "dist").iterdir()})
    assert made[0] == made[1]
    assert made[0].keys() >= {sources.name, "SHA256SUMS", "sbom.cdx.json", "licences.txt"}
    assert sum(name.endswith(".whl") for name in made[0]) == 2


def test_a_bill_of_materials() -> None:
    click, pins = distribution("click"), {"click": ["b", "a"], "ruff": ["c"]}
    bill = json.loads(build_sbom.bill([click], pins))
    assert bill["metadata"]["component"]["name"] == PROJECT["project"]["name"]
    (part,) = bill["components"]
    assert part["purl"] == f"pkg:pypi/click@{click.version}"
    assert [each["content"] for each in part["hashes"]] == ["a", "b"]
    assert part["licenses"] == [{"license": {"name": "BSD-3-Clause"}}]
    needs = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    assert needs == {"click": [], "landxml-vn": ["click"]}
    assert build_sbom.licences([click]) == f"click {click.version}: BSD-3-Clause\n"


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_each_package_is_typed(package: Path, wheel: list[str]) -> None:
    assert f"{package.name}/py.typed" in wheel


def test_the_licence_is_in_the_wheel(wheel: list[str]) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel)


def test_dependencies_have_lower_bounds_only() -> None:
    assert [d for d in PROJECT["project"]["dependencies"] if ">=" not in d or "<" in d or "==" in d] == []


@pytest.mark.parametrize(("which", "relation"), [("lowest", "=="), ("newest", ">=")])
def test_the_lowest_versions_are_those_of_the_bounds(which: str, relation: str) -> None:
    lines = runpy.run_path(str(ROOT / "tasks/versions.py"))["requirements"](which)
    bounds = [bound.replace(">=", relation) for bound in PROJECT["project"]["dependencies"]]
    assert lines == [*bounds, *PROJECT["dependency-groups"]["dev"]]


def test_every_dependency_is_locked() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    groups = PROJECT["dependency-groups"].values()
    wanted = [*PROJECT["project"]["dependencies"], *(name for group in groups for name in group)]
    names = [re.split(r"[\[>=]", requirement)[0] for requirement in wanted]
    assert [name for name in names if f"\n{name}==" not in lock] == []
