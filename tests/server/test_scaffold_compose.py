"""The scaffolded docker-compose.yml at work: compose reads it, and PostgreSQL does what it says.

No container engine runs here. The environment, the mounts and the health check are the file's own,
and ``entrypoint.py`` does with them what the image does.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from commands import migrated, outgrow
from entrypoint import Container, Exited
from ruamel.yaml import YAML
from waiting import wait_until

from compose_file import loaded, project, sourced, written
from outgrow.database.checks import check_adapter
from outgrow.database.factory import adapter_for
from outgrow.database.settings import read_settings
from outgrow.postgres.account import account_for
from outgrow.scaffold import environment, writing

SCHEMA = """
BEGIN;
CREATE TABLE item (id bigserial PRIMARY KEY, name text);
INSERT INTO item (name) VALUES ('once');
CREATE SCHEMA outgrow;
CREATE TABLE outgrow.schema_loaded AS SELECT now() AS loaded;
COMMIT;
"""
BROKEN = """
CREATE TABLE item (id bigserial PRIMARY KEY, name text);
CREATE TABLE of_item (item bigint REFERENCES item (name));
CREATE SCHEMA outgrow;
CREATE TABLE outgrow.schema_loaded AS SELECT now() AS loaded;
"""

Made = tuple[Path, dict[str, Any]]


def made(root: Path, schema: str = SCHEMA) -> Made:
    """Write a project's files; give its folder and how compose understands them."""
    here = project(root)
    writing.write(environment.settings_files(here))
    (root / "docker-compose.yml").write_text(written(here))
    (root / "migration").mkdir()
    (root / "migration" / "postgres_schema.sql").write_text(schema)
    return root, loaded(written(here), sourced(root))


@pytest.fixture
def container(servers_folder: Path, bin_of_15: Path) -> Iterator[Callable[[Made], Container]]:
    """Give a function that describes a project's container; it is stopped after the test."""
    begun: list[Container] = []

    def describe(made: Made) -> Container:
        root, compose = made
        folder = servers_folder / f"compose-{uuid4().hex[:8]}"
        folder.mkdir()
        begun.append(Container(compose["services"]["postgres"], root, folder, bin_of_15))
        return begun[-1]

    yield describe
    for each in begun:
        if (each.data / "postmaster.pid").exists():
            each.stop()


def database(folder: Path) -> Path:
    """Make a small SQLite file, with things of which a schema file needs helpers."""
    path = folder / "app.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, "
            "at TEXT DEFAULT (datetime('now')));"
            "CREATE VIEW named AS SELECT id, name FROM item WHERE name LIKE 'B%';"
            "CREATE TRIGGER changed AFTER UPDATE OF name ON item BEGIN "
            "UPDATE item SET at = datetime('now') WHERE id = NEW.id; END;"
            "INSERT INTO item (name) VALUES ('a'), ('b');"
        )
    return path


# What compose makes of the file


