"""BEGIN, COMMIT, ROLLBACK and savepoints.

https://www.sqlite.org/lang_transaction.html. A transaction of SQLite reads one snapshot, which is
REPEATABLE READ in PostgreSQL (https://www.postgresql.org/docs/current/transaction-iso.html).
"""

from __future__ import annotations

from outgrow.model.names import fold
from outgrow.postgres.identifiers import quote
from outgrow.postgres.naming import fitting
from outgrow.translate.definitions.locking import lock_key
from outgrow.translate.outcome import Action, Kind, Outcome
from outgrow.translate.parse import Node, name_of
from outgrow.translate.registry import Statement
from outgrow.translate.translator import Translator

_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ"


def transaction(translator: Translator, node: Node) -> Outcome:
    """BEGIN in its forms, COMMIT or END, ROLLBACK."""
    match node["op"]:
        case "BEGIN" if node["trans_type"] in ("IMMEDIATE", "EXCLUSIVE"):
            return _outcome(Action.BEGIN, *_begin_writing(translator.ctx.schema.target_schema))
        case "BEGIN":
            return _outcome(Action.BEGIN, _BEGIN)
        case "ROLLBACK":
            return _outcome(Action.ROLLBACK, "ROLLBACK")
        case _:
            return _outcome(Action.COMMIT, "COMMIT")


def _begin_writing(schema: str) -> tuple[str, ...]:
    """Begin as the one writer: whoever begins so waits for the one before to end.

    The snapshot has to be taken after the wait. Taking the lock is what takes the snapshot, so
    the session has it already when the transaction asks for it, and gives its own back.
    """
    key = lock_key(schema)
    return (
        f"SELECT pg_advisory_lock({key})",
        _BEGIN,
        f"SELECT pg_advisory_xact_lock({key})",
        f"SELECT pg_advisory_unlock({key})",
    )


def savepoint(translator: Translator, node: Node) -> Outcome:
    """SAVEPOINT, RELEASE and ROLLBACK TO; of one name the newest is meant on both sides."""
    name = quote(fitting(fold(name_of(node["savepoint_name"]))))
    match node["op"]:
        case "SAVEPOINT":
            return _outcome(Action.SAVEPOINT, f"SAVEPOINT {name}")
        case "RELEASE":
            return _outcome(Action.RELEASE, f"RELEASE SAVEPOINT {name}")
        case _:
            return _outcome(Action.ROLLBACK_TO, f"ROLLBACK TO SAVEPOINT {name}")


def _outcome(action: Action, *steps: str) -> Outcome:
    return Outcome(Kind.TRANSACTION, steps, action=action)


STATEMENTS: dict[str, Statement] = {"TransactionStmt": transaction, "SavepointStmt": savepoint}
