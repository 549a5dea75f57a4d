r"""Literals, names that stand for literals, parentheses.

``0x1F`` → ``31``; ``x'00ff'`` → ``'\x00ff'::bytea``; ``TRUE`` → ``1``; ``"text"`` in double
quotes, where no column has that name → ``'text'``.
"""

from __future__ import annotations

from dataclasses import replace

from outgrow.model.names import fold
from outgrow.translate.errors import UNKNOWN_NAME, UntranslatableSQL
from outgrow.translate.expressions.fold import evaluate
from outgrow.translate.expressions.values import Value, constant
from outgrow.translate.parse import Node
from outgrow.translate.registry import Rule
from outgrow.translate.times.moments import current
from outgrow.translate.translator import Translator

_TRUTH = {"true": 1, "false": 0}


def literal(translator: Translator, node: Node) -> Value:
    """A number, text, blob, NULL or CURRENT_TIMESTAMP, _DATE, _TIME."""
    source = str(node["source"])
    match node["literal_type"]:
        case "CURRENT":
            return current(translator.ctx, source)
        case "STRING":
            quote = source[0]
            return constant(source[1:-1].replace(quote * 2, quote))
        case "NULL":
            return constant(None)
        case _:
            return constant(evaluate(source))


def column(translator: Translator, node: Node) -> Value:
    """A column; a name in double quotes that is no column is a text."""
    name, table = str(node["column"] or ""), node["table"]
    found = translator.scope.column(name, table)
    if found is not None:
        return found
    if not table:
        if name in translator.ctx.quoted:
            return constant(name)
        if fold(name) in _TRUTH:
            return constant(_TRUTH[fold(name)])
    raise UntranslatableSQL(UNKNOWN_NAME, f"no such column: {f'{table}.' if table else ''}{name}")


def parentheses(translator: Translator, node: Node) -> Value:
    """Parentheses change nothing but the grouping, which every operand keeps anyway."""
    return translator.expr(node["expr"])


def collate(translator: Translator, node: Node) -> Value:
    """``x COLLATE NOCASE``: the comparison around it folds, the value is the same."""
    value = translator.expr(node["expr"])
    return replace(
        value,
        collation=str(node["collation"]).upper(),
        explicit=True,
        affinity=value.affinity,
    )


def unary_plus(translator: Translator, node: Node) -> Value:
    """``+x`` takes away the affinity, nothing else."""
    return replace(translator.expr(node["operand"]), affinity=None)


def truth_name(node: Node) -> bool | None:
    """Whether a node is the bare word TRUE or FALSE."""
    if node["type"] != "ColumnRef" or node["table"]:
        return None
    value = _TRUTH.get(fold(str(node["column"])))
    return None if value is None else bool(value)


RULES: dict[str, Rule] = {
    "Literal": literal,
    "ColumnRef": column,
    "ParenExpr": parentheses,
    "CollateExpr": collate,
    "UnaryExpr:PLUS": unary_plus,
}
