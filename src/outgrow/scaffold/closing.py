"""The closing block of init: which server there is, which tables, and whether adapters work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing as closed
from dataclasses import dataclass, replace
from typing import NamedTuple

from outgrow.database.checks import Checked, check_adapter
from outgrow.database.connection import DatabaseAdapter
from outgrow.database.postgres_adapter import PostgreSQLAdapter
from outgrow.database.settings import Settings
from outgrow.database.sqlite_adapter import SQLiteAdapter
from outgrow.scaffold.project import Project

#: Nobody waits longer than this to be told that there is no server.
_SECONDS = 5.0

NOT_CHECKED = "not checked"


class Line(NamedTuple):
    """One line of the block; ``ok`` is None where nothing was checked."""

    subject: str
    says: str
    ok: bool | None


@dataclass(frozen=True, slots=True)
class _Tried:
    checks: tuple[Checked, ...]

    @property
    def failed(self) -> Checked | None:
        """The first check that went wrong."""
        return next((check for check in self.checks if not check.ok), None)

    @property
    def answers(self) -> bool:
        return self.checks[0].ok

    def line(self, subject: str) -> Line:
        failed = self.failed
        if failed is None:
            return Line(subject, f"works ({len(self.checks)} checks)", True)
        return Line(subject, f"{failed.name}: {failed.says}", False)


def closing(project: Project, settings: Settings, tables: int) -> Iterator[Line]:
    """Try both databases and tell of each; changes nothing in them.

    Args:
        project: whose first SQLite file is tried.
        settings: those of ``.env`` included.
        tables: how many the schema has.

    """
    with closed(_postgres(settings)) as adapter:
        server = _tried(adapter)
        there = _tables(adapter) if server.answers else 0
    if server.answers:
        yield Line("server", server.checks[1].says, True)
        yield Line("tables", f"{there} of {tables} are in the database", there >= tables)
    else:
        yield Line("server", f"{NOT_CHECKED}: {server.checks[0].says}", None)
        yield Line("tables", f"{tables} in migration/postgres_schema.sql, {NOT_CHECKED}", None)
    # The application decides about write-ahead logging; init leaves the file as it is.
    with closed(SQLiteAdapter(project.paths[0], wal=False)) as file:
        yield _tried(file).line("SQLite adapter")
    if server.answers:
        yield server.line("PostgreSQL adapter")
    else:
        yield Line("PostgreSQL adapter", NOT_CHECKED, None)


def _postgres(settings: Settings) -> PostgreSQLAdapter:
    """Take what names PostgreSQL, also while DB_TYPE still says sqlite."""
    return PostgreSQLAdapter.of(
        replace(settings, db_type="postgresql", timeout=min(settings.timeout, _SECONDS), pool_min=0)
    )


def _tried(adapter: DatabaseAdapter) -> _Tried:
    return _Tried(tuple(check_adapter(adapter)))


def _tables(adapter: DatabaseAdapter) -> int:
    query = "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = 'public'"
    with adapter.get_connection(native_sql=True) as connection:
        return int(connection.execute(query).fetchone()[0])
