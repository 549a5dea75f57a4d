"""The database package and the script that `init` writes, run as a project runs them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from commands import outgrow
from conformance.backends import clean_environment
from psycopg.conninfo import conninfo_to_dict
from waiting import reload_configuration

from outgrow.postgres.embedded import EmbeddedServer
from outgrow.scaffold.project import Project, SourceFile
from outgrow.scaffold.rendering import render

FILES = ("__init__", "connection", "sqlite_adapter", "postgres_adapter", "factory")
PASSWORD = "sw0rd f1sh"
STRICT = "local all postgres trust\nlocal all all scram-sha-256\n"


@pytest.fixture(scope="module")
def place(
    servers_folder: Path, own_server: Callable[..., EmbeddedServer]
) -> Iterator[dict[str, str]]:
    """Give the settings of a database on a server that asks for passwords."""
    folder = servers_folder / f"scaffold-{uuid4().hex[:8]}"
    with own_server(folder, "pg15") as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE app LOGIN PASSWORD '{PASSWORD}'")
            connection.execute("CREATE DATABASE app OWNER app")
            (rules,) = connection.execute("SHOW hba_file").fetchone() or ("",)
            Path(rules).write_text(STRICT)
        reload_configuration(server.url)
        host = str(conninfo_to_dict(server.url)["host"])
        yield {"POSTGRES_HOST": host, "POSTGRES_DB": "app", "POSTGRES_USER": "app"}


def described(root: Path, package: str = "app/server/database") -> Project:
    sources = tuple(
        SourceFile(PurePosixPath(f"app/server/db/{label}.db"), label)
        for label in ("database", "workflow_history")
    )
    return Project(root, "tac-webbuilder", PurePosixPath(package), "psycopg", sources)


def outfit(project: Project) -> None:
    """Write the files as init does."""
    for name in FILES:
        path = project.root / project.package / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(f"database/{name}.py", project=project))
    script = project.root / "migration" / "test_adapters.py"
    script.parent.mkdir(exist_ok=True)
    script.write_text(render("migration/test_adapters.py", project=project))


def make_sources(project: Project) -> None:
    for path in project.paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"CREATE TABLE in_{path.stem} (id INTEGER PRIMARY KEY, name TEXT)")


def settle(project: Project, settings: dict[str, str], password: str = PASSWORD) -> None:
    """Write .env."""
    lines = [f"{name}={value}\n" for name, value in settings.items()]
    (project.root / ".env").write_text("".join([*lines, f'POSTGRES_PASSWORD="{password}"\n']))


@pytest.fixture
def project(tmp_path: Path, place: dict[str, str]) -> Project:
    root = tmp_path / "a project's folder"
    made = described(root)
    outfit(made)
    make_sources(made)
    settle(made, place)
    return made


def run(cwd: Path, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env={**clean_environment(), **more},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def ran(project: Project, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the script; it tells no password and shows no traceback."""
    done = run(cwd, project.root / "migration" / "test_adapters.py", **more)
    assert "Traceback" not in done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    return done


def reason(done: subprocess.CompletedProcess[str], status: int) -> str:
    """The one line that tells why."""
    assert done.returncode == status, done.stdout + done.stderr
    assert "Both adapters working!" not in done.stdout
    (line,) = done.stderr.splitlines()
    return line


# --- the script ----------------------------------------------------------------------------------


def test_both_adapters_work(project: Project, tmp_path: Path) -> None:
    before = [path.read_bytes() for path in project.paths]
    done = ran(project, tmp_path, POSTGRES_TIMEOUT="5")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[-1] == "Both adapters working!"
    assert sum(line.startswith("  ok ") for line in lines) == 16
    assert any("PostgreSQL 15" in line for line in lines)
    assert [path.read_bytes() for path in project.paths] == before, "a test changes no file"


def test_postgresql_is_down(project: Project) -> None:
    done = ran(project, Path("/"), POSTGRES_HOST="127.0.0.1", POSTGRES_PORT="1")
    line = reason(done, 1)
    assert "PostgreSQL" in line
    assert "127.0.0.1" in line
    assert done.stdout.count("  ok ") == 8, "SQLite works"


