"""Targets for runs that go wrong: what was there before, and what has to be there afterwards."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import psycopg
from commands import outgrow
from fresh_databases import make_database
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from independent.compare import compare
from independent.pair import make_sqlite
from torture.shared.state import objects

#: The application's schema, and that of somebody else who lives in the same database.
SCHEMA, NEIGHBOUR = "app", "public"

_INTERRUPTED = 130

_NEIGHBOUR = (
    "CREATE TABLE public.keep AS SELECT g AS id, md5(g::text) AS word FROM generate_series(1, 50) g"
)


@dataclass(frozen=True)
class Files:
    """The file that is moved, and an older one of the same tables, which is in the target."""

    new: Path
    old: Path


def make_files(folder: Path, rows: int = 400, length: int = 30) -> Files:
    """Write both: one of every kind of object, and many rows with so many bytes of dice."""
    folder.mkdir(exist_ok=True)
    files = Files(make_sqlite(folder / "new.db"), folder / "old.db")
    dice = Random("rows")
    with closing(sqlite3.connect(files.new)) as connection, connection:
        logged = [(dice.randbytes(length).hex(), dice.random(), None) for _ in range(rows)]
        connection.executemany("INSERT INTO log VALUES (?, ?, ?)", logged)
    make_sqlite(files.old)
    with closing(sqlite3.connect(files.old)) as connection, connection:
        connection.execute("UPDATE log SET line = line || ' of before'")
        connection.execute("DELETE FROM loan")
    return files


@dataclass
class Server:
    """A server with templates of what a target may hold at the start.

    ``old`` holds the older file's tables, ``new`` those of the newer one, ``bare`` none.
    """

    conninfo: str
    files: Files
    templates: dict[str, str] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def report(self) -> dict[str, Any]:
        """What a migration of the newer file says when nothing goes wrong."""
        if not self.known:
            self.template("new")
        return self.known

    def template(self, kind: str) -> str:
        """Name the template of a kind; it is made when it is first asked for."""
        if kind not in self.templates:
            name = self.templates[kind] = f"torture_{uuid4().hex}"
            with psycopg.connect(self.conninfo, autocommit=True) as connection:
                make_database(connection, name)
            database = make_conninfo(self.conninfo, dbname=name)
            with psycopg.connect(database, autocommit=True) as connection:
                connection.execute(_NEIGHBOUR.encode())
            if kind != "bare":
                file = self.files.old if kind == "old" else self.files.new
                done = run("migrate", file, "--to", database, "--schema", SCHEMA)
                assert done.status == 0, done.stderr
                if kind == "new":
                    self.known = done.report
        return self.templates[kind]

    @contextmanager
    def database(self, kind: str) -> Iterator[str]:
        """Make a database of a kind, and give its conninfo."""
        template, name = self.template(kind), f"torture_{uuid4().hex}"
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            make_database(connection, name, template)
            try:
                yield make_conninfo(self.conninfo, dbname=name)
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def close(self) -> None:
        """Drop the templates."""
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            for name in self.templates.values():
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@contextmanager
def servers_with(folder: Path, servers: dict[str, str]) -> Iterator[dict[str, Server]]:
    """Describe the servers that a worker may use."""
    files = make_files(folder / "files")
    with ExitStack() as stack:
        found = {name: Server(conninfo, files) for name, conninfo in servers.items()}
        for each in found.values():
            stack.callback(each.close)
        yield found


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    status: int
    stdout: str
    stderr: str

    @property
    def report(self) -> dict[str, Any]:
        """What it printed with ``--json``."""
        found: dict[str, Any] = json.loads(self.stdout)
        return found

    @property
    def code(self) -> str:
        """The code of its error."""
        return str(self.report["findings"][0]["code"])


def run(*arguments: object, **settings: str) -> Done:
    """Run a command with ``--json`` to its end."""
    return done(outgrow(*arguments, "--json", **settings))


def done(process: subprocess.CompletedProcess[str]) -> Done:
    """Give what came of a command."""
    return Done(process.returncode, process.stdout, process.stderr)


def unclear(failed: Done, status: int = 1) -> list[str]:
    """Say why a failure was not told in one clear line: code, what, where, what to do."""
    wrong = []
    if failed.status != status:
        wrong.append(f"exit status {failed.status} and not {status}")
    lines = [line for line in failed.stderr.splitlines() if line.startswith("error: ")]
    if len(lines) != 1:
        wrong.append(f"{len(lines)} lines of errors")
    if "Traceback" in failed.stderr + failed.stdout:
        wrong.append("a traceback")
    try:
        finding = failed.report["findings"][0]
    except (ValueError, LookupError):
        return [*wrong, f"no report: {failed.stdout[-300:]}{failed.stderr[-500:]}"]
    # An interruption is nowhere.
    parts = ("code", "says", "fix") if status == _INTERRUPTED else ("code", "says", "where", "fix")
    wrong += [f"nothing under {name}" for name in parts if not finding[name]]
    if finding["code"] == "OG-700":
        wrong.append("a mistake in outgrow")
    return [f"{'; '.join(wrong)}: {failed.stderr.strip()[-800:]}"] if wrong else []


def seen(database: str) -> dict[str, dict[str, str]]:
    """Describe both schemas, object by object."""
    return {schema: _objects(database, schema) for schema in (SCHEMA, NEIGHBOUR)}


def _objects(database: str, schema: str) -> dict[str, str]:
    with psycopg.connect(database) as connection:
        there = connection.execute("SELECT to_regnamespace(%s) IS NOT NULL", (schema,)).fetchone()
    return objects(database, schema) if there == (True,) else {}


def differences(server: Server, database: str) -> list[str]:
    """Compare the target with the file that was moved, independently of outgrow."""
    return compare(server.files.new, database, schema=SCHEMA, report=server.report)


def name_of(database: str) -> str:
    """Name the database of a conninfo."""
    return str(conninfo_to_dict(database)["dbname"])
