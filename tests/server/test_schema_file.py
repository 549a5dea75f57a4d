"""postgres_schema.sql as Docker's entrypoint loads it: with psql, into an empty database.

What it makes is compared with what a migration makes, by PostgreSQL's own catalogs.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from commands import environment, migrated, outgrow
from psycopg.conninfo import make_conninfo

import independent.postgres_side as independent
from independent.facts import Database, Difference
from independent.structure import compare_structure
from outgrow.cli.commands.demo import PLAN
from outgrow.database import PostgreSQLAdapter
from outgrow.demo import build_reference
from outgrow.errors import DecisionNeeded
from outgrow.pipeline.assess import Wishes
from outgrow.pipeline.migrate import Options, migrate
from outgrow.pipeline.progress import Silent
from outgrow.postgres.embedded import EmbeddedServer
from outgrow.postgres.target import parse_target

Load = Callable[..., subprocess.CompletedProcess[str]]

#: As the entrypoint calls it (https://github.com/docker-library/postgres, docker_process_sql).
ENTRYPOINT = ["-v", "ON_ERROR_STOP=1", "--no-password", "--no-psqlrc"]

#: What psql, PostgreSQL's lexer or our own quoting could stumble over.
TRAPS = (
    "\\q",
    "\\! touch pwned",
    "a\n\\q\nb",
    "a\r\\q",
    ":outgrow_is_loaded",
    ":'trap'",
    ':"trap"',
    "::trap",
    "$$",
    "$sql$",
    "$outgrow$",
    "it's",
    'say "so"',
    "-- gone",
    "/* gone",
    "\\endif",
    "E'\\''",
    "x; DROP TABLE y",
    "é\N{SEE-NO-EVIL MONKEY}",
)


@pytest.fixture
def load(server: EmbeddedServer, database: str, tmp_path: Path) -> Load:
    """Give a function that loads a file as the entrypoint does."""

    def run(
        file: Path, *arguments: str, settings: dict[str, str] | None = None, to: str = database
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [server.psql, *(arguments or ENTRYPOINT), "--dbname", to, "-f", str(file)],
            env={**environment(), **(settings or {})},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def written(folder: Path, *arguments: object) -> Path:
    """Write the schema file of files."""
    target = folder / f"{uuid4().hex}.sql"
    done = outgrow("schema", *arguments, "-o", target)
    assert done.returncode == 0, done.stderr
    return target


def loaded(load: Load, file: Path, **more: Any) -> str:
    """Load a file without an error; gives what psql said."""
    done = load(file, **more)
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr and "WARNING" not in done.stderr
    return done.stdout


def query(database: str, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(database, autocommit=True) as connection:
        return connection.execute(sql.encode(), parameters or None).fetchall()


# --- what is there, by the catalogs --------------------------------------------------------------

_OBJECTS = """
SELECT 'column', c.relname, a.attnum::text, concat_ws(' ', a.attname, attnotnull,
    format_type(atttypid, atttypmod), attidentity, attgenerated, attcollation::regcollation,
    pg_get_expr(adbin, adrelid))
FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0
LEFT JOIN pg_attrdef ON adrelid = c.oid AND adnum = attnum
WHERE relnamespace = %(schema)s::regnamespace AND relkind = 'r'
UNION ALL SELECT 'index', indrelid::regclass::text, indexrelid::regclass::text,
    pg_get_indexdef(indexrelid)
