from __future__ import annotations

import contextlib
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from landxml import LandXmlError
from landxml.files import SUFFIXES, check, filling, form, writing

posix = pytest.mark.skipif(sys.platform == "win32", reason="links, modes and pipes are another matter there")


def put(path: Path, data: bytes = b"new", *, force: bool = False) -> None:
    with writing(path, force=force) as out:
        out.write(data)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.xml"
    path.write_bytes(b"precious")
    path.chmod(0o644)
    return path


def test_a_file_that_exists_is_replaced_only_by_force(source):
    with pytest.raises(LandXmlError, match=r"exists already.*--force"):
        put(source)
    assert source.read_bytes() == b"precious"
    put(source, force=True)
    assert source.read_bytes() == b"new"


def test_a_file_that_came_meanwhile_stays(tmp_path):
    with contextlib.ExitStack() as late:
        late.enter_context(writing(tmp_path / "a.xml")).write(b"late")
        put(tmp_path / "a.xml", b"early")
        with pytest.raises(LandXmlError, match="exists already"):
            late.close()
    assert (tmp_path / "a.xml").read_bytes() == b"early"


def test_what_fails_half_way_leaves_nothing(tmp_path):
    with contextlib.suppress(RuntimeError), writing(tmp_path / "a.xml") as out:
        out.write(b"half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o400])
def test_the_mode_of_a_replaced_file_is_kept(source, mode):
    source.chmod(mode)
    put(source, force=True)
    assert stat.S_IMODE(source.stat().st_mode) == mode


@posix
def test_a_new_private_file_is_for_its_owner_only(source, tmp_path):
    for path in (source, tmp_path / "new.csv"):
        with writing(path, force=True, private=True) as out:
            out.write(b"new")
    assert stat.S_IMODE((tmp_path / "new.csv").stat().st_mode) == 0o600
    assert stat.S_IMODE(source.stat().st_mode) == 0o644


@posix
def test_a_new_file_has_the_mode_that_the_user_wants(tmp_path):
    before = os.umask(0o027)
    try:
        put(tmp_path / "a.xml")
        with filling(tmp_path / "folder") as folder:
            (folder / "b.xml").touch()
    finally:
        os.umask(before)
    paths = (tmp_path / "a.xml", tmp_path / "folder", tmp_path / "folder" / "b.xml")
    assert [stat.S_IMODE(path.stat().st_mode) for path in paths] == [0o640, 0o750, 0o640]


@posix
@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path, there):
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "target.html", tmp_path / "link.html"
    link.symlink_to(target)
    if there:
        target.write_bytes(b"old")
    put(link, force=there)
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert not target.is_symlink()


@posix
def test_a_pipe_gets_the_bytes_and_stays(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    put(pipe)
    reader.join(10)
    assert got == [b"new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@posix
def test_a_device_is_written_to_and_stays(tmp_path):
    device = tmp_path / "null"
    try:
        os.mknod(device, stat.S_IFCHR | 0o666, os.makedev(1, 3))
        device.write_bytes(b"")
    except OSError:
        pytest.skip("may make no devices here")
    put(device)
    assert stat.S_ISCHR(device.stat().st_mode)


@posix
@pytest.mark.parametrize("name", ["/dev/fd/{}", "/proc/self/fd/{}", "link"])
def test_an_open_file_is_written_to_where_it_stands(tmp_path, name):
    if name != "link" and not Path(name).parent.exists():
        pytest.skip("no such names here")
    with (tmp_path / "log").open("w+b") as log:
        log.write(b"before ")
        log.flush()
        path = Path(name.format(log.fileno()))
        if name == "link":
            path = tmp_path / "link"
            path.symlink_to(f"/dev/fd/{log.fileno()}")
        put(path)
    assert (tmp_path / "log").read_bytes() == b"before new"


def test_an_output_that_is_an_input_is_refused(source):
    with pytest.raises(LandXmlError, match=r"this output is the input .*source.xml itself") as caught:
        check([source], [source], force=True)
    assert caught.value.text("vi").endswith(f"là chính đầu vào {source}; hãy ghi vào chỗ khác")


@posix
@pytest.mark.parametrize("kind", ["symbolic link", "hard link", "linked folder", "other spelling"])
def test_an_output_that_is_an_input_by_another_name_is_refused(source, kind):
    other = source.with_name("other.xml")
    if kind == "symbolic link":
        other.symlink_to(source)
    elif kind == "hard link":
        other.hardlink_to(source)
    elif kind == "linked folder":
        (source.parent / "folder").symlink_to(source.parent)
        other = source.parent / "folder" / source.name
    else:
        other = source.parent / "." / ".." / source.parent.name / source.name
    with pytest.raises(LandXmlError, match="is the input"):
        check([other], [source], force=True)
    with pytest.raises(LandXmlError, match="is the input"):
        check([source], [other], force=True)


def test_an_output_in_an_input_or_around_it_is_refused(source):
    (source.parent / "below").mkdir()
    with pytest.raises(LandXmlError, match="lies in the input"):
        check([source.parent / "below" / "report.html"], [source.parent])
    with pytest.raises(LandXmlError, match="holds the input"):
        check([source.parent], [source])


@pytest.mark.parametrize(
    ("one", "other"), [("a.csv", "a.csv"), ("a.csv", "A.CSV"), ("out", "out/report.html"), ("out/a", "out")]
)
def test_two_outputs_in_one_place_are_refused(tmp_path, one, other):
    (tmp_path / "out").mkdir()
    with pytest.raises(LandXmlError, match="is in one place with"):
        check([tmp_path / one, tmp_path / other], force=True)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        check([tmp_path / "nodir" / "a.xml"])
    assert caught.value.filename == str(tmp_path / "nodir")


def test_a_file_beside_an_input_and_other_outputs_is_fine(source):
    check([source.with_name("a.html"), source.with_name("a.csv"), source.with_name("folder")], [source])
    assert list(source.parent.iterdir()) == [source]


def test_a_folder_is_new_or_empty(tmp_path):
    (tmp_path / "empty").mkdir()
    before = (tmp_path / "empty").stat().st_ino
    for name in ("empty", "new"):
        with filling(tmp_path / name) as folder:
            (folder / "a").write_bytes(b"1")
        assert [path.name for path in (tmp_path / name).iterdir()] == ["a"]
    assert (tmp_path / "empty").stat().st_ino == before
    with pytest.raises(LandXmlError, match="not empty"), filling(tmp_path / "new"):
        pass
    (tmp_path / "file").touch()
    with pytest.raises(LandXmlError, match="is a file"), filling(tmp_path / "file"):
        pass


FORMS = {name: SUFFIXES[name] for name in ("text", "html", "json")}


@pytest.mark.parametrize(
    ("path", "chosen", "said"),
    [
        ("a.html", None, "html"),
        ("a.HTM", None, "html"),
        ("a.json", "json", "json"),
        ("a", "json", "json"),
        (None, None, "text"),
        ("-", "html", "html"),
        (os.devnull, None, "text"),
    ],
)
def test_the_suffix_says_the_form(path, chosen, said):
    assert form(path, FORMS, chosen) == said


@pytest.mark.parametrize(
    ("path", "chosen"),
    [("a.xlsx", None), ("a", None), ("a.2026", None), ("a.html", "json"), ("a.pdf", "text")],
)
def test_an_unknown_or_contradicting_suffix_is_refused(path, chosen):
    with pytest.raises(LandXmlError, match=r"^a.*the (suffix|name) .*; use \."):
        form(path, FORMS, chosen)
