"""A layout is a folder of data: each command works on it, or says clearly that it cannot."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import landxml
import landxml_schemas
from landxml import codelists, content, layouts, privacy
from landxml.carriers import dossier
from landxml.errors import LandXmlError
from landxml.load import layout
from landxml_cli.interruptions import STOPS
from landxml_cli.main import main
from landxml_mappings import read
from landxml_remap import remap
from landxml_remap.parcel_codes import parcel_codes
from landxml_validator import inspect, validate

FOLDERS = Path(__file__).parent / "layouts"
CARRIERS = ("gml", "dossier")
PARCEL = (
    "<{0}><{1}>{2}</{1}><maXa>06652</maXa><soHieuToBanDo>1</soHieuToBanDo>"
    "<soThuTuThua>{2}</soThuTuThua><dienTich>{3}</dienTich></{0}>"
)


def parcels(cls: str, key: str, areas: tuple[str, ...]) -> str:
    return "\n".join(PARCEL.format(cls, key, number, area) for number, area in enumerate(areas, 1))


def document(carrier: str, *areas: str) -> str:
    if carrier == "dossier":
        return f"<ToKhai>\n<cacThua>{parcels('ThuaKhai', 'maThua', areas)}</cacThua></ToKhai>"
    members = (
        parcels("Manh", "ma", areas).replace("<Manh>", "<muc><Manh>").replace("</Manh>", "</Manh></muc>")
    )
    return f'<TapThua xmlns="urn:example:tap-thua:1.0">\n{members}</TapThua>'


@pytest.fixture(params=CARRIERS)
def carrier(request, monkeypatch) -> Iterator[str]:
    """The carrier of a toy layout, which is known beside the built-in ones."""
    folders = [*landxml_schemas.layouts(), FOLDERS / f"toy_{request.param}"]
    monkeypatch.setattr(landxml_schemas, "layouts", lambda: folders)
    caches = (
        layouts.builtin, content.contents, codelists.lists, privacy.words, dossier._loose,
    )  # fmt: skip
    for function in caches:
        function.cache_clear()
    yield request.param
    monkeypatch.undo()
    for function in caches:
        function.cache_clear()


@pytest.fixture
def file(carrier, tmp_path) -> Path:
    path: Path = tmp_path / "thua.xml"
    path.write_text(document(carrier, "120.5", "0"), "utf-8")
    return path


def test_its_records_are_judged_as_national_ones(carrier, file) -> None:
    report = validate(file)
    assert [(each.layout, each.records >= 2) for each in report.files] == [(f"toy-{carrier}", True)]
    assert report.records["ThuaDat"] == 2
    ((found,),) = (r.samples for r in report.results if r.rule.code == "LND002")
    assert (found.file, found.line, found.cls) == (str(file), 3, "ThuaDat")
    states = {result.rule.code: result.state for result in report.results}
    assert states["GEO001"] == "not-applicable"
    assert states["XSD001"] == "passed"


def test_its_schema_is_checked(file) -> None:
    file.write_text(
        file.read_text("utf-8").replace("<maXa>06652</maXa>", "<maXa>06652</maXa><la/>", 1), "utf-8"
    )
    report = validate(file)
    assert {
        result.rule.code for result in report.results if result.rule.code.startswith("XSD") and result.count
    }


def test_inspect_counts_its_records(carrier, file) -> None:
    (found,) = inspect(file)
    assert found.layouts == {f"toy-{carrier}": 1}
    assert found.records["Manh" if carrier == "gml" else "ThuaKhai"] == 2
    assert [(commune.code, commune.count) for commune in found.communes] == [("06652", 2)]


def test_its_records_are_objects_and_become_national_ones(file) -> None:
    assert [record.so_thu_tu_thua for record, _ in landxml.read(file)] == [1, 2]  # type: ignore[attr-defined]
    errors: list[LandXmlError] = []  # the national model asks for a purpose, of which a toy knows nothing
    assert list(read(file, on_error=errors.append)) == []
    assert [(error.file, error.line, error.field) for error in errors] == [
        (str(file), line, "mucDichSuDung") for line in (2, 3)
    ]


@pytest.mark.parametrize("command", [remap, parcel_codes])
def test_what_cannot_be_written_is_refused(command, file, tmp_path) -> None:
    with pytest.raises(LandXmlError, match="nothing here is"):
        command(file, tmp_path / "out.xml")
    assert list(tmp_path.iterdir()) == [file]


def test_samples_are_offered_in_layouts_that_they_can_be_made_in(carrier, tmp_path) -> None:
    from landxml_samples.package import write

    with pytest.raises(LandXmlError, match="there is no layout"):
        write(tmp_path / "goi", layout=f"toy-{carrier}", parcels=1)


# A folder that is given, built in nowhere: in Python, and on the command line.


@pytest.mark.parametrize("carrier", CARRIERS)
def test_functions_take_the_layout_of_a_folder(tmp_path, carrier) -> None:
    (tmp_path / "thua.xml").write_text(document(carrier, "120.5", "0"), "utf-8")
    own = [layout(str(FOLDERS / f"toy_{carrier}"))]
    assert len(list(landxml.read(tmp_path / "thua.xml", layouts=own))) == 2
    assert inspect(tmp_path / "thua.xml", own)[0].layouts == {f"toy-{carrier}": 1}
    assert validate(tmp_path / "thua.xml", layouts=own).errors == 1
    for function in (landxml.read, read):
        with pytest.raises(LandXmlError, match="is that of no known layout"):
            list(function(tmp_path / "thua.xml"))


class Said(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def command(tmp_path, monkeypatch, capsys) -> Callable[..., Said]:
    """Run a command, in the folder of the files, with the layout of a carrier."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, *STOPS)}

    def call(line: str, carrier: str) -> Said:
        code = main([*line.split(), "--layout", str(FOLDERS / f"toy_{carrier}")])
        for number, handler in handlers.items():
            signal.signal(number, handler)
        return Said(code, *capsys.readouterr())

    return call


