"""What is in a target, by PostgreSQL's catalogs and rows: has anything changed, what was kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]

#: Every object of a schema with all that makes it; numbers of the catalog tell a new one of the
#: same name from the old one.
_OBJECTS = """
    SELECT 'relation ' || relname, concat_ws(' ', oid, relkind, relfilenode, relchecks,
        relhastriggers, relacl, (SELECT md5(string_agg(a::text, ';' ORDER BY attnum))
        FROM pg_attribute a WHERE attrelid = c.oid),
        CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END)
    FROM pg_class c WHERE relnamespace = %(schema)s::regnamespace
    UNION ALL
    SELECT 'constraint ' || conname || ' on ' || conrelid::regclass,
        concat_ws(' ', oid, convalidated, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace
    UNION ALL
    SELECT 'trigger ' || tgname || ' on ' || relname, concat_ws(' ', t.oid, tgenabled,
        pg_get_triggerdef(t.oid))
    FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
    WHERE relnamespace = %(schema)s::regnamespace AND NOT tgisinternal
    UNION ALL
    SELECT 'function ' || proname, concat_ws(' ', oid, md5(prosrc))
    FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
"""


def objects(database: str, schema: str = "public") -> dict[str, str]:
    """Describe everything in a schema, with a checksum of the rows of each table."""
    with psycopg.connect(database, autocommit=True) as connection:
        found = dict(connection.execute(_OBJECTS, {"schema": schema}).fetchall())
        for name in [each for each in found if each.startswith("relation ")]:
            kind = found[name].split(" ")[1]
            relation = sql.Identifier(schema, name.removeprefix("relation "))
            if kind == "r":
                query = "SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM {} t"
            elif kind == "S":
                query = "SELECT last_value, is_called FROM {}"
            else:
                continue
            row = connection.execute(sql.SQL(query).format(relation)).fetchone()
            found[f"content of {name}"] = str(row)
    return found


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Name the objects that came, went or changed."""
    return [name for name in sorted(before.keys() | now) if before.get(name) != now.get(name)]


@dataclass(frozen=True)
class Left:
    """What an interrupted run has left: its row, and its tables that have been loaded.

    Args:
        run: its number; 0 if it had not begun, or was done.
        steps: the entries of its journal.
        loaded: by the table's name, when that was, and the table's numbers in the catalog: another
            relfilenode means that it was emptied and filled again
            (https://www.postgresql.org/docs/current/storage-file-layout.html).

    """

    run: int
    steps: frozenset[str]
    loaded: Mapping[str, tuple[Any, ...]]
    rows: int


_NOTHING = Left(0, frozenset(), {}, 0)

_LOADED = """
    SELECT c.relname, j.done, c.oid, c.relfilenode, (j.detail->'rows_loaded')::bigint
    FROM outgrow.journal j JOIN pg_class c ON c.relname = lower(substr(j.step, 6))
    WHERE j.run = %s AND j.step LIKE 'load:%%' AND c.relnamespace = %s::regnamespace
"""


def left(database: str) -> Left:
    """Tell what is there for a run to continue."""
    with psycopg.connect(database, autocommit=True) as connection:
        if connection.execute("SELECT to_regclass('outgrow.journal')").fetchone() == (None,):
            return _NOTHING
        rows = connection.execute(
            "SELECT id, staging FROM outgrow.runs WHERE status = 'running'"
        ).fetchall()
        assert len(rows) <= 1, f"{len(rows)} runs are under way"
        return _left_of(connection, *rows[0]) if rows else _NOTHING


def kept(database: str, run: int, schema: str = "public") -> Left:
    """Tell the same of a run that has been published."""
    with psycopg.connect(database, autocommit=True) as connection:
        return _left_of(connection, run, schema)


def _left_of(connection: Connection, run: int, schema: str) -> Left:
    steps = connection.execute("SELECT step FROM outgrow.journal WHERE run = %s", (run,)).fetchall()
    loaded = connection.execute(_LOADED, (run, schema)).fetchall()
    return Left(
        run,
        frozenset(step for (step,) in steps),
        {name: tuple(numbers) for name, *numbers, _ in loaded},
        sum(rows for *_, rows in loaded),
    )


def runs(database: str) -> list[tuple[int, str]]:
    """Give each run with its status."""
    with psycopg.connect(database, autocommit=True) as connection:
        return connection.execute("SELECT id, status FROM outgrow.runs ORDER BY id").fetchall()


def is_heard(database: str) -> bool:
    """Whether the last run that published has heard the server say so."""
    query = "SELECT max(id) FILTER (WHERE finished IS NULL) = max(id) FROM outgrow.runs"
    with psycopg.connect(database, autocommit=True) as connection:
        return connection.execute(query).fetchone() != (True,)


def report_of_last(database: str) -> dict[str, Any]:
    """Give what the last published run has said."""
    query = "SELECT result FROM outgrow.runs WHERE status = 'published' ORDER BY id DESC LIMIT 1"
    with psycopg.connect(database, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return dict(row[0])


def remains(database: str) -> list[str]:
    """Name the schemas that are neither PostgreSQL's, nor the application's, nor the journal's."""
    query = (
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' "
        "AND nspname NOT IN ('information_schema', 'public', 'outgrow')"
    )
    with psycopg.connect(database, autocommit=True) as connection:
        return [name for (name,) in connection.execute(query)]
