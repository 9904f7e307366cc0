"""The package for Windows: what is in it, what keeps it from being handed out, that its programs start."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from importlib import resources
from importlib.metadata import distribution, version
from pathlib import Path

import pytest

from tasks import build_wheelhouse
from tasks import build_windows as task
from tasks.locked import PROJECT, ROOT, build, digest, here, locked, needed, wheels, windows

PROGRAM = (resources.files("distlib") / "w64.exe").read_bytes()
"""Any program for Windows: where only its import table is read."""
as_locked = pytest.mark.skipif(
    any(version(name) != locked(here())[name].version for name in ("lxml", "rich")),
    reason="what users need is read from what is installed, and here that is not what is locked",
)
FOLDERS = [task.FORM["proj"]["kept"], task.FORM["proj"]["dropped"]]
STAND_IN = r"""
Unicode true
Target amd64-unicode
SilentInstall silent
RequestExecutionLevel user
OutFile "python.exe"
Section
  FileOpen $0 "$EXEDIR\started.txt" w
  FileWriteUTF16LE $0 "$CMDLINE"
  FileClose $0
  SetErrorLevel 7
SectionEnd
"""


def stand_in(path: Path, program: bytes = PROGRAM) -> Path:
    """A zip of the layout of the embeddable Python, whose programs and libraries are all the same."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("python.exe", "python313.dll", "python3.dll", "vcruntime140.dll", "vcruntime140_1.dll"):
            archive.writestr(name, program)
        archive.writestr("python313.zip", "the standard library")
        archive.writestr("LICENSE.txt", "PSF")
    return path


def wheel(folder: Path, **files: bytes | str) -> Path:
    metadata = "Metadata-Version: 2.4\nName: some-library\nVersion: 1.0\nLicense-Expression: MIT\n"
    path = folder / "some_library-1.0-cp313-cp313-win_amd64.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("some_library-1.0.dist-info/METADATA", metadata)
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def database(path: Path, version: str) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE metadata (key, value)")
        connection.execute("INSERT INTO metadata VALUES ('PROJ.VERSION', ?)", [version])
        connection.commit()
    return path.read_bytes()


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes | str]:
    """What the one library of the packages of these tests holds."""
    proj = database(tmp_path / "proj.db", "9")
    return {
        **{f"{folder}proj.db": proj for folder in FOLDERS},
        "some/module.py": "",
        "some/module.pyd": PROGRAM,
        "some/module.pyx": "",
        "some/tests/test_module.py": "",
        "some.libs/gdal-abc.dll": PROGRAM,
    }


def assemble(tmp_path: Path, files: dict[str, bytes | str], monkeypatch: pytest.MonkeyPatch) -> Path:
    embed = stand_in(tmp_path / "embed.zip")
    monkeypatch.setitem(task.PYTHON, "sha256", digest(embed))
    task.assemble(folder := tmp_path / "package", embed, [wheel(tmp_path, **files)])
    return folder


def test_a_package(tmp_path, files, monkeypatch):
    folder = assemble(tmp_path, files, monkeypatch)
    site = folder / "python/Lib/site-packages"
    assert {path.name for path in folder.iterdir()} >= {
        "landxml.exe",
        "landxml-web.exe",
        "python",
        "README.txt",
        "licences.txt",
    }
    assert (folder / "python/python313._pth").read_bytes() == b"python313.zip\r\n.\r\nLib\\site-packages\r\n"
    assert (folder / "python/share/proj/proj.db").exists()
    assert {path.name for path in (site / "some").iterdir()} == {"module.py", "module.pyd"}
    assert not any((site / each).exists() for each in FOLDERS)
    lines = (folder / "licences.txt").read_text("utf-8-sig").splitlines()
    assert lines[2:] == ["some-library 1.0: MIT", "some.libs/gdal-abc.dll: MIT"]
    (part,) = json.loads((folder / "sbom.cdx.json").read_bytes())["components"]
    assert (part["name"], part["version"], len(part["hashes"])) == ("some-library", "1.0", 1)

    monkeypatch.setattr(sys, "argv", ["landxml.exe", "rule", "show", "XYZ001"])
    with pytest.raises(SystemExit) as ended:  # what is appended to the program is one for Python
        runpy.run_path(str(folder / "landxml.exe"), run_name="__main__")
    assert ended.value.code == 2

    task.zipped(folder, once := tmp_path / "once.zip")
    os.utime(folder / "README.txt", (1, 1))
    task.zipped(folder, twice := tmp_path / "twice.zip")
    assert once.read_bytes() == twice.read_bytes()
    assert list(task.wrong(folder, once)) == []
    (folder / "python/vcruntime140.dll").write_bytes(PROGRAM.replace(b"KERNEL32.dll", b"MISSING2.dll"))
    (folder / ("a" * 150)).touch()
    monkeypatch.setitem(task.FORM["limits"], "zipped", 10)
    assert [each.partition(":")[0] for each in task.wrong(folder, once)] == [
        "zipped",
        "a" * 150,
        "missing2.dll",
    ]