def put(carrier: str, *areas: str, code: str = "06652") -> None:
    Path("thua.xml").write_text(document(carrier, *areas).replace("06652", code), "utf-8")


each = pytest.mark.parametrize("carrier", CARRIERS)
CLASS = {"gml": "Manh", "dossier": "ThuaKhai"}


@each
def test_validate_takes_a_folder(command, carrier) -> None:
    put(carrier, "120.5")
    assert command("validate thua.xml", carrier)[::2] == (0, "")
    put(carrier, "120.5", "0")
    bad = command("validate thua.xml --format json", carrier)
    (found,) = (rule for rule in json.loads(bad.out)["results"] if rule["count"])
    assert (bad.code, found["rule"]["code"], found["samples"][0]["place"]) == (1, "LND002", "thua.xml:3")
    Path("thua.xml").write_text("<la/>", "utf-8")
    assert command("validate thua.xml", carrier).code == 2
    assert main(["validate", "thua.xml", "--layout", "khac"]) == 2


@each
def test_inspect_takes_a_folder(command, carrier) -> None:
    put(carrier, "120.5", "0")
    good = command("inspect thua.xml --format json", carrier)
    (found,) = json.loads(good.out)
    assert (good.code, found["layouts"], found["records"][CLASS[carrier]]) == (0, {f"toy-{carrier}": 1}, 2)
    Path("thua.xml").write_text(document(carrier, "1")[:-20], "utf-8")
    bad = command("inspect thua.xml", carrier)
    assert (bad.code, "thua.xml:2" in bad.out) == (2, True)


@each
def test_units_check_takes_a_folder(command, carrier) -> None:
    put(carrier, "120.5", "0")
    good = command("units check thua.xml --as-of 2026-01-01", carrier)
    assert (good.code, "06652  2        Phường Hà Tu" in good.out) == (0, True)
    put(carrier, "120.5", code="99999")
    bad = command("units check thua.xml --format json --as-of 2026-01-01", carrier)
    ((tally,),) = (file["tallies"] for file in json.loads(bad.out))
    assert (bad.code, tally["code"], tally["trouble"]) == (1, "99999", "unknown")


@each
@pytest.mark.parametrize("line", ["remap thua.xml -o ra.xml", "parcel-codes thua.xml -o ra.xml"])
def test_what_cannot_be_written_is_told(command, carrier, line) -> None:
    put(carrier, "120.5")
    found = command(line, carrier)
    assert (found.code, found.out, "Error: nothing here is " in found.err) == (2, "", True)
    assert [path.name for path in Path().iterdir()] == ["thua.xml"]


@each
def test_the_standard_as_files_takes_a_folder(command, carrier) -> None:
    assert command("schema doc -o a.html", carrier).code == 0
    assert CLASS[carrier] in Path("a.html").read_text("utf-8")
    assert command("schema export -o a", carrier).code == 0
    made = {path.name for path in Path("a").iterdir()}
    assert {"toy.xsd", "dictionary.html", "dictionary.csv", "codelists", "README.md"} <= made
    assert "examples" not in made
    assert "examples" not in Path("a/README.md").read_text("utf-8")
    assert command("sample -o b", carrier).err.startswith("Error: --layout: there is no value")
