"""The rows that INSERT is given, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from outgrow.model.names import fold
from outgrow.postgres.identifiers import literal, quote
from outgrow.translate.context import Context
from outgrow.translate.errors import UntranslatableSQL, unsupported
from outgrow.translate.expressions.values import Rep, Value, of_column
from outgrow.translate.parse import Node, children
from outgrow.translate.queries.query import Query
from outgrow.translate.queries.sources import table_source
from outgrow.translate.schema import ColumnInfo, KeyInfo
from outgrow.translate.scope import Source
from outgrow.translate.translator import Translator
from outgrow.translate.writing.defaults import default_of
from outgrow.translate.writing.keys import alike, columns_of, computed
from outgrow.translate.writing.target import Target, quoted_names

#: The name of the given rows where a statement looks at them before it writes them.
GIVEN = "given"
_THERE = "there"


@dataclass(frozen=True, slots=True)
class Given:
    """What a statement inserts.

    Args:
        target: where it goes.
        columns: the columns that get values; none for DEFAULT VALUES.
        rows: the values of each row, ``None`` where a query gives them.
        query: the query.
        refills: whether NULL in a NOT NULL column means its default, as OR REPLACE says.
        numbers: whether automatic rowids are written out, so that every row takes a number.
        reuses: keys on whose conflict nothing is inserted: the automatic rowid of such a row is
            that of the row that is there, so that no number is used up.

    """

    target: Target
    columns: tuple[ColumnInfo, ...]
    rows: tuple[tuple[Value, ...], ...] | None
    query: Query | None = None
    refills: bool = False
    numbers: bool = False
    reuses: tuple[KeyInfo, ...] = ()

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

    @property
    def has_automatic_ids(self) -> bool:
        """Whether every row gets an automatic rowid."""
        rowid = self.target.rowid
        if rowid is None or rowid not in self.columns:
            return rowid is not None
        return all(value.rep is Rep.NULL for value in self.values_of(rowid))

    # --- writing --------------------------------------------------------------------------------

    @property
    def written_columns(self) -> tuple[ColumnInfo, ...]:
        """The columns that are written: those that get values, and a rowid that is chosen."""
        rowid = self.target.rowid
        if rowid is None or rowid in self.columns or not (self.reuses or self.numbers):
            return self.columns
        return (*self.columns, rowid)

    def plain(self, ctx: Context) -> str:
        """Write the columns and rows after INSERT INTO."""
        if not self.written_columns:
            return "DEFAULT VALUES"
        names = quoted_names(self.written_columns)
        if self.rows is None:
            return f"({names}) {self._selected(ctx)}"
        rows = []
        for row in self.rows:
            cells = self._cells(ctx, row)
            listed = [cells[column.name] or "DEFAULT" for column in self.written_columns]
            rows.append(f"({', '.join(listed)})")
        return f"({names}) VALUES {', '.join(rows)}"

    def relation(self, ctx: Context) -> str:
        """Write a query that gives the rows as the columns keep them."""
        if self.rows is None:
            return self._selected(ctx)
        rows = []
        for row in self.rows:
            cells = self._cells(ctx, row)
            listed = [
                f"CAST({cells[column.name] or self._next_id()} AS {column.type})"
                for column in self.written_columns
            ]
            rows.append(f"({', '.join(listed)})")
        names = quoted_names(self.written_columns)
        return f"SELECT * FROM (VALUES {', '.join(rows)}) AS rows({names})"

    def _selected(self, ctx: Context) -> str:
        assert self.query is not None
        cells = self._cells(ctx, self.query.read("rows"))
        listed = [
            f"{cells[column.name] or self._next_id()} AS {quote(column.name)}"
            for column in self.written_columns
        ]
        return f"SELECT {', '.join(listed)} FROM ({self.query.sql}) AS rows"

    def _cells(self, ctx: Context, row: Sequence[Value]) -> dict[str, str]:
        """What is written of one row, by the target's names; '' for an automatic rowid."""
        cells = {
            column.name: self._cell(ctx, value, column)
            for value, column in zip(row, self.columns, strict=True)
        }
        rowid = self.target.rowid
        if rowid is not None and not cells.get(rowid.name):
            cells[rowid.name] = self._reused_id(ctx, cells) if self.reuses else ""
        return cells

    def _reused_id(self, ctx: Context, cells: Mapping[str, str]) -> str:
        """The rowid of the row that is in the way, or else the next one."""
        table, rowid = self.target.table, self.target.rowid
        assert table is not None and rowid is not None
        there = table_source(table, _THERE, _THERE)
        typed = {
            column.name: f"CAST({cells[column.name]} AS {column.type})"
            for column in self.columns
            if cells[column.name]
        }
        found = []
        for key in self.reuses:
            new = self._row(ctx, columns_of(key), typed)
            test = alike(ctx, table, key, there, new)
            relation = f"{self.target.relation} AS {_THERE}"
            found.append(f"(SELECT {_THERE}.{quote(rowid.name)} FROM {relation} WHERE {test})")
        return f"COALESCE({', '.join(found)}, {self._next_id()})"

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
        cells = {c.name: f"{GIVEN}.{quote(c.name)}" for c in self.written_columns}
        return self._row(ctx, needed, cells)

    def _row(self, ctx: Context, needed: frozenset[str], cells: Mapping[str, str]) -> Source:
        """The columns of a new row of which some are written so, as operands."""
        table = self.target.table
        assert table is not None
        columns: dict[str, Value] = {}
        for column in self.target.columns:
            name = fold(column.source)
            if cells.get(column.name):
                columns[name] = of_column(column, cells[column.name], nullable=True)
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
