"""Columns whose JSON comes from jsonb: compared as what it parses to.

jsonb keeps neither the order of keys nor the spelling of numbers and strings (docs/types.md), so
for such a column, and no other, both sides are respelled before they are compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from outgrow.model.types import Kind
from outgrow.translate.expressions.values import Rep
from outgrow.translate.queries.query import Column
from outgrow.translate.schema import ColumnInfo

Row = tuple[Any, ...]


def loose_results(columns: Sequence[Column]) -> frozenset[int]:
    """The places of result columns that come from jsonb."""
    return frozenset(
        place
        for place, column in enumerate(columns)
        if column.value.loose or (column.type.kind is Kind.JSONB and column.value.rep is Rep.JSONB)
    )


def loose_columns(columns: Sequence[ColumnInfo]) -> frozenset[int]:
    """The places of a table's jsonb columns."""
    return frozenset(
        place
        for place, column in enumerate(columns)
        if column.type.kind is Kind.JSONB and not column.type.tagged
    )


def respelled(rows: Iterable[Row], places: frozenset[int]) -> list[Row]:
    """The rows with the texts at these places in one spelling."""
    return [
        tuple(_respelled(v) if place in places else v for place, v in enumerate(row))
        for row in rows
    ]


def _respelled(value: Any) -> Any:
    """JSON in one spelling; 1 and 1.0 stay apart, a text that is no JSON stays as it is."""
    if not isinstance(value, str):
        return value
    try:
        # Adding makes 0.0 of -0.0, which jsonb does not keep.
        return json.dumps(json.loads(value, parse_float=lambda f: float(f) + 0.0), sort_keys=True)
    except ValueError:
        return value
