"""Tasks: every document once, the same cut for the same delivery, little memory."""

from __future__ import annotations

import os
import random
import tracemalloc
import zipfile
from collections.abc import Iterable

import pytest

from landxml.documents import Document, Refusal
from landxml.sources import find
from landxml_validator.task import LARGE, TASK, Task, cut, divided, packed


def dossiers(count: int, size: int = 10_000) -> list[Document]:
    return [Document(name=f"goi/{n:06}.xml", path=f"goi/{n:06}.xml", size=size) for n in range(count)]


def tasks(documents: Iterable[Document | Refusal], size: int = LARGE) -> list[Task]:
    return list(cut(packed(d for d in documents if isinstance(d, Document)), size))


def test_every_document_is_in_one_task_and_large_ones_are_alone():
    large = [Document(name=f"xa/{n}.gml", path="", size=LARGE) for n in range(3)]
    documents = dossiers(3_000) + large
    random.Random(1).shuffle(documents)  # noqa: S311
    found = tasks(documents)
    assert sorted(d.name for task in found for d in task.documents) == sorted(d.name for d in documents)
    assert [list(task.documents) for task in found if task.size == LARGE] == [
        [document] for document in documents if document in large
    ]
    assert sum(task.size for task in found) == sum(document.size for document in documents)
    assert 4 <= len(found) - 3 <= 10  # 30 MB in pieces of at least 3


def test_a_file_more_changes_few_tasks():
    before = {task.id for task in tasks(dossiers(6_000))}
    more = dossiers(6_000)
    more.insert(1_000, Document(name="goi/000999a.xml", path="", size=10_000))
    assert len({task.id for task in tasks(more)} - before) == 1


@pytest.mark.parametrize("count", [310, 400, 3_030])
def test_no_task_is_left_with_little(count):
    assert all(task.size >= 1_500_000 for task in tasks(dossiers(count)))


@pytest.mark.parametrize(
    ("documents", "size", "count", "shares"),
    [(100, 10_000, 2, 1), (600, 10_000, 2, 2), (5_000, 7_000, 2, 2), (20_000, 7_000, 2, 4), (900, 0, 4, 1)],
)
def test_documents_are_divided_into_equal_shares(documents, size, count, shares):
    runs = list(packed(dossiers(documents, size)))
    found = list(divided(runs, count))
    assert [run for task in found for run in task.runs] == runs
    assert len(found) == shares
    assert max(task.size for task in found) <= TASK * 1.1
    assert all(abs(task.size * shares - documents * size) <= LARGE * shares for task in found)


def test_the_id_is_that_of_the_data(tmp_path):
    file = tmp_path / "1.xml"
    file.write_text("<a/>")

    def ids() -> list[str]:
        return [task.id for task in tasks(find([file]))]

    first = ids()
    assert ids() == first
    status = file.stat()
    file.write_text("<b/>")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))  # the same size and time, but not data
    assert ids() != first


def test_the_id_of_what_is_in_an_archive_is_that_of_its_content(tmp_path):
    ids = []
    for content, day in [("<a/>", 1), ("<a/>", 2), ("<b/>", 1)]:
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr(zipfile.ZipInfo("1.xml", (2026, 1, day, 0, 0, 0)), content)
        ids.append([task.id for task in tasks(find([tmp_path / "a.zip"]))])
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize("count", [2, 3, 500])
def test_halves_are_the_whole(count):
    [task] = tasks(dossiers(count, size=1))
    parts = [task]
    while any(halves := [half for part in parts for half in part.halves()]):
        parts = halves + [part for part in parts if not part.halves()]
    found = [document for part in parts for document in part.documents]
    assert sorted(found, key=lambda d: d.name) == list(task.documents)
    assert all(len(list(part.documents)) == 1 for part in parts)


def test_a_million_dossiers_are_listed_in_little_memory(tmp_path):
    count = 20_000
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(count):
            archive.writestr(f"xml/{number:07}.xml", b"<a/>")
    tracemalloc.start()
    runs = list(packed(d for d in find([tmp_path / "a.zip"]) if isinstance(d, Document)))
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(run.documents for run in runs) == count
    assert held / count < 40
    assert peak / count < 150


def test_a_task_is_a_value():
    [task] = tasks(dossiers(3))
    assert task == Task(task.runs)
    assert hash(task) == hash(Task(task.runs))
