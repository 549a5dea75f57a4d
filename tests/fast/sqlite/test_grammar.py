"""Names in quotes mean what SQLite says, whatever they are made of and however they are quoted."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outgrow.sqlite.ddl import parse_table
from outgrow.sqlite.grammar import parse, tokenize, unquoted
from outgrow.translate import parse as translated

#: Names of quotes of all kinds, of what looks like the words of the parser's, and of comments.
NAMES = st.text(st.sampled_from("\"'`[]ab é%\n-/*0x"), min_size=1, max_size=6)


@st.composite
def spelled(draw: st.DrawFn) -> str:
    """Give a name as SQL, in one of the ways that can hold it."""
    name = draw(NAMES)
    ways = [f"{quote}{name.replace(quote, quote * 2)}{quote}" for quote in "\"'`"]
    if "]" not in name:
        ways.append(f"[{name}]")
    return draw(st.sampled_from(ways))


def _asked(sql: str, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(sql)
        return connection.execute(query).fetchall()


@given(spelled(), spelled(), spelled(), spelled())
def test_names_of_a_table(table: str, one: str, parent: str, key: str) -> None:
    sql = (
        f"CREATE TABLE {table}(first REFERENCES{parent}({key}),{one}INT, second,"
        f"CONSTRAINT{key}FOREIGN KEY({one})REFERENCES{parent}, UNIQUE(second,{one}))"
    )
    columns = [
        row[0]
        for row in _asked(
            sql,
            "SELECT name FROM pragma_table_info((SELECT name"
            " FROM sqlite_schema WHERE type = 'table'))",
        )
    ]
    keys = _asked(
        sql,
        'SELECT "table", "from", "to" FROM pragma_foreign_key_list((SELECT name'
        " FROM sqlite_schema WHERE type = 'table')) ORDER BY id DESC",
    )
    found = parse_table(sql)
    assert found is not None
    assert [column.name for column in found.columns] == columns
    told = [
        (each.parent, each.columns[0], (*each.parent_columns, None)[0])
        for each in found.foreign_keys
    ]
    assert told == keys
    assert found.keys[0].columns == ("second", columns[1])
    assert parse(sql)["table_name"] == _asked(sql, "SELECT name FROM sqlite_schema")[0][0]
    assert columns[1] == unquoted(one)


@given(st.lists(spelled(), min_size=1, max_size=4))
def test_names_of_results(written: list[str]) -> None:
    sql = "SELECT " + ",".join(f"'{number}''' AS{name}" for number, name in enumerate(written))
    with closing(sqlite3.connect(":memory:")) as connection:
        found = connection.execute(sql)
        names, (values,) = [column[0] for column in found.description], found.fetchall()
    columns = translated.children(translated.statement(sql)["columns"])
    assert [column["alias"]["source"] for column in columns] == names
    assert [unquoted(column["expr"]["source"]) for column in columns] == list(values)
    tokens = [token.text for token in tokenize(sql)]
    assert [unquoted(tokens[number]) for number in range(3, len(tokens), 4)] == names


@pytest.mark.parametrize(
    ("sql", "place", "meant"),
    [
        ("SELECT 't'.* FROM t", "columns.0.expr.source", "t"),
        ('SELECT "a""b"[c]', "columns.0.expr.column", 'a"b'),
        ('SELECT x"y"', "columns.0.alias.source", "y"),
        ("SELECT x AS ''", "columns.0.alias.source", ""),
        ('SELECT "count"(*)', "columns.0.expr.func_name", "count"),
        ("SELECT x'27', 'a''b'", "columns.0.expr.source", "x'27'"),
        ("SELECT x'27', 'a''b'", "columns.1.expr.source", "'a''b'"),
        ('SELECT 1 /* "a */, "b" -- \'', "columns.1.expr.column", "b"),
        ('SELECT CAST(x AS my"type"[a b])', "columns.0.expr.type_name", 'my"type"[a b]'),
        ('CREATE VIRTUAL TABLE "v w" USING "f"(a"b", c=\'d\')', "module_args", "a\"b\", c='d'"),
        ('CREATE VIRTUAL TABLE "v w" USING "f"(a)', "module_name", "f"),
        ("PRAGMA \"x\"('y')", "value", "'y'"),
        ("PRAGMA \"x\"('y')", "pragma_name", "x"),
        ("ANALYZE `a`.[b]", "target_name", "b"),
        ('SELECT "name_0x", name_0x', "columns.0.expr.column", "name_0x"),
        ("VALUES('it''s')", "rows.0.0.source", "'it''s'"),
    ],
)
def test_what_is_written_stays(sql: str, place: str, meant: str) -> None:
    node: Any = parse(sql)
    for step in place.split("."):
        node = node["children"][int(step)] if step.isdigit() else node[step]
    assert node == meant
