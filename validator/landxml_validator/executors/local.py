"""Tasks in processes of this machine, which this one starts, feeds by pipes, and survives.

``multiprocessing`` would run the user's script once more in each of them, which fails where it is not guarded
by ``if __name__ == "__main__"``. On Linux one process imports what the work needs and then copies itself
(fork), before it has threads or a database: a worker that died is replaced within milliseconds. Elsewhere
each worker is started anew.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle  # noqa: TID251 - read only from processes that this one has started, or was started by
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, BinaryIO, Generic, NamedTuple, cast

from landxml.errors import LandXmlError
from landxml.text import Text
from landxml_validator.executors import MOST_LOST, Advance, Lost, R, T, Work

__all__ = ["Limits", "run"]


class Limits(NamedTuple):
    """What a process beside the first may take; one that takes more is ended, as if it had died.

    Attributes
    ----------
    memory
        Bytes. A process gets no more of the system (Linux; not enforced elsewhere).
    seconds
        Time without reading on and without a result.
    """

    memory: int = 4 * 2**30
    seconds: float = 900.0


GENEROUS = Limits()
TOLD = 1_000_000
"""Bytes that a process reads before it tells of them."""
TRIES = 3
"""How often a process is started that ends before it has begun: it may have been killed for another."""
FORKS = sys.platform == "linux"

if sys.platform == "linux":
    import resource

    def _limit(memory: int) -> None:
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        with contextlib.suppress(ValueError):  # less is allowed anyway
            resource.setrlimit(resource.RLIMIT_DATA, (memory, most))
else:

    def _limit(_: int) -> None: ...


START = """\
import gc, pickle, signal, sys
for name in "SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT":  # it ends with the first process, which knows why
    if hasattr(signal, name):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
gc.set_threshold(100_000)  # what is made here by the hundred thousand has no cycles
try:
    sys.path[:] = pickle.load(sys.stdin.buffer)
except EOFError:  # stopped before it began
    sys.exit()
