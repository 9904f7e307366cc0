"""Validate: paths → report. Tasks, each some documents, are checked by processes; then DuckDB sees the whole.

Memory hardly grows with the delivery: a process holds one batch of records, this one a short list of
documents and a ledger of counts and samples, and the package rules read Parquet parts, which DuckDB may spill
to disk.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from landxml.absent import absent
from landxml.archive import printable
from landxml.crs import checked
from landxml.documents import Document, Refusal
from landxml.errors import LandXmlError
from landxml.faults import Fault, refusal_fault
from landxml.files import Path_
from landxml.layouts import Layout, builtin
from landxml.privacy import declared
from landxml.progress import OnProgress, Progress
from landxml.sources import Paths, find, listed
from landxml.suffixes import kind_of
from landxml.text import Text
from landxml.version import TOOL
from landxml_mappings.sheets import read
from landxml_validator import (
    communes,
    delivery,
    excerpts,
    existing,
    federated,
    left_out,
    neighbours,
    scanned_papers,
    store,
    verdict,
)
from landxml_validator.communes import Border, Commune
from landxml_validator.configuration import Setting
from landxml_validator.executors import Advance, Cluster, Executor, Lost, local, serial
from landxml_validator.executors.local import GENEROUS, Limits
from landxml_validator.export import opened
from landxml_validator.findings import DATA_SET
from landxml_validator.hashes import Hashes
from landxml_validator.ledger import Ledger, Tally
from landxml_validator.report import Report
from landxml_validator.rule import Rule
from landxml_validator.rule_set import load
from landxml_validator.stages import Settings
from landxml_validator.task import Run, Task, cut, divided, packed
from landxml_validator.worker import working

__all__ = ["Limits", "Progress", "validate"]

ALONE = 8_000_000
"""Bytes below which starting workers costs more than it saves."""


def validate(
    paths: Paths,
    *,
    profile: str | None = None,
    configuration: Iterable[Setting] = (),
    layouts: Iterable[Layout] = (),
    rules: Iterable[Rule] = (),
    as_of: dt.date | None = None,
    crs: int | None = None,
    sheets: Path_ | None = None,
    samples: int = 100,
    workers: int | None = None,
    limits: Limits | None = None,
    cluster: Cluster | None = None,
    work: Path_ | None = None,
    personal_data: bool = False,
    findings: Path_ | None = None,
    baseline: Path_ | None = None,
    suppressions: Path_ | None = None,
    operating: Paths = (),
    force: bool = False,
    progress: OnProgress | None = None,
    look: delivery.Look | None = None,
    keys: federated.Keys | None = None,
) -> Report:
    """Check a delivery: files, folders and zip archives, of any layout, taken together.

    Parameters
    ----------
    paths
        What to check, one path or many; ``-`` is standard input.
    profile
        Name of a built-in profile, or path of a ``.toml`` file or of a folder (``docs/profiles.md``); by
        default the one that the configuration names, else :data:`landxml_validator.profile.DEFAULT`.
    configuration
        What is changed in the rules of the profile (:mod:`landxml_validator.configuration`).
    layouts
        Layouts beside the built-in ones and that of the profile (:func:`landxml.load.layout`).
    rules
        Rules beside the built-in ones (:func:`landxml_validator.own_rules.load`).
    as_of
        Date on which codes are judged where the delivery does not say; today by default.
    crs
        EPSG code of the geometry of map layers that do not say it, or say what cannot be true.
    sheets
        CSV or XLSX with what sheets were called before a merger and are called now, by which attributes and
        map are linked (``docs/join.md``).
    samples
        Most findings listed per rule. Counts are always exact.
    workers
        Processes; by default one per core. With 1, and by default for small input, this one does the work.
    limits
        What each of them may take. A document that takes more, or of which they die, is a finding. This one
        has no limits, so if they are given there is at least one process beside it.
    cluster
        Machines that do it instead (``docs/cluster.md``); they share ``work``, which is needed, and the data.
    work
        Folder, new or of an earlier run, for the outcomes of the check; it may be in an object store,
        ``s3://bucket/folder``. A run finds there what another has done with the same files, profile,
        ``as_of`` and version; what no run has used for 30 days is removed.
    personal_data
        Show personal data in clear.
    findings, force
        File for all findings, by its suffix ``.csv``, ``.parquet`` or ``.jsonl``; whether it may be replaced.
    baseline
        File of the findings of an earlier check: only what is not among them counts
        (:mod:`landxml_validator.comparison`).
    suppressions
        CSV or XLSX of findings that are left as they are for a time (:mod:`landxml_validator.suppression`).
    operating
        What is in operation already: data, or tables of keys, with which records may collide
        (:mod:`landxml_validator.existing`).
    progress
        Called now and then with the bytes done.
    look
        Called when all is judged, with the tables of the whole delivery.
    keys
        New folder for what :func:`landxml_validator.merge.merge` needs of this check, and the salt of the
        campaign: findings and hashes, no personal data (``docs/federated.md``).

    Returns
    -------
    Report
        With every finding of one run, whatever else failed.

    Raises
    ------
    LandXmlError
        If the profile does not exist or is wrong, settings contradict each other, EPSG has no such ``crs``,
        or ``sheets`` is no such table; if ``baseline`` or ``suppressions`` is no such file, ``findings``
        cannot be written (:mod:`landxml.files`), or ``work`` holds something else.
    TypeError, ValueError
        If ``as_of`` is no date, ``samples`` negative, ``workers`` below one, ``cluster`` without ``work``.
    """
    _refuse(as_of, samples, workers, cluster, work)
    started, created, names = time.perf_counter(), dt.datetime.now(dt.UTC), listed(paths)
    judge_by, register = load(profile, layouts, configuration, rules), listed(operating)
    federated.refuse(keys, names, personal_data=personal_data)
    as_of = as_of or created.astimezone().date()
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        write = enter(opened(findings, force=force, private=personal_data)) if findings else None
        own = [one.folder for one in judge_by.profile.own]
        place = enter(store.opened(work, [*names, *own], keys and keys.salt))
        what_is_left = left_out.read(baseline, suppressions, judge_by, as_of, Path(place.folder))
        found = partial(_register, register, work=work, workers=workers, limits=limits, progress=progress)
        settings = _settings(
            place, sheets, found, rules=judge_by, as_of=as_of, crs=checked(crs), samples=samples,
            personal_data=personal_data, inventory=bool(work or look), apart=cluster is not None,
        )  # fmt: skip
        plan = partial(_plan, names=names, workers=workers, limits=limits, cluster=cluster)
        total, hashes, whole, check = _checked(names, settings, plan, progress or (lambda _: None))
        hand = partial(federated.write, keys=keys, settings=settings) if keys else None
        looks = [each for each in (look, hand) if each]
        check(settings, what_is_left, looks=looks)
        total.excerpts = excerpts.read(whole.documents, total, settings)
        judgement = verdict.judge(total, judge_by, as_of)
        hashes.sign(judgement["files"])
        if keys:
            federated.hand_out(total, judgement["files"], keys, settings)
        if write:
            write(Path(place.folder, DATA_SET), judgement["results"])
    return Report(
        tool=TOOL, created=created, as_of=as_of, inputs=[printable(name) for name in names], crs=crs,
        missing=[printable(name) for name in names if absent(name)], samples=samples,
        beside=_given(judge_by.profile.own, sheets, register), existing=[*map(printable, register)],
        seconds=round(time.perf_counter() - started, 3),
        personal_data=personal_data, **left_out.told(what_is_left, total.left_out), **judgement,
    )  # fmt: skip


def _checked(
    names: Sequence[str],
    settings: Settings,
    plan: Callable[[Sequence[Run], Settings], tuple[Iterable[Task], Executor]],
    progress: OnProgress,
) -> tuple[Ledger, Hashes, Task, Callable[..., None]]:
    """Check all documents; return ledger, hashes in the making, the whole, and what checks that."""
    total, hashes, beside = settings.ledger(Path(settings.folder, "run")), Hashes(), _Beside(Counter(), [])
    own = settings.rules.profile.own
    runs = list(packed(_documents(names, total, hashes.paths, own, beside)))
    settings = msgspec.structs.replace(settings, scans=bool(beside.scans))
    hashes.start()
    tasks, executor = plan(runs, settings)
    advance = _run(tasks, executor, total, settings, progress, scans=beside.scans)
    _others(total, beside)
    check = partial(delivery.check, total, scans=beside.scans, advance=advance, executor=executor)
    return total, hashes, Task(tuple(runs)), check


def _settings(
    place: store.Store, sheets: Path_ | None, found: Callable[[Settings], str], **given: Any
) -> Settings:
    """Return the settings of a run; ``given`` are some of them, ``found`` is :func:`_register`."""
    own = [Path(one.folder) for one in given["rules"].profile.own]
    named = {name: given[name] for name in ("as_of", "crs", "personal_data")}
    settings = Settings(
        sheets=tuple(read(os.fspath(sheets))) if sheets else (),
        known=frozenset().union(*map(declared, own)),
        basis=store.basis(given["rules"], salt=place.salt, **named),
        **place._asdict(),
        **given,
    )
    return msgspec.structs.replace(settings, existing=found(settings))


def _register(paths: Sequence[str], settings: Settings, **options: Any) -> str:
    """Write the keys of what is in operation; return where they are, ``""`` if none is given."""
    if not paths:
        return ""
    check = partial(
        validate, layouts=settings.rules.profile.own, as_of=settings.as_of, crs=settings.crs, **options
    )
    return existing.read(paths, Path(settings.folder, "existing"), check)


def _given(own: Iterable[Layout], sheets: Path_ | None, register: Iterable[str]) -> list[str]:
    """Return the paths of what decides how data are read and judged, but for what is built in."""
    ours = {layout.folder for layout in builtin().values()}
    layouts = (path for each in own for path in (each.folder, each.mapping))
    paths = (*layouts, os.fspath(sheets or ""), *register)
    return [printable(path) for path in dict.fromkeys(paths) if path and path not in ours]


def _refuse(
    as_of: object, samples: int, workers: int | None, cluster: Cluster | None, work: Path_ | None
) -> None:
    """Refuse options that no run can follow, before it begins."""
    if as_of is not None and (not isinstance(as_of, dt.date) or isinstance(as_of, dt.datetime)):
        raise TypeError(f"as_of is a datetime.date, not {as_of!r}")
    if samples < 0:
        raise ValueError(f"samples is 0 or more, not {samples}")
    if workers is not None and workers < 1:
        raise ValueError(f"workers is 1 or more, not {workers}")
    if cluster and work is None:
        raise ValueError("a cluster needs a folder that its machines share: give work")


class _Beside(NamedTuple):
    """What lies beside the data: number of files by suffix, and scans."""

    others: Counter[str]
    scans: list[Document]


def _documents(
    names: Iterable[str], ledger: Ledger, archives: dict[str, None], own: Iterable[Layout], beside: _Beside
) -> Iterator[Document]:
    """Find what is to be read, and the archives that hold it; what is refused is a finding."""
    for item in find(names, beside.others, own, beside.scans):
        if isinstance(item, Refusal):
            ledger.fault(refusal_fault(item))
            continue
        if item.entry:
            archives[item.path] = None
        yield item


def _others(ledger: Ledger, beside: _Beside) -> None:
    """Tell of the files that are not looked at; of scans only where the data names none."""
    if scanned_papers.NAMES not in ledger.parts:
        beside.others.update(kind_of(scan.name) for scan in beside.scans)
    for kind, count in sorted(beside.others.items()):
        said = kind or {"vi": "không rõ loại", "en": "of unknown kinds"}
        ledger.fault(Fault("PKG013", "", 0, "", "", "", {"count": count, "kind": said}))


def _plan(
    runs: Sequence[Run],
    settings: Settings,
    *,
    names: Sequence[str],
    workers: int | None,
    limits: Limits | None,
    cluster: Cluster | None,
) -> tuple[Iterable[Task], Executor]:
    """Return the tasks, and who carries them out: this process, others of this machine, or a cluster."""
    size, count = sum(run.size for run in runs), workers or os.cpu_count() or 1
    if cluster:
        shared = f"{settings.remote}/{store.MARK}" if settings.remote else settings.folder
        return cut(runs, size), partial(_of_cluster(cluster), cluster=cluster, paths=[shared, *names])
    kept = settings.outcomes != settings.folder
    tasks = list(cut(runs, size // count) if kept else divided(runs, count))
    if tasks and (limits or (count > 1 and (workers or size >= ALONE))):
        return tasks, partial(local.run, count=count, limits=limits or GENEROUS, folder=settings.folder)
    return tasks, serial.run


def _of_cluster(cluster: Cluster) -> Callable[..., Iterator[Any]]:
    try:
        run: Callable[..., Iterator[Any]] = import_module("landxml_validator.executors.cluster").run
    except ModuleNotFoundError as error:
        needs = "pip install landxml-vn[cluster]"
        raise LandXmlError(Text(f"cần {needs}", f"needs {needs}"), file=cluster.address) from error
    return run


def _run(
    tasks: Iterable[Task],
    executor: Executor,
    total: Ledger,
    settings: Settings,
    progress: OnProgress,
    *,
    scans: Iterable[Document],
) -> Advance:
    """Check all documents, and add the tally of each task to the total.

    Returned is what is to be told of the scans, which are read afterwards.
    """
    tasks = sorted(tasks, key=lambda task: task.size, reverse=True)
    size, kept = sum(task.size for task in tasks), 0
    whole = size + sum(scan.size for scan in scans)
    advance = _advancing(progress, Progress(0, whole))
    for outcome in executor(partial(working, settings), _rounds(tasks, total), advance):
        tally = _lost(outcome, settings) if isinstance(outcome, Lost) else store.taken(outcome, settings)
        kept += sum(file.bytes for file in tally.files if tally.kept)
        total.add(tally)
    progress(Progress(size, whole, kept))
    total.sort()
    return _advancing(progress, Progress(size, whole, kept))


def _advancing(progress: OnProgress, so_far: Progress) -> Advance:
    """Return a function that takes the bytes that were read since, and tells how far the run is."""
    done = so_far.done

    def advance(read: int) -> None:
        nonlocal done
        done = min(done + read, so_far.total)
        progress(so_far._replace(done=done))

    return advance


def _rounds(tasks: Sequence[Task], total: Ledger) -> Iterator[Sequence[Task | Commune | Border]]:
    """Yield the tasks that read documents, when these are done those of communes, then of their borders."""
    yield tasks
    found = communes.tasks(total.parts.get(communes.FOLDER, ()))
    yield found
    yield communes.borders(found, total.parts.get(neighbours.OUTLINES, ()))


def _lost(lost: Lost[Task | Commune | Border], settings: Settings) -> Tally:
    """Return the tally of a document that no process survived, one finding, or of a commune or border."""
    ledger = settings.ledger(Path(settings.folder, f"lost-{lost.task.id}"))
    if not isinstance(lost.task, Task):
        ledger.broken = {rule.code: lost.reason for rule in settings.rules.at(lost.task.stage)}
        ledger.passing = True
    else:
        for document in lost.task.documents:
            ledger.fault(refusal_fault(Refusal("failed", document.name, lost.reason)))
    return store.keep(ledger, store.place(lost.task.id, settings), settings)