FROM pg_index JOIN pg_class c ON c.oid = indexrelid AND relnamespace = %(schema)s::regnamespace
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace
UNION ALL SELECT 'view', '', relname, pg_get_viewdef(oid)
FROM pg_class WHERE relnamespace = %(schema)s::regnamespace AND relkind = 'v'
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(t.oid)
FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
WHERE relnamespace = %(schema)s::regnamespace AND NOT tgisinternal
UNION ALL SELECT 'function', '', proname, pg_get_functiondef(oid)
FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
UNION ALL SELECT 'comment', objoid::regclass::text, objsubid::text, description
FROM pg_description JOIN pg_class c ON c.oid = objoid AND classoid = 'pg_class'::regclass
WHERE relnamespace = %(schema)s::regnamespace
UNION ALL SELECT 'sequence', '', relname, concat_ws(' ', seqtypid::regtype, seqstart)
FROM pg_sequence JOIN pg_class c ON c.oid = seqrelid
WHERE relnamespace = %(schema)s::regnamespace
"""
#: What outgrow.database reads, but for which migration brought it and on what evidence.
_MEMORY = (
    "SELECT schema_name, table_name, column_name, file, source_table, source_column, declared, "
    "affinity, source_collation, type, shape, mixed FROM outgrow.columns",
    "SELECT schema_name, kind, name, source_name, source_table, sql, "
    "row_number() OVER (ORDER BY place) FROM outgrow.definitions",
    "SELECT * FROM outgrow.pragmas",
    "SELECT * FROM outgrow.helpers",
)


def picture(database: str, schema: str = "public") -> list[Any]:
    """Describe a database: its objects, and what it remembers of SQLite."""
    with psycopg.connect(database) as connection:
        name = psycopg.sql.Identifier(schema).as_string(None)
        connection.execute("SET search_path = pg_catalog")
        objects = connection.execute(_OBJECTS, {"schema": name}).fetchall()
        memory = [sorted(map(repr, connection.execute(sql.encode()))) for sql in _MEMORY]
        return [sorted(objects), *memory]


def structure(database: str) -> Database:
    with psycopg.connect(database) as connection:
        return independent.read(connection, "public")


def differences(here: Database, there: Database) -> list[Difference]:
    """Compare two databases as the independent verifier does."""
    assert here.tables.keys() == there.tables.keys()
    assert (here.views, here.triggers) == (there.views, there.triggers)
    return [
        each
        for name, table in here.tables.items()
        for each in compare_structure(table, there.tables[name])
    ]


def traces(database: str) -> list[tuple[Any, ...]]:
    """Tell which transaction made each object and each row of ours: any write shows."""
    return query(
        database,
        "SELECT c.oid, c.xmin::text FROM pg_class c UNION ALL SELECT oid, xmin::text FROM pg_proc "
        "UNION ALL SELECT 0, xmin::text FROM outgrow.columns "
        "UNION ALL SELECT 1, xmin::text FROM outgrow.definitions "
        "UNION ALL SELECT 2, xmin::text FROM outgrow.schema_loaded ORDER BY 1, 2",
    )


def markers(database: str) -> list[tuple[Any, ...]]:
    return query(
        database,
        "SELECT schema_name, sources, run IS NULL, state IS NULL FROM outgrow.schema_loaded "
        "ORDER BY 1, 2",
    )


# --- the databases -------------------------------------------------------------------------------


def hostile(folder: Path) -> Path:
    """Make a file whose name, and whatever in it has a name or a text, is a trap."""
    path = folder / "it's \\q :trap $$.db"
    with closing(sqlite3.connect(path)) as connection:
        names = [trap.replace('"', '""') for trap in TRAPS]
        texts = [trap.replace("'", "''") for trap in TRAPS]
        for number, (name, text) in enumerate(zip(names, texts, strict=True)):
            comment = " ".join(TRAPS[number].split()).replace("*/", "")
            connection.execute(
                f'CREATE TABLE "{name}" (\n  id INTEGER PRIMARY KEY, -- {comment}\n'
                f"  \"c {name}\" TEXT DEFAULT '{text}' CHECK (\"c {name}\" <> '{text}!'),\n"
                f'  "u" TEXT, CONSTRAINT "k {name}" UNIQUE ("u"))'
            )
            connection.execute(f'CREATE INDEX "i {name}" ON "{name}" ("c {name}")')
            connection.execute(
                f'CREATE VIEW "v {name}" AS SELECT id, \'{text}\' AS "t {name}" FROM "{name}" '
                f"WHERE \"c {name}\" <> '{text}?' ORDER BY id"
            )
            connection.execute(
                f'CREATE TRIGGER "g {name}" AFTER UPDATE ON "{name}" BEGIN '
                f"UPDATE \"{name}\" SET u = '{text}' WHERE id = new.id; END"
            )
            connection.execute(f'INSERT INTO "{name}" (id) VALUES (7)')
        connection.commit()
    return path


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return list(build_reference(tmp_path_factory.mktemp("reference"), megabytes=0.6))


@pytest.fixture(params=["reference", "chinook", "northwind", "sakila", "hostile"])
def sources(
    request: pytest.FixtureRequest,
    reference: list[Path],
    shared_database: Callable[[str], Path],
    tmp_path: Path,
) -> Iterator[list[object]]:
    """Give the arguments that name the files, and the plan where one is needed."""
    if request.param == "reference":
        plan = tmp_path / "outgrow.toml"
        plan.write_text(PLAN)
        yield [*reference, "--plan", plan]
    elif request.param == "hostile":
        yield [hostile(tmp_path)]
    else:
        yield [shared_database(request.param)]


# --- loading -------------------------------------------------------------------------------------


def test_it_loads_once_as_a_migration_would_have_made_it(
    sources: list[object], database: str, load: Load, tmp_path: Path
) -> None:
    file = written(tmp_path, *sources)
    loaded(load, file)
    made, described, left = picture(database), structure(database), traces(database)
    assert len(made[0]) > 100
    [(schema, names, is_from_file, has_no_state)] = markers(database)
    assert (schema, is_from_file, has_no_state) == ("public", True, False)
    assert names == [path.name for path in sources if str(path).endswith(".db")]
    assert "is loaded already, since 20" in loaded(load, file)
    assert traces(database) == left

    # The schema is unused, so that a migration takes its place without being asked.
    report = json.loads(outgrow("migrate", *sources, "--to", database, "--json").stdout)
    assert report["status"] in ("verified", "incomplete")
    assert sum(table["rows_loaded"] for table in report["tables"]) > 10
    assert picture(database) == made
    assert differences(described, structure(database)) == []
    assert markers(database) == [("public", names, False, True)]
    assert "is loaded already, since 20" in loaded(load, file)
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("types", ["faithful", "eager"])
def test_other_policies_and_another_schema(
    types: str, database: str, load: Load, tmp_path: Path
) -> None:
    path = application(tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        insert = "INSERT INTO t (due) VALUES ('2026-01-02 03:04:05')"
        connection.executescript(f"{insert};" * 300)
    options = ("--types", types, "--schema", "My Shop")
    file = written(tmp_path, path, *options)
    assert file.read_bytes() == written(tmp_path, path, *options).read_bytes()
    loaded(load, file)
    made = picture(database, "My Shop")
    assert query(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
    status = 4 if types == "eager" else 0
    migrated(path, "--to", database, *options, status=status)
    assert picture(database, "My Shop") == made
    due = query(database, 'SELECT pg_typeof(due)::text FROM "My Shop".t LIMIT 1')
    assert due == [("text" if types == "faithful" else "timestamp without time zone",)]


def test_as_the_owner_of_a_database_who_is_no_superuser(
    server: EmbeddedServer, load: Load, tmp_path: Path, shared_database: Callable[[str], Path]
) -> None:
    name = f"owner_{uuid4().hex}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'x'")
        connection.execute(f"CREATE DATABASE {name} OWNER {name}")
        try:
            owned = make_conninfo(server.url, dbname=name, user=name, password="x")
            path = shared_database("sakila")
            loaded(load, written(tmp_path, path), to=owned)
            migrated(path, "--to", owned)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute(f"DROP ROLE {name}")


def test_whatever_psql_and_the_session_are_set_to(
    database: str, load: Load, tmp_path: Path
) -> None:
    file = written(tmp_path, hostile(tmp_path))
    loaded(load, file)
    made = picture(database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public, outgrow CASCADE; CREATE SCHEMA public")
    settings = {
        "PGCLIENTENCODING": "LATIN1",
        "PGOPTIONS": "-c standard_conforming_strings=off -c search_path=nowhere "
        "-c datestyle=german -c transform_null_equals=on",
    }
    variables = [f"--variable={name}=gone" for name in ("trap", "q", "outgrow_is_loaded", "text")]
    done = load(file, "--no-psqlrc", *variables, settings=settings)
    assert done.returncode == 0, done.stderr
    assert picture(database) == made
    assert not (tmp_path / "pwned").exists()


def test_a_failure_leaves_nothing_and_the_next_start_has_it_all(
    database: str, load: Load, tmp_path: Path, shared_database: Callable[[str], Path]
) -> None:
    file = written(tmp_path, shared_database("sakila"))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE film_text (mine int)")
    for arguments in (ENTRYPOINT, ["--no-psqlrc"]):
        done = load(file, *arguments)
        assert done.returncode == 3
        assert 'relation "film_text" already exists' in done.stderr
    present = "SELECT count(*) FROM pg_class WHERE relnamespace::regnamespace::text = ANY(%s)"
    assert query(database, present, ["public", "outgrow"]) == [(1,)]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DROP TABLE film_text")
    loaded(load, file)
    assert len(markers(database)) == 1


def test_a_foreign_key_that_names_a_column_twice_does_not_stop_it(
    database: str, load: Load, tmp_path: Path
) -> None:
    path = tmp_path / "twice.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, "
            "FOREIGN KEY (id, a) REFERENCES t (id, ID), FOREIGN KEY (a, a) REFERENCES t (id, id))"
        )
    file = written(tmp_path, path)
    loaded(load, file)
    assert file.read_text().count("names a column of t twice") == 2


def test_a_table_without_a_name(database: str, load: Load, tmp_path: Path) -> None:
    path = tmp_path / "nameless.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute('CREATE TABLE "" (a INTEGER CONSTRAINT k UNIQUE CONSTRAINT c CHECK (a))')
        connection.execute('CREATE VIEW v AS SELECT "".a, x.a AS b FROM "" JOIN "" AS x USING (a)')
        connection.execute(
            'CREATE TRIGGER g AFTER UPDATE ON "" BEGIN DELETE FROM "" WHERE "".a = 9; END'
        )
        connection.execute('INSERT INTO "" VALUES (1)')
    loaded(load, written(tmp_path, path))
    migrated(path, "--to", database)
    assert query(database, "SELECT * FROM v") == [(1, 1)]


def test_another_version_is_skipped_and_says_so_and_another_file_s_is_loaded(
    database: str, load: Load, tmp_path: Path
) -> None:
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    for path, table in ((one, "a"), (other, "b")):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"CREATE TABLE {table} (x INTEGER)")
    loaded(load, written(tmp_path, one))
    with closing(sqlite3.connect(one)) as connection:
        connection.execute("ALTER TABLE a ADD COLUMN y TEXT")
    assert "Another version of the schema of one.db" in loaded(load, written(tmp_path, one))
    loaded(load, written(tmp_path, other))
    assert query(database, "SELECT relname FROM pg_class WHERE relname IN ('a', 'b') ORDER BY 1")
    assert [sources for _, sources, *_ in markers(database)] == [["one.db"], ["other.db"]]


# --- then a migration ----------------------------------------------------------------------------

_USES = (
    ("INSERT INTO t (id) VALUES (1)", "DELETE FROM t", "t has got rows"),
    ("CREATE INDEX mine ON t (at)", "DROP INDEX mine", "no longer as"),
    ("GRANT SELECT ON t TO PUBLIC", "REVOKE ALL ON t FROM PUBLIC", "no longer as"),
    ("COMMENT ON COLUMN t.note IS 'x'", "COMMENT ON COLUMN t.note IS NULL", "no longer as"),
    ("ALTER TABLE t ALTER at SET DEFAULT now()", "ALTER TABLE t ALTER at DROP DEFAULT", ""),
    ("CREATE POLICY p ON t", "DROP POLICY p ON t", "no longer as"),
)


def application(folder: Path) -> Path:
    path = folder / "app.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(APPLICATION)
    return path


APPLICATION = """
CREATE TABLE t (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT, -- ISO timestamp
    done INTEGER CHECK (done IN (0, 1)),
    cost REAL,
    data TEXT, -- JSON
    note TEXT,
    due TIMESTAMP
);
CREATE VIEW v AS SELECT id, at, done FROM t WHERE done = 1;
INSERT INTO t VALUES (5, '2026-01-02T03:04:05.123456Z', 1, 0.00000123, '{"a": [1, 2]}', 'sesame',
    '2026-01-02 03:04:05'),
    (6, '2026-01-02T03:04:06.000000Z', 0, 12.5, '[]', NULL, 'next week');
