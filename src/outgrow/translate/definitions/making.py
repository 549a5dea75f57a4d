"""CREATE TABLE and CREATE INDEX as PostgreSQL runs them, for what an application makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from outgrow.model.names import fold
from outgrow.model.source import (
    SourceCheck,
    SourceColumn,
    SourceForeignKey,
    SourceIndex,
    SourceKey,
    SourceTable,
)
from outgrow.postgres.identifiers import literal, quote
from outgrow.postgres.naming import fitting
from outgrow.translate.context import HELPERS
from outgrow.translate.defaults import translate_default
from outgrow.translate.definitions.indexing import (
    CannotIndex,
    index_parts,
    index_where,
    is_plain,
    key_columns,
    type_sql,
)
from outgrow.translate.definitions.references import (
    foreign_key_sql,
    incomparable,
    is_unique,
    parent_columns,
    unlike,
)
from outgrow.translate.definitions.twin import Picture
from outgrow.translate.engine import translate_condition, translate_expression
from outgrow.translate.errors import unsupported
from outgrow.translate.schema import ColumnInfo, Schema, TableInfo


@dataclass(slots=True)
class Sheet:
    """The statements that are written, and what they rely on."""

    steps: list[str] = field(default_factory=list)
    helpers: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Defined:
    """A schema and what SQLite makes of its definitions."""

    schema: Schema
    picture: Picture

    def source(self, table: str) -> SourceTable | None:
        """What SQLite makes of a table."""
        entry = self.picture.named("table", table)
        return self.picture.table(entry) if entry else None

    def info(self, table: str) -> TableInfo:
        """What the target has of a table that is there."""
        return self.schema.tables[fold(table)]

    def relation(self, table: str) -> str:
        """A table's name in the target, with its schema."""
        return self.schema.relation(self.info(table))


def create_table(defined: Defined, table: SourceTable, sheet: Sheet, *, again: bool) -> None:
    """Write CREATE TABLE with its keys; ``again``: it may be there already.

    Raises UntranslatableSQL.
    """
    info = defined.info(table.name)
    lines = [_column(defined, table, column, sheet) for column in table.columns]
    lines += [line for line in _constraints(defined, table, sheet) if line]
    body = ",\n".join(f"    {line}" for line in lines)
    kind = "CREATE TEMP TABLE" if info.temporary else "CREATE TABLE"
    present = " IF NOT EXISTS" if again else ""
    sheet.steps.append(f"{kind}{present} {defined.relation(table.name)} (\n{body}\n)")
    _create_folding_keys(defined, table, sheet)


def add_column(defined: Defined, table: SourceTable, column: SourceColumn, sheet: Sheet) -> None:
    """Write ADD COLUMN; raises UntranslatableSQL."""
    relation = defined.relation(table.name)
    line = _column(defined, table, column, sheet)
    sheet.steps.append(f"ALTER TABLE {relation} ADD COLUMN {line}")
    own = fold(column.name)
    for check in table.checks:
        if fold(check.column) == own:
            sheet.steps.append(f"ALTER TABLE {relation} ADD {_check(defined, table, check, sheet)}")


def create_index(
    defined: Defined, table: SourceTable, index: SourceIndex, sheet: Sheet, *, again: bool
) -> None:
    """Write CREATE INDEX; raises UntranslatableSQL."""
    name = defined.schema.indexes[fold(index.name)].name
    try:
        parts = index_parts(defined.schema, table, index.parts)
    except CannotIndex as error:
        raise unsupported(str(error)) from None
    where = index_where(defined.schema, table, index)
    sheet.helpers |= parts.helpers | where.helpers
    unique = "UNIQUE " if index.unique else ""
    relation = defined.relation(table.name)
    sql = f"CREATE {unique}INDEX {quote(name)} ON {relation} ({parts.sql}){where.sql}"
    if again:
        # IF NOT EXISTS would be content with an index of that name on another table.
        sheet.helpers.add("make_index")
        given = ", ".join(map(literal, (name, relation, sql)))
        sql = f"SELECT {HELPERS}.make_index({given})"
    sheet.steps.append(sql)


# --- columns -----------------------------------------------------------------------------------


