"""The metadata are valid for the schemas of ISO/TS 19139, and say what the report says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from lxml import etree
from msgspec.structs import replace

from landxml_reports import render
from landxml_reports.iso19157 import measures
from landxml_samples.package import write
from landxml_validator import validate
from landxml_validator.report import Report
from landxml_validator.rule import builtin

GMD = "{http://www.isotc211.org/2005/gmd}"
SCHEMAS = "plugins/profiles/apiso/schemas/ogc/iso/19139/20060504"


@pytest.fixture(scope="session")
def iso() -> etree.XMLSchema:
    """The schemas of ISO/TS 19139, from a wheel, offline."""
    found = importlib.util.find_spec("pycsw")
    if found is None or found.origin is None:
        pytest.skip("the ISO schemas are not installed")
    path = Path(found.origin).parent / SCHEMAS / "gmd" / "gmd.xsd"
    return etree.XMLSchema(etree.parse(path, etree.XMLParser(no_network=True)))


def parsed(report: Report, lang: str = "en") -> etree._Element:
    return etree.fromstring(render(report, "iso19157", lang))


def texts(element: etree._Element, path: str) -> list[str]:
    wanted = element.iterfind("/".join(f"{GMD}{step}" for step in path.split("/")))
    return ["".join(map(str, found.itertext())) for found in wanted]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_it_is_valid(report, iso, lang) -> None:
    iso.assertValid(parsed(report, lang))


def test_every_rule_has_its_measure(report, iso) -> None:
    results = {result.rule.code: result for result in report.results}
    assert {rule.measure for rule in builtin().values()} <= measures().keys()
    for rule in builtin().values():
        results[rule.code] = type(report.results[0])(
            rule=rule, severity=rule.severity, state="passed", checked=3
        )
    report.results = list(results.values())
    iso.assertValid(parsed(report))


def test_a_rule_without_measure_is_named_by_its_title(report, iso) -> None:
    results = [replace(each, rule=replace(each.rule, measure="")) for each in report.results]
    root = parsed(replace(report, results=results))
    iso.assertValid(root)
    names = [found.findtext("{*}CharacterString") for found in root.iter("{*}nameOfMeasure")]
    assert None not in names
    assert "" not in names


def test_a_delivery_from_end_to_end(iso, tmp_path) -> None:
    write(tmp_path / "goi", parcels=40, communes=2, faults={"LND002": 2, "GEO002": 1})
    report = validate([tmp_path / "goi"])
    root = parsed(report)
    iso.assertValid(root)
    rules = {
        texts(found, "measureDescription")[0].partition(":")[0]: found
        for found in root.iterfind(f".//{GMD}report/*")
        if texts(found, "measureDescription")
    }
    evaluated = {r.rule.code: r for r in report.results if r.state in {"passed", "failed"}}
    assert rules.keys() == evaluated.keys()
    for code, found in rules.items():
        count = texts(found, "result/DQ_QuantitativeResult/value")[0]
        assert count.strip() == str(evaluated[code].count)
    numbers = texts(rules["LND002"], "result/DQ_QuantitativeResult/value")
    assert [float(number) for number in numbers] == [2, pytest.approx(2 / evaluated["LND002"].checked, 1e-4)]
    assert texts(rules["LND002"], "measureIdentification/MD_Identifier/code")[0].strip() == "16"
    passes = ["".join(map(str, found.itertext())) for found in root.iter(f"{GMD}pass")]
    states = [c.state for c in report.conformance]
    assert [text.strip() for text in passes] == [
        {"passed": "true", "failed": "false"}.get(state, "") for state in states
    ]
    assert "false" in passes
    communes = {path.stem for path in (tmp_path / "goi").glob("*.gml")}
    assert set(report.communes) == communes
    everything = " ".join(map(str, root.itertext()))
    assert all(commune in everything for commune in communes)
    assert "Văn phòng đăng ký đất đai Mẫu" in everything
    assert report.files[0].crs is not None
    assert report.files[0].crs.removeprefix("EPSG:") in everything


def test_dossiers_and_nothing_at_all(iso, tmp_path) -> None:
    write(tmp_path / "ho-so", layout="vbdlis-xml", parcels=3)
    report = validate([tmp_path / "ho-so"])
    assert report.communes
    iso.assertValid(parsed(report))
    (tmp_path / "rong").mkdir()
    root = parsed(validate([tmp_path / "rong"]), "vi")
    iso.assertValid(root)
    assert "true" not in texts(root, "dataQualityInfo/DQ_DataQuality/report/DQ_ConceptualConsistency/result")


def test_no_personal_data_even_where_the_report_shows_them(tmp_path) -> None:
    write(tmp_path / "goi", parcels=40, faults={"PTY004": 1, "TXT003": 2})
    report = validate([tmp_path / "goi"], personal_data=True)
    shown = {str(v) for r in report.results for f in r.samples for v in f.params.values() if len(str(v)) > 6}
    assert shown
    document = render(report, "iso19157", "vi").decode()
    assert [value for value in shown if value in document] == []
