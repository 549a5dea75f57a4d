"""Ways to treat a migrated database that damage nothing: verification must not mind any."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import psycopg
from programs import programs_of_15
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

#: What a database may set for its sessions.
_SETTINGS = (
    "DateStyle = 'SQL, DMY'",
    "DateStyle = 'German'",
    "DateStyle = 'Postgres, MDY'",
    "TimeZone = 'Asia/Kathmandu'",
    "TimeZone = 'America/St_Johns'",
    "extra_float_digits = -15",
    "extra_float_digits = 3",
    "bytea_output = 'escape'",
    "IntervalStyle = 'sql_standard'",
    "lc_monetary = 'C'",
    "lc_numeric = 'C'",
    "lc_time = 'C'",
    "search_path = 'nowhere'",
    "search_path = 'outgrow, public'",
    "standard_conforming_strings = off",
    "transform_null_equals = on",
    "quote_all_identifiers = on",
    "client_encoding = 'LATIN1'",
    "default_transaction_isolation = 'serializable'",
    "default_transaction_deferrable = on",
    "enable_seqscan = off",
    "enable_indexscan = off",
    "enable_hashagg = off",
    "work_mem = '64kB'",
    "jit = on",
    "parallel_setup_cost = 0",
    "min_parallel_table_scan_size = 0",
    "max_parallel_workers_per_gather = 4",
    "synchronize_seqscans = on",
    "plan_cache_mode = 'force_generic_plan'",
    "row_security = on",
    "statement_timeout = '5min'",
    "array_nulls = off",
    "check_function_bodies = off",
    "xmloption = 'document'",
    "default_toast_compression = 'pglz'",
)


@dataclass
class Sound:
    """A database that is treated."""

    conninfo: str
    schema: str
    random: Random

    def treat(self) -> str:
        """Do something to it that changes no value and no object; gives what it was."""
        way = self.random.choice(_WAYS)
        conninfo = make_conninfo(self.conninfo, client_encoding="UTF8")
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            tables = [
                table
                for (table,) in connection.execute(
                    "SELECT relname FROM pg_class WHERE relkind = 'r'"
                    " AND relnamespace = to_regnamespace(quote_ident(%s)) ORDER BY 1",
                    (self.schema,),
                )
            ]
            said = ""
            for table in tables:
                # What a NOT VALID constraint has let pass can't be written anew.
                with suppress(psycopg.errors.IntegrityError):
                    said = way(self, connection, table) or said
        return f"{way.__name__.strip('_').replace('_', ' ')} {said}".strip()

    def named(self, table: str) -> sql.Identifier:
        """As SQL names a table."""
        return sql.Identifier(self.schema, table)


Way = Callable[[Sound, psycopg.Connection, str], str]
_WAYS: list[Way] = []


def _way(way: Way) -> Way:
    _WAYS.append(way)
    return way


def _run(connection: psycopg.Connection, statement: str, *parts: sql.Composable) -> str:
    connection.execute(sql.SQL(statement).format(*parts))
    return ""


@_way
def _vacuum_full(sound: Sound, connection: psycopg.Connection, table: str) -> str:
    return _run(connection, "VACUUM (FULL, FREEZE) {}", sound.named(table))


@_way
def _analyze(sound: Sound, connection: psycopg.Connection, table: str) -> str:
    return _run(connection, "ANALYZE {}", sound.named(table))


@_way
def _reindex(sound: Sound, connection: psycopg.Connection, table: str) -> str:
    return _run(connection, "REINDEX TABLE {}", sound.named(table))


@_way
def _cluster(sound: Sound, connection: psycopg.Connection, table: str) -> str:
    """Sort the rows as one of the indexes does."""
    found = connection.execute(
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = indexrelid"
        " WHERE indrelid = %s::regclass AND indpred IS NULL AND indisvalid ORDER BY 1",
        (sound.named(table).as_string(connection),),
    ).fetchall()
    if found:
        (index,) = sound.random.choice(found)
        _run(connection, "CLUSTER {} USING {}", sound.named(table), sql.Identifier(index))
    return ""


@_way
def _rows_in_random_order(sound: Sound, connection: psycopg.Connection, table: str) -> str:
    found = _stored(sound, connection, table)
    if not found:
        return ""
    columns = sql.SQL(", ").join(found)
    name = sound.named(table)
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        order = sql.Literal(str(sound.random.random()))
        _run(
            connection,
            "CREATE TEMP TABLE kept ON COMMIT DROP AS"
            " SELECT {} FROM {} ORDER BY md5(ctid::text || {})",
            columns,
            name,
            order,
        )
        _run(connection, "DELETE FROM {}", name)
        _run(connection, "INSERT INTO {} ({}) SELECT * FROM kept", name, columns)
    return ""


def _stored(sound: Sound, connection: psycopg.Connection, table: str) -> list[sql.Identifier]:
    """Give the columns that an INSERT names."""
    found = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        (sound.named(table).as_string(connection),),
    )
    return [sql.Identifier(name) for (name,) in found]


@_way
def _some_rows_written_anew(sound: Sound, connection: psycopg.Connection, table: str) -> str:
    """Update rows to what they are, so that they stand elsewhere."""
    if columns := _stored(sound, connection, table):
        name = sound.random.choice(columns)
        every = sql.Literal(sound.random.randint(2, 9))
        query = "UPDATE {} SET {} = {} WHERE abs(hashtext(ctid::text)) % {} = 0"
        _run(connection, query, sound.named(table), name, name, every)
    return ""


@_way
def _an_aborted_change(sound: Sound, connection: psycopg.Connection, table: str) -> str:
    with connection.transaction(force_rollback=True):
        return _run(connection, "TRUNCATE {} CASCADE", sound.named(table))


@_way
def _objects_of_ones_own(sound: Sound, connection: psycopg.Connection, table: str) -> str:
    """Add a table, a view and a comment."""
    number = sound.random.randrange(10**9)
    name = sql.Identifier(sound.schema, f"own_{number}")
    _run(connection, "CREATE TABLE {} (id bigserial PRIMARY KEY, x text NOT NULL)", name)
    view = sql.Identifier(sound.schema, f"own_view_{number}")
    _run(connection, "CREATE VIEW {} AS SELECT count(*) AS n FROM {}", view, sound.named(table))
    return _run(connection, "COMMENT ON TABLE {} IS 'mine'", sound.named(table))


@_way
def _another_storage(sound: Sound, connection: psycopg.Connection, table: str) -> str:
    _run(connection, "ALTER TABLE {} SET (fillfactor = 40)", sound.named(table))
    return _run(connection, "VACUUM FULL {}", sound.named(table))


@_way
def _sequences_ahead(sound: Sound, connection: psycopg.Connection, table: str) -> str:
    """Take ids that no row keeps, as an application does that rolls back."""
    names = connection.execute(
        "SELECT quote_ident(n.nspname) || '.' || quote_ident(relname) FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_sequence ON seqrelid = c.oid"
        " WHERE nspname = %s AND coalesce(pg_sequence_last_value(c.oid), 0) < seqmax - 99",
        (sound.schema,),
    ).fetchall()
    for (name,) in names:
        connection.execute("SELECT nextval(%s)", (name,))
    return ""


@_way
def _settings(sound: Sound, connection: psycopg.Connection, table: str) -> str:
    """Have the database set other things for its sessions."""
    name = sql.Identifier(str(conninfo_to_dict(sound.conninfo)["dbname"]))
    chosen = sound.random.choice(_SETTINGS)
    _run(connection, f"ALTER DATABASE {{}} SET {chosen}", name)
    return chosen


@_way
def _no_settings(sound: Sound, connection: psycopg.Connection, table: str) -> str:
    name = sql.Identifier(str(conninfo_to_dict(sound.conninfo)["dbname"]))
    return _run(connection, "ALTER DATABASE {} RESET ALL", name)


def dumped_and_restored(conninfo: str, into: str) -> bool:
    """Take a database to another one with pg_dump, if its version's programs are here."""
    found = programs_of_15()
    if found is None:
        return False
    programs = (found / "pg_ctl").resolve().parent  # PATH often holds links to some of them
    with psycopg.connect(conninfo) as connection:
        if connection.info.server_version // 10_000 != 15 or not (programs / "pg_dump").exists():
            return False
    dump = subprocess.run(
        [programs / "pg_dump", "--dbname", conninfo], capture_output=True, check=True, timeout=120
    )
    subprocess.run(
        [programs / "psql", "--quiet", "-v", "ON_ERROR_STOP=1", "--dbname", into],
        input=dump.stdout,
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=120,
    )
    return True