def _column(defined: Defined, table: SourceTable, column: SourceColumn, sheet: Sheet) -> str:
    info = defined.info(table.name).column(column.name)
    assert info is not None
    if table.rowid_alias and column.name == table.rowid_alias:
        return f"{quote(info.name)} bigserial"
    parts = [quote(info.name), type_sql(info.type)]
    if column.generated is not None:
        parts.append(_generated(defined, table, column, info, sheet))
    elif column.default is not None:
        default = translate_default(column.default, info)
        sheet.helpers |= default.helpers
        parts += [f"DEFAULT {default.sql}"] if default.sql != "NULL" else []
    if column.not_null:
        parts.append("NOT NULL")
    return " ".join(parts)


def _generated(
    defined: Defined, table: SourceTable, column: SourceColumn, info: ColumnInfo, sheet: Sheet
) -> str:
    assert column.generated is not None
    written = translate_expression(
        column.generated, defined.schema, table.name, as_type=info.type, affinity=info.affinity
    )
    sheet.helpers |= written.helpers
    return f"GENERATED ALWAYS AS ({written.sql}) STORED"


# --- keys and checks ---------------------------------------------------------------------------


def _constraints(defined: Defined, table: SourceTable, sheet: Sheet) -> Iterator[str]:
    info = defined.info(table.name)
    if table.primary_key is not None:
        yield f"PRIMARY KEY ({key_columns(info, table.primary_key.columns)})"
        _note_null_key(table, table.primary_key, sheet)
    for key in table.unique:
        if is_plain(info, key):
            yield f"UNIQUE ({key_columns(info, key.columns)})"
    for check in table.checks:
        yield _check(defined, table, check, sheet)
    for reference in table.foreign_keys:
        reason = why_not(defined, table, reference)
        if reason:
            sheet.notes.append(f"the foreign key to {reference.parent} does not stand: {reason}")
        else:
            yield foreign_key(defined, table, reference)


def _note_null_key(table: SourceTable, key: SourceKey, sheet: Sheet) -> None:
    columns = [table.column(name) for name in key.columns if name != table.rowid_alias]
    if not all(column.not_null for column in columns):
        sheet.notes.append(
            f"PostgreSQL takes no NULL in the primary key of {table.name}, which SQLite does"
        )


def _create_folding_keys(defined: Defined, table: SourceTable, sheet: Sheet) -> None:
    """Keys that compare by NOCASE or RTRIM are unique indexes over what they compare.

    PostgreSQL names them: a name of ours might stay behind when the table is renamed.
    """
    info = defined.info(table.name)
    keys = (*([table.primary_key] if table.primary_key else ()), *table.unique)
    for key in keys:
        if is_plain(info, key):
            continue
        try:
            parts = index_parts(defined.schema, table, key.parts)
        except CannotIndex as error:
            raise unsupported(str(error)) from None
        relation = defined.relation(table.name)
        sheet.steps.append(f"CREATE UNIQUE INDEX ON {relation} ({parts.sql})")


def _check(defined: Defined, table: SourceTable, check: SourceCheck, sheet: Sheet) -> str:
    written = translate_condition(check.expression, defined.schema, table.name)
    sheet.helpers |= written.helpers
    sheet.notes += written.notes
    names = [other.name for other in table.checks]
    alone = check.name and names.count(check.name) == 1
    constraint = f"CONSTRAINT {quote(fitting(fold(check.name)))} " if alone else ""
    return f"{constraint}CHECK ({written.sql})"


def why_not(defined: Defined, table: SourceTable, key: SourceForeignKey) -> str:
    """Say why a foreign key can't stand yet, or nothing.

    SQLite looks at the parent only when rows are written
    (https://www.sqlite.org/foreignkeys.html#fk_schemaerrors). Raises UntranslatableSQL where
    PostgreSQL never can hold the key.
    """
    parent = defined.source(key.parent)
    own = defined.info(table.name)
    if parent is None or defined.info(parent.name).temporary != own.temporary:
        return "there is no such table yet"
    columns = parent_columns(key, parent)
    reason = unlike(key, columns, parent)
    if reason:
        return reason
    info = defined.info(parent.name)
    if not is_unique(parent, info, columns):
        return f"{parent.name}({', '.join(columns)}) is not unique"
    reason = incomparable(own, key, info, columns)
    if reason:
        raise unsupported(
            f"the foreign key of {table.name}: {reason}", "Declare both columns with one type"
        )
    return ""


def foreign_key(defined: Defined, table: SourceTable, key: SourceForeignKey) -> str:
    """Write a foreign key that can stand."""
    parent = defined.source(key.parent)
    assert parent is not None
    return foreign_key_sql(
        defined.info(table.name),
        key,
        defined.info(parent.name),
        defined.relation(parent.name),
        parent_columns(key, parent),
    )
