"""psycopg 3 and its pool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import AdaptersMap, Loader
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import TextLoader
from psycopg_pool import ConnectionPool, PoolTimeout

from outgrow.database.postgres.pools import Opening
from outgrow.database.postgres.sessions import Arguments, Result, Session

_IDLE = pq.TransactionStatus.IDLE
_FAILED = pq.TransactionStatus.INERROR

#: Read as the texts they are; what a column stands for tells what to make of them.
_AS_TEXT = (
    *("numeric", "date", "time", "timetz", "timestamp", "timestamptz", "interval"),
    *("json", "jsonb", "uuid"),
)


class _ZeroOrOne(Loader):
    """SQLite has no booleans."""

    def load(self, data: Any) -> int:
        return 1 if data == b"t" else 0


def _teach(adapters: AdaptersMap, *, native: bool) -> None:
    # Of one type whatever its size, so that a statement is prepared once.
    adapters.register_dumper(int, Int8Dumper)
    if native:
        return
    for name in _AS_TEXT:
        adapters.register_loader(name, TextLoader)
    adapters.register_loader("bool", _ZeroOrOne)


class PoolIsFull(psycopg.OperationalError):
    """No connection came free in time."""

    is_about_pool = True


class PsycopgConnection(psycopg.Connection[Any]):
    """A connection that keeps its session, cursors and all, while it is in the pool."""

    session: PsycopgSession


class PsycopgSession:
    """A session of psycopg 3; see `Session`."""

    errors: type[Exception] = psycopg.Error

    def __init__(self, connection: PsycopgConnection) -> None:
        self.connection = connection
        self._cursors = {native: connection.cursor() for native in (False, True)}
        # Several statements at once have no parameters on the server: the values are written in.
        self._clients = {native: psycopg.ClientCursor(connection) for native in (False, True)}
        for cursors in (self._cursors, self._clients):
            for native, cursor in cursors.items():
                _teach(cursor.adapters, native=native)

    def run(self, sql: str, arguments: Arguments = None, *, native: bool = False) -> Result:
        """Run one statement, prepared on the server when it comes often."""
        cursor = self._cursors[native]
        cursor.execute(sql, arguments or None)
        return _result(cursor)

    def run_after(
        self, first: str, sql: str, arguments: Arguments = None, *, native: bool = False
    ) -> Result:
        """Run several statements in one round trip; the last one gives the result."""
        cursor = self._clients[native]
        cursor.execute(f"{first}; {sql}", arguments or None)
        while cursor.nextset():
            pass
        return _result(cursor)

    def run_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run one statement many times, in a pipeline."""
        cursor = self._cursors[False]
        cursor.executemany(sql, rows)
        return int(cursor.rowcount)

    def run_native(self, sql: str, arguments: Any) -> Result:
        """Run PostgreSQL's own SQL."""
        cursor = self._cursors[True]
        cursor.execute(sql, arguments or None)
        return _result(cursor)

    def cancel(self) -> None:
        """Ask the server to stop."""
        self.connection.cancel_safe(timeout=5)

    @property
    def is_broken(self) -> bool:
        """Whether the connection is lost."""
        return self.connection.broken or self.connection.closed

    @property
    def is_failed(self) -> bool:
        """Whether a ROLLBACK has to come."""
        return self.connection.info.transaction_status == _FAILED

    @property
    def is_idle(self) -> bool:
        """Whether no transaction is open."""
        return self.connection.info.transaction_status == _IDLE


def _result(cursor: psycopg.Cursor[Any]) -> Result:
    described = cursor.description
    if described is None:
        return Result([], cursor.rowcount)
    return Result(cursor.fetchall(), cursor.rowcount, tuple(column.name for column in described))


class PsycopgPool:
    """psycopg_pool, which waits for a free connection and makes new ones for those that broke."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._pool = ConnectionPool(
            opening.conninfo,
            connection_class=PsycopgConnection,
            min_size=opening.least,
            max_size=opening.most,
            timeout=opening.timeout,
            kwargs={
                "autocommit": True,
                "prepare_threshold": None if opening.through_pgbouncer else 5,
            },
            configure=self._configure,
            check=lambda connection: opening.check(connection.session),
            reset=_reset,
            name="outgrow",
            open=False,
        )

    def _configure(self, connection: PsycopgConnection) -> None:
        connection.session = PsycopgSession(connection)
        self._opening.configure(connection.session)

    def open(self) -> None:
        """Connect once, so that a wrong password is told at once, then keep connections."""
        self.probe()
        self._pool.open()

    def probe(self) -> None:
        """Connect and go; raises the driver's error."""
        psycopg.connect(self._opening.conninfo).close()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Lend a session, waiting for one up to the timeout; raises the driver's errors."""
        connection = self._taken()
        try:
            yield connection.session
        finally:
            self._pool.putconn(connection)

    def _taken(self) -> PsycopgConnection:
        try:
            return self._pool.getconn()
        except PoolTimeout as error:
            self.probe()  # tells why, where there is no server
            raise PoolIsFull(
                f"all {self._opening.most} connections of the pool were in use for "
                f"{self._opening.timeout:g} seconds"
            ) from error

    @contextmanager
    def apart(self) -> Iterator[Session]:
        """Open a session of its own, beside the pool; raises the driver's errors."""
        with PsycopgConnection.connect(self._opening.conninfo, autocommit=True) as connection:
            self._configure(connection)
            yield connection.session

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    @property
    def statistics(self) -> Mapping[str, int]:
        """Give the pool's counts, by psycopg_pool's names."""
        return self._pool.get_stats()


def _reset(connection: PsycopgConnection) -> None:
    if connection.info.transaction_status != _IDLE:
        connection.rollback()
