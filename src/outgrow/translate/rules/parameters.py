"""Bound parameters: ``?1`` of an integer → ``CAST($1 AS bigint)``.

A parameter has no affinity. Its storage class is that of the value that the application binds, so
the statement is translated once for each combination of classes.
"""

from __future__ import annotations

from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.values import Rep, Value, constant
from outgrow.translate.parameters import marker
from outgrow.translate.parse import Node
from outgrow.translate.registry import Rule
from outgrow.translate.translator import Translator

_TYPES = {
    Rep.INTEGER: "bigint",
    Rep.REAL: "double precision",
    Rep.TEXT: "text",
    Rep.BLOB: "bytea",
    Rep.ANY: "jsonb",
}


def parameter(translator: Translator, node: Node) -> Value:
    """A parameter, typed by what is bound."""
    ctx = translator.ctx
    if not ctx.runtime:
        raise unsupported("a bound parameter in a stored expression")
    number = int(str(node["source"])[1:])
    rep = ctx.classes[number - 1] if number <= len(ctx.classes) else Rep.ANY
    if rep is Rep.NULL:
        return constant(None)
    written = f"CAST({marker(number)} AS {_TYPES[rep]})"
    return Value(written, rep, nullable=rep is Rep.ANY, atom=True)


RULES: dict[str, Rule] = {"Variable": parameter}
