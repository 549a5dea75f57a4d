"""kill -9 at random moments: the application's schema is as it was, or complete."""

from __future__ import annotations

import json
import random
import subprocess
import time
from pathlib import Path

import psycopg
import pytest
from commands import OUTGROW, environment, migrated, outgrow
from waiting import wait_until

from outgrow.demo.reference import build_reference
from torture.kills.holding import INSTALL, Hold, remove
from torture.kills.victim import Victim

KILLS = 6


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_reference(tmp_path_factory.mktemp("reference"), megabytes=4)[1]


def relations(database: str, schema: str) -> set[str]:
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE nspname = %s AND relkind IN ('r', 'v')",
            (schema,),
        )
        return {name for (name,) in rows}


def staging(database: str) -> list[str]:
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'outgrow_staging%'"
        )
        return [name for (name,) in rows]


def test_a_killed_run_leaves_the_schema_as_it_was_and_the_next_one_ends(
    database: str, history: Path
) -> None:
    started = time.monotonic()
    migrated(history, "--to", database, "--schema", "whole", status=4)
    duration = time.monotonic() - started
    whole = relations(database, "whole")
    assert len(whole) == 13
    dice = random.Random(20261122)
    # Stratified over the run, so that every phase is met.
    for number in range(KILLS):
        schema = f"kill_{number}"
        moment = duration * (number + dice.random()) / KILLS
        process = subprocess.Popen(
            [*OUTGROW, "migrate", str(history), "--to", database, "--schema", schema],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(moment)
        process.kill()
        process.wait()
        _sessions_end(database)
        assert relations(database, schema) in (set(), whole)
    migrated(history, "--to", database, "--schema", "last", status=4)
    assert relations(database, "last") == whole
    assert staging(database) == []


def test_a_killed_run_is_continued(database: str, history: Path) -> None:
    """The rows of finished tables are not loaded again."""
    with psycopg.connect(database, autocommit=True) as connection:
        _kill_a_run(database, history, connection, tables=2)
        first = connection.execute(
            "SELECT id FROM outgrow.runs WHERE status = 'running'"
        ).fetchone()
        kept = connection.execute(
            "SELECT count(*) FILTER (WHERE step LIKE 'load:%') AS tables, count(*) AS steps, "
            "sum((detail->'rows_loaded')::int) FILTER (WHERE step LIKE 'load:%') AS rows "
            "FROM outgrow.journal"
        ).fetchone()
        done = outgrow("migrate", history, "--to", database)
        assert done.returncode == 4, done.stderr
        assert kept is not None
        tables, steps, rows = kept
        said = f"{tables} tables with {rows:,} rows had been loaded, and {steps - tables} other"
        assert said in " ".join(done.stdout.split())
        told = connection.execute("SELECT result->'continued' FROM outgrow.runs").fetchone()
        assert told == ({"tables": tables, "rows": rows, "steps": steps},)
        ended = connection.execute("SELECT id, status FROM outgrow.runs").fetchall()
    assert first is not None
    assert ended == [(first[0], "published")]
    assert staging(database) == []


def _kill_a_run(
    database: str, history: Path, connection: psycopg.Connection, *, tables: int
) -> None:
    """Start a migration and kill it once some tables are loaded, before it ends."""
    for _ in range(10):
        process = subprocess.Popen(
            [*OUTGROW, "migrate", str(history), "--to", database],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _wait_until_loaded(connection, process, tables=tables)
        process.kill()
        if process.wait() < 0:
            return _sessions_end(database)
        # It was quicker than this test, which had to wait for the processor.
        connection.execute("DROP SCHEMA outgrow CASCADE")
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return pytest.fail("each run ended before it could be killed")


def _wait_until_loaded(
    connection: psycopg.Connection, process: subprocess.Popen[bytes], *, tables: int
) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if process.poll() is not None:
            return
        there = connection.execute("SELECT to_regclass('outgrow.journal')").fetchone()
        if there != (None,):
            loaded = connection.execute(
                "SELECT count(*) FROM outgrow.journal WHERE step LIKE 'load:%'"
            ).fetchone()
            if loaded is not None and loaded[0] >= tables:
                return
        time.sleep(0.005)
    pytest.fail("no table was loaded")


def _sessions_end(database: str) -> None:
    """The server notices a little later that its client has gone."""
    with psycopg.connect(database, autocommit=True) as connection:
        left = (
            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'outgrow%' "
            "AND datname = current_database()"
        )
        wait_until(lambda: connection.execute(left).fetchall() == [(0,)])


def test_a_lost_connection_of_a_worker_keeps_what_was_done(
    database: str, history: Path, tmp_path: Path
) -> None:
    """The server ends one session, and the one that loads is as well as before."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(INSTALL)
        with Hold(database, 80) as hold, Victim(history, database, tmp_path) as victim:
            assert hold.wait(victim)
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid) "
                "WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
            )
            victim.wait()
            assert victim.status == 1
            assert "OG-413" in victim.err
    remove(database)
    report = migrated(history, "--to", database, status=4)
    assert report["continued"]["tables"] == 9
    assert report["continued"]["steps"] > 70
    assert staging(database) == []


def test_a_connection_lost_at_the_very_end_is_told_as_what_it_is(
    database: str, history: Path, tmp_path: Path
) -> None:
    """Nobody knows whether a COMMIT was done whose answer never came."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(INSTALL)
        migrated(history, "--to", database, "--schema", "first", status=4)
        [entries] = connection.execute("SELECT last_value FROM torture.seen").fetchone() or [0]
        # The last two are that the answer was heard, and their COMMIT.
        last = 2 * entries - 2
        with Hold(database, last) as hold, Victim(history, database, tmp_path) as victim:
            assert hold.wait(victim)
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid) "
                "WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
            )
            victim.wait()
            assert victim.status == 1
            assert "OG-413" in victim.err
            assert "all of them or none" in victim.err
    assert relations(database, "public") == set()
    remove(database)
    report = migrated(history, "--to", database, status=4)
    assert report["continued"]["tables"] == 9


def test_a_damaged_staging_is_found_before_it_is_published(database: str, history: Path) -> None:
    """Somebody changes a value between an interruption and the run that continues."""
    with psycopg.connect(database, autocommit=True) as connection:
        _kill_a_run(database, history, connection, tables=1)
        [place] = connection.execute(
            "SELECT staging FROM outgrow.runs WHERE status = 'running'"
        ).fetchone() or [None]
        connection.execute(f"UPDATE {place}.workflow_history SET status = 'tampered' WHERE id = 7")
    done = outgrow("migrate", history, "--to", database, "--json")
    assert done.returncode == 5
    report = json.loads(done.stdout)
    assert report["status"] == "mismatch"
    [difference] = [each for each in report["findings"] if each["code"] == "OG-600"]
    assert difference["where"] == "workflow_history.db:workflow_history.status"
    assert "7" in difference["says"]
    assert "tampered" in difference["says"]
    assert relations(database, "public") == set()
    assert staging(database) == []
