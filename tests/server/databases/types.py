"""Declared types: FIELD.md's, with the names, comments and values that go with them."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from databases import values

#: SQLite takes any words as a type; a few of these are from files in the field.
ANY = (
    "",
    "INTEGER",
    "INT",
    "BIGINT",
    "INT8",
    "TINYINT(1)",
    "UNSIGNED BIG INT",
    "serial",
    "TEXT",
    "VARCHAR(5)",
    "NVARCHAR(255)",
    "CHARACTER VARYING",
    "CLOB",
    "string",
    "longvarchar",
    "VARCHAR2(10)",
    "REAL",
    "DOUBLE PRECISION",
    "float8",
    "FLOAT(24)",
    "NUMERIC",
    "DECIMAL(10,2)",
    "NUMBER(10)",
    "BLOB",
    "BINARY(16)",
    "BLOB SUB_TYPE TEXT",
    "LONGBLOB",
    "BOOLEAN",
    "BOOL",
    "DATE",
    "DATETIME",
    "TIMESTAMP",
    "TIMESTAMP WITH TIME ZONE",
    "TIME",
    "JSON",
    "JSONB",
    "guid",
    "UUID",
    "ANY",
    "INTEGR",
    "TXET",
    "POINT",
    "FLOATING POINT",
    "my type",
    "CHARINT",
    "geometry(Point, 4326)",
    "'quoted'",
    "[bracketed type]",
)
STRICT = ("INTEGER", "INT", "REAL", "TEXT", "BLOB", "ANY")


@dataclass(frozen=True)
class Theme:
    """Columns that belong together: names, types, comments and values of one purpose."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    values: st.SearchStrategy[values.Value]
    comments: tuple[str, ...] = ("",)
    defaults: tuple[str, ...] = ()


THEMES = (
    Theme(
        ("is_active", "enabled", "has_children", "flag"),
        ("BOOLEAN", "INTEGER", "TINYINT(1)", "BOOL"),
        values.FLAGS,
        ("", "0 or 1", "boolean", "1 = yes"),
        ("0", "1", "false", "TRUE", "'0'", "'false'"),
    ),
    Theme(
        ("created_at", "updated", "birthday", "ts"),
        ("TEXT", "DATETIME", "TIMESTAMP", "DATE", ""),
        values.MOMENTS,
        ("", "ISO 8601", "YYYY-MM-DD"),
        (
            "CURRENT_TIMESTAMP",
            "(datetime('now'))",
            "(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
            "'0000-00-00'",
            "'1970-01-01 00:00:00'",
            "CURRENT_DATE",
            "''",
        ),
    ),
    Theme(
        ("created_at", "modified_ms", "when"),
        ("INTEGER", "REAL", "DATETIME", "TIMESTAMP"),
        values.EPOCHS,
        ("", "unix epoch", "ms since 1970"),
        ("(strftime('%s', 'now'))", "(unixepoch())", "0", "(julianday('now'))"),
    ),
    Theme(
        ("data", "payload_json", "tags", "settings"),
        ("TEXT", "JSON", "JSONB", "BLOB"),
        values.DOCUMENTS,
        ("", "JSON", "JSON array"),
        ("'{}'", "'[]'", "'null'", "NULL"),
    ),
    Theme(
        ("price", "amount", "cost_usd", "score"),
        ("REAL", "DECIMAL(10,2)", "NUMERIC", "NUMERIC(10,4)", "MONEY"),
        values.AMOUNTS,
        ("", "in USD", "percent"),
        ("0.0", "0", "-1", "1e3", "'0.00'"),
    ),
    Theme(
        ("uuid", "guid", "session_id"),
        ("TEXT", "UUID", "guid", "BLOB"),
        values.UUIDS,
        ("",),
        ("(lower(hex(randomblob(16))))", "(randomblob(16))"),
    ),
)

#: Defaults that any column may have.
DEFAULTS = (
    "NULL",
    "0",
    "-1",
    "1.5",
    "1e400",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "0x7f",
    "''",
    "'null'",
    '""',
    '"word"',
    "'it''s'",
    "'1'",
    "'1.0'",
    "' 12 '",
    "'abc'",
    "x'00ff'",
    "true",
    "FALSE",
    "CURRENT_TIME",
    "CURRENT_DATE",
    "CURRENT_TIMESTAMP",
    "(1 + 1)",
    "('a' || 'b')",
    "(datetime('now', 'localtime'))",
    "(datetime('now', '+1 day'))",
    "(abs(random()))",
    "(hex(randomblob(8)))",
    "(lower('ABC'))",
    "(json_object('a', 1))",
    "(CAST(1.9 AS INTEGER))",
    "(char(0))",
    "(1 / 0)",
    "(-0.0)",
    "(NULL)",
    "word",
    "+7",
)
