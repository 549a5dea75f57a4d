"""Which columns are the same in all rows of a group, because others are.

``GROUP BY o.customer`` with ``JOIN customers c ON c.id = o.customer`` leaves one row of
``customers`` in each group: every column of ``c`` depends on ``o.customer``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outgrow.translate.expressions.values import Value
from outgrow.translate.parse import Node, names_a_column, without
from outgrow.translate.scope import Source

if TYPE_CHECKING:
    from outgrow.translate.translator import Translator


@dataclass(frozen=True, slots=True)
class Dependency:
    """Where all columns of ``given`` are the same, those of ``then`` are (all by their SQL)."""

    given: frozenset[str]
    then: frozenset[str]


def conjuncts(node: Node | None) -> list[Node]:
    """The conditions that AND joins."""
    if node is None:
        return []
    node = without(node, "ParenExpr")
    if node["type"] == "BinaryExpr" and node["op"] == "AND":
        return conjuncts(node["left"]) + conjuncts(node["right"])
    return [node]


def equality(translator: Translator, node: Node) -> tuple[Value, Value | None] | None:
    """The column and the column or constant (``None``) that a condition says are equal."""
    if node["type"] != "BinaryExpr" or node["op"] not in ("EQ", "EQ_DOUBLE"):
        return None
    sides = [without(node[side], "ParenExpr") for side in ("left", "right")]
    if sides[0]["type"] != "ColumnRef":
        sides.reverse()
    if sides[0]["type"] != "ColumnRef":
        return None
    left = translator.expr(sides[0])
    if not names_a_column(sides[1]):
        return (left, None) if _is_exact(left) else None
    if sides[1]["type"] != "ColumnRef":
        return None
    right = translator.expr(sides[1])
    return (left, right) if alike(left, right) else None


def alike(left: Value, right: Value) -> bool:
    """Whether two columns that are equal hold the same, so that ``=`` is PostgreSQL's own."""
    return left.rep is right.rep and left.shape == right.shape and _is_exact(left, right)


def _is_exact(*values: Value) -> bool:
    return all(not value.is_text or value.collation == "BINARY" for value in values)


def of_pairs(pairs: Iterable[tuple[Value, Value | None] | None]) -> tuple[Dependency, ...]:
    """The dependencies that equalities in WHERE or in the ON of an inner join make."""
    found: list[Dependency] = []
    for pair in pairs:
        if pair is not None and pair[1] is not None:
            a, b = frozenset({pair[0].sql}), frozenset({pair[1].sql})
            found += [Dependency(a, b), Dependency(b, a)]
        elif pair is not None:
            found.append(Dependency(frozenset(), frozenset({pair[0].sql})))
    return tuple(found)


def of_left_join(
    pairs: Sequence[tuple[Value, Value | None] | None], sources: Iterable[Source]
) -> tuple[Dependency, ...]:
    """The dependencies of a LEFT JOIN: of the one table on its right, if ON is of its whole key."""
    joined = list(sources)
    values = [value for pair in pairs for value in pair or (None,)]
    if len(joined) != 1 or not values:
        return ()
    own = {value.sql for value in joined[0].columns.values()}
    key = {joined[0].columns[name].sql for name in joined[0].key}
    named = {value.sql for value in values if value is not None}
    if None in values or not key or not key <= named:
        return ()
    return (Dependency(frozenset(named - own), frozenset(own)),)


def closure(
    grouped: Iterable[str], sources: Iterable[Source], known: Iterable[Dependency]
) -> frozenset[str]:
    """All columns that are the same where those of ``grouped`` are."""
    rules = list(known)
    for source in sources:
        if source.key:
            key = frozenset(source.columns[name].sql for name in source.key)
            rules.append(Dependency(key, frozenset(v.sql for v in source.columns.values())))
    reached = frozenset(grouped)
    while True:
        wider = reached.union(*(rule.then for rule in rules if rule.given <= reached))
        if wider == reached:
            return reached
        reached = wider
