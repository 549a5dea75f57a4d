"""SQLite, with the standard library's ``sqlite3``."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from outgrow.database.connection import DatabaseAdapter, Row, in_one_line
from outgrow.database.settings import Settings, read_settings
from outgrow.sqlite.percents import AmbiguousParameters, question_marks


class SQLiteAdapter(DatabaseAdapter):
    """One SQLite file, or several beside it.

    Args:
        path: the file; SQLITE_PATH without one. ``":memory:"`` is one database in memory, which
            lasts as long as the adapter.
        files: the application's files by their names, of which the first is the one at ``path``.
            With another ``path`` (SQLITE_PATH), the others are looked for beside that. Without
            them, any name is that of a file beside ``path``.
        timeout: seconds that every statement waits for a lock; POSTGRES_TIMEOUT without one.
        foreign_keys: whether foreign keys are enforced, as PostgreSQL always does.
        wal: whether readers and the writer work side by side (https://www.sqlite.org/wal.html).

    """

    def __init__(
        self,
        path: str | Path | None = None,
        *,
        files: Mapping[str, Path] | None = None,
        timeout: float | None = None,
        foreign_keys: bool = False,
        wal: bool = True,
    ) -> None:
        settings = read_settings() if path is None or timeout is None else Settings()
        self.path = settings.sqlite_path if path is None else str(path)
        self._files = _beside(files or {}, self.path)
        self.timeout = settings.timeout if timeout is None else timeout
        self.foreign_keys = foreign_keys
        self.wal = wal
        self._lock = threading.Lock()
        self._memory: sqlite3.Connection | None = None
        self._in_wal: set[str] = set()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Make the adapter for some settings."""
        return cls(settings.sqlite_path, timeout=settings.timeout)

    @contextmanager
    def get_connection(
        self, *, database: str | None = None, native_sql: bool = False, native: bool = False
    ) -> Iterator[SQLiteConnection]:
        """Open the file; commit at the end, roll back on an exception, close either way.

        Raises:
            sqlite3.OperationalError: the file can't be opened, or none has that name.
            sqlite3.NotSupportedError: ``native_sql``, which SQLite can't run.

        """
        if native_sql:
            raise sqlite3.NotSupportedError(
                "native_sql=True sends PostgreSQL's SQL, and DB_TYPE is sqlite; SQLite's SQL runs "
                "on both"
            )
        with closing(self._open(self._place(database), native)) as connection:
            try:
                yield connection
            except BaseException:
                if not connection.is_closed:
                    connection.rollback()
                raise
            if not connection.is_closed:
                connection.commit()

    def placeholder(self) -> str:
        """Give ``?``."""
        return "?"

    def now_function(self) -> str:
        """Give ``datetime('now')``."""
        return "datetime('now')"

    def get_db_type(self) -> str:
        """Give ``sqlite``."""
        return "sqlite"

    def close(self) -> None:
        """Forget a database in memory; files are closed with their connections."""
        with self._lock:
            if self._memory is not None:
                self._memory.close()
                self._memory = None

    def health_check(self) -> bool:
        """Whether every file is there and SQLite can read it."""
        others = () if self.path == ":memory:" else self._files.values()
        complaints = (self._complaint(path) for path in dict.fromkeys([self.path, *others]))
        self.health_error = next(filter(None, complaints), "")
        return not self.health_error

    def _complaint(self, path: str) -> str:
        if path == ":memory:":
            return ""
        try:
            uri = f"{Path(path).absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(uri, uri=True, timeout=self.timeout)) as connection:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        except (sqlite3.Error, OSError, ValueError) as error:
            if not Path(path).exists():
                return f"there is no file {path}; set SQLITE_PATH"
            return f"{path}: {in_one_line(error)}"
        return ""

    def _place(self, database: str | None) -> str:
        """The file of a name."""
        if database is None or self.path == ":memory:":
            return self.path
        if not self._files:
            own = Path(self.path)
            named = Path(database)
            return str(own.with_name(named.name if named.suffix else named.name + own.suffix))
        if database in self._files:
            return self._files[database]
        known = ", ".join(self._files)
        raise sqlite3.OperationalError(f"no database is called {database!r}; there are: {known}")

    def _open(self, path: str, native: bool) -> SQLiteConnection:
        detect = sqlite3.PARSE_DECLTYPES if native else 0
        if native:
            from outgrow.database.declared import learn  # noqa: PLC0415

            learn()
        if path == ":memory:":
            path, uri = self._shared_memory(), True
        else:
            uri = False
        connection = sqlite3.connect(
            path,
            timeout=self.timeout,
            factory=SQLiteConnection,
            check_same_thread=False,
            detect_types=detect,
            uri=uri,
        )
        connection.row_factory = Row
        connection.create_function("NOW", 0, _now)
        if self.foreign_keys:
            connection.execute("PRAGMA foreign_keys = ON")
        if self.wal and not uri and path not in self._in_wal:
            # The mode stays with the file; one that can't be written is read as it is.
            with suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA journal_mode = WAL").fetchall()
            self._in_wal.add(path)
        return connection

    def _shared_memory(self) -> str:
        """The URI of the adapter's database in memory, which is held open until `close`."""
        uri = f"file:outgrow-{id(self)}?mode=memory&cache=shared"
        with self._lock:
            if self._memory is None:
                self._memory = sqlite3.connect(uri, uri=True, check_same_thread=False)
        return uri


class SQLiteConnection(sqlite3.Connection):
    """sqlite3's connection, whose cursors take ``%s`` as well as ``?``."""

    is_closed = False

    def close(self) -> None:
        """Use the connection no more."""
        self.is_closed = True
        super().close()

    def cursor(self, factory: Any = None) -> Any:
        """Give a cursor."""
        return super().cursor(factory or SQLiteCursor)

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        """Run one statement; gives its cursor."""
        return super().execute(_marked(sql) if "%" in sql else sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Any:
        """Run one statement for each set of values; gives its cursor."""
        return super().executemany(_marked(sql) if "%" in sql else sql, parameters)


class SQLiteCursor(sqlite3.Cursor):
    """sqlite3's cursor, which takes ``%s`` as well as ``?``."""

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        """Run one statement; gives the cursor."""
        return super().execute(_marked(sql) if "%" in sql else sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Any:
        """Run one statement for each set of values; gives the cursor."""
        return super().executemany(_marked(sql) if "%" in sql else sql, parameters)


def _beside(files: Mapping[str, Path], path: str) -> dict[str, str]:
    """Where the files are, when the first one is at ``path``."""
    if not files:
        return {}
    first = next(iter(files))
    if Path(path) == files[first]:
        return {name: str(file) for name, file in files.items()}
    alike = len({file.name for file in files.values()}) < len(files)
    moved = {
        name: str(Path(path).with_name(name + file.suffix if alike else file.name))
        for name, file in files.items()
    }
    return moved | {first: path}


def _marked(sql: str) -> str:
    try:
        return question_marks(sql)
    except AmbiguousParameters as error:
        raise sqlite3.ProgrammingError(f"{error}. {error.hint}") from None


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
