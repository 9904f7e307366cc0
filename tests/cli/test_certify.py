"""``landxml certify`` and ``landxml verify``."""

from __future__ import annotations

import json
import re
import subprocess
import sys
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


def test_a_signed_certificate_is_known_by_its_key(run, bad, tmp_path: Path, monkeypatch) -> None:
    report, made = tmp_path / "r.json", tmp_path / "c.json"
    run("validate", bad, "-q", "-o", report)

    def key(name: str, *algorithm: str) -> Path:
        private, public = (tmp_path / f"{name}{half}.pem" for half in ("", ".pub"))
        subprocess.run(["openssl", "genpkey", "-out", private, *algorithm], check=True, capture_output=True)
        subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=False)
        return private

    key("theirs", "-algorithm", "ed25519")
    ours, closed, curve = (
        key("ours", "-algorithm", "ed25519"),
        key("closed", "-algorithm", "ed25519", "-aes256", "-pass", "pass:a"),
        key("curve", "-algorithm", "x25519"),
    )
    assert run("certify", report, "--sign", ours, "-o", made).code == 0
    other = next(bad.glob("*.gml"))

    def verified(*options: object) -> str:
        return str(run("verify", made, other, "--lang", "en", *options).out)

    assert "✓ The signature holds" in verified("--key", tmp_path / "ours.pub.pem")
    assert "✗ Signed with another key" in verified("--key", tmp_path / "theirs.pub.pem")
    assert "· It has a signature" in verified()
    assert run("certify", report, "--sign", ours).out == made.read_text("utf-8")
    stated = json.loads(made.read_bytes())
    signature = bytes.fromhex(stated["signature"]["value"])
    (tmp_path / "line").write_text(f"landxml certificate 1 {stated['sha256']}", "utf-8")
    (tmp_path / "signature").write_bytes(signature)
    told = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", tmp_path / "ours.pub.pem", "-rawin", "-in",
         tmp_path / "line", "-sigfile", tmp_path / "signature"], check=False, capture_output=True,
    )  # fmt: skip
    assert b"Successfully" in told.stdout
    made.write_text(json.dumps(stated | {"sha256": "0" * 64}), "utf-8")
    assert "✗ The signature does not hold" in verified("--key", tmp_path / "ours.pub.pem")
    del stated["signature"]
    made.write_text(json.dumps(stated), "utf-8")
    assert "✗ The certificate has no signature" in verified("--key", tmp_path / "ours.pub.pem")
    for wrong, why in (
        (closed, "has a password"),
        (curve, "is no private Ed25519 key"),
        (made, "is no private"),
    ):
        refused = run("certify", report, "--sign", wrong, "--lang", "en")
        assert (refused.code, why in refused.err, wrong.name in refused.err) == (2, True, True)
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    refused = run("certify", report, "--sign", ours, "--lang", "en")
    assert (refused.code, "pip install 'landxml-vn[sign]'" in refused.err) == (2, True)


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
