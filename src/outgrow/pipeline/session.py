"""A connection to the target in which every complaint of the server is one line with a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from outgrow.errors import DecisionNeeded, TargetError
from outgrow.postgres.failures import explain
from outgrow.postgres.target import Target, connect

Connection = psycopg.Connection[Any]


@contextmanager
def session(target: Target, *, writes: bool = True) -> Iterator[Connection]:
    """Open a connection for as long as the context lasts; raises TargetError.

    Without ``writes`` it may be one that takes none.
    What fails meanwhile and names no place is about the target, and says so.
    """
    with connect(target, writes=writes) as connection:
        try:
            yield connection
        except (TargetError, DecisionNeeded) as error:
            error.where = error.where or target.display
            raise
        except psycopg.Error as error:
            raise explain(error, target.display, connection) from error


def server_version(connection: Connection) -> str:
    """Give the server's version as it tells it at the start of a session."""
    return connection.info.parameter_status("server_version") or ""
