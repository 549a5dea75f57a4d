"""Whether a pooler gives the server's session to other clients between two transactions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from select import select
from time import monotonic

import psycopg
from psycopg.pq.abc import PGconn

_QUERY = b"SELECT pg_catalog.pg_backend_pid()"


def shares_sessions(
    process: Callable[[], int], conninfo: str, *, seconds: float | None = None
) -> bool | None:
    """Whether a second connection is served by the process that serves the first.

    A pooler gives a process number of its own. With pool_mode = session each client keeps its
    process; with transaction or statement the last one that was used is used again
    (https://www.pgbouncer.org/config.html#pool_mode).

    Args:
        process: asks for the process that serves the first connection.
        conninfo: of both.
        seconds: how long the second one may wait for a process; for ever without it.

    Returns:
        None where the second got no process in time.

    Raises:
        psycopg.Error: there is no second connection.

    """
    with closing(psycopg.connect(conninfo, autocommit=True)) as second:
        other = _answer(second.pgconn, seconds)
        return None if other is None else other == str(process()).encode()


def _answer(connection: PGconn, seconds: float | None) -> bytes | None:
    give_up = None if seconds is None else monotonic() + seconds
    connection.send_query(_QUERY)
    value = None
    while True:
        while connection.is_busy():
            left = None if give_up is None else max(0.0, give_up - monotonic())
            if not select([connection.socket], [], [], left)[0]:
                return None
            connection.consume_input()
        result = connection.get_result()
        if result is None:
            return value
        value = result.get_value(0, 0)
