"""The example project, made anew in one command, and moved in the steps that were asked for."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from commands import migrated, outgrow
from conformance.backends import clean_environment
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from outgrow.demo import build_reference

EXAMPLE = Path(__file__).parents[2] / "examples" / "tac-webbuilder"
FILES = ("app/server/db/database.db", "app/server/db/workflow_history.db")
#: As tools/make-example makes them.
MEGABYTES = 2
_MADE = shutil.ignore_patterns("__pycache__", "db", ".env", ".outgrow", "backups", "*.new")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite files, which are not in git."""
    folder = tmp_path_factory.mktemp("built")
    build_reference(folder, megabytes=MEGABYTES)
    return folder


@pytest.fixture
def project(tmp_path: Path, built: Path) -> Path:
    """A copy of what is checked in, with its SQLite files, below a path with a space."""
    root = tmp_path / "some where" / "tac-webbuilder"
    shutil.copytree(EXAMPLE, root, ignore=_MADE)
    shutil.copytree(built, root / "app" / "server" / "db")
    return root


def init(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    named = ("--name", "tac-webbuilder")
    return outgrow("init", *FILES, *named, *arguments, cwd=root, POSTGRES_PORT="1")


def texts(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_file() and path.suffix != ".db" and relative.name != ".env":
            yield str(relative), path.read_text(encoding="utf-8")


def test_one_command_makes_what_is_checked_in(project: Path) -> None:
    before = dict(texts(project))
    for made in ("migration", "app/server/database"):
        for path in (project / made).iterdir():
            if path.name != "outgrow.toml":  # a person's decisions
                path.unlink()
    (project / "docker-compose.yml").unlink()
    (project / ".env.sample").unlink()
    done = init(project)
    assert done.returncode == 0, done.stderr
    assert dict(texts(project)) == before, "run: make example"


def test_the_readme_names_what_is_there() -> None:
    text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert len(links) > 8
    for link in links:
        assert (EXAMPLE / link).exists(), link
    steps = re.findall(r"^\| (\d+) \|", text, re.MULTILINE)
    assert [int(step) for step in steps] == list(range(1, 14))
    for test in re.findall(r"`(tests/[\w/]+\.py)`", text):
        assert (EXAMPLE.parents[1] / test).exists(), test


def test_each_translation_that_was_asked_for_occurs() -> None:
    schema = (EXAMPLE / "migration" / "postgres_schema.sql").read_text(encoding="utf-8")
    for translation in (
        r"^    id bigserial",
        r" timestamp without time zone",
        r"^    structured_input jsonb",
        r"^    cost_breakdown jsonb",
        r"^    token_breakdown jsonb",
        r" boolean DEFAULT (true|false)",
        r" numeric\(10,4\)",
        r" double precision",
        r"DEFAULT .*statement_timestamp\(\) AT TIME ZONE 'UTC'",
        r"REFERENCES .* ON DELETE CASCADE",
        r"^CREATE FUNCTION public\.trigger_update_pattern_timestamp\(\) RETURNS trigger",
        r"^CREATE VIEW public\.v_high_value_patterns",
    ):
        assert re.search(translation, schema, re.MULTILINE), translation


def settings_of(conninfo: str) -> dict[str, str]:
    """The settings that name a database; they go over the project's ``.env``."""
    parts = {key: str(value) for key, value in conninfo_to_dict(conninfo).items()}
    return {
        "POSTGRES_HOST": parts["host"],
        "POSTGRES_PORT": parts.get("port", "5432"),
        "POSTGRES_DB": parts["dbname"],
        "POSTGRES_USER": parts["user"],
    }


@pytest.mark.parametrize("server", ["pg15"], indirect=True)
def test_the_steps_as_they_were_asked_for(project: Path, database: str) -> None:
    assert init(project).returncode == 0
    load_schema(project, database)
    with psycopg.connect(database) as connection:
        assert counted(connection) == {"tables": 27, "indexes": 47, "views": 4, "triggers": 4}
    environment = settings_of(database)
    for kind in ("sqlite", "postgresql"):
        checked = outgrow("check", "--db-type", kind, cwd=project, **environment)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    tested = python(project.parent, environment, str(project / "migration" / "test_adapters.py"))
    assert tested.returncode == 0, tested.stderr
    assert tested.stdout.splitlines()[-1] == "Both adapters working!"
    backed_up = outgrow("backup", *FILES, cwd=project)
    assert backed_up.returncode == 0, backed_up.stderr
    assert len(list((project / "migration" / "backups").glob("*.db"))) == 2
    plan = project / "migration" / "outgrow.toml"
    report = migrated(
        *(project / file for file in FILES), "--plan", plan, "--to", database, status=4
    )
    assert len({table["name"] for table in report["tables"]}) == 27
    assert {each["code"] for each in report["findings"] if each["severity"] == "error"} == set()
    examined = outgrow("doctor", "--to", database, cwd=project)
    assert "27" in examined.stdout
    served = python(
        project / "app" / "server",
        {**environment, "DB_TYPE": "postgresql"},
        "-c",
        "from core.connection import get_connection\n"
        "with get_connection() as connection:\n"
        "    print(connection.execute('SELECT count(*) FROM adw_tools').fetchone()[0])",
    )
    assert served.returncode == 0, served.stderr
    assert int(served.stdout) > 0


def load_schema(project: Path, database: str) -> None:
    """Load the schema as docker's entrypoint does, twice."""
    file = project / "migration" / "postgres_schema.sql"
    options = ("-v", "ON_ERROR_STOP=1", "--no-password", "--no-psqlrc", "--quiet")
    for _ in range(2):
        subprocess.run(
            ["psql", *options, "--dbname", make_conninfo(database), "--file", str(file)],
            check=True,
            capture_output=True,
            timeout=120,
        )


def counted(connection: psycopg.Connection) -> dict[str, int]:
    """Count the application's objects by the catalogs; indexes are those that SQLite names."""
    queries = {
        "tables": "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'",
        "indexes": "SELECT count(*) FROM outgrow.definitions d JOIN pg_indexes i"
        " ON i.schemaname = 'public' AND i.indexname = d.name WHERE d.kind = 'index'",
        "views": "SELECT count(*) FROM pg_views WHERE schemaname = 'public'",
        "triggers": "SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid"
        " WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal",
    }
    return {
        name: int(connection.execute(query.encode()).fetchall()[0][0])
        for name, query in queries.items()
    }


def python(
    folder: Path, settings: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**clean_environment(), **settings},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
