"""Ed25519 signatures of certificates: who vouches for what one states.

Signed is the text ``landxml certificate 1 <sha256>``, no line break, so that other programs can verify it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from landxml.errors import LandXmlError
from landxml.files import Path_
from landxml.text import Text
from landxml_validator.certificate import Certificate, Signature

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

__all__ = ["judged", "sign"]


def sign(certificate: Certificate, key: Path_) -> Certificate:
    """Return a certificate with the signature of a private key: a PEM file without a password.

    Raises
    ------
    LandXmlError
        If the file holds no such key, or ``cryptography`` is not installed.
    OSError
        If it cannot be read.
    """
    private: Ed25519PrivateKey = _key(key, "private")
    made = Signature(key=_name(private.public_key()), value=private.sign(_line(certificate)).hex())
    return msgspec.structs.replace(certificate, signature=made)


def judged(certificate: Certificate, key: Path_) -> Literal["good", "bad", "other", "none"]:
    """Return what the public key of a PEM file makes of a signature.

    ``other``: it was made with another key; ``bad``: what is stated, or the signature, was changed.

    Raises
    ------
    LandXmlError, OSError
        As of :func:`sign`.
    """
    public: Ed25519PublicKey = _key(key, "public")
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an extra

    found = certificate.signature
    if found is None:
        return "none"
    try:
        public.verify(bytes.fromhex(found.value), _line(certificate))
    except (InvalidSignature, ValueError):
        return "bad" if found.key == _name(public) else "other"
    return "good"


def _line(certificate: Certificate) -> bytes:
    return f"landxml certificate {certificate.certificate} {certificate.sha256}".encode()


def _name(key: Ed25519PublicKey) -> str:
    """Return the SHA-256 of the 32 bytes of a key, by which it is known."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def _key(path: Path_, kind: Literal["private", "public"]) -> Any:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415
    except ImportError:
        raise _refused(None, "extra") from None
    data = Path(path).read_bytes()
    if b"ENCRYPTED" in data:
        raise _refused(path, "password")
    read: dict[str, tuple[type, Callable[[bytes], object]]] = {
        "private": (
            ed25519.Ed25519PrivateKey,
            lambda pem: serialization.load_pem_private_key(pem, password=None),
        ),
        "public": (ed25519.Ed25519PublicKey, serialization.load_pem_public_key),
    }
    wanted, load = read[kind]
    try:
        found = load(data)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        found = None
    if not isinstance(found, wanted):
        raise _refused(path, kind)
    return found


def _refused(file: Path_ | None, why: str) -> LandXmlError:
    return LandXmlError(_WHY[why], file=file)


_WHY = {
    "extra": Text(
        "chữ ký cần thư viện cryptography: pip install 'landxml-vn[sign]'",
        "signatures need the library cryptography: pip install 'landxml-vn[sign]'",
    ),
    "password": Text(
        "khóa có mật khẩu; hãy dùng khóa không mật khẩu: openssl pkey -in KHÓA.pem -out KHÓA-MỞ.pem",
        "the key has a password; use one without: openssl pkey -in KEY.pem -out OPEN.pem",
    ),
    "private": Text(
        "không phải khóa bí mật Ed25519 dạng PEM; tạo bằng: openssl genpkey -algorithm ed25519 -out KHÓA.pem",
        "is no private Ed25519 key in PEM; make one: openssl genpkey -algorithm ed25519 -out KEY.pem",
    ),
    "public": Text(
        "không phải khóa công khai Ed25519 dạng PEM; lấy từ khóa bí mật: openssl pkey -in KHÓA.pem -pubout",
        "is no public Ed25519 key in PEM; get it from the private one: openssl pkey -in KEY.pem -pubout",
    ),
}
