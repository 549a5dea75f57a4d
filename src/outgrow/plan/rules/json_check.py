"""A CHECK that asks for JSON: ``CHECK (json_valid(payload))``.

https://www.sqlite.org/json1.html#jvalid
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength
from outgrow.plan.words import names_column, nodes


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See json_valid in a CHECK."""
    for check in table.checks:
        if any(_asks_for_json(node, column.name) for node in nodes(check.expression.tree)):
            return Evidence(Kind.JSONB, "a CHECK asks for valid JSON", Strength.HINT)
    return None


def _asks_for_json(node: Mapping[str, Any], name: str) -> bool:
    if node.get("type") != "FunctionCall" or str(node.get("func_name")).lower() != "json_valid":
        return False
    arguments = node.get("args")
    children = arguments.get("children") if isinstance(arguments, Mapping) else None
    return isinstance(children, list) and any(names_column(child, name) for child in children[:1])


CASES = (
    Case("a TEXT CHECK (json_valid(a))", Kind.JSONB, ("1",)),
    Case("a TEXT CHECK (a IS NULL OR JSON_VALID(A))", Kind.JSONB),
    Case("a TEXT CHECK (json_valid('a') = 0)", None, ("1",)),
    Case("a TEXT CHECK (length(a) > 0)", None),
)
