"""``python -m benchmarks.performance``: write docs/performance.md, and the rates of `landxml scale`.

Times are of the processor, so that others who work on the machine hardly change them; only what several
processes do together is measured by the clock. Content is equal: the same package for every program.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec
from pyarrow import parquet

from benchmarks import campaign, clock, cluster, million, persons, processor
from benchmarks.ratios import FORMS, WRONG
from benchmarks.yardsticks import SCHEMA
from landxml.version import TOOL
from landxml_samples import package
from landxml_validator.scale import Rates, plan

PARCELS, COMMUNES = 10_000, 4
COUNTRY = 106_000_000
TASKS = 2_500
"""Of a country, about; here they are empty."""
SHARE = 20
ROOT = Path(__file__).parents[1]
RATES = ROOT / "validator/landxml_validator/rates.toml"
PAGE = ROOT / "docs/performance.md"
BLANK = re.compile("(<ld:(?:tenXa|tenToDanPho|diaChiChiTiet|moTa|noiCap|kho|donViCap)>)")
"""Texts before which a blank is put."""
CHECK = """
import sys
from landxml_validator import validate
validate(sys.argv[1], workers=1, work=sys.argv[2])
"""


def main() -> None:
    """Measure, and write both files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with ProcessPoolExecutor(1) as apart:  # what a process has held counts as memory of those it starts
            clocked = apart.submit(_clocked, folder).result()
        package.write(folder / "goi", parcels=PARCELS, communes=COMMUNES)
        size = sum(path.stat().st_size for path in (folder / "goi").rglob("*") if path.is_file())
        checked = _check(folder, "one")
        kept = _check(folder, "one")
        start = _start(folder)
        parts = sum(path.stat().st_size for path in (folder / "one").rglob("*") if path.is_file())
        others = dict(_others(folder))
        listed = _lists(folder)
        stubs = cluster.stubs(TASKS)
        counted = [*persons.figures(), *campaign.figures(folder)]
    millions = size / 1e6
    rates = Rates(
        measured=dt.datetime.now(dt.UTC).date().isoformat(), tool=TOOL, machine=_machine(),
        bytes_per_parcel=size // PARCELS, parts_per_byte=round(parts / size, 3),
        task_seconds=round((checked.processor - kept.processor) / millions, 4),
        whole_seconds=round((kept.processor - start) / millions, 4), memory=checked.memory,
        scheduler_seconds=round(stubs / TASKS, 5), tasks=TASKS,
    )  # fmt: skip
    RATES.write_text(_toml(rates), "utf-8")
    page = _page(rates, size, checked, others, listed=listed, counted=counted, clocked=clocked)
    PAGE.write_text(page, "utf-8")


def _clocked(folder: Path) -> list[tuple[str, float, float]]:
    return list(clock.figures(folder))


class _Used(NamedTuple):
    """What a check has used: seconds of the processor, bytes of the process."""

    processor: float
    memory: int


class _Lists(NamedTuple):
    """How many findings there were, and what was used to find them, and to write them."""

    findings: int
    found: _Used
    written: _Used


def _start(folder: Path) -> float:
    """Return the seconds of the processor in which a check begins and ends that has nothing to do."""
    (folder / "few").mkdir()
    package.write(folder / "few" / "goi", parcels=1)
    for _ in range(2):
        used = _check(folder / "few", "work")
    return used.processor


def _check(folder: Path, work: str) -> _Used:
    """Check the package in a process of its own; what a folder of outcomes holds is not done again."""
    return _used([sys.executable, "-c", CHECK, str(folder / "goi"), str(folder / work)])


