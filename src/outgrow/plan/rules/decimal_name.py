"""A name that means money in a column of REAL values: ``price``, ``cost_per_token``, ``fee_usd``.

Whole numbers stay whole (``price INTEGER`` is cents), and a name that ends in a ratio is none.
"""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.source import Affinity, SourceColumn, SourceTable
from outgrow.model.types import Kind
from outgrow.plan.evidence import Case, Evidence, Strength
from outgrow.plan.words import words

_MONEY = frozenset(
    """
    budget cost costs earnings eur expense expenses fee fees gbp income payment price prices
    pricing profit revenue salary savings spend subtotal tax usd wage
    """.split()
)
_MONEY_AT_THE_END = frozenset("amount balance credit debit due paid total".split())
_NOT_MONEY = frozenset(
    """
    at count date day days efficiency factor hours id index minutes months pct percent
    percentage probability quantity rank rate ratio score seconds share time tokens weight
    """.split()
)


def look(table: SourceTable, column: SourceColumn, facts: ColumnFacts) -> Evidence | None:
    """See money in the name."""
    if column.affinity not in (Affinity.REAL, Affinity.NUMERIC):
        return None
    parts = words(column.name)
    if not parts or parts[-1] in _NOT_MONEY:
        return None
    said = next((word for word in parts if word in _MONEY), "")
    if not said and parts[-1] in _MONEY_AT_THE_END:
        said = parts[-1]
    return Evidence(Kind.NUMERIC, f"the name says {said}", Strength.HINT) if said else None


CASES = (
    Case("price REAL", Kind.NUMERIC, (1.5,)),
    Case("avg_cost_usd REAL", Kind.NUMERIC),
    Case("cost_per_token DOUBLE", Kind.NUMERIC),
    Case("OrderTotal FLOAT", Kind.NUMERIC),
    Case("cost_efficiency_score REAL", None, (1.5,)),
    Case("total_seconds REAL", None),
    Case("price INTEGER", None),
    Case("discount REAL", None, (0.25,)),
    Case("payment_date NUMERIC", None),
)
