"""The databases that every conformance test runs on, unchanged.

A database of PostgreSQL is made from a template and used for test after test: rows are deleted
between them, and a test that leaves other definitions behind has the database made anew.
"""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from commands import migrated
from fresh_databases import make_database
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from conformance import application
from outgrow.database import DatabaseAdapter, PostgreSQLAdapter, SQLiteAdapter
from outgrow.postgres.locks import alone

#: Seconds that a statement waits for another transaction; a test that gives up has its own.
TIMEOUT = 60.0

_OURS = (
    *("DB_TYPE", "SQLITE_PATH", "DATABASE_URL", "POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_DB"),
    *("POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_POOL_MIN", "POSTGRES_POOL_MAX"),
    *("POSTGRES_TIMEOUT", "POSTGRES_DRIVER", "POSTGRES_PGBOUNCER"),
)


@dataclass(frozen=True)
class Kind:
    """A sort of database; without a version it is SQLite.

    Args:
        name: what tests and the page call it.
        version: the server's, "pg15" or "pg18".
        types: of the migration: "faithful" or "native"; empty where the application made its
            tables itself.
        driver: "psycopg" or "psycopg2".

    """

    name: str
    version: str = ""
    types: str = ""
    driver: str = "psycopg"

    @property
    def template(self) -> str:
        return f"conformance_{self.types or 'never_migrated'}"


KINDS = (
    Kind("sqlite"),
    Kind("15-own", "pg15"),
    Kind("15-faithful", "pg15", "faithful"),
    Kind("15-native", "pg15", "native"),
    Kind("15-psycopg2", "pg15", "native", "psycopg2"),
    Kind("18-own", "pg18"),
    Kind("18-faithful", "pg18", "faithful"),
    Kind("18-native", "pg18", "native"),
)


def clean_environment() -> dict[str, str]:
    """The environment without anything that names a database."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in _OURS and not name.startswith("PG")
    }


class Backend(ABC):
    """What a test runs on."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.name = kind.name
        self.is_sqlite = not kind.version
        self.is_promoted = kind.types == "native"
        self._more: list[DatabaseAdapter] = []

    @abstractmethod
    def begin(self, folder: Path) -> None:
        """Be empty, for the next test, which has a folder of its own."""

    @property
    @abstractmethod
    def adapter(self) -> DatabaseAdapter:
        """The adapter that the tests share."""

    @abstractmethod
    def _made(self, **arguments: Any) -> DatabaseAdapter: ...

    @property
    @abstractmethod
    def settings(self) -> dict[str, str]:
        """The environment variables that name the database."""

    def another(self, **arguments: Any) -> DatabaseAdapter:
        """Make another adapter, which knows nothing of the first, as another process has it."""
        made = self._made(**arguments)
        self._more.append(made)
        return made

    def end(self) -> None:
        """The test is over."""
        while self._more:
            self._more.pop().close()


class OnSQLite(Backend):
    """A file for each test; foreign keys are enforced, as PostgreSQL always does."""

    def __init__(self, kind: Kind, folder: Path) -> None:
        super().__init__(kind)
        self._empty = application.emptied(application.make(folder / "app.db"))

    def begin(self, folder: Path) -> None:
        self.path = folder / "app.db"
        shutil.copyfile(self._empty, self.path)
        self._adapter = self._made()

    @property
    def adapter(self) -> DatabaseAdapter:
        return self._adapter

    def _made(self, **arguments: Any) -> DatabaseAdapter:
        return SQLiteAdapter(self.path, **({"timeout": TIMEOUT, "foreign_keys": True} | arguments))

    @property
    def settings(self) -> dict[str, str]:
        return {"DB_TYPE": "sqlite", "SQLITE_PATH": str(self.path)}


