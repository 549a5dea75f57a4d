"""``outgrow verify`` looks at what its own schema holds: helper functions, and what SQLite was."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from commands import migrated, outgrow
from fresh_databases import fresh_database
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from outgrow.database.postgres_adapter import PostgreSQLAdapter
from outgrow.postgres.embedded import EmbeddedServer

NOTES = """
PRAGMA user_version = 3;
CREATE TABLE Note (
    Id INTEGER PRIMARY KEY AUTOINCREMENT, Body TEXT, Made TEXT DEFAULT (datetime('now')),
    Any, Size INTEGER AS (length(Body)) STORED, CHECK (Body GLOB '[a-z]*')
);
CREATE INDEX Tails ON Note (substr(Body, -2));
CREATE VIEW Numbers AS SELECT Id, CAST(Body AS INTEGER) AS n, printf('%05d', Id) AS p FROM Note;
CREATE TRIGGER Kept BEFORE DELETE ON Note WHEN OLD.Body = 'kept' BEGIN
    SELECT RAISE(ABORT, 'it is kept'); END;
INSERT INTO Note (Body, Made, Any) VALUES
    ('a1', '2024-01-01 10:00:00', 1), ('b2', '2024-01-02 10:00:00', 'x'), ('c', NULL, NULL);
"""


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("notes") / "notes.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(NOTES)
    return path


@pytest.fixture(scope="session")
def template(server: EmbeddedServer, file: Path) -> Iterator[str]:
    """A database with the file in it, and a helper that an application has asked for."""
    with fresh_database(server.url) as database:
        migrated(file, "--to", database)
        with PostgreSQLAdapter(database) as adapter, adapter.get_connection() as connection:
            connection.execute("SELECT unhex(body) FROM note")
        yield str(conninfo_to_dict(database)["dbname"])


@pytest.fixture
def notes(server: EmbeddedServer, template: str) -> Iterator[str]:
    with fresh_database(server.url, template) as copy:
        yield copy


def execute(database: str, *statements: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def one(database: str, query: str) -> Any:
    with psycopg.connect(database) as connection:
        (value,) = connection.execute(query.encode()).fetchone() or (None,)
    return value


def verified(file: Path, database: str, status: int) -> list[dict[str, str]]:
    """Verify, and give what was found beyond what the file itself gives rise to."""
    done = outgrow("verify", file, "--to", database, "--json")
    assert done.returncode == status, done.stdout[-3000:] + done.stderr
    findings: list[dict[str, str]] = json.loads(done.stdout)["findings"]
    return [each for each in findings if each["code"].startswith("OG-6")]


def errors(file: Path, database: str) -> dict[str, dict[str, str]]:
    """Give each difference by its place, without the file or the database."""
    found = verified(file, database, 5)
    assert all(each["says"] for each in found)
    return {each["where"].partition(":")[2]: each for each in found if each["severity"] == "error"}


def test_what_was_just_migrated_is_whole(file: Path, notes: str) -> None:
    assert verified(file, notes, 0) == []
    assert one(notes, "SELECT count(*) FROM pg_namespace WHERE nspname ~ '^outgrow_'") == 0


#: What is done to the function that the view calls.
CHANGES = {
    "another body": "{definition_with_another_body}",
    "volatile": "ALTER FUNCTION outgrow.text_integer(text) VOLATILE",
    "not strict": "ALTER FUNCTION outgrow.text_integer(text) CALLED ON NULL INPUT",
    "a setting": "ALTER FUNCTION outgrow.text_integer(text) SET extra_float_digits = 0",
    "of its owner": "ALTER FUNCTION outgrow.text_integer(text) SECURITY DEFINER",
    "another name": "ALTER FUNCTION outgrow.text_integer(text) RENAME TO other_integer",
    "another schema": "ALTER FUNCTION outgrow.text_integer(text) SET SCHEMA public",
    "dropped": "DROP FUNCTION outgrow.text_integer(text) CASCADE",
    "a second one": (
        "CREATE FUNCTION outgrow.text_integer(varchar) RETURNS bigint LANGUAGE sql IMMUTABLE "
        "AS 'SELECT 1::bigint'"
    ),
    "another type": (
        "DROP FUNCTION outgrow.text_integer(text) CASCADE; CREATE FUNCTION "
        "outgrow.text_integer(x text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT x'"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_helper_that_is_not_as_it_was_made_is_told(file: Path, notes: str, change: str) -> None:
    definition = one(notes, "SELECT pg_get_functiondef('outgrow.text_integer'::regproc)")
    begin, body, end = definition.partition("$function$")
    other = f"{begin}{body} SELECT 42::bigint $function$"
    assert end
    if "LANGUAGE plpgsql" in begin:
        other = f"{begin}{body} BEGIN RETURN 42; END $function$"
    statement = CHANGES[change].replace("{definition_with_another_body}", other)
    execute(notes, statement)
    found = errors(file, notes)
    about = found["outgrow.text_integer"]
    assert about["code"] in ("OG-610", "OG-612")
    assert about["where"].startswith(f"{conninfo_to_dict(notes)['dbname']}:")
    assert "outgrow.text_integer" in about["says"]
    assert about["fix"]
    # What it has done to the view is told at the view, and nothing else is accused.
    assert set(found) <= {"outgrow.text_integer", "Numbers", "Numbers.n"}


def test_a_helper_that_nothing_depends_on_by_the_catalog_is_told(file: Path, notes: str) -> None:
    """Of what a function's body calls PostgreSQL keeps no note."""
    execute(notes, "DROP FUNCTION outgrow.raise_abort(text)")
    assert {*errors(file, notes)} == {"outgrow.raise_abort"}


