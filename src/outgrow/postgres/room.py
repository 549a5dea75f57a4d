"""What the server has left: connections, and disk space where that can be known."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]

#: Seconds by which two clocks of one server may tell its start differently.
_SECONDS_APART = 5

#: A role without rights sees how many sessions there are, but not whose.
_FREE = """
WITH me AS (SELECT * FROM pg_roles WHERE rolname = current_user),
     here AS (SELECT * FROM pg_database WHERE datname = current_database()),
     used AS (SELECT sum(numbackends) AS all,
                     sum(numbackends) FILTER (WHERE datname = current_database()) AS here
              FROM pg_stat_database)
SELECT least(
    current_setting('max_connections')::int - used.all
        - CASE WHEN me.rolsuper THEN 0 ELSE
            current_setting('superuser_reserved_connections')::int
            + coalesce(current_setting('reserved_connections', true)::int, 0) END,
    CASE WHEN rolconnlimit >= 0 AND NOT rolsuper THEN rolconnlimit
        - (SELECT count(*) FROM pg_stat_activity WHERE usename = current_user) END,
    CASE WHEN datconnlimit >= 0 AND NOT rolsuper THEN datconnlimit - used.here END
)::int FROM me, here, used
"""


def free_connections(connection: Connection) -> int:
    """How many more connections this role may open here; raises psycopg.Error.

    Slots that are reserved for others, and the limits of role and database, are counted
    (https://www.postgresql.org/docs/current/runtime-config-connection.html).
    """
    row = connection.execute(_FREE).fetchone()
    return max(0, row[0]) if row else 0


def free_bytes(connection: Connection) -> int | None:
    """How much is free where the database's files are; ``None`` if that can't be known.

    PostgreSQL tells nobody. The disk is looked at only if the server runs on this machine and its
    data directory is told to the role (https://www.postgresql.org/docs/current/view-pg-settings.html)
    and can be entered: the start that is noted there has to be the server's.
    """
    row = connection.execute(
        "SELECT (SELECT setting FROM pg_settings WHERE name = 'data_directory'), "
        "extract(epoch FROM pg_postmaster_start_time())::bigint, "
        "pg_tablespace_location((SELECT dattablespace FROM pg_database "
        "WHERE datname = current_database()))"
    ).fetchone()
    if row is None or not row[0]:
        return None
    directory, started, tablespace = row
    try:
        lines = (Path(directory) / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        if abs(int(lines[2]) - started) > _SECONDS_APART:
            return None
        disk = os.statvfs(tablespace or directory)
    except (OSError, ValueError, IndexError):
        return None
    return disk.f_bavail * disk.f_frsize
