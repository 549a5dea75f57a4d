"""The rows that INSERT is given, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from outgrow.model.names import fold
from outgrow.postgres.identifiers import literal, quote
from outgrow.translate.context import Context
from outgrow.translate.errors import UntranslatableSQL, unsupported
from outgrow.translate.parse import Node, children
from outgrow.translate.query import Query
from outgrow.translate.schema import ColumnInfo
from outgrow.translate.scope import Source
from outgrow.translate.translator import Translator
from outgrow.translate.values import Rep, Value, of_column
from outgrow.translate.writing.defaults import default_of
from outgrow.translate.writing.keys import computed
from outgrow.translate.writing.target import Target, quoted_names

#: The name of the given rows where a statement looks at them before it writes them.
GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Given:
    """What a statement inserts.

    Args:
        target: where it goes.
        columns: the columns that get values; none for DEFAULT VALUES.
        rows: the values of each row, ``None`` where a query gives them.
        query: the query.
        refills: whether NULL in a NOT NULL column means its default, as OR REPLACE says.

    """

    target: Target
    columns: tuple[ColumnInfo, ...]
    rows: tuple[tuple[Value, ...], ...] | None
    query: Query | None = None
    refills: bool = False

    @property
    def may_be_several(self) -> bool:
        """Whether it may be more than one row."""
        return self.rows is None or len(self.rows) > 1

    def one_by_one(self) -> Iterator[Given]:
        """Each row alone; a query can't be taken apart."""
        if self.rows is None:
            yield self
            return
        for row in self.rows:
            yield replace(self, rows=(row,))

    def values_of(self, column: ColumnInfo) -> list[Value]:
        """What the rows have for a column that gets values."""
        position = self.columns.index(column)
        if self.query is not None:
            return [self.query.values[position]]
        return [row[position] for row in self.rows or ()]

    # --- writing --------------------------------------------------------------------------------

    def plain(self, ctx: Context) -> str:
        """Write the columns and rows after INSERT INTO."""
        if not self.columns:
            return "DEFAULT VALUES"
        if self.rows is None:
            return f"({quoted_names(self.columns)}) {self._selected(ctx)}"
        rows = [
            ", ".join(
                self._cell(ctx, value, column) or "DEFAULT"
                for value, column in zip(row, self.columns, strict=True)
            )
            for row in self.rows
        ]
        return f"({quoted_names(self.columns)}) VALUES {', '.join(f'({row})' for row in rows)}"

    def relation(self, ctx: Context) -> str:
        """Write a query that gives the rows as the columns keep them."""
        if self.rows is None:
            return self._selected(ctx)
        rows = []
        for row in self.rows:
            cells = [
                f"CAST({self._cell(ctx, value, column) or self._next_id()} AS {column.type})"
                for value, column in zip(row, self.columns, strict=True)
            ]
            rows.append(f"({', '.join(cells)})")
        return f"SELECT * FROM (VALUES {', '.join(rows)}) AS rows({quoted_names(self.columns)})"

    def _selected(self, ctx: Context) -> str:
        assert self.query is not None
        cells = [
            f"{self._cell(ctx, value, column) or self._next_id()} AS {quote(column.name)}"
            for value, column in zip(self.query.read("rows"), self.columns, strict=True)
        ]
        return f"SELECT {', '.join(cells)} FROM ({self.query.sql}) AS rows"

    def _cell(self, ctx: Context, value: Value, column: ColumnInfo) -> str:
        """Write one value; '' for an automatic rowid."""
        if column == self.target.rowid:
            return self._rowid(ctx, value, column)
        written = self.target.stored(ctx, value, column)
        if self.refills and column.not_null and value.nullable and column.default is not None:
            default = default_of(ctx, self.target, column)
            return default if value.rep is Rep.NULL else f"COALESCE({written}, {default})"
        return written

    def _rowid(self, ctx: Context, value: Value, column: ColumnInfo) -> str:
        if value.rep is Rep.NULL:
            return ""
        written = self.target.explicit_id(ctx, self.target.stored(ctx, value, column))
        return f"COALESCE({written}, {self._next_id()})" if value.nullable else written

    def _next_id(self) -> str:
        rowid = self.target.rowid
        assert rowid is not None
        place = f"{literal(self.target.relation)}, {literal(rowid.name)}"
        return f"nextval(pg_get_serial_sequence({place}))"

    def new_row(self, ctx: Context, needed: frozenset[str]) -> Source:
        """What the columns of a new row read as where the rows stand under the name ``given``.

        ``needed``: the folded names of the columns that are read. Raises UntranslatableSQL.
        """
        table = self.target.table
        assert table is not None
        columns: dict[str, Value] = {}
        for column in self.target.columns:
            name = fold(column.source)
            if column in self.columns:
                columns[name] = of_column(column, f"{GIVEN}.{quote(column.name)}", nullable=True)
            elif name in needed and not column.generated:
                written = f"CAST({default_of(ctx, self.target, column)} AS {column.type})"
                columns[name] = of_column(column, written, nullable=True)
            else:
                columns[name] = of_column(column, "NULL", nullable=True)
        row = Source(GIVEN, tuple(c.source for c in self.target.columns), columns)
        return computed(ctx, table, row, needed)


def given_of(translator: Translator, target: Target, node: Node) -> Given:
    """Translate what stands after the table's name; raises UntranslatableSQL."""
    source = node["source"]
    if source is None:
        return Given(target, (), ((),))
    names = [str(column["column"]) for column in children(node["columns"])]
    columns = tuple(target.named(name) for name in names) or target.settable
    if len({column.name for column in columns}) < len(columns):
        raise unsupported("a column that is named twice in INSERT")
    if source["type"] == "ValuesClause":
        rows = tuple(tuple(translator.all(children(row))) for row in children(source["rows"]))
        for row in rows:
            _check_width(target, len(row), columns)
        return Given(target, columns, rows)
    query = translator.query(source)
    _check_width(target, len(query.columns), columns)
    return Given(target, columns, None, query)


def _check_width(target: Target, width: int, columns: Sequence[ColumnInfo]) -> None:
    if width != len(columns):
        raise unsupported(f"{width} values for {len(columns)} columns of {target.source}")


def check_defaults(ctx: Context, given: Given) -> None:
    """Refuse to leave a column out whose default PostgreSQL does not have."""
    for column in given.target.settable:
        if column not in given.columns and column.default is not None:
            try:
                default_of(ctx, given.target, column)
            except UntranslatableSQL as error:
                raise UntranslatableSQL(
                    error.code,
                    f"the default of {given.target.place(column)}: {error.what}",
                    "Name the column and give it a value",
                ) from error
