"""psycopg2, which writes the values into the statement itself, and a pool that waits."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

import psycopg2
from psycopg2 import extensions as ext

from outgrow.database.postgres.pools import Opening
from outgrow.database.postgres.sessions import Arguments, Result, Session

#: By type number (https://www.postgresql.org/docs/current/catalog-pg-type.html): numeric, dates
#: and times, json, jsonb, uuid.
_AS_TEXT = (1700, 1082, 1083, 1266, 1114, 1184, 1186, 114, 3802, 2950)


def _text(value: str | None, _: Any) -> str | None:
    return value


def _zero_or_one(value: str | None, _: Any) -> int | None:
    return None if value is None else int(value == "t")


def _bytes(value: Any, cursor: Any) -> bytes | None:
    given = psycopg2.BINARY(value, cursor)
    return None if given is None else bytes(given)


_TEXTS = ext.new_type(_AS_TEXT, "OUTGROW_TEXT", _text)
_BOOLEANS = ext.new_type((16,), "OUTGROW_BOOLEAN", _zero_or_one)
_BYTES = ext.new_type((17,), "OUTGROW_BYTES", _bytes)


class PoolIsFull(psycopg2.OperationalError):  # type: ignore[misc]
    """No connection came free in time."""

    is_about_pool = True


class Psycopg2Session:
    """A session of psycopg2; see `Session`."""

    errors: type[Exception] = psycopg2.Error
    is_quick = False

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        connection.autocommit = True
        self._cursors = {native: connection.cursor() for native in (False, True)}
        ext.register_type(_BYTES, self._cursors[True])
        for kind in (_TEXTS, _BOOLEANS, _BYTES):
            ext.register_type(kind, self._cursors[False])

    @property
    def process(self) -> int:
        """The number of the server's process, as it was told at first."""
        number: int = self.connection.info.backend_pid
        return number

    def run(self, sql: str, arguments: Arguments = None, *, native: bool = False) -> Result:
        """Run one statement."""
        cursor = self._cursors[native]
        cursor.execute(sql, arguments or None)
        return _result(cursor)

    def run_after(
        self,
        first: Sequence[str],
        sql: str,
        arguments: Arguments = None,
        *,
        native: bool = False,
    ) -> Result:
        """Run several statements in one round trip; the last one gives the result."""
        return self.run("; ".join((*first, sql)), arguments, native=native)

    def run_sendable(self, *_: Any) -> Result:
        """Not here: the values are written into the statement."""
        raise NotImplementedError

    def run_script(self, script: str) -> None:
        """Run several statements that give nothing."""
        self._cursors[False].execute(script)

    def run_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run one statement many times; the count is of each."""
        cursor = self._cursors[False]
        changed = 0
        for row in rows:
            cursor.execute(sql, row or None)
            changed += cursor.rowcount
        return changed

    def run_native(self, sql: str, arguments: Any) -> Result:
        """Run PostgreSQL's own SQL."""
        cursor = self._cursors[True]
        cursor.execute(sql, arguments or None)
        return _result(cursor)

    def forget_statements(self) -> None:
        """Nothing is prepared."""

    def cancel(self) -> None:
        """Ask the server to stop."""
        self.connection.cancel()

    def close(self) -> None:
        """Break the connection off."""
        self.connection.close()

    @property
    def is_broken(self) -> bool:
        """Whether the connection is lost."""
        return bool(self.connection.closed)

    @property
    def is_failed(self) -> bool:
        """Whether a ROLLBACK has to come."""
        return bool(self.connection.info.transaction_status == ext.TRANSACTION_STATUS_INERROR)

    @property
    def is_idle(self) -> bool:
        """Whether no transaction is open."""
        return bool(self.connection.info.transaction_status == ext.TRANSACTION_STATUS_IDLE)


def _result(cursor: Any) -> Result:
    described = cursor.description
    if described is None:
        return Result([], cursor.rowcount)
    return Result(cursor.fetchall(), cursor.rowcount, tuple(column[0] for column in described))


