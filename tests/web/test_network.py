"""The server of an office as other machines see it: TLS, a token each, and nothing by other ways."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import ipaddress
import json
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HERE = ipaddress.ip_address("127.0.0.1")
pytestmark = pytest.mark.slow


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of this machine, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path = tmp_path / "server.pem"
    path.write_bytes(
        made.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    )
    return path


@pytest.fixture
def port(certificate: Path, tmp_path: Path) -> Iterator[int]:
    (tokens := tmp_path / "tokens").touch(0o600)
    tokens.write_text("to-1 aaaaaaaaaaaaaaaaaaaa\nto-2 bbbbbbbbbbbbbbbbbbbb", "utf-8")
    options = f"--listen 0.0.0.0:0 --folder {tmp_path}/server --token-file {tokens} --audit {tmp_path}/audit"
    command = [sys.executable, "-P", "-m", "landxml_cli", "web", *options.split(), "--no-open"]
    secure = ["--cert", str(certificate), "--key", str(certificate)]
    with subprocess.Popen(
        [*command, *secure], stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stderr
        told = process.stderr.readline()
        found = re.search(r"https://0\.0\.0\.0:(\d+)/$", told)
        assert found, told  # and no token in it
        yield int(found[1])
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_an_office(port: int, certificate: Path, tmp_path: Path) -> None:
    context = ssl.create_default_context(cafile=str(certificate))

    def ask(method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str, bytes]:
        """Return status, cookie and body of an answer."""
        with contextlib.closing(http.client.HTTPSConnection("127.0.0.1", port, context=context)) as way:
            way.request(method, path, body, headers)
            answer = way.getresponse()
            return answer.status, answer.getheader("set-cookie") or "", answer.read()

    assert ask("GET", "/")[0] == 401
    status, cookie, _ = ask("GET", "/open?token=aaaaaaaaaaaaaaaaaaaa")
    assert status == 200
    assert "Secure" in cookie
    page = {"Cookie": cookie.partition(";")[0], "Sec-Fetch-Site": "same-origin"}
    run = json.loads(ask("POST", "/api/runs", **page)[2])["id"]
    for path in (
        f"/runs/{run}/..%2Frun.json",
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
    ):
        assert ask("GET", path, **page)[0] == 404, path
    assert ask("PUT", f"/api/runs/{run}/files?name=../x", b"x", **page)[0] == 400
    assert ask("GET", f"/api/runs/{run}", Authorization="Bearer bbbbbbbbbbbbbbbbbbbb")[0] == 404
    assert ask("GET", "/", Host="evil.example", **page)[0] == 400
    assert ask("GET", "/", Host="192.0.2.7", **page)[0] == 200  # as another machine calls it
    log = (tmp_path / "audit").read_text("utf-8")
    assert [line.split()[1:3] for line in log.splitlines()] == [["open", "user=to-1"], ["new", "user=to-1"]]
    assert "127.0.0.1" not in log