def test_a_missing_file_is_not_made(project: Project) -> None:
    project.paths[1].unlink()
    line = reason(ran(project, project.root), 1)
    assert f"there is no file {project.paths[1]}" in line
    assert not project.paths[1].exists()


def test_both_are_down(project: Project) -> None:
    project.paths[0].unlink()
    done = ran(project, project.root, POSTGRES_HOST="127.0.0.1", POSTGRES_PORT="1")
    assert done.returncode == 1
    assert [line.partition(":")[2].split(":")[0] for line in done.stderr.splitlines()] == [
        " SQLite",
        " PostgreSQL",
    ]


def test_a_wrong_password(project: Project, place: dict[str, str]) -> None:
    settle(project, place, "0ther secret")
    done = ran(project, project.root)
    assert "password" in reason(done, 1)
    assert "0ther secret" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DB_TYPE", "mysql", "'mysql'. It can be sqlite or postgresql"),
        ("POSTGRES_PORT", "many", "'many'. It can be a whole number"),
        ("DATABASE_URL", "mysql://me:pw@host/db", "no PostgreSQL URL"),
    ],
)
def test_a_wrong_setting(project: Project, name: str, value: str, says: str) -> None:
    line = reason(ran(project, project.root, **{name: value}), 2)
    assert says in line
    assert "me:pw" not in line


def test_without_the_driver(project: Project) -> None:
    script = project.root / "migration" / "test_adapters.py"
    program = (
        "import runpy, sys; sys.modules['psycopg2'] = None\n"
        f"runpy.run_path({str(script)!r}, run_name='__main__')"
    )
    line = reason(run(project.root, "-c", program, POSTGRES_DRIVER="psycopg2"), 1)
    assert "Install it with outgrow[psycopg2]" in line


def test_without_outgrow(project: Project) -> None:
    script = project.root / "migration" / "test_adapters.py"
    line = reason(run(project.root, "-S", script), 1)
    assert "No module named 'outgrow'" in line
    assert sys.executable in line


def test_pytest_finds_nothing_in_the_script(project: Project) -> None:
    """Nor does it import the project: the test that is there passes though no database answers."""
    for path in project.paths:
        path.unlink()
    (project.root / "test_own.py").write_text("def test_own():\n    pass\n")
    quick = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = run(project.root, "-m", "pytest", "-q", "-p", "no:cacheprovider", **quick)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
    assert not any(path.exists() for path in project.paths)


# --- the package ---------------------------------------------------------------------------------

USES_IT = """
from {package} import DatabaseAdapter, close_database_adapter, get_connection, get_database_adapter

adapter = get_database_adapter()
assert isinstance(adapter, DatabaseAdapter) and get_database_adapter() is adapter
assert type(adapter).__module__.startswith("{package}."), type(adapter)
with get_connection() as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS {table} (id INTEGER PRIMARY KEY, name TEXT)")
with get_connection("workflow_history") as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS {table}_past (at TEXT, what INTEGER)")
    connection.execute("INSERT INTO {table}_past VALUES (NOW(), ?)", (7,))
try:
    with get_connection() as connection:
        connection.execute("INSERT INTO {table} (name) VALUES ('undone')")
        raise RuntimeError
except RuntimeError:
    pass
with get_connection() as connection:
    cursor = connection.execute("INSERT INTO {table} (name) VALUES (%s)", ("kept",))
    found = [tuple(row) for row in connection.execute("SELECT name FROM {table}")]
close_database_adapter()
print(adapter.get_db_type(), found)
"""


