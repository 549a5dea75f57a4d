"""PostgreSQL, through a pool, with psycopg 3 or psycopg2."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self
from weakref import WeakSet

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from outgrow.database.connection import DatabaseAdapter, in_one_line
from outgrow.database.postgres.connection import PostgresConnection
from outgrow.database.postgres.failures import sqlstate, translated
from outgrow.database.postgres.knowledge import Knowledge
from outgrow.database.postgres.pools import Opening, Pool
from outgrow.database.postgres.sessions import Session
from outgrow.database.postgres.settling import has_own_session, settle
from outgrow.database.settings import (
    BAD_SETTING,
    Settings,
    SettingsError,
    checked_driver,
    read_settings,
)
from outgrow.postgres.connection_failures import explain_connection
from outgrow.postgres.silence import CLIENT_SIDE
from outgrow.postgres.target import Target, parse_target

#: The adapters of this process; a forked child has to begin anew with each.
_alive: WeakSet[PostgreSQLAdapter] = WeakSet()


def _begin_anew_everywhere() -> None:
    for adapter in list(_alive):
        adapter.begin_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew_everywhere)


class PostgreSQLAdapter(DatabaseAdapter):
    """One PostgreSQL database.

    Nothing is connected before the first use. What is not given comes from the environment
    (POSTGRES_HOST … or DATABASE_URL), and what is not there from libpq's own defaults.

    Args:
        url: a URL or connection string, as libpq and SQLAlchemy write them.
        host, port, dbname, user, password: the same, one by one.
        pool_min: connections that are kept open.
        pool_max: connections that are open at most.
        timeout: seconds to wait for a connection and for a lock.
        driver: ``"psycopg"`` or ``"psycopg2"``.
        schema: where the application's tables are.
        statement_timeout: seconds after which the server stops a statement; 0 for never.
        application_name: what the server's statistics call this process.
        pgbouncer: whether a PgBouncer in transaction mode stands between: nothing is prepared on
            the server, and nothing is left to its sessions.

    """

    def __init__(
        self,
        url: str | None = None,
        *,
        host: str | None = None,
        port: int | None = None,
        dbname: str | None = None,
        user: str | None = None,
        password: str | None = None,
        pool_min: int | None = None,
        pool_max: int | None = None,
        timeout: float | None = None,
        driver: str | None = None,
        schema: str = "public",
        statement_timeout: float = 0,
        application_name: str = "outgrow",
        pgbouncer: bool | None = None,
    ) -> None:
        settings = read_settings()
        given = {"host": host, "port": port, "dbname": dbname, "user": user, "password": password}
        single = {name: str(value) for name, value in given.items() if value is not None}
        target = target_of(settings, url, single)
        self._conninfo, self._display = target.conninfo, target.display
        self.timeout = settings.timeout if timeout is None else timeout
        self.schema = schema
        self.driver = settings.driver if driver is None else checked_driver(driver)
        self._least = settings.pool_min if pool_min is None else pool_min
        self._most = max(settings.pool_max if pool_max is None else pool_max, 1)
        self._statement_timeout = statement_timeout
        self._application_name = application_name
        self._pgbouncer = settings.pgbouncer if pgbouncer is None else pgbouncer
        self._keeps_sessions = False  # where something stands between: whether it was looked at
        self._lock = threading.Lock()
        self.begin_anew()
        _alive.add(self)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Make the adapter for some settings."""
        return cls(
            settings.url or None,
            **({} if settings.url else _single(settings)),
            pool_min=settings.pool_min,
            pool_max=settings.pool_max,
            timeout=settings.timeout,
            driver=settings.driver,
            pgbouncer=settings.pgbouncer,
        )

    def begin_anew(self) -> None:
        """Have no pool yet: also in a forked child, which must not touch its parent's sockets."""
        self._lock = threading.Lock()
        self._abandoned = getattr(self, "_pool", None)  # never closed: the parent still uses it
        self._pool: Pool | None = None
        self.knowledge = Knowledge(
            self.schema,
            self.timeout,
            lambda: self._opened().apart(),
            is_pooled=self._pgbouncer,
        )

    @contextmanager
    def get_connection(
        self, *, database: str | None = None, native_sql: bool = False, native: bool = False
    ) -> Iterator[PostgresConnection]:
        """Lend a connection of the pool; commit at the end, roll back on an exception.

        ``database`` is taken and not looked at: every file's tables are in the one database.

        Raises:
            sqlite3.OperationalError: no connection came about in time; says why. It is the
                driver's OperationalError, too.

        """
        with self._session() as session:
            connection = PostgresConnection(
                session, self.knowledge, native=native, native_sql=native_sql
            )
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            try:
                if not connection.is_closed:
                    connection.commit()
            finally:
                connection.close()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        """Lend a session; an error of the driver about the connection is told as SQLite's too."""
        try:
            lent = self._opened().session()
            session = lent.__enter__()
        except Exception as error:
            told = self._told(error)
            if told is error:
                raise
            raise told from error
        try:
            yield session
        finally:
            lent.__exit__(None, None, None)

    def _told(self, error: Exception) -> Exception:
        is_about_pool = getattr(error, "is_about_pool", False)
        if is_about_pool or type(error).__module__.startswith("psycopg"):
            return translated(error, self._reason(error))
        return error

    def _reason(self, error: Exception) -> str:
        """Why no connection came about, in one line that holds no password."""
        if isinstance(error, SettingsError):
            return str(error)
        secret = str(conninfo_to_dict(self._conninfo).get("password", ""))
        if getattr(error, "is_about_pool", False):
            return in_one_line(error)
        told = str(explain_connection(error, self._display, secret)).partition("; without --to")[0]
        if sqlstate(error) == "42501" and "outgrow" in told:
            told += (
                ". GRANT USAGE ON SCHEMA outgrow and SELECT ON ALL TABLES IN SCHEMA outgrow to it"
            )
        return told

    def placeholder(self) -> str:
        """Give ``%s``."""
        return "%s"

    def now_function(self) -> str:
        """Give ``NOW()``."""
        return "NOW()"

    def get_db_type(self) -> str:
        """Give ``postgresql``."""
        return "postgresql"

    def close(self) -> None:
        """Close the pool; the next use opens it again."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def health_check(self) -> bool:
        """Whether the server lets this application in; a connection of its own, beside the pool."""
        try:
            self._made_pool().probe()
        except Exception as error:  # noqa: BLE001 - a health check never raises
            self.health_error = self._reason(error)
            return False
        self.health_error = ""
        return True

    def statistics(self) -> Mapping[str, int]:
        """Give the pool's counts, empty before the first use."""
        return self._pool.statistics if self._pool is not None else {}

    # --- the pool -------------------------------------------------------------------------------

    def _opened(self) -> Pool:
        pool = self._pool
        if pool is not None:
            return pool
        with self._lock:
            if self._pool is None:
                made = self._made_pool()
                made.open()
                self._pool = made
            return self._pool

    def _made_pool(self) -> Pool:
        opening = Opening(
            self._whole_conninfo(),
            min(self._least, self._most),
            self._most,
            self.timeout,
            self._settle,
            self.knowledge.check,
            self._pgbouncer,
        )
        if self.driver == "psycopg2":
            return _pool_of_psycopg2(opening)
        from outgrow.database.postgres.psycopg_pools import PsycopgPool  # noqa: PLC0415

        return PsycopgPool(opening)

    def _whole_conninfo(self) -> str:
        parameters = {**CLIENT_SIDE, **conninfo_to_dict(self._conninfo)}
        parameters.setdefault("connect_timeout", str(max(2, round(self.timeout))))
        parameters |= {"application_name": self._application_name, "client_encoding": "UTF8"}
        return make_conninfo("", **{key: str(value) for key, value in parameters.items()})

    def _settle(self, session: Session) -> None:
        """Make a new session like any other, whatever role and database are set up to be."""
        own = {
            "search_path": f'"{self.schema}"'.replace('"public"', "public"),
            "lock_timeout": str(round(self.timeout * 1000)),
            "statement_timeout": str(round(self._statement_timeout * 1000)),
        }
        # First, so that nothing of ours is left in a session that others get.
        if not self._pgbouncer and not self._keeps_sessions:
            self._keeps_sessions = has_own_session(session, self._whole_conninfo())
        settle(session, own, is_pooled=self._pgbouncer)


def _pool_of_psycopg2(opening: Opening) -> Pool:
    try:
        from outgrow.database.postgres.psycopg2_sessions import Psycopg2Pool  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            BAD_SETTING,
            f"POSTGRES_DRIVER is 'psycopg2', which can't be imported: {error}",
            fix="Install it with outgrow[psycopg2], or take POSTGRES_DRIVER=psycopg",
        ) from error
    return Psycopg2Pool(opening)


def _single(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "dbname": settings.dbname or None,
        "user": settings.user or None,
        "password": settings.password or None,
    }


def target_of(
    settings: Settings, url: str | None = None, single: Mapping[str, str] | None = None
) -> Target:
    """Give the database that settings name; a URL and single parameters go over them.

    Raises:
        UsageError: the URL is none of PostgreSQL.

    """
    single = single or {}
    text = url or (settings.url if not single else "")
    if text:
        target = parse_target(text)
        return Target(make_conninfo(target.conninfo, **single), target.display)
    given = {key: str(value) for key, value in _single(settings).items() if value is not None}
    return parse_target(make_conninfo("", **(given | dict(single))))
