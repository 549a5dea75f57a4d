"""What stands in the way is told before anything is written, all of it at once."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from commands import migrated, outgrow
from pooler import pooled
from waiting import wait_until

from outgrow.errors import TargetError
from outgrow.pipeline import preflight
from outgrow.postgres.embedded import EmbeddedServer
from outgrow.postgres.room import free_bytes, free_connections


def make(path: Path, *statements: str) -> Path:
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return path


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return make(
        tmp_path / "shop.db",
        "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE INDEX item_name ON item (name)",
        "CREATE TABLE sold (id INTEGER PRIMARY KEY, item INTEGER REFERENCES item (id))",
        "INSERT INTO item VALUES (1, 'apple')",
        "INSERT INTO sold VALUES (1, 1)",
    )


def run(database: str, statement: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(statement)


def query(database: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(statement).fetchall()


def schemas(database: str) -> set[str]:
    rows = query(database, "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information)'")
    return {name for (name,) in rows}


@pytest.fixture
def role(database: str) -> Iterator[str]:
    """A role without rights of its own, gone after the test."""
    name = f"role_{uuid4().hex}"
    run(database, f"CREATE ROLE {name} LOGIN")
    yield name
    run(database, f"REASSIGN OWNED BY {name} TO CURRENT_USER; DROP OWNED BY {name}")
    run(database, f"DROP ROLE {name}")


def as_role(database: str, role: str) -> str:
    return psycopg.conninfo.make_conninfo(database, user=role)


def failed(*arguments: object, status: int) -> list[dict[str, str]]:
    done = outgrow("migrate", *arguments, "--json")
    assert done.returncode == status, done.stdout + done.stderr
    findings: list[dict[str, str]] = json.loads(done.stdout)["findings"]
    assert all(each["fix"] and each["where"] for each in findings)
    return findings


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_everything_is_told_at_once(database: str, shop: Path, role: str, dry: list[str]) -> None:
    run(database, "CREATE SCHEMA outgrow; CREATE TABLE outgrow.theirs (a int)")
    run(database, "CREATE TABLE item (a int)")
    found = failed(shop, "--to", as_role(database, role), *dry, status=1)
    assert {each["code"] for each in found} == {"OG-416", "OG-514", "OG-511"}
    assert "3 things stand in the way" in found[0]["says"]
    done = outgrow("migrate", shop, "--to", as_role(database, role), *dry)
    assert len([line for line in done.stderr.splitlines() if line.startswith("error: ")]) == 1
    assert "GRANT CREATE ON DATABASE" in " ".join(done.stderr.split())
    assert "--replace" in done.stderr


def test_what_a_database_is_told_all_at_once(database: str, shop: Path) -> None:
    name = f"latin_{uuid4().hex}"
    run(database, f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    run(database, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    try:
        latin = psycopg.conninfo.make_conninfo(database, dbname=name)
        found = failed(shop, "--to", latin, status=1)
    finally:
        run(database, f"DROP DATABASE {name} WITH (FORCE)")
    assert [each["code"] for each in found] == ["OG-402", "OG-402", "OG-403"]


@pytest.mark.parametrize(
    "taken",
    [
        "CREATE TABLE item (a int)",
        "CREATE VIEW sold AS SELECT 1",
        "CREATE TABLE other (a int); CREATE INDEX item_name ON other (a)",
        "CREATE SEQUENCE item_pkey",
        "CREATE TYPE item AS ENUM ('a')",
    ],
)
def test_names_that_are_taken_are_a_decision_before_anything_is_written(
    database: str, shop: Path, taken: str
) -> None:
    run(database, taken)
    (found,) = failed(shop, "--to", database, status=3)
    assert found["code"] == "OG-511"
    assert schemas(database) == {"public"}


def test_replace_tells_what_it_would_not_replace(database: str, shop: Path) -> None:
    run(database, "CREATE TABLE item (a int); CREATE TABLE other (a int)")
    run(database, "CREATE INDEX item_name ON other (a)")
    (found,) = failed(shop, "--to", database, "--replace", status=3)
    assert (found["code"], "item_name" in found["says"]) == ("OG-511", True)
    assert "item," not in found["says"]
    run(database, "DROP TABLE other")
    migrated(shop, "--to", database, "--replace")


def test_rights_that_the_schema_gives_by_default(database: str, shop: Path) -> None:
    """What PostgreSQL gives to a table that is made there, the moved ones have too."""
    role = f"reader_{uuid4().hex[:8]}"
    run(database, f"CREATE ROLE {role}")
    given = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT"
    run(database, f"{given} SELECT, INSERT ON TABLES TO {role} WITH GRANT OPTION")
    run(database, f"{given} TRIGGER ON TABLES TO PUBLIC")
    run(database, f"{given} USAGE, SELECT ON SEQUENCES TO {role}")
    run(database, "CREATE TABLE public.probe (id bigserial)")
    for more in ((), ("--replace",)):
        assert migrated(shop, "--to", database, *more)["findings"] == []
        rights = dict(
            query(
                database,
                "SELECT relname, ARRAY(SELECT e::text FROM unnest(relacl) AS e ORDER BY 1) "
                "FROM pg_class WHERE relnamespace = 'public'::regnamespace",
            )
        )
        assert role in str(rights["probe"])
        assert rights["item"] == rights["sold"] == rights["probe"]
        assert rights["item_id_seq"] == rights["sold_id_seq"] == rights["probe_id_seq"]
    run(database, f"DROP OWNED BY {role}")
    run(database, f"DROP ROLE {role}")


def test_replace_tells_what_goes_with_what_it_replaces(database: str, shop: Path) -> None:
    again = ("migrate", shop, "--to", database, "--replace", "--json")
    migrated(shop, "--to", database)
    report = json.loads(outgrow(*again).stdout)
    assert report["findings"] == []
    role = f"reader_{uuid4().hex[:8]}"
    run(database, f"CREATE ROLE {role}")
    run(database, f"GRANT SELECT, INSERT ON item TO {role}")
    run(database, f"GRANT UPDATE (name) ON item TO {role}")
    run(database, "GRANT SELECT ON sold TO PUBLIC")
    run(database, "ALTER TABLE item ENABLE ROW LEVEL SECURITY")
    run(database, 'CREATE POLICY "mine alone" ON item USING (id < 10)')
    run(database, "ALTER TABLE item SET (fillfactor = 70)")
    run(database, "ALTER TABLE item REPLICA IDENTITY FULL")
    run(database, "CREATE INDEX faster ON sold (item)")
    run(database, "CREATE PUBLICATION told FOR TABLE sold")
    run(database, "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'")
    run(database, "CREATE TRIGGER noted AFTER DELETE ON item EXECUTE FUNCTION note()")
    wanted = {
        "public.item": {
            f"INSERT, SELECT for {role}",
            f"UPDATE on name for {role}",
            "row level security",
            'policy "mine alone"',
            "storage option fillfactor=70",
            "its replica identity",
            "trigger noted",
        },
        "public.sold": {"SELECT for PUBLIC", "index faster", "publication told"},
    }
    for command in ((*again, "--dry-run"), again):
        found = json.loads(outgrow(*command).stdout)["findings"]
        assert {each["code"] for each in found} == {"OG-547"}
        told = {
            each["where"].partition(":")[2]: {*each["says"].partition(", goes ")[2].split("; ")}
            for each in found
        }
        assert told == wanted
    assert json.loads(outgrow(*again).stdout)["findings"] == []
    run(database, f"DROP ROLE {role}")


def test_a_superuser_runs_nothing_that_another_role_can_change(database: str, shop: Path) -> None:
    role = f"mallory_{uuid4().hex[:8]}"
    run(database, f"CREATE ROLE {role} LOGIN")
    name = query(database, "SELECT current_database()")[0][0]
    run(database, f"GRANT CREATE ON DATABASE {name} TO {role}")
    own = psycopg.conninfo.make_conninfo(database, user=role)
    migrated(shop, "--to", own, "--schema", "theirs")
    refused = outgrow("migrate", shop, "--to", database)
    assert refused.returncode == 1
    assert "OG-416" in refused.stderr
    assert role in refused.stderr
    # Who owns the database may do anything in it as it is.
    run(database, f"ALTER DATABASE {name} OWNER TO {role}")
    migrated(shop, "--to", database)
    run(database, f"ALTER DATABASE {name} OWNER TO CURRENT_USER")
    run(database, f"DROP OWNED BY {role} CASCADE")
    run(database, f"DROP ROLE {role}")


def test_replace_tells_what_depends_before_anything_is_written(database: str, shop: Path) -> None:
    run(
        database,
        "CREATE TABLE item (id int PRIMARY KEY); CREATE VIEW dear AS SELECT * FROM item; "
        "CREATE TABLE mine (item int REFERENCES item)",
    )
    (found,) = failed(shop, "--to", database, "--replace", status=3)
    assert found["code"] == "OG-520"
    assert "view public.dear on public.item" in found["says"]
    assert "foreign key of public.mine on public.item" in found["says"]
    assert schemas(database) == {"public"}


def test_what_another_role_owns_is_told_with_its_grant(
    database: str, shop: Path, role: str
) -> None:
    migrated(shop, "--to", database)
    name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
    run(database, f"GRANT CREATE ON DATABASE {name} TO {role}")
    run(database, f"GRANT CREATE ON SCHEMA public TO {role}")
    found = failed(shop, "--to", as_role(database, role), "--replace", status=1)
    assert {each["code"] for each in found} == {"OG-416"}
    assert all(f" TO {role};" in each["fix"] for each in found)
    assert len({each["says"] for each in found[1:]}) == 2


@pytest.mark.parametrize("limit", [1, 2])
def test_few_connections_are_enough(database: str, shop: Path, role: str, limit: int) -> None:
    name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
    run(database, f"GRANT CREATE ON DATABASE {name} TO {role}")
    run(database, f"ALTER ROLE {role} CONNECTION LIMIT {limit}")
    done = outgrow(
        *("migrate", shop, "--to", as_role(database, role), "--schema", "shop"), "--jobs", 4
    )
    assert done.returncode == 0, done.stderr
    assert "OG-516" in done.stderr
    assert query(database, "SELECT count(*) FROM pg_indexes WHERE schemaname = 'shop'") == [(3,)]


def test_free_connections_are_those_that_can_be_opened(
    servers_folder: Path, own_server: Callable[..., EmbeddedServer]
) -> None:
    settings = {"max_connections": "8", "superuser_reserved_connections": "2"}
    with own_server(servers_folder / f"few-{uuid4().hex[:8]}", "pg18", settings) as server:
        run(server.url, "CREATE ROLE somebody LOGIN")
        ordinary = psycopg.conninfo.make_conninfo(server.url, user="somebody")
        with psycopg.connect(ordinary, autocommit=True) as connection:
            # Eight, less those that are reserved and this one, once the others have gone.
            wait_until(lambda: free_connections(connection) == 5)
            wait_until(lambda: opened(ordinary, at_most=5) == 5)


def opened(conninfo: str, *, at_most: int) -> int:
    """Open connections until the server takes no more; how many it took."""
    with ExitStack() as stack:
        for number in itertools.count():
            assert number <= at_most
            try:
                stack.enter_context(psycopg.connect(conninfo))
            except psycopg.OperationalError:
                break
    return number


def many(path: Path, tables: int) -> Path:
    statements = []
    for number in range(tables):
        parent = f"REFERENCES t{number - 1} (id)" if number else ""
        statements += [
            f"CREATE TABLE t{number} (id INTEGER PRIMARY KEY, parent INTEGER {parent}, a TEXT)",
            f"CREATE INDEX t{number}_a ON t{number} (a)",
            f"INSERT INTO t{number} VALUES (1, 1, 'x')",
        ]
    return make(path, *statements)


def test_too_few_locks_are_told_before_anything_is_written(
    servers_folder: Path, own_server: Callable[..., EmbeddedServer], tmp_path: Path
) -> None:
    settings = {"max_locks_per_transaction": "10", "max_connections": "20"}
    with own_server(servers_folder / f"locks-{uuid4().hex[:8]}", "pg18", settings) as server:
        found = failed(many(tmp_path / "many.db", 120), "--to", server.url, status=1)
        assert [each["code"] for each in found] == ["OG-513"]
        assert schemas(server.url) == {"public"}
        migrated(many(tmp_path / "some.db", 20), "--to", server.url)


def test_the_disk_of_a_server_on_this_machine(database: str, role: str) -> None:
    with psycopg.connect(database) as connection:
        (directory,) = connection.execute("SHOW data_directory").fetchone() or ("",)
        told = free_bytes(connection)
        assert told is not None
        assert abs(told - shutil.disk_usage(directory).free) < 1e9
    with psycopg.connect(as_role(database, role)) as connection:
        assert free_bytes(connection) is None


def test_another_server_s_disk_is_not_taken_for_this_one(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def elsewhere(*_: object, **__: object) -> str:
        return f"{os.getpid()}\n/data\n1000000000\n5432\n"

    monkeypatch.setattr(Path, "read_text", elsewhere)
    with psycopg.connect(database) as connection:
        assert free_bytes(connection) is None


def test_too_little_room_is_told(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(database) as connection:
        monkeypatch.setattr(preflight, "free_bytes", lambda _: 1_000_000)
        notes: list[str] = []
        preflight._room_on_disk(connection, 900_000, notes)
        with pytest.raises(TargetError, match=r"OG-515.* 2\.0 MB.* 1\.0 MB"):
            preflight._room_on_disk(connection, 2_000_000, notes)
        assert not notes
        monkeypatch.setattr(preflight, "free_bytes", lambda _: None)
        preflight._room_on_disk(connection, 2_000_000_000, notes)
        assert "4,000 MB" in notes[0]


def test_a_pooler_that_keeps_no_sessions_is_refused(database: str, shop: Path) -> None:
    with pooled(database, shared=True) as behind:
        (found,) = failed(shop, "--to", behind, status=1)
    assert found["code"] == "OG-428"
    assert schemas(database) == {"public"}


def test_a_pooler_that_keeps_sessions_will_do(database: str, shop: Path) -> None:
    with pooled(database, shared=False) as behind:
        done = outgrow("verify", shop, "--to", behind)
    assert "OG-550" in done.stderr


def test_a_dry_run_asks_the_target(database: str, shop: Path) -> None:
    report = migrated(shop, "--to", database, "--dry-run")
    assert report["status"] == "planned"
    assert report["target"]["server_version"]
    assert schemas(database) == {"public"}
    run(database, "CREATE TABLE item (a int)")
    (found,) = failed(shop, "--to", database, "--dry-run", status=3)
    assert found["code"] == "OG-511"
    assert not migrated(shop, "--dry-run")["target"]["server_version"]
