"""Ids of a later file move past all others where a different row has one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from outgrow.sqlite.rows import quote_identifier
from outgrow.unite.bench import Bench
from outgrow.unite.pool import SUPERSEDED, Pooled

_LARGEST = 2**63 - 1


class Move(StrEnum):
    """How the ids of a file were made different from all others."""

    NONE = "none"
    OFFSET = "offset"
    DENSE = "dense"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a file's ids in a table; ``low`` and ``high`` are the new ones."""

    move: Move
    rows: int = 0
    offset: int = 0
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True)
class Mover:
    """Renumbers the rows of one file in one table.

    Args:
        bench: the connection.
        pooled: the table; its rows of the file are settled.
        source: the number of the file.
        referring: columns that hold ids of the table, each with its own table.
        sequences: the last numbers that earlier files handed out.

    """

    bench: Bench
    pooled: Pooled
    source: int
    referring: Sequence[tuple[Pooled, str]]
    sequences: Iterable[int]

    def move(self) -> Moved:
        """Move all ids of the file's rows that stay, if one of them means another row already."""
        table = self.pooled
        table.offsets[self.source] = 0
        if not self._collide():
            return Moved(Move.NONE)
        rows, lowest, highest = self.bench.rows(
            f"SELECT count(*), ifnull(min({self._id}), 1), ifnull(max({self._id}), 1) "
            f"FROM {table.name} AS t WHERE {self._own('t')}"
        )[0]
        top = self._top()
        offset = top - min(1, lowest) + 1
        if highest + offset <= _LARGEST:
            table.offsets[self.source] = offset
            self.bench.run(
                f"UPDATE {table.name} AS t SET {self._id} = {self._id} + {offset} "
                f"WHERE {self._own('t')}"
            )
            return Moved(Move.OFFSET, rows, offset, lowest + offset, highest + offset)
        if top + rows <= _LARGEST:
            self.bench.run(
                f"UPDATE {table.name} AS t SET {self._id} = {top} + m.nth FROM (SELECT "
                f"t.{table.rid} AS rid, row_number() OVER (ORDER BY t.{self._id}) AS nth "
                f"FROM {table.name} AS t WHERE {self._own('t')}) AS m WHERE t.{table.rid} = m.rid"
            )
            return Moved(Move.DENSE, rows, 0, top + 1, top + rows)
        gone = self.bench.run(
            f"UPDATE {table.name} AS t SET {table.how} = '{SUPERSEDED}', {table.goal} = "
            f"(SELECT p.{table.rid} FROM {table.name} AS p WHERE p.{self._id} = t.{self._id} "
            f"AND {self._there('p')}) WHERE {self._own('t')} AND EXISTS (SELECT 1 "
            f"FROM {table.name} AS p WHERE p.{self._id} = t.{self._id} AND {self._there('p')})"
        )
        return Moved(Move.IMPOSSIBLE, gone)

    @property
    def _id(self) -> str:
        return quote_identifier(self.pooled.id)

    def _own(self, alias: str) -> str:
        table = self.pooled
        return (
            f"{alias}.{table.src} = {self.source} AND {alias}.{table.goal} IS NULL "
            f"AND NOT {alias}.{table.took}"
        )

    def _there(self, alias: str) -> str:
        table = self.pooled
        return (
            f"{alias}.{table.goal} IS NULL AND ({alias}.{table.src} < {self.source} "
            f"OR ({alias}.{table.src} = {self.source} AND {alias}.{table.took}))"
        )

    def _collide(self) -> bool:
        """Whether an id means two rows, or a reference without a row would find another file's.

        A file whose table is empty may mean the rows of the other: its references stay.
        """
        table = self.pooled
        asked = [
            f"SELECT 1 FROM {table.name} AS n CROSS JOIN {table.name} AS p "
            f"ON p.{self._id} = n.{self._id} WHERE {self._own('n')} AND {self._there('p')}"
        ]
        for other, name in self.referring:
            column = quote_identifier(name)
            was = other.was(name)
            asked += [
                # A reference of this file that finds nothing there, and another file's row here.
                f"SELECT 1 FROM {other.name} AS c CROSS JOIN {table.name} AS p "
                f"ON p.{self._id} = c.{was} WHERE c.{other.src} = {self.source} AND c.{was} > 0 "
                f"AND typeof(c.{was}) = 'integer' AND {self._there('p')} AND NOT EXISTS "
                f"(SELECT 1 FROM {table.name} AS o WHERE o.{table.src} = {self.source} "
                f"AND o.{table.was(table.id)} = c.{was})",
                # The same the other way round.
                f"SELECT 1 FROM {other.name} AS c CROSS JOIN {table.name} AS n "
                f"ON n.{self._id} = c.{column} WHERE c.{other.src} < {self.source} "
                f"AND typeof(c.{column}) = 'integer' AND {self._own('n')}",
            ]
        present = f"SELECT 1 FROM {table.name} WHERE {table.src} = {self.source}"
        return bool(self._any(present)) and any(map(self._any, asked))

    def _any(self, query: str) -> bool:
        return bool(self.bench.value(f"SELECT EXISTS ({query})"))

    def _top(self) -> int:
        """Give the highest number that means anything in the files before."""
        table = self.pooled
        queries = [f"SELECT max(t.{self._id}) FROM {table.name} AS t WHERE {self._there('t')}"]
        for other, name in self.referring:
            column = quote_identifier(name)
            queries.append(
                f"SELECT max({column}) FROM {other.name} WHERE {other.src} < {self.source} "
                f"AND typeof({column}) = 'integer'"
            )
        found = [self.bench.value(query) for query in queries]
        highest = [int(value) for value in found if value is not None]
        return max([0, *self.sequences, *highest])
