"""Units by name, as people write names: with or without diacritics, abbreviated, the kind before or after."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cache, lru_cache
from itertools import chain, combinations, starmap
from typing import Literal, NamedTuple

from landxml_units.tables import KINDS, TWO_TIERS_SINCE, Unit, kind_of, table, validities

__all__ = ["Match", "Question", "find", "near", "plain", "undecided", "within"]

ABBREVIATIONS = {
    "t": "tinh", "tp": "thanh_pho", "t p": "thanh_pho", "q": "quan", "h": "huyen", "tx": "thi_xa", "x": "xa",
    "p": "phuong", "f": "phuong", "tt": "thi_tran", "ttr": "thi_tran", "đk": "dac_khu", "dk": "dac_khu",
}  # fmt: skip
WORDS = {kind: words for words, kind in KINDS.items()}
COMMUNES = {"xa", "phuong", "thi_tran", "dac_khu"}
SHORT = {
    "hcm": ["Hồ Chí Minh"], "sai gon": ["Hồ Chí Minh"], "sg": ["Hồ Chí Minh"], "hn": ["Hà Nội"],
    "hp": ["Hải Phòng"], "dn": ["Đà Nẵng", "Đồng Nai"], "qn": ["Quảng Nam", "Quảng Ngãi", "Quảng Ninh"],
    "br vt": ["Bà Rịa - Vũng Tàu"], "brvt": ["Bà Rịa - Vũng Tàu"], "tt hue": ["Thừa Thiên Huế"],
    "dac lac": ["Đắk Lắk"], "dac lak": ["Đắk Lắk"], "daklak": ["Đắk Lắk"], "dac nong": ["Đắk Nông"],
    "daknong": ["Đắk Nông"], "bac can": ["Bắc Kạn"], "kontum": ["Kon Tum"], "pleicu": ["Pleiku"],
}  # fmt: skip
"""What people write instead of a name, and the names that they may mean."""

WORD = re.compile(r"\w+")
TONES = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook above, dot below
FINAL_Y = re.compile(r"(?<=[bcdđghklmnprstvx])y$|(?<=qu)y$")  # Mỹ is also written Mĩ, but Thủy never Thủi
RUN_TOGETHER = re.compile(r"\b([pfq]|tp)(?=\d|hcm|hn)", re.IGNORECASE)  # P1, F4, TPHCM
COMMA = re.compile(r"[,;]")
FORGOTTEN = re.compile(  # where a comma may have been forgotten: before the kind of the next unit
    r" [-–]? ?(?=(?:xã|xa|phường|phuong|thị trấn|thi tran|thành phố|thanh pho|quận|quan|huyện|huyen|thị xã"
    r"|thi xa|tỉnh|tinh|tp|tx) |(?:tp|q|h|tx|t|x|p|tt)[.]|[pfq]\d|tphcm)",
    re.IGNORECASE,
)
DOUBTFUL = 6
"""Most places that are tried with and without a comma; "quan" and "tinh" begin names, too."""
LONGEST = 300
"""Characters of an address; nothing is missing in a longer text."""
WORDS_TRIED = 12
"""Most words of a text that are tried as names without any comma or kind between them."""
LEVELS_WRITTEN = 4
"""Most parts behind a house or hamlet: commune, district, province, and one to spare."""

Question = Literal["province", "district", "kind", "date"]


class Match(NamedTuple):
    """A unit that a text may mean.

    Attributes
    ----------
    unit
        The unit in one period.
    within
        The district, if it had one, and the province in which it was; none for a province.
    exact
        Whether the text has the name's diacritics; their place, as in hoà and hòa, does not count.
    """

    unit: Unit
    within: tuple[Unit, ...]
    exact: bool


class Name(NamedTuple):
    """A name without its kind; the kind is None where the text has none."""

    kind: str | None
    bare: str


class Misfit(NamedTuple):
    """In what a text differs from a name that it may mean nevertheless."""

    accents: bool
    kind: int  # 1: something it lies in is of another kind; 2: it is itself


def find(text: str, as_of: date | None = None) -> list[Match]:
    """Return the units that a name may mean: the unit first, then what it lies in, separated by commas.

    Without a day every period of every unit is searched. Diacritics count where the text has some, and so
    does the kind ("Xã", "P."), unless nothing fits exactly. Exact matches come first. Several mean that the
    text leaves something open: `undecided` says what.

    >>> [(match.unit.code, match.unit.valid_to) for match in find("xa Hoang Tien, TP Chi Linh, Hai Duong")]
    [('10567', datetime.date(2019, 1, 9))]
    >>> [match.within[-1].name for match in find("P. Ba Đình", date(2025, 7, 1))]
    ['Thành phố Hà Nội']
    """
    found = next(filter(None, (list(_search(parts, as_of)) for parts in _attempts(text))), [])
    found = found or next(filter(None, _behind(text, as_of)), [])
    accents = _spelled(text) != plain(text)
    ranks = [(accents and misfit.accents, misfit.kind) for _, misfit in found]
    lowest = min(ranks, default=None)
    best = (match for (match, _), rank in zip(found, ranks, strict=True) if rank == lowest)
    return sorted(best, key=lambda match: (not match.exact, len(match.unit.code), match.unit.code))


def undecided(matches: Iterable[Match]) -> tuple[Question, ...]:
    """Return what would tell the matches apart: one thing if it does so alone, else all that differ.

    >>> undecided(find("Phường Trúc Bạch")), undecided(find("Xã Tân Thanh", date(2025, 7, 1)))
    ((), ('province',))
    """
    rows = [_answers(match) for match in matches]
    differ: list[Question] = []
    for question in rows[0] if len(rows) > 1 else ():
        values = {row[question] for row in rows}
        if len(values) == len(rows):
            return (question,)
        if len(values) > 1:
            differ.append(question)
    return tuple(differ)


def within(unit: Unit, as_of: date | None = None) -> tuple[Unit, ...]:
    """Return the district, if it had one, and the province of a unit: on a day, or at the end of its period.

    >>> [each.name for each in within(validities("00001")[0])]
    ['Quận Ba Đình', 'Thành phố Hà Nội']
    >>> [within(validities("27088")[0], day)[0].name for day in (date(2020, 6, 1), None)]
    ['Quận 2', 'Thành phố Thủ Đức']
    """
    above = _above(unit)
    return tuple(next((u for u in each if as_of and u.valid_on(as_of)), each[-1]) for each in above)


def near(text: str) -> str | None:
    """Return the name that is most like the first part of a text which is no unit's name; None if none is.

    >>> near("xã Hoang Tienn, Chí Linh"), near("Ba Chẽ, Quang Nin")
    ('Hoàng Tiến', 'Quảng Ninh')
    """
    for part in _read(FORGOTTEN.sub(",", _line(text))):
        bare = [plain(name.bare) for name in part]
        if not _index().keys() & bare:
            found = next(
                (match for name in bare for match in get_close_matches(name, _index(), 1, 0.8)), None
            )
            return _split(_index()[found][0].name).bare if found else None
    return None


def _answers(match: Match) -> dict[Question, object]:
    unit, chain = match.unit, {unit.level: unit.code for unit in (match.unit, *match.within)}
    place: dict[Question, object] = {name: chain.get(name) for name in ("province", "district")}
    return place | {"kind": unit.kind, "date": unit.valid_from}


def _attempts(text: str) -> Iterator[list[list[Name]]]:
    """Yield what may be meant, likeliest first: from small to large, the other way, with commas forgotten."""
    line = _line(text)
    blanks = [] if COMMA.search(line) else list(re.finditer(" ", line))
    bare = _parted(line, blanks, (1, 2)) if len(blanks) < WORDS_TRIED else ()
    for parts in chain(_partings(text), bare):
        yield parts
        yield parts[::-1]


def _behind(text: str, as_of: date | None) -> Iterator[list[tuple[Match, Misfit]]]:
    """Yield the communes that a text may mean behind a house, a street or a hamlet."""
    for parts in _partings(text):
        for start in range(max(1, len(parts) - LEVELS_WRITTEN), len(parts) - 1):
            if not any(name.kind in COMMUNES for name in parts[start - 1]):  # else that one is meant
                found = _search(parts[start:], as_of)
                yield [each for each in found if each[0].unit.level == "commune" and each[1].kind < 2]


def _partings(text: str) -> Iterator[list[list[Name]]]:
    """Yield the readings of the parts of a text: as its commas part it, then with forgotten ones added."""
    line = _line(text)
    yield _read(line)
    if len(line) <= LONGEST:
        places = list(FORGOTTEN.finditer(line))[-DOUBTFUL:]
        yield from _parted(line, places, range(len(places), 0, -1))


def _parted(line: str, places: Sequence[re.Match[str]], counts: Iterable[int]) -> Iterator[list[list[Name]]]:
    """Yield the readings with commas at some of the places: all choices of so many of them."""
    for count in counts:
        for chosen in combinations(places, count):
            ends = [0, *(end for place in chosen for end in place.span()), len(line)]
            yield _read(",".join(line[i:k] for i, k in zip(ends[::2], ends[1::2], strict=True)))


def _line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).replace("\n", ",").split())


def _read(line: str) -> list[list[Name]]:
    return [list(_readings(part)) for part in COMMA.split(line) if plain(part) not in {"", "viet nam"}]


def _readings(part: str) -> Iterator[Name]:
    """Yield the ways to read a part: all of it a name, or a kind at its start or end."""
    words = re.sub(r"[.()]", " ", RUN_TOGETHER.sub(r"\1 ", part)).split()
    yield from _meant(None, words)
    for count in (1, 2):
        if kind := _kinds().get(_spelled(" ".join(words[:count]))):
            yield from _meant(kind, words[count:])
        if kind := _kinds().get(_spelled(" ".join(words[-count:]))):
            yield from _meant(kind, words[:-count])


def _meant(kind: str | None, words: list[str]) -> Iterator[Name]:
    bare = " ".join(words)
    return (Name(kind, name) for name in (bare, *SHORT.get(plain(bare), ())))


def _search(parts: list[list[Name]], as_of: date | None) -> Iterator[tuple[Match, Misfit]]:
    first, *rest = parts or [[]]
    for unit in {unit: None for name in first for unit in _index().get(plain(name.bare), ())}:
        if as_of is None or unit.valid_on(as_of):
            above = _above(unit)
            misfits = [_misfit(first, [unit]), *_misfits(rest, above)]
            known = [misfit for misfit in misfits if misfit]
            if len(known) == len(misfits):
                own, *others = (m.kind for m in known)
                whole = Misfit(any(m.accents for m in known), 2 * own or max(others, default=0))
                yield Match(unit, within(unit, as_of), not whole.accents), whole


def _misfits(parts: list[list[Name]], above: list[list[Unit]]) -> Iterator[Misfit | None]:
    """Compare the other parts with what the unit lies in, from small to large; a level may be left out."""
    for part in parts:
        fits = ((misfit, level) for level, units in enumerate(above) if (misfit := _misfit(part, units)))
        misfit, level = min(fits, default=(None, 0))
        above = above[level:]
        yield misfit


def _misfit(names: list[Name], units: list[Unit]) -> Misfit | None:
    """Return how well the best reading fits the best of the units; None if none fits any."""
    return min(
        (
            Misfit(_spelled(name.bare) != _spelled(own.bare), int(name.kind not in {None, own.kind}))
            for unit in units
            for own in _names(unit)
            for name in names
            if plain(name.bare) == plain(own.bare)
        ),
        default=None,
    )


def _above(unit: Unit) -> list[list[Unit]]:
    """Return the periods of the district and of the province in which a unit was while its own lasted."""
    found, above = [], unit.parent
    since, until = unit.valid_from or date.min, unit.valid_to or date.max
    while periods := [
        each
        for each in validities(above or "")
        if (each.valid_from or date.min) <= until and since <= (each.valid_to or date.max)
    ]:
        found.append(periods)
        above = periods[-1].parent
    return found


def _names(unit: Unit) -> list[Name]:
    """Return the official name, and other spellings of it in the last catalogue of three tiers."""
    other = _variants().get(unit.code, ()) if unit.valid_on(TWO_TIERS_SINCE - timedelta(days=1)) else ()
    return [_split(name) for name in (unit.name, *other)]


@cache
def _split(name: str) -> Name:
    kind = kind_of(name)
    return Name(kind, name[len(WORDS[kind]) + 1 :])


@cache
def _index() -> dict[str, list[Unit]]:
    """Index all periods of all units by their names without kind and without diacritics."""
    found = defaultdict(list)
    for unit in starmap(Unit, zip(*table("units").to_pydict().values(), strict=True)):
        for name in {plain(name.bare) for name in _names(unit)}:
            found[name].append(unit)
    return found


@cache
def _variants() -> dict[str, list[str]]:
    found = defaultdict(list)
    for row in table("variants").to_pylist():
        found[row["code"]].append(row["name"])
    return found


@cache
def _kinds() -> dict[str, str]:
    spelled = {_spelled(words): kind for words, kind in KINDS.items()}
    return ABBREVIATIONS | {plain(words): kind for words, kind in spelled.items()} | spelled


def _spelled(text: str) -> str:
    """Return text in lower case with the tone of each word at its end, so that hoà and hòa are one."""
    return " ".join(spelled for spelled, _ in _words(text))


def plain(text: str) -> str:
    """Return text in lower case without diacritics and punctuation, its words apart by one blank.

    >>> plain("Xã Đạ M'ri"), plain("P.01")
    ('xa da mri', 'p 1')
    """
    return " ".join(bare for _, bare in _words(text))


def _words(text: str) -> list[tuple[str, str]]:
    whole = unicodedata.normalize("NFC", text).casefold().replace("'", "").replace("’", "")
    return [_word(word) for word in WORD.findall(whole)]


@lru_cache(100_000)
def _word(word: str) -> tuple[str, str]:
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(letter for letter in letters if letter in TONES)
    rest = unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in TONES))
    rest = (rest.lstrip("0") or rest) if rest.isdecimal() else FINAL_Y.sub("i", rest)
    plain = (letter for letter in unicodedata.normalize("NFD", rest) if not unicodedata.combining(letter))
    return rest + tones, "".join(plain).replace("đ", "d")
