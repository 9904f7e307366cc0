"""The plugin for QGIS: run by QGIS without a window, where there is one; it imports nothing of ours."""

from __future__ import annotations

import ast
import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from landxml_cli.options import PARAMETERS
from landxml_samples import write

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "integrations" / "qgis" / "landxml_qgis"
SCRIPT = Path(__file__).with_name("in_qgis.py")
PROCESS = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
"""Debian's script before the program gives it an option that it does not know."""
PYTHON = "/usr/bin/python3"


def test_nothing_of_ours_is_imported() -> None:
    for path in PLUGIN.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                top = name.partition(".")[0]
                assert top in {*sys.stdlib_module_names, "qgis", "processing"}, f"{path.name}: {name}"


def test_texts_are_in_both_languages() -> None:
    texts = json.loads((PLUGIN / "texts.json").read_text("utf-8"))
    assert all(each.keys() == {"vi", "en"} and each["vi"] != each["en"] for each in texts.values())
    said = {
        name
        for path in PLUGIN.glob("*.py")
        for name in re.findall(r'say\("([^"]+)"', path.read_text("utf-8"))
    }
    assert said <= texts.keys()


def test_the_program_has_the_options_that_it_is_given() -> None:
    given = set(re.findall(r'"(--[a-z-]+)"', (PLUGIN / "check.py").read_text("utf-8")))
    known = {name for option in PARAMETERS["validate"] for name in option.opts}
    assert {"--profile", "--crs"} <= given
    assert given <= {*known, "--lang"}


def test_qgis_is_told_what_it_wants_to_know() -> None:
    manifest = configparser.ConfigParser()
    manifest.read(PLUGIN / "metadata.txt", "utf-8")
    wanted = "name description about version author email qgisMinimumVersion hasProcessingProvider"
    assert [key for key in wanted.split() if not manifest["general"][key]] == []


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    here = subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False).returncode
    if PROCESS is None or here:
        pytest.skip("QGIS is not installed")
    folder = tmp_path_factory.mktemp("qgis")
    settings = folder / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text("[locale]\nuserLocale=vi\noverrideFlag=true\n", "utf-8")
    return {**os.environ} | {
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_PLUGINPATH": str(PLUGIN.parent),
        "QGIS_CUSTOM_CONFIG_PATH": str(folder),
        "LANDXML_PROGRAM": str(Path(sys.executable).with_name("landxml")),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
    }


def process(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [str(PROCESS), *words], env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    return done.stdout + done.stderr


def in_qgis(environment: dict[str, str], *words: str) -> Any:
    done = subprocess.run(
        [PYTHON, str(SCRIPT), *words],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_a_delivery_is_checked_and_its_layers_are_styled(environment, tmp_path) -> None:
    assert "landxml_qgis" in process(environment, "plugins", "enable", "landxml_qgis")
    package, layers = tmp_path / "goi đất.zip", tmp_path / "phát hiện.gpkg"
    write(package, parcels=60, faults={"GEO002": 2, "LND002": 2, "PTY003": 1})
    said = process(environment, "run", "landxml:check", "--", f"INPUT={package}", f"OUTPUT={layers}")
    assert re.search(r"VERDICT:\s+Không đạt", said)
    assert re.search(r"COUNT:\s+5", said)
    assert "{" not in said  # lines of progress are no text
    assert "100" in said
    seen = in_qgis(environment, "styles", str(layers))
    points = next(each for name, each in seen.items() if name.startswith("diem"))
    assert points["type"] == "categorizedSymbol"
    assert "Lỗi" in " ".join(points["labels"])
    assert "noi_dung" in points["tip"]
    assert {each["widget"] for each in seen.values()} == {"ValueMap"}
    assert all(len(each["words"]) == 4 for each in seen.values())
    assert sum(each["number"] for each in seen.values()) == 5


@pytest.mark.slow
def test_what_goes_wrong_is_said(environment, tmp_path) -> None:
    process(environment, "plugins", "enable", "landxml_qgis")
    run = ("run", "landxml:check", "--", f"OUTPUT={tmp_path / 'out.gpkg'}")
    assert "Hãy chọn tệp" in process(environment, *run)
    assert "landxml không kiểm tra được" in process(environment, *run, f"INPUT={tmp_path / 'nothing.zip'}")
    lost = environment | {"LANDXML_PROGRAM": str(tmp_path / "no-program")}
    assert "Không tìm thấy chương trình" in process(lost, *run, f"INPUT={tmp_path}")


@pytest.mark.slow
def test_a_check_is_stopped(environment, tmp_path) -> None:
    program, pid = tmp_path / "landxml", tmp_path / "pid"
    program.write_text(f'#!/bin/sh\necho $$ > "{pid}.new"; mv "{pid}.new" "{pid}"; exec sleep 300\n', "utf-8")
    program.chmod(0o755)
    seen = in_qgis(environment, "cancel", str(program), str(pid))
    assert seen["said"]
    assert seen["seconds"] < 30
    time.sleep(0.2)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text("utf-8")), 0)
