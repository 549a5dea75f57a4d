"""What a connection knows, and which SQLite this is.

``changes()``, ``total_changes()`` and ``last_insert_rowid()`` are facts of the connection
(https://www.sqlite.org/lang_corefunc.html#changes): it gives them as it runs the statement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from outgrow.postgres.identifiers import literal
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.fold import evaluate
from outgrow.translate.expressions.values import Value, integer, text
from outgrow.translate.parameters import marker
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator


def _fact(name: str) -> Callable[[Translator, Sequence[Value]], Value]:
    def fact(translator: Translator, values: Sequence[Value]) -> Value:
        _check(translator, f"{name}()")
        return integer(f"{marker(name)}::bigint", nullable=False)

    return fact


def _of_sqlite(call: str) -> Callable[[Translator, Sequence[Value]], Value]:
    def told(translator: Translator, values: Sequence[Value]) -> Value:
        _check(translator, call)
        translator.ctx.note(f"{call} is that of the SQLite whose results are given")
        return text(literal(str(evaluate(call))), nullable=False)

    return told


def _check(translator: Translator, call: str) -> None:
    """A view or a constraint would keep what was true when it was made."""
    if not translator.ctx.runtime:
        raise unsupported(f"{call} in a view, a trigger or a constraint")


FUNCTIONS = {
    "changes": Function(_fact("changes"), 0, 0),
    "total_changes": Function(_fact("total_changes"), 0, 0),
    "last_insert_rowid": Function(_fact("last_insert_rowid"), 0, 0),
    "sqlite_version": Function(_of_sqlite("sqlite_version()"), 0, 0),
    "sqlite_source_id": Function(_of_sqlite("sqlite_source_id()"), 0, 0),
}
