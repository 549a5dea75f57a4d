"""What PostgreSQL's own catalog says of one schema: one query for each kind of object.

https://www.postgresql.org/docs/current/catalogs.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from outgrow.postgres.identifiers import literal, qualified

Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class CatalogColumn:
    """A column; ``type`` is what ``format_type`` says, ``default`` its expression or ''."""

    name: str
    type: str
    not_null: bool
    default: str
    generated: bool
    identity: bool
    collation: str


@dataclass(frozen=True, slots=True)
class CatalogTable:
    """An ordinary or partitioned table and its columns in order."""

    name: str
    columns: tuple[CatalogColumn, ...]

    def column(self, name: str) -> CatalogColumn | None:
        """The column of exactly that name."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True)
class CatalogConstraint:
    """A constraint. ``kind``: primary key, unique, foreign key, check, not null, exclusion.

    ``parent`` to ``on_update`` are those of a foreign key; actions are written as in SQL.
    """

    name: str
    table: str
    kind: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    on_delete: str
    on_update: str
    deferrable: bool
    initially_deferred: bool
    validated: bool
    definition: str


@dataclass(frozen=True, slots=True)
class CatalogIndexPart:
    """One key part of an index: ``column``, or '' where ``definition`` is an expression."""

    column: str
    definition: str
    operator_class: str
    collation: str
    descending: bool
    nulls_first: bool


@dataclass(frozen=True, slots=True)
class CatalogIndex:
    """An index, also one that a constraint made. ``where`` is a partial index's predicate or ''."""

    name: str
    table: str
    parts: tuple[CatalogIndexPart, ...]
    unique: bool
    nulls_distinct: bool
    where: str
    valid: bool
    of_constraint: bool


@dataclass(frozen=True, slots=True)
class CatalogView:
    """A view, its output columns with their types, and its query."""

    name: str
    columns: tuple[tuple[str, str], ...]
    definition: str
    materialized: bool


@dataclass(frozen=True, slots=True)
class CatalogTrigger:
    """A trigger. ``enabled`` tells whether it fires in an ordinary session.

    ``timing`` is BEFORE, AFTER or INSTEAD OF; ``events`` of INSERT, UPDATE, DELETE, TRUNCATE.
    """

    name: str
    table: str
    enabled: bool
    timing: str
    events: frozenset[str]
    update_columns: frozenset[str]
    for_each_row: bool
    function: str


@dataclass(frozen=True, slots=True)
class CatalogSequence:
    """A sequence and the column that owns it ('' for none)."""

    name: str
    table: str
    column: str
    increment: int
    last_value: int
    is_called: bool

    @property
    def next_value(self) -> int:
        """What the next ``nextval`` would give."""
        return self.last_value + self.increment if self.is_called else self.last_value


