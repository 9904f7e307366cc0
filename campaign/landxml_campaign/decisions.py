"""Decisions on doubtful pairs: whether two persons of a request are one, and which number is right.

Nothing joins two persons but an officer who says so. Of two who are one, who lacks the right number gets it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from landxml import tabular
from landxml.identifiers import PersonalNumber
from landxml.text import Text
from landxml_campaign.sheets import OPEN, Finding, Table, day, text_of

if TYPE_CHECKING:
    from landxml_campaign.replies import Answer

__all__ = ["ASKED", "COLUMNS", "OFFERED", "Decision", "contradictions", "decisions"]

OFFERED = ("Một người", "Hai người")
"""The two decisions: one person, two persons."""
_SAME = {tabular.folded(word): word in {OFFERED[0], "same"} for word in (*OFFERED, "same", "different")}
COLUMNS = {
    "request": ("Mã yêu cầu", 14), "one": ("Mã dòng 1", 18), "name_one": ("Họ và tên 1", 26),
    "birth_one": ("Ngày sinh 1", 12), "number_one": ("Số 1", 15), "other": ("Mã dòng 2", 18),
    "name_other": ("Họ và tên 2", 26), "birth_other": ("Ngày sinh 2", 12), "number_other": ("Số 2", 15),
    "likeness": ("Độ giống", 7), "reason": ("Lý do", 34), "decision": ("Quyết định", 14),
    "right": ("Số đúng", 15), "decided": ("Ngày quyết định", 12), "by": ("Người quyết định", 22),
}  # fmt: skip
"""What a column of the list of doubts holds → its name, and its width in characters."""
ASKED = ("decision", "right", "decided", "by")
"""Columns that are filled in."""
Tell = Callable[[Table, str, str, Text], None]
"""Called with what is wrong: sheet, kind, reference of the cell, and what it is."""


class Decision(NamedTuple):
    """What was decided about two persons, and where it says so.

    ``number`` is the right one if they are one person, ``""`` if nobody knows; ``getting`` are the keys of
    those who have another or none.
    """

    one: str
    other: str
    same: bool
    number: str
    getting: tuple[str, ...]
    date: str
    authority: str
    file: str
    sheet: str
    row: int
    digest: str


def decisions(
    table: Table, request: str, numbers: Mapping[str, str], digest: str, tell: Tell
) -> Iterator[Decision]:
    """Yield the decisions of a sheet; what cannot be taken as it is, and rows without one, are told.

    Parameters
    ----------
    request, numbers
        Name of the request; what each key in it has as its number.
    """
    lacking = [COLUMNS[each][0] for each in ("request", *ASKED) if each not in table.at]
    if lacking:
        said = ", ".join(lacking)
        tell(table, "columns", "", Text(f"thiếu cột: {said}", f"columns are missing: {said}"))
        return
    opened = first = 0
    for line, row in table.rows():
        if not any(row[each] for each in ASKED):
            opened, first = opened + 1, first or line
            continue
        wrong = list(_wrong(row, request, numbers))
        for kind, column, what in wrong:
            tell(table, kind, table.cell(column, line), what)
        if not wrong:
            one, other = text_of(row["one"]), text_of(row["other"])
            same = _SAME[tabular.folded(text_of(row["decision"]))]
            right = _right(row["right"], {numbers[one], numbers[other]}, same=same) or ""
            getting = tuple(key for key in (one, other) if right and numbers[key] != right)
            yield Decision(
                one, other, same, right, getting, day(row["decided"]) or "", text_of(row["by"]), table.file,
                table.name, line, digest,
            )  # fmt: skip
    if opened:
        tell(table, OPEN, table.cell("decision", first), Text(
            f"{opened} cặp chưa được quyết định; cặp đầu tiên ở đây",
            f"{opened} pairs are not decided yet; here is the first",
        ))  # fmt: skip


def _wrong(
    row: Mapping[str, Any], request: str, numbers: Mapping[str, str]
) -> Iterator[tuple[str, str, Text]]:
    """Yield what is wrong with a row: kind, column, what."""
    if text_of(row["request"]) != request:
        yield "other-request", "request", OLDER
        return
    keys = {each: text_of(row[each]) for each in ("one", "other")}
    unknown = [each for each, key in keys.items() if key not in numbers]
    yield from (("unknown-row", each, UNKNOWN) for each in unknown)
    lacking = [each for each in ("decision", "decided", "by") if not text_of(row[each])]
    yield from (("half", each, HALF) for each in lacking)
    if "decided" not in lacking and day(row["decided"]) is None:
        yield "date", "decided", NO_DAY
    same = _SAME.get(tabular.folded(text_of(row["decision"])))
    if same is None and "decision" not in lacking:
        yield "status", "decision", NO_DECISION
    known = {numbers.get(key, "") for key in keys.values()}
    if same is not None and not unknown and _right(row["right"], known, same=same) is None:
        yield "number", "right", WHICH if same else NO_NUMBER


def _right(cell: Any, known: set[str], *, same: bool) -> str | None:
    """Return the right number, ``""`` if nobody knows one; None if it is not clear, or none of theirs."""
    said, valid = text_of(cell), {number for number in known if PersonalNumber.fits(number)}
    if not same:
        return None if said else ""
    if said:
        return said if PersonalNumber.fits(said) and (not valid or said in valid) else None
    return None if len(valid) > 1 else next(iter(valid), "")


def contradictions(
    found: Sequence[Decision], answers: Iterable[Answer], numbers: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield the decisions that others contradict, or answers about one of the two."""
    group = {key: key for each in found for key in (each.one, each.other)}

    def of(key: str) -> str:
        while group[key] != key:
            key = group[key]
        return key

    for each in found:
        if each.same:
            group[of(each.one)] = of(each.other)
    rights: dict[str, str] = {}
    told = {answer.key: answer for answer in answers}
    for each in found:
        place = {"file": each.file, "sheet": each.sheet, "cell": str(each.row)}
        if not each.same and of(each.one) == of(each.other):
            yield Finding(kind="conflict", what=BOTH, **place)
        if each.number and rights.setdefault(of(each.one), each.number) != each.number:
            yield Finding(kind="conflict", what=SEVERAL, **place)
        for key in each.getting:
            answer = told.get(key)
            stands = (answer.number or numbers[key] * (answer.status == "verified")) if answer else ""
            if answer and PersonalNumber.fits(stands) and stands != each.number:
                where = f"{answer.file}!{answer.sheet}!{answer.row}"
                what = Text(f"trái với kết quả xác thực {where}", f"contradicts the answer {where}")
                yield Finding(kind="conflict", what=what, **place)


OLDER = Text("thuộc một yêu cầu khác (cũ hơn?)", "belongs to another request (an older one?)")
UNKNOWN = Text("yêu cầu không có mã dòng này", "the request has no such key")
HALF = Text("mới điền một phần: ô này còn trống", "is filled in half: this cell is empty")
NO_DECISION = Text(
    f"không phải quyết định; cần một trong: {', '.join(OFFERED)}",
    f"is no decision; needed is one of: {', '.join(OFFERED)}",
)
NO_DAY = Text("không phải ngày; hãy ghi dd/mm/yyyy", "is no date; write dd/mm/yyyy")
WHICH = Text(
    "phải là số nào đúng trong hai số định danh hợp lệ của cặp này",
    "must say which of the valid numbers of this pair is right",
)
NO_NUMBER = Text(
    "hai người thì không có số chung; hãy để trống", "two persons share no number; leave it empty"
)
BOTH = Text(
    "nơi khác quyết định họ là một người; hãy giữ một quyết định",
    "it was decided elsewhere that they are one person; keep one decision",
)
SEVERAL = Text("một người được cho hai số khác nhau", "one person is given two different numbers")
