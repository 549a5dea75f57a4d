"""Any call of any function gives a translation or a refusal, never another error."""

from __future__ import annotations

from itertools import product

import apsw
import pytest
from translate_schemas import column, schema_with

from outgrow.model.source import Affinity, Expression
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.translate import (
    UntranslatableSQL,
    registry,
    translate_condition,
    translate_default,
    translate_expression,
)

SCHEMA = schema_with(
    column("id", Kind.BIGINT, Affinity.INTEGER, not_null=True),
    column("name", Kind.TEXT, Affinity.TEXT),
    column("nick", Kind.TEXT, Affinity.TEXT, collation="NOCASE"),
    column("cost", Kind.DOUBLE, Affinity.REAL),
    column("price", TargetType(Kind.NUMERIC, 10, 2), Affinity.REAL),
    column("amount", Kind.NUMERIC, Affinity.NUMERIC),
    column("flag", Kind.BOOLEAN, Affinity.INTEGER),
    column("raw", Kind.BYTEA, Affinity.BLOB),
    column("stamp", TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DD HH:MM:SS")), Affinity.TEXT),
    column("seconds", TargetType(Kind.TIMESTAMP, shape=Shape("epoch s")), Affinity.INTEGER),
    column("day", TargetType(Kind.DATE, shape=Shape("YYYY-MM-DD")), Affinity.TEXT),
    column("data", Kind.JSONB, Affinity.TEXT),
    column("document", Kind.JSON, Affinity.TEXT),
    column("key", Kind.UUID, Affinity.TEXT),
    column("any", Kind.TEXT, Affinity.BLOB, mixed=True),
)
COLUMNS = tuple(c.source for c in SCHEMA.tables["things"].columns)
LITERALS = ("1", "-1.5", "''", "'now'", "'subsec'", "'%s'", "'a\\'", "NULL", "x'00ff'", "1e400")
CALLS = ("random()", "datetime()", "CURRENT_TIME", "CAST(name AS BLOB)", "sum(id)")
KINDS = COLUMNS + LITERALS + CALLS
TRANSLATED = set(registry.functions()) | set(registry.aggregates())


def function_names() -> list[str]:
    """Those of SQLite, and those that are translated."""
    rows = apsw.Connection(":memory:").execute("SELECT name FROM pragma_function_list")
    known = {str(name) for (name,) in rows if str(name).isidentifier()}
    return sorted(known | TRANSLATED)


def calls(name: str) -> list[str]:
    """Up to five arguments of one kind, the first or the last of another."""
    found = [f"{name}()", f"{name}(*)"]
    for kind, count in product(KINDS if name in TRANSLATED else LITERALS, (1, 2, 3, 5)):
        found.append(f"{name}({', '.join([kind] * count)})")
    for kind, other in product(KINDS if name in TRANSLATED else (), ("name", "'%s'")):
        found += [f"{name}({kind}, {other})", f"{name}({other}, {kind}, {other})"]
    return found


@pytest.mark.parametrize("name", function_names())
def test_a_call_is_translated_or_refused(name: str) -> None:
    info = column("c", Kind.BIGINT, Affinity.INTEGER)
    for call in calls(name):
        expression = Expression(f"({call})")
        outcomes = []
        for attempt in (
            lambda given: translate_condition(given, SCHEMA, "things"),
            lambda given: translate_expression(given, SCHEMA, "things"),
            lambda given: translate_default(given, info),
        ):
            try:
                outcomes.append(attempt(expression).sql)
            except UntranslatableSQL as refusal:
                outcomes.append(str(refusal))
        assert all(outcomes), call
