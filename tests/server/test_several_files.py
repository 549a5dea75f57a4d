"""Several files into one database, held against an expectation of Python's own sqlite3."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from commands import migrated, outgrow

from independent import several
from independent.compare import compare, summary
from outgrow.demo import build_reference

SHARED = {
    "workflow_history",
    "tool_calls",
    "operation_patterns",
    "pattern_occurrences",
    "hook_events",
    "adw_tools",
    "cost_savings_log",
}


def make(path: Path, script: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return path


def query(database: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(sql.encode()).fetchall()


def accepted(
    report: dict[str, Any],
    files: tuple[Path, ...],
    database: str,
    expected: Path,
    prefer: dict[str, str] | None = None,
) -> None:
    """Hold the target and the report against what the files have to become."""
    expected.unlink(missing_ok=True)
    moved = several.moved_in(report)
    fates = several.unite(files, expected, prefer=prefer, moved=moved)
    assert several.wrong_accounts(report, fates) == []
    found = compare(expected, database, report=several.together(report))
    assert not found, summary(found)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return build_reference(tmp_path_factory.mktemp("reference"), megabytes=2)


def undecided(*arguments: object) -> dict[str, Any]:
    """Run ``migrate``, which has to ask; gives the one object that it prints."""
    report = migrated(*arguments, status=3)
    assert report["status"] == "decision"
    return report


@pytest.mark.parametrize("server", ["pg15"], indirect=True)
class TestReference:
    """The two files of the reference application: what is united is united before any server."""

    def test_what_is_not_settled_is_told_with_the_lines_that_settle_it(
        self, database: str, reference: tuple[Path, Path]
    ) -> None:
        report = undecided(*reference, "--to", database)
        told = {
            each["where"].partition(":")[2]: each
            for each in report["findings"]
            if each["fix"].startswith("Add to the plan file")
        }
        assert {name.partition(".")[0] for name in told} == {
            "workflow_history",
            "operation_patterns",
            "adw_tools",
        }
        with closing(sqlite3.connect(reference[0])) as connection:
            connection.execute("ATTACH ? AS other", (str(reference[1]),))
            for name, finding in told.items():
                table = name.partition(".")[0]
                key = {"workflow_history": "adw_id", "adw_tools": "tool_name"}.get(
                    table, "pattern_signature"
                )
                keys = connection.execute(
                    f"SELECT {key} FROM main.{table} INTERSECT SELECT {key} FROM other.{table}"
                ).fetchall()
                assert f"{len(keys):,} row" in finding["says"], finding
                assert any(example in finding["says"] for (example,) in keys), finding
        assert query(database, "SELECT 1 FROM pg_namespace WHERE nspname ~ 'outgrow'") == []

    @pytest.mark.parametrize("types", ["native", "faithful", "eager"])
    def test_the_printed_lines_are_enough(
        self, database: str, reference: tuple[Path, Path], tmp_path: Path, types: str
    ) -> None:
        asked = undecided(*reference, "--to", database, "--types", types)
        plan = tmp_path / "outgrow.toml"
        plan.write_text(several.lines_to_add(asked))
        arguments = (*reference, "--to", database, "--plan", plan, "--types", types)
        report = migrated(*arguments, status=4)
        objects = report["objects"]
        assert {kind: objects[kind]["source"] for kind in ("tables", "indexes", "views")} == {
            "tables": 27,
            "indexes": 47,
            "views": 4,
        }
        for kind in ("tables", "indexes", "views", "triggers"):
            assert objects[kind]["target"] == objects[kind]["source"], objects[kind]
            assert objects[kind]["missing"] == []
        assert objects["triggers"]["target"] == 4
        assert len(report["tables"]) == 25 + 9
        united = {each["name"] for each in report["tables"] if each["ids_moved_by"]}
        assert united <= SHARED
        prefer = dict.fromkeys(
            ("workflow_history", "operation_patterns", "adw_tools"), reference[0].name
        )
        accepted(report, reference, database, tmp_path / "expected.db", prefer)

    def test_the_other_file_can_be_preferred_and_verify_remembers(
        self, database: str, reference: tuple[Path, Path], tmp_path: Path
    ) -> None:
        plan = tmp_path / "outgrow.toml"
        lines = several.lines_to_add(undecided(*reference, "--to", database))
        other = reference[1].name
        plan.write_text(lines.replace(f'"{reference[0].name}"', f'"{other}"'))
        report = migrated(*reference, "--to", database, "--plan", plan, status=4)
        prefer = dict.fromkeys(("workflow_history", "operation_patterns", "adw_tools"), other)
        accepted(report, reference, database, tmp_path / "expected.db", prefer)
        done = outgrow("verify", *reversed(reference), "--to", database, "--json")
        assert done.returncode == 4, done.stdout[-2000:] + done.stderr
        again = json.loads(done.stdout)
        counts = ("source", "name", "rows_read", "rows_loaded", "rows_merged", "rows_superseded")
        counts += ("rows_refused", "values_repaired", "ids_moved_by")
        assert [{key: each[key] for key in counts} for each in again["tables"]] == [
            {key: each[key] for key in counts} for each in report["tables"]
        ]
        with psycopg.connect(database) as connection:
            connection.execute(
                "UPDATE tool_calls SET id = 1000000 WHERE id = (SELECT max(id) FROM tool_calls)"
            )
        assert outgrow("verify", *reference, "--to", database).returncode == 5
        assert outgrow("verify", reference[0], "--to", database).returncode == 1

    def test_the_plan_that_is_written_can_be_settled_in_place(
        self, database: str, reference: tuple[Path, Path], tmp_path: Path
    ) -> None:
        plan = tmp_path / "outgrow.toml"
        assert outgrow("plan", *reference, "-o", plan).returncode == 0
        text = plan.read_text()
        assert text.count(f'#| prefer = "{reference[1].name}"') == 3
        undecided(*reference, "--to", database, "--plan", plan)
        settled = text.replace(
            f'#| prefer = "{reference[1].name}"', f'prefer = "{reference[1].name}"'
        )
        plan.write_text(settled)
        assert outgrow("plan", *reference, "-o", plan).returncode == 0
        assert "#| prefer" not in plan.read_text()
        report = migrated(*reference, "--to", database, "--plan", plan, "--dry-run")
        assert report["status"] == "planned"
        assert sum(each["rows_superseded"] for each in report["tables"]) == 42


FIRST = """
CREATE TABLE note (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT, only_here TEXT DEFAULT 'a');
INSERT INTO note (body) VALUES ('same'), ('one' || char(0)), ('two');
UPDATE note SET only_here = NULL WHERE id = 1;
CREATE TABLE tag (note_id INTEGER REFERENCES note (id), word TEXT);
INSERT INTO tag VALUES (1, 'x'), (2, 'y'), (3, 'z'), (99, 'nothing');
"""
SECOND = """
CREATE TABLE note (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    body TEXT,
    extra INTEGER
);
INSERT INTO note (body) VALUES ('same'), ('other' || char(0)), ('three' || char(0));
CREATE TABLE tag (note_id INTEGER REFERENCES note (id), word TEXT);
INSERT INTO tag VALUES (1, 'x'), (2, 'y'), (3, 'z'), (99, 'nothing');
CREATE TABLE alone (a TEXT);
INSERT INTO alone VALUES ('b' || char(0));
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return make(tmp_path / "a.db", FIRST), make(tmp_path / "b.db", SECOND)


