"""The network or the process goes away at the very COMMIT that publishes a migration."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from commands import OUTGROW, environment, migrated, outgrow
from proxy import COMMITTED, PUBLICATION, Harm, Proxy, proxied
from waiting import wait_until


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    write(
        path,
        "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL);"
        "CREATE TABLE sale (id INTEGER PRIMARY KEY, item INTEGER REFERENCES item (id));"
        "CREATE VIEW sold AS SELECT name FROM item JOIN sale ON item.id = item;"
        "INSERT INTO item VALUES (1, 'apple', 0.25), (7, 'pear', 1e300), (9, '', NULL);"
        "INSERT INTO sale VALUES (1, 7)",
    )
    return path


def write(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def rows(database: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(query.encode()).fetchall()


def relations(database: str) -> dict[str, int]:
    """Which relations there are, by the numbers that PostgreSQL gave them when they were made."""
    found = rows(
        database,
        "SELECT relname, oid FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "AND relkind IN ('r', 'v')",
    )
    return {name: int(oid) for name, oid in found}


def sessions_end(database: str) -> None:
    count = (
        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'outgrow%' "
        "AND datname = current_database()"
    )
    wait_until(lambda: rows(database, count) == [(0,)])


@contextmanager
def at_the_answer(
    database: str, how: str, before: bytes = COMMITTED
) -> Iterator[tuple[str, Proxy]]:
    """Give the database behind a proxy on which no COMMIT of a publication is answered."""
    harm = Harm(how, since=PUBLICATION, before=before, seconds=300)
    with proxied(database, harm) as (behind, proxy):
        yield behind, proxy
        assert proxy.done
    sessions_end(database)


def unheard(database: str, path: Path, *options: str, how: str = "reset") -> dict[str, int]:
    """Have a migration be published whose end nobody hears; gives what is there then."""
    before = relations(database)
    with at_the_answer(database, how) as (behind, _):
        done = outgrow("migrate", path, "--to", behind, *options, "--json")
    assert done.returncode == 1, done.stderr
    (finding,) = json.loads(done.stdout)["findings"]
    assert finding["code"] == "OG-413"
    assert "all of them or none" in finding["says"]
    assert "OG-511" not in finding["fix"]
    after = relations(database)
    assert set(after) == {"item", "sale", "sold"}
    assert not set(after.values()) & set(before.values())
    return after


def codes(report: dict[str, Any]) -> list[str]:
    return [each["code"] for each in report["findings"]]


def refused(path: Path, database: str) -> dict[str, Any]:
    done = outgrow("migrate", path, "--to", database, "--json")
    assert done.returncode == 3, done.stderr
    (finding,) = json.loads(done.stdout)["findings"]
    assert finding["code"] == "OG-511"
    return dict(finding)


@pytest.mark.parametrize("how", ["reset", "ghost"])
def test_the_next_run_finds_all_published(database: str, shop: Path, how: str) -> None:
    there = unheard(database, shop, how=how)
    done = outgrow("migrate", shop, "--to", database, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["status"] == "verified"
    assert "OG-546" in codes(report)
    assert "published" in done.stderr
    counts = {each["name"]: (each["rows_read"], each["rows_loaded"]) for each in report["tables"]}
    assert counts == {"item": (3, 3), "sale": (1, 1)}
    assert report["seconds"]["verify"] > 0
    assert relations(database) == there
    # From now on it is a finished migration as any other.
    assert "earlier run" not in refused(shop, database)["says"]
    ended = "SELECT count(*), count(finished), min(status), max(status) FROM outgrow.runs"
    assert rows(database, ended) == [(1, 1, "published", "published")]


def test_a_process_that_was_killed_is_as_good_as_a_network(database: str, shop: Path) -> None:
    with at_the_answer(database, "stall") as (behind, proxy):
        process = subprocess.Popen(
            [*OUTGROW, "migrate", str(shop), "--to", behind], env=environment()
        )
        wait_until(lambda: proxy.done)
        process.kill()
        process.wait()
    there = relations(database)
    assert set(there) == {"item", "sale", "sold"}
    assert "OG-546" in codes(migrated(shop, "--to", database))
    assert relations(database) == there


def test_what_was_to_be_replaced_is_not_replaced_once_more(database: str, shop: Path) -> None:
    migrated(shop, "--to", database)
    there = unheard(database, shop, "--replace")
    assert "OG-546" in codes(migrated(shop, "--to", database, "--replace"))
    assert relations(database) == there
    assert "OG-546" not in codes(migrated(shop, "--to", database, "--replace"))
    assert relations(database).keys() == there.keys()
    assert not set(relations(database).values()) & set(there.values())


def test_a_source_that_was_written_to_in_between_is_noticed(database: str, shop: Path) -> None:
    there = unheard(database, shop)
    write(shop, "INSERT INTO item VALUES (20, 'plum', 2)")
    assert "the source, or --on-bad, is not what it was" in refused(shop, database)["says"]
    assert relations(database) == there
    report = migrated(shop, "--to", database, "--replace")
    assert "OG-546" not in codes(report)
    assert rows(database, "SELECT count(*) FROM item") == [(4,)]


def test_an_empty_wal_that_a_reader_has_left_is_no_change(database: str, shop: Path) -> None:
    write(shop, "PRAGMA journal_mode = WAL")
    there = unheard(database, shop)
    shop.with_name(f"{shop.name}-wal").touch()
    assert "OG-546" in codes(migrated(shop, "--to", database))
    assert relations(database) == there


def test_another_plan_is_noticed(database: str, shop: Path) -> None:
    there = unheard(database, shop)
    done = outgrow("migrate", shop, "--to", database, "--types", "faithful", "--json")
    assert done.returncode == 3
    assert "the plan is not what it was" in json.loads(done.stdout)["findings"][0]["says"]
    assert relations(database) == there


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("UPDATE item SET name = 'Apple' WHERE id = 1", "shop.db:item.name"),
        ("DROP VIEW sold", "shop.db:sold"),
        ("ALTER TABLE item ALTER name SET DEFAULT 'x'", "shop.db:item.name"),
    ],
)
def test_what_differs_since_is_told_and_replaced_when_asked(
    database: str, shop: Path, change: str, where: str
) -> None:
    unheard(database, shop)
    with psycopg.connect(database) as connection:
        connection.execute(change.encode())
    there = relations(database)
    done = outgrow("migrate", shop, "--to", database, "--json")
    assert done.returncode == 5, done.stderr
    report = json.loads(done.stdout)
    assert report["status"] == "mismatch"
    assert where in [each["where"] for each in report["findings"] if each["severity"] == "error"]
    (about,) = [each for each in report["findings"] if each["code"] == "OG-546"]
    assert "--replace" in about["fix"]
    assert relations(database) == there
    assert migrated(shop, "--to", database, "--replace")["status"] == "verified"


def test_values_are_not_compared_where_nobody_wants_it(database: str, shop: Path) -> None:
    unheard(database, shop, "--no-verify")
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE item SET name = 'Apple' WHERE id = 1")
    report = migrated(shop, "--to", database, "--no-verify")
    assert report["status"] == "loaded"
    assert {"OG-541", "OG-546"} <= set(codes(report))
    assert [each["rows_loaded"] for each in report["tables"]] == [3, 1]


def test_what_somebody_has_dropped_since_is_moved_anew(database: str, shop: Path) -> None:
    unheard(database, shop)
    with psycopg.connect(database) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    report = migrated(shop, "--to", database)
    assert report["status"] == "verified"
    assert "OG-546" not in codes(report)
    assert rows(database, "SELECT count(*) FROM item") == [(3,)]


def test_a_dry_run_says_what_would_be(database: str, shop: Path) -> None:
    there = unheard(database, shop)
    for _ in range(2):
        done = outgrow("migrate", shop, "--to", database, "--dry-run", "--json")
        assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "planned")
        assert "published" in done.stderr
    assert "OG-546" in codes(migrated(shop, "--to", database))
    assert relations(database) == there


def test_several_files_are_found_as_they_were_united(
    database: str, shop: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    write(other, "CREATE TABLE tag (id INTEGER PRIMARY KEY); INSERT INTO tag VALUES (1)")
    with at_the_answer(database, "reset") as (behind, _):
        assert outgrow("migrate", shop, other, "--to", behind).returncode == 1
    assert "OG-546" in codes(migrated(shop, other, "--to", database))


def test_a_line_that_is_cut_after_the_answer_takes_nothing_away(database: str, shop: Path) -> None:
    with at_the_answer(database, "reset", before=b"SET finished") as (behind, _):
        done = outgrow("migrate", shop, "--to", behind, "--json")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "verified"), done.stderr
    assert rows(database, "SELECT count(*) FROM outgrow.runs WHERE finished IS NULL") == [(1,)]
    assert "OG-546" in codes(migrated(shop, "--to", database))
    refused(shop, database)
