"""``outgrow doctor`` and ``outgrow check`` as a person runs them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from commands import migrated, outgrow


def doctor(database: str, status: int) -> dict[str, Any]:
    done = outgrow("doctor", "--to", database, "--json")
    assert done.returncode == status, done.stdout + done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def codes(report: dict[str, Any]) -> dict[str, str]:
    return {finding["code"]: finding["where"] for finding in report["findings"]}


def test_a_migrated_database_is_well(shared_database: Callable[[str], Path], database: str) -> None:
    migrated(shared_database("sakila"), "--to", database)
    report = doctor(database, 0)
    assert report["status"] == "well"
    counts = {kind: told["expected"] for kind, told in report["objects"].items()}
    with psycopg.connect(database) as connection:
        ((tables, views),) = connection.execute(
            "SELECT count(*) FILTER (WHERE relkind = 'r'), count(*) FILTER (WHERE relkind = 'v') "
            "FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ).fetchall()
    assert (counts["table"], counts["view"], counts["trigger"]) == (tables, views, 30)
    assert not any(told["missing"] for told in report["objects"].values())


def test_each_ill_is_told_with_what_to_do(
    shared_database: Callable[[str], Path], database: str
) -> None:
    migrated(shared_database("sakila"), "--to", database)
    with psycopg.connect(database, autocommit=True) as connection:
        (index,) = connection.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'actor' "
            "AND indexname NOT LIKE '%pkey' LIMIT 1"
        ).fetchone() or ("",)
        connection.execute("DROP VIEW customer_list")
        connection.execute(f'DROP INDEX "{index}"')
        connection.execute("DROP TRIGGER actor_trigger_ai ON actor")
        connection.execute("ALTER TABLE film DISABLE TRIGGER film_trigger_au")
        connection.execute("SELECT setval(pg_get_serial_sequence('country', 'country_id'), 3)")
        connection.execute("ALTER TABLE city ADD CONSTRAINT big CHECK (city_id > 5) NOT VALID")
        connection.execute("CREATE SCHEMA outgrow_staging_99")
    report = doctor(database, 4)
    assert report["objects"]["view"]["missing"] == ["customer_list"]
    assert report["objects"]["index"]["missing"] == [index]
    assert report["objects"]["trigger"]["missing"] == ["actor_trigger_ai"]
    found = codes(report)
    assert found["OG-732"] == "public.country.country_id"
    assert found["OG-733"] == "public.city.big"
    assert found["OG-736"] == "public.film.film_trigger_au"
    assert found["OG-737"] == "outgrow_staging_99"
    with psycopg.connect(database, autocommit=True) as connection:
        for finding in report["findings"]:
            if finding["code"] in ("OG-732", "OG-736"):
                connection.execute(finding["fix"])
    assert not {"OG-732", "OG-736"} & set(codes(doctor(database, 4)))


def test_a_foreign_key_without_an_index_is_told_with_the_index(
    tmp_path: Path, database: str
) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE a (id bigint PRIMARY KEY); "
            "CREATE TABLE b (id bigint PRIMARY KEY, a bigint REFERENCES a, c bigint REFERENCES a); "
            "CREATE INDEX ON b (c, id)"
        )
    report = doctor(database, 0)
    (finding,) = [each for each in report["findings"] if each["code"] == "OG-734"]
    assert finding["where"] == "public.b.b_a_fkey"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(finding["fix"])
    assert set(codes(doctor(database, 0))) == {"OG-731"}


def test_a_role_that_may_only_read_is_enough(tmp_path: Path, database: str) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as source:
        source.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
    migrated(tmp_path / "a.db", "--to", database)
    role = f"reader_{uuid4().hex}"
    reader = psycopg.conninfo.make_conninfo(database, user=role)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN")
        connection.execute(f"ALTER ROLE {role} SET default_transaction_read_only = on")
        try:
            (lacking,) = doctor(reader, 1)["findings"]
            assert lacking["code"] == "OG-416"
            grants = lacking["fix"].partition(" run: ")[2]
            assert "GRANT SELECT ON ALL TABLES IN SCHEMA public" in grants
            assert "CREATE" not in grants
            connection.execute(grants)
            assert doctor(reader, 0)["objects"]["table"]["present"] == 1
        finally:
            connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


def check(settings: dict[str, str], *options: str, cwd: Path) -> CompletedProcess[str]:
    return outgrow("check", *options, cwd=cwd, **settings)


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_check_tries_what_the_environment_names(driver: str, database: str, tmp_path: Path) -> None:
    settings = {"DB_TYPE": "postgresql", "DATABASE_URL": database, "POSTGRES_DRIVER": driver}
    done = check(settings, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["db_type"] == "postgresql"
    assert all(each["ok"] for each in report["checks"])
    # Nothing stays in the application's schema.
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ).fetchall()
    assert rows == []


def test_check_reads_the_file_env(database: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"DB_TYPE=postgresql\nDATABASE_URL='{database}'\n")
    assert check({}, cwd=tmp_path).returncode == 0
    # The environment goes over it.
    done = check({"DB_TYPE": "sqlite", "SQLITE_PATH": "none.db"}, cwd=tmp_path)
    assert done.returncode == 1
    assert "none.db" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


def test_check_fails_with_the_reason(database: str, tmp_path: Path) -> None:
    nowhere = psycopg.conninfo.make_conninfo(database, dbname="no_such_database")
    done = check({"DB_TYPE": "postgresql", "DATABASE_URL": nowhere}, cwd=tmp_path)
    assert done.returncode == 1
    assert "no_such_database" in done.stdout
    done = check({"DB_TYPE": "oracle"}, cwd=tmp_path)
    assert done.returncode == 2
    assert "sqlite or postgresql" in done.stderr
    assert "Traceback" not in done.stderr
