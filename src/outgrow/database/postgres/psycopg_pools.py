"""psycopg_pool, which waits for a connection, looks whether it lives, and makes new ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from time import monotonic

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from outgrow.database.postgres.pools import Opening
from outgrow.database.postgres.psycopg_sessions import PsycopgConnection, PsycopgSession
from outgrow.database.postgres.sessions import Session


class PoolIsFull(psycopg.OperationalError):
    """No connection came free in time."""

    is_about_pool = True


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
            kwargs={"autocommit": True, "prepare_threshold": None},
            configure=self._configure,
            name="outgrow",
            open=False,
        )

    def _configure(self, connection: PsycopgConnection) -> None:
        connection.session = PsycopgSession(
            connection, prepares=not self._opening.through_pgbouncer
        )
        self._opening.configure(connection.session)

    def open(self) -> None:
        """Connect once, so that a wrong password is told at once, then keep connections."""
        self.probe()
        self._pool.open()

    def probe(self) -> None:
        """Connect as every session does, and go; raises the driver's error."""
        with self.apart() as session:
            self._opening.check(session)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Lend a session, waiting for one up to the timeout; raises the driver's errors."""
        connection = self._taken()
        try:
            yield connection.session
        finally:
            _end_transaction(connection)
            self._pool.putconn(connection)

    def _taken(self) -> PsycopgConnection:
        """Take a connection that lives.

        The pool's own ``check`` waits twice as long after each connection that was lost, so that
        a few of them use up the timeout.
        """
        give_up = monotonic() + self._opening.timeout
        try:
            while True:
                connection = self._pool.getconn(max(0.0, give_up - monotonic()))
                if self._lives(connection):
                    return connection
        except PoolTimeout as error:
            self.probe()  # tells why, where there is no server
            raise PoolIsFull(
                f"all {self._opening.most} connections of the pool were in use for "
                f"{self._opening.timeout:g} seconds"
            ) from error

    def _lives(self, connection: PsycopgConnection) -> bool:
        """Look at a connection that was taken; one that is lost goes, the pool makes anew."""
        try:
            self._opening.check(connection.session)
        except BaseException as error:
            is_lost = connection.session.is_broken
            if is_lost or not isinstance(error, psycopg.Error):
                connection.close()
            self._pool.putconn(connection)
            if is_lost and isinstance(error, psycopg.Error):
                return False
            raise
        return True

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


def _end_transaction(connection: PsycopgConnection) -> None:
    """Leave nothing open; one that is lost, the pool throws away.

    The pool's own ``reset`` runs in another thread, and leaves the connection open when the pool
    is closed before that.
    """
    with suppress(psycopg.Error):
        if not connection.session.is_broken and not connection.session.is_idle:
            connection.rollback()
