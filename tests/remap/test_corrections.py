"""Single values of named records put in their places, and back."""

from __future__ import annotations

import zipfile
from pathlib import Path

import duckdb
import pytest

from landxml.errors import LandXmlError
from landxml.load import Loader, opened
from landxml.sources import find
from landxml_mappings.load import load
from landxml_remap import reverse
from landxml_remap.corrections import Correction, correct
from landxml_samples import write
from landxml_validator import validate
from tests.rules import only

INSIDE = {"national": "06652.gml", "vbdlis-xml": "06652/HoSo-1-3.xml"}
SAID = """
SELECT c._id, c.hoTen, c.namSinh::VARCHAR, c.maSoDinhDanh, p._id, p.soGiayTo, p.ngayCap::VARCHAR
FROM CaNhan c JOIN GiayToTuyThan p ON p._parent = c._id ORDER BY c._file, c._at LIMIT 1"""


def persons(path: Path) -> tuple[str, ...]:
    """The first person of a document, with the paper."""
    loader = Loader()
    batches = [b for each in opened(find(path), print) for b in loader.scan(each, print)]
    with duckdb.connect() as con:
        load(con, (batches + list(loader.rest()))[0])
        return con.execute(SAID).fetchall()[0]


@pytest.fixture(scope="module", params=sorted(INSIDE))
def goi(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("corrections")
    write(folder / "goi.zip", layout=request.param, parcels=8, seed=3)
    with zipfile.ZipFile(folder / "goi.zip") as archive:
        archive.extractall(folder / "goi")
    return folder / "goi", INSIDE[request.param]


def test_values_are_replaced_and_added_and_all_else_stays(goi: tuple[Path, str], tmp_path: Path) -> None:
    folder, name = goi
    person, named, born, _, paper, number, issued = persons(folder / name)
    wanted = [
        Correction(name, "CaNhan", person, 0, "hoTen", named, "Trần Thị Mẫu & Thử", "A"),
        Correction(name, "CaNhan", person, 0, "namSinh", born, "1971", "A"),
        Correction(name, "CaNhan", person, 0, "namMat", "", "2020", "A"),  # was not there
        Correction(name, "GiayToTuyThan", paper, 0, "soGiayTo", number, "900171000002", "A"),
        Correction(name, "GiayToTuyThan", paper, 0, "ngayCap", issued, "2020-02-29", "A"),
    ]
    told = correct(folder, tmp_path / "moi", wanted)
    assert (told.changed, told.same) == (5, 0)
    after = persons(tmp_path / "moi" / name)
    assert (after[1], after[2], after[5], after[6]) == (
        "Trần Thị Mẫu & Thử", "1971", "900171000002", "2020-02-29"
    )  # fmt: skip
    for path in folder.rglob("*.*"):
        if path != folder / name:
            assert (tmp_path / "moi" / path.relative_to(folder)).read_bytes() == path.read_bytes()
    report = validate([tmp_path / "moi" / name], configuration=only("XSD001"))
    assert not any(result.count for result in report.results)
    again = correct(tmp_path / "moi", tmp_path / "nua", wanted)
    assert (again.changed, again.same) == (0, 5)
    assert (tmp_path / "nua" / name).read_bytes() == (tmp_path / "moi" / name).read_bytes()
    reverse(told.table, tmp_path / "moi", tmp_path / "cu")
    assert (tmp_path / "cu" / name).read_bytes() == (folder / name).read_bytes()


def test_where_something_else_stands_nothing_is_written(goi: tuple[Path, str], tmp_path: Path) -> None:
    folder, name = goi
    person, named, *_ = persons(folder / name)
    right = Correction(name, "CaNhan", person, 0, "hoTen", named, "Trần Thị Mẫu", "A")
    for wrong in (
        right._replace(old="Không Phải Thế"),
        right._replace(id="CaNhan.khong-co"),
        right._replace(file="khac.gml"),
        right._replace(element="quocTichKhac"),
        right._replace(element="diaChiChuan"),
    ):
        with pytest.raises(LandXmlError) as error:
            correct(folder, tmp_path / "moi", [right, wrong])
        assert named not in str(error.value)
        assert not any(tmp_path.iterdir())
