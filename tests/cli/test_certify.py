"""``landxml certify`` and ``landxml verify``."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.validator.own import written


def test_a_certificate_from_report_to_verdict(run, bad, tmp_path: Path) -> None:
    report, made, page = (tmp_path / name for name in ("r.json", "c.json", "c.html"))
    assert run("validate", bad, "-q", "-o", report).code == 1
    assert run("certify", report, "-o", made).code == 0
    assert run("certify", report).out == made.read_text("utf-8")
    found = run("verify", made, bad, "--lang", "vi")
    assert (found.code, found.err) == (0, "")
    assert found.out.endswith("✓ Kiểm tra lại cho cùng kết quả\nChứng nhận đúng.\n")

    assert run("certify", report, "-o", page, "--lang", "vi").code == 0
    html = page.read_text("utf-8")
    stated = json.loads(made.read_bytes())
    for word in (stated["sha256"], stated["statement"]["inputs"][0]["sha256"], "Không đạt", "size: A4"):
        assert word in html
    assert "<script" not in html
    assert not re.search(r"(src|href)=", html)

    stated["statement"]["errors"] = 0
    made.write_text(json.dumps(stated), "utf-8")
    (other,) = bad.glob("*.gml")
    found = run("verify", made, other, "--lang", "en")
    assert found.code == 1
    assert "✗ The certificate was changed" in found.out
    assert "✗ The data are not those" in found.out
    assert run("verify", made, tmp_path / "no").code == 2


def test_a_check_with_own_rules_and_a_configuration_can_be_verified(
    run, good, tmp_path: Path, monkeypatch
) -> None:
    rules, report, made = written(tmp_path / "rules"), tmp_path / "r.json", tmp_path / "c.json"
    office = tmp_path / "office"
    office.mkdir()
    (office / "landxml.toml").write_text('profile = "upload-precheck"\nignore = ["TXT"]\n', "utf-8")
    monkeypatch.chdir(office)
    run("validate", good, "-q", "--rules", rules, "-o", report)
    monkeypatch.chdir(tmp_path)
    assert run("certify", report, "-o", made).code == 0
    assert run("verify", made, good, "--rules", rules).code == 0
    without = run("verify", made, good)
    assert without.code == 1
    assert "✗ Other rules" in without.out