@pytest.mark.parametrize(
    ("on_bad", "count"), [("repair", "values_repaired"), ("refuse", "rows_refused")]
)
def test_values_that_can_not_be_held_are_counted_for_their_file(
    database: str, files: tuple[Path, Path], tmp_path: Path, on_bad: str, count: str
) -> None:
    arguments = (*files, "--to", database, "--on-bad", on_bad)
    report = migrated(*arguments, status=4)
    told = {
        (each["source"]["file"], each["source"]["table"]): each[count] for each in report["tables"]
    }
    assert {place: number for place, number in told.items() if number} == {
        ("a.db", "note"): 1,
        ("b.db", "note"): 2,
        ("b.db", "alone"): 1,
    }
    accepted(report, files, database, tmp_path / "expected.db")
    done = outgrow("verify", *files, "--to", database, "--json")
    again = {
        (each["source"]["file"], each["source"]["table"]): each[count]
        for each in json.loads(done.stdout)["tables"]
    }
    assert again == told
    planned = migrated(*arguments, "--replace", "--dry-run")
    assert [each[count] for each in planned["tables"]] == [*told.values()]


def test_every_place_names_the_file_that_it_is_in(database: str, files: tuple[Path, Path]) -> None:
    report = migrated(*files, "--to", database, status=4)
    wheres = {each["where"] for each in report["findings"] if each["code"] == "OG-214"}
    assert wheres == {"a.db:note.body", "b.db:alone.a"}
    assert dict(
        query(
            database,
            "SELECT table_name || '.' || column_name, file FROM outgrow.columns"
            " WHERE column_name IN ('only_here', 'extra', 'a', 'word')",
        )
    ) == {
        "note.only_here": "a.db",
        "note.extra": "b.db",
        "alone.a": "b.db",
        "tag.word": "a.db",
    }


