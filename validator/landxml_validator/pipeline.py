"""Validate: paths → report. The parent cuts the work into tasks, workers do them, DuckDB sees the whole.

Memory hardly grows with the delivery: a worker holds one batch of records, the parent the list of documents
and a ledger of counts and samples, and the package rules read Parquet parts, which DuckDB may spill to disk.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import math
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from importlib.metadata import version
from typing import Any, NamedTuple

from landxml.intake import Document, Refusal, find
from landxml.loading import Fault, refusal_fault
from landxml_validator import package, reference, verdict
from landxml_validator.ledger import Ledger
from landxml_validator.profile import Profile, load
from landxml_validator.report import File, Report
from landxml_validator.worker import Settings, Task, check

__all__ = ["Progress", "validate"]

TASK_BYTES = 20_000_000
"""Bytes of small files that make one task at most."""
TASK_DOCUMENTS = 2_500
"""Most small files in one task."""
ALONE = 8_000_000
"""Bytes below which starting workers costs more than it saves."""


class Progress(NamedTuple):
    """How far a run is, in bytes of input."""

    done: int
    total: int


def validate(
    paths: Iterable[str | os.PathLike[str]],
    *,
    profile: str = "trial-integration",
    as_of: dt.date | None = None,
    samples: int = 100,
    workers: int | None = None,
    personal_data: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Check a delivery: files, folders and zip archives, of any layout, taken together.

    Parameters
    ----------
    paths
        What to check; ``-`` is standard input.
    profile
        Name of a built-in profile, or path of a ``.toml`` file.
    as_of
        Date on which codes are judged where the delivery does not say; today by default.
    samples
        Most findings listed per rule. Counts are always exact.
    workers
        Processes; by default one per core, and none for small input.
    personal_data, progress
        Show personal data in clear; called now and then with the bytes done.

    Returns
    -------
    Report
        With every finding of one run, whatever else failed.

    Raises
    ------
    LandXmlError
        If the profile does not exist or is wrong.
    """
    started, created = time.perf_counter(), dt.datetime.now(dt.UTC)
    names = [os.fspath(path) for path in paths]
    chosen = load(profile)
    as_of = as_of or created.astimezone().date()
    total = Ledger(samples=samples, personal_data=personal_data)
    _fill(total, names, chosen, as_of, workers=workers, progress=progress or (lambda _: None))
    judgement = verdict.judge(total, chosen)
    _sign(judgement["files"])
    return Report(
        tool=f"landxml {version('landxml-vn')}",
        profile=chosen.id,
        profile_title=chosen.title,
        created=created,
        as_of=as_of,
        inputs=names,
        samples=samples,
        personal_data=personal_data,
        seconds=round(time.perf_counter() - started, 3),
        **judgement,
    )


def _fill(
    total: Ledger,
    names: Iterable[str],
    profile: Profile,
    as_of: dt.date,
    *,
    workers: int | None,
    progress: Callable[[Progress], None],
) -> None:
    """Enter all that is found into the ledger; what is written on the way goes with its folder."""
    documents = _documents(names, total)
    with tempfile.TemporaryDirectory(prefix="landxml-", ignore_cleanup_errors=True) as folder:
        settings = Settings(
            profile=profile,
            as_of=as_of,
            samples=total.samples,
            personal_data=total.personal_data,
            folder=folder,
        )
        for ledger in _run(documents, settings, workers, progress):
            total.add(ledger)
        _mixed(total)
        package.check(total, settings)


def _documents(names: Iterable[str], ledger: Ledger) -> list[Document]:
    """List what is to be read; what is refused is a finding."""
    documents = []
    for item in find(names):
        if isinstance(item, Refusal):
            ledger.fault(refusal_fault(item))
        else:
            documents.append(item)
    return documents


def _mixed(ledger: Ledger) -> None:
    """Enter a finding if the delivery holds more than one layout."""
    layouts = sorted({file.layout for file in ledger.files if file.layout})
    if len(layouts) > 1:
        ledger.fault(Fault("PKG005", "", 0, "", "", "", {"layouts": ", ".join(layouts)}))


def _sign(files: Iterable[File]) -> None:
    """Add the SHA-256 of archives and single files that no worker has hashed."""
    for file in files:
        if file.sha256 is None and os.path.isfile(file.name):  # noqa: PTH113 - a name, as the user gave it
            with open(file.name, "rb") as stream:  # noqa: PTH123
                file.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()


def _run(
    documents: Sequence[Document],
    settings: Settings,
    workers: int | None,
    progress: Callable[[Progress], None],
) -> Iterator[Ledger]:
    """Do all tasks, and yield their ledgers in the order of the tasks."""
    size = sum(document.size for document in documents)
    count = workers or os.cpu_count() or 1
    tasks = _tasks(documents, size, count)
    count = min(count, len(tasks))
    if count <= 1 or (workers is None and size < ALONE):
        done = 0

        def advance(read: int) -> None:
            nonlocal done
            done += read
            progress(Progress(done, size))

        for task in tasks:
            yield check(task, settings, advance)
        progress(Progress(size, size))
        return
    yield from _parallel(tasks, settings, count, size, progress)


def _parallel(
    tasks: list[Task], settings: Settings, count: int, size: int, progress: Callable[[Progress], None]
) -> Iterator[Ledger]:
    context = multiprocessing.get_context("spawn")
    done = context.Value("q", 0)
    pool = ProcessPoolExecutor(count, context, initializer=_begin, initargs=(done, settings.folder))
    try:
        with _deaf():  # Ctrl-C is the parent's business
            futures = [pool.submit(_work, task, settings) for task in tasks]
        reference.table("Extent")  # the slow one; the package rules need it, and the workers are starting
        for future in futures:
            while not wait([future], timeout=0.2).done:
                progress(Progress(done.value, size))
            yield future.result()
        progress(Progress(size, size))
        pool.shutdown(wait=False)
    except BaseException:
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - public only from Python 3.14 on
            process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)
        raise


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Hold back Ctrl-C, so that processes started now never hear it; it is heard here when the block ends."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows, where workers are told in _begin
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_shared: dict[str, Any] = {}
"""What the parent shares with this worker process."""


def _begin(done: Any, folder: str) -> None:
    """Prepare a worker: deaf to Ctrl-C, its progress in one shared number, and not to outlive its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _shared["done"] = done
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()


def _end_with_parent(folder: str) -> None:
    """Wait until the parent has gone, killed perhaps; then leave nothing behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)


def _work(task: Task, settings: Settings) -> Ledger:
    done = _shared["done"]

    def advance(size: int) -> None:
        with done.get_lock():
            done.value += size

    return check(task, settings, advance)


def _tasks(documents: Sequence[Document], size: int, workers: int) -> list[Task]:
    """Cut documents, in their order, into tasks of even size, equally many for each worker."""
    share = max(size / TASK_BYTES, len(documents) / TASK_DOCUMENTS, 1)
    parts = workers * math.ceil(share / workers)
    done, cut = 0, defaultdict[int, list[Document]](list)
    for document in documents:
        cut[(2 * done + document.size) * parts // (2 * size + 1)].append(document)
        done += document.size
    return [Task(number, cut[number]) for number in sorted(cut)]