def compose(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Debian's docker-compose, which is the first, and knows all but ``name`` of this file."""
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("docker-compose is not installed (Debian: apt install docker-compose)")
    text = (root / "docker-compose.yml").read_text()
    (root / "without_name.yml").write_text(text.replace('name: "tac-webbuilder"\n', ""))
    return subprocess.run(
        [program, "--file", "without_name.yml", *arguments],
        cwd=root,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_compose_understands_it_as_these_tests_do(tmp_path: Path) -> None:
    root, understood = made(tmp_path)
    done = compose(root, "config")
    assert done.returncode == 0, done.stderr
    config = YAML(typ="safe").load(done.stdout)
    assert set(config["services"]) == set(understood["services"])
    theirs, ours = config["services"]["postgres"], understood["services"]["postgres"]
    assert len(ours["environment"]["POSTGRES_PASSWORD"]) > 20
    assert theirs["environment"] == ours["environment"]
    assert [test.replace("$$", "$") for test in theirs["healthcheck"]["test"]] == (
        ours["healthcheck"]["test"]
    )
    mounted = "migration/postgres_schema.sql:/docker-entrypoint-initdb.d/01-schema.sql:ro"
    assert f"{root}/{mounted}" in theirs["volumes"]


def test_without_env_compose_says_which_command_makes_it(tmp_path: Path) -> None:
    root, _ = made(tmp_path)
    (root / ".env").unlink()
    done = compose(root, "config")
    assert done.returncode != 0
    assert "outgrow init" in done.stderr


# What the image makes of it


def test_is_green_when_the_schema_is_there_and_loads_it_once(
    container: Callable[[Made], Container], tmp_path: Path
) -> None:
    source = database(tmp_path)
    said = outgrow("schema", source)
    assert said.returncode == 0, said.stderr
    root, _ = files = made(tmp_path, said.stdout)
    here = container(files)
    seen: list[bool] = []
    here.start(
        before=lambda: seen.append(here.is_healthy()), after=lambda: seen.append(here.is_healthy())
    )
    assert seen == [False, False], "green while the scripts of the first start still run"
    assert here.is_healthy(), here.log

    settings = sourced(root)
    migrated(source, "--to", here.url(settings["POSTGRES_PASSWORD"]))
    assert here.is_healthy(), here.log
    here.stop()
    assert not here.is_healthy()
    here.start(before=lambda: pytest.fail("a second start runs no scripts"))
    assert here.is_healthy(), here.log
    assert here.psql("-Atc", "TABLE named") == "2|b\n"


def test_stays_red_after_a_script_that_failed(
    container: Callable[[Made], Container], tmp_path: Path
) -> None:
    root, _ = files = made(tmp_path, BROKEN)
    here = container(files)
    with pytest.raises(Exited, match="no unique constraint"):
        here.start()
    here.start()  # as the restart policy does; the volume isn't empty any more
    assert not here.is_healthy()
    assert "outgrow.schema_loaded" in here.log
    here.psql("-c", "CREATE SCHEMA outgrow CREATE TABLE schema_loaded (loaded timestamptz)")
    assert not here.is_healthy(), "an empty marker marks nothing"
    assert here.psql("-Atc", "SELECT count(*) FROM item") == "0\n", "half a schema, and red"

    here.psql("-c", "DROP TABLE item; DROP SCHEMA outgrow CASCADE")
    (root / "migration" / "postgres_schema.sql").write_text(SCHEMA)
    here.load("01-schema.sql")
    assert here.is_healthy(), here.log


def test_asks_for_the_password_and_sorts_as_sqlite_does(
    container: Callable[[Made], Container], tmp_path: Path
) -> None:
    root, _ = files = made(tmp_path)
    here = container(files)
    here.start()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(here.url("another"), connect_timeout=10)
    with psycopg.connect(here.url(sourced(root)["POSTGRES_PASSWORD"])) as connection:
        facts = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype, 'a' > 'Z', 'é' > 'z' "
            "FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert facts == ("UTF8", "C.UTF-8", "C.UTF-8", True, True)

    # The volume keeps the password of its first start, and the health check tells.
    (root / ".env").unlink()
    renewed = loaded(written(project(root)), {"POSTGRES_PASSWORD": "a new one"})
    here.configure(renewed["services"]["postgres"])
    assert not here.is_healthy()
    assert "password authentication failed" in here.log


def test_the_adapter_works_through_the_profile_pgbouncer(
    container: Callable[[Made], Container], tmp_path: Path
) -> None:
    _, understood = files = made(tmp_path)
    here = container(files)
    here.start()
    said: dict[str, str] = understood["services"]["pgbouncer"]["environment"]
    with pgbouncer(said, here, tmp_path / "pooler") as port:
        url = (
            f"postgresql://{said['DB_USER']}:{said['DB_PASSWORD']}@127.0.0.1:{port}"
            f"/{said['DB_NAME']}"
        )
        with adapter_for(read_settings({"DB_TYPE": "postgresql", "DATABASE_URL": url})) as adapter:
            failed = [check for check in check_adapter(adapter) if not check.ok]
            assert not failed


@contextmanager
def pgbouncer(said: dict[str, str], server: Container, folder: Path) -> Iterator[int]:
    """Run PgBouncer with what the image edoburu/pgbouncer writes for an environment.

    https://github.com/edoburu/docker-pgbouncer/blob/master/entrypoint.sh
    """
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is not installed")
    assert said["DB_HOST"] == "postgres", "the name of the service"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder.mkdir()
    (folder / "userlist.txt").write_text(f'"{said["DB_USER"]}" "{said["DB_PASSWORD"]}"\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n{said['DB_NAME']} = host=127.0.0.1 port={server.port} "
        f"auth_user={said['DB_USER']}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_file = {folder}/userlist.txt\nauth_type = {said['AUTH_TYPE']}\n"
        f"pool_mode = {said['POOL_MODE']}\nmax_client_conn = {said['MAX_CLIENT_CONN']}\n"
        "ignore_startup_parameters = extra_float_digits\n"
        f"logfile = {folder}/log\npidfile = {folder}/pid\n"
    )
    account = account_for(folder)
    account.own(folder)
    done = account.run([program, "-d", f"{folder}/pgbouncer.ini"], cwd=folder, timeout=20)
    assert done.returncode == 0, done.stderr
    wait_until(lambda: _listens(port))
    try:
        yield port
    finally:
        os.kill(int((folder / "pid").read_text()), signal.SIGKILL)


def _listens(port: int) -> bool:
    """It takes connections a little after it has gone into the background."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
