"""What a translation knows of the database: each column as it was, and as it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from outgrow.model.census import Census
from outgrow.model.names import fold
from outgrow.model.plan import Plan
from outgrow.model.source import (
    Affinity,
    Expression,
    IndexPart,
    SourceColumn,
    SourceDatabase,
    SourceForeignKey,
    SourceTable,
)
from outgrow.model.types import TargetType
from outgrow.postgres.identifiers import qualified


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """A column: SQLite's name, affinity and collation; the target's name and type.

    ``mixed``: values of more than one storage class are stored, so its class is not known.
    ``generated``: what computes it. ``constrained``: it stands in a UNIQUE, a foreign key or a
    CHECK. ``default``: what a row gets that does not name it. ``by_bytes``: whether PostgreSQL
    compares its texts by bytes. ``on_null``: what the declaration says of a NULL.
    """

    source: str
    name: str
    type: TargetType
    affinity: Affinity
    collation: str = "BINARY"
    not_null: bool = False
    mixed: bool = False
    generated: Expression | None = None
    constrained: bool = False
    default: Expression | None = None
    by_bytes: bool = True
    on_null: str = ""


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What makes rows unique: a PRIMARY KEY, a UNIQUE or a unique index.

    ``where`` is the condition of a partial index. ``on_conflict``: what the declaration says.
    """

    parts: tuple[IndexPart, ...]
    where: Expression | None = None
    on_conflict: str = ""


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table. ``rowid_alias`` is the column that is SQLite's rowid, '' where there is none.

    ``sql``: SQLite's DDL, '' where it is not known. ``temporary``: only this connection has it.
    ``keys``: every unique key. ``foreign_keys``: those that it declares. ``autoincrement``: a
    rowid is never given twice. ``by_name``: the columns by their folded names.
    """

    source: str
    name: str
    columns: tuple[ColumnInfo, ...]
    rowid_alias: str = ""
    primary_key: tuple[str, ...] = ()
    sql: str = ""
    temporary: bool = False
    keys: tuple[KeyInfo, ...] = ()
    checks: tuple[Expression, ...] = ()
    foreign_keys: tuple[SourceForeignKey, ...] = ()
    autoincrement: bool = False
    by_name: Mapping[str, ColumnInfo] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Index the columns."""
        object.__setattr__(self, "by_name", {fold(each.source): each for each in self.columns})

    def column(self, source: str) -> ColumnInfo | None:
        """The column of that SQLite name, in any case."""
        return self.by_name.get(fold(source))


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """An index made by CREATE INDEX: SQLite's DDL and its table there; the target's name."""

    source: str
    name: str
    table: str
    sql: str


@dataclass(frozen=True, slots=True)
class ViewInfo:
    """A view: SQLite's DDL and column names, the target's name.

    ``classes``: the storage classes that SQLite gives in each column, '' where they are not known.
    """

    source: str
    name: str
    sql: str
    columns: tuple[str, ...]
    classes: tuple[frozenset[str], ...] = ()
    temporary: bool = False


@dataclass(frozen=True, slots=True)
class TriggerInfo:
    """A trigger: SQLite's DDL and the table it stands on; the target's name."""

    source: str
    name: str
    table: str
    sql: str


@dataclass(frozen=True, slots=True)
class Schema:
    """Tables, views, triggers and indexes by folded SQLite name, each in the order it was made.

    ``target_schema`` is where they live. ``unreadable``: why no statement can read a table that
    the target has, by its folded name. ``numbered``: whether there was a table with
    AUTOINCREMENT, so that sqlite_sequence is there.
    """

    target_schema: str
    tables: Mapping[str, TableInfo]
    views: Mapping[str, ViewInfo] = field(default_factory=dict)
    triggers: Mapping[str, TriggerInfo] = field(default_factory=dict)
    indexes: Mapping[str, IndexInfo] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    numbered: bool = False

    def table(self, source: str) -> TableInfo | None:
        """The table of that SQLite name, in any case."""
        return self.tables.get(fold(source))

    def name_of(self, kind: str, source: str) -> str:
        """The target's name of a table, index, view or trigger; raises KeyError."""
        named: Mapping[str, Mapping[str, TableInfo | IndexInfo | ViewInfo | TriggerInfo]] = {
            "table": self.tables,
            "index": self.indexes,
            "view": self.views,
            "trigger": self.triggers,
        }
        return named[kind][fold(source)].name

    def relation(self, info: TableInfo | ViewInfo) -> str:
        """The target's name of a table or view, with its schema."""
        return qualified("pg_temp" if info.temporary else self.target_schema, info.name)


