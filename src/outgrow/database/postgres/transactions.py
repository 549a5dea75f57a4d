"""The transaction of a connection: SQLite's rules over PostgreSQL's.

A statement that fails leaves the transaction as it was before it, as in SQLite. PostgreSQL needs
a savepoint for that; one is set only where there is something to lose, in the round trip of the
statement itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from outgrow.database.postgres.sessions import Session

#: One snapshot for all that is read: a row that somebody else changed meanwhile is an error, never
#: overwritten (https://www.postgresql.org/docs/current/transaction-iso.html#XACT-REPEATABLE-READ).
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ"

_OURS = '"outgrow statement"'
_MARKED = (f"SAVEPOINT {_OURS}",)
_RENEWED = (f"RELEASE SAVEPOINT {_OURS}", *_MARKED)


class Transaction:
    """What is open on the server, and what a failed statement may undo.

    Attributes:
        is_open: whether the application is in a transaction.
        is_begun: whether the server has been told.

    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.is_open = False
        self.is_begun = False
        self._begin = SNAPSHOT
        self._is_marked = False  # our savepoint stands, and nothing of the application above it
        self._is_ahead = False  # something was done since
        self._names: list[str] = []  # the application's savepoints, the outermost first
        self._ends_with_first = False  # the outermost savepoint began the transaction

    def open(self, begin: str = SNAPSHOT) -> None:
        """Begin; the server is told with the first statement, when SQLite reads its snapshot."""
        self.is_open, self.is_begun, self._begin = True, False, begin
        self._is_marked = self._is_ahead = False

    def begun_with(self, steps: Sequence[str]) -> None:
        """Begin at once, as BEGIN IMMEDIATE does; raises the driver's error if it can't."""
        try:
            for step in steps:
                self._session.run(step)
        except Exception:
            if not self._session.is_broken:
                self._session.run("ROLLBACK")
                self._session.run("SELECT pg_advisory_unlock_all()")
            raise
        self.is_open = self.is_begun = self._is_ahead = True
        self._is_marked = False

    def before(self) -> tuple[str, ...]:
        """What has to be sent before the next statement."""
        if not self.is_open or (self.is_begun and not self._is_ahead):
            return ()
        if not self.is_begun:
            return (self._begin,)
        return _RENEWED if self._is_marked else _MARKED

    def went(self, sent: tuple[str, ...], *, wrote: bool) -> None:
        """Note that a statement came through, after what `before` gave."""
        if not self.is_open:
            return
        if not self.is_begun:
            self.is_begun = self._is_ahead = True
            return
        if sent:
            self._is_marked, self._is_ahead = True, False
        if wrote or not self._is_marked:
            self._is_ahead = True

    def failed(self, sent: tuple[str, ...]) -> bool:
        """Undo a failed statement; whether all before it still stands.

        Raises the driver's error where the connection is lost.
        """
        if self._session.is_idle:
            if self.is_begun:
                self.forget()
                return False
            return True
        if not self.is_open or not self.is_begun:
            self._session.run("ROLLBACK")
            return True
        if not (self._is_marked or sent):
            return self._lost()
        try:
            self._session.run(f"ROLLBACK TO SAVEPOINT {_OURS}")
        except Exception:
            if self._session.is_broken:
                raise
            return self._lost()
        self._is_marked, self._is_ahead = True, False
        return True

    def _lost(self) -> bool:
        self._session.run("ROLLBACK")
        self.forget()
        return False

    def commit(self) -> None:
        """End it and keep it; raises the driver's error, after which nothing of it is left."""
        try:
            if self.is_begun:
                self._session.run("COMMIT")
        finally:
            self.forget()

    def rollback(self) -> None:
        """End it and take everything back."""
        try:
            if not self._session.is_idle:
                self._session.run("ROLLBACK")
        finally:
            self.forget()

    def savepoint(self, name: str, sql: str) -> None:
        """Set a savepoint of the application; outside of a transaction it begins one."""
        if not self.is_open:
            self.open()
            self._ends_with_first = True
        if not self.is_begun:
            self._session.run(self._begin)
            self.is_begun = True
        self._session.run(sql)
        self._names.append(name)
        self._is_marked, self._is_ahead = False, True

    def release(self, name: str, sql: str) -> None:
        """Forget a savepoint, and commit where it began the transaction."""
        place = self._place(name)
        if place == 0 and self._ends_with_first:
            self.commit()
            return
        self._session.run(sql)
        del self._names[place:]
        self._is_marked, self._is_ahead = False, True

    def rollback_to(self, name: str, sql: str) -> None:
        """Take back what came after a savepoint, which stays."""
        place = self._place(name)
        self._session.run(sql)
        del self._names[place + 1 :]
        self._is_marked, self._is_ahead = False, True

    def _place(self, name: str) -> int:
        if name not in self._names:
            raise sqlite3.OperationalError(f"no such savepoint: {name}")
        return len(self._names) - 1 - self._names[::-1].index(name)

    def forget(self) -> None:
        """The transaction has ended."""
        self.is_open = self.is_begun = self._is_marked = self._is_ahead = False
        self._ends_with_first = False
        self._names = []
