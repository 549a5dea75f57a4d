"""What a pool is told, and what it does; psycopg_pool or, for psycopg2, one of our own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from outgrow.database.postgres.sessions import Session


@dataclass(frozen=True, slots=True)
class Opening:
    """How connections are made.

    Args:
        conninfo: for libpq, password included.
        least: connections that are kept open.
        most: connections that are open at most.
        timeout: seconds to wait for one.
        configure: called with each new session.
        check: called with each session before it is lent; raises the driver's error if it is lost.
        through_pgbouncer: whether a pooler may give each transaction another connection.

    """

    conninfo: str = field(repr=False)
    least: int
    most: int
    timeout: float
    configure: Callable[[Session], None]
    check: Callable[[Session], None]
    through_pgbouncer: bool = False


class Pool(Protocol):
    """Connections that threads share."""

    def open(self) -> None:
        """Begin; raises the driver's error where there is no server to connect to."""
        ...

    def probe(self) -> None:
        """Connect as every session does, and go; raises the driver's error."""
        ...

    def session(self) -> AbstractContextManager[Session]:
        """Lend a session, waiting for one up to the timeout; raises the driver's error."""
        ...

    def apart(self) -> AbstractContextManager[Session]:
        """Open a session of its own, beside the pool; raises the driver's error."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...

    @property
    def statistics(self) -> Mapping[str, int]:
        """Counts by name: pool_size, pool_available, …."""
        ...