class OnPostgreSQL(Backend):
    """A database of PostgreSQL.

    Args:
        kind: which.
        url: of the server.
        shared: a folder of all workers of the run.

    """

    def __init__(self, kind: Kind, url: str, shared: Path) -> None:
        super().__init__(kind)
        self.url = url
        self._name = ""
        with alone(shared / f"{kind.version}-{kind.template}.lock"):
            self._make_template(shared)

    def _make_template(self, shared: Path) -> None:
        known = "SELECT count(*) FROM pg_database WHERE datname = %s"
        with psycopg.connect(self.url, autocommit=True) as server:
            if server.execute(known, [self.kind.template]).fetchall()[0][0]:
                return
            making = f"making_{uuid4().hex}"
            make_database(server, making)
            target = make_conninfo(self.url, dbname=making)
            if self.kind.types:
                source = application.make(shared / f"{making}.db")
                migrated(source, "--to", target, "--types", self.kind.types)
                source.unlink()
            else:
                adapter = PostgreSQLAdapter(target)
                with adapter.get_connection() as connection:
                    connection.executescript(application.SCHEMA)
                adapter.close()
            server.execute(f"ALTER DATABASE {making} RENAME TO {self.kind.template}")

    def begin(self, folder: Path) -> None:
        if self._name:
            with suppress(psycopg.Error):
                self._direct.execute(_EMPTIED)
                if self._state() == self._at_first:
                    return
            self.drop()
        name = f"test_{uuid4().hex}"
        with psycopg.connect(self.url, autocommit=True) as server:
            make_database(server, name, self.kind.template)
        self._name = name
        self.conninfo = make_conninfo(self.url, dbname=name)
        self._direct = psycopg.connect(self.conninfo, autocommit=True)
        self._direct.execute("SET lock_timeout = '2s'")
        self._direct.execute(_EMPTIED)
        self._at_first = self._state()
        self._adapter = self._made()

    def drop(self) -> None:
        """Drop the database of the tests; the template goes with the server."""
        if not self._name:
            return
        self._adapter.close()
        self._direct.close()
        with psycopg.connect(self.url, autocommit=True) as server:
            server.execute(f"DROP DATABASE {self._name} WITH (FORCE)")
        self._name = ""

    def _state(self) -> Any:
        return self._direct.execute(_DEFINITIONS).fetchall()

    @property
    def adapter(self) -> DatabaseAdapter:
        return self._adapter

    @property
    def direct(self) -> psycopg.Connection[Any]:
        """A connection of the driver alone, to look at what is really there."""
        return self._direct

    def _made(self, **arguments: Any) -> DatabaseAdapter:
        more = {"timeout": TIMEOUT, "driver": self.kind.driver} | arguments
        return PostgreSQLAdapter(self.conninfo, **more)

    @property
    def settings(self) -> dict[str, str]:
        parts = {key: str(value) for key, value in conninfo_to_dict(self.conninfo).items()}
        return {
            "DB_TYPE": "postgresql",
            "POSTGRES_DRIVER": self.kind.driver,
            "POSTGRES_TIMEOUT": str(TIMEOUT),
            "POSTGRES_HOST": parts["host"],
            "POSTGRES_PORT": parts.get("port", "5432"),
            "POSTGRES_DB": parts["dbname"],
            "POSTGRES_USER": parts["user"],
            "POSTGRES_PASSWORD": parts.get("password", ""),
        }


_EMPTIED = "".join(
    [
        "BEGIN; SET LOCAL session_replication_role = replica; ",
        *(f"DELETE FROM public.{table.lower()}; " for table in application.TABLES),
        "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S' "
        "AND relnamespace = 'public'::regnamespace; COMMIT",
    ]
)

#: Another answer after a test than before says that it left definitions behind.
_DEFINITIONS = """
SELECT (SELECT array_agg(oid ORDER BY oid) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace OR relpersistence = 't'),
       (SELECT array_agg(attname ORDER BY attrelid, attnum) FROM pg_attribute
        WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)),
       (SELECT max(oid) FROM pg_constraint), (SELECT max(oid) FROM pg_trigger),
       (SELECT array_agg(p::text ORDER BY p::text) FROM outgrow.pragmas p)
"""
