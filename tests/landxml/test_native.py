"""The walk in C gives what the reference gives, and stays away where it does not fit."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import shapely
from hypothesis import given
from lxml import etree
from shapely.geometry.base import BaseGeometry

from landxml import native, reading, testing
from landxml.base import Object
from landxml.dictionary import dictionary, national
from landxml.encoding import encode
from landxml.extract import Extractor, line_of
from landxml.geometry import Rings
from landxml.layouts import Layout, builtin
from landxml.lexical import BadValueError
from landxml.load import opened
from landxml.safe_xml import parser
from landxml.sources import find
from landxml.writing import FOOTER, HEADER
from landxml_samples import package

ROOT = Path(__file__).parents[2]
DOSSIERS = builtin()["vbdlis-xml"]
GML = 'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:x="http://www.w3.org/1999/xlink"'
SURFACE = """<gml:MultiSurface gml:id='m' srsName=' EPSG:
5899' srsDimension=' 2'><gml:Polygon gml:id='p'><gml:interior>
<gml:LinearRing><gml:posList count=' 4 '>1 2&#32;3</gml:posList>
<gml:posList count='5'/></gml:LinearRing></gml:interior>
<gml:exterior srsRevert='VN'/><exterior/><x:posList/></gml:Polygon>
<gml:posList x:id='n' srsName='' srsRevert='W'>4
</gml:posList></gml:MultiSurface>"""
built = pytest.mark.skipif(native.walk is None, reason="no walk in C here")


def compare(data: bytes, layout: Layout) -> int:
    """Take a document twice by either walk, and again when the first rows are gone; return the rows."""
    root = etree.fromstring(data, parser())
    reference, other = Extractor(dictionary(layout)), native.Native(dictionary(layout))
    size = 0
    for _ in range(2):
        for extractor in (reference, other):
            for file in ("a.xml", "đ.xml"):
                add(extractor, root, file)
        size = other.size
        assert size == reference.size
        assert vars(other.rings) == vars(reference.rings)
        expected, found = reference.take(), other.take()
        assert list(found) == list(expected)
        for name, table in found.items():
            table.validate(full=True)
            assert table.equals(expected[name]), name
        assert other.size == 0
        reference.rings, other.rings = Rings(), Rings()
    return size


def same_objects(data: bytes) -> None:
    """Read national records by either walk; that in C gives none where something is wrong."""
    layout = national().layout
    for member in etree.fromstring(data, parser()):
        expected = attempt(lambda: of_reference(member, layout))  # noqa: B023 - at once
        found = attempt(lambda: objects(layout).of(member))  # noqa: B023
        assert with_wkb(found) == with_wkb(expected)


def objects(layout: Layout) -> Any:
    return native.walk.Objects(layout.namespace, reading._plans(layout), line_of)


def of_reference(member: etree._Element, layout: Layout) -> list[tuple[Object, int]]:
    make = reading._record(layout)
    return [(make(record), line_of(record)) for record in member]


def with_wkb(value: Any) -> Any:
    """Return objects as lists of their values, with the bytes of geometries."""
    if isinstance(value, Object):
        return [type(value), *with_wkb(msgspec.structs.astuple(value))]
    if isinstance(value, list | tuple):
        return [with_wkb(each) for each in value]
    return shapely.to_wkb(value, include_srid=True) if isinstance(value, BaseGeometry) else value


def attempt(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except (BadValueError, LookupError, TypeError, ValueError):
        return None


def add(extractor: Extractor, root: etree._Element, file: str) -> None:
    if extractor.dictionary.layout.carrier == "dossier":
        extractor.add_dossier(root, file)
        return
    for member in root:
        for record in member:
            extractor.add(record, file)


def documents(path: Path) -> Iterator[tuple[bytes, Layout]]:
    """Documents that can be parsed, of layouts whose records are walked."""
    for source in opened(find(path), lambda _: None):
        if source.layout and source.layout.carrier in {"gml", "dossier"}:
            data = source.stream.read()
            try:
                etree.fromstring(data, parser())
            except etree.XMLSyntaxError:
                continue
            yield data, source.layout


@built
@given(package=testing.packages())
def test_records_give_the_same_columns(package):
    data = HEADER.encode() + b"".join(map(encode, package[1])) + FOOTER
    same_objects(data)
    assert compare(data, national().layout) >= 2 * len(package[1])


@built
@pytest.mark.parametrize(
    "inside",
    [
        "<diaChi>a<![CDATA[<&]]>b</diaChi>",
        "<diaChi><![CDATA[]]></diaChi><maXa></maXa>",
        "<diaChi>a</diaChi><diaChi>bc</diaChi><maXa>1</maXa><maXa/>",
        "<diaChi>a<b/>c</diaChi>",
        "<diaChi>&#x1F600; &lt;&#10;</diaChi>",
        "<diaChi xmlns='urn:x'>a</diaChi><diaChi>b</diaChi><diaChi xmlns=''>c</diaChi>",
        '<diaChiChuan x:href="#a"/><diaChiChuan/><diaChiChuan x:href="#b&amp;c"/>',
        '<taiLieuDoDac x:href="#a"/><taiLieuDoDac x:href="a"/>',
        '<diaChiChuan x:href=""/><diaChiChuan href="#a"/>',
        "<mucDichSuDung><MucDichSuDung gml:id='m'><dienTich>1</dienTich></MucDichSuDung></mucDichSuDung>",
        "<mucDichSuDung><ThuaDat gml:id='u'><maXa>2</maXa></ThuaDat></mucDichSuDung><diaChi>out</diaChi>",
        "<ranhGioi/><ranhGioi><gml:Polygon srsName='EPSG:5899'/></ranhGioi>",
        f"<ranhGioi>{SURFACE}</ranhGioi>",
        "text" * 20_000 + "<diaChi>" + "dài" * 50_000 + "</diaChi>",
        "\n" * 70_000 + "<mucDichSuDung>\n<MucDichSuDung/><MucDichSuDung>\n</MucDichSuDung></mucDichSuDung>",
    ],
    ids=map(str, range(14)),
)
def test_whatever_stands_in_a_record_gives_the_same_columns(inside):
    record = f"<ThuaDat gml:id='t&#49;'>{inside}</ThuaDat><ThuaDat>{inside}</ThuaDat>"
    data = f"<a xmlns='{national().namespace}' {GML}><b>{record}</b></a>".encode()
    same_objects(data)
    assert compare(data, national().layout) >= 4


PARCEL = """<maXa>06652</maXa><soHieuToBanDo>1</soHieuToBanDo><soThuTuThua>2</soThuTuThua>
<dienTich>0.5</dienTich><laDoiTuongChiemDat>false</laDoiTuongChiemDat><diaChi>Thôn 1</diaChi>
<mucDichSuDung><MucDichSuDung gml:id='m'><soThuTuMucDichSuDung>1</soThuTuMucDichSuDung>
<maMucDichSuDung>CLN</maMucDichSuDung><dienTich>0.5</dienTich><nguonGocDat><NguonGocDat gml:id='n'>
<nguonGoc>DG-KTT</nguonGoc></NguonGocDat></nguonGocDat></MucDichSuDung></mucDichSuDung>"""
RING = "0 0 1.5 0 1 1 0 1 0 0"


def role(name: str, text: str) -> str:
    return f"<gml:{name}><gml:LinearRing><gml:posList>{text}</gml:posList></gml:LinearRing></gml:{name}>"


def polygon(*roles: str) -> str:
    return f"<gml:Polygon>{''.join(roles)}</gml:Polygon>"


SURFACES = (
    "<gml:MultiSurface srsName='EPSG:5899'><gml:surfaceMember>"
    + polygon(role("exterior", RING))
    + polygon(role("exterior", RING), role("interior", RING))
    + "</gml:surfaceMember>a</gml:MultiSurface>"
)


@built
@pytest.mark.parametrize(
    ("geometry", "read"),
    [
        (polygon(role("exterior", RING)), True),
        (polygon(role("exterior", RING), role("interior", RING), role("interior", RING)), True),
        (polygon(role("exterior", f"\n\t{RING.replace(' ', '&#13;&#10;')} ")), True),
        (polygon(role("exterior", "1e3 -.5 +1. 5 7 7 1000 -0.5")), True),
        (polygon(role("exterior", "<![CDATA[0 0 1 0]]> 1 1 0 0")), True),
        (polygon(), False),
        (polygon(role("interior", RING)), False),
        (polygon(role("exterior", RING), role("exterior", RING)), False),
        (polygon(role("exterior", RING)).replace("LinearRing>", "x>"), True),
        (polygon(role("exterior", RING)).replace("<gml:posList>", "<a/><gml:posList>"), False),
        (polygon(role("exterior", "0 0 1 0 0 0")), False),
        (polygon(role("exterior", "0 0 1 0 1 1 0 0 0")), False),
        (polygon(role("exterior", "0 0 1 0 1 1 0 1")), False),
        (polygon(role("exterior", "")), False),
        *((polygon(role("exterior", RING.replace("1.5", bad))), False) for bad in
          ("1,5", "1_0", "x", "nan", "inf", "1e999", "0x1", "\xa05", "١", "1.5.", "1-5", "--1", "e5")),
        (SURFACES, True),
        ("<gml:MultiSurface srsName=''/>", True),
        ("<gml:MultiSurface><gml:surfaceMember/><gml:x><gml:y/></gml:x></gml:MultiSurface>", False),
        (f"<Polygon>{role('exterior', RING)}</Polygon>", False),
        (polygon(role("exterior", RING)) * 2, False),
    ],
)  # fmt: skip
def test_a_geometry_is_the_same(geometry, read):
    assert is_read(PARCEL + f"<ranhGioi>{geometry}</ranhGioi>") == read


def is_read(inside: str) -> bool:
    """Tell whether the walk in C makes an object of a parcel; it has to be that of the reference."""
    record = f"<ThuaDat gml:id='t'>{inside}</ThuaDat>"
    data = f"<a xmlns='{national().namespace}' {GML}>\n<b>\n{record}</b></a>".encode()
    same_objects(data)
    (member,) = etree.fromstring(data, parser())
    return attempt(lambda: objects(national().layout).of(member)) is not None


@built
@pytest.mark.parametrize(
    ("old", "new", "read"),
    [
        ("Thôn 1", "ấ" * 255, True),
        ("Thôn 1", "", False),
        ("<diaChi>Thôn 1</diaChi>", "", False),
        ("CLN", "CLNA", False),
        ("06652", "06652&#10;", True),
        ("06652", "6652", False),
        ("06652", "٠٦٦٥٢", False),
        ("</diaChi>", "</diaChi><maThuaDat>0123456789bc</maThuaDat>", True),
        ("</diaChi>", "</diaChi><maThuaDat>0123456789bc&#10;</maThuaDat>", False),
        ("</diaChi>", "</diaChi><maThuaDat>0123456789ba</maThuaDat>", False),
        ("</diaChi>", "</diaChi><phienBan>1</phienBan><hieuLuc>0</hieuLuc>", True),
        ("</diaChi>", "</diaChi><phienBan>0</phienBan>", False),
        ("</diaChi>", "</diaChi><diaChi>Thôn 2</diaChi>", False),
        ("</diaChi>", '</diaChi><diaChiChuan x:href="#a"/><diaChiChuan x:href="#b"/>', True),
        ("</diaChi>", '</diaChi><diaChiChuan x:href="a"/>', False),
        ("<soThuTuThua>2", "<soThuTuThua>-1", False),
        ("<soThuTuThua>2", "<soThuTuThua> 0 ", True),
        ("<soThuTuThua>2", f"<soThuTuThua>{2**63 - 1}", True),
        ("<soThuTuThua>2", f"<soThuTuThua>{2**63}", False),
        ("<nguonGocDat>", "<nguonGocDat><NguonGocDat/></nguonGocDat><nguonGocDat>", False),
        (" gml:id='n'", "", False),
        (" gml:id='n'", " gml:id=''", True),
        ("<nguonGoc>", "<nguonGocDat/><nguonGoc>", False),
        ("0.5", "0.55", True),
        ("0.5", "-0.5", False),
        ("0.5", "1e30", False),
    ],
)  # fmt: skip
def test_an_object_is_made_of_what_the_reference_takes(old, new, read):
    assert is_read(PARCEL)
    assert is_read(PARCEL.replace(old, new, 1)) == read


@built
@pytest.mark.parametrize(
    ("element", "bare"),
    [
        ("<a/>", True),
        ("<a> \n\t<b c='1'>x</b>\r\n</a>", True),
        ("<a b='1'/>", False),
        ("<a><b/>x</a>", False),
        ("<a>\xa0<b/></a>", False),
        ("<a><![CDATA[ ]]></a>", False),
    ],
)
def test_what_only_holds_others_is_bare(element, bare):
    assert native.bare(etree.fromstring(element, parser(strip_cdata=False))) == bare


@built
def test_dossiers_give_the_same_columns(tmp_path):
    package.write(tmp_path / "d", layout="vbdlis-xml", parcels=3)
    sizes = [compare(data, layout) for data, layout in documents(tmp_path / "d")]
    assert len(sizes) > 1
    keys = ("1", "01", "", "x")
    parcels = "".join(f"<DC_ThuaDat><thuaDatId>{key}</thuaDatId></DC_ThuaDat>" for key in keys)
    earlier = f"<ThongTinTaiSan><ThongTinThuaDat>{parcels}</ThongTinThuaDat></ThongTinTaiSan>"
    change = f"<DC_GiaoDich><HoSoTruocBienDong><HoSoXml>{earlier}</HoSoXml></HoSoTruocBienDong></DC_GiaoDich>"
    data = f"<HoSoXml>{earlier}<ThongTinGiaoDich>{change * 2}</ThongTinGiaoDich></HoSoXml>"
    assert compare(data.encode(), DOSSIERS) == 2 * (1 + 4 + 2 * (1 + 1 + 4))


@built
def test_a_dossier_that_is_forgotten_leaves_nothing():
    extractor = native.Native(dictionary(DOSSIERS))
    root = etree.fromstring("<HoSoXml><hoSoGuid>x</hoSoGuid><ThongTinTaiSan/></HoSoXml>")
    empty = etree.fromstring("<HoSoXml/>")
    for file in ("a", "b", "b"):
        extractor.add_dossier(root, file)
    extractor.forget("b")
    extractor.forget("c")
    extractor.add_dossier(empty, "d")
    assert extractor.size == 2
    table = extractor.take()["HoSoXml"]
    assert table["_file"].to_pylist() == ["a", "d"]
    assert table["hoSoGuid"].to_pylist() == ["x", None]


@built
@pytest.mark.slow
def test_the_whole_corpus_and_all_samples_give_the_same_columns(tmp_path):
    walked = 0
    for layout in (each for each in builtin().values() if each.carrier in {"gml", "dossier"}):
        package.write(tmp_path / layout.id, layout=layout.id, parcels=40)
    for data, layout in (*documents(ROOT / "tests/corpus"), *documents(tmp_path)):
        compare(data, layout)
        walked += 1
    assert walked > 300


def reason(code: str = "", **environment: str) -> str:
    """Return why another process does not use the walk in C; empty if it does."""
    said = "from landxml import native; print(native.WHY.en if native.WHY else '')"
    command = [sys.executable, "-P", "-c", f"{code}; {said}" if code else said]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@built
def test_another_lxml_is_refused():
    assert "built for lxml" in reason("from lxml import etree; etree.LIBXML_VERSION = (2, 9, 14)")


@built
def test_the_environment_asks_for_the_reference(monkeypatch, tmp_path):
    monkeypatch.setenv("LANDXML_WALK", "python")
    assert native._load()[0] is None
    monkeypatch.delenv("LANDXML_WALK")
    assert native._load()[0] is not None
    monkeypatch.setattr(native, "__file__", str(tmp_path / "native.py"))
    (tmp_path / "walk.pyx").write_text("# changed since it was built")
    module, why = native._load()
    assert module is None
    assert why is not None
    assert "walk.pyx" in why.en


def test_without_the_module_the_reference_walks(monkeypatch):
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    monkeypatch.setattr(native, "walk", native._load()[0])
    assert type(native.extractor(national())) is Extractor


@pytest.mark.slow
def test_a_machine_without_a_compiler_builds_a_pure_wheel(tmp_path):
    git = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if git.returncode:
        pytest.skip("not a git checkout")
    for name in git.stdout.splitlines():
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / "tree" / name)
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    hidden = {**os.environ, "CC": "/bin/false", "PATH": "/nowhere"}
    tree = tmp_path / "tree"
    done = subprocess.run(command, cwd=tree, env=hidden, capture_output=True, text=True, check=True)
    assert "not built" in done.stderr
    (wheel,) = tmp_path.glob("*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    assert not list((tmp_path / "installed").rglob("*.so"))
    assert reason(PYTHONPATH=str(tmp_path / "installed")).startswith("not built")
