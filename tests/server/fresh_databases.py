"""Databases of throwaway servers."""

from __future__ import annotations

from typing import Any

import psycopg


def make_database(server: psycopg.Connection[Any], name: str, template: str = "template1") -> None:
    """Make a database in the cheap way, which takes a tenth of the server's time.

    It needs a checkpoint, which is nothing without fsync. Both names need no quotes.
    https://www.postgresql.org/docs/current/sql-createdatabase.html
    """
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")  # type: ignore[arg-type]
