"""House rules that no linter checks: size budgets, docstrings, and what may not be in the repository."""

from __future__ import annotations

import ast
import re
import subprocess
import unicodedata
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = (
    "landxml/",
    "schemas/",
    "units/",
    "mappings/",
    "remap/",
    "samples/",
    "validator/",
    "campaign/",
    "reports/",
    "web/",
    "cli/",
)

MODULE_LINES = 400
FUNCTION_LINES = 60
TABLES = {"tasks/build_corpus.py": 1_470, "cli/landxml_cli/options.py": 500}
"""Modules that only declare data, with their own limit; so have tests, which read top down case by case."""
TEST_LINES = 600

REGISTRY = re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org|anaconda\.org")
HOMES = r"/(?:home|Users|root|mnt|media)/|[A-Za-z]:\\{1,2}Users\\{1,2}"
HERE = re.escape(f"{ROOT}/")
MACHINE_PATH = re.compile(rf"(?<![\w.])(?:{HOMES}|{HERE})[\w.]")
"""People's own folders on any system, and the folder in which this runs."""


@cache
def tracked() -> tuple[str, ...]:
    """Files under version control, as paths from the root."""
    git = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if git.returncode:
        pytest.skip("not a git checkout")
    return tuple(name for name in git.stdout.split("\0") if name and (ROOT / name).is_file())


@cache
def texts() -> dict[str, str]:
    """Tracked files that are UTF-8 text; the corpus and what the fuzzer found hold others, on purpose."""
    found = {}
    for name in tracked():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data:
            try:
                found[name] = data.decode()
            except UnicodeDecodeError:
                assert name.startswith(("tests/corpus/", "tests/fuzz/regressions/")), f"{name} is not UTF-8"
    return found


@cache
def modules() -> dict[str, ast.Module]:
    """Every tracked Python file, parsed."""
    return {name: ast.parse(text, name) for name, text in texts().items() if name.endswith(".py")}


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Length of a function without its docstring."""
    first = node.body[0]
    doc = 0
    if ast.get_docstring(node) is not None and first.end_lineno is not None:
        doc = first.end_lineno - first.lineno + 1
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1 - doc


def undocumented(body: list[ast.stmt], prefix: str) -> list[str]:
    """Public functions, classes and methods without a docstring."""
    found = []
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_":
            overload = any("overload" in ast.unparse(decorator) for decorator in node.decorator_list)
            if ast.get_docstring(node) is None and not overload:
                found.append(f"{prefix}{node.name}")
            if isinstance(node, ast.ClassDef):
                found += undocumented(node.body, f"{prefix}{node.name}.")
    return found


def test_modules_stay_small() -> None:
    sizes = {name: texts()[name].count("\n") for name in modules()}
    limits = {name: TEST_LINES if name.startswith("tests/") else MODULE_LINES for name in sizes} | TABLES
    assert {name: size for name, size in sizes.items() if size > limits[name]} == {}


def test_functions_stay_small() -> None:
    functions = [
        (f"{name}:{node.lineno} {node.name}", lines_of(node))
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert {name: lines for name, lines in functions if lines > FUNCTION_LINES} == {}


def test_public_names_are_documented() -> None:
    missing = []
    for name, tree in modules().items():
        if name.startswith(PACKAGES):
            if ast.get_docstring(tree) is None:
                missing.append(name)
            missing += undocumented(tree.body, f"{name}: ")
    assert missing == []


def test_no_registry_is_named() -> None:
    assert [name for name, text in texts().items() if REGISTRY.search(text)] == []


def test_no_path_of_a_machine_is_named() -> None:
    found = {name for name, text in texts().items() if MACHINE_PATH.search(text)}
    assert found == {"tests/test_house.py"}  # this one, for the examples below


def test_paths_of_machines_are_recognised() -> None:
    for path in ("/home/an/x", "/Users/an", "C:\\Users\\an", "D:\\\\Users\\\\an", f"({ROOT}/README.md)"):
        assert MACHINE_PATH.search(path), path
    for text in ("/dev/null", "a/home/b", "../home/x", "/HoSoXml/hoSoGuid", "https://example.org/root/x"):
        assert not MACHINE_PATH.search(text), text


def test_uv_lock_is_not_tracked() -> None:
    assert [name for name in tracked() if Path(name).name == "uv.lock"] == []


def test_text_is_nfc() -> None:
    # The corpus may hold decomposed text: there is a rule about it.
    decomposed = [name for name, text in texts().items() if not unicodedata.is_normalized("NFC", text)]
    assert [name for name in decomposed if not name.startswith("tests/corpus/TXT")] == []


def test_the_readme_names_the_command_that_checks_everything() -> None:
    assert "make test" in (ROOT / "README.md").read_text("utf-8")


def test_ci_runs_what_developers_run() -> None:
    lines = (ROOT / ".ci/run").read_text("utf-8").splitlines()
    assert lines[-1] == "exec make test"
