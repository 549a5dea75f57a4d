"""What real files hold and no tool expects: each class of FIELD.md, judged independently."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from commands import migrated, outgrow

from independent.behaviour import compare_views
from independent.compare import compare, summary

Report = dict[str, Any]


def make(path: Path, *statements: str) -> Path:
    """Make a file as an application with functions and a collation of its own would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.create_function("mine", 1, lambda value: value, deterministic=True)
        connection.create_collation("unicode", lambda a, b: (a > b) - (a < b))
        for statement in statements:
            connection.execute(statement)
    return path


def judged(path: Path, database: str, *options: str, status: int = 0) -> Report:
    """Migrate, and have every difference told; ``verify`` has to say the same afterwards."""
    report = migrated(path, "--to", database, *options, status=status)
    differences = compare(path, database, report=report)
    assert not differences, summary(differences)
    differences = compare_views(path, database, report)
    assert not differences, summary(differences)
    again = outgrow("verify", path, "--to", database)
    assert again.returncode == status, again.stdout + again.stderr
    return report


def missing(report: Report, kind: str) -> list[str]:
    """The names of what could not be built, sorted."""
    return sorted(each["name"] for each in report["objects"][kind]["missing"])


def test_of_several_keys_over_the_same_column_one_leads_nowhere(
    tmp_path: Path, database: str
) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER,"
        " FOREIGN KEY (p) REFERENCES gone (id), FOREIGN KEY (p) REFERENCES p (id),"
        " FOREIGN KEY (p) REFERENCES p (no_such_column))",
    )
    report = judged(path, database, status=4)
    assert missing(report, "foreign_keys") == ["p", "p"]


@pytest.mark.parametrize("name", ["%s", "100%", "%(x)s", "{x}", "a.b", 'say "so"', "$1", "?"])
def test_names_that_mean_something_elsewhere(name: str, tmp_path: Path, database: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    path = make(
        tmp_path / "app.db",
        f"CREATE TABLE {quoted} ({quoted} INTEGER PRIMARY KEY,"
        " a TEXT DEFAULT '%s', b AS (a || 'x'))",
        f"INSERT INTO {quoted} (a) VALUES ('%s'), ('{{x}}')",
        f"CREATE INDEX i ON {quoted} (a) WHERE a <> '%'",
        f"CREATE VIEW v AS SELECT {quoted} AS {quoted}, a LIKE '%' AS any FROM {quoted}",
        f"CREATE TRIGGER t AFTER DELETE ON {quoted} BEGIN"
        f" UPDATE {quoted} SET a = '%s' WHERE {quoted} = OLD.{quoted}; END",
    )
    judged(path, database)


def test_an_index_on_the_row_number(tmp_path: Path, database: str) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
        "CREATE INDEX by_id ON t (id DESC, a)",
        'CREATE INDEX by_word ON t ("rowid" DESC, a)',
        "INSERT INTO t VALUES (1, 'a'), (9, NULL)",
    )
    # In double quotes the last is a text: https://www.sqlite.org/quirks.html#dblquote
    report = judged(path, database, status=4)
    assert missing(report, "indexes") == ["by_word"]


def test_constraints_of_one_table_share_a_name(tmp_path: Path, database: str) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE TABLE t (a INTEGER, b TEXT, CONSTRAINT k PRIMARY KEY (b),"
        " CONSTRAINT k CHECK (a > 0), CONSTRAINT k CHECK (a < 7), CONSTRAINT k CHECK (mine(a)),"
        " CONSTRAINT k UNIQUE (a, b), CONSTRAINT k FOREIGN KEY (b) REFERENCES t)",
        "INSERT INTO t VALUES (3, 'x')",
    )
    report = judged(path, database, status=4)
    assert missing(report, "checks") == ["mine(a)"]


def test_an_index_with_a_condition_that_is_always_true(tmp_path: Path, database: str) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE TABLE t (a INT NOT NULL, b TEXT)",
        "CREATE UNIQUE INDEX texts_are_more_than_numbers ON t (b) WHERE a > 0",
        "INSERT INTO t VALUES ('x', 'x'), ('', 'y')",
    )
    judged(path, database)


def test_a_column_without_a_name(tmp_path: Path, database: str) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE TABLE t (\"\" TEXT DEFAULT 'abc', b INTEGER)",
        'CREATE INDEX i ON t ("" DESC)',
        "INSERT INTO t (b) VALUES (1), (2)",
        "INSERT INTO t VALUES (NULL, 3)",
    )
    judged(path, database)


def test_view_columns_with_long_names_are_told(tmp_path: Path, database: str) -> None:
    long = "a_name_that_somebody_made_from_a_whole_sentence_and_that_nobody_ever_read"
    path = make(
        tmp_path / "app.db",
        f"CREATE TABLE t ({long}_1 INTEGER, {long}_2 INTEGER)",
        "INSERT INTO t VALUES (1, 2)",
        "CREATE VIEW v AS SELECT * FROM t",
    )
    report = judged(path, database)
    assert "OG-454" in [each["code"] for each in report["findings"]]
