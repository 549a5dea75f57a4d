"""What a statement of an application becomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from outgrow.translate.queries.query import Column
from outgrow.translate.schema import Schema

#: The SQLSTATE of ``RAISE(ROLLBACK, …)``: after such an error a connection rolls back.
ROLLS_BACK = "23R01"


class Kind(StrEnum):
    """What a statement does, as far as a connection has to know.

    ``IGNORED``: it means nothing in PostgreSQL and nothing is sent.
    """

    SELECT = "select"
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    SCHEMA = "schema"
    TRANSACTION = "transaction"
    PRAGMA = "pragma"
    IGNORED = "ignored"


class Action(StrEnum):
    """What a statement does to the transaction.

    SQLite and PostgreSQL differ where there is none, or one already: SAVEPOINT then begins one in
    SQLite and RELEASE of the outermost commits it, and BEGIN or COMMIT is an error. A connection
    knows which.
    """

    BEGIN = "begin"
    COMMIT = "commit"
    ROLLBACK = "rollback"
    SAVEPOINT = "savepoint"
    RELEASE = "release"
    ROLLBACK_TO = "rollback to"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A translated statement before its parameters are placed.

    Args:
        kind: what it does.
        steps: what PostgreSQL runs, in this order and in one transaction. The last step gives the
            rows and the number of changes.
        columns: the result columns.
        writes: the folded SQLite name of the table that is written.
        gives_rowid: whether one more result column, the last, is the rowid of each row inserted;
            it is not SQLite's, a connection takes it away.
        schema: the schema that holds after the statement, where it defines something.
        action: what it does to the transaction. Steps of BEGIN may stand before it begins.
        summed: whether every step gives rows and changes, which add up.

    """

    kind: Kind
    steps: tuple[str, ...]
    columns: tuple[Column, ...] = ()
    writes: str = ""
    gives_rowid: bool = False
    schema: Schema | None = None
    action: Action | None = None
    summed: bool = False
