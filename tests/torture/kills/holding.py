"""Holds a migration where it writes its n-th entry of the journal, for as long as one likes.

A trigger on the journal's tables waits for an advisory lock that the test holds: in the transaction
that does the step, before it is committed.
"""

from __future__ import annotations

from types import TracebackType

import psycopg

from torture.kills.victim import Victim, waited

#: Entries are counted in the order in which they are written: the run's row, its staging, each
#: step, the end of the run, and the COMMIT of each transaction that changes the run's row.
#: ``torture.watch()`` has to be called where the tables are there already; else they get the
#: triggers when they are made.
INSTALL = """
CREATE SCHEMA torture;
CREATE SEQUENCE torture.seen;
CREATE TABLE torture.held (entry bigint);
CREATE FUNCTION torture.hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('torture.seen') = (SELECT entry FROM torture.held) THEN
        PERFORM pg_advisory_xact_lock(1);
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION torture.watch() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TRIGGER hold BEFORE INSERT OR UPDATE ON outgrow.runs
        FOR EACH ROW EXECUTE FUNCTION torture.hold();
    CREATE CONSTRAINT TRIGGER hold_commit AFTER UPDATE ON outgrow.runs
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION torture.hold();
    CREATE TRIGGER hold BEFORE INSERT OR UPDATE ON outgrow.journal
        FOR EACH ROW EXECUTE FUNCTION torture.hold();
END $$;
CREATE FUNCTION torture.watch_when_made() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() d
               WHERE d.object_identity = 'outgrow.journal' AND d.command_tag = 'CREATE TABLE') THEN
        PERFORM torture.watch();
    END IF;
END $$;
CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE')
    EXECUTE FUNCTION torture.watch_when_made();
"""

_REMOVE = "DROP SCHEMA IF EXISTS torture CASCADE"

#: Sessions of the tool in this database.
_SESSIONS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE application_name LIKE 'outgrow%' AND datname = current_database()
"""
_HELD = """
    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Hold:
    """Holds whoever writes entry ``entry`` (from 1), until `release`."""

    def __init__(self, database: str, entry: int) -> None:
        self._session = psycopg.connect(database, autocommit=True)
        self._session.execute("SELECT pg_advisory_lock(1)")
        self._session.execute("INSERT INTO torture.held VALUES (%s)", (entry,))

    def wait(self, victim: Victim) -> bool:
        """Wait until it is held; False if it ended before."""
        waited(lambda: victim.has_ended or self._is_held(), "a migration that is not held")
        return self._is_held()

    def release(self) -> None:
        """Let it go on."""
        self._session.execute("SELECT pg_advisory_unlock(1)")

    def _is_held(self) -> bool:
        return self._session.execute(_HELD).fetchone() != (0,)

    def __enter__(self) -> Hold:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()


def wait_for_sessions(database: str) -> float:
    """Wait until the server has noticed that its client is gone; gives the seconds that took."""
    with psycopg.connect(database, autocommit=True) as connection:
        return waited(
            lambda: connection.execute(_SESSIONS).fetchone() == (0,),
            "a session of a dead migration",
        )


def remove(database: str) -> None:
    """Take the triggers away: what follows runs undisturbed."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(_REMOVE)
