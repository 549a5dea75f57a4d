"""A connection to PostgreSQL that is used like ``sqlite3``'s."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import RLock
from types import TracebackType
from typing import Any, Literal

from outgrow.database.connection import Row
from outgrow.database.postgres.cursor import Cursor
from outgrow.database.postgres.knowledge import Knowledge
from outgrow.database.postgres.sessions import Session
from outgrow.database.postgres.statements import Statements
from outgrow.translate import split

Parameters = Sequence[Any] | Mapping[str, Any]


_IN_PYTHON = "Compute it in the application, or write it in SQL"


def _no(what: str, hint: str) -> sqlite3.NotSupportedError:
    return sqlite3.NotSupportedError(f"{what} works with SQLite only. {hint}")


def _refused(what: str, hint: str) -> Callable[..., Any]:
    """Make a method that raises sqlite3.NotSupportedError: PostgreSQL has nothing like it."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise _no(what, hint)

    return refuse


class PostgresConnection(sqlite3.Connection):
    """What `PostgreSQLAdapter.get_connection` gives.

    It is a ``sqlite3.Connection`` to whoever asks, but never opened as one: what is not written
    here anew raises ``sqlite3.ProgrammingError``.
    """

    def __init__(  # the base class is not to open a file
        self,
        session: Session,
        knowledge: Knowledge,
        *,
        native: bool = False,
        native_sql: bool = False,
    ) -> None:
        self._statements: Statements | None = Statements(session, knowledge, native=native)
        self._turn = RLock()  # threads may share a connection, as they may one of SQLite
        self._native_sql = native_sql
        self._factory: Any = Row
        self._isolation: str | None = ""
        self._trace: Callable[[str], Any] | None = None

    # --- what sqlite3's connections have --------------------------------------------------------

    @property
    def row_factory(self) -> Any:
        """What makes a row of a cursor and a tuple; ``None`` for tuples."""
        return self._factory

    @row_factory.setter
    def row_factory(self, factory: Any) -> None:
        self._factory = factory

    @property
    def text_factory(self) -> Any:
        """Texts are ``str``; PostgreSQL holds no other."""
        return str

    @text_factory.setter
    def text_factory(self, factory: Any) -> None:
        if factory is not str:
            raise sqlite3.NotSupportedError("text_factory: texts are str in PostgreSQL")

    @property
    def isolation_level(self) -> Any:
        """``""`` or a kind of BEGIN that INSERT, UPDATE and DELETE start; ``None`` for none."""
        return self._isolation

    @isolation_level.setter
    def isolation_level(self, level: Any) -> None:
        if level is not None and level.upper() not in ("", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"):
            raise ValueError(
                "isolation_level string must be '', 'DEFERRED', 'IMMEDIATE' or 'EXCLUSIVE'"
            )
        if level is None:
            self.commit()
        self._isolation = None if level is None else level.upper()

    @property
    def autocommit(self) -> Any:
        """``sqlite3.LEGACY_TRANSACTION_CONTROL``: `isolation_level` rules (Python 3.12)."""
        return -1

    @autocommit.setter
    def autocommit(self, value: Any) -> None:
        if value is True or value is False or value != -1:
            raise sqlite3.NotSupportedError("autocommit: set isolation_level, None for autocommit")

    @property
    def in_transaction(self) -> bool:
        """Whether there is something to commit or roll back."""
        return self._open().in_transaction

    @property
    def total_changes(self) -> int:
        """Rows inserted, updated and deleted since the connection was opened."""
        return self._open().total_changes

    def cursor(self, factory: Any = None) -> Any:
        """Give a cursor."""
        self._open()
        return (factory or Cursor)(self)

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        """Run one statement; gives its cursor."""
        return self.cursor().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Any:
        """Run one statement for each set of values; gives its cursor."""
        return self.cursor().executemany(sql, parameters)

    def executescript(self, sql_script: str, /) -> Any:
        """Commit, then run each statement of a script; gives a cursor."""
        return self.cursor().executescript(sql_script)

    @property
    def is_closed(self) -> bool:
        """Whether the application has closed it."""
        return self._statements is None

    def commit(self) -> None:
        """Commit what is pending."""
        with self._turn:
            self._open().commit()

    def rollback(self) -> None:
        """Take back what is pending."""
        with self._turn:
            self._open().rollback()

    def interrupt(self) -> None:
        """Stop the statement under way; may be called from another thread."""
        self._open().session.cancel()

    def close(self) -> None:
        """Take back what is pending, and use the connection no more."""
        with self._turn:
            if self._statements is not None:
                try:
                    self._statements.end()
                finally:
                    self._statements = None

    def set_trace_callback(self, trace_callback: Callable[[str], Any] | None, /) -> None:
        """Tell each statement, as the application wrote it, to a function."""
        self._trace = trace_callback

    # --- what only SQLite has -------------------------------------------------------------------

    iterdump = _refused("iterdump", "Use pg_dump")
    backup = _refused("backup", "Use pg_dump")
    serialize = _refused("serialize", "Use pg_dump")
    deserialize = _refused("deserialize", "Use psql, or outgrow migrate")
    create_function = _refused("create_function", _IN_PYTHON)
    create_aggregate = _refused("create_aggregate", _IN_PYTHON)
    create_window_function = _refused("create_window_function", _IN_PYTHON)
    create_collation = _refused("create_collation", "Use BINARY, NOCASE or RTRIM")
    set_authorizer = _refused("set_authorizer", "Use GRANT and REVOKE")
    set_progress_handler = _refused("set_progress_handler", "Use a statement timeout")
    enable_load_extension = _refused("enable_load_extension", "Use CREATE EXTENSION")
    load_extension = _refused("load_extension", "Use CREATE EXTENSION")
    blobopen = _refused("blobopen", "Read and write the whole value")
    getlimit = _refused("getlimit", "PostgreSQL has limits of its own")
    setlimit = _refused("setlimit", "PostgreSQL has limits of its own")
    getconfig = _refused("getconfig", "PostgreSQL has settings of its own")
    setconfig = _refused("setconfig", "PostgreSQL has settings of its own")

    def __enter__(self) -> PostgresConnection:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Literal[False]:
        """Commit, or roll back on an exception; the connection stays open, as sqlite3's does."""
        if kind is None:
            self.commit()
        else:
            self.rollback()
        return False

    def __del__(self) -> None:
        """Leave nothing to do: the adapter takes the connection back."""

    # --- what the cursors ask for ---------------------------------------------------------------

    def _open(self) -> Statements:
        if self._statements is None:
            raise sqlite3.ProgrammingError("Cannot operate on a closed database.")
        return self._statements

    def run(self, sql: str, parameters: Parameters, *, script: bool = False) -> Any:
        """Run a statement for a cursor."""
        if self._trace is not None:
            self._trace(sql)
        with self._turn:
            statements = self._open()
            if self._native_sql:
                return statements.run_native(sql, parameters, self._isolation)
            return statements.run(sql, parameters, None if script else self._isolation)

    def run_many(self, sql: str, parameters: Iterable[Parameters]) -> Any:
        """Run a statement for each set of values, for a cursor."""
        if self._trace is not None:
            self._trace(sql)
        if self._native_sql:
            raise _no("executemany with native_sql", "Use execute")
        with self._turn:
            return self._open().run_many(sql, parameters, self._isolation)

    def run_script(self, script: str) -> None:
        """Run a script for a cursor."""
        if "\0" in script:
            raise ValueError("embedded null character")
        self.commit()
        for sql in [script] if self._native_sql else split(script):
            self.run(sql, (), script=True)
