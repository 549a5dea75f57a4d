"""The schema of a database that is in use: PostgreSQL's catalog, and what is remembered of SQLite.

A table that no history knows goes by the types that PostgreSQL has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from outgrow.model.names import fold
from outgrow.model.source import SourceTable
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.sqlite.rows import quote_identifier
from outgrow.translate.definitions.history import ANY_CLASS, INTERNAL
from outgrow.translate.definitions.twin import described, twin_of
from outgrow.translate.errors import UntranslatableSQL
from outgrow.translate.schema import (
    Held,
    IndexInfo,
    Schema,
    TableInfo,
    TriggerInfo,
    ViewInfo,
    describe_table,
)

Rows = Sequence[tuple[Any, ...]]

#: Every column of a table or view in the schema ``%s``.
CATALOG = """
SELECT c.relname, c.relkind::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.attgenerated <> '',
       a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%%', false),
       coalesce(l.collname = 'C', true)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY c.oid, a.attnum
"""

#: Every key without expressions or condition: table, whether it is the primary key, columns.
KEYS = """
SELECT c.relname, i.indisprimary,
       ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY AS k(number, place)
             JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
             WHERE k.place <= i.indnkeyatts ORDER BY k.place)
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
ORDER BY i.indexrelid
"""

#: Whether anything is remembered.
REMEMBERS = """
SELECT to_regclass('outgrow.columns') IS NOT NULL
   AND to_regclass('outgrow.definitions') IS NOT NULL
"""

#: What each column of the schema ``%s`` was.
COLUMNS = """
SELECT table_name, column_name, source_table, source_column, declared, source_collation, type,
       shape, mixed
FROM outgrow.columns WHERE schema_name = %s
"""

#: The definitions of the schema ``%s`` in the order in which they were made.
DEFINITIONS = """
SELECT kind, name, source_name, source_table, sql
FROM outgrow.definitions WHERE schema_name = %s ORDER BY place
"""


@dataclass(frozen=True, slots=True)
class TargetRows:
    """What CATALOG, KEYS, COLUMNS and DEFINITIONS gave."""

    catalog: Rows
    keys: Rows = ()
    columns: Rows = ()
    definitions: Rows = ()


def read_schema(run: Callable[[str, Sequence[Any]], Rows], target_schema: str) -> Schema:
    """Read the schema of a database; ``run`` gives the rows of a query with its parameters."""
    place = (target_schema,)
    catalog, keys = run(CATALOG, place), run(KEYS, place)
    if not run(REMEMBERS, ())[0][0]:
        return schema_of_target(target_schema, TargetRows(catalog, keys))
    return schema_of_target(
        target_schema, TargetRows(catalog, keys, run(COLUMNS, place), run(DEFINITIONS, place))
    )


def schema_of_target(target_schema: str, rows: TargetRows) -> Schema:
    """Build the schema from what was read."""
    return _Target(target_schema, rows).schema()


@dataclass(frozen=True, slots=True)
class _Was:
    """What a column was in SQLite; ``type`` is what it became."""

    table: str
    column: str
    declared: str
    collation: str
    type: str
    shape: str | None
    mixed: bool


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as the catalog has it. ``counts``: it numbers the rows by itself."""

    name: str
    type: str
    not_null: bool
    generated: bool
    counts: bool
    by_bytes: bool
    was: _Was | None

    @property
    def source(self) -> str:
        return self.was.column if self.was else self.name

    @property
    def shape(self) -> str | None:
        """How it spelled its values; what somebody made another type of has no such spelling."""
        return self.was.shape if self.was and self.was.type == self.type else None


@dataclass(slots=True)
class _Relation:
    """A table or view as the catalog has it."""

    name: str
    kind: str
    source: str
    columns: list[_Column] = field(default_factory=list)
    keys: list[tuple[bool, list[str]]] = field(default_factory=list)

    @property
    def is_view(self) -> bool:
        return self.kind in ("v", "m")


class _Target:
    def __init__(self, target_schema: str, rows: TargetRows) -> None:
        self.target_schema = target_schema
        self.definitions = [tuple(map(str, row)) for row in rows.definitions]
        self.relations = _relations(rows)

    def schema(self) -> Schema:
        unreadable: dict[str, str] = {}
        tables: dict[str, TableInfo] = {}
        views = [row[1] for row in self._defined("view")]
        for relation in self._in_order():
            if relation.name in views:
                continue
            try:
                info = self._table(relation)
            except _Unreadable as error:
                unreadable[fold(relation.source)] = str(error)
                continue
            tables[fold(info.source)] = info
        schema = Schema(
            self.target_schema,
            tables,
            {fold(row[2]): ViewInfo(row[2], row[1], row[4], ()) for row in self._defined("view")},
            {
                fold(row[2]): TriggerInfo(row[2], row[1], row[3], row[4])
                for row in self._defined("trigger")
            },
            {
                fold(row[2]): IndexInfo(row[2], row[1], row[3], row[4])
                for row in self._defined("index")
                if fold(row[3]) in tables
            },
            unreadable,
            any(True for _ in self._defined(INTERNAL))
            or any(info.autoincrement for info in tables.values()),
        )
        return replace(schema, views=dict(self._views(schema)))

    def _defined(self, kind: str) -> Iterator[tuple[str, ...]]:
        return (row for row in self.definitions if row[0] == kind)

    def _in_order(self) -> Iterator[_Relation]:
        """The tables as they were made: first those that are remembered."""
        names = [row[1] for row in self._defined("table")]
        known = [self.relations[name] for name in names if name in self.relations]
        yield from known
        yield from (each for each in self.relations.values() if each.name not in names)

    def _table(self, relation: _Relation) -> TableInfo:
        source = self._declared(relation) or _made_up(relation)
        columns = {fold(column.source): column for column in relation.columns}
        held = {
            name: Held(
                column.name,
                _type(column),
                bool(column.was and column.was.mixed),
                column.by_bytes,
            )
            for name, column in columns.items()
        }
        return describe_table(source, relation.name, held)

    def _declared(self, relation: _Relation) -> SourceTable | None:
        """What SQLite makes of the definition, ``None`` where the table is another one now."""
        for _, name, source, _, sql in self._defined("table"):
            if name == relation.name:
                indexes = [row[4] for row in self._defined("index") if fold(row[3]) == fold(source)]
                try:
                    table = described(source, sql, tuple(indexes))
                except UntranslatableSQL:
                    return None
                names = {fold(column.name) for column in table.columns}
                same = names == {fold(column.source) for column in relation.columns}
                return table if same else None
        return None

    def _views(self, schema: Schema) -> Iterator[tuple[str, ViewInfo]]:
        columns = twin_of(schema).picture.views
        for name, view in schema.views.items():
            relation = self.relations.get(view.name)
            classes = _classes(relation) if relation else ()
            yield name, replace(view, columns=columns.get(name, ()), classes=classes)


