"""Files for pipelines and containers: what they call is there."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from landxml_cli.app import cli
from landxml_reports import NAMES

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
POSIX = pytest.mark.skipif(os.name != "posix", reason="the script is one of bash")
FAKE = """#!{python}
import json, pathlib, sys
pathlib.Path("asked.json").write_text(json.dumps(sys.argv[1:]))
folder = pathlib.Path(sys.argv[sys.argv.index("-o") + 1])
folder.mkdir()
(folder / "github.txt").write_text("::error file=a.gml::wrong\\n")
(folder / "report.md").write_text("## Not conformant\\n")
sys.exit(1)
"""


def parsed(words: list[str]) -> dict[str, object]:
    """The parameters of a command line that the program takes."""
    context = cli.make_context("landxml", [*words])
    name, command, rest = cli.resolve_command(context, [*context._protected_args, *context.args])
    assert command is not None, name
    while isinstance(command, click.Group):
        context = command.make_context(name, rest, parent=context)
        name, command, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert command is not None, name
    return command.make_context(name, rest, parent=context).params


@POSIX
def test_a_step_of_github_annotates_and_ends_as_the_check_does(tmp_path: Path) -> None:
    fake = tmp_path / "landxml"
    fake.write_text(FAKE.format(python=sys.executable))
    fake.chmod(0o755)
    nasty = "a b;$(touch hacked) `x`.gml"
    inputs = {
        "PATHS": f"goi.zip\n{nasty}\n",
        "PROFILE": "trial-integration",
        "FAIL_ON": "warning",
        "LANG": "vi",
    }
    inputs |= {"OPTIONS": "--baseline=truoc.parquet\n", "OUTPUT": "out"}
    given = {f"LANDXML_{name}": value for name, value in inputs.items()} | {"LANDXML": str(fake)}
    given |= {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary"), "GITHUB_OUTPUT": str(tmp_path / "output")}
    done = subprocess.run(
        ["bash", ROOT / "pipelines" / "github.sh"], cwd=tmp_path, env=os.environ | given,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "::error file=a.gml::wrong\n"), done.stderr
    assert (tmp_path / "summary").read_text() == "## Not conformant\n"
    assert (tmp_path / "output").read_text() == "report=out\n"
    assert not (tmp_path / "hacked").exists()
    asked = parsed(json.loads((tmp_path / "asked.json").read_text()))
    assert asked["files"] == ("goi.zip", nasty)
    assert (asked["fail_on"], asked["baseline"], asked["output"]) == ("warning", "truoc.parquet", "out/")
    assert {"github.txt", "report.md"} <= {NAMES[form] for form in asked["format_"]}  # type: ignore[attr-defined]


def test_the_action_hands_its_inputs_on_as_variables() -> None:
    action = (ROOT / "action.yml").read_text("utf-8")
    script = (ROOT / "pipelines" / "github.sh").read_text("utf-8")
    declared = set(re.findall(r"^  ([\w-]+):$", action.partition("outputs:")[0], re.MULTILINE))
    handed = dict(re.findall(r"(LANDXML_\w+): \$\{\{ inputs\.([\w-]+) \}\}", action))
    assert set(handed.values()) == declared
    assert set(re.findall(r"LANDXML_\w+", script)) == set(handed)
    assert "${{" not in "".join(re.findall(r"run:(.*?)(?=\n    - name|\Z)", action, re.DOTALL))


def test_the_job_of_gitlab_keeps_what_it_writes() -> None:
    job = (ROOT / "pipelines" / "landxml.gitlab-ci.yml").read_text("utf-8")
    values = dict(re.findall(r"^    (LANDXML_\w+): (\S+)$", job, re.MULTILINE))
    (line,) = re.findall(r"^    - (landxml .*)$", job, re.MULTILINE)
    asked = parsed(
        [re.sub(r"\$(\w+)", lambda found: values[found[1]], word) for word in shlex.split(line)[1:]]
    )
    written = {NAMES[form] for form in asked["format_"]}  # type: ignore[attr-defined]
    assert set(re.findall(r"landxml-report/(\S+\.\w+)", job)) <= written
    assert asked["files"] == ("data",)


def test_the_hook_of_pre_commit_calls_the_command() -> None:
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    entry, files = (re.search(rf"^  {name}: (.*)$", hook, re.MULTILINE) for name in ("entry", "files"))
    assert entry
    assert files
    assert parsed([*shlex.split(entry[1])[1:], "a.gml", "b.zip"])["files"] == ("a.gml", "b.zip")
    assert all(re.search(files[1], name) for name in ("a.gml", "goi.zip", "so.xlsx"))
    assert not re.search(files[1], "README.md")


def test_the_container_holds_the_packages_and_runs_as_nobody_special() -> None:
    kept = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    folders = {
        name.partition("/")[0] for name in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    }
    needed = {
        *folders,
        "hatch_build.py",
        "pyproject.toml",
        PROJECT["project"]["readme"],
        *PROJECT["project"]["license-files"],
    }
    assert {line[1:] for line in kept if line.startswith("!")} == needed
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    words = dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))
    assert words["USER"] == "landxml"
    assert Path(json.loads(words["ENTRYPOINT"])[0]).name in PROJECT["project"]["scripts"]


def test_commands_of_the_page_are_commands() -> None:
    page = (ROOT / "docs" / "reports.md").read_text("utf-8")
    lines = re.findall(
        r"(?:^\$ |^    - |[ ;])(landxml (?:validate|render|certify|verify) [^#\n`]*)", page, re.MULTILINE
    )
    assert len(lines) > 3
    for line in lines:
        parsed(shlex.split(line)[1:])