class Psycopg2Pool:
    """A pool that waits for a free connection; psycopg2's own raises at once.

    Who came first is served first: a connection that comes back is handed to the one that has
    waited longest, so that nobody waits in vain while others come and go.
    """

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._lock = threading.Lock()
        self._idle: list[Psycopg2Session] = []
        #: Each gets a session, or None: then there is room to make one.
        self._waiting: deque[Future[Psycopg2Session | None]] = deque()
        self._count = 0
        self._is_closed = False

    def open(self) -> None:
        """Connect, so that a wrong password is told at once."""
        self._idle = [self._connected() for _ in range(max(1, self._opening.least))]
        self._count = len(self._idle)

    def probe(self) -> None:
        """Connect as every session does, and go; raises the driver's error."""
        with self.apart() as session:
            self._opening.check(session)

    def _connected(self) -> Psycopg2Session:
        session = Psycopg2Session(psycopg2.connect(self._opening.conninfo))
        try:
            self._opening.configure(session)
        except BaseException:
            session.connection.close()
            raise
        return session

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Lend a session, waiting for one up to the timeout; raises the driver's errors."""
        session = self._taken()
        try:
            yield session
        finally:
            self._put_back(session)

    def _taken(self) -> Psycopg2Session:
        give_up = monotonic() + self._opening.timeout
        while True:
            session = self._free_or_new(give_up)
            try:
                self._opening.check(session)
            except psycopg2.Error:
                is_refused = not session.is_broken
                self._put_back(session)
                if is_refused or monotonic() > give_up:
                    raise
            else:
                return session

    def _free_or_new(self, give_up: float) -> Psycopg2Session:
        with self._lock:
            turn: Future[Psycopg2Session | None] = Future()
            if self._idle:
                turn.set_result(self._idle.pop())
            elif self._count < self._opening.most:
                self._count += 1
                turn.set_result(None)
            else:
                self._waiting.append(turn)
        session = self._given(turn, give_up)
        if session is not None:
            return session
        try:
            return self._connected()
        except BaseException:
            self._pass_on(None)
            raise

    def _given(
        self, turn: Future[Psycopg2Session | None], give_up: float
    ) -> Psycopg2Session | None:
        try:
            return turn.result(max(0.0, give_up - monotonic()))
        except BaseException as error:
            with self._lock:
                if not turn.done():
                    self._waiting.remove(turn)
            if turn.done() and isinstance(error, TimeoutError):
                return turn.result()
            if turn.done():
                self._pass_on(turn.result())
            if not isinstance(error, TimeoutError):
                raise
            raise PoolIsFull(
                f"all {self._opening.most} connections of the pool were in use for "
                f"{self._opening.timeout:g} seconds"
            ) from None

    def _pass_on(self, session: Psycopg2Session | None) -> None:
        """Give a session, or None for the room to make one, to who waits longest, or keep it."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set_result(session)
            elif session is None:
                self._count -= 1
            else:
                self._idle.append(session)

    def _put_back(self, session: Psycopg2Session) -> None:
        with suppress(psycopg2.Error):
            if not session.is_broken and not session.is_idle:
                session.run("ROLLBACK")
        if session.is_broken or self._is_closed:
            self._dropped(session)
        else:
            self._pass_on(session)

    def _dropped(self, session: Psycopg2Session) -> None:
        with suppress(psycopg2.Error):
            session.connection.close()
        self._pass_on(None)

    @contextmanager
    def apart(self) -> Iterator[Session]:
        """Open a session of its own, beside the pool; raises the driver's errors."""
        session = self._connected()
        try:
            yield session
        finally:
            session.connection.close()

    def close(self) -> None:
        """Close every connection; those that are lent, when they come back."""
        with self._lock:
            self._is_closed = True
            sessions, self._idle = self._idle, []
            self._count -= len(sessions)
        for session in sessions:
            session.connection.close()

    @property
    def statistics(self) -> Mapping[str, int]:
        """Counts by psycopg_pool's names."""
        return {
            "pool_size": self._count,
            "pool_available": len(self._idle),
            "requests_waiting": len(self._waiting),
        }
