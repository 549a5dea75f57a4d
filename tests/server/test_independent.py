"""The independent comparison finds nothing where there is nothing, and every damage done."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from independent.behaviour import compare_triggers, compare_views
from independent.compare import compare
from independent.mutations import MUTATIONS, Mutation
from independent.pair import make_postgres, make_sqlite

Damage = Callable[[psycopg.Connection], None]


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sqlite(tmp_path_factory.mktemp("pair") / "pair.db")


def migrated_by_hand(conninfo: str, schema: str = "public", damage: Damage | None = None) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        make_postgres(connection, schema)
        if damage is not None:
            damage(connection)


def state(conninfo: str) -> list[str]:
    """What a comparison could have changed: rows and sequences."""
    with psycopg.connect(conninfo) as connection:
        relations = connection.execute(
            "SELECT oid::regclass::text,"
            "   CASE relkind WHEN 'S' THEN 'last_value, is_called' ELSE '*' END"
            " FROM pg_class WHERE relkind IN ('r', 'S')"
            "   AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        return sorted(
            f"{name} {row}"
            for name, columns in relations
            for row in connection.execute(f"SELECT {columns} FROM {name}".encode()).fetchall()
        )


def test_a_sound_pair_has_no_differences(source: Path, database: str) -> None:
    migrated_by_hand(database)
    assert compare(source, database) == []


def test_comparing_changes_nothing(source: Path, database: str) -> None:
    migrated_by_hand(database)
    before, file = state(database), source.read_bytes()
    assert compare(source, database) == []
    assert state(database) == before
    assert source.read_bytes() == file
    assert [path.name for path in source.parent.iterdir()] == [source.name]


def test_a_sound_pair_in_a_schema_of_its_own(source: Path, database: str) -> None:
    migrated_by_hand(database, "odd name")
    assert compare(source, database, schema="odd name") == []
    assert any("missing" in says for says in compare(source, database))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_each_damage_is_found(mutation: Mutation, source: Path, database: str) -> None:
    migrated_by_hand(database, damage=mutation.damage)
    found = compare(source, database)
    assert any(all(name in says for name in mutation.names) for says in found), found


def show_more(connection: psycopg.Connection) -> None:
    connection.execute(
        "CREATE OR REPLACE VIEW cheap AS SELECT title, price FROM book WHERE price < 50"
    )


def test_views_are_judged_by_their_rows(source: Path, database: str) -> None:
    migrated_by_hand(database)
    assert compare_views(source, database) == []
    with psycopg.connect(database) as connection:
        show_more(connection)
    assert compare_views(source, database) == ["view cheap has 2 rows in SQLite, 3 in PostgreSQL"]


WORK = [
    ("INSERT INTO book (id, author_id, title) VALUES (?, ?, ?)", (50, 1, "A sequel")),
    ("INSERT INTO author (name, active) VALUES (?, ?)", ("Now", 0)),
]


def test_equal_work_has_equal_effects(source: Path, tmp_path: Path, database: str) -> None:
    migrated_by_hand(database)
    private = Path(shutil.copy(source, tmp_path))
    assert compare_triggers(private, database, WORK) == []


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TRIGGER author_seen ON book",
        "ALTER TABLE author ALTER joined_at SET DEFAULT now()",
        "ALTER TABLE author ALTER joined_at SET DEFAULT now() AT TIME ZONE 'utc'",
    ],
)
def test_other_effects_are_found(damage: str, source: Path, tmp_path: Path, database: str) -> None:
    migrated_by_hand(database)
    with psycopg.connect(database) as connection:
        connection.execute(damage.encode())
    private = Path(shutil.copy(source, tmp_path))
    assert any("author." in says for says in compare_triggers(private, database, WORK))


COUNTS = {
    "tables": 5,
    "indexes": 2,
    "primary_keys": 4,
    "unique": 2,
    "foreign_keys": 3,
    "checks": 1,
    "not_null": 5,
    "defaults": 5,
    "generated": 1,
    "views": 1,
    "triggers": 1,
    "sequences": 3,
}


def report_on(conninfo: str) -> dict[str, Any]:
    """A true report on the sound pair, as the contract shapes it."""
    rows = {"author": 3, "Book": 4, "loan": 3, "log": 4, "unused": 0}
    with psycopg.connect(conninfo) as connection:
        types = connection.execute(
            "SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod)"
            " FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0"
        ).fetchall()
    return {
        "status": "verified",
        "tables": [
            {
                "source": {"file": "pair.db", "table": table},
                "name": table.lower(),
                "rows_read": count,
                "rows_loaded": count,
                "rows_refused": 0,
                "rows_merged": 0,
                "rows_superseded": 0,
                "values_repaired": 0,
                "columns": [
                    {"source": column, "name": column, "target_type": type_}
                    for relation, column, type_ in types
                    if relation == table.lower()
                ],
            }
            for table, count in rows.items()
        ],
        "objects": {
            kind: {"source": count, "target": count, "renamed": [], "missing": []}
            for kind, count in COUNTS.items()
        },
    }


def test_a_true_report_is_believed(source: Path, database: str) -> None:
    migrated_by_hand(database)
    assert compare(source, database, report=report_on(database)) == []


def drop_view(connection: psycopg.Connection) -> None:
    connection.execute("DROP VIEW cheap")


def test_what_is_listed_as_missing_is_accepted(source: Path, database: str) -> None:
    migrated_by_hand(database, damage=drop_view)
    report = report_on(database)
    report["status"] = "incomplete"
    views = report["objects"]["views"]
    views["target"] = 0
    views["missing"] = [{"table": "cheap", "name": "cheap", "reason": "calls a function"}]
    assert compare(source, database, report=report) == []
    views["missing"][0]["reason"] = ""
    assert any("without a reason" in says for says in compare(source, database, report=report))


def test_repaired_values_are_accepted_as_often_as_they_are_told(
    source: Path, database: str
) -> None:
    def repair(connection: psycopg.Connection) -> None:
        connection.execute("UPDATE author SET name = 'repaired' WHERE id = 1")
        connection.execute("UPDATE log SET line = 'repaired' WHERE amount = 2.25")

    migrated_by_hand(database, damage=repair)
    report = report_on(database)
    report["status"] = "incomplete"
    for table in report["tables"]:
        table["values_repaired"] = int(table["name"] in ("author", "log"))
    assert compare(source, database, report=report) == []
    report["tables"][0]["values_repaired"] = 2
    assert any("author.name, key 1" in says for says in compare(source, database, report=report))


def falsify_sum(report: dict[str, Any]) -> None:
    report["tables"][0]["rows_refused"] = 1


def falsify_read(report: dict[str, Any]) -> None:
    report["tables"][0].update(rows_read=4, rows_loaded=4)


def falsify_type(report: dict[str, Any]) -> None:
    report["tables"][0]["columns"][0]["target_type"] = "integer"


def falsify_count(report: dict[str, Any]) -> None:
    report["objects"]["triggers"].update(source=2, target=2)


def falsify_missing(report: dict[str, Any]) -> None:
    report["objects"]["views"]["missing"] = [{"table": "", "name": "cheap", "reason": "hard"}]


def falsify_status(report: dict[str, Any]) -> None:
    report["status"] = "incomplete"


def forget_a_kind(report: dict[str, Any]) -> None:
    del report["objects"]["sequences"]


@pytest.mark.parametrize(
    ("falsify", "names"),
    [
        (falsify_sum, "not the sum"),
        (falsify_read, "SQLite has 3"),
        (falsify_type, "told to be integer"),
        (falsify_count, "triggers: 2 in source told"),
        (falsify_missing, "views: 1 less 1 missing"),
        (falsify_status, "status is incomplete"),
        (forget_a_kind, "nothing about sequences"),
    ],
)
def test_a_false_report_is_found(
    falsify: Callable[[dict[str, Any]], None], names: str, source: Path, database: str
) -> None:
    migrated_by_hand(database)
    report = report_on(database)
    falsify(report)
    assert any(names in says for says in compare(source, database, report=report))
