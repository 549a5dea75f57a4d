"""Hostile names, wide tables, large rows, empty tables, and memory that stays flat."""

from __future__ import annotations

import tracemalloc

import psycopg
import pytest

from outgrow.errors import SourceError
from outgrow.model.types import Kind, TargetType
from outgrow.verify.streams import BLOCK_BYTES
from server.verify_sides import Column, Sides

TEXT = TargetType(Kind.TEXT)
BIGINT = TargetType(Kind.BIGINT)
NUMERIC = TargetType(Kind.NUMERIC)

NAMES = ['a"b', "c'd", "select", "per%scent%", "new\nline", "{0}", "t", "\N{SNAKE}", "x, y", "a;b"]


@pytest.mark.parametrize("table", ['we"ird', "it's", "select", "50%s", "a.b", "t", "\N{SNAKE}"])
def test_any_names(database: str, table: str) -> None:
    columns = [Column(name, "TEXT", TEXT) for name in NAMES]
    sides = Sides(database, columns, key=(NAMES[0], NAMES[1]), name=table)
    rows = [tuple(f"{name} {number}" for name in NAMES) for number in range(5)]
    sides.store(*rows)
    name = psycopg.sql.Identifier("staging", table)
    statement = psycopg.sql.SQL("COPY {} FROM STDIN").format(name)
    with sides.postgres.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
    assert sides.compare().ok
    sides.postgres.execute(psycopg.sql.SQL("UPDATE {} SET t = 'x' WHERE t = 't 3'").format(name))
    (difference,) = sides.compare().differences
    assert (difference.table, difference.column) == (table, "t")
    sides.close()


def test_columns_that_hide_the_rowid(database: str) -> None:
    columns = [Column("RowId", "TEXT", TEXT), Column("_rowid_", "TEXT", TEXT)]
    sides = Sides(database, columns)
    sides.store(("a", "b"), ("c", "d"))
    sides.arrive(("a", "b"), ("c", "x"))
    (difference,) = sides.compare().differences
    assert (difference.key, difference.column) == ('{"rowid":2}', "_rowid_")
    sides.close()


def test_empty_tables(database: str) -> None:
    sides = Sides(database, [Column("Id", "INTEGER", BIGINT)], key=("Id",))
    compared = sides.compare()
    assert (compared.ok, compared.rows_source, compared.rows_target) == (True, 0, 0)
    sides.arrive((1,))
    assert sides.compare().total == 1
    sides.close()


@pytest.mark.parametrize("key", [("c0",), ()])
def test_a_table_of_1600_columns(database: str, key: tuple[str, ...]) -> None:
    columns = [Column(f"c{n}", "NUMERIC", NUMERIC) for n in range(1600)]
    sides = Sides(database, columns, key=key)
    rows = [tuple(n * 1600 + m for m in range(1600)) for n in range(3)]
    sides.store(*rows)
    sides.arrive(*rows)
    assert sides.compare().ok
    with sides.damaged("UPDATE things SET c1599 = 0.5 WHERE c0 = 1600"):
        compared = sides.compare()
        assert {each.column for each in compared.differences} == {"c1599"}
        assert compared.total == 1
    with sides.damaged("DELETE FROM things WHERE c0 = 1600"):
        assert [str(each.code) for each in sides.compare().differences] == ["OG-601"]
    sides.close()


def test_memory_is_flat_whatever_the_size_of_rows(database: str) -> None:
    sides = Sides(
        database,
        [Column("Id", "INTEGER", BIGINT), Column("Body", "", TargetType(Kind.BYTEA))],
        key=("Id",),
        rowid_alias="Id",
    )
    size = 3 << 20
    sides.sqlite.execute(
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) "
        f"INSERT INTO Things SELECT i, zeroblob({size}) FROM n"
    )
    sides.sqlite.execute("INSERT INTO Things SELECT Id + 100, x'' FROM Things")
    sides.postgres.execute(
        f"INSERT INTO staging.things SELECT i, decode(repeat('00', {size}), 'hex')"
        " FROM generate_series(1, 40) i;"
        "INSERT INTO staging.things SELECT id + 100, '' FROM staging.things;"
        "UPDATE staging.things SET body = '\\x01' WHERE id = 20"
    )
    tracemalloc.start()
    (difference,) = sides.compare().differences
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (difference.key, difference.column) == ('{"Id":"20"}', "Body")
    assert len(difference.source_value or "") < 300
    # A block may be larger by one row.
    assert peak < 6 * (BLOCK_BYTES + size) < 40 * size
    sides.close()


def test_a_source_that_can_not_be_read_is_an_error_with_its_place(database: str) -> None:
    sides = Sides(database, [Column("Id", "INTEGER", BIGINT)])
    sides.sqlite.execute("DROP TABLE Things")
    with pytest.raises(SourceError, match="Things"):
        sides.compare()
    sides.close()


def test_a_lost_connection_is_no_difference(database: str) -> None:
    sides = Sides(database, [Column("Id", "INTEGER", BIGINT)])
    sides.postgres.close()
    with pytest.raises(psycopg.OperationalError):
        sides.compare()
    sides.sqlite.close()


@pytest.mark.parametrize("autocommit", [True, False])
def test_nothing_is_changed_in_the_session(database: str, autocommit: bool) -> None:
    sides = Sides(database, [Column("Id", "INTEGER", BIGINT)])
    sides.store((1,))
    sides.postgres.autocommit = autocommit
    sides.postgres.execute("SET DateStyle = 'German'")
    sides.compare()
    shown = sides.postgres.execute("SHOW DateStyle").fetchone()
    assert shown is not None
    assert str(shown[0]).startswith("German")
    sides.close()
