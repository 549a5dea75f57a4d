"""Row values, and IN over a SELECT: https://www.sqlite.org/rowvalue.html.

``(a, b) = (1, 2)`` → ``a = 1 AND b = 2``; ``(a, b) > (x, y)`` stays a comparison of rows, which an
index on both serves, where each pair compares as in PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.compare import compare, identical, plain_operands
from outgrow.translate.expressions.values import Value, condition
from outgrow.translate.parse import Node, children
from outgrow.translate.queries.query import Query
from outgrow.translate.queries.select import subquery
from outgrow.translate.translator import Translator

_STRICT = {"<": "<", "<=": "<", ">": ">", ">=": ">"}


def is_row(node: Node) -> bool:
    """Whether an expression is a row of several values."""
    node = _inner(node)
    if node["type"] == "SubqueryExpr":
        select = node["select"]
        return select["type"] == "SelectStmt" and _is_wide(children(select["columns"]))
    return bool(node["type"] == "RowValue")


def _is_wide(columns: Sequence[Node]) -> bool:
    return len(columns) > 1 and not any("STAR" in column["flags"] for column in columns)


def _inner(node: Node) -> Node:
    while node["type"] == "ParenExpr":
        node = node["expr"]
    return node


def members(translator: Translator, node: Node) -> list[Value]:
    """The values of a written row; raises UntranslatableSQL for anything else."""
    node = _inner(node)
    if node["type"] != "RowValue":
        raise unsupported("a subquery as a row here", "Write the row as (a, b)")
    return translator.all(children(node["items"]))


def comparison(translator: Translator, node: Node, operator: str) -> Value:
    """Compare two rows, from the left."""
    left, right = _inner(node["left"]), _inner(node["right"])
    if "SubqueryExpr" in (left["type"], right["type"]):
        return _with_subquery(translator, left, right, operator)
    return _compared(translator, operator, members(translator, left), members(translator, right))


def _compared(
    translator: Translator, operator: str, left: Sequence[Value], right: Sequence[Value]
) -> Value:
    pairs = _pairs(left, right)
    if operator not in _STRICT:
        tests = [compare(translator.ctx, operator, a, b) for a, b in pairs]
        return _joined(tests, " AND " if operator == "=" else " OR ")
    plain = [plain_operands(translator.ctx, a, b, operator) for a, b in pairs]
    nullable = any(value.nullable for value in (*left, *right))
    if None not in plain:
        first, second = (", ".join(side) for side in zip(*filter(None, plain), strict=True))
        return condition(f"({first}) {operator} ({second})", nullable=nullable)
    *before, last = pairs
    test = compare(translator.ctx, operator, *last)
    for a, b in reversed(before):
        strict = compare(translator.ctx, _STRICT[operator], a, b)
        equal = compare(translator.ctx, "=", a, b)
        written = f"{strict.operand} OR ({equal.operand} AND {test.operand})"
        test = condition(written, nullable=nullable)
    return test


def _with_subquery(translator: Translator, left: Node, right: Node, operator: str) -> Value:
    """A SELECT gives one row, or NULLs where it has none."""
    turned = left["type"] == "SubqueryExpr"
    if turned and right["type"] == "SubqueryExpr":
        raise unsupported("two subqueries compared as rows")
    row = members(translator, right if turned else left)
    inner = subquery(translator, (left if turned else right)["select"])
    alias = translator.ctx.fresh_alias()
    columns = inner.members(alias)
    sides = (columns, row) if turned else (row, columns)
    test = _compared(translator, operator, *sides)
    query = inner.sql if inner.one_row else inner.limited()
    names = ", ".join(inner.sql_names)
    return condition(
        f"(SELECT {test.sql} FROM ({query}) AS {alias}({names}))", nullable=True, atom=True
    )


def identity(translator: Translator, node: Node) -> Value:
    """IS and IS NOT of two rows."""
    operator = "=" if node["op"] in ("IS", "IS_NOT_DISTINCT") else "<>"
    if node["right"] is None:
        raise unsupported("a row tested for NULL")
    left, right = members(translator, node["left"]), members(translator, node["right"])
    tests = [identical(translator.ctx, operator, a, b) for a, b in _pairs(left, right)]
    return _joined(tests, " AND " if operator == "=" else " OR ")


def between(translator: Translator, node: Node) -> Value:
    """``(a, b) BETWEEN (c, d) AND (e, f)``."""
    tested = members(translator, node["operand"])
    low = _compared(translator, ">=", tested, members(translator, node["low"]))
    high = _compared(translator, "<=", tested, members(translator, node["high"]))
    both = _joined([low, high], " AND ")
    if node["negated"]:
        return condition(f"NOT {both.operand}", nullable=both.nullable)
    return both


def listed(value: Value) -> Value:
    """A value in the list of an IN: it has no affinity and no collation there.

    https://www.sqlite.org/lang_expr.html#in_op
    """
    return replace(value, affinity=None, collation="BINARY", explicit=False, column=False)


def in_list(translator: Translator, tested: Sequence[Value], items: Node | None) -> Value:
    """``(a, b) IN ((1, 2), (3, 4))``."""
    if not children(items):
        return condition("false", nullable=False, atom=True)
    rows = [[listed(v) for v in members(translator, item)] for item in children(items)]
    return _joined([_compared(translator, "=", tested, row) for row in rows], " OR ")


def in_select(translator: Translator, tested: Sequence[Value], select: Node) -> Value:
    """``x IN (SELECT …)``, ``(a, b) IN (SELECT …)``."""
    inner = subquery(translator, select)
    alias = translator.ctx.fresh_alias()
    pairs = _pairs(tested, inner.members(alias))
    plain = [plain_operands(translator.ctx, a, b) for a, b in pairs]
    names = ", ".join(inner.sql_names)
    if None in plain:
        tests = [compare(translator.ctx, "=", a, b) for a, b in pairs]
        _check_ungrouped(translator, tested)
        return _searched(inner, _joined(tests, " AND "), f"{alias}({names})")
    left, right = (", ".join(side) for side in zip(*filter(None, plain), strict=True))
    left = f"({left})" if len(pairs) > 1 else left
    if right == ", ".join(column.sql for _, column in pairs):
        return condition(f"{left} IN ({inner.sql})", nullable=True)
    return condition(
        f"{left} IN (SELECT {right} FROM ({inner.sql}) AS {alias}({names}))", nullable=True
    )


def _check_ungrouped(translator: Translator, tested: Sequence[Value]) -> None:
    """Refuse what PostgreSQL can't read inside a subquery: an expression that is grouped by."""
    if translator.scope.grouped is None:
        return
    for value in tested:
        if not (value.is_constant or (value.stored and value.atom)):
            raise unsupported(
                f"{value.sql} IN a SELECT of another class, beside GROUP BY or an aggregate",
                "Group in a subquery first",
            )


def _searched(inner: Query, test: Value, alias: str) -> Value:
    """IN where equality is no ``=`` of PostgreSQL: true, else NULL if one test is, else false."""
    found = (
        "CASE WHEN bool_or(found) THEN true WHEN bool_or(found IS NULL) THEN NULL ELSE false END"
    )
    tests = f"SELECT {test.sql} FROM ({inner.sql}) AS {alias}"
    return condition(f"(SELECT {found} FROM ({tests}) AS tests(found))", nullable=True, atom=True)


def _pairs(left: Sequence[Value], right: Sequence[Value]) -> list[tuple[Value, Value]]:
    if len(left) != len(right):
        raise unsupported("SQLite can't evaluate it either: rows of different size")
    return list(zip(left, right, strict=True))


def _joined(tests: Sequence[Value], word: str) -> Value:
    if len(tests) == 1:
        return tests[0]
    written = word.join(test.operand for test in tests)
    return condition(written, nullable=any(test.nullable for test in tests))