@dataclass(frozen=True, slots=True)
class CatalogFunction:
    """A function or procedure."""

    name: str
    arguments: str
    returns: str
    language: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything in one schema. Tables, views, indexes and sequences are found by name."""

    schema: str
    tables: Mapping[str, CatalogTable]
    constraints: tuple[CatalogConstraint, ...]
    indexes: Mapping[str, CatalogIndex]
    views: Mapping[str, CatalogView]
    triggers: tuple[CatalogTrigger, ...]
    sequences: Mapping[str, CatalogSequence]
    functions: tuple[CatalogFunction, ...]

    def constraints_of(self, table: str, kind: str) -> list[CatalogConstraint]:
        """The constraints of a table, of one kind."""
        return [each for each in self.constraints if (each.table, each.kind) == (table, kind)]

    def indexes_of(self, table: str) -> list[CatalogIndex]:
        """All indexes of a table."""
        return [index for index in self.indexes.values() if index.table == table]


def tables_among(connection: Connection, schema: str, names: Iterable[str]) -> list[str]:
    """Give those of the names that are tables of a schema, in order."""
    found = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = %s AND c.relname = ANY(%s) AND c.relkind IN ('r', 'p') ORDER BY 1",
        (schema, list(names)),
    )
    return [name for (name,) in found]


def read_catalog(connection: Connection, schema: str) -> Catalog:
    """Read one schema; a schema that does not exist is empty. Raises psycopg.Error."""
    return Catalog(
        schema=schema,
        tables=_tables(connection, schema),
        constraints=tuple(map(_constraint, _rows(connection, _CONSTRAINTS, schema))),
        indexes={row[0]: _index(row) for row in _rows(connection, _INDEXES, schema)},
        views={row[0]: _view(row) for row in _rows(connection, _VIEWS, schema)},
        triggers=tuple(map(_trigger, _rows(connection, _TRIGGERS, schema))),
        sequences=_sequences(connection, schema),
        functions=tuple(CatalogFunction(*row) for row in _rows(connection, _FUNCTIONS, schema)),
    )


def _rows(connection: Connection, sql: str, schema: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql, (schema,)).fetchall()


_TABLES = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       coalesce(pg_get_expr(d.adbin, d.adrelid), ''), a.attgenerated <> '',
       a.attidentity <> '', coalesce(l.collname, '')
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE n.nspname = %s AND c.relkind IN ('r', 'p')
ORDER BY c.relname, a.attnum
"""


def _tables(connection: Connection, schema: str) -> dict[str, CatalogTable]:
    columns: dict[str, list[CatalogColumn]] = {}
    for table, name, *facts in _rows(connection, _TABLES, schema):
        found = columns.setdefault(table, [])
        if name is not None:
            found.append(CatalogColumn(name, *facts))
    return {name: CatalogTable(name, tuple(found)) for name, found in columns.items()}


_CONSTRAINTS = """
SELECT o.conname, c.relname, o.contype::text,
       ARRAY(SELECT a.attname::text FROM unnest(o.conkey) WITH ORDINALITY k(number, place)
             JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.number
             ORDER BY k.place),
       coalesce(p.relname, ''),
       ARRAY(SELECT a.attname::text FROM unnest(o.confkey) WITH ORDINALITY k(number, place)
             JOIN pg_attribute a ON a.attrelid = o.confrelid AND a.attnum = k.number
             ORDER BY k.place),
       o.confdeltype::text, o.confupdtype::text, o.condeferrable, o.condeferred, o.convalidated,
       pg_get_constraintdef(o.oid)
FROM pg_constraint o
JOIN pg_class c ON c.oid = o.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class p ON p.oid = o.confrelid
WHERE n.nspname = %s
ORDER BY c.relname, o.conname
"""

_CONSTRAINT_KINDS = {
    "p": "primary key",
    "u": "unique",
    "f": "foreign key",
    "c": "check",
    "n": "not null",
    "x": "exclusion",
    "t": "trigger",
}
_ACTIONS = {
    "a": "NO ACTION",
    "r": "RESTRICT",
    "c": "CASCADE",
    "n": "SET NULL",
    "d": "SET DEFAULT",
}


def _constraint(row: tuple[Any, ...]) -> CatalogConstraint:
    name, table, kind, columns, parent, parent_columns, on_delete, on_update, *facts = row
    return CatalogConstraint(
        name,
        table,
        _CONSTRAINT_KINDS[kind],
        tuple(columns),
        parent,
        tuple(parent_columns),
        _ACTIONS.get(on_delete, ""),
        _ACTIONS.get(on_update, ""),
        *facts,
    )


