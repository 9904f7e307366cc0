"""The data of flat layouts, and of the parcel GML, whose mapping is one of rows, held against their rules."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import landxml_mappings
import landxml_schemas
from landxml.dictionary import Class, national

FOLDERS = (
    "ilis_sheet",
    "mplis_collection",
    "mplis_json",
    "parcel_layer",
    "plan515_sheet",
    "vbdlis_gml",
    "vbdlis_sheet_129",
    "vbdlis_sheet_161",
)
COLUMNS = [*landxml_schemas.rows("vbdlis_xml", "dictionary.csv")[0], "column", "names", "form"]
KINDS = {"text", "int", "decimal", "bool", "date", "datetime", "year", "geometry"}
FORMS = {"", "word", "flag", "year", "dmy", "rows", "dossiers", "derived", "serial"}
COUNTED = {"rows", "dossiers", "derived"}
"""Forms of what is written anew: neither mapped nor lost."""
MARK = re.compile(r"\[(E|I|R|E-law)\] §\d")

Rows = list[dict[str, str]]
Spec = dict[str, Any]


def rows(folder: str) -> Rows:
    """Leaves of a dictionary."""
    return [row for row in landxml_schemas.rows(folder, "dictionary.csv") if row["kind"] != "container"]


def manifest(folder: str) -> Spec:
    return tomllib.loads(landxml_schemas.path(folder, "layout.toml").read_text("utf-8"))


def mapping(folder: str) -> Spec:
    return tomllib.loads((Path(landxml_mappings.__file__).parent / f"{folder}.toml").read_text("utf-8"))


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def named(spec: Spec, pattern: str) -> list[str]:
    """Elements that a name with ``{block}`` may mean."""
    return [pattern.replace("{block}", block) for block in spec.get("blocks", [""])]


def sources(cls: Class, spec: Spec) -> Iterator[tuple[str, list[str]]]:
    """National fields of a class and the elements that they may come from."""
    for field in cls.fields:
        name = field.element
        if name in {*spec.get("absent", ()), *spec.get("references", ()), *spec.get("constant", ())}:
            continue
        given = spec.get("fields", {}).get(name, spec.get("prefix", "") + name)
        patterns = listed(given.get("from", []) if isinstance(given, dict) else given)
        yield name, [element for pattern in patterns for element in named(spec, pattern)]


def conditions(spec: Spec) -> Iterator[str]:
    """Elements by whose values a record or a reference is known."""
    references = spec.get("references", {}).values()
    for where in (spec.get("when", {}), *(reference.get("where", {}) for reference in references)):
        for pattern in where:
            yield from named(spec, pattern)


def taken(whole: Spec) -> set[str]:
    """Elements of which a mapping makes something."""
    found = set(whole["dossier"])
    for name, spec in whole["classes"].items():
        for _, elements in sources(national().classes[name], spec):
            found.update(elements)
        found.update(conditions(spec))
        found.update(element for pattern in spec.get("key", ()) for element in named(spec, pattern))
        found.update(named(spec, spec["split"]["element"]) if "split" in spec else ())
    return found


@pytest.fixture(params=FOLDERS)
def folder(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_manifests_say_what_is_known_in_both_languages(folder):
    known = manifest(folder)
    assert known["id"] == folder.replace("_", "-")
    assert known["carrier"] in {"workbook", "layer", "json", "gml"}
    assert ("sheet" in known) == (known["carrier"] == "workbook")
    for text in (known["title"], known["evidence"]):
        assert set(text) == {"vi", "en"}
        assert all(text.values())


def test_each_line_is_whole(folder):
    for row in landxml_schemas.rows(folder, "dictionary.csv"):
        assert list(row) == COLUMNS
        assert MARK.search(row["source"]), row
        assert row["vi"], row
        assert row["en"], row
    for row in rows(folder):
        assert row["kind"] in KINDS, row
        assert row["form"] in FORMS, row
        assert row["codelist"] in {"", *landxml_schemas.codelists()}, row
        assert row["form"] != "word" or row["codelist"], row
        assert {row[mark] for mark in ("required", "repeated", "empty", "personal")} <= {"", "x"}, row


def test_text_is_nfc_and_has_no_blanks_around_it(folder):
    for row in landxml_schemas.rows(folder, "dictionary.csv"):
        for text in (*row.values(), *row["names"].split("|")):
            assert unicodedata.is_normalized("NFC", text), row
            assert text == " ".join(text.split()), row


def test_elements_are_unique_and_words_of_a_name(folder):
    counts = Counter(row["element"] for row in rows(folder))
    assert max(counts.values()) == 1
    assert all(re.fullmatch(r"\w+", name, re.ASCII) for name in counts)


def test_columns_of_a_template_are_unique_and_in_order(folder):
    written = [row["column"] for row in rows(folder) if row["column"]]
    carrier = manifest(folder)["carrier"]
    if carrier == "workbook":  # of others they are names
        assert written == sorted(set(written), key=lambda column: (len(column), column))
    assert len(written) == len(set(written))
    assert bool(written) == (carrier != "json")


def test_fields_of_a_shapefile_have_ten_characters_and_are_known_when_they_are_read():
    written = [row for row in rows("parcel_layer") if row["column"]]
    assert len({row["column"].lower() for row in written}) == len(written)
    assert all(len(row["column"]) <= 10 and row["column"] in row["names"].split("|") for row in written)


def test_the_first_name_of_a_column_is_its_own_or_its_item_number_is(folder):
    names = {row["element"]: row["names"].split("|") for row in rows(folder)}
    firsts = Counter(found[0].casefold() for found in names.values())
    items = Counter(name for found in names.values() for name in found if name.startswith("#"))
    assert "" not in firsts
    assert set(items.values()) <= {1}
    assert bool(items) == bool(manifest(folder).get("sheet", {}).get("items"))
    for found in names.values():  # blocks of a sheet without merged headings have the same words
        assert firsts[found[0].casefold()] == 1 or found[-1] in items, found


def test_fields_references_and_classes_are_national(folder):
    known = national().classes
    whole = mapping(folder)
    assert set(whole["classes"]) <= set(known)
    for name, spec in whole["classes"].items():
        fields = {field.element: field for field in known[name].fields}
        assert {*spec.get("fields", ()), *spec.get("references", ()), *spec.get("absent", ())} <= set(fields)
        for field, reference in spec.get("references", {}).items():
            for target in listed(reference["to"]):
                assert target in fields[field].targets, (name, field)
                assert target in whole["classes"], (name, field)
                blocks = [block for each in listed(reference.get("block", [])) for block in named(spec, each)]
                assert set(blocks) <= set(whole["classes"][target].get("blocks", [])), (name, field)


def test_what_a_mapping_names_exists(folder):
    elements = {row["element"] for row in rows(folder)}
    whole = mapping(folder)
    assert set(whole["dossier"]) <= elements
    assert set(whole.get("lost", ())) <= elements
    for name, spec in whole["classes"].items():
        cls = national().classes[name]
        targets = {field.element for each in cls.fields for field in _of(each.targets)}
        assert all(each in elements | targets for each in conditions(spec)), name
        for pattern in spec.get("key", ()):
            assert elements.intersection(named(spec, pattern)), (name, pattern)
        for field, found in sources(cls, spec):
            if field in spec.get("fields", {}) and found:
                assert elements.intersection(found), (name, field)


def _of(targets: tuple[str, ...]) -> Iterator[Any]:
    known = national().classes
    return (field for target in targets for field in known[target].fields)


def test_every_element_is_mapped_or_lost_with_a_reason(folder):
    whole = mapping(folder)
    lost, mapped = whole.get("lost", {}), taken(whole)
    for row in rows(folder):
        element = row["element"]
        if row["form"] not in COUNTED:
            assert (element in mapped) != (element in lost), element
    assert all(MARK.search(reason) for reason in lost.values())


def test_every_class_and_required_field_is_mapped_or_absent_with_a_reason(folder):
    elements = {row["element"] for row in rows(folder)}
    whole = mapping(folder)
    everywhere = whole["everywhere"]["absent"]
    reasons = [*whole["absent"].values(), *everywhere.values()]
    for name, cls in national().classes.items():
        spec = whole["classes"].get(name)
        if spec is None:
            assert {name, "*"} & set(whole["absent"]), name
            continue
        assert name not in whole["absent"]
        reasons += spec.get("absent", {}).values()
        fed = {field for field, found in sources(cls, spec) if elements.intersection(found)}
        made = {field for field, given in spec.get("fields", {}).items() if isinstance(given, dict)}
        held = {*fed, *made, *spec.get("references", ()), *spec.get("absent", ()), *spec.get("constant", ())}
        for field in cls.fields:
            nested = field.kind == "object"
            if field.required and not nested:
                assert field.element in held | set(everywhere), (name, field.element)
            assert field.element not in {*fed, *made} & set(spec.get("absent", ())), (name, field.element)
    assert all(re.search(r"\[(E|I|R)\]", reason) for reason in reasons)


def test_code_lists_of_both_sides_agree(folder):
    lists = {row["element"]: row["codelist"] for row in rows(folder) if row["kind"] != "bool"}
    for name, spec in mapping(folder)["classes"].items():
        cls = national().classes[name]
        fields = {field.element: field for field in cls.fields}
        for field, found in sources(cls, spec):
            wanted = fields[field].codelist
            given = {lists[element] for element in found if element in lists}
            member = isinstance(one := spec.get("fields", {}).get(field), dict) and one.get("as") == "member"
            if wanted and not member:  # without a list: the values are of a form that only this layout has
                assert given <= {wanted, ""}, (name, field)


def test_personal_data_stay_personal(folder):
    personal = {row["element"] for row in rows(folder) if row["personal"]}
    elements = {row["element"] for row in rows(folder)}
    for name, spec in mapping(folder)["classes"].items():
        cls = national().classes[name]
        secret = {field.element for field in cls.fields if field.personal}
        for field, found in sources(cls, spec):
            if field in secret:
                assert elements.intersection(found) <= personal, (name, field)


def test_the_two_collection_sheets_share_words_and_not_numbers():
    words: dict[str, list[set[str]]] = {}
    numbers: dict[str, list[list[str]]] = {}
    for folder in ("mplis_collection", "plan515_sheet"):
        for row in rows(folder):
            names = row["names"].split("|")
            numbers.setdefault(row["element"], []).append([name for name in names if name.startswith("#")])
            words.setdefault(row["element"], []).append({name for name in names if name[0] != "#"})
    both = [element for element, found in words.items() if len(found) == 2]
    assert all(words[element][0] & words[element][1] for element in both)
    assert numbers["NSD_soDinhDanh"] == [["#8"], ["#10"]]
    assert numbers["TD_soHieuToBanDo"] == [["#21"], ["#19"]]


def test_the_schema_of_the_parcel_gml_takes_what_its_export_writes():
    schema = etree.XMLSchema(file=str(landxml_schemas.path("vbdlis_gml", "thua_dat.xsd")))
    assert schema.validate(etree.fromstring(PARCEL)), schema.error_log
    assert schema.validate(etree.fromstring(PARCEL.replace("<soThuTuThua>34<", "<soThuTuThua><")))
    assert not schema.validate(etree.fromstring(PARCEL.replace("<soThuTuThua>34<", "<soThuTuThua>34a<")))
    assert not schema.validate(etree.fromstring(PARCEL.replace("<maXa>00004</maXa>", "")))
    variant = PARCEL.replace("Thua_Dat", "ThuaDat").replace("mucDichSuDung", "maLoaiDat")
    assert schema.validate(etree.fromstring(variant)), schema.error_log


@pytest.mark.parametrize("namespace", ["http://www.vietbando.com/gml/vlis", "ThuaDat"])
def test_the_schema_of_the_parcel_gml_fits_any_namespace(namespace):
    folder = landxml_schemas.path("vbdlis_gml")
    bound = f"""
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{namespace}">
          <xs:include schemaLocation="thua_dat.xsd"/>
        </xs:schema>"""
    schema = etree.XMLSchema(etree.fromstring(bound, base_url=f"{folder}/bound.xsd"))
    assert schema.validate(etree.fromstring(PARCEL.replace("<Thua_Dat ", f'<Thua_Dat xmlns="{namespace}" ')))
    assert not schema.validate(etree.fromstring(PARCEL))


def test_the_schema_of_the_parcel_gml_knows_the_elements_of_its_dictionary():
    path = landxml_schemas.path("vbdlis_gml", "thua_dat.xsd")
    declared = {str(each.get("name")) for each in etree.parse(str(path)).iterfind(".//{*}all/{*}element")}
    assert declared == {name for row in rows("vbdlis_gml") for name in row["names"].split("|")}


PARCEL = """
<Thua_Dat xmlns:gml="http://www.opengis.net/gml/3.2">
  <Geometry>
    <gml:Polygon srsDimension="2" srsName="urn:ogc:def:crs:EPSG::9218" srsRevert="VN2000_DLak_3_108.5"
        srsProjected="1">
      <gml:exterior><gml:LinearRing>
        <gml:posList>457970.549999999988 1402030.1 457980.5 1402030.1 457980.5 1402040.1
          457970.549999999988 1402030.1</gml:posList>
      </gml:LinearRing></gml:exterior>
    </gml:Polygon>
  </Geometry>
  <soHieuToBanDo>12</soHieuToBanDo><soThuTuThua>34</soThuTuThua>
  <maXa>00004</maXa><mucDichSuDung>ODT+CLN</mucDichSuDung>
  <dienTich>49.9</dienTich><tenChu/><diaChi/>
</Thua_Dat>
"""
