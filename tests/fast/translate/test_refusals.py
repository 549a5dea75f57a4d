"""What can't be exact is refused, with a code of this room and a hint where there is one."""

from __future__ import annotations

from dataclasses import replace

import apsw
import pytest
from translate_schemas import column, schema_with

from outgrow.model.source import Affinity, Expression
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.translate import (
    Schema,
    UntranslatableSQL,
    ViewInfo,
    translate,
    translate_condition,
    translate_expression,
    translate_view,
)

STAMP = TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DD HH:MM:SS"))
SCHEMA = schema_with(
    column("id", Kind.BIGINT, Affinity.INTEGER, not_null=True),
    column("name", Kind.TEXT, Affinity.TEXT),
    column("nick", Kind.TEXT, Affinity.TEXT, collation="NOCASE"),
    column("own", Kind.TEXT, Affinity.TEXT, collation="MINE"),
    column("cost", Kind.DOUBLE, Affinity.REAL),
    column("flag", Kind.BOOLEAN, Affinity.INTEGER),
    column("data", Kind.JSONB, Affinity.TEXT),
    column("any", Kind.TEXT, Affinity.BLOB, mixed=True),
    column("stamp", STAMP, Affinity.TEXT),
)


def view(sql: str, schema: Schema = SCHEMA) -> str:
    """Translate ``CREATE VIEW v AS sql`` with the column names that SQLite gives."""
    connection = apsw.Connection(":memory:")
    names = ", ".join(f'"{c.source}"' for c in SCHEMA.tables["things"].columns)
    connection.execute(f"CREATE TABLE things ({names}); CREATE VIEW v AS {sql}")
    columns = tuple(str(row[1]) for row in connection.execute("PRAGMA table_info(v)"))
    statement = f"CREATE VIEW v AS {sql}"
    known = Schema("public", schema.tables, {"v": ViewInfo("v", "v", statement, columns)})
    return translate_view(statement, known, "v").sql


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("data = '{}'", "OG-308"),
        ("length(data) > 2", "OG-308"),
        ("any > 3", "OG-304"),
        ("own = 'x'", "OG-303"),
        ("name MATCH 'x'", "OG-303"),
        ("name REGEXP 'x'", "OG-303"),
        ('name = "true" OR true', "OG-300"),
        ("missing = 1", "OG-301"),
        ("other.id = 1", "OG-301"),
        ("no_such(id) = 1", "OG-302"),
        ("length(name, id) = 1", "OG-302"),
        ("datetime(name, 'localtime') > ''", "OG-303"),
    ],
)
def test_conditions(condition: str, code: str) -> None:
    with pytest.raises(UntranslatableSQL) as caught:
        translate_condition(Expression(condition), SCHEMA, "things")
    assert caught.value.code.name == code
    assert str(caught.value).startswith(code)


@pytest.mark.parametrize("expression", ["datetime('now')", "random()", "name || date('now')"])
def test_an_index_does_not_depend_on_the_moment(expression: str) -> None:
    with pytest.raises(UntranslatableSQL) as caught:
        translate_expression(Expression(expression), SCHEMA, "things")
    assert caught.value.code.name == "OG-305"


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT name, id, min(cost), max(cost) FROM things GROUP BY name", "OG-306"),
        ("SELECT a.cost, count(*) FROM things a, things b GROUP BY a.name", "OG-306"),
        ("SELECT id, max(cost) FILTER (WHERE flag) FROM things", "OG-306"),
        ("SELECT DISTINCT name FROM things ORDER BY cost", "OG-306"),
        ("SELECT DISTINCT own FROM things", "OG-303"),
        ("SELECT DISTINCT data FROM things", "OG-308"),
        ("SELECT max(own) FROM things", "OG-303"),
        ("SELECT nick FROM things UNION SELECT name FROM things", "OG-303"),
        ("SELECT id FROM things UNION SELECT name FROM things", "OG-304"),
        ("SELECT sum(id) OVER (ORDER BY cost RANGE 1 PRECEDING) FROM things", "OG-303"),
        ("SELECT group_concat(DISTINCT name ORDER BY id) FROM things", "OG-303"),
        (
            "SELECT 1 FROM things a WHERE EXISTS (SELECT 1 FROM (SELECT 2 AS x) a WHERE flag)",
            "OG-303",
        ),
        (
            "WITH r AS (SELECT 1 AS n UNION SELECT n + 1 FROM r ORDER BY n) SELECT n FROM r",
            "OG-303",
        ),
    ],
)
def test_views(sql: str, code: str) -> None:
    with pytest.raises(UntranslatableSQL) as caught:
        view(sql)
    assert caught.value.code.name == code


def test_a_view_that_sqlite_cannot_run_is_refused() -> None:
    broken = ViewInfo("v", "v", "CREATE VIEW v AS SELECT gone FROM nowhere", ())
    with pytest.raises(UntranslatableSQL):
        translate_view(broken.sql, Schema("public", {}, {"v": broken}), "v")


@pytest.mark.parametrize(
    "sql", ["name = ", "SELECT 1", "id = 1; DROP TABLE things", "", "id, name"]
)
def test_what_is_no_expression_is_refused(sql: str) -> None:
    with pytest.raises(UntranslatableSQL):
        translate_condition(Expression(sql), SCHEMA, "things")


def test_an_application_is_not_given_the_text_of_a_number() -> None:
    """Read as text, 1 and '1' would be the same."""
    for sql in ("SELECT any FROM things", "SELECT * FROM (SELECT any AS x FROM things)"):
        with pytest.raises(UntranslatableSQL) as caught:
            translate(sql, SCHEMA)
        assert caught.value.code.name == "OG-304"
    translate("SELECT count(any) FROM things WHERE any IS NULL", SCHEMA)


@pytest.mark.parametrize(
    ("action", "hint"), [("IGNORE", "OR IGNORE"), ("REPLACE", "OR REPLACE"), ("FAIL", "OR ABORT")]
)
def test_what_a_declaration_says_of_null_is_asked_of_the_statement(action: str, hint: str) -> None:
    number = column("n", Kind.BIGINT, Affinity.INTEGER, not_null=True)
    schema = schema_with(
        column("id", Kind.BIGINT, Affinity.INTEGER, not_null=True), replace(number, on_null=action)
    )
    with pytest.raises(UntranslatableSQL, match=f"declared ON CONFLICT {action}") as told:
        translate("INSERT INTO things VALUES (1, NULL)", schema)
    assert hint in str(told.value)
    assert translate(f"INSERT {hint} INTO things VALUES (1, 2)", schema).sql
