"""A package is written again in its own form: some documents changed, everything else as it was."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, BinaryIO

import pytest

from landxml.errors import LandXmlError
from landxml.progress import Progress
from landxml.text import Text
from landxml_remap import rewrite
from landxml_remap.rewrite import Rewrite

Tree = Mapping[str, bytes]
XML = b"<HoSoXml/>"


def shouted(stream: BinaryIO, out: IO[bytes]) -> None:
    out.write(stream.read().upper())


def refused(_: IO[bytes]) -> None:
    raise LandXmlError(Text("sai", "wrong"), line=7)


def fine(stream: IO[bytes]) -> None:
    assert stream.tell() == 0
    assert stream.read() == XML.upper()


def zipped(path: Path, content: Mapping[str, tuple[bytes, int]]) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        for name, (data, method) in content.items():
            out.writestr(name, data, method)
    return path


def tree(folder: Path) -> Tree:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def mirrored(paths: list[Path], out: Path, names: set[str], check=fine) -> list[Progress]:
    """Write the package again with the named documents shouted, and return the progress that was told."""
    found = rewrite.documents(paths)
    rewrites = {name: Rewrite(name, shouted, check) for name, _ in found if name in names}
    assert set(rewrites) == names
    told: list[Progress] = []
    total = sum(document.size for name, document in found if name in names)
    advance = rewrite.counted(told.append, total)
    with rewrite.opened(paths, out) as place:
        rewrite.mirror(paths, place, found, rewrites, advance)
    return told


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "goi"
    (folder / "06652").mkdir(parents=True)
    (folder / "06652" / "1.xml").write_bytes(XML)
    (folder / "06652" / "2.xml").write_bytes(XML)
    (folder / "doc.pdf").write_bytes(b"%PDF \0\xff")
    zipped(folder / "a.zip", {"x/1.xml": (XML, zipfile.ZIP_DEFLATED), "x/2.xml": (XML, zipfile.ZIP_STORED)})
    return folder


def test_a_folder_is_written_with_everything_in_it(package: Path, tmp_path: Path) -> None:
    told = mirrored([package], tmp_path / "moi", {"06652/1.xml", "a.zip!/x/2.xml"})
    before, after = tree(package), tree(tmp_path / "moi")
    assert list(after) == list(before)
    assert after["06652/1.xml"] == XML.upper()
    assert {name: after[name] for name in ("06652/2.xml", "doc.pdf")} == {
        name: before[name] for name in ("06652/2.xml", "doc.pdf")
    }
    with zipfile.ZipFile(io.BytesIO(after["a.zip"])) as archive:
        assert [(i.filename, i.compress_type) for i in archive.infolist()] == [("x/1.xml", 8), ("x/2.xml", 0)]
        assert [archive.read(i) for i in archive.infolist()] == [XML, XML.upper()]
    assert told[-1] == Progress(2 * len(XML), 2 * len(XML))


def test_one_file_stays_one_file(package: Path, tmp_path: Path) -> None:
    mirrored([package / "06652" / "1.xml"], tmp_path / "moi.xml", {"."})
    assert (tmp_path / "moi.xml").read_bytes() == XML.upper()


def test_several_inputs_come_side_by_side(package: Path, tmp_path: Path) -> None:
    mirrored([package / "06652", package / "a.zip"], tmp_path / "moi", {"06652/2.xml", "a.zip!/x/1.xml"})
    assert sorted(tree(tmp_path / "moi")) == ["06652/1.xml", "06652/2.xml", "a.zip"]


def test_inputs_of_one_name_are_refused_as_one_would_replace_the_other(package: Path, tmp_path: Path) -> None:
    (tmp_path / "khac").mkdir()
    paths = [package / "a.zip", zipped(tmp_path / "khac" / "A.ZIP", {"1.xml": (XML, zipfile.ZIP_STORED)})]
    with pytest.raises(LandXmlError) as told:
        rewrite.check_out(paths, tmp_path / "moi", rewrite.documents(paths))
    assert told.value.file == str(paths[1])
    assert str(paths[0]) in told.value.what.vi
    assert str(paths[0]) in told.value.what.en


def test_a_folder_given_as_its_own_parent_comes_into_the_output_by_its_name(
    package: Path, tmp_path: Path
) -> None:
    paths = [package / "06652" / "..", zipped(tmp_path / "khac.zip", {"1.xml": (XML, zipfile.ZIP_STORED)})]
    mirrored(paths, tmp_path / "moi", {"goi/06652/2.xml", "khac.zip!/1.xml"})
    assert [path.name for path in sorted((tmp_path / "moi").iterdir())] == ["goi", "khac.zip"]
    assert tree(tmp_path / "moi")["goi/06652/2.xml"] == XML.upper()


def test_a_copy_that_is_wrong_is_named_and_nothing_is_written(package: Path, tmp_path: Path) -> None:
    with pytest.raises(LandXmlError) as told:
        mirrored([package], tmp_path / "moi", {"06652/1.xml"}, check=refused)
    assert (told.value.file, told.value.line, told.value.what.vi) == ("06652/1.xml", 7, "sai")
    assert [path.name for path in tmp_path.iterdir()] == ["goi"]
