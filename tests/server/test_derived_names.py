"""The names that we expect PostgreSQL to make are those that it makes."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from outgrow.model.source import Affinity, IndexPart, SourceColumn, SourceKey, SourceTable
from outgrow.plan.derived_names import relations_of, sequence_of

LONG = "a_rather_long_name_for_a_column_of_a_table"


@pytest.mark.parametrize("table", ["t", "x" * 58, "x" * 63, "é" * 31, "Mixed Case", "y" * 40])
@pytest.mark.parametrize("column", ["id", "z" * 63, "ü" * 20, LONG])
def test_sequences_and_keys(database: str, table: str, column: str) -> None:
    names = [column, "b", LONG[:-1]]
    source = SourceTable(
        table,
        tuple(SourceColumn(name, "", Affinity.BLOB) for name in names),
        "",
        primary_key=SourceKey((IndexPart(column),)),
        unique=(SourceKey(tuple(IndexPart(name) for name in names)),),
    )
    columns = {name: name for name in names}
    expected = {sequence_of(table, column), *relations_of(source, table, columns, [])}
    with psycopg.connect(database) as connection:
        connection.execute(
            sql.SQL(
                "CREATE TABLE {t} ({a} bigserial PRIMARY KEY, {b} text, {c} text, "
                "UNIQUE ({a}, {b}, {c}))"
            ).format(
                t=sql.Identifier(table),
                a=sql.Identifier(names[0]),
                b=sql.Identifier(names[1]),
                c=sql.Identifier(names[2]),
            )
        )
        made = {
            name
            for (name,) in connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
                "AND relkind IN ('i', 'S')"
            )
        }
    assert made <= expected
    # What is expected beyond that is the UNIQUE that stands in for a primary key with NULLs.
    assert len(made) == 3
    assert len(expected - made) <= 1


def test_an_index_that_compares_without_case(database: str) -> None:
    part = IndexPart("b", collation="NOCASE")
    source = SourceTable(
        "t", (SourceColumn("b", "", Affinity.TEXT),), "", unique=(SourceKey((part,)),)
    )
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE t (b text)")
        connection.execute('CREATE UNIQUE INDEX ON t (lower(b COLLATE "C"))')
        [(name,)] = connection.execute("SELECT relname FROM pg_class WHERE relname LIKE 't\\_%'")
    assert name in {*relations_of(source, "t", {"b": "b"}, [])}