from landxml_validator.executors import local
local.start()
"""
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
"""NumPy's threads would only take time to start: nothing here multiplies matrices. Trees of XML come and go
by the hundred megabytes: in pages of 2 MB, where Linux gives them to who asks, that takes a sixth less time;
and what one library gives back, the others can have.
"""

_DIED = Text(
    vi="Tiến trình kiểm tra dừng đột ngột khi đọc tệp này, có thể do thiếu bộ nhớ.",
    en="The process that checked it ended suddenly, perhaps for want of memory.",
)
_SLOW = Text(vi="Kiểm tra tệp này quá thời gian cho phép.", en="Checking it took longer than is allowed.")


def run(
    work: Work[T, R],
    rounds: Iterable[Iterable[T]],
    advance: Advance,
    *,
    count: int,
    limits: Limits = GENEROUS,
    folder: str = "",
) -> Iterator[R | Lost[T]]:
    """Yield the results of tasks, those of each round in the order in which they end.

    Parameters
    ----------
    work, rounds, advance
        As of every executor.
    count
        Processes.
    limits
        What each may take.
    folder
        Temporary folder of the run, which the processes remove if this one is killed.

    Raises
    ------
    LandXmlError
        If processes die whatever they do.
    """
    pool: _Pool[T] = _Pool((work, limits, folder))
    try:
        pool.prepare()
        for tasks in rounds:
            yield from _results(pool, pool.start(tasks, count), advance)
    finally:
        pool.end()


def _results(pool: _Pool[T], threads: int, advance: Advance) -> Iterator[Any]:
    """Yield what the threads of a round are told, until all have ended."""
    while threads:
        with contextlib.suppress(queue.Empty):
            told = pool.told.get(timeout=0.5)  # so that Ctrl-C is heard on Windows too
            if isinstance(told, BaseException):
                raise told
            if told is None:
                threads -= 1
            elif isinstance(told, int):
                advance(told)
            else:
                yield told


def _ended() -> LandXmlError:
    return LandXmlError(
        Text(
            "Một tiến trình kiểm tra đã dừng đột ngột; có thể máy không đủ bộ nhớ.",
            "A process that was checking has ended; perhaps there is not enough memory.",
        )
    )


class _Worker(NamedTuple):
    """A process: its answers, its tasks, its end."""

    answers: IO[bytes]
    tasks: IO[bytes]
    kill: Callable[[], object]

    def close(self) -> None:
        for file in (self.answers, self.tasks):
            with contextlib.suppress(OSError):  # what it did not hear in time
                file.close()


class _Pool(Generic[T]):
    """The processes of a run; ``told`` are bytes read, results, errors, and None when a thread has ended."""

    def __init__(self, plan: tuple[object, Limits, str]) -> None:
        self.told: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.plan = plan
        self.limits = plan[1]
        self._tasks: Iterator[T] = iter(())
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._idle: list[_Worker] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        self._control: socket.socket | None = None
        self._lost = 0
        self._ended = False

    def prepare(self) -> None:
        """Start the process that the others are copies of."""
        if FORKS:
            self._control, theirs = socket.socketpair()
            with theirs:
                self._popen(theirs.fileno())

    def start(self, tasks: Iterable[T], count: int) -> int:
        """Start a round of tasks with as many threads, and return their number."""
        self._tasks = iter(tasks)
        self._threads = [threading.Thread(target=self.feed, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()
        return count

    def end(self) -> None:
        """End all processes, whatever they do, and then the threads."""
        with self._lock:
            self._ended = True
            for process in self._processes:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL) if FORKS else process.kill()
                process.wait()
                for file in (process.stdin, process.stdout):
                    with contextlib.suppress(OSError):  # what it did not hear in time
                        cast("IO[bytes]", file).close()
            if self._control:
                self._control.close()
        for thread in self._threads:
            if thread.ident:
                thread.join()
        for worker in self._idle:
            worker.close()

    def feed(self) -> None:
        """Give one process task after task, and halves of those of which it died.

        One document is lost only when two processes died of it: the first may have been killed for another.
        """
        worker = None
        try:
            while (task := self._next()) is not None:
                todo, again = [task], [task]
                while todo:
                    worker = worker or (self._idle.pop() if self._idle else self._worker())
                    one = todo.pop()
                    reason = self._ask(worker, one)
                    if reason is not None:
                        worker.close()
                        worker = None
                        todo += one.halves() or again or self._lose(one, reason)
                        again = []
        except BaseException as error:  # noqa: BLE001 - raised again in the thread of the run
            self.told.put(error)
        if worker:
            self._idle.append(worker)
        self.told.put(None)

    def _next(self) -> T | None:
        with self._lock:
            return next(self._tasks, None)

    def _lose(self, task: T, reason: Text) -> list[T]:
        self._lost += 1
        if self._lost > MOST_LOST:
            raise _ended()
        self.told.put(Lost(task, reason))
        return []

    def _ask(self, worker: _Worker, task: T) -> Text | None:
        """Have a task carried out, and pass on what is told of it; return why the process ended instead."""
        late = False

        def end() -> None:
            nonlocal late
            late = True
            worker.kill()

        try:
            pickle.dump(task, worker.tasks)
            worker.tasks.flush()
            answer: object = 0
            while isinstance(answer, int):
                timer = threading.Timer(self.limits.seconds, end)
                timer.daemon = True
                timer.start()
                try:
                    answer = pickle.load(worker.answers)  # noqa: S301 - from our own process
                finally:
                    timer.cancel()
                self.told.put(answer)
        except (EOFError, OSError, pickle.UnpicklingError):
            return _SLOW if late else _DIED
        return None

    def _worker(self) -> _Worker:
        for _ in range(TRIES):
            try:
                worker = self._copy(self._control) if self._control else self._start()
            except OSError as error:
                raise _ended() from error
            try:
                pickle.load(worker.answers)  # noqa: S301 - it has begun
            except (EOFError, OSError):
                worker.close()
            else:
                return worker
        raise _ended()

    def _copy(self, control: socket.socket) -> _Worker:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            socket.send_fds(control, [b"1"], [theirs.fileno()])
            theirs.close()
            number = int.from_bytes(ours.recv(4))
            if not number:
                raise _ended()
            return _Worker(ours.makefile("rb"), ours.makefile("wb"), lambda: os.kill(number, signal.SIGKILL))

    def _start(self) -> _Worker:
        process = self._popen()
        return _Worker(cast("IO[bytes]", process.stdout), cast("IO[bytes]", process.stdin), process.kill)

    def _popen(self, *control: int) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._ended:
                raise _ended()
            process = subprocess.Popen(  # noqa: S603 - our own command
                # -P: not the modules of a folder that may be a stranger's
                [sys.executable, "-P", "-c", START, *map(str, control)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # what matters is told; libraries in C say more when they die
                env=ENVIRONMENT | os.environ,
                pass_fds=control,
                # A group of its own: Ctrl-C is the first process's business.
                process_group=0 if os.name == "posix" else None,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
            self._processes.append(process)
        into = cast("IO[bytes]", process.stdin)
        with contextlib.suppress(BrokenPipeError):
            pickle.dump(sys.path, into)
            pickle.dump(self.plan, into)
            into.flush()
        return process


def start() -> None:
    """Be a worker, or the process that makes workers of its copies, whose number of a socket is given."""
    plan = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own process
    if len(sys.argv) == 1:
        _work(sys.stdin.buffer, sys.stdout.buffer, *plan)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    gc.freeze()  # what is there already is shared with the copies, and stays so
    while numbers := socket.recv_fds(control, 1, 1)[1]:
        with socket.socket(fileno=numbers[0]) as channel:
            if os.fork():
                continue
            control.close()
            answers = channel.makefile("wb")
            channel.send(os.getpid().to_bytes(4))
            _work(channel.makefile("rb"), answers, *plan)


def _work(tasks: BinaryIO, answers: BinaryIO, work: Work[T, R], limits: Limits, folder: str) -> None:
    """Carry out tasks as they come, until there are no more."""
    untold = 0

    def tell(message: object) -> None:
        pickle.dump(message, answers)
        answers.flush()

    def advance(read: int) -> None:
        nonlocal untold
        untold += read
        if untold >= TOLD:
            tell(untold)
            untold = 0

    given: queue.SimpleQueue[T] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(tasks, given.put, folder), daemon=True).start()
    _limit(limits.memory)  # not before, because a thread that gets no memory is waited for in vain
    try:
        with work() as function:
            tell("ready")
            while True:
                tell(function(given.get(), advance))
    except Exception as error:  # noqa: BLE001 - whatever it is, the first process has to know
        tell(error)
    os._exit(0)


def _listen(tasks: BinaryIO, put: Callable[[Any], None], folder: str) -> None:
    """Hand on tasks as they come; if the first process is killed before the last one, remove its files."""
    with contextlib.suppress(EOFError, OSError):
        while (task := pickle.load(tasks)) is not None:  # noqa: S301 - from our own process
            put(task)
        os._exit(0)  # there are no more, and tidying up takes a while
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)
