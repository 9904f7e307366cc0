"""Tasks on the machines of a cluster of Dask, which share the folder of the outcomes and the data.

Whoever reaches the port of a scheduler has the machines do what he likes: hence TLS, but on one machine.
"""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import logging
import os
import platform
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import dask
from distributed import Client, Future, KilledWorker, Security, Worker, WorkerPlugin, as_completed, get_worker

from landxml.absent import absent
from landxml.errors import LandXmlError
from landxml.remote import is_remote
from landxml.text import Text
from landxml.version import TOOL
from landxml_validator.executors import MOST_LOST, Advance, Cluster, Lost, R, T, Work

__all__ = ["SETTINGS", "run"]

(_OURS,) = dask.config.collect_yaml([str(Path(__file__).with_suffix(".yaml"))])
SETTINGS: dict[str, float] = _OURS["distributed"]["scheduler"]
"""Of the scheduler, by their names in Dask's configuration."""
PATIENCE = 30
"""Seconds until a scheduler has answered, and has a worker."""

LOOK, ABSENT = 5.0, 300
"""Seconds without a result after which the workers are counted; seconds without any until the run ends."""

_DIED = Text(
    vi="Máy tính toán dừng đột ngột khi đọc tệp này, có thể do thiếu bộ nhớ.",
    en="The worker that checked it ended suddenly, perhaps for want of memory.",
)


