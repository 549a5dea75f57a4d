"""A DEFAULT that calls a function changes from insert to insert exactly as SQLite's does.

SQLite itself names its functions, and says what each default gives a moment later.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import apsw
import psycopg
import pytest
from translate_sides import FAITHFUL, affinity_of, from_column

from outgrow.model.source import Expression
from outgrow.model.types import TargetType
from outgrow.translate import ColumnInfo, UntranslatableSQL, install_sql, translate_default

ARGUMENTS = ("1", "'a'", "NULL", "2.5", "'%s'", "'now'", "x'61'")
TIME_VALUES = (
    "",
    "'now'",
    "'NOW'",
    "'subsec'",
    "'SubSecond'",
    "'now '",
    "CAST(x'6e6f77' AS TEXT)",
    "lower('NOW')",
    "'no' || 'w'",
    "datetime('now')",
    "date()",
    "'2024-02-29 12:30:15'",
    "strftime('%s')",
    "coalesce(NULL, 'now')",
    "CURRENT_TIMESTAMP",
    "2460000.5",
    "12 * 3600",
    "'12:30'",
    "NULL",
)
MODIFIERS = ("", ", 'subsec'", ", '+1 day'", ", 'localtime'", ", 'utc'", ", 'unixepoch'", ", NULL")
TIMES = ("date(", "time(", "datetime(", "julianday(", "unixepoch(", "strftime('%s', ")
OTHERS = (
    "strftime('%s')",
    "strftime('%J')",
    "strftime('%f', 'now')",
    "strftime('%Y%m%d%H%M%S', 'now')",
    "strftime('%Y-%m-%d %H:%M:%f', 'now', 'subsec')",
    "strftime('%s %S', 'now', 'subsec')",
    "strftime('%s', 'now') * 1000",
    "CAST(strftime('%s', 'now') AS INTEGER)",
    "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
    "timediff('now', '2000-01-01')",
    "CURRENT_DATE || 'x'",
    "CASE WHEN datetime('now') > '2000' THEN random() END",
    "hex(randomblob(8))",
    "random() IS NULL",
    "abs(random() % 1000000)",
    "printf('%d', random())",
    "length(random()) > 0",
    "1 + 2 * 3 -- why",
)


def calls() -> Iterator[str]:
    """Every function of SQLite with every number of arguments that it takes, and the dates."""
    functions = apsw.Connection(":memory:").execute(
        "SELECT DISTINCT name, narg FROM pragma_function_list "
        "WHERE builtin AND type = 's' AND name GLOB '[a-z]*' AND name <> 'load_extension'"
    )
    for name, count in functions:
        for number in range(4) if count < 0 else [count]:
            for first in ARGUMENTS if number else [""]:
                yield f"{name}({', '.join([first, *['1'] * (number - 1)][:number])})"
    for start, value, modifier in product(TIMES, TIME_VALUES, MODIFIERS):
        if value or not modifier:
            yield f"{start}{value}{modifier})".replace(", )", ")")
    yield from OTHERS


class Column:
    """A default that both sides have."""

    def __init__(self, number: int, declared: str, default: str) -> None:
        affinity = affinity_of(declared)
        self.info = ColumnInfo(f"c{number}", f"c{number}", TargetType(FAITHFUL[affinity]), affinity)
        self.default = default
        self.line = f"c{number} {declared} DEFAULT ({default}\n)"
        self.translation = translate_default(Expression(default), self.info)


def translated(declared: str) -> list[Column]:
    """The defaults that SQLite takes and that are translated."""
    columns = []
    for default in calls():
        oracle = apsw.Connection(":memory:")
        try:
            oracle.execute(f"CREATE TABLE t (a, c {declared} DEFAULT ({default}\n))")
            oracle.execute("INSERT INTO t (a) VALUES (1)")
            columns.append(Column(len(columns), declared, default))
        except (apsw.Error, UntranslatableSQL):
            continue
    return columns


@pytest.mark.parametrize("declared", ["TEXT", "INTEGER", "REAL"])
def test_a_default_changes_as_in_sqlite(database: str, declared: str) -> None:
    columns = translated(declared)
    assert len(columns) > 100
    oracle = apsw.Connection(":memory:")
    lines = ", ".join(column.line for column in columns)
    oracle.execute(f"CREATE TABLE t (k, {lines})")
    helpers = {name for column in columns for name in column.translation.helpers}
    with psycopg.connect(database, autocommit=True) as postgres:
        postgres.execute(install_sql(helpers) or "SELECT 1")
        written = ", ".join(f"({c.translation.sql})::{c.info.type}" for c in columns)

        def read() -> tuple[Any, Any]:
            row = oracle.execute("INSERT INTO t (k) VALUES (1) RETURNING *").fetchone()
            return row, postgres.execute(f"SELECT {written}").fetchone()

        first, mine = in_one_second(read)
        time.sleep(1.1)
        second, again = in_one_second(read)
    assert first and second and mine and again
    different = []
    for column, *values in zip(columns, first[1:], second[1:], mine, again, strict=True):
        old, new = values[:2]
        a, b = (_plain(value, column) for value in values[2:])
        same_class = {type(a), type(b)} == {type(old), type(new)}
        if (old != new) != (a != b) or not same_class or (old == new and a != old):
            different.append((column.default, column.translation.sql, values))
    assert different == []


def in_one_second(read: Callable[[], tuple[Any, Any]]) -> tuple[Any, Any]:
    """Read both sides until no second, and so no minute or day, began between them."""
    while True:
        began = int(time.time())
        both = read()
        if int(time.time()) == began:
            return both


def _plain(value: Any, column: ColumnInfo | Column) -> Any:
    assert isinstance(column, Column)
    return bytes(value) if isinstance(value, memoryview) else from_column(value, column.info)


@pytest.mark.parametrize(
    ("default", "translates"),
    [
        ("datetime('subsec')", True),
        ("time('subsec')", True),
        ("strftime('%s', 'subsec')", True),
        ("unixepoch('now', 'subsecond')", True),
        ("datetime('now', 'localtime')", False),
        ("sqlite_version()", False),
        ("changes()", False),
        ("last_insert_rowid()", False),
    ],
)
def test_what_changes_is_never_a_constant(default: str, translates: bool) -> None:
    info = ColumnInfo("c", "c", TargetType(FAITHFUL[affinity_of("TEXT")]), affinity_of("TEXT"))
    if not translates:
        with pytest.raises(UntranslatableSQL):
            translate_default(Expression(default), info)
        return
    assert "statement_timestamp()" in translate_default(Expression(default), info).sql
