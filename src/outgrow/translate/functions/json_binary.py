"""SQLite's binary JSON: https://www.sqlite.org/jsonb.html. PostgreSQL's jsonb is another format.

Calls over constants alone, ``jsonb('[1]')``, are evaluated by SQLite, as any function is.
"""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.translate.errors import UntranslatableSQL, unsupported
from outgrow.translate.expressions.values import Value
from outgrow.translate.registry import Aggregate, AggregateCall, Function
from outgrow.translate.translator import Translator

_SCALARS = (
    "jsonb",
    "jsonb_array",
    "jsonb_array_insert",
    "jsonb_extract",
    "jsonb_insert",
    "jsonb_object",
    "jsonb_patch",
    "jsonb_remove",
    "jsonb_replace",
    "jsonb_set",
)


def _refused(name: str) -> UntranslatableSQL:
    plain = name.replace("jsonb", "json")
    return unsupported(
        f"{name}(), which gives a blob in SQLite's own format", f"{plain}() gives the text"
    )


def _scalar(name: str) -> Function:
    def refuse(_: Translator, __: Sequence[Value]) -> Value:
        raise _refused(name)

    return Function(refuse, 0, None)


def _aggregate(name: str) -> Aggregate:
    def refuse(_: Translator, __: AggregateCall, ___: Sequence[Value]) -> Value:
        raise _refused(name)

    return Aggregate(refuse, 1, 2)


FUNCTIONS = {name: _scalar(name) for name in _SCALARS}
AGGREGATES = {name: _aggregate(name) for name in ("jsonb_group_array", "jsonb_group_object")}
