"""No exception of one document ends a run: whatever fails, the others get their report."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from landxml.boundary import contained
from landxml.carriers import dossier, gml
from landxml.errors import LandXmlError
from landxml.extract import Extractor
from landxml_mappings import to_national
from landxml_remap import remap
from landxml_remap.parcel_codes import parcel_codes
from landxml_samples import package
from landxml_validator import Report, inspect, rule_sql, validate, worker
from landxml_validator.rules.crs import CRS002
from tests.marks import quick
from tests.rules import only

MARK = "Ông Nguyễn Văn Bí Mật"
FEW = only("PKG", "REF", "UNQ", "GEO")
"""Those that see what is missing, or that there is too much."""
FAILURES = {
    error.__name__: error
    for error in (KeyError, ValueError, RecursionError, MemoryError, duckdb.OutOfMemoryException)
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("boundary")
    package.write(folder / "national", parcels=24, communes=2)
    package.write(folder / "dossiers", layout="vbdlis-xml", parcels=9)
    return folder


@pytest.fixture
def delivery(made, tmp_path, request):
    """A package, and the name of the document in it at which the program fails."""
    shutil.copytree(made / request.param, tmp_path / "goi")
    files = sorted(path for path in (tmp_path / "goi").rglob("*") if path.is_file())
    return tmp_path / "goi", files[len(files) // 2].as_posix()


def failing(function, error: type[Exception], name: str):
    """The same function, which fails at one document: the one that is named among its arguments."""

    def call(*given, **more):
        if name in (getattr(each, "name", str(each)) for each in given):
            raise error(MARK)
        return function(*given, **more)

    return call


def counted(report: Report) -> dict[str, int]:
    return {result.rule.code: result.count for result in report.results if result.count}


@pytest.mark.parametrize(
    "error", [RuntimeError("Query interrupted"), duckdb.InterruptException(), OSError(28, "No space left")]
)
def test_a_stopped_run_and_a_full_disk_are_no_document_s_fault(error):
    with pytest.raises(type(error)), contained("goi/1.xml"):
        raise error


@pytest.mark.parametrize(("delivery", "parcels"), [("national", 24), ("dossiers", 9)], indirect=["delivery"])
@pytest.mark.parametrize("error", quick({"KeyError", "MemoryError"}, FAILURES))
def test_a_document_at_which_reading_fails_is_one_finding(delivery, monkeypatch, parcels, error):
    folder, name = delivery
    for kind in (dossier.Dossier, gml.Gml):
        monkeypatch.setattr(kind, "load", failing(kind.load, FAILURES[error], name))
    report = validate(folder, configuration=FEW)
    assert counted(report) == {"PKG014": 1}
    assert 0 < report.records["ThuaDat"] < parcels
    (finding,) = next(result.samples for result in report.results if result.count)
    assert finding.file == name
    assert error in finding.params["reason"]["vi"]
    assert MARK not in str(report.results)


@pytest.mark.parametrize("delivery", ["dossiers"], indirect=True)
def test_of_a_document_at_which_reading_fails_nothing_stays(delivery, monkeypatch):
    folder, name = delivery

    def half(extractor, root, file):
        found = add(extractor, root, file)
        if file == name:
            raise KeyError
        return found

    add = Extractor.add_dossier
    monkeypatch.setattr(Extractor, "add_dossier", half)
    report = validate(folder, configuration=FEW)
    assert counted(report) == {"PKG014": 1}
    assert report.records["ThuaDat"] == 8


@pytest.mark.parametrize("delivery", ["dossiers"], indirect=True)
@pytest.mark.parametrize("stage", ["apply", "write"])
def test_a_batch_that_fails_costs_one_document(delivery, monkeypatch, stage):
    folder, name = delivery
    session = worker._Session

    def fails(files) -> None:
        if name in files:
            raise duckdb.InternalException(MARK)

    if stage == "apply":
        apply = to_national.apply

        def applied(con, layout, raw):
            fails([file for table in raw.values() for file in table["_file"].to_pylist()])
            return apply(con, layout, raw)

        monkeypatch.setattr(to_national, "apply", applied)
    else:
        part = session._part

        def written(self, table, query):
            part(self, table, query)
            if table == "ThuaDat":
                fails(file for (file,) in self.con.execute("SELECT _file FROM ThuaDat").fetchall())

        monkeypatch.setattr(session, "_part", written)
    report = validate(folder, configuration=FEW)
    assert counted(report) == {"PKG014": 1}
    assert report.records["ThuaDat"] == 8
    assert MARK not in str(report.results)


@pytest.mark.parametrize("delivery", ["national", "dossiers"], indirect=True)
def test_a_rule_that_fails_is_not_evaluated(delivery, monkeypatch):
    folder, _ = delivery

    def fail(*_, **__):
        raise ZeroDivisionError(MARK)

    monkeypatch.setattr(rule_sql, "run", fail)
    monkeypatch.setattr(CRS002, "find", fail)
    report = validate(folder)
    states = {result.rule.code: result for result in report.results if result.state == "not-evaluated"}
    assert "ZeroDivisionError" in str(states["UNQ001"].reason)
    assert report.verdict == "not-evaluated"
    assert MARK not in str(report.results)


@pytest.mark.parametrize("delivery", ["national", "dossiers"], indirect=True)
def test_what_concerns_the_run_is_raised(delivery, monkeypatch):
    folder, name = delivery
    for kind in (dossier.Dossier, gml.Gml):
        monkeypatch.setattr(kind, "load", failing(kind.load, OSError, name))
    with pytest.raises(OSError, match=MARK):
        validate(folder, configuration=FEW)


@pytest.mark.parametrize("delivery", ["national", "dossiers"], indirect=True)
def test_inspect_goes_on(delivery, monkeypatch):
    folder, name = delivery
    for kind in (dossier.Dossier, gml.Gml):
        monkeypatch.setattr(kind, "scan", failing(kind.scan, KeyError, name))
    (found,) = inspect(folder)
    assert [trouble.file for trouble in found.troubles] == [name]
    assert "KeyError" in found.troubles[0].reason.vi
    assert found.unread == 1
    assert found.records


@pytest.mark.parametrize(
    ("delivery", "command"),
    [("national", remap), ("dossiers", remap), ("national", parcel_codes)],
    indirect=["delivery"],
)
def test_what_writes_stops_before_it_writes(delivery, monkeypatch, command):
    folder, _ = delivery

    def fail(*_):
        raise KeyError(MARK)

    for kind, name in ((dossier, "conforming"), (gml, "schema_of")):
        monkeypatch.setattr(kind, name, fail)
    with pytest.raises(LandXmlError, match=r"^.*goi/.*: The program failed \(KeyError\)\.$") as caught:
        command(folder, folder.parent / "out")
    assert "Chương trình gặp sự cố (KeyError)" in caught.value.text("vi")
    assert list(folder.parent.iterdir()) == [folder]