def _used(command: list[str]) -> _Used:
    """Return what a command has used, whatever its exit code."""
    process = subprocess.Popen(command)
    _, _, used = os.wait4(process.pid, 0)
    return _Used(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def _lists(folder: Path) -> _Lists:
    """Damage every record, check, and write all that is found in every form of work."""
    for file in (folder / "goi").glob("*.gml"):
        text = WRONG.sub(r"\1X<", file.read_text("utf-8"))
        file.write_text(BLANK.sub(r"\1 ", text), "utf-8")
    program, table = [sys.executable, "-m", "landxml_cli"], folder / "all.parquet"
    given = ["--quiet", f"--findings={table}"]
    report = folder / "report.json"
    found = _used([*program, "validate", str(folder / "goi"), *given, "--workers=1", f"--output={report}"])
    forms = [f"--format={form}" for form in FORMS]
    written = _used([*program, "render", str(report), *given, *forms, f"--output={folder / 'forms'}"])
    return _Lists(parquet.read_metadata(table).num_rows, found, written)


def _others(folder: Path) -> Iterator[tuple[str, float]]:
    """Yield what other programs take of the processor for the same files and the same XSD."""
    files = [str(path) for path in sorted((folder / "goi").glob("*.gml"))]
    if shutil.which("xmllint"):
        command = ["xmllint", "--stream", "--noout", "--schema", str(SCHEMA)]
        yield (
            "xmllint --stream: chỉ XSD · xmllint --stream: XSD only",
            processor.seconds(lambda: processor.run([*command, *files])),
        )
    python = [sys.executable, "-c"]
    yield (
        "lxml: chỉ đọc và XSD · lxml: parsing and XSD only",
        processor.seconds(lambda: processor.run([*python, _LXML, str(SCHEMA), *files])),
    )
    if importlib.util.find_spec("xmlschema"):
        package.write(folder / "small", parcels=PARCELS // SHARE)
        small = str(next((folder / "small").glob("*.gml")))
        seconds = processor.seconds(lambda: processor.run([*python, _XMLSCHEMA, str(SCHEMA), small]))
        name = f"xmlschema: chỉ XSD (đo trên 1/{SHARE}) · xmlschema: XSD only (measured on 1/{SHARE} of it)"
        yield name, seconds * SHARE


_LXML = """
import sys
from lxml import etree
schema = etree.XMLSchema(etree.parse(sys.argv[1]))
for name in sys.argv[2:]:
    schema.validate(etree.parse(name, etree.XMLParser(huge_tree=True)))
"""
_XMLSCHEMA = "import sys, xmlschema; list(xmlschema.XMLSchema(sys.argv[1]).iter_errors(sys.argv[2]))"


def _machine() -> str:
    """Describe this machine: processor, cores, memory, system, Python."""
    info = Path("/proc/cpuinfo")
    said = info.read_text("utf-8") if info.exists() else ""
    names = [line.partition(":")[2].strip() for line in said.splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB,"
        f" {platform.system()}, Python {platform.python_version()}"
    )


def _toml(rates: Rates) -> str:
    values = msgspec.structs.asdict(rates).items()
    lines = (
        f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}" for name, value in values
    )
    return "\n".join(("# Written by python -m benchmarks.performance", *lines, ""))


def _page(
    rates: Rates,
    size: int,
    checked: _Used,
    others: dict[str, float],
    *,
    listed: _Lists,
    counted: list[tuple[str, float, float]],
    clocked: list[tuple[str, float, float]],
) -> str:
    """Return the page, in Markdown."""
    own = "landxml validate: XSD, mọi quy tắc, topology · landxml validate: XSD, all rules, topology"
    rows = {own: checked.processor, **others}
    table = [
        f"| {name} | {seconds:.1f} | {size / 1e6 / seconds:.1f} | {checked.processor / seconds:.2f} |"
        for name, seconds in rows.items()
    ]
    country = plan(COUNTRY, workers=16, known=rates)
    record = tomllib.loads(million.RECORD.read_text("utf-8"))
    return PAGE_TEXT.format(
        campaign=_ratios(COUNTED, counted), clock=_ratios(CLOCKED, clocked) or NOT_CLOCKED,
        million=record,
        rates=rates, size=size / 1e6, table="\n".join(table), memory=checked.memory / 2**20,
        count=listed.findings, found=listed.found.processor, written=listed.written.processor,
        ratio=listed.written.processor / listed.found.processor, most=listed.written.memory / 2**20,
        forms=", ".join(map(str.upper, FORMS)),
        load=os.getloadavg()[0], parcels=PARCELS, communes=COMMUNES,
        milliseconds=rates.scheduler_seconds * 1000,
        clock_parcels=clock.PARCELS, clock_communes=clock.COMMUNES, clock_dossiers=clock.DOSSIERS,
        gigabytes_million=record["bytes"] / 1e9,
        country=country, gigabytes=country.bytes / 1e9, hours=country.hours["tasks"] + country.hours["whole"],
    )  # fmt: skip


def _ratios(names: Sequence[str], found: Sequence[tuple[str, float, float]]) -> str:
    """Return the rows of a table of figures with limits."""
    rows = zip(names, found, strict=bool(found))
    return "\n".join(f"| {name} | {value:,.2f} | {limit:,.4g} |" for name, (_, value, limit) in rows)


CLOCKED = (
    "Dữ liệu quốc gia ÷ `xmllint --stream --schema` · National data ÷ the same",
    "2 tiến trình ÷ 1 · 2 processes ÷ 1",
    "Cụm Dask: 2 máy thợ ÷ 1 · Dask: 2 workers ÷ 1",
    "Hồ sơ VBDLIS ÷ `lxml.fromstring` · VBDLIS dossiers ÷ the same",
    "2 tiến trình ÷ 1 · 2 processes ÷ 1",
)
"""What `clock` measures, in its order."""
NOT_CLOCKED = "| chưa đo, vì máy bận việc khác · not measured: others worked on the machine | | |"
COUNTED = (
    "Khử trùng 1 triệu bản ghi người, giây của một lõi · 1 million records of persons, seconds of one core",
    "÷ một lượt DuckDB trên cùng dữ liệu · ÷ one pass of DuckDB over the same data",
    "MB nhiều nhất · MB at most",
    f"{campaign.PARCELS:,} thửa: kiểm tra, nhóm, tiến độ ÷ kiểm tra · check, groups, progress ÷ check",
)
"""What `persons` and `campaign` measure, in their order."""
PAGE_TEXT = """\
# Tốc độ và bộ nhớ · Speed and memory

Trang này do `python -m benchmarks.performance` ghi ngày {rates.measured}, {rates.tool}: muốn đo lại, hãy chạy
lệnh ấy.

Written by `python -m benchmarks.performance` on {rates.measured}, {rates.tool}: that is how to repeat it.

Máy: {rates.machine}. Khi đo có {load:.0f} tiến trình cùng cần bộ xử lý; thời gian là của bộ xử lý.
Dữ liệu: {parcels:,} thửa đất nhân tạo trong {communes} tệp quốc gia, {size:.0f} MB; mọi chương trình đọc cùng
các tệp theo cùng XSD.

Machine: {rates.machine}.
Processes that wanted the processor at a time: {load:.0f}; times are those of the processor.
Content: {parcels:,} synthetic parcels in {communes} national files, {size:.0f} MB; every program reads the
same files by the same XSD.

| | giây của một lõi · seconds of one core | MB mỗi giây · MB a second | landxml ÷ |
|---|--:|--:|--:|
{table}

- Tiến trình lớn nhất: {memory:.0f} MB. Kết quả được giữ (`--work`): {rates.parts_per_byte:.2f} dữ liệu vào.
- {count:,} phát hiện trong một gói sai nhiều: tìm mất {found:.0f} giây; ghi tất cả ra
  {forms} mất {written:.0f} giây, bằng {ratio:.2f} lần, nhiều nhất {most:.0f} MB.
- {rates.tasks:,} việc rỗng trên bộ điều phối Dask với hai máy thợ, tất cả trên máy này:
  {milliseconds:.1f} ms mỗi việc, theo đồng hồ.
- ilivalidator, là chương trình kiểm tra INTERLIS và cần Java, không có ở đây nên chưa đo để so sánh.

<!-- -->

- Largest process: {memory:.0f} MB. Kept outcomes (`--work`): {rates.parts_per_byte:.2f} of the input.
- {count:,} findings of a package with very many: finding them took {found:.0f} seconds,
  writing them all as {forms} {written:.0f} seconds, {ratio:.2f} times as long, in at most
  {most:.0f} MB.
- {rates.tasks:,} empty tasks on a Dask scheduler with two workers, all on this machine:
  {milliseconds:.1f} ms a task, by the clock.
- ilivalidator, which checks INTERLIS and needs Java, is not here; how it compares was not measured.

Theo đồng hồ, hai lõi: {clock_parcels:,} thửa trong {clock_communes} xã, {clock_dossiers:,} hồ sơ.

By the clock, on two cores: {clock_parcels:,} parcels in {clock_communes} communes, and {clock_dossiers:,}
dossiers.

| Kiểm tra đầy đủ bằng 2 tiến trình · Full check with 2 processes | đo được · measured | giới hạn · limit |
|---|--:|--:|
{clock}

Đo một lần, ngày {million[measured]} (`python -m benchmarks.million`): {million[parcels]:,} thửa trong
{million[communes]} tệp, {gigabytes_million:.1f} GB. Mọi tiến trình cùng lúc dùng nhiều nhất
{million[megabytes]} MB; với một phần mười số thửa: {million[tenth_megabytes]} MB.

Measured once, on {million[measured]} (`python -m benchmarks.million`): {million[parcels]:,} parcels in
{million[communes]} files, {gigabytes_million:.1f} GB. All processes together took {million[megabytes]} MB at
most; of a tenth of the parcels {million[tenth_megabytes]} MB.

| Chiến dịch làm sạch · Clean-up campaign | đo được · measured | giới hạn · limit |
|---|--:|--:|
{campaign}

`landxml scale` dự tính theo các tốc độ này. {country.parcels:,} thửa đất: {gigabytes:,.0f} GB,
{country.tasks:,} việc; với 16 lõi như thế mất {hours:.1f} giờ. Đó là phép tính: chưa ai chạy thật.
Các tỷ số có giới hạn, được giữ qua từng phiên bản: `make bench`.

`landxml scale` plans with these rates. {country.parcels:,} parcels: {gigabytes:,.0f} GB, {country.tasks:,}
tasks; with 16 such cores {hours:.1f} hours. That is arithmetic: nobody has run it.
Ratios with limits, held from version to version: `make bench`.
"""


if __name__ == "__main__":
    main()
