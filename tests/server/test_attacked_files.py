"""Several files whose references, circles and generated columns were made to mislead uniting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from commands import migrated, outgrow
from test_several_files import make, query

P = "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT);"
Q = "CREATE TABLE q (id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT);"


def two(folder: Path, schema: str, one: str, other: str) -> tuple[Path, Path]:
    return make(folder / "a.db", schema + one), make(folder / "b.db", schema + other)


def asked(report: dict[str, Any]) -> set[str]:
    return {each["where"] for each in report["findings"] if each["code"] == "OG-129"}


COMPUTED = P + ("CREATE TABLE c (j TEXT, p AS (json_extract(j, '$.p')) STORED REFERENCES p (id));")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            "INSERT INTO p VALUES (1, 'a'), (2, 'q'); INSERT INTO c (j) VALUES ('{\"p\":1}');",
            "INSERT INTO p VALUES (1, 'b'), (2, 'z'); INSERT INTO c (j) VALUES ('{\"p\":1}');",
            id="equal ids",
        ),
        pytest.param(
            "INSERT INTO p VALUES (1, 'a'); INSERT INTO c (j) VALUES ('{\"p\":1}');",
            "INSERT INTO p VALUES (2, 'b'); INSERT INTO c (j) VALUES ('{\"p\":2}'), ('{\"p\":1}');",
            id="a reference without a row",
        ),
    ],
)
def test_a_computed_reference_that_cannot_follow_is_asked_about(
    database: str, tmp_path: Path, one: str, other: str
) -> None:
    files = two(tmp_path, COMPUTED, one, other)
    report = migrated(*files, "--to", database, status=3)
    assert asked(report) == {"b.db:p"}
    plan = tmp_path / "plan.toml"
    plan.write_text("[tables.p]\napart = true\n")
    report = migrated(*files, "--to", database, "--plan", plan, status=3)
    assert asked(report) == {"b.db:c"}
    plan.write_text("[tables.p]\napart = true\n[tables.c]\napart = true\n")
    migrated(*files, "--to", database, "--plan", plan, status=0)


def test_a_column_that_refers_to_two_tables_moved_differently_is_asked_about(
    database: str, tmp_path: Path
) -> None:
    schema = P + Q + "CREATE TABLE c (x INT REFERENCES p (id) REFERENCES q (id));"
    files = two(
        tmp_path,
        schema,
        "INSERT INTO p VALUES (1, 'a'), (2, 'b'); INSERT INTO q VALUES (1, 'qa');",
        "INSERT INTO p VALUES (1, 'c'), (2, 'd'); INSERT INTO q VALUES (1, 'qb'), (2, 'qc');"
        "INSERT INTO c VALUES (1), (2);",
    )
    assert asked(migrated(*files, "--to", database, status=3)) == {"b.db:p", "b.db:q"}
    plan = tmp_path / "plan.toml"
    plan.write_text("[tables.q]\napart = true\n")
    report = migrated(*files, "--to", database, "--plan", plan, status=3)
    assert asked(report) == {"b.db:p", "b.db:c"}
    plan.write_text("".join(f"[tables.{name}]\napart = true\n" for name in "qpc"))
    migrated(*files, "--to", database, "--plan", plan, status=0)
    assert query(database, "SELECT b_c.x, n FROM b_c JOIN b_q ON id = b_c.x ORDER BY 1") == [
        (1, "qb"),
        (2, "qc"),
    ]


def test_a_composite_key_with_a_computed_part_follows(database: str, tmp_path: Path) -> None:
    schema = (
        "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, k INT, UNIQUE (id, k));"
        "CREATE TABLE c (p INT, k AS (7) STORED, n, FOREIGN KEY (p, k) REFERENCES p (id, k));"
    )
    files = two(
        tmp_path,
        schema,
        "INSERT INTO p VALUES (1, 7), (2, 7); INSERT INTO c (p, n) VALUES (1, 'a');",
        "INSERT INTO p VALUES (1, 7), (2, 8), (3, 7); INSERT INTO c (p, n) VALUES (3, 'b');",
    )
    migrated(*files, "--to", database, status=0)
    assert query(database, "SELECT p, k, n FROM c ORDER BY 1") == [(1, 7, "a"), (5, 7, "b")]


def test_a_reference_to_a_computed_key_follows_what_it_is_computed_from(
    database: str, tmp_path: Path
) -> None:
    schema = Q + (
        "CREATE TABLE r (a INT REFERENCES q (id), g AS (a) STORED UNIQUE);"
        "CREATE TABLE s (x INT REFERENCES r (g));"
    )
    rows = "INSERT INTO q VALUES (1, '{}'); INSERT INTO r (a) VALUES (1); INSERT INTO s VALUES (1);"
    files = two(tmp_path, schema, rows.format("a"), rows.format("b"))
    migrated(*files, "--to", database, status=0)
    assert query(database, "SELECT x FROM s ORDER BY 1") == [(1,), (2,)]


def test_unique_references_in_a_circle_clash_by_no_id_of_another_file(
    database: str, tmp_path: Path
) -> None:
    schema = (
        "CREATE TABLE x (id INTEGER PRIMARY KEY AUTOINCREMENT, y INT UNIQUE REFERENCES y (id),"
        " k TEXT UNIQUE);"
        "CREATE TABLE y (id INTEGER PRIMARY KEY AUTOINCREMENT, x INT UNIQUE REFERENCES x (id), t);"
    )
    files = two(
        tmp_path,
        schema,
        "INSERT INTO x VALUES (1, 1, 'k'); INSERT INTO y VALUES (1, 1, 'a');",
        "INSERT INTO x VALUES (4, 4, 'k'), (1, 1, 'm');"
        "INSERT INTO y VALUES (4, 4, 'b'), (1, 1, 'c');",
    )
    plan = tmp_path / "plan.toml"
    plan.write_text('[tables.x]\nprefer = "a.db"\n[tables.y]\nprefer = "a.db"\n')
    migrated(*files, "--to", database, "--plan", plan, status=0)
    joined = "SELECT k, t FROM x JOIN y ON y.id = x.y AND x.id = y.x ORDER BY 1"
    assert query(database, joined) == [("k", "a"), ("m", "c")]
    assert outgrow("verify", *files, "--to", database).returncode == 0


def test_a_chain_with_a_row_of_its_own_moves_whole(database: str, tmp_path: Path) -> None:
    schema = "CREATE TABLE n (id INTEGER PRIMARY KEY AUTOINCREMENT, nx INT UNIQUE REFERENCES n, t);"
    files = two(
        tmp_path,
        schema,
        "INSERT INTO n VALUES (1, 1, 'r'), (2, 3, 's'), (3, 2, 't');",
        "INSERT INTO n VALUES (1, 1, 'x'), (2, 3, 's'), (3, 2, 'u');",
    )
    migrated(*files, "--to", database, status=0)
    assert query(database, "SELECT * FROM n ORDER BY 1")[3:] == [
        (4, 4, "x"),
        (5, 6, "s"),
        (6, 5, "u"),
    ]


def test_a_computed_column_whose_name_hides_it_keeps_its_values(
    database: str, tmp_path: Path
) -> None:
    schema = (
        "CREATE TABLE r (id INTEGER PRIMARY KEY AUTOINCREMENT, c TEXT,"
        " `[n]` INT GENERATED ALWAYS AS (length(c)));"
    )
    one, other = (f"INSERT INTO r (c) VALUES ('{text}');" for text in ("a", "bc"))
    files = two(tmp_path, schema, one, other)
    report = migrated(*files, "--to", database, status=0)
    assert report["objects"]["generated"]["target"] == 1
    assert query(database, 'SELECT c, "[n]" FROM r ORDER BY 1') == [("a", 1), ("bc", 2)]


def test_a_view_that_cannot_be_read_stands_aside_with_its_trigger(
    database: str, tmp_path: Path
) -> None:
    one = make(tmp_path / "a.db", "CREATE TABLE a (a INT PRIMARY KEY); INSERT INTO a VALUES (1);")
    other = make(
        tmp_path / "b.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY); CREATE TABLE a (a);"
        "CREATE VIEW v AS SELECT mine(id) AS n FROM t, nowhere;"
        "CREATE TRIGGER watch INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (1); END;"
        "INSERT INTO a VALUES (2);",
    )
    plan = tmp_path / "plan.toml"
    plan.write_text("[tables.a]\napart = true\n")
    migrated(one, other, "--to", database, "--plan", plan, status=4)
    assert query(database, "SELECT * FROM b_a") == [(2,)]