def run(
    work: Work[T, R],
    rounds: Iterable[Iterable[T]],
    advance: Advance,
    *,
    cluster: Cluster,
    paths: Sequence[str] = (),
) -> Iterator[R | Lost[T]]:
    """Yield the results of tasks, those of each round in the order in which they end.

    Parameters
    ----------
    work, rounds, advance
        As of every executor; ``advance`` is told of a task when it is done.
    cluster
        Where its scheduler is.
    paths
        What each worker must find at the same place, as this process does.

    Raises
    ------
    LandXmlError
        If there is no such cluster, it is not set up alike, or it is lost; outcomes that are kept stay.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is raised
    name = f"landxml-{secrets.token_hex(8)}"
    with _connected(cluster) as client:
        _compare(client, cluster, paths)
        client.register_plugin(_Session(work, Path.cwd()), name=name)
        numbers = count()

        def ask(tasks: Sequence[T]) -> dict[Future, T]:
            keys = [f"{name}-{next(numbers)}" for _ in tasks]
            futures = client.map(partial(_carry_out, name), tasks, key=keys, pure=False)
            return dict(zip(futures, tasks, strict=True))

        try:
            for tasks in rounds:
                yield from _results(client, ask, list(tasks), advance, cluster)
        finally:
            if client.status == "running":
                client.unregister_worker_plugin(name)


def _connected(cluster: Cluster) -> Client:
    address = urlsplit(cluster.address)
    if address.scheme not in {"tcp", "tls"} or not address.hostname:
        raise _wrong(
            cluster, "không phải địa chỉ dạng tls://máy:cổng", "is no address such as tls://host:port"
        )
    secure = address.scheme == "tls"
    if not (secure or cluster.insecure or _is_this_machine(address.hostname)):
        raise _wrong(
            cluster,
            "không được mã hóa, ai cũng đọc và ra lệnh được; dùng tls://, hoặc --insecure trong mạng riêng",
            "is not encrypted, anyone can read and give orders; use tls://, or --insecure in a private net",
        )
    security = Security(require_encryption=secure)
    try:
        client = Client(cluster.address, security=security, timeout=PATIENCE, set_as_default=False)
        client.wait_for_workers(1, timeout=PATIENCE)
    except (
        OSError,
        TypeError,
        ValueError,
    ) as error:  # TypeError: no certificates where there have to be some
        raise _wrong(cluster, f"không kết nối được ({error})", f"cannot be reached ({error})") from error
    return client


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _compare(client: Client, cluster: Cluster, paths: Sequence[str]) -> None:
    """Refuse a cluster whose workers would come to other findings, or do not see what they should."""
    if wrong := _differ(client.run_on_scheduler(_settings), SETTINGS):
        raise _wrong(
            cluster,
            f"bộ điều phối cần DASK_CONFIG là cluster.yaml của landxml ({wrong})",
            f"its scheduler needs DASK_CONFIG at landxml's cluster.yaml ({wrong})",
        )
    ours = _installed() | {"threads": 1, "missing": []}
    try:
        places = [path if is_remote(path) else str(Path(path).absolute()) for path in paths]
        found = client.run(_described, places)
    except ModuleNotFoundError as error:
        raise _wrong(cluster, f"máy thành viên thiếu {error.name}", f"a worker lacks {error.name}") from error
    for worker, theirs in sorted(found.items()):
        if wrong := _differ(theirs, ours):
            raise _wrong(
                cluster,
                f"máy thành viên {worker} khác máy này ({wrong})",
                f"worker {worker} differs ({wrong})",
            )


def _differ(found: Mapping[str, object], wanted: Mapping[str, object]) -> str:
    return ", ".join(
        f"{name}: {found[name]} ≠ {value}" for name, value in wanted.items() if found[name] != value
    )


def _settings() -> dict[str, object]:
    return {key: dask.config.get(f"distributed.scheduler.{key}") for key in SETTINGS}


def _described(paths: Sequence[str], dask_worker: Worker) -> dict[str, object]:
    missing = [path for path in paths if absent(path)]
    return _installed() | {"threads": dask_worker.state.nthreads, "missing": missing}


def _installed() -> dict[str, object]:
    """Say what findings depend on: versions, and a digest of our own files."""
    digest = hashlib.sha256()
    for package in ("landxml", "landxml_schemas", "landxml_units", "landxml_mappings", "landxml_validator"):
        root = Path(cast("str", __import__(package).__file__)).parent
        for path in sorted(root.rglob("*")):
            if path.suffix in {".py", ".toml", ".csv", ".xsd"}:
                digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    libraries = {name: version(name) for name in ("duckdb", "lxml", "pyarrow", "shapely")}
    return {"landxml": f"{TOOL} {digest.hexdigest()[:12]}", "python": platform.python_version(), **libraries}


class _Session(WorkerPlugin):  # type: ignore[misc] # Dask is Any here
    """What a worker needs for the tasks of a run: entered with the first of them, left with the run."""

    def __init__(self, work: Work[T, R], folder: Path) -> None:
        self.work = work
        self.folder = folder
        self.stack: ExitStack | None = None

    def carry_out(self, task: Any) -> tuple[object, int]:
        """Return the result of a task, and the number of bytes read for it."""
        if self.stack is None:
            os.chdir(self.folder)  # so that names of files stay as the user gave them
            self.stack = ExitStack()
            self.function = self.stack.enter_context(self.work())
        read: list[int] = []
        return self.function(task, read.append), sum(read)

    def teardown(self, worker: object) -> None:  # noqa: ARG002 - as Dask calls it
        if self.stack:
            self.stack.close()


def _carry_out(name: str, task: object) -> tuple[object, int]:
    session = cast("_Session", get_worker().plugins[name])
    return session.carry_out(task)


def _results(
    client: Client,
    ask: Callable[[Sequence[T]], dict[Future, T]],
    tasks: Sequence[T],
    advance: Advance,
    cluster: Cluster,
) -> Iterator[Any]:
    """Yield what came of the tasks of a round; one of which a worker died is done again in halves.

    One document is lost only when two workers died of it: the first may have been killed for another.
    """
    pending = as_completed(loop=client.loop, raise_errors=False)
    asked = ask(tasks)
    again: set[T] = set()
    pending.update(asked)
    for future in _arriving(pending, partial(_has_workers, client), cluster):
        task = asked.pop(future)
        if (outcome := _outcome(future)) is not None:
            result, read = outcome
            advance(read)
            yield result
        elif future.status in {"finished", "pending", "lost"}:  # lost with its worker
            more = ask([task])
            asked |= more
            pending.update(more)
        elif not isinstance(error := _error(future, cluster), KilledWorker) or len(again) > MOST_LOST:
            raise error
        elif task in again:
            yield Lost(task, _DIED)
        else:
            halves = task.halves()
            again.update(() if halves else (task,))
            more = ask(halves or [task])
            asked |= more
            pending.update(more)
        future.release()  # else the scheduler keeps all results


def _outcome(future: Future) -> tuple[Any, int] | None:
    """Return what came of a task, and the bytes read; None if it failed, or its result went with its worker.

    Results lie with the workers. Dask would do a task again whose result was lost, and seldom tells when.
    """
    if future.status != "finished":
        return None
    with contextlib.suppress(TimeoutError):
        return cast("tuple[Any, int]", future.result(timeout=PATIENCE))
    return None


def _arriving(pending: as_completed, there: Callable[[], bool], cluster: Cluster) -> Iterator[Future]:
    """Yield futures as they end, as long as there are workers.

    A nanny gives up if the worker that it starts in the place of a dead one dies, too, or is too slow to
    begin; without any the scheduler would keep the tasks for ever.
    """
    seen = time.monotonic()
    while not pending.is_empty():
        if pending.has_ready():
            yield next(pending)
        elif time.monotonic() < seen + LOOK:
            time.sleep(0.05)
        elif there():
            seen = time.monotonic()
        elif time.monotonic() > seen + ABSENT:
            raise _wrong(
                cluster,
                f"không còn máy thành viên nào từ {ABSENT} giây; khởi động lại rồi chạy lại với cùng --work",
                f"has had no worker for {ABSENT} seconds; start some, and run again with the same --work",
            )
        else:
            time.sleep(min(LOOK, 1))


def _has_workers(client: Client) -> bool:
    """Tell whether the scheduler has workers; one that is lost ends its tasks itself."""
    try:
        return bool(client.scheduler_info().get("workers", "it does not say"))
    except OSError:
        return True


def _error(future: Future, cluster: Cluster) -> BaseException:
    if future.status == "error":
        return cast("BaseException", future.exception())
    return _wrong(
        cluster,
        "mất kết nối với bộ điều phối; chạy lại với cùng --work thì tiếp tục từ chỗ dừng",
        "the scheduler was lost; run again with the same --work, which goes on where it stopped",
    )


def _wrong(cluster: Cluster, vi: str, en: str) -> LandXmlError:
    return LandXmlError(Text(vi, en), file=cluster.address)
