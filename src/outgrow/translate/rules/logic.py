"""AND, OR, NOT, IS, BETWEEN, IN, CASE, EXISTS and the comparisons.

``flag = 1`` → ``flag``; ``a IS NOT b`` → ``a IS DISTINCT FROM b``; ``x IS TRUE`` → a test of the
number; ``CASE WHEN n THEN`` → ``CASE WHEN n <> 0 THEN``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outgrow.translate.errors import unsupported
from outgrow.translate.expressions import rowvalues
from outgrow.translate.expressions.compare import compare, identical, plain_operands
from outgrow.translate.expressions.convert import like_branches, unify
from outgrow.translate.expressions.json_forms import chosen
from outgrow.translate.expressions.values import Rep, Value, condition, constant
from outgrow.translate.parse import Node, children, names_a_column, statement, without
from outgrow.translate.queries.select import subquery
from outgrow.translate.registry import Rule
from outgrow.translate.rules.literals import truth_name
from outgrow.translate.translator import Translator

_COMPARISONS = {
    "EQ": "=",
    "EQ_DOUBLE": "=",
    "NE": "<>",
    "NE_ANGLE": "<>",
    "LT": "<",
    "LE": "<=",
    "GT": ">",
    "GE": ">=",
}


def operand(translator: Translator, node: Node) -> Value:
    """Translate a side of a comparison, and see whether every row compares with the same."""
    value = translator.expr(node)
    if value.is_constant or "random" in value.sql or names_a_column(node):
        return value
    return replace(value, fixed=True)


def comparison(translator: Translator, node: Node) -> Value:
    """``a < b`` and the like."""
    if rowvalues.is_row(node["left"]) or rowvalues.is_row(node["right"]):
        return rowvalues.comparison(translator, node, _COMPARISONS[node["op"]])
    left, right = operand(translator, node["left"]), operand(translator, node["right"])
    return compare(translator.ctx, _COMPARISONS[node["op"]], left, right)


def junction(translator: Translator, node: Node) -> Value:
    """AND and OR; three-valued on both sides alike."""
    left, right = translator.condition(node["left"]), translator.condition(node["right"])
    return condition(
        f"{left.operand} {node['op']} {right.operand}", nullable=left.nullable or right.nullable
    )


def negation(translator: Translator, node: Node) -> Value:
    """``NOT x``."""
    value = translator.condition(node["operand"])
    return condition(f"NOT {value.operand}", nullable=value.nullable)


def is_(translator: Translator, node: Node) -> Value:
    """IS, IS NOT, IS [NOT] DISTINCT FROM, ISNULL, NOTNULL; IS TRUE tests the number."""
    operator = node["op"]
    if rowvalues.is_row(node["left"]):
        return rowvalues.identity(translator, node)
    left = operand(translator, node["left"])
    if operator in ("IS_NULL", "NOT_NULL", "NOT_NULL_SPACED"):
        return identical(
            translator.ctx, "=" if operator == "IS_NULL" else "<>", left, constant(None)
        )
    positive = operator in ("IS", "IS_NOT_DISTINCT")
    truth = truth_name(without(node["right"], "ParenExpr", "CollateExpr"))
    if truth is not None:
        test = translator.condition(node["left"])
        word = f"IS {'' if positive else 'NOT '}{'TRUE' if truth else 'FALSE'}"
        return condition(f"{test.operand} {word}", nullable=False)
    return identical(
        translator.ctx, "=" if positive else "<>", left, operand(translator, node["right"])
    )


def between(translator: Translator, node: Node) -> Value:
    """``x BETWEEN a AND b`` is ``x >= a AND x <= b``, each with its own affinity."""
    if rowvalues.is_row(node["operand"]):
        return rowvalues.between(translator, node)
    tested = operand(translator, node["operand"])
    _check_once(tested, "BETWEEN")
    low = compare(translator.ctx, ">=", tested, operand(translator, node["low"]))
    high = compare(translator.ctx, "<=", tested, operand(translator, node["high"]))
    both = f"{low.operand} AND {high.operand}"
    written = f"NOT ({both})" if node["negated"] else both
    return condition(written, nullable=low.nullable or high.nullable)


def in_(translator: Translator, node: Node) -> Value:
    """``x IN (a, b)`` is ``x = a OR x = b``; the list has no affinity of its own."""
    source = node["source"]
    if source is not None and source["type"] == "TableRef":
        source = {**statement("SELECT * FROM t"), "from_clause": source}
    is_list = source is None or source["type"] == "ExprList"
    if rowvalues.is_row(node["operand"]):
        row = rowvalues.members(translator, node["operand"])
        found = (rowvalues.in_list if is_list else rowvalues.in_select)(translator, row, source)
    elif is_list:
        found = _in_list(translator, operand(translator, node["operand"]), children(source))
    else:
        tested = operand(translator, node["operand"])
        found = rowvalues.in_select(translator, [tested], source)
    if node["negated"]:
        return condition(f"NOT {found.operand}", nullable=found.nullable)
    return found


def _in_list(translator: Translator, tested: Value, items: Sequence[Node]) -> Value:
    if not items:
        return condition("false", nullable=False, atom=True)
    values = [rowvalues.listed(operand(translator, item)) for item in items]
    pairs = [plain_operands(translator.ctx, tested, value) for value in values]
    plain = [pair for pair in pairs if pair is not None]
    if len(plain) == len(values) > 1 and len({left for left, _ in plain}) == 1:
        listed = ", ".join(right for _, right in plain)
        nullable = tested.nullable or any(value.nullable for value in values)
        return condition(f"{plain[0][0]} IN ({listed})", nullable=nullable)
    tests = [compare(translator.ctx, "=", tested, value) for value in values]
    if len(tests) == 1:
        return tests[0]
    _check_once(tested, "IN")
    nullable = any(test.nullable for test in tests)
    return condition(" OR ".join(test.operand for test in tests), nullable=nullable)


def case(translator: Translator, node: Node) -> Value:
    """CASE, with and without an operand; the branches meet in one type."""
    start, tests = _tests(translator, node)
    results = [translator.expr(branch["then_expr"]) for branch in children(node["whens"])]
    otherwise = translator.expr(node["else_expr"]) if node["else_expr"] else constant(None)
    given = [value.computed() for value in (*results, otherwise)]
    branches = unify(translator.ctx, given, loose=True)
    has_else = node["else_expr"] is not None

    def choose(results: Sequence[str], *, has_else: bool = True) -> str:
        whens = [f"WHEN {test} THEN {then}" for test, then in zip(tests, results, strict=False)]
        listed = " ".join([*whens, f"ELSE {results[-1]}"] if has_else else whens)
        return f"{start} {listed} END"

    nullable = not has_else or any(v.nullable for v in branches)
    written = choose([branch.sql for branch in branches], has_else=has_else)
    made = like_branches(branches, written, nullable=nullable)
    return chosen(translator, made, given, choose)


def _tests(translator: Translator, node: Node) -> tuple[str, list[str]]:
    """What follows CASE, and each WHEN: ``CASE x WHEN a`` where each is a plain comparison."""
    whens = [branch["when_expr"] for branch in children(node["whens"])]
    if node["operand"] is None:
        return "CASE", [translator.condition(when).sql for when in whens]
    if rowvalues.is_row(node["operand"]):
        given = [{"left": node["operand"], "op": "EQ", "right": when} for when in whens]
        return "CASE", [comparison(translator, each).sql for each in given]
    tested = operand(translator, node["operand"])
    values = [operand(translator, when) for when in whens]
    pairs = [plain_operands(translator.ctx, tested, value) for value in values]
    plain = [pair for pair in pairs if pair is not None]
    if len(plain) == len(pairs) and len({left for left, _ in plain}) == 1:
        return f"CASE {plain[0][0]}", [right for _, right in plain]
    _check_once(tested, "CASE")
    return "CASE", [compare(translator.ctx, "=", tested, value).sql for value in values]


def _check_once(tested: Value, what: str) -> None:
    """Refuse to throw the dice for every comparison, where SQLite throws them once."""
    if "outgrow.random" in tested.sql:
        raise unsupported(
            f"random() in {what}, which compares it more than once",
            "Select it in a subquery first",
        )


def exists(translator: Translator, node: Node) -> Value:
    """``EXISTS (SELECT …)``."""
    return condition(f"EXISTS ({subquery(translator, node['select']).sql})", nullable=False)


def scalar(translator: Translator, node: Node) -> Value:
    """``(SELECT …)`` as a value: the first row's, NULL where there is none."""
    inner = subquery(translator, node["select"])
    if len(inner.columns) != 1:
        raise unsupported("a row of several columns as a value")
    value = inner.values[0]
    if value.rep is Rep.NULL:
        return constant(None)
    query = inner.sql if inner.one_row else inner.limited()
    # It keeps the affinity, and no collation: (SELECT name) = 'A' compares bytes.
    value = replace(value, collation="BINARY", explicit=False, column=False)
    return replace(
        value,
        sql=f"({query})",
        nullable=True,
        atom=True,
        is_constant=False,
        narrow=False,
        form=value.form_behind(f"({query})"),
    )


RULES: dict[str, Rule] = {
    **{f"BinaryExpr:{operator}": comparison for operator in _COMPARISONS},
    "BinaryExpr:AND": junction,
    "BinaryExpr:OR": junction,
    "UnaryExpr:NOT": negation,
    **{
        f"IsExpr:{operator}": is_
        for operator in (
            "IS",
            "IS_NOT",
            "IS_NULL",
            "NOT_NULL",
            "NOT_NULL_SPACED",
            "IS_NOT_DISTINCT",
            "IS_DISTINCT",
        )
    },
    "BetweenExpr": between,
    "InExpr": in_,
    "CaseExpr": case,
    "ExistsExpr": exists,
    "SubqueryExpr": scalar,
}
