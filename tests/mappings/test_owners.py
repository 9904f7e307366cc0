"""Names of owners as texts of maps give them."""

from __future__ import annotations

import duckdb
import pytest

from landxml_mappings.owners import PLAIN


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Nguyễn Văn Mẫu", ["NGUYEN VAN MAU"]),
        ("Hộ ông Đỗ Mẫu; bà: Lê  Thử", ["DO MAU", "LE THU"]),
        ("ÔNG NGUYEN VAN MAU VÀ BÀ TRẦN THỊ THỬ", ["NGUYEN VAN MAU", "TRAN THI THU"]),
        ("Hộ gia đình bà Lê Thị Thử", ["LE THI THU"]),
        ("Công ty TNHH Mẫu - Chi nhánh 1", ["CONG TY TNHH MAU", "CHI NHANH 1"]),
        (" ", []),
        (None, None),
    ],
)
def test_names_in_a_text(text: str | None, names: list[str] | None) -> None:
    with duckdb.connect() as con:
        assert con.execute(f"SELECT {PLAIN.format('$text::VARCHAR')}", {"text": text}).fetchone() == (names,)
