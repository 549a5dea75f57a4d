"""What an adapter knows of its database: the schema, its translations, the helpers that are there.

All connections share it. It is read once, and again when another process changed a definition,
which the check of each connection that is lent tells.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from time import monotonic
from typing import Any

from outgrow.database.postgres.plans import Plans
from outgrow.database.postgres.sessions import Session
from outgrow.postgres.trust import UNTRUSTED
from outgrow.translate import Schema, shims
from outgrow.translate.definitions.target import read_schema

#: What changes with the definitions: the application's own, and those that a migration brought.
_REMEMBERS = (
    "SELECT to_regclass('outgrow.pragmas') IS NOT NULL, to_regclass('outgrow.runs') IS NOT NULL"
)
_COUNTED = (
    "SELECT value FROM outgrow.pragmas WHERE schema_name = %(schema)s AND name = 'schema_version'"
)
_SECONDS_BETWEEN_READINGS = 1.0

_MIGRATED = "SELECT max(id) FROM outgrow.runs WHERE status = 'published'"


class Knowledge:
    """What is known of one schema of a database; threads share it.

    Args:
        schema: the schema that holds the application's tables.
        timeout: seconds that a statement may wait for another transaction.
        apart: opens a session that is in nobody's transaction.
        is_pooled: whether each transaction may be in another session of the server.

    """

    def __init__(
        self,
        schema: str,
        timeout: float,
        apart: Callable[[], AbstractContextManager[Session]],
        *,
        is_pooled: bool = False,
    ) -> None:
        self.schema = schema
        self.timeout = timeout
        self.is_pooled = is_pooled
        self._apart = apart
        self._lock = threading.RLock()
        self._plans: Plans | None = None
        self._read_at = 0.0
        self._version: object = None
        self._question = ""
        self._helpers: frozenset[str] = frozenset()

    @property
    def known_plans(self) -> Plans | None:
        """The plans, if the schema was read."""
        return self._plans

    @property
    def known_schema(self) -> Schema | None:
        """The schema as it was read last."""
        return self._plans.schema if self._plans else None

    def check(self, session: Session) -> None:
        """Look whether a session lives, and whether the definitions are those that are known.

        Raises the driver's errors.
        """
        version = self._version_seen_by(session)
        with self._lock:
            if version != self._version:
                self._plans = None
                self._version = version

    def _version_seen_by(self, session: Session) -> object:
        if self._question:
            try:
                return session.run(self._question, {"schema": self.schema}).rows[0]
            except Exception:
                if session.is_broken:
                    raise
                self._question = ""  # somebody has dropped what it asks for
        ((is_counted, is_migrated),) = session.run(_REMEMBERS).rows
        if not is_counted:
            return None
        also = f", ({_MIGRATED})" if is_migrated else ""
        question = f"SELECT ({_COUNTED}){also}"
        version = session.run(question, {"schema": self.schema}).rows[0]
        self._question = question
        return version

    def plans(self, session: Session) -> Plans:
        """Give the plans for the schema as it is; read with ``session`` when needed."""
        known = self._plans
        if known is not None:
            return known
        with self._lock:
            if self._plans is None:
                self._plans = Plans(read(session, self.schema))
                self._read_at = monotonic()
            return self._plans

    def reread(self, session: Session, plans: Plans) -> bool:
        """Whether the schema is another than that of ``plans``, which did not know a name.

        Somebody may have changed it by other means; that is looked for once a second. ``session``
        is in no transaction.
        """
        self.check(session)
        with self._lock:
            if self._plans is plans and monotonic() - self._read_at > _SECONDS_BETWEEN_READINGS:
                self._read_at = monotonic()
                schema = read(session, self.schema)
                if schema != plans.schema:
                    self._plans = Plans(schema)
            return self._plans is not plans

    def forget(self) -> None:
        """Read the schema again before the next statement."""
        with self._lock:
            self._plans = None

    def lacks(self, names: frozenset[str]) -> bool:
        """Whether some of these helper functions are not known to be there."""
        return not names <= self._helpers

    def install(self, names: frozenset[str]) -> None:
        """Make what is missing of the helpers, whatever becomes of the transaction under way.

        Raises the driver's errors.
        """
        with self._lock, self._apart() as session:
            _require_trust(session)
            there = shims.installed(lambda sql: session.run(sql).rows)
            script = shims.upgrade_sql(there, names)
            if script:
                session.run_script(script)
            self._helpers |= names


def _require_trust(session: Session) -> None:
    """Raise OperationalError where a superuser would run what another role has put there."""
    owner = "(SELECT nspowner AS owner FROM pg_namespace WHERE nspname = 'outgrow') AS o"
    for (role,) in session.run(
        f"SELECT pg_get_userbyid(owner)::text FROM {owner} WHERE {UNTRUSTED}"
    ).rows:
        raise sqlite3.OperationalError(
            f'the schema outgrow belongs to the role "{role}", and a superuser makes no functions '
            "in it: work as that role"
        )


def read(session: Session, schema: str) -> Schema:
    """Read a schema as this session sees it, inside its transaction too."""
    return read_schema(runner(session), schema)


def runner(session: Session) -> Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]:
    """Give a function that runs a query with ``%s``, as `read_schema` has it."""

    def run(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        named = {f"p{number}": value for number, value in enumerate(parameters)}
        for name in named:
            sql = sql.replace("%s", f"%({name})s", 1)
        return session.run(sql if named else sql.replace("%%", "%"), named or None).rows

    return run
