"""Which records stand in a row together: the ids of each row that a mapping makes of national records.

A class to which one reference leads stands once in a row. Of the others there may be several: they stand in
blocks, and what is left in further rows, in which all else stands again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import duckdb

from landxml.dictionary import national
from landxml_mappings.row_spec import RowMapping

__all__ = ["Plan", "many", "of_dossier", "placed"]

Connection = duckdb.DuckDBPyConnection


class _Branch(NamedTuple):
    """A table of ids below the records of a class: parent ``p``, row ``r``, a column for each slot."""

    table: str
    parent: str
    slots: tuple[str, ...]


def placed(name: str, spec: RowMapping) -> dict[tuple[str, str], str]:
    """Return the blocks that the references to a class name, if all of them do: that of an address is one."""
    found = {
        (cls, field): reference.block
        for cls, each in spec.classes.items()
        for field, reference in each.references.items()
        if name in reference.to
    }
    return found if all(found.values()) else {}


def of_dossier(name: str, spec: RowMapping) -> bool:
    """Tell whether a dossier has one record of a class."""
    return spec.classes[name].key == () and not spec.owner(name)


def _names_dossier(name: str, spec: RowMapping) -> bool:
    """Tell whether it says which rows are one dossier, so that all of them must hold it."""
    return any(
        source.element in spec.dossier for part in spec.parts(name) for source in part.sources.values()
    )


def many(name: str) -> set[str]:
    """Return the fields of a class that hold lists."""
    return {field.element for field in national().classes[name].columns if field.repeated}


class Plan:
    """How a row that begins with a record of one class leads to the others.

    Parameters
    ----------
    root
        The class.
    spec, con
        The mapping, and the connection that holds the national tables.
    """

    def __init__(self, root: str, spec: RowMapping, con: Connection) -> None:
        self.root, self.spec, self.con = root, spec, con
        self.count = 0
        self.parents: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.singles = [root]
        self._follow_references()
        for name in spec.classes:
            if name not in self.seen and (of_dossier(name, spec) or _names_dossier(name, spec)):
                self._single(name, root, _by_dossier(root, name))
        self._grow()

    @property
    def seen(self) -> set[str]:
        """Classes that have a place in the row."""
        return {*self.singles, *self.parents}

    def _single(self, name: str, parent: str, link: str) -> None:
        self.singles.append(name)
        self.parents[name], self.links[name] = parent, link

    def _follow_references(self) -> None:
        """Classes to which one reference leads stand once in the row; of others there may be several."""
        ways: dict[str, list[tuple[str, str]]] = {}
        for name in (n for n in self.spec.order()[::-1]):
            if name == self.root or name in ways:
                for field, reference in self.spec.classes[name].references.items():
                    for to in reference.to:
                        if to in self.spec.classes and to != self.root and not placed(to, self.spec):
                            ways.setdefault(to, []).append((name, field))
        for name in self.spec.order()[::-1]:
            found = ways.get(name, [])
            once = [way for way in found if way[0] in self.singles]
            if len(found) == 1 and once and found[0][1] not in many(found[0][0]):
                self._single(name, found[0][0], self._forward(*found[0], name))
            elif found and not once:
                self.parents[name], self.links[name] = found[0][0], self._forward(*found[0], name)
            elif found:
                self.parents[name] = self.root
                self.links[name] = " UNION ALL ".join(
                    self._through(parent, self._forward(parent, field, name), at)
                    for at, (parent, field) in enumerate(once)
                )

    def _through(self, parent: str, link: str, rank: int) -> str:
        """Write a link from a class that stands once in the row as one from its root."""
        if parent == self.root:
            return f"SELECT p, c, {rank} AS o, b FROM ({link})"
        way = f"({self.links[parent]})"
        above = self.parents[parent]
        inner = f"SELECT x.p, y.c, y.b FROM {way} AS x JOIN ({link}) AS y ON y.p = x.c"
        return self._through(above, inner, rank)

    def _forward(self, cls: str, field: str, to: str) -> str:
        """Write the link of a reference, with the number of the block that it names."""
        value = f'unnest("{field}")' if field in many(cls) else f'"{field}"'
        block, blocks = self.spec.classes[cls].references[field].block, self.spec.classes[to].blocks
        number = blocks.index(block) if block in blocks else "NULL::INTEGER"
        ids = f'SELECT _id AS p, {value} AS c FROM "{cls}"'
        return f'SELECT p, c, 0 AS o, {number} AS b FROM ({ids}) SEMI JOIN "{to}" AS t ON t._id = c'

    def _grow(self) -> None:
        """Add what is nested in a class of the row, or refers to it; rights begin rows of their own."""
        found = True
        while found:
            found = False
            for name, spec in self.spec.classes.items():
                if name in self.seen:
                    continue
                owner = self.spec.owner(name)
                if owner:
                    if owner in self.seen:
                        self.parents[name], self.links[name], found = owner, _nested(name), True
                    continue
                if self.spec.by_references(name) or placed(name, self.spec):
                    continue
                for field, reference in spec.references.items():
                    to = next((to for to in reference.to if to in self.seen), None)
                    if to:
                        self.parents[name], self.links[name], found = to, _backward(name, field), True
                        break

    def write(self, table: str, covered: Sequence[str]) -> list[str]:
        """Create the table of the ids in each row; return its columns, class and block, if there are rows."""
        root, spec = self.root, self.spec
        held = (
            f"SELECT id FROM ({' UNION ALL '.join(covered)}) WHERE id IS NOT NULL" if covered else "SELECT ''"
        )
        alike = ", ".join(f'"{name}"' for name in spec.by_references(root)) or "_id"
        base = self._kept(
            f'SELECT min(_id) AS "{root} 0", min(_dossier) AS _dossier, min(rowid) AS _order FROM "{root}"'
            f" WHERE _id NOT IN ({held}) GROUP BY {alike}"
        )
        if not self.con.execute(f"SELECT count(*) FROM {base}").fetchall()[0][0]:
            return []
        for name in self.singles[1:]:
            link = f"SELECT p, min(c) AS c FROM ({self.links[name]}) GROUP BY p"
            base = self._kept(
                f'SELECT b.*, l.c AS "{name} 0" FROM {base} AS b'
                f' LEFT JOIN ({link}) AS l ON l.p = b."{self.parents[name]} 0"'
            )
        tops = (n for n, above in self.parents.items() if n not in self.singles and above in self.singles)
        branches = [self._branch(name, ()) for name in tops]
        self.con.execute(
            f'CREATE OR REPLACE TEMP TABLE "{table}" AS {self._zipped(base, branches)} ORDER BY _order, k'
        )
        return [*(f"{name} 0" for name in self.singles), *(slot for each in branches for slot in each.slots)]

    def _kept(self, sql: str) -> str:
        """Create a table of what a query finds, and return its name."""
        self.count += 1
        name = f'"step {self.count} of {self.root}"'
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
        return name

    def _branch(self, name: str, above: tuple[str, ...]) -> _Branch:
        """Create the table of the records of a class below those of its parent, and of what is below them."""
        blocks = self.spec.classes[name].blocks
        link = self._kept(f"SELECT p, c, min(o) AS o, min(b) AS b FROM ({self.links[name]}) GROUP BY p, c")
        parent, own = f"{self.parents[name]} 0", f"{name} 0"
        if self.spec.classes[name].split:  # all in one cell
            return _Branch(self._kept(f'SELECT DISTINCT p, 0 AS r, p AS "{own}" FROM {link}'), parent, (own,))
        below = [self._branch(inner, blocks) for inner, over in self.parents.items() if over == name]
        base = self._kept(f'SELECT p, c AS "{own}", o, b FROM {link}')
        inner = (own, *(slot for branch in below for slot in branch.slots))
        if blocks == above or len(blocks) == 1:
            columns = ", ".join(f'"{slot}"' for slot in inner)
            numbered = self._numbered(self._zipped(base, below), own, 1)
            return _Branch(self._kept(f"SELECT p, r, {columns} FROM ({numbered})"), parent, inner)
        slots, picked = [], []
        for at in range(len(blocks)):
            for slot in inner:
                cls = slot.rpartition(" ")[0]
                alike = self.spec.classes[cls].blocks == blocks
                if alike or at == 0:
                    slots.append(f"{cls} {at}" if alike else slot)
                    picked.append(f'max("{slot}") FILTER (b = {at}) AS "{slots[-1]}"')
        numbered = self._numbered(self._zipped(base, below), own, len(blocks))
        placed = f"SELECT p, r, {', '.join(picked)} FROM ({numbered}) GROUP BY ALL"
        return _Branch(self._kept(placed), parent, tuple(slots))

    def _numbered(self, rows: str, own: str, width: int) -> str:
        """Write row ``r`` and block ``b`` of each record: as its reference says, of others behind these."""
        order = f'ORDER BY o, "{own}", k'
        named = f"SELECT *, row_number() OVER (PARTITION BY p, b {order}) - 1 AS n FROM ({rows})"
        behind = "coalesce(max(n) FILTER (b IS NOT NULL) OVER (PARTITION BY p) + 1, 0)"
        return (
            f"SELECT * REPLACE (coalesce(b, n % {width}) AS b),"
            f" if(b IS NULL, {behind} + n // {width}, n) AS r FROM ({named})"
        )

    def _zipped(self, base: str, branches: Sequence[_Branch]) -> str:
        """Repeat rows so that each branch has room; a branch that ends before stays at its last row.

        Of the classes that the mapping combines each combination has a row.
        """
        counts, rows, columns = [], [], []
        for at, branch in enumerate(branches):
            last = self._kept(f"SELECT p, max(r) AS last{at} FROM {branch.table} GROUP BY p")
            counts.append(f'LEFT JOIN {last} AS c{at} ON c{at}.p = b."{branch.parent}"')
            columns += [f't{at}."{slot}"' for slot in branch.slots]
        nth, height = self._combined(branches)
        for at, branch in enumerate(branches):
            rows.append(
                f'LEFT JOIN {branch.table} AS t{at} ON t{at}.p = s."{branch.parent}" AND t{at}.r = {nth[at]}'
            )
        ends = [f"last{at}" for at in range(len(branches))]
        spread = (
            f"SELECT {', '.join(['b.*', *ends])}, unnest(range({height})) AS k"
            f" FROM {base} AS b {' '.join(counts)}"
        )
        star = f"s.* EXCLUDE ({', '.join(ends)})" if ends else "s.*"
        return f"SELECT {', '.join([star, *columns])} FROM ({spread}) AS s {' '.join(rows)}"

    def _combined(self, branches: Sequence[_Branch]) -> tuple[list[str], str]:
        """Write which row of each branch stands in row ``k``, and how many rows there are."""
        found = [f"least(k, last{at})" for at in range(len(branches))]
        starts = [branch.slots[0].rpartition(" ")[0] for branch in branches]
        inner = "1"
        for at in (starts.index(name) for name in self.spec.combined[::-1] if name in starts):
            size = f"(coalesce(last{at}, 0) + 1)"
            found[at] = f"k // ({inner}) % {size}"
            inner = f"{inner} * {size}"
        sizes = [inner, *(f"coalesce(last{at}, 0) + 1" for at in range(len(branches)))]
        return found, f"greatest({', '.join(sizes)})"


def _backward(cls: str, field: str) -> str:
    value = f'unnest("{field}")' if field in many(cls) else f'"{field}"'
    return f'SELECT {value} AS p, _id AS c, rowid AS o, NULL::INTEGER AS b FROM "{cls}"'


def _nested(cls: str) -> str:
    return f'SELECT _parent AS p, _id AS c, rowid AS o, NULL::INTEGER AS b FROM "{cls}"'


def _by_dossier(root: str, cls: str) -> str:
    pairs = f'"{root}" AS r JOIN "{cls}" AS c USING (_dossier)'
    return f"SELECT r._id AS p, c._id AS c, 0 AS o, NULL::INTEGER AS b FROM {pairs}"
