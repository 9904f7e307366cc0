"""De-duplication of a million records of persons, against one pass of DuckDB over them; its memory."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from landxml_campaign.matching import match
from landxml_campaign.persons import database

RECORDS = 1_000_000
LIMIT, MEMORY = 25.0, 1024.0
WALK = """
SELECT count(DISTINCT name), count(DISTINCT number), count(DISTINCT address), sum(born)
FROM (FROM person ORDER BY name, born, address)
"""
"""What a pass over the data is: sorted once, each column looked at."""
FAMILY = "Nguyễn Nguyễn Nguyễn Trần Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()
MIDDLE = "Văn Thị Hữu Đức Công Quang Thanh Minh Ngọc Xuân Thu Kim Hồng Đình Bá Quốc Gia Tuấn".split()
GIVEN = (
    "An Anh Bình Châu Chi Cường Dũng Dung Duy Đạt Hà Hải Hạnh Hiền Hiếu Hoa Hòa Hoà Hùng Hưng Hương Huy Lan"
    " Linh Loan Long Mai Minh Nam Nga Ngân Nhung Phong Phúc Phương Quân Quý Quí Sơn Tâm Thảo Thắng Trang Vân"
).split()


def figures() -> Iterator[tuple[str, float, float]]:
    """Yield what is measured, the figure, and the limit; of a process of its own, for its memory."""
    command = [sys.executable, "-m", "benchmarks.persons"]
    found = subprocess.run(command, capture_output=True, check=True, text=True)
    seconds, ratio, memory = map(float, found.stdout.split())
    yield "persons: processor seconds to match 1 million records", seconds, 60.0
    yield "persons: matching ÷ one pass of DuckDB", ratio, LIMIT
    yield "persons: MB at most", memory, MEMORY


def tables() -> dict[str, pa.Table]:
    """Make records: of four persons one is there twice, one has only a card, one neither."""
    random = np.random.default_rng(1)
    of = random.integers(0, RECORDS * 3 // 4, RECORDS)  # whom each record is about
    words = [np.array(each)[np.random.default_rng(2 + n).integers(0, len(each), RECORDS)] for n, each in
             enumerate((FAMILY, MIDDLE, MIDDLE, GIVEN))]  # fmt: skip
    names = np.char.add(np.char.add(np.char.add(words[0], " "), np.char.add(words[1], " ")),
                        np.char.add(np.char.add(words[2], " "), words[3]))[of]  # fmt: skip
    day = np.random.default_rng(9).integers(0, 60 * 365, RECORDS)[of].astype("datetime64[D]") - 14 * 365
    numbers = np.char.add("0", np.char.zfill(of.astype(str), 11))
    kind = of % 8  # 0: only a card, 1: nothing, else a number
    ids = np.arange(RECORDS).astype(str)
    year = day.astype("datetime64[Y]").astype(int) + 1970
    person = pa.table({
        "file": pa.repeat("a.gml", RECORDS), "part": pa.repeat("", RECORDS), "at": np.arange(RECORDS),
        "id": ids, "name": names, "birth": pa.array(day, mask=of % 3 == 0), "born": year, "sex": of % 2,
        "number": pa.array(numbers, mask=kind < 2), "address": np.char.add("Số ", (of % 5000).astype(str)),
    })  # fmt: skip
    cards = pa.array(np.char.zfill((of + 100_000_000).astype(str), 9), mask=kind == 1)
    paper = pa.table({"file": person["file"], "at": person["at"], "id": ids, "person": ids, "number": cards,
                      "personal": pa.nulls(RECORDS, pa.string())})  # fmt: skip
    commune = pa.table({"file": person["file"], "person": ids, "commune": (10_000 + of % 150).astype(str)})
    return {"person": person, "paper": paper, "commune": commune}


def main() -> None:
    """Print seconds, the ratio to one pass, and the most memory in MB."""
    with database() as con:
        for name, table in tables().items():
            con.register("given", table)
            con.execute(f"CREATE TABLE {name} AS FROM given")
            con.unregister("given")
        started = time.process_time()
        con.execute(WALK).fetchall()
        one = time.process_time() - started
        started = time.process_time()
        match(con)
        taken = time.process_time() - started
    memory = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text("ascii"))
    print(taken, taken / one, int(memory[1]) / 1024 if memory else 0)


if __name__ == "__main__":
    main()
