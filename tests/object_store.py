"""A server of S3 on this machine, which fails where a test wants it to."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from threading import Thread
from typing import Any

import pytest

from landxml import remote

__all__ = ["BUCKET", "Server", "serving"]

Trouble = Callable[[str, str], str | None]
"""From the method and path of a call to what is answered instead, a status and a code such as
``403 AccessDenied``; None lets it pass."""
BUCKET = "giao-nop"


class Server:
    """An object store with one bucket.

    ``calls`` are the methods and paths of the calls that it took.
    """

    def __init__(self) -> None:
        boto3 = pytest.importorskip("boto3")
        moto = pytest.importorskip("moto.server")
        serving = pytest.importorskip("werkzeug.serving")
        self.trouble: Trouble = lambda _method, _path: None
        self.calls: list[tuple[str, str]] = []
        self._app = moto.DomainDispatcherApplication(moto.create_backend_app)
        handler = type("Quiet", (serving.WSGIRequestHandler,), {"log": lambda *_: None})
        self._server = serving.make_server(
            "127.0.0.1", 0, self._answer, threaded=True, request_handler=handler
        )
        Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.port}"
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
        self.client = boto3.client("s3", endpoint_url=self.url, **keys)
        self.client.create_bucket(Bucket=BUCKET)

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.calls.append((method, path))
        if (said := self.trouble(method, path)) is None:
            answer: Iterable[bytes] = self._app(environ, start)
            return answer
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start(said, [("Content-Type", "application/xml")])
        _, _, code = said.partition(" ")
        return [f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>-</Message></Error>".encode()]

    def objects(self, folder: str) -> dict[str, bytes]:
        """Return the objects below a folder of the bucket, by their names there."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{folder}/")
        keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
        return {
            key.removeprefix(f"{folder}/"): self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
            for key in keys
            if not key.endswith("/")
        }

    def put(self, key: str, content: bytes) -> None:
        """Put an object into the bucket."""
        self.client.put_object(Bucket=BUCKET, Key=key, Body=content)

    @contextlib.contextmanager
    def failing(self, trouble: Trouble) -> Iterator[None]:
        """Let calls fail while the block lasts."""
        before, self.trouble = self.trouble, trouble
        try:
            yield
        finally:
            self.trouble = before

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """Give a server, which is the one that the program asks while the block lasts."""
    server = Server()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", server.url)
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        remote._store.cache_clear()
        yield server
    server.stop()
    remote._store.cache_clear()
