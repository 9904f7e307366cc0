"""The case of an office on the first page: a workbook and a shapefile in, one report out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import shapely

from landxml_samples import write
from tests.layers import written

README = Path(__file__).parents[2] / "README.md"
FAULTS = {"LNK001": 3, "LNK002": 5, "LNK003": 2, "LNK004": 2}
FIELDS = {
    "MaXa": ("maXa", str), "SoHieuToBa": ("soHieuToBanDo", int), "SoThuTuThu": ("soThuTuThua", int),
    "DienTich": ("dienTich", float), "KyHieuMucD": ("mucDichSuDung", str), "TenChu": ("tenChu", str),
    "DiaChi": ("diaChi", str),
}  # fmt: skip


def layer(path: Path, maps: list[Path]) -> Path:
    """Write the features of parcel GML as a shapefile with its names cut to ten characters."""
    fields: dict[str, list[Any]] = {name: [] for name in FIELDS}
    shapes = []
    for text in (each.read_text("utf-8") for each in maps):
        for feature in re.findall("<app:Thua_Dat>.*?</app:Thua_Dat>", text, re.DOTALL):
            for name, (element, kind) in FIELDS.items():
                fields[name].append(kind(re.findall(f"<app:{element}>(.*?)<", feature)[0]))
            numbers = list(map(float, re.findall("<gml:posList>(.*?)<", feature)[0].split()))
            shapes.append(shapely.Polygon(zip(numbers[::2], numbers[1::2], strict=True)))
    return written(path, shapes, fields, encoding="UTF-8")


def test_the_readme_shows_what_an_office_sees(run, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mau", layout="vbdlis", parcels=400, communes=2, faults=FAULTS)
    layer(tmp_path / "thua.shp", sorted(Path("mau").rglob("Thua_Dat.gml")))
    dossiers = sorted(Path("mau").rglob("HoSo-*.xml"))
    assert run("convert", *dossiers, "-o", "so-dang-ky.xlsx", "--to", "vbdlis-sheet-161").code == 0
    found = run("--lang", "vi", "validate", "so-dang-ky.xlsx", "thua.shp")
    assert found.code == 0
    text = README.read_text("utf-8").partition("<!-- office-output -->")[2]
    shown = text.partition("```\n<!-- /office-output")[0].splitlines()[3:]
    said = [line.rstrip() for line in found.out.splitlines()]
    assert [line for line in shown if line not in {"…", *said}] == []
    assert len(shown) > len(FAULTS)
