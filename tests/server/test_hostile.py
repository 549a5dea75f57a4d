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


@pytest.mark.parametrize("server", ["pg15"], indirect=True)
def test_367_tables_in_one_file_are_published_at_once(tmp_path: Path, database: str) -> None:
    path = tmp_path / "many.db"
    with closing(sqlite3.connect(path)) as connection:
        for number in range(367):
            parent = f"REFERENCES t{number - 1} (id)" if number else ""
            connection.execute(
                f"CREATE TABLE t{number} (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
                f" parent INTEGER {parent}, price REAL CHECK (price > 0))"
            )
            connection.execute(f"CREATE INDEX by_parent_{number} ON t{number} (parent DESC)")
            connection.execute(f"INSERT INTO t{number} VALUES (1, 'first', 1, 0.5)")
        connection.commit()
    report = judged(path, database)
    assert report["objects"]["tables"]["target"] == 367
    migrated(path, "--to", database, "--replace")


def test_virtual_tables_are_told_and_their_shadows_are_not_tables(
    tmp_path: Path, database: str
) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT)",
        "CREATE VIRTUAL TABLE found USING fts5 (body, content='note', content_rowid='id')",
        "CREATE VIRTUAL TABLE old USING fts4 (body)",
        'CREATE VIRTUAL TABLE "my places" USING rtree (id, x0, x1)',
        "CREATE TABLE found_extra (id INTEGER PRIMARY KEY)",
        "CREATE VIEW hits AS SELECT body FROM found WHERE found MATCH 'x'",
        "CREATE TRIGGER note_ai AFTER INSERT ON note BEGIN"
        " INSERT INTO found (rowid, body) VALUES (NEW.id, NEW.body); END",
        "INSERT INTO note (body) VALUES ('some words')",
        "ANALYZE",
    )
    report = judged(path, database, status=4)
    assert missing(report, "tables") == ["found", "my places", "old"]
    assert missing(report, "triggers") == ["note_ai"]
    assert missing(report, "views") == ["hits"]
    assert [table["name"] for table in report["tables"]] == ["note", "found_extra"]


def test_modules_functions_and_collations_that_only_the_application_has(
    tmp_path: Path, database: str
) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE unicode UNIQUE, b TEXT,"
        " c TEXT AS (mine(a)) STORED, CHECK (mine(b) <> ''))",
        "CREATE INDEX by_collation ON t (b COLLATE unicode)",
        "CREATE INDEX by_function ON t (mine(b))",
        "CREATE INDEX in_part ON t (b) WHERE mine(a) > 'a'",
        "CREATE VIEW v AS SELECT mine(a) FROM t",
        "CREATE VIEW over_v AS SELECT * FROM v",
        "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT mine(NEW.a); END",
        "INSERT INTO t (a, b) VALUES ('a', 'b'), ('B', 'c')",
        "PRAGMA writable_schema = ON",
        "INSERT INTO sqlite_schema VALUES ('table', 'places', 'places', 0,"
        " 'CREATE VIRTUAL TABLE places USING VirtualSpatialIndex()')",
    )
    report = judged(path, database, status=4)
    assert missing(report, "indexes") == ["by_collation", "by_function", "in_part"]
    assert missing(report, "unique") == ["a"]
    assert missing(report, "tables") == ["places"]
    assert missing(report, "views") == ["over_v", "v"]
    assert missing(report, "triggers") == ["tr"]
    assert missing(report, "generated") == ["c"]


def test_names_that_are_one_after_cutting_or_folding(tmp_path: Path, database: str) -> None:
    long = "a_name_that_somebody_made_from_a_whole_sentence_and_that_nobody_ever_read"
    path = make(
        tmp_path / "app.db",
        f"CREATE TABLE {long}_1 ({long}_1 INTEGER PRIMARY KEY, {long}_2 TEXT UNIQUE)",
        f"CREATE TABLE {long}_2 (Id INTEGER PRIMARY KEY, parent REFERENCES {long}_1)",
        f"CREATE INDEX {long}_3 ON {long}_1 ({long}_2)",
        f"CREATE INDEX {long}_4 ON {long}_2 (parent)",
        f"CREATE VIEW {long}_5 AS SELECT {long}_2 AS a FROM {long}_1",
        "CREATE TABLE Ä (e\u0301 TEXT, \u00e9 TEXT, \u00c9 TEXT)",
        "CREATE TABLE ä (Ü TEXT, ü TEXT)",
        'CREATE TABLE "a b/c.d" ("select" INTEGER PRIMARY KEY, "order" TEXT, "1st" TEXT)',
        "CREATE TABLE t_pkey (id INTEGER PRIMARY KEY)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY)",
        "CREATE INDEX t_id_seq ON t (id)",
        f"INSERT INTO {long}_1 VALUES (1, 'x')",
        f"INSERT INTO {long}_2 VALUES (1, 1)",
        "INSERT INTO Ä VALUES ('1', '2', '3')",
    )
    report = judged(path, database)
    renamed = report["objects"]["tables"]["renamed"] + report["objects"]["indexes"]["renamed"]
    assert {each["from"] for each in renamed} >= {f"{long}_1", f"{long}_2", f"{long}_3"}
    assert all(len(each["to"].encode()) <= 63 for each in renamed)
    again = judged(path, database, "--replace")
    assert again["objects"]["indexes"]["renamed"] == report["objects"]["indexes"]["renamed"]


