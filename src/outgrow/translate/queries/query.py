"""What a translated SELECT is: its SQL, and what each result column reads as."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from outgrow.model.names import fold
from outgrow.model.source import Affinity
from outgrow.model.types import TargetType
from outgrow.postgres.identifiers import quote
from outgrow.translate.expressions.values import Rep, Value
from outgrow.translate.scope import Source

#: A number that SQLite would have put at a name's end.
_UNNUMBERED = re.compile(r":\d+$")


@dataclass(frozen=True, slots=True)
class Column:
    """A result column.

    Args:
        source: SQLite's name.
        name: the target's name.
        value: what it is inside the query.
        type: its type.
        inner: SQLite's name where the query stands in FROM, '' for the same.

    """

    source: str
    name: str
    value: Value
    type: TargetType
    inner: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A SELECT whose list can be written in another way: without names, or converted.

    Args:
        start: SELECT or SELECT DISTINCT.
        rest: what follows the list.
        values: its columns before they are written.
        texts: its columns as they are written, without their names.

    """

    start: str
    rest: str
    values: tuple[Value, ...]
    texts: tuple[str, ...]

    def written(self, listed: str) -> str:
        """Write the SELECT with this list."""
        return f"{self.start} {listed} {self.rest}".rstrip()


@dataclass(frozen=True, slots=True)
class Query:
    """A translated SELECT, compound SELECT or VALUES.

    Args:
        sql: PostgreSQL text.
        columns: its result columns.
        one_row: whether it gives exactly one row.
        has_limit: whether LIMIT stands at its end.
        order: the columns that its rows come sorted by, each with DESC and NULLS.
        last: the affinities in the last SELECT of a compound, which alone count in an expression.
        shown: how its list can be written anew, for a plain SELECT.

    """

    sql: str
    columns: tuple[Column, ...]
    one_row: bool = False
    has_limit: bool = False
    order: tuple[tuple[int, str], ...] = ()
    last: tuple[Affinity | None, ...] = ()
    shown: Shown | None = None

    @property
    def values(self) -> list[Value]:
        """The values of the result columns, as an expression may use them."""
        return self._in_expression([column.value for column in self.columns])

    def members(self, alias: str) -> list[Value]:
        """What the columns read as for an expression that names the query, as IN does."""
        return self._in_expression(self.read(alias))

    def _in_expression(self, values: list[Value]) -> list[Value]:
        if not self.last:
            return values
        return [
            replace(value, affinity=affinity, by_arm=False)
            for value, affinity in zip(values, self.last, strict=True)
        ]

    @property
    def sql_names(self) -> list[str]:
        """The result columns' names, quoted."""
        return [quote(column.name) for column in self.columns]

    def unnamed(self) -> str:
        """The query without names for its columns, where nothing reads them by name."""
        if self.shown is None:
            return self.sql
        return self.shown.written(", ".join(self.shown.texts))

    def limited(self) -> str:
        """The query with its first row only."""
        if self.has_limit:
            return f"SELECT * FROM ({self.sql}) AS first_row LIMIT 1"
        return f"{self.sql} LIMIT 1"

    def read(self, alias: str) -> list[Value]:
        """What the columns read as where the query stands in FROM under this (quoted) alias."""
        return [_reading(column, f"{alias}.{quote(column.name)}") for column in self.columns]

    def source(self, alias: str, names: Sequence[str] = ()) -> Source:
        """The query as a source of a FROM clause; ``names`` rename its columns."""
        given = distinct_names(names or [column.inner or column.source for column in self.columns])
        reads = self.read(quote(alias))
        columns = {fold(name): value for name, value in zip(given, reads, strict=True)}
        order = tuple(f"{reads[position].sql}{ending}" for position, ending in self.order)
        return Source(alias, given, columns, order=order)


def _reading(column: Column, sql: str) -> Value:
    if column.value.rep is Rep.NULL:
        # In PostgreSQL it is a text, which meets no other type.
        return replace(column.value, sql="NULL", atom=True, stored=None, is_constant=True)
    return replace(
        column.value,
        sql=sql,
        atom=True,
        stored=column.type,
        is_constant=False,
        constant=None,
        explicit=False,
        column=True,
        narrow=False,
        c_collated=column.value.rep is Rep.TEXT,
        form=column.value.form_behind(sql),
    )


def distinct_names(names: Sequence[str]) -> tuple[str, ...]:
    """What SQLite calls the columns of a subquery: the second ``a`` is ``a:1``."""
    taken: dict[str, str] = {}
    for name in names:
        free, count = name, 0
        while fold(free) in taken:
            count += 1
            free = f"{_UNNUMBERED.sub('', name)}:{count}"
        taken[fold(free)] = free
    return tuple(taken.values())
