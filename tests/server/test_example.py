"""The example application on both databases: its own tests, and every endpoint compared.

Nothing but the environment changes. Its tests were written against `sqlite3`.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import example_requests
import psycopg
import pytest
from commands import migrated
from conformance.backends import clean_environment
from fresh_databases import make_database
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from outgrow.demo import build_reference
from outgrow.postgres.embedded import EmbeddedServer
from outgrow.postgres.locks import alone

EXAMPLE = Path(__file__).parents[2] / "examples" / "tac-webbuilder"
APPLICATION = EXAMPLE / "app" / "server"


# --- the application -----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The application before it moved: the same but for one file."""
    folder = tmp_path_factory.mktemp("before") / "server"
    shutil.copytree(APPLICATION, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(EXAMPLE / "before" / "connection.py", folder / "core" / "connection.py")
    return folder


@pytest.fixture(scope="module", autouse=True)
def bytecode(servers_folder: Path) -> Iterator[None]:
    """Python compiles pandas and FastAPI once for all these processes, and outside of the tree."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        environment.setenv("PYTHONPYCACHEPREFIX", str(servers_folder / "bytecode"))
        yield


def python(
    application: Path, settings: dict[str, str], *arguments: object, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run Python in the application's folder."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=application,
        env={**clean_environment(), **settings},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def passed(application: Path, settings: dict[str, str]) -> int:
    """Run the application's own tests; gives how many there were, all of which passed."""
    done = python(application, settings, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    told = re.search(r"^(\d+) passed(?:, \d+ warnings?)? in ", done.stdout, re.MULTILINE)
    assert done.returncode == 0 and told, done.stdout[-5000:] + done.stderr[-1000:]
    return int(told[1])


def answers(
    application: Path,
    settings: dict[str, str],
    requests: list[example_requests.Request],
    *,
    start: bool = True,
) -> tuple[list[Any], list[str]]:
    """Ask the application; gives its answers, and the paths that it has for reading."""
    given = json.dumps({"start": start, "requests": requests})
    done = python(application, settings, example_requests.__file__, stdin=given)
    assert done.returncode == 0, done.stderr[-5000:]
    told = json.loads(done.stdout)
    return told["answers"], told["reads"]


def on_sqlite(folder: Path) -> dict[str, str]:
    """The environment that names two files in a folder."""
    return {"DB_TYPE": "sqlite", "SQLITE_PATH": str(folder / "database.db")}


def on_postgresql(conninfo: str, driver: str = "psycopg") -> dict[str, str]:
    """The environment that names a database of PostgreSQL."""
    parts = {key: str(value) for key, value in conninfo_to_dict(conninfo).items()}
    return {
        "DB_TYPE": "postgresql",
        "POSTGRES_DRIVER": driver,
        "POSTGRES_HOST": parts["host"],
        "POSTGRES_PORT": parts.get("port", "5432"),
        "POSTGRES_DB": parts["dbname"],
        "POSTGRES_USER": parts["user"],
        "POSTGRES_PASSWORD": parts.get("password", ""),
    }


# --- the databases -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both files as the application uses them, with the reference application's rows.

    Each table is read from one file: the other's copy, which nobody reads, is dropped. NUL
    characters, which PostgreSQL can't hold and a migration repairs, are taken out.
    """
    folder = tmp_path_factory.mktemp("files")
    small, large = build_reference(folder, megabytes=0.6)
    with closing(sqlite3.connect(large)) as connection:
        named = "SELECT type, name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_%'"
        shared = [
            row
            for kind in ("trigger", "view", "table")
            for row in connection.execute(named, (kind,)).fetchall()
        ]
    with closing(sqlite3.connect(small)) as connection:
        for kind, name in shared:
            connection.execute(f"DROP {kind} IF EXISTS {name}")
    for file in (small, large):
        with closing(sqlite3.connect(file)) as connection:
            _take_out_nul(connection)
    return folder


def _take_out_nul(connection: sqlite3.Connection) -> None:
    connection.create_function("without_nul", 1, lambda text: text.replace("\0", ""))
    columns = connection.execute(
        "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c "
        "WHERE t.type = 'table'"
    ).fetchall()
    for table, column in columns:
        connection.execute(
            f"UPDATE {table} SET {column} = without_nul({column}) "
            f"WHERE typeof({column}) = 'text' AND instr({column}, char(0)) > 0"
        )
    connection.commit()


@pytest.fixture(params=["faithful", "native"])
def moved(
    request: pytest.FixtureRequest, server: EmbeddedServer, files: Path, servers_folder: Path
) -> Iterator[str]:
    """The conninfo of a database to which both files were migrated."""
    template, name = f"example_{request.param}", f"test_{uuid4().hex}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        with alone(servers_folder / f"{connection.info.server_version}-{template}.lock"):
            known = "SELECT count(*) FROM pg_database WHERE datname = %s"
            if connection.execute(known, [template]).fetchall() == [(0,)]:
                making = f"making_{uuid4().hex}"
                make_database(connection, making)
                target = make_conninfo(server.url, dbname=making)
                both = (files / "database.db", files / "workflow_history.db")
                migrated(*both, "--to", target, "--types", request.param, status=4)
                connection.execute(f"ALTER DATABASE {making} RENAME TO {template}")
            make_database(connection, name, template)
        try:
            yield make_conninfo(server.url, dbname=name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


#: Each version has one policy: what a policy does on each of them is tested elsewhere.
BY_TURNS = pytest.mark.parametrize(
    ("server", "moved"), [("pg15", "native"), ("pg18", "faithful")], indirect=True
)


# --- the tests -----------------------------------------------------------------------------------


def test_the_suite_passes_on_sqlite_as_it_was_and_as_it_is(before: Path, tmp_path: Path) -> None:
    was, now = tmp_path / "was", tmp_path / "now"
    was.mkdir()
    now.mkdir()
    count = passed(before, on_sqlite(was))
    assert count >= 45
    assert passed(APPLICATION, on_sqlite(now)) == count


def passed_on(conninfo: str, driver: str = "psycopg") -> int:
    """Run the application's own tests on PostgreSQL, where the last of them left its rows."""
    count = passed(APPLICATION, on_postgresql(conninfo, driver))
    with psycopg.connect(conninfo) as connection:
        left = connection.execute("SELECT adw_id FROM workflow_history").fetchall()
    assert sorted(left) == sorted((f"w{number}",) for number in range(24))
    return count


def promoted(conninfo: str) -> set[Any]:
    """The types that only a promoted column has."""
    with psycopg.connect(conninfo) as connection:
        types = connection.execute(
            "SELECT data_type FROM information_schema.columns WHERE table_schema = 'public'"
        ).fetchall()
    return {kind for (kind,) in types} & {"boolean", "jsonb", "numeric", _TIMESTAMP}


_TIMESTAMP = "timestamp without time zone"


@pytest.mark.parametrize("server", ["pg18"], indirect=True)
def test_the_suite_passes_on_a_database_that_was_never_migrated(database: str) -> None:
    assert passed_on(database) >= 45


@BY_TURNS
def test_the_suite_passes_on_a_migrated_database(moved: str) -> None:
    assert len(promoted(moved)) in (0, 4)
    assert passed_on(moved) >= 45


@pytest.mark.parametrize(("server", "moved"), [("pg15", "native")], indirect=True)
def test_the_suite_passes_with_psycopg2(moved: str) -> None:
    assert len(promoted(moved)) == 4
    assert passed_on(moved, "psycopg2") >= 45


@pytest.fixture(scope="session")
def answers_on_sqlite(
    before: Path, files: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[Any]:
    """What the application answered before it moved, of which every endpoint is asked."""
    copied = shutil.copytree(files, tmp_path_factory.mktemp("answers") / "files")
    asked = example_requests.everything(files)
    found, paths = answers(before, on_sqlite(copied), asked)
    assert {answer["status"] for answer in found} == {200, 201, 400, 404, 409, 422}
    for path in paths:
        pattern = re.compile(re.sub(r"{\w+}", "[^/?]+", path) + r"(\?.*)?")
        assert path == "/health" or any(pattern.fullmatch(request[1]) for request in asked), path
    return found


@BY_TURNS
def test_every_endpoint_answers_the_same(
    answers_on_sqlite: list[Any], files: Path, moved: str
) -> None:
    asked = example_requests.everything(files)
    where = ("GET", "/health", None)
    found, _ = answers(APPLICATION, on_postgresql(moved), [*asked, where])
    assert found.pop()["answer"]["type"] == "postgresql"
    differences = list(example_requests.differences(asked, answers_on_sqlite, found))
    assert not differences, "\n".join(differences[:50])


def health(application: Path, settings: dict[str, str]) -> tuple[int, dict[str, Any]]:
    ((answer,), _) = answers(application, settings, [("GET", "/health", None)], start=False)
    return answer["status"], answer["answer"]


def test_health_on_sqlite(before: Path, files: Path, tmp_path: Path) -> None:
    good = {"type": "sqlite", "version": sqlite3.sqlite_version, "error": None, "ok": True}
    assert health(APPLICATION, on_sqlite(files)) == (200, good)
    bad = {"type": "sqlite", "version": None, "ok": False}
    for application in (before, APPLICATION):
        status, told = health(application, on_sqlite(tmp_path))
        assert f"there is no file {tmp_path / 'database.db'}" in told.pop("error")
        assert (status, told) == (503, bad)
        assert not list(tmp_path.glob("*.db"))


def test_health_on_postgresql(database: str) -> None:
    with psycopg.connect(database) as connection:
        version = connection.info.parameter_status("server_version")
    good = {"type": "postgresql", "version": version, "error": None, "ok": True}
    assert health(APPLICATION, on_postgresql(database)) == (200, good)


def test_health_where_no_server_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    nobody = {"DB_TYPE": "postgresql", "POSTGRES_HOST": "127.0.0.1", "POSTGRES_TIMEOUT": "2"}
    status, told = health(APPLICATION, {**nobody, "POSTGRES_PORT": str(port)})
    assert str(port) in told.pop("error")
    assert (status, told) == (503, {"type": "postgresql", "version": None, "ok": False})
