"""Whatever is translated for an index or a generated column, PostgreSQL calls immutable."""

from __future__ import annotations

from itertools import product
from typing import Any

import apsw
import psycopg
import pytest
from translate_corpus import OVER_EACH
from translate_schemas import column, schema_with

from outgrow.model.source import Affinity, Expression
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.translate import (
    UntranslatableSQL,
    install_sql,
    registry,
    translate_condition,
    translate_expression,
)

COLUMNS = (
    column("number", Kind.BIGINT, Affinity.INTEGER),
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
    column("document", Kind.JSON, Affinity.TEXT),
    column("data", Kind.JSONB, Affinity.TEXT),
    column("key", Kind.UUID, Affinity.TEXT),
)
SCHEMA = schema_with(*COLUMNS)
OTHERS = ("1", "'%Y-%m-%d %H:%M:%f'", "'2024-02-29'", "'+1 day'", "name", "number", "stamp")


def expressions() -> list[str]:
    """Every function and every form of the corpus over every column."""
    found = []
    for each in COLUMNS:
        names = {"i": "number", "r": "cost", "t": "name", "m": "price", "n": "amount"}
        names |= {"c": "nick", "k": "number", "d": "stamp", "w": "name"}
        for form in OVER_EACH:
            words = form.split(" ")
            known = " ".join(names.get(word, word) for word in words)
            found.append(known.format(*[each.source] * known.count("{}")))
        for function in registry.functions():
            found.append(f"{function}({each.source})")
            for other in OTHERS:
                found.append(f"{function}({each.source}, {other})")
                found.append(f"{function}({other}, {each.source})")
                found.append(f"{function}({other}, {each.source}, {other})")
    for one, other in product(COLUMNS, COLUMNS):
        left, right = one.source, other.source
        found += [f"{left} = {right}", f"{left} < {right}", f"{left} || {right}"]
        found += [f"{left} + {right}", f"coalesce({left}, {right})", f"max({left}, {right})"]
    return sorted(set(found))


def is_for_an_index(oracle: apsw.Connection, sql: str) -> bool:
    """Whether SQLite makes an index over it."""
    try:
        oracle.execute(f"BEGIN; CREATE INDEX i ON things ({sql}); ROLLBACK")
    except apsw.Error:
        oracle.execute("ROLLBACK")
        return False
    return True


def indexes(half: int) -> tuple[list[tuple[str, str]], set[str]]:
    """Each expression that is translated with the index over it, and the helpers.

    Every other one: the two versions of PostgreSQL take turns, as together they take minutes.
    """
    made, helpers = [], set()
    oracle = apsw.Connection(":memory:")
    oracle.execute(f"CREATE TABLE things ({', '.join(each.source for each in COLUMNS)})")
    for sql in filter(lambda each: is_for_an_index(oracle, each), expressions()[half::2]):
        try:
            key = translate_expression(Expression(sql), SCHEMA, "things")
            made.append((sql, f"CREATE INDEX ON things (({key.sql}))"))
            helpers |= key.helpers
        except UntranslatableSQL:
            pass
        try:
            test = translate_condition(Expression(sql), SCHEMA, "things", immutable=True)
            made.append((sql, f"CREATE INDEX ON things (number) WHERE {test.sql}"))
            helpers |= test.helpers
        except UntranslatableSQL:
            pass
    return made, helpers


def test_every_translation_for_an_index_is_immutable(database: str) -> None:
    lines = ", ".join(f'"{each.name}" {each.type}' for each in COLUMNS)
    with psycopg.connect(database, autocommit=True) as postgres:
        made, helpers = indexes(half=postgres.info.server_version >= 160_000)
        assert len(made) > 1000
        postgres.execute(install_sql(helpers))
        postgres.execute(f"CREATE TABLE things ({lines})")
        refused = {sql: refusal for sql, index in made if (refusal := attempt(postgres, index))}
    assert refused == {}


def attempt(postgres: psycopg.Connection[Any], index: str) -> str:
    """Why PostgreSQL refuses the index, '' where it does not."""
    try:
        with postgres.transaction(force_rollback=True):
            postgres.execute(index)  # type: ignore[call-overload]
    except psycopg.errors.UndefinedObject as error:
        # A json value has no order: PostgreSQL takes it for no reason of volatility.
        return "" if "no default operator class" in str(error) else f"{index}: {error}"
    except psycopg.Error as error:
        return f"{index}: {error}"
    return ""


@pytest.mark.parametrize("expression", ["hex(name)", "CAST(name AS BLOB)"])
def test_the_bytes_of_a_text_can_be_indexed(expression: str) -> None:
    assert translate_expression(Expression(expression), SCHEMA, "things").helpers