def test_the_helpers_that_an_application_has_asked_for_count_too(file: Path, notes: str) -> None:
    execute(notes, "DROP FUNCTION outgrow.unhex")
    found = errors(file, notes)
    assert {*found} == {"outgrow.unhex"}
    # The remedy is one that an application then profits from.
    execute(notes, found["outgrow.unhex"]["fix"].partition(": ")[2])
    assert one(notes, "SELECT count(*) FROM outgrow.helpers WHERE name = 'unhex'") == 0


def test_a_helper_of_another_version_is_not_judged(file: Path, notes: str) -> None:
    execute(
        notes,
        "ALTER FUNCTION outgrow.text_integer(text) VOLATILE",
        "UPDATE outgrow.helpers SET digest = 'older' WHERE name = 'text_integer'",
    )
    (about,) = verified(file, notes, 0)
    assert about["code"] == "OG-613"
    assert "text_integer" in about["says"]


MEMORY = {
    "another type": ("columns", "type = 'numeric' WHERE column_name = 'id'", "Note.Id"),
    "another shape": ("columns", "shape = 'YYYY-MM-DD' WHERE column_name = 'made'", "Note.Made"),
    "no shape": ("columns", "shape = NULL WHERE column_name = 'made'", "Note.Made"),
    "another affinity": ("columns", "affinity = 'BLOB' WHERE column_name = 'body'", "Note.Body"),
    "another collation": (
        "columns",
        "source_collation = 'NOCASE' WHERE column_name = 'body'",
        "Note.Body",
    ),
    "another declaration": (
        "columns",
        "declared = 'BLOB' WHERE column_name = 'body'",
        "Note.Body",
    ),
    "another column": ("columns", "source_column = 'X' WHERE column_name = 'body'", "Note.Body"),
    "another table": ("columns", "source_table = 'X' WHERE column_name = 'body'", "Note.Body"),
    "mixed": ("columns", "mixed = NOT mixed WHERE column_name = 'body'", "Note.Body"),
    "another run": ("columns", "run = 77 WHERE column_name = 'body'", "Note.Body"),
    "under another name": (
        "columns",
        "column_name = 'nobody' WHERE column_name = 'body'",
        "Note.Body",
    ),
    "other DDL": ("definitions", "sql = sql || ' ' WHERE kind = 'table'", "Note"),
    "another view": ("definitions", "sql = 'x' WHERE kind = 'view'", "Numbers"),
    "another trigger": ("definitions", "source_table = 'x' WHERE kind = 'trigger'", "Kept"),
    "an index of another kind": ("definitions", "kind = 'view' WHERE kind = 'index'", "Tails"),
    "another version": ("pragmas", "value = 4 WHERE name = 'user_version'", "PRAGMA user_version"),
}


@pytest.mark.parametrize("change", MEMORY)
def test_what_the_target_no_longer_remembers_is_told(file: Path, notes: str, change: str) -> None:
    table, assignment, where = MEMORY[change]
    execute(notes, f"UPDATE outgrow.{table} SET {assignment}")
    found = errors(file, notes)
    assert {*found} == {where}
    assert found[where]["code"] == "OG-614"
    assert f"outgrow.{table}" in found[where]["says"]
    assert found[where]["where"].startswith("notes.db:")


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ("DELETE FROM outgrow.columns", {"Note.Id", "Note.Body", "Note.Made", "Note.Any"}),
        ("DELETE FROM outgrow.definitions", {"Note", "Tails", "Numbers", "Kept"}),
        ("DELETE FROM outgrow.pragmas", {"PRAGMA user_version"}),
        ("DROP TABLE outgrow.columns", {"outgrow.columns"}),
        ("ALTER TABLE outgrow.definitions DROP COLUMN sql", {"outgrow.definitions.sql"}),
        ("ALTER TABLE outgrow.columns ALTER mixed TYPE text", {"outgrow.columns.mixed"}),
    ],
)
def test_a_memory_that_is_gone_is_told(
    file: Path, notes: str, damage: str, expected: set[str]
) -> None:
    execute(notes, damage)
    assert expected <= {*errors(file, notes)}


def test_what_an_application_defines_later_is_its_own(file: Path, notes: str) -> None:
    with PostgreSQLAdapter(notes) as adapter, adapter.get_connection() as connection:
        connection.execute("CREATE TABLE more (id INTEGER PRIMARY KEY, word TEXT DEFAULT 'x')")
        connection.execute("CREATE INDEX more_words ON more (word)")
        connection.execute("CREATE VIEW words AS SELECT upper(word) AS w FROM more")
        connection.commit()
    assert verified(file, notes, 0) == []


def test_who_may_make_schemas_but_owns_nothing_sees_it(file: Path, notes: str) -> None:
    role = f"looker_{uuid4().hex}"
    name = conninfo_to_dict(notes)["dbname"]
    execute(
        notes,
        f"CREATE ROLE {role} LOGIN",
        f"GRANT CREATE ON DATABASE {name} TO {role}",
        f"GRANT USAGE ON SCHEMA public, outgrow TO {role}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public, outgrow TO {role}",
        f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public, outgrow TO {role}",
    )
    try:
        seen_by = make_conninfo(notes, user=role)
        assert verified(file, seen_by, 0) == []
        execute(notes, "ALTER FUNCTION outgrow.text_integer(text) VOLATILE")
        assert {*errors(file, seen_by)} == {"outgrow.text_integer"}
    finally:
        execute(notes, f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_a_file_that_was_moved_or_is_read_under_another_name_is_no_difference(
    file: Path, notes: str, tmp_path: Path
) -> None:
    link: Sequence[Path] = (tmp_path / "linked.db", tmp_path / "moved" / file.name)
    link[0].symlink_to(file)
    link[1].parent.mkdir()
    link[1].write_bytes(file.read_bytes())
    for path in link:
        assert verified(path, notes, 0) == []