DELETE FROM t WHERE id = 6 AND 0;
PRAGMA user_version = 12;
"""


def test_what_was_used_or_changed_is_replaced_only_when_asked(
    database: str, load: Load, tmp_path: Path
) -> None:
    path = application(tmp_path)
    loaded(load, written(tmp_path, path))
    left = query(
        database, "SELECT state, outgrow.schema_state('public') FROM outgrow.schema_loaded"
    )
    assert left[0][0] == left[0][1]
    for use, undo, told in _USES:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(use.encode())
        done = outgrow("migrate", path, "--to", database)
        assert done.returncode == 3, use
        assert "OG-511" in done.stderr and "--replace" in done.stderr
        assert told in done.stderr
        if told != "no longer as":
            assert query(database, "SELECT count(*) FROM t")[0][0] == ("rows" in told)
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(undo.encode())
    assert outgrow("migrate", path, "--to", database, "--dry-run").returncode == 0
    report = migrated(path, "--to", database)
    assert report["status"] == "verified"


def test_a_view_that_only_the_rows_show_to_be_different_makes_way(
    database: str, load: Load, tmp_path: Path
) -> None:
    path = tmp_path / "unlike.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b TEXT)")
        # Of rows that are alike, SQLite gives the one that its index has first.
        connection.execute("CREATE INDEX t_a ON t (a, b DESC)")
        connection.execute("CREATE VIEW v AS SELECT id, a FROM t ORDER BY a LIMIT 1")
        connection.execute("INSERT INTO t VALUES (1, 1, 'x'), (2, 1, 'y'), (3, 1, 'z')")
    loaded(load, written(tmp_path, path))
    report = migrated(path, "--to", database, status=4)
    assert [each["name"] for each in report["objects"]["views"]["missing"]] == ["v"]
    assert query(database, "SELECT count(*) FROM pg_views WHERE schemaname = 'public'") == [(0,)]


def test_rows_that_come_while_it_is_migrated_are_not_dropped(
    database: str, load: Load, tmp_path: Path
) -> None:
    path = application(tmp_path)
    loaded(load, written(tmp_path, path))
    target = parse_target(database)

    class Meanwhile(Silent):
        def note(self, text: str) -> None:
            if "as a schema file made it" in text:
                query(database, "INSERT INTO t (note) VALUES ('new') RETURNING id")

    with pytest.raises(DecisionNeeded) as caught:
        migrate([path], lambda: nullcontext(target), Wishes(), Options(), Meanwhile())
    assert caught.value.code.name == "OG-522"
    assert query(database, "SELECT note FROM t") == [("new",)]
    staging = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'outgrow_staging%'"
    assert query(database, staging) == []


def test_a_migration_leaves_the_marker_also_where_no_file_was_loaded(
    database: str, load: Load, tmp_path: Path
) -> None:
    path = application(tmp_path)
    migrated(path, "--to", database)
    assert markers(database) == [("public", ["app.db"], False, True)]
    assert "The schema of app.db is loaded already" in loaded(load, written(tmp_path, path))
    migrated(path, "--to", database, "--replace")
    assert len(markers(database)) == 1


def test_doctor_and_verify_know_the_marker(database: str, load: Load, tmp_path: Path) -> None:
    path = application(tmp_path)
    loaded(load, written(tmp_path, path))

    def told() -> dict[str, str]:
        report = json.loads(outgrow("doctor", "--to", database, "--json").stdout)
        assert report["objects"]["table"] == {"expected": 1, "present": 1, "missing": []}
        return {each["code"]: each["says"] for each in report["findings"]}

    assert "schema file of app.db" in told()["OG-723"]
    done = outgrow("verify", path, "--to", database)
    assert done.returncode == 1
    assert "a schema file has made it, without rows" in done.stderr
    migrated(path, "--to", database)
    assert not {"OG-723", "OG-724"} & set(told())
    query(database, "DELETE FROM outgrow.schema_loaded RETURNING 1")
    assert "OG-724" in told()


# --- then an application -------------------------------------------------------------------------


def test_an_application_finds_what_it_would_find_after_a_migration(
    database: str, load: Load, tmp_path: Path
) -> None:
    path = application(tmp_path)
    file = written(tmp_path, path)
    assert "sesame" not in file.read_text() and "next week" not in file.read_text()
    loaded(load, file)
    from_file = session(database)
    migrated(path, "--to", database, "--replace")
    assert session(database, "DELETE FROM t") == from_file
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        expected = asked(connection, "DELETE FROM t")
    assert from_file == expected


def test_ids_begin_at_one_as_in_an_empty_file(database: str, load: Load, tmp_path: Path) -> None:
    loaded(load, written(tmp_path, application(tmp_path)))
    adapter = PostgreSQLAdapter(database)
    try:
        with adapter.get_connection() as connection:
            assert connection.execute("INSERT INTO t (note) VALUES ('x')").lastrowid == 1
    finally:
        adapter.close()


_ROWS = (
    (9, "2026-03-04T05:06:07.000000Z", 1, 0.000003, '{"b": null}', "text", "2026-03-04 05:06:07"),
    (10, None, 0, 1234.5, "[1, 2.5]", "", "soon"),
)
_QUESTIONS = (
    "SELECT * FROM t ORDER BY id",
    "SELECT * FROM v",
    "SELECT typeof(at), typeof(done), typeof(cost), typeof(data), typeof(due) FROM t ORDER BY id",
    "SELECT id FROM t WHERE at > '2026-03-01T00:00:00.000000Z'",
    "SELECT id FROM t WHERE done = 1",
    "SELECT sum(cost) FROM t",
    "PRAGMA table_info(t)",
    "PRAGMA user_version",
    "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name IN ('t', 'v') ORDER BY name",
)


def asked(connection: Any, first: str = "") -> list[Any]:
    """Write rows and read them in several ways, as an application does."""
    if first:
        connection.execute(first)
    values = ", ".join("?" * len(_ROWS[0]))
    connection.executemany(f"INSERT INTO t VALUES ({values})", _ROWS)
    answers = []
    for sql in _QUESTIONS:
        rows = connection.execute(sql).fetchall()
        answers.append(
            [{key: _told(key, value) for key, value in dict(row).items()} for row in rows]
        )
    return answers


def _told(key: str, value: Any) -> Any:
    # jsonb loses spacing: what is read parses to the same.
    return json.loads(value) if key == "data" and value else value


def session(database: str, first: str = "") -> list[Any]:
    adapter = PostgreSQLAdapter(database)
    try:
        with adapter.get_connection() as connection:
            return asked(connection, first)
    finally:
        adapter.close()


def test_several_files_of_one_stem_are_extracted_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        with closing(sqlite3.connect(tmp_path / folder / "app.db")) as connection:
            connection.execute(f"CREATE TABLE of_{folder} (x)")
    paths = [tmp_path / "b" / "app.db", tmp_path / "a" / "app.db"]
    for order in (paths, paths[::-1]):
        assert outgrow("inspect", *order, "--extract", tmp_path / "out").returncode == 0
        texts = {file.name: file.read_text() for file in (tmp_path / "out").iterdir()}
        assert sorted(texts) == ["sqlite_schema_a_app.sql", "sqlite_schema_b_app.sql"]
        assert "of_a" in texts["sqlite_schema_a_app.sql"]