def test_a_package_of_what_does_not_fit_is_not_made(tmp_path, files, monkeypatch):
    with pytest.raises(SystemExit, match="PYTHON_EMBED"):
        task.unpack_python(tmp_path / "none.zip", tmp_path / "python")
    with pytest.raises(SystemExit, match="its SHA-256 is"):
        task.unpack_python(stand_in(tmp_path / "embed.zip"), tmp_path / "python")
    with pytest.raises(SystemExit, match="licence of some"):
        assemble(tmp_path, files | {"some.libs/unknown.dll": PROGRAM}, monkeypatch)
    shutil.rmtree(tmp_path / "package")
    (tmp_path / "proj.db").unlink()
    files[f"{FOLDERS[1]}proj.db"] = database(tmp_path / "proj.db", "10")
    with pytest.raises(SystemExit, match="not of one version of PROJ"):
        assemble(tmp_path, files, monkeypatch)
    monkeypatch.setitem(task.FORM["launcher"], "sha256", "0")
    with pytest.raises(SystemExit, match=r"distlib's t64\.exe"):
        task.launcher("")


@as_locked
@pytest.mark.parametrize("environment", [here(), windows("3.11"), windows("3.13")])
def test_all_that_users_need_is_locked(environment):
    names = needed(PROJECT["optional-dependencies"], environment)
    assert {"click", "lxml", "numpy", "markupsafe", "cffi"} <= names  # direct, and what these need
    assert not names & {"pytest", "ruff"}
    pins = locked(environment)
    assert all(pins[name].hashes for name in names)
    assert pins["numpy"].version.startswith("2.4" if environment["python_version"] == "3.11" else "2.5")


def test_pages_and_workflow_name_the_python_of_the_package():
    for path in ("docs/windows.md", ".github/workflows/windows.yml"):
        versions = re.findall(r"python-([\d.]+)-embed", (ROOT / path).read_text("utf-8"))
        assert set(versions) == {task.PYTHON["version"]}


@as_locked
def test_what_is_left_out_would_be_in():
    assert task.FORM["without"].keys() <= needed(task.FORM["extras"], windows(task.MINOR))


def wine(tmp_path: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    (tmp_path / "home/Desktop").mkdir(parents=True, exist_ok=True)  # that of the user is left alone
    calm = {"WINEPREFIX": str(tmp_path / "wine"), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml="}
    calm["HOME"] = str(tmp_path / "home")
    return subprocess.run(
        ["wine", *command], env=os.environ | calm, timeout=300, check=False, capture_output=True, text=True
    )


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("wine") and shutil.which("makensis")), reason="needs wine and NSIS")
def test_the_installer_and_a_program_under_wine(tmp_path, files, monkeypatch):
    script = tmp_path / "stand_in.nsi"
    script.write_text(STAND_IN)
    subprocess.run(["makensis", "-V1", script], check=True, cwd=tmp_path)
    folder = assemble(tmp_path, files, monkeypatch)
    shutil.copy(tmp_path / "python.exe", folder / "python")
    task.install(folder, setup := tmp_path / "landxml-setup.exe", "-XSetCompressor /FINAL zlib")

    assert wine(tmp_path, setup, "/S").returncode == 0
    place = next((tmp_path / "wine").rglob("landxml.exe")).parent
    assert place.match("AppData/Local/Programs/landxml")
    check = "Kiểm tra dữ liệu đất đai.lnk"
    links = [*tmp_path.rglob("*.lnk")]
    assert {"landxml (dòng lệnh).lnk", check} <= {each.name for each in links}
    places = {each.parent.name for each in links if each.name == check}
    assert places == {"Desktop", "SendTo", "landxml"}

    shutil.copytree(place, elsewhere := tmp_path / "Dữ liệu đất đai")
    assert (
        wine(tmp_path, elsewhere / "landxml.exe", "validate", "a b.zip", "-o", "báo cáo.html").returncode == 7
    )
    said = (elsewhere / "python/started.txt").read_text("utf-16-le")
    assert said.partition("landxml.exe")[2] == '" validate "a b.zip" -o "báo cáo.html"'

    (place / "ours.txt").touch()
    path = str(place.relative_to(tmp_path / "wine/drive_c")).replace("/", "\\")
    assert wine(tmp_path, place / "uninstall.exe", "/S", f"_?=C:\\{path}").returncode == 0
    assert {each.name for each in place.iterdir()} <= {"ours.txt", "uninstall.exe"}
    assert (place / "ours.txt").exists()
    assert not [each for each in links if each.exists()]


