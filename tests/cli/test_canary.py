"""Canaries: invented people in every field, right and wrong, who must be in no output unless asked for."""

from __future__ import annotations

import csv
import datetime as dt
import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

import landxml
import landxml_schemas
import landxml_validator
from landxml.dictionary import Class, Element, Field, national, tree
from landxml.dossiers.classes import LAYOUT
from landxml.errors import LandXmlError
from landxml.privacy import mask
from landxml_campaign import request_persons
from landxml_reports import FORMATS, render
from landxml_samples.package import write
from landxml_validator import delivery as delivery_stage
from landxml_validator.delivery import check
from landxml_validator.ledger import Ledger
from landxml_validator.stages import Settings
from tests.documents import words
from tests.marks import quick

CANARIES = ("Nghuyễnh Trượm", "079185001234", "27/8 đường Phuốp, khối Thượm", "31/12/1987")
"""A name, a personal number, an address, a birthday: words that stand nowhere else."""
SIGNS = re.compile("nghuyenh|truom|0?79185001234|phuop|thuom|31/12/1987|xuoech")
PERSON = "Xuoệch"
"""Stands only where personal data belong."""
RIGHT = {
    "text": "7", "int": "7", "decimal": "120.5", "bool": "1", "year": "1975", "reference": "ThuaDat.1",
    "guid": "0f8fad5b-d9cb-469f-a165-70867728950e", "date": "2024-08-01", "datetime": "2024-08-01T10:00:00",
}  # fmt: skip
PATTERNS = {
    "^[0-9]{5}$": "06652", "^[0-9b-hjkmnp-z]{12}$": "wecnv5kg2c1m", "^vn-land$": "vn-land", r"^1\.0$": "1.0",
    "^[0-9a-f]{64}$": "0" * 64,
}  # fmt: skip
RING = "<gml:exterior><gml:LinearRing><gml:posList>{}</gml:posList></gml:LinearRing></gml:exterior>"
CORNERS = "437000 2318000 437010 2318000 437010 2318010 437000 2318000"
Value = Callable[[Field], str]


def wrong(canary: str) -> Value:
    """A canary in every field; a date where a date belongs is none."""
    fits = {"date", "datetime"} if canary == CANARIES[3] else set()
    return lambda field: RIGHT["date"] if field.kind in fits and not field.personal else canary


def right(canary: str) -> Value:
    """Values of the right form, a person where one belongs, the canary in every other text."""

    def value(field: Field) -> str:
        if field.codelist:
            return landxml_schemas.codelist(field.codelist)[0]["code"]
        if field.kind == "text" and not field.pattern:
            return (PERSON if field.personal else canary)[: field.length]
        return PATTERNS[field.pattern] if field.pattern else RIGHT[field.kind]

    return value


def record(cls: Class, identifier: str, value: Value, srs: str, corners: str) -> str:
    """A record with every field of its class, and the records nested in it."""
    parts = []
    for field in cls.fields:
        if field.kind == "geometry":
            inside = (
                f'<gml:Polygon gml:id="G.{identifier}" srsName="{srs}">{RING.format(corners)}</gml:Polygon>'
            )
        elif field.kind == "object":
            inside = record(national().classes[field.targets[0]], identifier, value, srs, corners)
        else:
            inside = html.escape(value(field))
        href = f' xlink:href="#{inside}"' if field.kind == "reference" else ""
        parts.append(f"<ld:{field.element}{href}>{'' if href else inside}</ld:{field.element}>")
    return f'<ld:{cls.name} gml:id="{cls.name}.{identifier}">{"".join(parts)}</ld:{cls.name}>'


def package_of(*members: str) -> str:
    """A national document."""
    metadata, *others = members
    held = "\n".join(f"<ld:thanhVien>{other}</ld:thanhVien>" for other in others)
    return (
        f'<ld:DuLieuDatDai xmlns:ld="{national().namespace}" xmlns:gml="http://www.opengis.net/gml/3.2"'
        f' xmlns:xlink="http://www.w3.org/1999/xlink">\n<ld:sieuDuLieu>{metadata}</ld:sieuDuLieu>\n{held}'
        "</ld:DuLieuDatDai>"
    )


def records(value: Value, identifier: str, srs: str = "EPSG:5899", corners: str = CORNERS) -> list[str]:
    """One record of every class, metadata first."""
    name = re.sub(r"\W", "", identifier)
    return [record(cls, name, value, srs, corners) for cls in national().features()]


