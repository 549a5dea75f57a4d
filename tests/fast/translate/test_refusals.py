"""What can't be exact is refused, with a code of this room and a hint where there is one."""

from __future__ import annotations

import apsw
import pytest
from translate_schemas import column, schema_with

from outgrow.model.source import Affinity, Expression
from outgrow.model.types import Kind, Shape, TargetType
from outgrow.translate import (
    Schema,
    UntranslatableSQL,
    ViewInfo,
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
        ("name GLOB nick", "OG-303"),
        ("missing = 1", "OG-301"),
        ("other.id = 1", "OG-301"),
        ("no_such(id) = 1", "OG-302"),
        ("length(name, id) = 1", "OG-302"),
        ("id % cost = 1", "OG-303"),
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
        ("SELECT name, id FROM things GROUP BY name", "OG-306"),
        ("SELECT *, count(*) FROM things", "OG-306"),
        ("SELECT count(*), (SELECT things.name) FROM things", "OG-306"),
        ("SELECT id FROM things GROUP BY nick", "OG-303"),
        ("SELECT DISTINCT nick FROM things", "OG-303"),
        ("SELECT DISTINCT data FROM things", "OG-303"),
        ("SELECT nick FROM things UNION SELECT name FROM things", "OG-303"),
        ("SELECT id FROM things UNION SELECT name FROM things", "OG-304"),
        ("SELECT row_number() OVER (ORDER BY id) FROM things", "OG-303"),
        ("SELECT max(nick) FROM things", "OG-303"),
        ("WITH things AS (SELECT 1 AS id UNION ALL SELECT id FROM things) SELECT 2", "OG-303"),
        ("WITH a AS (SELECT id FROM b), b AS (SELECT 1 AS id) SELECT * FROM a", "OG-303"),
    ],
)
def test_views(sql: str, code: str) -> None:
    with pytest.raises(UntranslatableSQL) as caught:
        view(sql)
    assert caught.value.code.name == code


@pytest.mark.parametrize(
    "sql",
    [
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3)"
        " SELECT n FROM r",
        "WITH r(n) AS (SELECT 1 UNION SELECT n + 1 FROM things, R) SELECT n FROM r",
        "SELECT id FROM things WHERE id IN"
        " (WITH RECURSIVE r AS (SELECT 1 AS n UNION SELECT n FROM r) SELECT n FROM r)",
        "WITH RECURSIVE a AS (SELECT 1 AS x), r AS (SELECT x FROM a UNION SELECT x FROM r)"
        " SELECT * FROM r",
    ],
)
def test_a_recursive_view_is_refused_for_what_it_is(sql: str) -> None:
    with pytest.raises(UntranslatableSQL, match="recursive common table expressions"):
        view(sql)


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