@pytest.fixture(scope="module")
def ours(tmp_path_factory) -> Path:
    return build("wheel", tmp_path_factory.mktemp("ours"), walk="python")


@pytest.mark.slow
def test_the_program_runs_without_what_is_removed(tmp_path, ours):
    """With the libraries of this system, whose own libraries in C are linked otherwise and stay."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "python"], check=True)
    site = tmp_path / "site"
    for name in needed(task.FORM["extras"], here()) - set(task.FORM["without"]):
        for file in distribution(name).files or []:
            kept = ".." not in file.parts and (file.match("lib*.so*") or not task.removed(str(file)))
            if kept and file.suffix != ".pyc":
                (site / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file.locate(), site / file)
    task.unpack(ours, site)
    shutil.copy(site / task.FORM["proj"]["kept"] / "proj.db", site / task.FORM["proj"]["dropped"] / "proj.db")
    task.share(site, tmp_path / "python")
    python = [tmp_path / "python/bin/python", "-P", "-m"]
    check = "validate demo/quang-ninh.zip --fail-on never -o loi.gpkg"
    for words in (
        "landxml_web.server",
        "landxml_cli doctor",
        "landxml_cli demo -o demo",
        f"landxml_cli {check}",
    ):
        done = subprocess.run(
            [*python, *words.split()], env={"PYTHONPATH": str(site), "LANG": "C.UTF-8"}, cwd=tmp_path,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "loi.gpkg").stat().st_size > 10_000


@pytest.mark.slow
def test_the_package_of_the_locked_wheels(tmp_path, ours, monkeypatch):
    """Needs a package index. The stand-in for Python has no more than the names of its libraries."""
    embed = stand_in(tmp_path / "embed.zip")
    monkeypatch.setitem(task.PYTHON, "sha256", digest(embed))
    names = needed(task.FORM["extras"], windows(task.MINOR)) - set(task.FORM["without"])
    try:
        given = wheels(names, tmp_path / "wheels", task.MINOR)
    except subprocess.CalledProcessError:
        pytest.skip("needs a package index")
    task.assemble(folder := tmp_path / "package", embed, [ours, *given])
    task.zipped(folder, target := tmp_path / "package.zip")
    assert list(task.wrong(folder, target)) == []
    limits = task.FORM["limits"]
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert target.stat().st_size < limits["zipped"] - 10_500_000  # the real Python has 10.4 MB,
    assert size < limits["unpacked"] - 22_000_000  # and some 21 unpacked
    bill = json.loads((folder / "sbom.cdx.json").read_bytes())
    assert {part["name"] for part in bill["components"]} == {*names, PROJECT["name"]}
    assert all(part["licenses"][0]["license"]["name"] for part in bill["components"])


@as_locked
def test_a_wheelhouse_says_how_to_install_from_it(tmp_path, monkeypatch):
    mine = tmp_path / "landxml_vn-0-py3-none-any.whl"
    mine.write_bytes(b"ours")
    monkeypatch.setattr(build_wheelhouse, "wheels", lambda _, folder, __: folder.mkdir(parents=True))
    build_wheelhouse.fill(folder := tmp_path / "house", mine, "3.12")
    assert (folder / "wheels" / mine.name).read_bytes() == b"ours"
    (line,) = (folder / "wheels/requirements.txt").read_text().splitlines()
    assert line.startswith("landxml-vn[")
    assert line.endswith(f"--hash=sha256:{digest(mine)}")
    text = (folder / "README.txt").read_text("utf-8-sig")
    assert "py -3.12" in text
    assert "--no-index --find-links wheels -r wheels\\requirements.txt" in text
