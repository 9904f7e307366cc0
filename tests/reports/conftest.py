"""A synthetic report in which every state, severity and awkward text occurs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import msgspec
import pytest

from landxml.text import Text
from landxml_validator.by_law import judged
from landxml_validator.configuration import Setting
from landxml_validator.families import families
from landxml_validator.quoted import Cell, DocumentLine
from landxml_validator.report import (
    Cause,
    CommuneCounts,
    Conformance,
    Excerpt,
    File,
    Finding,
    Ladder,
    Link,
    LinkCounts,
    Package,
    Report,
    Result,
    State,
    Wider,
)
from landxml_validator.rule import Rule, Severity
from tests.reports.tables import table

HOSTILE = "<script>alert('x')</script> \x1b[2J\u202e\u009b & \"Nguyễn\""


def make_rule(code: str, severity: Severity, vi: str, en: str, message: Text) -> Rule:
    return Rule(
        code=code,
        since="0.1.0",
        severity=severity,
        stage="record",
        conformance=families()[code[:3]].id,
        applies_to=["ThuaDat"],
        title=Text(vi=vi, en=en),
        message=message,
        explain=Text(
            vi="Hồ sơ sai quy tắc này không ghép được vào cơ sở dữ liệu quốc gia.",
            en="A dossier that breaks this rule cannot be joined to the national database.",
        ),
        fix=Text(
            vi="Sửa trong phần mềm nguồn rồi xuất lại gói; đừng sửa tay trong tệp.",
            en="Mend it in the source software and export the package again; do not edit the file.",
        ),
        legal=Text(
            vi="Thông tư 09/2024/TT-BTNMT; thông lệ tốt", en="Circular 09/2024/TT-BTNMT; good practice"
        ),
        law=["TT09-2024/structure"],
        measure="conceptual consistency (11)",
        evidence="[E] §1.4",
        sql="SELECT _file, _part, _at, _id FROM ThuaDat",
    )


AREAS = make_rule(
    "LND004",
    "error",
    "Tổng diện tích các mục đích sử dụng khác diện tích thửa đất",
    "The areas of the land-use purposes do not add up to the area of the parcel",
    Text(vi="diện tích {parcel} m², tổng {total} m²", en="area {parcel} m², sum {total} m²"),
)
RING = make_rule(
    "GEO002",
    "error",
    "Ranh giới tự cắt",
    "The boundary crosses itself",
    Text(vi="ranh giới tự cắt: {reason}", en="the boundary crosses itself: {reason}"),
)
NAME = make_rule(
    "PTY003",
    "warning",
    "Họ tên có ký tự lạ",
    "The name has odd characters",
    Text(vi="họ tên {name}", en="name {name}"),
)
SPACES = make_rule("TXT004", "info", "Thừa khoảng trắng", "Needless spaces", Text(vi="thừa", en="needless"))


def result(rule: Rule, state: State, **more: Any) -> Result:
    return Result(rule=rule, severity=rule.severity, state=state, **more)


def finding(line: int, **more: Any) -> Finding:
    fields: dict[str, Any] = {
        "number": line,
        "fingerprint": f"{line:032x}",
        "cls": "ThuaDat",
        "id": f"ThuaDat.{line}",
        "key": f"00004/12/{line}",
        "file": "goi.zip!/00004.gml",
        "at": line,
        **more,
    }
    return Finding(**fields)


def cause(rule: Rule, count: int, example: Finding) -> Cause:
    """Take findings together: those of areas differ, and others follow from them."""
    differ = rule is AREAS
    return Cause(
        rule=rule.code, severity=rule.severity, count=count, following=56 * differ,
        parcels=1_200 * differ, communes=3 * differ, files=2, alike=not differ, example=example,
    )  # fmt: skip


MADE = dt.datetime(2025, 8, 30, 8)  # noqa: DTZ001 - offices write local time
FILES = [
    File(
        name="goi.zip!/00004.gml",
        layout="national",
        bytes=48_213_004,
        documents=1,
        records=12_345,
        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        encoding="UTF-8",
        crs="EPSG:5899",
    ),
    File(name="goi.zip!/anh.jpg", layout="", bytes=512, documents=1, records=0),
    File(name="hoso", layout="vbdlis-xml", bytes=31_870, documents=4, records=61, encoding="utf-8"),
]
LINK = Link(
    total=LinkCounts(378_120, 2_010_332, 350_000, 28_108, 1_660_320, 24),
    communes=[
        LinkCounts(300_000, 300_000, 299_990, 10, 0, 0, "00008", "Phường Mau Hai"),
        LinkCounts(78_120, 1_710_320, 50_010, 28_098, 1_660_298, 24, "00004", "Phường Mau Mot"),
        LinkCounts(0, 12, 0, 0, 12, 0),
    ],
    ways={"code": 50, "number": 349_700, "old": 150, "sheets": 100},
)

COMMUNES = [
    CommuneCounts(
        commune="00004", name="Phường Mau Mot", parcels=78_120, with_shape=50_010, in_order=76_886,
        errors=1_236, warnings=7,
    ),
    CommuneCounts(commune="", name="", parcels=3, with_shape=0, in_order=0, errors=3),
]  # fmt: skip
LADDER = Ladder(
    millimetres=[1, 10, 50, 100],
    places=[
        Wider(kind="overlap", counts=[1_204, 31, 12, 9], commune="00008", name="Phường Mau Hai"),
        Wider(kind="gap", counts=[960, 4, 0, 0], commune="00008", name="Phường Mau Hai"),
        Wider(
            kind="overlap", counts=[40, 40, 39, 22], commune="00004", name="Phường Mau Mot",
            neighbour="00008", neighbour_name="Phường Mau Hai",
        ),
    ],
)  # fmt: skip


CELL = Cell(column="F", element="dienTich", title=Text("diện tích", "area"), value="120.5", marked=True)
SHOWN = {"TT09-2024/structure", "TT19-2026/II.X.1", "TT19-2026/II.X.1.report", "TT19-2026/I"}
"""Lines of the law in the synthetic report."""


EXCERPTS = [
    Excerpt(number=9, lines=[DocumentLine(8, "\t<CaNhan>"), DocumentLine(9, HOSTILE, marked=True)]),
    Excerpt(number=118, cells=[CELL]),
]


@pytest.fixture
def report() -> Report:
    samples = [finding(n, params={"parcel": "120.5", "total": "118.0"}) for n in (118, 342, 587, 1203)]
    crossing = finding(204, x=587123.4567, y=2325888.1, params={"reason": "Self-intersection"})
    hostile = finding(9, cls="CaNhan", key="", file=HOSTILE, params={"name": HOSTILE})
    states: dict[str, State] = {"geometry": "failed", "land": "failed", "crs": "not-evaluated"}
    results = [
        result(RING, "failed", checked=8_120, count=1, samples=[crossing]),
        result(NAME, "failed", checked=4_225, count=1, samples=[hostile]),
        result(AREAS, "failed", checked=8_120, count=1_234, samples=samples),
        result(SPACES, "passed", checked=12_345),
        result(
            make_rule("CRT001", "error", "Số vào sổ trùng", "Register number repeated", Text(vi="", en="")),
            "not-applicable",
        ),
        result(
            make_rule("CRS002", "error", "Sai múi chiếu", "Wrong zone", Text(vi="", en="")),
            "not-evaluated",
            reason=Text(vi="không có ranh giới hành chính của xã 00004", en="no extent of commune 00004"),
        ),
    ]
    return Report(
        tool="landxml 0.1.0",
        profile="trial-integration",
        profile_title=Text(
            vi="vn-land 1.0, một cách diễn giải mở Thông tư 09/2024/TT-BTNMT; không phải lược đồ chính thức.",
            en="vn-land 1.0, an open interpretation of Circular 09/2024/TT-BTNMT; not an official schema.",
        ),
        created=dt.datetime(2025, 9, 3, 14, 5, tzinfo=dt.timezone(dt.timedelta(hours=7))),
        as_of=dt.date(2025, 7, 1),
        verdict="not-conformant",
        inputs=["goi.zip"],
        files=FILES,
        records={"ThuaDat": 8_120, "CaNhan": 4_225},
        packages=[Package(id=f"GÓI-1 {HOSTILE}", office="Văn phòng đăng ký đất đai Mẫu", created=MADE)],
        communes=["00004"],
        by_commune=COMMUNES,
        link=LINK,
        ladder=LADDER,
        configuration=[Setting(key="severity", code="GEO003", value="error", file="landxml.toml", line=4)],
        unmapped={"DC_Nha": 1_310, "DC_CanHo": 12},
        conformance=[
            Conformance(
                id=family.id,
                title=family.title,
                required=family.id != "text",
                state=states.get(family.id, "passed"),
                errors={"geometry": 1, "land": 1_234}.get(family.id, 0),
                warnings=1 if family.id == "parties" else 0,
            )
            for family in families().values()
        ],
        causes=[cause(AREAS, 1_234, samples[0]), cause(RING, 1, crossing), cause(NAME, 4_225, hostile)],
        law=[each for each in judged(results, dt.date(2025, 7, 1)) if each.line.id in SHOWN],
        results=results,
        excerpts=EXCERPTS,
        samples=4,
        personal_data=False,
        seconds=3.42,
    )


@pytest.fixture
def everything(report: Report, tmp_path: Path) -> Path:
    """All findings of the report, in Parquet: its samples, and one that the baseline has."""
    known = msgspec.structs.replace(report.results[2].samples[0], at=1)
    return table(report, tmp_path / "all.parquet", more=[(AREAS.code, known, "known")])