# Of indoption, bit 1 says DESC and bit 2 NULLS FIRST.
_INDEXES = """
SELECT x.relname, c.relname, i.indisunique, NOT i.indnullsnotdistinct,
       coalesce(pg_get_expr(i.indpred, i.indrelid), ''), i.indisvalid AND i.indisready,
       EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid
               AND o.contype IN ('p', 'u', 'x')),
       ARRAY(SELECT ARRAY[coalesce(a.attname, ''), pg_get_indexdef(i.indexrelid, k::int, false),
                          p.opcname, coalesce(l.collname, ''),
                          (i.indoption[k - 1] & 1)::text, (i.indoption[k - 1] & 2)::text]::text[]
             FROM generate_series(1, i.indnkeyatts) k
             LEFT JOIN pg_attribute a
                    ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1] AND a.attnum > 0
             JOIN pg_opclass p ON p.oid = i.indclass[k - 1]
             LEFT JOIN pg_collation l ON l.oid = i.indcollation[k - 1]
             ORDER BY k)
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s
ORDER BY c.relname, x.relname
"""


def _index(row: tuple[Any, ...]) -> CatalogIndex:
    name, table, unique, nulls_distinct, where, valid, of_constraint, parts = row
    return CatalogIndex(
        name,
        table,
        tuple(
            CatalogIndexPart(column, sql, operators, collation, descending != "0", nulls != "0")
            for column, sql, operators, collation, descending, nulls in parts
        ),
        unique,
        nulls_distinct,
        where,
        valid,
        of_constraint,
    )


_VIEWS = """
SELECT c.relname, pg_get_viewdef(c.oid),
       ARRAY(SELECT ARRAY[a.attname::text, format_type(a.atttypid, a.atttypmod)]
             FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 ORDER BY a.attnum),
       c.relkind = 'm'
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind IN ('v', 'm')
ORDER BY c.relname
"""


def _view(row: tuple[Any, ...]) -> CatalogView:
    name, definition, columns, materialized = row
    return CatalogView(
        name, tuple((column, kind) for column, kind in columns), definition, materialized
    )


# Of tgtype, bit 0 says FOR EACH ROW, 1 BEFORE, 2 INSERT, 3 DELETE, 4 UPDATE, 5 TRUNCATE,
# 6 INSTEAD OF (src/include/catalog/pg_trigger.h).
_TRIGGERS = """
SELECT t.tgname, c.relname, t.tgenabled IN ('O', 'A'), t.tgtype::int,
       ARRAY(SELECT a.attname::text FROM unnest(t.tgattr::int2[]) k(number)
             JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = k.number),
       f.proname
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc f ON f.oid = t.tgfoid
WHERE n.nspname = %s AND NOT t.tgisinternal
ORDER BY c.relname, t.tgname
"""

_EVENT_BITS = {4: "INSERT", 8: "DELETE", 16: "UPDATE", 32: "TRUNCATE"}


def _trigger(row: tuple[Any, ...]) -> CatalogTrigger:
    name, table, enabled, bits, update_columns, function = row
    timing = "INSTEAD OF" if bits & 64 else "BEFORE" if bits & 2 else "AFTER"
    events = frozenset(event for bit, event in _EVENT_BITS.items() if bits & bit)
    return CatalogTrigger(
        name, table, enabled, timing, events, frozenset(update_columns), bool(bits & 1), function
    )


_SEQUENCES = """
SELECT c.relname, coalesce(t.relname, ''), coalesce(a.attname, ''), s.seqincrement
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
     AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
LEFT JOIN pg_class t ON t.oid = d.refobjid
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE n.nspname = %s
ORDER BY c.relname
"""


def _sequences(connection: Connection, schema: str) -> dict[str, CatalogSequence]:
    """Read the sequences; where each stands is in a relation of its own."""
    found = _rows(connection, _SEQUENCES, schema)
    if not found:
        return {}
    query = " UNION ALL ".join(
        f"SELECT {literal(name)}, last_value, is_called FROM {qualified(schema, name)}"
        for name, *_ in found
    )
    states = {name: state for name, *state in connection.execute(query.encode()).fetchall()}
    return {
        name: CatalogSequence(name, table, column, increment, *states[name])
        for name, table, column, increment in found
    }


_FUNCTIONS = """
SELECT p.proname, pg_get_function_identity_arguments(p.oid),
       coalesce(pg_get_function_result(p.oid), ''), l.lanname
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE n.nspname = %s
ORDER BY p.proname
"""
