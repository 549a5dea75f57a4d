"""What a translated SELECT is: its SQL, and what each result column reads as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from outgrow.model.names import fold
from outgrow.model.types import TargetType
from outgrow.postgres.identifiers import quote
from outgrow.translate.scope import Source
from outgrow.translate.values import Rep, Value


@dataclass(frozen=True, slots=True)
class Column:
    """A result column: SQLite's name, the target's name, its value inside and its type."""

    source: str
    name: str
    value: Value
    type: TargetType


@dataclass(frozen=True, slots=True)
class Query:
    """A translated SELECT, compound SELECT or VALUES.

    ``one_row``: it gives exactly one row. ``has_limit``: LIMIT stands at its end.
    """

    sql: str
    columns: tuple[Column, ...]
    one_row: bool = False
    has_limit: bool = False

    @property
    def values(self) -> list[Value]:
        """The values of the result columns, as an expression may use them."""
        return [column.value for column in self.columns]

    @property
    def sql_names(self) -> list[str]:
        """The result columns' names, quoted."""
        return [quote(column.name) for column in self.columns]

    def limited(self) -> str:
        """The query with its first row only."""
        if self.has_limit:
            return f"SELECT * FROM ({self.sql}) AS first_row LIMIT 1"
        return f"{self.sql} LIMIT 1"

    def read(self, alias: str) -> list[Value]:
        """What the columns read as where the query stands in FROM under this (quoted) alias."""
        return [
            replace(
                column.value,
                sql=f"{alias}.{quote(column.name)}",
                atom=True,
                stored=column.type,
                is_constant=False,
                narrow=False,
                c_collated=column.value.rep is Rep.TEXT,
            )
            for column in self.columns
        ]

    def source(self, alias: str, names: Sequence[str] = ()) -> Source:
        """The query as a source of a FROM clause; ``names`` rename its columns."""
        given = tuple(names) or tuple(column.source for column in self.columns)
        reads = self.read(quote(alias))
        columns: dict[str, Value] = {}
        for name, value in zip(given, reads, strict=True):
            columns.setdefault(fold(name), value)
        return Source(alias, given, columns)
