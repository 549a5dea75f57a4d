"""What SELECT asks of SQLite so that COPY's text form is what PostgreSQL reads exactly.

The conversions rest on what the census proved of every value; what it ruled out never gets here,
and verification compares what arrived by other means.
"""

from __future__ import annotations

from outgrow.model.census import ColumnFacts
from outgrow.model.plan import ColumnPlan
from outgrow.model.types import Kind, Shape
from outgrow.sqlite.fitting import fits
from outgrow.sqlite.rows import quote_identifier


def projected(plan: ColumnPlan, facts: ColumnFacts, encoding: str) -> str:
    """Write the SELECT expression for one column; the value goes to COPY as it comes."""
    name = quote_identifier(plan.source)
    sql = _converted(name, plan, facts)
    if plan.quarantined:
        return f"CASE WHEN {fits(name, plan.type, encoding)} THEN {sql} END"
    return sql


def _converted(name: str, plan: ColumnPlan, facts: ColumnFacts) -> str:
    match plan.type.kind:
        case Kind.BYTEA if facts.classes != ("blob",):
            return f"CAST({name} AS BLOB)"
        case Kind.TEXT if facts.integers or facts.reals:
            return f"CAST({name} AS TEXT)"
        case Kind.TIMESTAMP if plan.type.shape is not None and plan.type.shape.is_epoch:
            return _from_epoch(name, plan.type.shape)
        case _:
            return name


def _from_epoch(name: str, shape: Shape) -> str:
    """Write an integer epoch as a timestamp's text, exactly and also before 1970."""
    unit = {"epoch s": 1, "epoch ms": 1_000, "epoch us": 1_000_000}[shape.notation]
    rest = f"((({name} % {unit}) + {unit}) % {unit})"
    seconds = f"datetime(({name} - {rest}) / {unit}, 'unixepoch')"
    if unit == 1:
        return seconds
    digits = len(str(unit)) - 1
    return f"{seconds} || printf('.%0{digits}d', {rest})"
