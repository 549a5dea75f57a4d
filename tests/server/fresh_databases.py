"""Databases of throwaway servers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo


def make_database(server: psycopg.Connection[Any], name: str, template: str = "template1") -> None:
    """Make a database in the cheap way, which takes a tenth of the server's time.

    It needs a checkpoint, which is nothing without fsync. Both names need no quotes.
    https://www.postgresql.org/docs/current/sql-createdatabase.html
    """
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")  # type: ignore[arg-type]


@contextmanager
def fresh_database(server: str, template: str = "template1") -> Iterator[str]:
    """Make a database on a server and give its conninfo; it is dropped afterwards."""
    name = f"fresh_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        make_database(connection, name, template)
        try:
            yield make_conninfo(server, dbname=name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]
