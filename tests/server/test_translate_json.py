"""JSON: random documents and paths, validity, indexes, and what depends on SQLite's plan."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import apsw
import psycopg
import pytest
from corpus import as_case
from random_json import (
    mutated,
    random_json,
    random_json5,
    random_path,
    random_statement,
    random_text_statement,
)
from translate_run import Application
from translate_sides import Table

from outgrow.model.source import Expression
from outgrow.model.types import Kind, TargetType
from outgrow.translate import classes_of, install_sql
from outgrow.translate.engine import translate_expression

_DOCUMENTS = 60
_STATEMENTS = 120
_TEXTS = 3000
_KINDS = {"text": None, "json": Kind.JSON, "jsonb": Kind.JSONB}
_DDL = "CREATE TABLE Docs (id INTEGER PRIMARY KEY, j TEXT, p TEXT, n INTEGER)"


def _docs(random: Random, kind: str) -> Table:
    rows: list[tuple[Any, ...]] = [(_DOCUMENTS, None, "$", 0)]
    for number in range(1, _DOCUMENTS):
        document = random_json(random, plain=kind == "jsonb")
        rows.append((number, document, random_path(random, wrong=False), number % 5 - 2))
    promoted = {"j": TargetType(found)} if (found := _KINDS[kind]) else {}
    return Table("Docs", _DDL, rows, promoted, "id")


@pytest.fixture(params=_KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def application(kind: str, database: str) -> Iterator[Application]:
    made = Application(database, [_docs(Random(f"documents {kind}"), kind)], promote=True)
    try:
        yield made
    finally:
        made.close()


def test_random_paths_find_the_same(application: Application, kind: str) -> None:
    random = Random(f"statements {kind}")
    for _ in range(_STATEMENTS):
        needs_text = kind != "jsonb" and random.random() < 0.3
        sql = (random_text_statement if needs_text else random_statement)(random, "j")
        verdict, why = application.outcome(as_case(sql))
        # A wrong path that no document leads to is NULL for SQLite, and refused here.
        assert verdict == "ok" or "bad JSON path" in why, (sql, why)


@pytest.mark.parametrize(
    ("helper", "flags", "make"),
    [("json_valid", 1, random_json), ("json5_valid", 2, random_json5)],
)
def test_validity_of_damaged_texts(helper: str, flags: int, make: Any, database: str) -> None:
    random = Random(helper)
    texts = [mutated(random, make(random, plain=False)) for _ in range(_TEXTS)]
    texts += ["[" * depth + "]" * depth for depth in (1000, 1001)]
    sqlite = apsw.Connection(":memory:")
    expected = [bool(sqlite.execute("SELECT json_valid(?, ?)", (t, flags)).get) for t in texts]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(install_sql([helper]))
        rows = connection.execute(
            f"SELECT outgrow.{helper}(x) FROM unnest(%s::text[]) WITH ORDINALITY AS t(x, n) "
            "ORDER BY n",
            (texts,),
        ).fetchall()
    different = [t for t, one, (two,) in zip(texts, expected, rows, strict=True) if one != two]
    assert not different
    assert 0.2 < sum(expected) / len(texts) < 0.8


def test_helpers_run_in_parallel(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(install_sql())
        connection.execute(
            "CREATE TABLE t AS SELECT CASE WHEN i % 2 = 0 THEN '{\"a\": [1]}' ELSE 'no' END AS j "
            "FROM generate_series(1, 20000) AS i"
        )
        connection.execute("ANALYZE t")
        for setting in (
            "parallel_setup_cost",
            "parallel_tuple_cost",
            "min_parallel_table_scan_size",
        ):
            connection.execute(f"SET {setting} = 0")
        query = (
            "SELECT count(*) FROM t WHERE CASE WHEN outgrow.json_valid(j) THEN "
            "outgrow.json_any(outgrow.json_lookup(j::json, ARRAY['.a', '[0'])) = '1' END"
        )
        plan = connection.execute("EXPLAIN " + query).fetchall()
        assert any("Parallel" in line for (line,) in plan)
        assert connection.execute(query).fetchall() == [(10000,)]


@pytest.mark.parametrize(
    ("where", "values"),
    [
        ("json_extract(j, '$.a') = ?", ("x",)),
        ("json_extract(j, '$.a') = ?", (5,)),
        ("json_extract(j, '$.a') = 'x'", ()),
        ("json_extract(j, '$.a') IN ('x', 'abc', 5)", ()),
        ("? = json_extract(j, '$.a')", (0.5,)),
    ],
)
def test_an_index_on_the_expression_serves(
    application: Application, where: str, values: tuple[Any, ...]
) -> None:
    indexed = translate_expression(
        Expression("json_extract(j, '$.a')"), application.sides.schema, "Docs"
    )
    with application.postgres.transaction():
        application.postgres.execute(f'CREATE INDEX by_a ON "docs" (({indexed.sql}))')  # type: ignore[arg-type]
        application.postgres.execute("SET LOCAL enable_seqscan = off")
        made = application.translations(f"SELECT id FROM Docs WHERE {where}", classes_of(values))
        (step,) = made.steps
        plan = application.postgres.execute(
            "EXPLAIN " + step.sql,  # type: ignore[arg-type]
            made.arguments(step, values) or None,
        ).fetchall()
    assert any("Index Cond" in line for (line,) in plan), plan


#: What is JSON and what a string there, SQLite forgets or keeps as its plan has it.
_UNSURE = [
    "SELECT json_array(nullif(json(j), 'x')) FROM Docs",
    "SELECT json_array(min(json(j), 'zz')) FROM Docs",
    "SELECT json_array(max(json(j))) FROM Docs",
    "SELECT json_array(lag(json(j)) OVER (ORDER BY id)) FROM Docs",
    "SELECT n, json_group_array(value) FROM Docs, json_each('[[1], 2]') GROUP BY n",
    "SELECT json_array(v) FROM (SELECT value AS v FROM json_each('[[1], 2]') LIMIT 5)",
    "SELECT json_array(value), count(*) OVER () FROM json_each('[[1], \"[2]\"]')",
    "SELECT json_group_array(value) OVER () FROM json_each('[[1], \"[2]\"]')",
    "SELECT json_array(coalesce(nullif(j -> '$.zz', 'x'), p)) FROM Docs",
]


@pytest.mark.parametrize("sql", _UNSURE)
def test_what_depends_on_the_plan_is_no_guess(application: Application, sql: str) -> None:
    verdict, why = application.outcome(as_case(sql))
    assert verdict == "refused" or "FeatureNotSupported" in why, (verdict, why)
    # And json() around it is what the error says, and is sure.
    assert "json()" in why or "jsonb" in why
