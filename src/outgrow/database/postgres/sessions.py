"""What a driver has to do: run a statement, with others before it, in one round trip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from outgrow.database.postgres.psycopg_statements import Sendable

Arguments = Mapping[str, Any] | None


class Result(NamedTuple):
    """Rows as the driver read them, and how many rows were touched (-1 where it doesn't count).

    Times, numerics, JSON and UUIDs are texts, booleans 0 and 1, unless native values were asked
    for. ``names`` is empty where the statement gives no rows.
    """

    rows: list[tuple[Any, ...]]
    changed: int
    names: tuple[str, ...] = ()


class Session(Protocol):
    """An open connection of a driver, in autocommit mode: BEGIN is sent as a statement.

    Every method raises the driver's own errors.
    """

    def run(self, sql: str, arguments: Arguments = None, *, native: bool = False) -> Result:
        """Run one statement."""
        ...

    def run_after(
        self,
        first: Sequence[str],
        sql: str,
        arguments: Arguments = None,
        *,
        native: bool = False,
    ) -> Result:
        """Run the statements of ``first``, which have no parameters, then ``sql``.

        Nothing after a statement that fails is run.
        """
        ...

    def run_script(self, script: str) -> None:
        """Run several statements that give nothing."""
        ...

    def run_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run one statement for each set of arguments; gives how many rows were touched."""
        ...

    def run_native(self, sql: str, arguments: Any) -> Result:
        """Run a statement of PostgreSQL with the driver's own way to write parameters."""
        ...

    def run_sendable(
        self,
        statement: Sendable,
        given: Sequence[bytes | None],
        first: Sequence[str],
        native: bool,
    ) -> Result:
        """Run a statement that is ready to be sent, after ``first``; only if it ``is_quick``."""
        ...

    @property
    def is_quick(self) -> bool:
        """Whether statements can be made ready beforehand."""
        ...

    @property
    def process(self) -> int:
        """The number of the server's process, as the server or a pooler told it at first."""
        ...

    @property
    def errors(self) -> type[Exception]:
        """The driver's class of errors."""
        ...

    def forget_statements(self) -> None:
        """Prepare everything anew: what a statement gives is not what it gave."""
        ...

    def cancel(self) -> None:
        """Ask the server to stop the statement under way; may be called from another thread."""
        ...

    def close(self) -> None:
        """Break the connection off, whatever is under way."""
        ...

    @property
    def is_broken(self) -> bool:
        """Whether the connection is lost."""
        ...

    @property
    def is_failed(self) -> bool:
        """Whether the server refuses everything until the transaction is rolled back."""
        ...

    @property
    def is_idle(self) -> bool:
        """Whether no transaction is open on the server."""
        ...
