"""What a statement writes: a table, or a view whose INSTEAD OF triggers do the work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from outgrow.model.names import fold
from outgrow.model.source import Affinity
from outgrow.postgres.identifiers import literal, qualified, quote
from outgrow.translate.context import Context
from outgrow.translate.errors import UNKNOWN_NAME, UntranslatableSQL, unsupported
from outgrow.translate.expressions.assign import assigned
from outgrow.translate.expressions.values import Value
from outgrow.translate.parse import Node, name_of
from outgrow.translate.queries.sources import table_source
from outgrow.translate.schema import ColumnInfo, TableInfo, ViewInfo
from outgrow.translate.scope import ROWID_NAMES, Source
from outgrow.translate.translator import Translator
from outgrow.translate.writing.fired import fired_by


@dataclass(frozen=True, slots=True)
class Target:
    """A table or view that is written.

    Args:
        source: SQLite's name.
        relation: the target's name, with its schema.
        alias: what qualifies its columns: the folded name, if it has one.
        columns: its columns; those of a view have no affinity.
        row: what the columns of the row read as.
        table: what is known of the table, ``None`` for a view.

    """

    source: str
    relation: str
    alias: str
    columns: tuple[ColumnInfo, ...]
    row: Source
    table: TableInfo | None

    @property
    def written(self) -> str:
        """The target as it is named after INTO, UPDATE or FROM."""
        if self.relation.endswith(f".{quote(self.alias)}"):
            return self.relation
        return f"{self.relation} AS {quote(self.alias)}"

    @property
    def settable(self) -> tuple[ColumnInfo, ...]:
        """The columns that a statement gives values to."""
        return tuple(column for column in self.columns if not column.generated)

    @property
    def rowid(self) -> ColumnInfo | None:
        """The column that is SQLite's rowid."""
        alias = self.table.rowid_alias if self.table else ""
        return self.find(alias) if alias else None

    def find(self, name: str) -> ColumnInfo | None:
        """The column of that name in any case; ``rowid`` is the column that keeps it."""
        folded = fold(name)
        found = next((c for c in self.columns if fold(c.source) == folded), None)
        if found is None and folded in ROWID_NAMES and self.table and self.table.rowid_alias:
            return self.find(self.table.rowid_alias)
        return found

    def named(self, name: str) -> ColumnInfo:
        """The column that a statement gives a value to; raises UntranslatableSQL."""
        column = self.find(name)
        if column is None:
            if fold(name) in ROWID_NAMES:
                raise unsupported(
                    f"rowid of {self.source}, which no column keeps", "Name the key instead"
                )
            raise UntranslatableSQL(UNKNOWN_NAME, f"no such column: {self.source}.{name}")
        if column.generated:
            raise unsupported(f"a value for the generated column {column.source}")
        return column

    def place(self, column: ColumnInfo) -> str:
        """How an error names a column."""
        return f"{self.source}.{column.source}"

    def stored(self, ctx: Context, value: Value, column: ColumnInfo) -> str:
        """Write a value as the column keeps it; raises UntranslatableSQL."""
        return assigned(ctx, value, column.type, column.affinity, self.place(column))

    def explicit_id(self, ctx: Context, written: str) -> str:
        """Write a rowid that is given, after which the automatic ones come later."""
        assert self.rowid is not None
        return ctx.call("explicit_id", written, literal(self.relation), literal(self.rowid.name))


def target_of(translator: Translator, node: Node) -> Target:
    """Find what a statement writes; raises UntranslatableSQL, also where SQLite can't write it."""
    reference = node["table"]
    name, schema = str(reference["table_name"]), translator.ctx.schema
    if reference["schema"] and fold(reference["schema"]) not in ("main", "temp"):
        raise unsupported(f"the attached database {reference['schema']}")
    alias = fold(name_of(reference["alias"]) or name)
    called = alias or "unnamed"
    table = schema.table(name)
    if table is not None:
        relation = _relation(translator.ctx, table)
        row = table_source(table, alias, quote(called))
        return Target(table.source, relation, called, table.columns, row, table)
    view = schema.views.get(fold(name))
    if view is None:
        raise UntranslatableSQL(UNKNOWN_NAME, f"no such table: {name}")
    if not fired_by(schema, node):
        raise unsupported(f"cannot modify {name} because it is a view")
    query = translator.view(view)
    columns = tuple(
        ColumnInfo(column.source, column.name, column.type, Affinity.BLOB)
        for column in query.columns
    )
    row = replace(query.source(called), alias=alias)
    return Target(view.source, _relation(translator.ctx, view), called, columns, row, None)


def _relation(ctx: Context, info: TableInfo | ViewInfo) -> str:
    return qualified("pg_temp" if info.temporary else ctx.body_schema, info.name)


def quoted_names(columns: Sequence[ColumnInfo]) -> str:
    """Write a list of columns."""
    return ", ".join(quote(column.name) for column in columns)