def test_keys_of_every_kind(tmp_path: Path, database: str) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE TABLE nulls (a TEXT PRIMARY KEY, b INTEGER)",
        "INSERT INTO nulls VALUES (NULL, 1), (NULL, 2), ('x', 3)",
        "CREATE TABLE composite (a INT, b TEXT COLLATE NOCASE, PRIMARY KEY (b DESC, a))",
        "INSERT INTO composite VALUES (1, 'x'), (NULL, 'y'), (2, NULL)",
        "CREATE TABLE kept (k TEXT COLLATE RTRIM PRIMARY KEY, v ANY) STRICT, WITHOUT ROWID",
        "INSERT INTO kept VALUES ('a', 1), (' a', 'b'), ('b', x'00')",
        'CREATE TABLE odd ("order" INTEGER PRIMARY KEY DESC, "end" INT)',
        "INSERT INTO odd VALUES (NULL, 1), (7, 2), (NULL, 3)",
        "CREATE TABLE loop (id INTEGER PRIMARY KEY, up INTEGER REFERENCES loop, a REFERENCES ring)",
        "CREATE TABLE ring (id INTEGER PRIMARY KEY, l REFERENCES loop (id) DEFERRABLE)",
        "INSERT INTO loop VALUES (1, 1, 1), (2, 9, NULL)",
        "INSERT INTO ring VALUES (1, 1), (2, 2)",
        "CREATE TABLE text_child (a TEXT REFERENCES loop (id), b REFERENCES kept, c TEXT,"
        " FOREIGN KEY (a, c) REFERENCES composite, FOREIGN KEY (c, a) REFERENCES nulls (a, b))",
        "INSERT INTO text_child VALUES ('1', 'a', 'x'), ('2', 'zz', NULL)",
        "CREATE TABLE ups (u TEXT UNIQUE ON CONFLICT REPLACE, n NUMERIC UNIQUE)",
        "INSERT INTO ups VALUES ('1', 1), ('1.0', 1.5), (NULL, NULL), (NULL, 'text')",
        "CREATE UNIQUE INDEX one_open ON ups (n) WHERE u IS NULL",
    )
    judged(path, database, status=4)


def test_seventy_triggers_and_what_they_can_not_do(tmp_path: Path, database: str) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n INTEGER DEFAULT 0)",
        "CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT)",
        *(
            f"CREATE TRIGGER tr_{number} AFTER UPDATE OF n ON t WHEN NEW.n = {number}"
            f" BEGIN INSERT INTO log (what) VALUES ('{number}'); END"
            for number in range(70)
        ),
        "CREATE TRIGGER lost AFTER INSERT ON t BEGIN INSERT INTO gone VALUES (NEW.id); END",
        "CREATE TRIGGER refuse BEFORE DELETE ON t BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
        "INSERT INTO log VALUES (1, 'x')",
    )
    report = judged(path, database, status=4)
    assert "lost" in missing(report, "triggers")
    assert not [name for name in missing(report, "triggers") if name.startswith("tr_")]


@pytest.mark.parametrize("types", ["native", "faithful", "eager"])
def test_values_of_every_kind_in_columns_of_every_kind(
    types: str, tmp_path: Path, database: str
) -> None:
    declared = (
        "",
        "INTEGR",
        "TEXT",
        "REAL",
        "BLOB",
        "NUMERIC",
        "BOOLEAN",
        "DATETIME",
        "JSON",
        "VARCHAR2(3)",
        "BLOB SUB_TYPE TEXT",
        "guid",
        "float8",
        "UNSIGNED BIG INT",
    )
    values = (
        "NULL",
        "9e999",
        "-9e999",
        "-0.0",
        "9007199254740993",
        "-9223372036854775808",
        "9223372036854775807",
        "''",
        "'abc'",
        "'123456789012345678901234567890'",
        "x'00ff'",
        "'2024-01-01'",
        "'0000-00-00'",
        "1700000000123",
        "'{\"a\":1}'",
        "4.9e-324",
        "1e15",
        "'1'",
        "1",
        "1.0",
    )
    columns = ", ".join(f"c{number} {type_}" for number, type_ in enumerate(declared))
    rows = [", ".join([value] * len(declared)) for value in values]
    path = make(
        tmp_path / "app.db",
        f"CREATE TABLE mixed (id INTEGER PRIMARY KEY, {columns})",
        *(f"INSERT INTO mixed VALUES (NULL, {row})" for row in rows),
        *(
            statement
            for number, value in enumerate(values)
            for statement in (
                f"CREATE TABLE only_{number} ({columns})",
                f"INSERT INTO only_{number} VALUES ({rows[number]})",
            )
        ),
    )
    judged(path, database, "--types", types)


def test_a_generated_column_over_bytes_that_are_no_text(tmp_path: Path, database: str) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB, low TEXT AS (lower(b)), n AS (length(b)))",
        "CREATE INDEX by_low ON t (lower(b))",
        "INSERT INTO t (b) VALUES (x'00'), (x'41'), (x'ff')",
    )
    report = migrated(path, "--to", database, status=4)
    assert missing(report, "generated") == ["low"]
    assert missing(report, "indexes") == ["by_low"]
    assert outgrow("verify", path, "--to", database).returncode == 4
