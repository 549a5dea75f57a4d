"""Foreign keys against the data: SQLite's own foreign_key_check is the judge."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from outgrow.model.census import Census
from outgrow.sqlite.catalog import read_catalog
from outgrow.sqlite.census import take_census
from outgrow.sqlite.snapshot import open_snapshot

VALUES = st.sampled_from(
    [None, 0, 1, 2, 1.0, 1.5, "1", "1.0", "a", "A", "a ", "", b"a", b"1", 2**60, "é", "É"]
)
TYPES = st.sampled_from(
    ["", "INTEGER", "TEXT", "TEXT COLLATE NOCASE", "TEXT COLLATE RTRIM", "REAL", "NUMERIC", "BLOB"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(VALUES, max_size=8), st.lists(VALUES, max_size=8), TYPES, TYPES, st.integers(0, 2))
def test_orphans_are_what_sqlite_finds(
    parents: list[Any], children: list[Any], parent: str, child: str, kind: int
) -> None:
    key = ("PRIMARY KEY", "UNIQUE", "PRIMARY KEY")[kind]
    rest = " WITHOUT ROWID" if kind == 2 else ""
    reference = "p" if kind != 1 else "p(k)"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"CREATE TABLE p(k {parent} {key}){rest}")
            connection.execute(f"CREATE TABLE c(k {child} REFERENCES {reference})")
            for value in parents:
                # OR IGNORE does not skip what an INTEGER PRIMARY KEY refuses.
                try:
                    connection.execute("INSERT OR IGNORE INTO p VALUES (?)", [value])
                except sqlite3.IntegrityError:
                    continue
            connection.executemany("INSERT INTO c VALUES (?)", [(value,) for value in children])
            connection.commit()
            violations = connection.execute("PRAGMA foreign_key_check(c)").fetchall()
            null_keys = connection.execute("SELECT count(*) FROM p WHERE k IS NULL").fetchone()[0]
        with open_snapshot(path) as snapshot:
            tables = take_census(snapshot, read_catalog(snapshot)).tables
    (facts,) = tables["c"].foreign_keys
    assert (facts.problem, facts.orphans) == ("", len(violations))
    assert len(facts.orphan_examples) == min(5, len(violations))
    assert {e.key for e in facts.orphan_examples} <= {str(row[1]) for row in violations}
    assert tables["p"].null_keys == (null_keys if key == "PRIMARY KEY" else 0)


CensusOf = Callable[[str], Census]


def test_composite_keys_and_nulls(census_of: CensusOf) -> None:
    (facts,) = (
        census_of(
            "CREATE TABLE p(a, b, UNIQUE(b, a)); INSERT INTO p VALUES (1, 2), (3, 4);"
            "CREATE TABLE c(id INTEGER PRIMARY KEY, x, y, FOREIGN KEY (x, y) REFERENCES p(a, b));"
            "INSERT INTO c VALUES (7, 1, 2), (8, 2, 1), (9, NULL, 5), (10, 5, NULL), (11, 'x', 'y')"
        )
        .tables["c"]
        .foreign_keys
    )
    assert (facts.problem, facts.orphans, facts.parent_values_unique) == ("", 2, True)
    assert [(e.key, e.value) for e in facts.orphan_examples] == [("8", "2, 1"), ("11", "'x', 'y'")]


def test_parents_that_are_not_there(census_of: CensusOf) -> None:
    facts = census_of(
        "CREATE TABLE c(a REFERENCES gone, b REFERENCES p(gone), d REFERENCES keyless,"
        " e REFERENCES two, f REFERENCES looks);"
        "CREATE TABLE p(a PRIMARY KEY); CREATE TABLE keyless(a); CREATE VIEW looks AS SELECT 1 x;"
        "CREATE TABLE two(a, b, PRIMARY KEY (a, b)); INSERT INTO c VALUES (1, 2, 3, NULL, 4)"
    ).tables["c"]
    assert [(key.problem, key.orphans) for key in facts.foreign_keys] == [
        ("the table gone does not exist", 1),
        ("p has no column gone", 1),
        ("keyless has no primary key", 1),
        ("it has 1 columns, the key of two has 2", 0),
        ("the table looks does not exist", 1),
    ]


def test_a_parent_without_a_unique_index(census_of: CensusOf) -> None:
    facts = census_of(
        "CREATE TABLE p(u, d, n COLLATE NOCASE, q);"
        "CREATE UNIQUE INDEX other_collation ON p(n COLLATE BINARY);"
        "CREATE UNIQUE INDEX partial ON p(q) WHERE q > 0;"
        "INSERT INTO p VALUES (1, 1, 'a', 1), (2, 1, 'b', 2), (NULL, NULL, NULL, NULL),"
        " (NULL, NULL, NULL, NULL);"
        "CREATE TABLE c(a REFERENCES p(u), b REFERENCES p(d), n REFERENCES p(n),"
        " q REFERENCES p(q));"
        "INSERT INTO c VALUES (1, 1, 'A', 1), (3, 3, 'c', 3), (NULL, NULL, NULL, NULL)"
    ).tables["c"]
    assert [(key.orphans, key.parent_values_unique) for key in facts.foreign_keys] == [
        (1, True),
        (1, False),
        (1, True),
        (1, True),
    ]
    assert [key.problem for key in facts.foreign_keys] == [
        f"no unique index on p({column})" for column in "udnq"
    ]


def test_a_key_on_an_index_that_only_the_application_can_sort(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.create_collation("backwards", lambda a, b: (a < b) - (a > b))
        connection.execute("CREATE TABLE p(k TEXT COLLATE backwards PRIMARY KEY)")
        connection.execute("CREATE TABLE c(k REFERENCES p)")
        values = [(f"key {n}",) for n in range(500)]
        connection.executemany("INSERT INTO p VALUES (?)", values)
        connection.executemany("INSERT INTO c VALUES (?)", [*values, ("orphan",)])
    with open_snapshot(path) as snapshot:
        census = take_census(snapshot, read_catalog(snapshot))
    (facts,) = census.tables["c"].foreign_keys
    assert (facts.problem, facts.orphans) == ("", 1)


def test_a_million_comparisons_would_take_minutes_without_an_index(census_of: CensusOf) -> None:
    facts = census_of(
        "CREATE TABLE p(k TEXT); CREATE TABLE c(k TEXT REFERENCES p(k));"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000)"
        " INSERT INTO p SELECT 'key ' || i FROM n;"
        "INSERT INTO c SELECT k FROM p UNION ALL SELECT 'orphan'"
    ).tables["c"]
    assert [key.orphans for key in facts.foreign_keys] == [1]