def dossier(node: Element, value: Value) -> str:
    """A dossier with every element of the tree."""
    below = "".join(dossier(child, value) for child in node.children)
    text = "" if node.field.kind in {"object", "dossier"} else html.escape(value(node.field))
    return f"<{node.field.element}>{below}{text}</{node.field.element}>"


def broken() -> Iterator[str]:
    """Documents with canaries where there are no fields."""
    name = "NghuyễnhTrượm"
    yield f'<{name} xmlns="urn:Nghuyenh"/>'
    yield '<DuLieuDatDai xmlns="urn:Nghuyenh"/>'
    yield f"<HoSoXml>\n<{name}></HoSoXml>"
    yield f"<HoSoXml><{name}.a>\n</{name}.b></HoSoXml>"
    yield '<?xml version="1.0" encoding="Nghuyenh-Truom"?><HoSoXml/>'
    yield f"<HoSoXml>&{name};</HoSoXml>"
    yield f"<HoSoXml><!-- {name} --{name}--></HoSoXml>"
    yield f'<HoSoXml {name}="{CANARIES[1]}">{CANARIES[0]}<{name}/><ThongTinGiaoDich/>{CANARIES[2]}</HoSoXml>'
    yield f"<!DOCTYPE {name} [<!ENTITY a '{name}'>]><HoSoXml/>"
    whole = package_of(*records(right("7"), "1")[:2])
    strange = f'<ld:{name} {name}="{name}">{name}</ld:{name}>'
    around = f"{CANARIES[0]}{strange}<ld:thanhVien {name}='{name}'>{CANARIES[1]}{strange}"
    yield whole.replace("<ld:maThuaDat>", '<maThuaDat xmlns="urn:Nghuyenh"/><ld:maThuaDat>')
    yield whole.replace("<ld:maThuaDat>", f"{strange}<ld:maThuaDat>").replace("<ld:thanhVien>", around)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((CANARIES[:1], ["NFC"]), id="name"),
        pytest.param((CANARIES, ["NFC", "NFD"]), id="all", marks=pytest.mark.slow),
    ],
)
def delivery(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of documents full of canaries: a name, or slowly all, in composed and decomposed letters."""
    canaries, forms = request.param
    folder = tmp_path_factory.mktemp("canary")
    texts = list(broken())
    for value in (wrong, right):
        texts += [dossier(tree(LAYOUT), value(canary)) for canary in canaries]
        texts.append(package_of(*chain.from_iterable(map(records, map(value, canaries), canaries))))
    shapes = (records(right("7"), str(n), c, f"{CANARIES[1]} " * 8) for n, c in enumerate(canaries))
    texts.append(package_of(*chain.from_iterable(shapes)))
    for number, text in enumerate(texts):
        for form in forms:
            (folder / f"{number}.{form}.xml").write_text(unicodedata.normalize(form, text), "utf-8")
    return folder


@pytest.fixture(scope="module")
def single(delivery: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Documents for work that stops at the first that it cannot read: some small ones beside the broken."""
    folder = tmp_path_factory.mktemp("single")
    for number, canary in enumerate(CANARIES):
        for name, value in {"wrong": wrong, "right": right}.items():
            text = package_of(*records(value(canary), canary)[:2])
            (folder / f"{name}.{number}.xml").write_text(text, "utf-8")
    others = [path for path in sorted(delivery.glob("*.NFC.xml")) if path.stat().st_size < 60_000]
    return [*sorted(folder.iterdir()), *others]


def seen(text: str) -> set[str]:
    """The canaries in a text, whatever their letters are written with."""
    plain = html.unescape(re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text))
    letters = unicodedata.normalize("NFD", plain.casefold().replace("đ", "d"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return set(SIGNS.findall(re.sub(r"(?<=\d)[ .,](?=\d)", "", bare)))


class Reports(NamedTuple):
    """Reports in every form and language, a file of all findings, and what workers left for the end."""

    texts: list[str]
    parts: list[Any]


@pytest.fixture(scope="module")
def reports(
    delivery: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Reports:
    table = tmp_path_factory.mktemp("findings") / "all.parquet"
    parts: list[Any] = []

    def look(ledger: Ledger, settings: Settings, *more: Any, **named: Any) -> None:
        for part in Path(settings.folder).rglob("*.parquet"):
            parts.extend([part.name, *duckdb.read_parquet(str(part)).fetchall()])
        check(ledger, settings, *more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery_stage, "check", look)
        report = landxml_validator.validate(
            [delivery], personal_data=request.param, samples=1000, workers=1, findings=table
        )
    texts = [
        words(render(report, form, lang, table))
        for form in FORMATS
        if form != "parquet"  # what it holds the other tables hold
        for lang in ("vi", "en")
    ]
    return Reports(texts, parts)


@pytest.mark.parametrize("reports", [False], indirect=True)
def test_no_report_shows_one(reports) -> None:
    assert [seen(text) for text in reports.texts] == [set()] * len(reports.texts)


@pytest.mark.slow
@pytest.mark.parametrize("reports", [False], indirect=True)
def test_no_explanation_shows_one(reports, run, tmp_path) -> None:
    """Fragments of the documents themselves, one of each rule."""
    (text,) = {text for text in reports.texts if text.startswith("{") and '"schema_version"' in text[:100]}
    (tmp_path / "all.json").write_text(text, "utf-8")
    found = [result["samples"][0]["number"] for result in json.loads(text)["results"] if result["samples"]]
    said = [run("explain", tmp_path / "all.json", number, "--debug") for number in found]
    assert sum("▶" in each.out for each in said) > 20
    assert [seen(each.out + each.err) for each in said] == [set()] * len(found)


@pytest.mark.parametrize("reports", [False], indirect=True)
def test_no_person_leaves_a_worker(reports) -> None:
    assert len(reports.parts) > 50
    assert "xuoech" not in seen(repr(reports.parts))


@pytest.mark.slow
@pytest.mark.parametrize("reports", [True], indirect=True)
def test_reports_show_them_if_asked(reports) -> None:
    """Or the tests above could not fail."""
    assert {"nghuyenh", "truom"} <= set().union(*map(seen, reports.texts))


COMMANDS: dict[str, tuple[str, ...]] = {
    "validate": ("validate", "{}", "--debug"),
    "inspect": ("inspect", "{}", "--debug"),
    "inspect json": ("inspect", "{}", "--format", "json"),
    "convert": ("convert", "{}", "-o", "{}.zip", "--to", "vbdlis-xml", "--force", "--debug"),
    "worklist make": ("worklist", "make", "{}", "--for", "police", "-o", "{}-viec", "--salt", "{}.salt"),
    "units check": ("units", "check", "{}", "--format", "json"),
    "units check text": ("units", "check", "{}"),
    "units check table": ("units", "check", "{}/codes.csv"),
}


@pytest.mark.parametrize(
    "name", quick({"convert", "worklist make", "inspect", "units check table"}, COMMANDS)
)
def test_no_command_says_one(run, delivery, name) -> None:
    (delivery / "codes.csv").write_text("\n".join(["maXa", *(f'"{canary}"' for canary in CANARIES)]), "utf-8")
    done = run(*(argument.format(delivery) for argument in COMMANDS[name]))
    assert done.out
    assert seen(done.out + done.err) == set()
    (delivery / "codes.csv").unlink()


@pytest.mark.parametrize(
    ("command", "form"),
    [pytest.param("remap", "json", marks=pytest.mark.slow), ("remap", "html"), ("parcel-codes", "json")],
)
def test_no_work_on_single_documents_says_one(run, single, tmp_path, command, form) -> None:
    said = []
    for document in single if form == "json" else single[:8:3]:
        done = run(command, document, "-o", tmp_path / document.name, "--format", form, "--debug")
        said.append(done.out + done.err)
    assert sum(map(len, said)) > 1000
    assert [found for found in map(seen, said) if found] == []
    assert seen(" ".join(path.name for path in tmp_path.iterdir())) == set()


@pytest.mark.parametrize("encoding", quick({"ascii"}, ["utf-8", "ascii", "utf-16"]))
def test_no_reference_table_holds_one(run, tmp_path, encoding) -> None:
    """Nor where a name stands for a sheet, or in the address that is rewritten."""
    write(tmp_path / "cu", layout="vbdlis-xml", parcels=1, communes=["00004"], date=dt.date(2025, 1, 1))
    (path,) = (tmp_path / "cu").rglob("*.xml")
    text = path.read_text("utf-8").replace('"UTF-8"', f'"{encoding}"').replace("Khu phố", CANARIES[2])
    text = re.sub("<(hoTen|soHieuToBanDo|soThuTuThua|hoSoGuid)>[^<]*", rf"<\1>{CANARIES[0]}", text)
    text = text.replace("00004", CANARIES[0], 1)
    path.write_bytes(text.encode(encoding, "xmlcharrefreplace"))
    assert run("remap", path, "-o", tmp_path / "moi.xml", "--from", "2025-01-01").code == 1
    table = (tmp_path / "moi.remap.csv").read_text("utf-8-sig")
    assert mask(CANARIES[0]) in table
    assert "Ba Đình" in html.unescape(table)
    assert seen(table) == set()


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package in which a land user is a canary, and the request that was made of it."""
    folder = tmp_path_factory.mktemp("campaign")
    write(folder / "nguon", parcels=3, communes=1)
    text = (folder / "nguon/06652.gml").read_text("utf-8")
    text = re.sub("<ld:hoTen>[^<]*", f"<ld:hoTen>{CANARIES[0]}", text, count=1)
    (folder / "goi.gml").write_text(text, "utf-8")
    request_persons(folder / "goi.gml", folder / "request.csv", salt=folder / "salt")
    return folder


def table(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        made = csv.DictWriter(file, rows[0])
        made.writeheader()
        made.writerows(rows)
    return path


@pytest.mark.slow
def test_no_answer_of_the_campaign_says_one(run, asked, tmp_path) -> None:
    """Nor do decisions, groups, progress: only the table of answers, which is for its owner."""
    with (asked / "request.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.DictReader(file)]
    name, number, _, birthday = CANARIES
    right = {
        "Kết quả xác thực": "Sai", "Số định danh đúng": number, "Họ và tên đúng": name,
        "Ngày sinh đúng": birthday, "Ngày xác thực": "01/03/2026", "Cơ quan xác thực": name, "Ghi chú": name,
    }  # fmt: skip
    bad = [row | dict.fromkeys(right, canary) for row, canary in zip(rows, CANARIES, strict=False)]
    doubt = {
        "Mã yêu cầu": rows[0]["Mã yêu cầu"], "Mã dòng 1": rows[0]["Mã dòng"], "Mã dòng 2": rows[1]["Mã dòng"],
        "Quyết định": "Một người", "Số đúng": number, "Ngày quyết định": name, "Người quyết định": name,
    }  # fmt: skip
    request, salt, package = (
        ("--request", asked / "request.csv"),
        ("--salt", asked / "salt"),
        asked / "goi.gml",
    )
    answers, work = ("--answers", tmp_path / "answers.csv"), ("--work", tmp_path / "work")
    replies = table(tmp_path / "bad.csv", bad), table(tmp_path / "doubts.csv", [doubt])
    good, groups = table(tmp_path / "good.csv", [rows[0] | right]), tmp_path / "groups.json"
    tables = [tmp_path / f"{name}.json" for name in ("tax", "portal", "address", "notary")]
    said = [
        run(*arguments, "--debug")
        for arguments in (
            *(("reconcile", "import", *replies, *request, "--format", form) for form in ("text", "json")),
            (
                "reconcile",
                "import",
                good,
                *request,
                *answers,
                "--apply",
                package,
                "-o",
                tmp_path / "a.gml",
                *salt,
            ),
            *(
                ("progress", package, *answers, *salt, *work, "--format", form)
                for form in ("html", "json", "text")
            ),
            ("classify", package, *answers, *salt, *work, "-o", groups),
            *(("extract", path.stem, package, "-o", path) for path in tables),
        )
    ]
    assert [done.code for done in said] == [1, 1, *[0] * (len(said) - 2)]
    assert {"nghuyenh", "truom"} < seen((tmp_path / "answers.csv").read_text("utf-8-sig"))
    texts = [done.out + done.err for done in said]
    texts += [path.read_text("utf-8") for path in (groups, *tables)]
    assert [seen(text) for text in texts] == [set()] * len(texts)


def test_no_object_and_no_error_shows_one(single) -> None:
    shown = []
    for document in single:
        try:
            shown += [repr(item.object) for item in landxml.read(document)]
        except LandXmlError as error:
            shown += [str(error), error.text("vi")]
    assert len(shown) > 40
    assert seen(" ".join(shown)) == set()
