"""Reads a schema of PostgreSQL from its catalogs.

https://www.postgresql.org/docs/current/catalogs.html
"""

from __future__ import annotations

from collections import defaultdict

import psycopg
from psycopg import sql

from .facts import Column, Database, ForeignKey, Index, Part, Table

_ACTIONS = {
    "a": "NO ACTION",
    "r": "RESTRICT",
    "c": "CASCADE",
    "n": "SET NULL",
    "d": "SET DEFAULT",
}

_COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
        a.attgenerated <> '', a.attidentity <> '',
        coalesce(nullif(l.collname, 'default'),
                 (SELECT datcollate FROM pg_database WHERE datname = current_database())),
        pg_get_serial_sequence(%(relation)s, a.attname)
    FROM pg_attribute a
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
    WHERE a.attrelid = %(relation)s::regclass AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum
"""

_CONSTRAINTS = """
    SELECT c.contype::text, names(c.conrelid, c.conkey), p.relname,
        names(c.confrelid, c.confkey), c.confupdtype::text, c.confdeltype::text,
        c.condeferrable, c.condeferred, c.convalidated
    FROM pg_constraint c LEFT JOIN pg_class p ON p.oid = c.confrelid
    WHERE c.conrelid = %(relation)s::regclass AND c.contype IN ('p', 'u', 'f', 'c')
"""
_NAMES = """(SELECT array_agg(a.attname::text ORDER BY k.place)
    FROM unnest({keys}) WITH ORDINALITY AS k (number, place)
    JOIN pg_attribute a ON a.attrelid = {relation} AND a.attnum = k.number)"""

_INDEXES = """
    SELECT i.indexrelid, c.relname, i.indisunique, i.indnkeyatts, i.indkey::int2[],
        i.indoption::int2[], pg_get_expr(i.indpred, i.indrelid), i.indisvalid
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = %(relation)s::regclass
      AND NOT EXISTS (SELECT FROM pg_constraint k
                      WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
"""


def relation(schema: str, name: str) -> str:
    """A qualified name, quoted."""
    return sql.Identifier(schema, name).as_string(None)


def read(connection: psycopg.Connection, schema: str) -> Database:
    """Describe every table, view and enabled trigger of a schema."""
    database = Database()
    relations = connection.execute(
        "SELECT relname, relkind::text FROM pg_class"
        " WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p', 'v', 'm')",
        (sql.Identifier(schema).as_string(None),),
    ).fetchall()
    for name, kind in relations:
        if kind in "rp":
            database.tables[name] = _table(connection, schema, name)
        else:
            database.views.add(name)
    database.triggers = {
        (on, name)
        for on, name in connection.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE c.relnamespace = %s::regnamespace AND NOT t.tgisinternal"
            "   AND t.tgenabled IN ('O', 'A')",
            (sql.Identifier(schema).as_string(None),),
        )
    }
    return database


def _table(connection: psycopg.Connection, schema: str, name: str) -> Table:
    place = {"relation": relation(schema, name)}
    columns = []
    counter = ""
    for row in connection.execute(_COLUMNS, place):
        column, type_, not_null, default, generated, identity, collation, sequence = row
        numbers_itself = identity or (sequence and default and default.startswith("nextval("))
        if numbers_itself:
            counter = column
            default = None
        columns.append(Column(column, type_, not_null, default, generated, collation or ""))
    return Table(
        name=name,
        source=name,
        columns=tuple(columns),
        indexes=tuple(_indexes(connection, place)),
        counter=counter,
        **_constraints(connection, place),
    )


def _constraints(connection: psycopg.Connection, place: dict[str, str]) -> dict[str, object]:
    query = _CONSTRAINTS
    for owner, keys in (("c.conrelid", "c.conkey"), ("c.confrelid", "c.confkey")):
        query = query.replace(f"names({owner}, {keys})", _NAMES.format(keys=keys, relation=owner))
    found: dict[str, list[tuple]] = defaultdict(list)
    for kind, *rest in connection.execute(query, place):
        found[kind].append(tuple(rest))
    return {
        "primary_key": tuple(found["p"][0][0]) if found["p"] else (),
        "unique": frozenset(tuple(columns) for columns, *_ in found["u"]),
        "checks": len(found["c"]),
        "foreign_keys": tuple(_foreign_key(*row) for row in found["f"]),
    }


def _foreign_key(
    columns: list[str],
    parent: str,
    parent_columns: list[str],
    on_update: str,
    on_delete: str,
    deferrable: bool,
    deferred: bool,
    valid: bool,
) -> ForeignKey:
    return ForeignKey(
        tuple(columns),
        parent,
        tuple(parent_columns),
        _ACTIONS[on_update],
        _ACTIONS[on_delete],
        deferrable,
        deferred,
        valid,
    )


def _indexes(connection: psycopg.Connection, place: dict[str, str]) -> list[Index]:
    names = dict(
        connection.execute(
            "SELECT attnum, attname FROM pg_attribute WHERE attrelid = %(relation)s::regclass",
            place,
        ).fetchall()
    )
    found = []
    for oid, name, unique, width, keys, options, where, valid in connection.execute(
        _INDEXES, place
    ).fetchall():
        parts = tuple(
            Part(
                names.get(key, ""),
                bool(option & 1),
                expression="" if key else _expression(connection, oid, position),
            )
            for position, (key, option) in enumerate(zip(keys[:width], options, strict=True), 1)
        )
        found.append(Index(name if valid else f"{name} (invalid)", parts, unique, where))
    return found


def _expression(connection: psycopg.Connection, index: int, position: int) -> str:
    row = connection.execute("SELECT pg_get_indexdef(%s, %s, true)", (index, position)).fetchone()
    return str(row[0]) if row else ""