def test_the_first_file_gives_the_version(database: str, files: tuple[Path, Path]) -> None:
    for number, path in enumerate(files, start=3):
        make(path, f"PRAGMA user_version = {number}")
    report = migrated(*files, "--to", database, status=4)
    assert query(database, "SELECT value FROM outgrow.pragmas WHERE name = 'user_version'") == [
        (3,)
    ]
    (told,) = [each for each in report["findings"] if each["code"] == "OG-504"]
    assert told["where"] == "b.db"
    assert "user_version is 4" in told["says"]


def test_an_interrupted_run_is_known_by_all_its_files(
    database: str, files: tuple[Path, Path]
) -> None:
    """What is left of a run is continued for the same files and the same state of each."""
    migrated(*files, "--to", database, status=4)
    ((source,),) = query(database, "SELECT source::jsonb FROM outgrow.runs")
    assert source == [str(path) for path in files]
    interrupt = (
        "UPDATE outgrow.runs SET status = 'running', staging = 'outgrow_staging_left';"
        "CREATE SCHEMA outgrow_staging_left"
    )
    drop = "DROP TABLE tag, note, alone"
    again = {"same": True, "another order": False, "a file changed": False}
    for case, continued in again.items():
        with psycopg.connect(database) as connection:
            connection.execute(drop.encode())
            connection.execute("DELETE FROM outgrow.journal")
            connection.execute(
                "DELETE FROM outgrow.runs WHERE id < (SELECT max(id) FROM outgrow.runs)"
            )
            connection.execute(interrupt.encode())
            ((before,),) = connection.execute("SELECT id FROM outgrow.runs").fetchall()
        named = files[::-1] if case == "another order" else files
        if case == "a file changed":
            make(files[1], "INSERT INTO alone VALUES ('more')")
        migrated(*named, "--to", database, status=4)
        ((after,),) = query(database, "SELECT id FROM outgrow.runs")
        assert (after == before) is continued, case
        assert query(database, "SELECT 1 FROM pg_namespace WHERE nspname ~ 'staging'") == []


