"""The guides of CONTRIBUTING.md, carried out word for word on a copy of the tree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES = [Path(name) for name in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]]
TREE = [*PACKAGES, Path("tasks"), Path("tests"), Path("docs")]
BLOCK = re.compile(
    r"(?:In\s`(?P<path>[^`]+)`:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL
)


def guide(title: str) -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    found = re.search(rf"^### {title}\n(.*?)^##", text, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def changed(text: str, diff: str) -> str:
    """The lines of ``-`` and of blanks, which stand there once, become those of ``+`` and of blanks."""
    lines = diff.splitlines(keepends=True)
    old, new = ("".join(line[1:] for line in lines if line[0] in kept) for kept in ("- ", "+ "))
    assert text.count(old) == 1, f"not there, or several times: {old}"
    return text.replace(old, new)


def carried_out(title: str, copy: Path) -> str:
    """Do what a guide says, and return what its commands print."""
    for folder in TREE:
        shutil.copytree(ROOT / folder, copy / folder)  # with what is compiled already
    shutil.copy(ROOT / "pyproject.toml", copy)
    folders = [str(copy / package.parent) for package in PACKAGES]
    return done(guide(title), copy, PYTHONPATH=os.pathsep.join(folders))


def done(text: str, copy: Path, **variables: str) -> str:
    """Do what a text says in a folder, and return what its commands print."""
    commands = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | variables | {"PATH": commands}
    said, path = "", copy
    for block in BLOCK.finditer(text):
        path = copy / block["path"] if block["path"] else path
        if block["kind"] == "sh":
            shell = subprocess.run(
                ["sh", "-ec", block["text"]],
                cwd=copy,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert shell.returncode == 0, shell.stdout + shell.stderr
            said += shell.stdout
        elif block["kind"] == "diff":
            path.write_text(changed(path.read_text("utf-8"), block["text"]), "utf-8")
        else:
            assert not path.exists(), path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block["text"], "utf-8")
    return said


@pytest.mark.skipif(os.name != "posix", reason="the commands are those of a shell")
@pytest.mark.parametrize(
    ("title", "seen"),
    [
        ("A new rule", ["2 passed", "LND999", "1200"]),
        (
            "A new layout",
            ["to-khai.xsd", "so-thua.md", "ThuaTrongSo: 2", "so-thua.gml:3", "to-khai.xml:1  06652/8/1"],
        ),
        ("A new report format", ["2 passed", "LND002,1,"]),
    ],
)
def test_a_guide_leads_to_what_it_says(tmp_path: Path, title: str, seen: list[str]) -> None:
    said = carried_out(title, tmp_path / "landxml")
    assert [word for word in seen if word not in said] == [], said


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="the commands are those of a shell")
def test_the_page_of_own_rules_leads_to_what_it_says(tmp_path: Path) -> None:
    said = done((ROOT / "docs/own-rules.md").read_text("utf-8"), tmp_path, LANG="C", LC_ALL="C.UTF-8")
    tried = re.findall(r"1 rules, 2 examples, \d not as expected", said)
    assert [each[21] for each in tried] == ["0", "1", "0"]
    assert "XQN001/fail-1.xml  nothing was found" in said
    assert "The area of the parcel is 12.5 m²." in said
    assert "XQN  Own rules (own)" in said
    assert "least = 20 m²: least area" in said
    assert said.count("The area of the parcel is 12.5 m².") == 1  # 10 m² are enough in the end