@pytest.mark.parametrize(
    ("package", "where"),
    [
        ("database", "sqlite"),
        ("app.server.database", "sqlite"),
        ("app.server.database", "psycopg"),
        ("database", "psycopg2"),
    ],
)
def test_the_package_is_imported_both_ways(
    project: Project, tmp_path: Path, place: dict[str, str], package: str, where: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = project.root / ("app/server" if package == "database" else "")
    table = f"t_{uuid4().hex}"
    settings = {"DB_TYPE": "sqlite" if where == "sqlite" else "postgresql"}
    if where != "sqlite":
        settings |= {"POSTGRES_DRIVER": where}
    settle(project, place | settings)
    program = USES_IT.format(package=package, table=table)
    done = run(elsewhere, "-c", program, PYTHONPATH=str(path))
    assert (done.stdout, done.stderr) == (f"{settings['DB_TYPE']} [('kept',)]\n", "")
    assert not list(elsewhere.iterdir())
    if where == "sqlite":
        with closing(sqlite3.connect(project.paths[1])) as connection:
            rows = connection.execute(f"SELECT what FROM {table}_past").fetchall()
    else:
        with psycopg.connect(
            host=place["POSTGRES_HOST"], dbname="app", user="postgres"
        ) as connection:
            rows = connection.execute(f"SELECT what FROM {table}_past").fetchall()
            used = connection.execute("SELECT count(*) FROM pg_class WHERE relname = %s", (table,))
            assert used.fetchall() == [(1,)]
    assert rows == [(7,)]


def test_the_environment_goes_over_the_file(project: Project, tmp_path: Path) -> None:
    """Another SQLITE_PATH is another set of files: tests of a project never touch its data."""
    mine = tmp_path / "mine"
    mine.mkdir()
    program = USES_IT.format(package="database", table="t")
    path = str(project.root / "app/server")
    run(tmp_path, "-c", program, PYTHONPATH=path, SQLITE_PATH=str(mine / "test.db"))
    assert {each.name for each in mine.iterdir()} == {"test.db", "workflow_history.db"}
    for each in project.paths:
        with closing(sqlite3.connect(each)) as connection:
            assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)


def test_the_server_calls_the_project_by_its_name(project: Project) -> None:
    program = (
        "from database import get_connection\n"
        "with get_connection(native_sql=True) as c:\n"
        "    print(c.execute('SHOW application_name').fetchone()[0])"
    )
    done = run(project.root / "app" / "server", "-c", program, DB_TYPE="postgresql")
    assert (done.stdout, done.stderr) == ("tac-webbuilder\n", "")


def test_sqlite_needs_no_driver_of_postgresql(project: Project) -> None:
    program = (
        "import sys; sys.modules['psycopg'] = sys.modules['psycopg2'] = None\n"
        "from database import get_connection\n"
        "with get_connection() as c:\n"
        "    print(c.execute('SELECT 1').fetchone()[0])"
    )
    done = run(project.root / "app" / "server", "-c", program)
    assert (done.stdout, done.stderr) == ("1\n", "")


def hostile(root: Path) -> Project:
    sources = tuple(
        SourceFile(PurePosixPath(path), label)
        for path, label in [
            ('it\'s "mine".db', "it_s_mine"),
            ("a\\b {x} % 😀.sqlite3", "a_b"),
            ("/elsewhere/b.db", "b"),
        ]
    )
    return Project(root, "x", PurePosixPath("src/pkg/database"), "psycopg2", sources)


@pytest.mark.parametrize("describe", [described, hostile])
def test_the_files_are_clean(tmp_path: Path, describe: Callable[[Path], Project]) -> None:
    """By ruff's own default rules, as another project's."""
    project = describe(tmp_path)
    outfit(project)
    (tmp_path / "ruff.toml").write_text("")
    ruff = Path(sys.executable).with_name("ruff")
    for command in ([ruff, "check"], [ruff, "format", "--diff"]):
        done = subprocess.run(
            [*command, "--no-cache", "."],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    sqlite_adapter = tmp_path / project.package / "sqlite_adapter.py"
    names: dict[str, Any] = {"__file__": str(sqlite_adapter)}
    exec(compile(sqlite_adapter.read_text(), str(sqlite_adapter), "exec"), names)
    expected = {source.label: tmp_path / source.path for source in project.sources}
    assert names["FILES"] == expected


def test_init_ends_with_what_the_server_says(tmp_path: Path, place: dict[str, str]) -> None:
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection:
        connection.execute("CREATE TABLE nobody_has_it (id INTEGER PRIMARY KEY)")
    lines = [f"{name}='{value}'" for name, value in place.items()]
    (tmp_path / ".env").write_text("\n".join([*lines, f"POSTGRES_PASSWORD='{PASSWORD}'\n"]))
    done = outgrow("init", cwd=tmp_path)
    told = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert any(line.endswith(" of 1 are in the database") for line in told)
    assert any(line.startswith("PostgreSQL adapter works (") for line in told)
