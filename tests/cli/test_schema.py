"""The exported folder is used as a stranger would use it: without this project, and without a network."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import xmlschema
from lxml import etree

import landxml
import landxml_schemas
from landxml.layouts import builtin

LAYOUTS = [layout.id for layout in builtin().values() if layout.schema and not layout.open]
"""Where namespaces are open, the schema is that of records, in whatever namespace a file has them."""


@pytest.fixture(scope="module", params=LAYOUTS)
def exported(request, tmp_path_factory) -> tuple[Path, dict[str, str]]:
    from landxml_reports.schema_export import export

    folder = tmp_path_factory.mktemp("exported") / request.param
    export(builtin()[request.param], folder)
    return folder, tomllib.loads((folder / "layout.toml").read_text("utf-8"))


def examples(folder: Path) -> list[Path]:
    found = [path for path in (folder / "examples").rglob("*") if path.is_file()]
    assert found
    return found


def test_the_command_of_the_readme_validates_the_example(exported) -> None:
    folder, _ = exported
    readme = (folder / "README.md").read_text("utf-8")
    (vi, en) = (line for line in readme.splitlines() if line.startswith("xmllint "))
    assert vi == en
    try:
        done = subprocess.run(vi.split(), cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("xmllint is not installed")
    assert done.returncode == 0, done.stderr
    assert done.stderr.endswith(" validates\n")


def test_every_example_is_valid_for_lxml_and_xmlschema(exported) -> None:
    folder, manifest = exported
    ours = etree.XMLSchema(etree.parse(folder / manifest["schema"], etree.XMLParser(no_network=True)))
    theirs = xmlschema.XMLSchema(str(folder / manifest["schema"]), allow="sandbox")
    for path in examples(folder):
        root = etree.parse(path).getroot()
        ours.assertValid(root)
        theirs.validate(str(path))
        root.append(etree.Element("lạ"))
        assert not ours.validate(root)


def test_schemas_import_by_relative_names_only(exported) -> None:
    folder, _ = exported
    for path in folder.glob("*.xsd"):
        for element in etree.parse(path).iter("{*}import", "{*}include", "{*}redefine"):
            assert (folder / element.attrib["schemaLocation"]).is_file()


def test_sums_are_right_and_complete(exported, tmp_path) -> None:
    folder, _ = exported
    check = ["sha256sum", "--strict", "-c", "SHA256SUMS"]
    assert subprocess.run(check, cwd=folder, capture_output=True, check=False).returncode == 0
    named = {line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines()}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there - named == {"SHA256SUMS"}
    shutil.copytree(folder, tmp_path / "changed")
    (tmp_path / "changed" / "README.md").write_text("changed", "utf-8")
    assert subprocess.run(check, cwd=tmp_path / "changed", capture_output=True, check=False).returncode == 1


def test_code_lists_are_as_shipped(exported) -> None:
    folder, _ = exported
    for name in landxml_schemas.codelists():
        with (folder / "codelists" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows == landxml_schemas.codelist(name)
        root = etree.parse(folder / "codelists" / f"{name}.gml").getroot()
        assert len(root.findall("{*}definitionMember")) == len(rows)


def test_the_example_as_json_meets_the_exported_schema(exported, mismatches) -> None:
    folder, manifest = exported
    if manifest["id"] != "national":
        pytest.skip("dossiers have no JSON")
    schema = json.loads((folder / "vn-land.schema.json").read_bytes())
    for path in examples(folder):
        records = [item.object for item in landxml.read(path)]
        data = json.loads(landxml.to_json(records))
        assert len(data) == len(records) > 10
        assert mismatches(data, schema, schema["$defs"]) == []


def test_the_readme_names_only_what_is_there(exported) -> None:
    folder, manifest = exported
    rows = (folder / "README.md").read_text("utf-8").split("\n|")
    names = [name for row in rows for name in re.findall(r"^ `([^`]+)` \|", row)]
    assert {"dictionary.html", "layout.toml", "SHA256SUMS", manifest["schema"]} <= set(names)
    assert [name for name in names if not list(folder.glob(name))] == []


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_nothing_is_overwritten(run, tmp_path, lang) -> None:
    (tmp_path / "mine").write_text("mine", "utf-8")
    found = run("schema", "export", "-o", tmp_path, "--lang", lang)
    assert (found.code, found.out) == (2, "")
    assert {"vi": "thư mục đã có dữ liệu", "en": "the folder is not empty"}[lang] in found.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    found = run("schema", "export", "-o", tmp_path / "mine")
    assert (found.code, "mine: is a file; what is to be written is a folder" in found.err) == (2, True)


def test_what_fails_leaves_nothing_behind(run, tmp_path, monkeypatch) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("landxml_reports.schema_export._sums", full)
    assert run("schema", "export", "-o", tmp_path / "new").code == 2
    assert list(tmp_path.iterdir()) == []


def test_export_twice_gives_the_same(run, tmp_path) -> None:
    for name in ("a", "b"):
        assert run("schema", "export", "-o", tmp_path / name, "--layout", "vbdlis-xml").code == 0
    assert (tmp_path / "a/SHA256SUMS").read_bytes() == (tmp_path / "b/SHA256SUMS").read_bytes()


def test_dictionary_on_standard_output(run) -> None:
    found = run("schema", "doc", "--layout", "vbdlis-xml", "--lang", "vi")
    assert found.code == 0
    assert found.out.startswith("<!doctype html>")
    assert '<html lang="vi"' in found.out


def test_schema_alone_shows_what_there_is(run) -> None:
    found = run("schema")
    assert found.code == 0
    assert "export" in found.out