def test_one_file_named_twice_is_a_mistake(files: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(files[0])
    (tmp_path / "other.db").hardlink_to(files[0])
    for second in (files[0], tmp_path / "link.db", tmp_path / "other.db"):
        for command in ("migrate", "plan", "schema", "inspect"):
            done = outgrow(command, files[0], second)
            assert done.returncode == 2, command
            assert "OG-131" in done.stderr


def test_a_file_without_tables_is_a_mistake(files: tuple[Path, Path], tmp_path: Path) -> None:
    empty = make(tmp_path / "empty.db", "CREATE VIEW v AS SELECT 1")
    done = outgrow("migrate", *files, empty, "--dry-run")
    assert done.returncode == 1
    assert f"OG-500 {empty}:" in done.stderr


def test_a_file_may_be_named_in_a_settlement_only_as_it_is_called(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text('[tables.note]\nprefer = "bdb"\n')
    done = outgrow("migrate", *files, "--dry-run", "--plan", plan)
    assert done.returncode == 2
    assert "Did you mean 'b.db'" in done.stderr
    assert "line 2" in done.stderr


QUARREL_A = """
CREATE TABLE plain (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO plain VALUES (1, 'a'), (2, 'b');
CREATE TABLE child (id INTEGER PRIMARY KEY, plain_id INTEGER REFERENCES plain (id));
INSERT INTO child VALUES (10, 1), (11, 2);
CREATE TABLE keyed (code TEXT PRIMARY KEY, v TEXT);
INSERT INTO keyed VALUES ('x', 'a'), ('y', 'same');
CREATE TABLE loose (id INTEGER PRIMARY KEY AUTOINCREMENT, word TEXT UNIQUE);
INSERT INTO loose (word) VALUES ('one'), ('two');
CREATE VIEW words AS SELECT word FROM loose;
CREATE TABLE seen (n INTEGER);
CREATE TRIGGER see AFTER INSERT ON loose BEGIN INSERT INTO seen VALUES (NEW.id); END;
CREATE INDEX by_name ON plain (name);
"""
QUARREL_B = """
CREATE TABLE plain (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO plain VALUES (1, 'c'), (2, 'b'), (7, 'd');
CREATE TABLE child (id INTEGER PRIMARY KEY, plain_id INTEGER REFERENCES plain (id));
INSERT INTO child VALUES (20, 1), (21, 2), (22, 7);
CREATE TABLE keyed (name TEXT PRIMARY KEY, code TEXT, v TEXT);
INSERT INTO keyed VALUES ('x', 'a', 'b');
CREATE TABLE loose (id INTEGER PRIMARY KEY AUTOINCREMENT, word TEXT);
INSERT INTO loose (word) VALUES ('one'), ('three'), ('two');
CREATE VIEW words AS SELECT upper(word) AS word FROM loose;
CREATE TABLE seen (n INTEGER);
CREATE TRIGGER see AFTER INSERT ON loose BEGIN INSERT INTO seen VALUES (-NEW.id); END;
CREATE INDEX by_name ON plain (name DESC);
"""


@pytest.fixture
def quarrel(tmp_path: Path) -> tuple[Path, Path]:
    return make(tmp_path / "a.db", QUARREL_A), make(tmp_path / "b.db", QUARREL_B)


def test_each_quarrel_has_its_line_and_each_object_its_account(
    database: str, quarrel: tuple[Path, Path], tmp_path: Path
) -> None:
    asked = undecided(*quarrel, "--to", database)
    plan = tmp_path / "plan.toml"
    plan.write_text(several.lines_to_add(asked))
    assert {"renumber = true", "apart = true"} <= set(
        plan.read_text().replace("# or ", "").splitlines()
    )
    report = migrated(*quarrel, "--to", database, "--plan", plan, status=4)
    for kind, told in report["objects"].items():
        assert told["source"] - len(told["missing"]) == told["target"], (kind, told)
        assert all(each["reason"] for each in told["missing"])
    names = {
        (each["source"]["file"], each["source"]["table"]): each["name"] for each in report["tables"]
    }
    assert names["a.db", "keyed"] == "a_keyed"
    assert names["b.db", "keyed"] == "b_keyed"
    rows = {entry["name"]: 0 for entry in report["tables"]}
    for entry in report["tables"]:
        with closing(sqlite3.connect(tmp_path / entry["source"]["file"])) as connection:
            table = entry["source"]["table"]
            ((count,),) = connection.execute(f"SELECT count(*) FROM {table}")
        assert entry["rows_read"] == count
        assert entry["rows_read"] == sum(
            entry[f"rows_{part}"] for part in ("loaded", "refused", "merged", "superseded")
        )
        rows[entry["name"]] += entry["rows_loaded"]
    for name, count in rows.items():
        assert query(database, f"SELECT count(*) FROM {name}") == [(count,)]
    # What each child row belonged to, it still belongs to.
    belongs = "SELECT name FROM child JOIN plain ON plain.id = plain_id ORDER BY 1"
    assert [name for (name,) in query(database, belongs)] == ["a", "b", "b", "c", "d"]
    views = {
        name
        for (name,) in query(database, "SELECT viewname FROM pg_views WHERE schemaname = 'public'")
    }
    assert views == {"words", "b_words"}
    (trigger,) = report["objects"]["triggers"]["missing"]
    assert trigger["name"] == "see"
    assert outgrow("verify", *quarrel, "--to", database).returncode == 4


def test_what_is_left_out_needs_no_decision(database: str, quarrel: tuple[Path, Path]) -> None:
    arguments = (*quarrel, "--to", database, "--include", "seen", "--include", "words")
    report = migrated(*arguments, "--include", "loose", status=4)
    assert {each["name"] for each in report["tables"]} == {"seen", "loose"}


def test_a_column_can_say_which_file_a_row_is_from(
    database: str, files: tuple[Path, Path], tmp_path: Path
) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text('[unite]\nprovenance = "source_file"\n')
    migrated(*files, "--to", database, "--plan", plan, status=4)
    rows = query(database, "SELECT source_file, count(*) FROM note GROUP BY 1 ORDER BY 1")
    assert rows == [("a.db", 3), ("b.db", 2)]
    assert outgrow("verify", *files, "--to", database).returncode == 4


def test_plan_and_schema_go_on_where_migrate_would_ask(
    quarrel: tuple[Path, Path], tmp_path: Path
) -> None:
    planned = outgrow("plan", *quarrel, "--json")
    assert planned.returncode == 0
    told = json.loads(planned.stdout)
    assert told["files"] == ["a.db", "b.db"]
    assert any("apart = true" in each["fix"] for each in told["findings"])
    schema = outgrow("schema", *quarrel)
    assert schema.returncode == 0
    assert "CREATE TABLE" in schema.stdout
    assert "apart = true" in schema.stderr
    assert outgrow("inspect", *quarrel).returncode == 0


def test_a_choice_about_a_table_that_is_apart_is_not_passed_over(tmp_path: Path) -> None:
    files = [make(tmp_path / name, "CREATE TABLE t (a);") for name in ("a.db", "b.db")]
    plan = tmp_path / "plan.toml"
    apart = "[tables.t]\napart = true\n"
    plan.write_text(f'{apart}[tables.t.columns]\na = {{ name = "chosen" }}\n')
    done = outgrow("migrate", *files, "--dry-run", "--plan", plan)
    assert (done.returncode, "OG-202 plan file, line 4" in done.stderr) == (2, True), done.stderr
    plan.write_text(f'{apart}[tables.a_t.columns]\na = {{ name = "chosen" }}\n')
    assert outgrow("migrate", *files, "--dry-run", "--plan", plan).returncode == 0
    plan.write_text(f'{apart}[tables.t.columns]\na = {{ type = "uuid" }}\n')
    schema = outgrow("schema", *files, "--plan", plan).stdout
    assert [line.strip() for line in schema.splitlines() if " uuid" in line] == ["a uuid"] * 2


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le"])
def test_an_index_that_sqlite_cannot_load_is_listed(
    database: str, tmp_path: Path, encoding: str
) -> None:
    table = "CREATE TABLE t (id INTEGER PRIMARY KEY, a);"
    damage = (
        "CREATE INDEX Bad ON t (a); PRAGMA writable_schema = ON;"
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX Bad ON t' WHERE name = 'Bad'"
    )
    a = make(tmp_path / "a.db", f"PRAGMA encoding = '{encoding}'; {table} {damage}")
    b = make(tmp_path / "b.db", table)
    for files, schema in (((a,), "one"), ((a, b), "several")):
        report = migrated(*files, "--to", database, "--schema", schema, status=4)
        (missing,) = report["objects"]["indexes"]["missing"]
        assert (missing["table"], missing["name"]) == ("t", "Bad")
        assert any(each["where"].endswith(":Bad") for each in report["findings"])
