"""A CHECK that allows 0 and 1 only: ``CHECK (open IN (0, 1))``, ``BETWEEN 0 AND 1``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outgrow.model.census import ColumnFacts
from outgrow.model.source import Affinity, SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength
from outgrow.plan.words import names_column, nodes


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See the two values in a CHECK."""
    for check in table.checks:
        if any(_allows_bits(node, column) for node in nodes(check.expression.tree)):
            return Evidence(Kind.BOOLEAN, "a CHECK allows 0 and 1 only", Strength.HINT)
    return None


def _allows_bits(node: Mapping[str, Any], column: SourceColumn) -> bool:
    if node.get("negated") or not names_column(node.get("operand"), column.name):
        return False
    if node.get("type") == "InExpr":
        source = node.get("source")
        items = source.get("children", ()) if isinstance(source, Mapping) else ()
        return sorted(str(item.get("source")) for item in items) == ["0", "1"]
    # BETWEEN 0 AND 1 says nothing of a column that may hold the fractions in between.
    if node.get("type") == "BetweenExpr" and column.affinity is Affinity.INTEGER:
        bounds = (node.get("low"), node.get("high"))
        return [b.get("source") for b in bounds if isinstance(b, Mapping)] == ["0", "1"]
    return False


CASES = (
    Case("a INTEGER CHECK (a IN (0, 1))", Kind.BOOLEAN, (0, 1)),
    Case("a INTEGER CHECK (A IS NULL OR a IN (1,0))", Kind.BOOLEAN),
    Case("a INTEGER CHECK (a BETWEEN 0 AND 1)", Kind.BOOLEAN),
    Case("a REAL CHECK (a BETWEEN 0 AND 1)", None),
    Case("a INTEGER CHECK (a IN (0, 1, 2))", None, (0, 1)),
    Case("a INTEGER CHECK (a NOT IN (0, 1))", None),
    Case("a INTEGER CHECK (abs(a) IN (0, 1))", None),
)
