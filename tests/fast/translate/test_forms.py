"""Common forms become native PostgreSQL that the planner can use, without a helper."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from translate_schemas import column, schema_with

from outgrow.model.source import Affinity, Expression
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.translate import install_sql, registry, translate_condition, translate_expression

STAMP = TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DDTHH:MM:SS.fffZ"))
SCHEMA = schema_with(
    column("id", Kind.BIGINT, Affinity.INTEGER, not_null=True),
    column("Order", Kind.BIGINT, Affinity.INTEGER),
    column("name", Kind.TEXT, Affinity.TEXT),
    column("nick", Kind.TEXT, Affinity.TEXT, collation="NOCASE"),
    column("cost", TargetType(Kind.NUMERIC, 10, 4), Affinity.REAL),
    column("flag", Kind.BOOLEAN, Affinity.INTEGER),
    column("stamp", STAMP, Affinity.TEXT),
    column("count", Kind.TEXT, Affinity.TEXT),
)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("flag = 1", "flag"),
        ("flag = 0", "NOT flag"),
        ("flag <> 1", "NOT flag"),
        ("deleted IS NULL", None),
        ("name IS NULL", "name IS NULL"),
        ("name IN ('a', 'b')", "name IN ('a', 'b')"),
        ("length(name) > 0", "length(name) > 0"),
        ('"order" > 5', '"order" > 5'),
        ('name = "text"', "name = 'text'"),
        ("name LIKE '%a\\_%'", "lower(name) LIKE '%a\\\\_%'"),
        ("name LIKE '20__-%'", "name LIKE '20__-%'"),
        ("name LIKE '20-A%'", "name LIKE '20-%' AND lower(name) LIKE '20-a%'"),
        ("nick LIKE '20%'", "lower(nick) LIKE '20%'"),
        ("name LIKE '1!_%' ESCAPE '!'", "name LIKE '1\\_%'"),
        ("name GLOB 'ab*'", "name LIKE 'ab%'"),
        ("name GLOB 'ab'", "name = 'ab'"),
        ('(id, "order") > (5, 6)', '(id, "order") > (5, 6)'),
        ('(id, "order") = (5, 6)', '(id = 5) AND ("order" = 6)'),
        ("name GLOB '[0-9]*'", "name ~ '^[0-9].*$'"),
        ("nick = 'X'", "lower(nick) = 'x'"),
        ("cost >= 0.5", "cost >= 0.5"),
        ("stamp = '2024-02-29T10:00:00.000Z'", "stamp = timestamp '2024-02-29T10:00:00.000'"),
        ("count = 'a'", "count = 'a'"),
        ("name = 5", "name = '5'"),
        ("id = '5'", "id = 5"),
        ("id", "id <> 0"),
        ("id IS NOT NULL", "id IS NOT NULL"),
    ],
)
def test_conditions(condition: str, expected: str | None) -> None:
    if expected is None:
        condition, expected = condition.replace("deleted", "stamp"), "stamp IS NULL"
    translation = translate_condition(Expression(condition), SCHEMA, "things", immutable=True)
    assert translation.sql == expected
    assert translation.helpers == frozenset()


def test_a_timestamp_in_an_index_needs_an_immutable_helper() -> None:
    translation = translate_expression(Expression("substr(stamp, 1, 10)"), SCHEMA, "Things")
    assert translation.helpers == {"time_text"}
    assert "to_char" not in translation.sql


def test_every_helper_can_be_installed_alone() -> None:
    everything = install_sql()
    assert "CREATE SCHEMA IF NOT EXISTS outgrow;" in everything
    assert install_sql([]) == ""
    assert "moment_day(" in install_sql(["moment_read"])
    with pytest.raises(KeyError):
        install_sql(["no such helper"])


#: What the registry looks for in a module.
_REGISTERED = {"RULES", "FUNCTIONS", "AGGREGATES", "WINDOWS", "TABLE_FUNCTIONS"}


def test_every_rule_and_function_module_explains_itself() -> None:
    for package in ("outgrow.translate.rules", "outgrow.translate.functions"):
        for module in registry.modules(package):
            assert module.__doc__
            assert "``" in module.__doc__, module
            assert _REGISTERED & set(vars(module)), module


def test_importing_the_package_loads_no_parser() -> None:
    script = "import sys, outgrow.translate; assert not {'syntaqlite', 'apsw'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_translating_takes_milliseconds() -> None:
    expression = Expression("length(name) > 0 AND flag = 1 AND cost >= 0.5 AND name LIKE 'a%'")
    translate_condition(expression, SCHEMA, "things")

    def seconds() -> float:
        start = time.process_time()
        translate_condition(expression, SCHEMA, "things")
        return time.process_time() - start

    assert min(seconds() for _ in range(20)) < 0.005