def schema_of(
    source: SourceDatabase, plan: Plan, *, target_schema: str, census: Census | None = None
) -> Schema:
    """Build the schema of the included tables; the census tells which columns are mixed."""
    names = dict(plan.names)

    def target(kind: str, name: str) -> str:
        return names.get((kind, name), fold(name))

    included = [table for table in source.tables if plan.table(table.name).include]
    tables = {
        fold(table.name): describe_table(
            table,
            plan.table(table.name).name,
            {
                fold(column.name): Held(
                    plan.table(table.name).column(column.name).name,
                    plan.table(table.name).column(column.name).type,
                    is_mixed(census, table.name, column),
                )
                for column in table.columns
            },
        )
        for table in included
    }
    indexes = {
        fold(index.name): IndexInfo(index.name, target("index", index.name), table.name, index.sql)
        for table in included
        for index in table.indexes
    }
    views = {
        fold(view.name): ViewInfo(
            view.name,
            target("view", view.name),
            view.sql,
            view.columns,
            census.views.get(view.name, ()) if census else (),
        )
        for view in source.views
    }
    triggers = {
        fold(trigger.name): TriggerInfo(
            trigger.name, target("trigger", trigger.name), trigger.table, trigger.sql
        )
        for trigger in source.triggers
    }
    numbered = any(table.autoincrement for table in included)
    return Schema(target_schema, tables, views, triggers, indexes, numbered=numbered)


@dataclass(frozen=True, slots=True)
class Held:
    """How the target holds a column: its name and type, and what else ColumnInfo says of it."""

    name: str
    type: TargetType
    mixed: bool = False
    by_bytes: bool = True


def describe_table(
    source: SourceTable, name: str, held: Mapping[str, Held], *, temporary: bool = False
) -> TableInfo:
    """Join what SQLite knows of a table with how the target holds it (by folded column name)."""
    constrained = _constrained(source)
    return TableInfo(
        source.name,
        name,
        tuple(
            ColumnInfo(
                column.name,
                held[fold(column.name)].name,
                held[fold(column.name)].type,
                column.affinity,
                column.collation.upper(),
                column.not_null or fold(column.name) == (fold(source.rowid_alias) or None),
                held[fold(column.name)].mixed,
                column.generated,
                fold(column.name) in constrained,
                column.default,
                held[fold(column.name)].by_bytes,
                column.on_null,
            )
            for column in source.columns
        ),
        source.rowid_alias,
        source.primary_key.columns if source.primary_key else (),
        source.sql,
        temporary,
        tuple(_keys(source)),
        tuple(check.expression for check in source.checks),
        source.foreign_keys,
        source.autoincrement,
    )


def _keys(table: SourceTable) -> Iterator[KeyInfo]:
    if table.primary_key:
        yield KeyInfo(table.primary_key.parts, on_conflict=table.primary_key.on_conflict)
    for key in table.unique:
        yield KeyInfo(key.parts, on_conflict=key.on_conflict)
    for index in table.indexes:
        if index.unique:
            yield KeyInfo(index.parts, index.where)


def _constrained(table: SourceTable) -> set[str]:
    keys = [key.columns for key in table.unique]
    keys += [key.columns for key in table.foreign_keys]
    keys += [tuple(p.column for p in index.parts) for index in table.indexes if index.unique]
    names = {fold(name) for key in keys for name in key}
    return names | {name for check in table.checks for name in named_columns(check.expression.tree)}


def named_columns(node: object) -> set[str]:
    """The folded names of all columns in a tree."""
    if isinstance(node, list | tuple):
        return {name for child in node for name in named_columns(child)}
    if not isinstance(node, Mapping):
        return set()
    own = {fold(str(node["column"]))} if node.get("type") == "ColumnRef" else set()
    return own | {name for child in node.values() for name in named_columns(child)}


def computed_from(names: Iterable[str], tree_of: Callable[[str], object]) -> set[str]:
    """Give folded names of columns and of all that those which are generated read.

    ``tree_of`` gives the expression of a column; None for one that is not generated.
    """
    pending, found = set(names), set[str]()
    while pending:
        name = pending.pop()
        found.add(name)
        pending |= named_columns(tree_of(name)) - found
    return found


def is_mixed(census: Census | None, table: str, column: SourceColumn) -> bool:
    """Whether the storage class of a column's values is not known.

    One without a type takes any value as it comes, and without values nothing tells which.
    """
    if census is None or table not in census.tables:
        return False
    classes = set(census.tables[table].column(column.name).classes)
    if not classes:
        return not column.declared
    return len(classes) > 1 and not classes <= {"integer", "real"}