def _relations(rows: TargetRows) -> dict[str, _Relation]:
    remembered = {(row[0], row[1]): _Was(*row[2:]) for row in rows.columns}
    found: dict[str, _Relation] = {}
    for table, kind, name, written, not_null, generated, counts, by_bytes in rows.catalog:
        was = remembered.get((table, name))
        relation = found.setdefault(table, _Relation(table, kind, was.table if was else table))
        column = _Column(name, written, not_null, generated, counts, by_bytes, was)
        relation.columns.append(column)
    for table, is_primary, columns in rows.keys:
        if table in found:
            found[table].keys.append((is_primary, list(columns)))
    return found


# --- types of PostgreSQL -----------------------------------------------------------------------


class _Unreadable(Exception):
    """A table with a column that SQLite's SQL can't be translated for; the message says which."""


#: Types by PostgreSQL's names that values of SQLite can stand in.
_KINDS = {
    **{kind.value: kind for kind in Kind},
    "integer": Kind.BIGINT,
    "smallint": Kind.BIGINT,
    "character varying": Kind.TEXT,
}
_SIZED = re.compile(r"(?P<name>[a-z ]+?)\((?P<first>\d+)(?:,(?P<second>\d+))?\)(?P<rest>.*)")
_PLAIN_SHAPES = {
    Kind.TIMESTAMP: Shape("YYYY-MM-DD HH:MM:SS[.ffffff]"),
    Kind.DATE: Shape("YYYY-MM-DD"),
}


def _type(column: _Column) -> TargetType:
    """The type of a column as translations know it."""
    match = _SIZED.fullmatch(column.type)
    kind = _KINDS.get(match["name"] + match["rest"] if match else column.type)
    if kind is None:
        raise _Unreadable(f"its column {column.name} is of type {column.type}")
    if column.shape == ANY_CLASS:
        return TargetType(kind, tagged=True)
    if kind is Kind.NUMERIC and match:
        return TargetType(kind, int(match["first"]), int(match["second"] or 0))
    return TargetType(kind, shape=Shape(column.shape) if column.shape else _PLAIN_SHAPES.get(kind))


def _classes(relation: _Relation) -> tuple[frozenset[str], ...]:
    """The storage classes of a view's columns, by the types that it was made with."""
    known = {
        "bigint": frozenset(["integer"]),
        "double precision": frozenset(["real"]),
        "numeric": frozenset(["integer", "real"]),
        "text": frozenset(["text"]),
    }
    return tuple(known.get(column.type, frozenset()) for column in relation.columns)


# --- tables without a definition ---------------------------------------------------------------

_DECLARED: Mapping[Kind, str] = {
    Kind.BIGINT: "BIGINT",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DOUBLE: "REAL",
    Kind.BYTEA: "BLOB",
}


def _made_up(relation: _Relation) -> SourceTable:
    """What SQLite makes of a definition like the catalog's."""
    by_name = {column.name: column for column in relation.columns}
    primary = next((columns for is_primary, columns in relation.keys if is_primary), [])
    lines = [_line(column, is_key=[column.name] == primary) for column in relation.columns]
    for is_primary, columns in relation.keys:
        keys = ", ".join(quote_identifier(by_name[name].source) for name in columns)
        lines.append(f"{'PRIMARY KEY' if is_primary else 'UNIQUE'} ({keys})")
    sql = f"CREATE TABLE {quote_identifier(relation.source)} ({', '.join(lines)})"
    return described(relation.source, sql, ())


def _line(column: _Column, *, is_key: bool) -> str:
    parts = [quote_identifier(column.source), _declared(column, is_key=is_key)]
    if column.was and column.was.collation != "BINARY":
        parts.append(f"COLLATE {quote_identifier(column.was.collation)}")
    if column.not_null:
        parts.append("NOT NULL")
    if column.generated:
        parts.append("AS (NULL)")
    return " ".join(filter(None, parts))


def _declared(column: _Column, *, is_key: bool) -> str:
    kind = _type(column)
    if column.was:
        return column.was.declared
    if kind.kind is Kind.NUMERIC:
        return str(kind).upper().replace(",", ", ")
    if kind.kind is Kind.BIGINT and is_key and column.counts:
        return "INTEGER"  # which makes it the rowid
    return _DECLARED.get(kind.kind, "TEXT")
