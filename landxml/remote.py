"""Objects in a store that speaks S3: named ``s3://bucket/key``, documents read by ranges, not copied first.

PyArrow's own client is used. It is told where the store is, and who asks, as other tools of S3 are: by
``AWS_ENDPOINT_URL``, ``AWS_REGION``, ``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``, ``AWS_SESSION_TOKEN``
in the environment. Nothing else is asked but the store that a path names.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import shutil
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from pyarrow.fs import S3FileSystem

__all__ = ["SCHEME", "Stored", "is_remote", "key", "listed", "names", "opened", "put", "remove", "stored"]

SCHEME = "s3://"
BUFFER = 4 * 2**20
"""Bytes of a range: dossiers lie in an archive one behind the other."""
CONNECTING, ANSWERING, TRIES = 10, 60, 3
"""Seconds until a store has taken a call, and answered it; how often it is called."""


class Stored(NamedTuple):
    """An object: its path, bytes, and time of change in ns since 1970."""

    path: str
    size: int
    changed: int


def is_remote(path: str) -> bool:
    """Tell whether a path is one of an object store."""
    return path.startswith(SCHEME)


def stored(path: str) -> Stored | None:
    """Return the object at a path; None where it stands for those below it, as a folder does.

    Raises
    ------
    OSError
        If there is neither; if the store does not answer, or does not let it be read.
    """
    from pyarrow.fs import FileType  # noqa: PLC0415 - slow to load, and seldom needed

    with _said(path):
        (found,) = _store().get_file_info([key(path)])
    if found.type == FileType.NotFound:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    return Stored(path, found.size, found.mtime_ns) if found.type == FileType.File else None


def listed(path: str) -> Iterator[Stored]:
    """Yield the objects below a path, by their names.

    Raises
    ------
    OSError
        As of :func:`stored`.
    """
    from pyarrow.fs import FileSelector, FileType  # noqa: PLC0415

    with _said(path):
        found = _store().get_file_info(FileSelector(key(path), recursive=True))
    for each in sorted(found, key=lambda each: each.path.split("/")):
        if each.type == FileType.File:
            yield Stored(f"{SCHEME}{each.path}", each.size, each.mtime_ns)


def names(path: str) -> list[str]:
    """Return the names directly below a path; none where nothing is.

    Raises
    ------
    OSError
        As of :func:`stored`.
    """
    from pyarrow.fs import FileSelector  # noqa: PLC0415

    with _said(path):
        found = _store().get_file_info(FileSelector(key(path), allow_not_found=True))
    return sorted(each.base_name for each in found)


def put(source: BinaryIO, path: str) -> None:
    """Write an object, or replace it.

    A small one is there as a whole or not at all. Of a large one, if the source cannot be read to its end,
    the part that was read stays.

    Raises
    ------
    OSError
        As of :func:`stored`; if the store is full.
    """
    with _said(path), _store().open_output_stream(key(path)) as out:
        shutil.copyfileobj(source, out, BUFFER)


def remove(path: str) -> None:
    """Remove all objects below a path, if there are any.

    Raises
    ------
    OSError
        As of :func:`stored`.
    """
    with _said(path), contextlib.suppress(FileNotFoundError):
        _store().delete_dir(key(path))


def opened(path: str) -> BinaryIO:
    """Open an object, to be read in any order.

    Raises
    ------
    OSError
        As of :func:`stored`, here or while reading.
    """
    with _said(path):
        return io.BufferedReader(_Object(path), BUFFER)


class _Object(io.RawIOBase):
    """An object as a raw file; each reading asks the store for a range."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file = _store().open_input_file(key(path))
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._file.size()}[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        with _said(self._path):
            found = self._file.read_at(len(buffer), self._at)
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        self._file.close()
        super().close()


def key(path: str) -> str:
    """Return the bucket and what stands behind it, as PyArrow wants them.

    >>> key("s3://bucket/a/")
    'bucket/a'
    """
    return path.removeprefix(SCHEME).strip("/")


@cache
def _store() -> S3FileSystem:
    from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem  # noqa: PLC0415

    os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")  # else it looks for keys in the network
    told = os.environ.get
    scheme, _, host = (told("AWS_ENDPOINT_URL_S3") or told("AWS_ENDPOINT_URL") or "").rpartition("://")
    return S3FileSystem(
        endpoint_override=host.rstrip("/") or None,
        scheme=scheme or "https",
        region=told("AWS_REGION") or told("AWS_DEFAULT_REGION") or "us-east-1",
        connect_timeout=CONNECTING,
        request_timeout=ANSWERING,
        allow_delayed_open=True,  # a small object is one call
        retry_strategy=AwsStandardS3RetryStrategy(max_attempts=TRIES),
    )


_SAID = {
    errno.ENOSPC: r"StorageFull|InsufficientStorage|QuotaExceeded|HTTP status 507",
    errno.EACCES: r"ACCESS_DENIED|INVALID_ACCESS_KEY|SIGNATURE|INVALID_CLIENT_TOKEN|HTTP status 40[13]",
    errno.ENOENT: r"NO_SUCH_BUCKET|NO_SUCH_KEY|RESOURCE_NOT_FOUND",
    errno.ETIMEDOUT: r"NETWORK_CONNECTION|SLOW_DOWN|SERVICE_UNAVAILABLE|curlCode",
}
"""What PyArrow says of a store, by the number that an error of a file would have."""


@contextlib.contextmanager
def _said(path: str) -> Iterator[None]:
    """Raise what a store says as an error of the system about a path that the user knows."""
    try:
        yield
    except OSError as error:
        known = (number for number, said in _SAID.items() if re.search(said, str(error)))
        number = error.errno or next(known, None)
        if number is None:
            raise
        raise OSError(number, os.strerror(number), path) from error
