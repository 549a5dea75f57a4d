"""Generated columns over generated columns hold what SQLite computes."""

from __future__ import annotations

from typing import Any

import apsw
import psycopg
import pytest
from translate_sides import FAITHFUL, affinity_of, from_column, to_postgres

from outgrow.model.source import Expression
from outgrow.model.types import Kind, TargetType
from outgrow.translate import (
    ColumnInfo,
    Schema,
    TableInfo,
    UntranslatableSQL,
    install_sql,
    translate_expression,
)

ROWS = [(1, "a", 1.5), (-7, "12", -0.25), (2**40, "", 1e15), (None, None, None), (0, "ä", 0.0)]


def table(*generated: tuple[str, str, str]) -> TableInfo:
    """A table of three ordinary columns and these: name, declared type, expression."""
    plain = [("a", "INTEGER", ""), ("t", "TEXT", ""), ("r", "REAL", "")]
    return TableInfo(
        "things",
        "things",
        tuple(
            ColumnInfo(
                name,
                name,
                TargetType(FAITHFUL[affinity_of(declared)]),
                affinity_of(declared),
                generated=Expression(expression) if expression else None,
            )
            for name, declared, expression in [*plain, *generated]
        ),
    )


def translated(info: TableInfo, column: ColumnInfo) -> tuple[str, frozenset[str]]:
    assert column.generated is not None
    made = translate_expression(
        column.generated, Schema("public", {"things": info}), "things", as_type=column.type
    )
    return made.sql, made.helpers


@pytest.mark.parametrize(
    "generated",
    [
        [("g1", "INT", "a * 2"), ("g2", "INT", "g1 + 1")],
        [("g2", "INT", "G1 + g1"), ("g1", "INT", "a * 2")],
        [("g1", "TEXT", "t || 'x'"), ("g2", "TEXT", "upper(g1)"), ("g3", "INT", "g2 = 'AX'")],
        [("g1", "REAL", "a / 2"), ("g2", "REAL", "g1 * 1.5"), ("g3", "TEXT", "typeof(g1)")],
        [("g1", "REAL", "-r"), ("g2", "REAL", "-(r + 0.5)"), ("g3", "TEXT", "-0.0")],
        [("g1", "TEXT", "a"), ("g2", "TEXT", "g1 || g1"), ("g3", "INT", "g1 < '5'")],
        [("g1", "INT", "length(t)"), ("g2", "INT", "- g1"), ("g3", "INT", "g2 - -g1 + a")],
        [("g1", "TEXT", "NULL"), ("g2", "INT", "g1 IS NULL")],
        [("g1", "TEXT", '"no column" || t'), ("g2", "TEXT", "g1 || 'x'")],
        [(f"g{n}", "INT", f"g{n - 1} + 1" if n else "a") for n in range(12)],
    ],
)
def test_what_a_generated_column_reads(
    database: str, generated: list[tuple[str, str, str]]
) -> None:
    info = table(*generated)
    oracle = apsw.Connection(":memory:")
    oracle.config(apsw.SQLITE_DBCONFIG_DQS_DDL, 1)
    computed = ", ".join(f"{name} {declared} AS ({sql})" for name, declared, sql in generated)
    oracle.execute(f"CREATE TABLE things (a INTEGER, t TEXT, r REAL, {computed})")
    oracle.executemany("INSERT INTO things VALUES (?, ?, ?)", ROWS)
    expected = sorted(oracle.execute("SELECT * FROM things"), key=repr)
    with psycopg.connect(database, autocommit=True) as postgres:
        lines = []
        for column in info.columns:
            collate = ' COLLATE "C"' if column.type.kind is Kind.TEXT else ""
            line = f"{column.name} {column.type}{collate}"
            if column.generated:
                sql, helpers = translated(info, column)
                postgres.execute(install_sql(helpers) or "SELECT 1")  # type: ignore[arg-type]
                line += f" GENERATED ALWAYS AS ({sql}) STORED"
            lines.append(line)
        postgres.execute(f"CREATE TABLE things ({', '.join(lines)})")
        for row in ROWS:
            values: list[Any] = [
                to_postgres(v, c.type) for v, c in zip(row, info.columns, strict=False)
            ]
            postgres.execute("INSERT INTO things VALUES (%s, %s, %s)", values)
        found = [
            tuple(from_column(v, c) for v, c in zip(row, info.columns, strict=True))
            for row in postgres.execute("SELECT * FROM things")
        ]
    assert repr(sorted(found, key=repr)) == repr(expected)  # -0.0 == 0.0


@pytest.mark.parametrize(
    "generated",
    [
        # PostgreSQL gets g1 as an ordinary column, which nothing computes.
        [("g1", "TEXT", "soundex(t)"), ("g2", "TEXT", "g1 || 'x'")],
        [("g1", "TEXT", "t MATCH 'x'"), ("g2", "INT", "a"), ("g3", "INT", "g2 + g1")],
        [(f"g{n}", "INT", f"g{n - 1} + g{n - 1}" if n else "a") for n in range(25)],
        [(f"g{n}", "INT", f"g{n - 1} + 1" if n else "a") for n in range(500)],
    ],
)
def test_what_cannot_be_computed_is_refused(generated: list[tuple[str, str, str]]) -> None:
    info = table(*generated)
    with pytest.raises(UntranslatableSQL, match="generated column"):
        translated(info, info.columns[-1])
