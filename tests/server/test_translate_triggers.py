"""Triggers: the same random changes on both sides leave the same tables."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import apsw
import psycopg
import pytest
from translate_sides import Sides, Table, same_rows

from outgrow.model.types import Kind, Shape, TargetType
from outgrow.translate import UntranslatableSQL

STAMP = TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DD HH:MM:SS"))
TOOLS = Table(
    "adw_tools",
    """CREATE TABLE adw_tools (id INTEGER PRIMARY KEY, tool_name TEXT NOT NULL UNIQUE,
        total_invocations INTEGER DEFAULT 0, success_rate REAL, last_invoked TEXT,
        updated_at TEXT)""",
    rows=[(n, f"tool{n}", 0, None, None, "2000-01-01 00:00:00") for n in range(1, 5)],
    promoted={"last_invoked": STAMP, "updated_at": STAMP},
    rowid_alias="id",
)
CALLS = Table(
    "tool_calls",
    "CREATE TABLE tool_calls (id INTEGER PRIMARY KEY, tool_name TEXT, success INTEGER, cost REAL)",
    promoted={"success": TargetType(Kind.BOOLEAN), "cost": TargetType(Kind.NUMERIC, 10, 4)},
    rowid_alias="id",
)
REFERENCE = (
    """CREATE TRIGGER trigger_update_tool_timestamp AFTER UPDATE ON adw_tools BEGIN
        UPDATE adw_tools SET updated_at = datetime('now') WHERE id = NEW.id; END""",
    """CREATE TRIGGER trigger_increment_tool_invocations AFTER INSERT ON tool_calls BEGIN
        UPDATE adw_tools SET total_invocations = total_invocations + 1,
            last_invoked = datetime('now') WHERE tool_name = NEW.tool_name; END""",
    """CREATE TRIGGER trigger_update_tool_success_rate AFTER UPDATE OF success ON tool_calls
        WHEN NEW.success IS NOT NULL BEGIN
        UPDATE adw_tools SET success_rate = (
            SELECT CAST(SUM(CASE WHEN success = 1 THEN 1 ELSE 0 END) AS REAL) / COUNT(*)
            FROM tool_calls WHERE tool_name = NEW.tool_name)
        WHERE tool_name = NEW.tool_name; END""",
)
ITEMS = Table(
    "items",
    """CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, n INTEGER DEFAULT 0,
        stamp TEXT NOT NULL DEFAULT 'x')""",
    rows=[(n, f"item {n}", n, "x") for n in range(1, 6)],
    rowid_alias="id",
)
LOG = Table(
    "log",
    "CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT, n INTEGER)",
    rowid_alias="id",
)
PAIRS = Table(
    "pairs",
    """CREATE TABLE pairs (a INT NOT NULL, b INT NOT NULL, seen TEXT, PRIMARY KEY (a, b))""",
    rows=[(1, 1, None), (1, 2, None)],
)
Make = Callable[..., Sides]
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_JUST_NOW = timedelta(minutes=5)


@pytest.fixture
def make(database: str) -> Iterator[Make]:
    made: list[Sides] = []

    def build(*tables: Table, promote: bool = False) -> Sides:
        made.append(Sides(database, tables, promote=promote))
        return made[-1]

    yield build
    for sides in made:
        sides.close()


def both(sides: Sides, sql: str) -> None:
    """Run one statement on both sides; both succeed or both fail on a constraint."""
    failed = False
    try:
        sides.sqlite.execute(sql)
    except apsw.ConstraintError:
        failed = True
    if failed:
        with pytest.raises(psycopg.IntegrityError):
            sides.postgres.execute(sql)  # type: ignore[call-overload]
    else:
        sides.postgres.execute(sql)  # type: ignore[call-overload]


def assert_equal(sides: Sides, *tables: str) -> None:
    for name in tables:
        expected, found = sides.table(name)
        assert same_rows(expected, found), (name, expected, found)


def assert_equal_but_for_the_moment(sides: Sides, *tables: str) -> None:
    """Equal, where what happened just now has no time: the sides don't run in one second."""
    for name in tables:
        expected, found = (
            [tuple(map(_leveled, row)) for row in side] for side in sides.table(name)
        )
        assert same_rows(expected, found), (name, expected, found)


def _leveled(value: Any) -> Any:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        moment = datetime.fromisoformat(value).replace(tzinfo=UTC)
        return "just now" if abs(datetime.now(UTC) - moment) < _JUST_NOW else value
    return value


@pytest.mark.parametrize("promote", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_the_triggers_of_the_reference_application(make: Make, promote: bool, seed: int) -> None:
    sides = make(TOOLS, CALLS, promote=promote)
    sides.add_triggers(*REFERENCE)
    dice = random.Random(seed)
    for step in range(60):
        tool, call = f"tool{dice.randint(1, 5)}", dice.randint(1, 30)
        success = dice.choice(["1", "0", "NULL"])
        if promote:
            success = {"1": "{true}", "0": "{false}", "NULL": "NULL"}[success]
        statement = dice.choice(
            [
                f"INSERT INTO tool_calls VALUES ({step + 1}, '{tool}', {success}, 0.5)",
                f"UPDATE tool_calls SET success = {success} WHERE id = {call}",
                f"UPDATE tool_calls SET cost = 1.25 WHERE id = {call}",
                f"UPDATE adw_tools SET total_invocations = 7 WHERE tool_name = '{tool}'",
                f"DELETE FROM tool_calls WHERE id = {call}",
                "UPDATE adw_tools SET success_rate = NULL WHERE id > 2",
            ]
        )
        sides.sqlite.execute(statement.replace("{true}", "1").replace("{false}", "0"))
        sides.postgres.execute(  # type: ignore[call-overload]
            statement.replace("{true}", "true").replace("{false}", "false")
        )
        assert_equal_but_for_the_moment(sides, "adw_tools", "tool_calls")


def test_a_trigger_on_its_own_row_becomes_before_update(make: Make) -> None:
    sides = make(TOOLS, promote=True)
    sides.add_triggers(REFERENCE[0])
    (definition,) = sides.postgres.execute("SELECT pg_get_triggerdef(oid) FROM pg_trigger")
    assert "BEFORE UPDATE" in definition[0]


@pytest.mark.parametrize(
    ("triggers", "statements"),
    [
        (
            # Another UPDATE trigger sees the self-update too, so this one can't become BEFORE.
            (
                """CREATE TRIGGER stamp AFTER UPDATE ON items BEGIN
                    UPDATE items SET stamp = NEW.name || '!' WHERE id = NEW.id; END""",
                """CREATE TRIGGER audit AFTER UPDATE ON items BEGIN
                    INSERT INTO log (what, n) VALUES (NEW.stamp, NEW.n); END""",
            ),
            ("UPDATE items SET n = n + 1 WHERE id = 2", "UPDATE items SET name = 'z' WHERE id = 2"),
        ),
        (
            # NOT NULL is tested before an AFTER trigger could give the value.
            (
                """CREATE TRIGGER stamp AFTER UPDATE ON items BEGIN
                    UPDATE items SET stamp = 'now' WHERE id = NEW.id; END""",
            ),
            ("UPDATE items SET stamp = NULL WHERE id = 1", "UPDATE items SET n = 9 WHERE id = 1"),
        ),
        (
            (
                """CREATE TRIGGER stamp AFTER INSERT ON items BEGIN
                    UPDATE items SET stamp = upper(NEW.name) WHERE rowid = new.rowid; END""",
                """CREATE TRIGGER stamped AFTER UPDATE ON items BEGIN
                    UPDATE items SET stamp = stamp || '+' WHERE rowid = new.rowid; END""",
            ),
            (
                "INSERT INTO items (id, name) VALUES (10, 'new')",
                "UPDATE items SET n = 3 WHERE id IN (1, 10)",
                "INSERT INTO items (id, name, n) VALUES (11, 'a', 1), (12, 'b', 2)",
            ),
        ),
        (
            # Recursion: SQLite stops at the trigger that is already running.
            (
                """CREATE TRIGGER spread AFTER UPDATE OF n ON items BEGIN
                    UPDATE items SET n = n + 1 WHERE id = NEW.id + 1; END""",
            ),
            ("UPDATE items SET n = 100 WHERE id = 1", "UPDATE items SET n = 5 WHERE id = 3"),
        ),
        (
            (
                """CREATE TRIGGER positive BEFORE UPDATE ON items WHEN NEW.n < 0 BEGIN
                    SELECT RAISE(ABORT, 'n must not be negative'); END""",
                """CREATE TRIGGER known BEFORE INSERT ON items BEGIN
                    SELECT RAISE(ABORT, 'taken') WHERE EXISTS (
                        SELECT 1 FROM items WHERE name = NEW.name); END""",
                """CREATE TRIGGER kept BEFORE DELETE ON items BEGIN
                    SELECT CASE WHEN OLD.n > 3 THEN RAISE(ABORT, 'kept') END; END""",
            ),
            (
                "UPDATE items SET n = -1 WHERE id = 1",
                "UPDATE items SET n = 8 WHERE id = 1",
                "INSERT INTO items (id, name) VALUES (20, 'item 1')",
                "INSERT INTO items (id, name) VALUES (21, 'other')",
                "DELETE FROM items WHERE id = 5",
                "DELETE FROM items WHERE id = 2",
            ),
        ),
        (
            (
                """CREATE TRIGGER gone AFTER DELETE ON items BEGIN
                    INSERT INTO log (what, n) SELECT 'deleted ' || OLD.name, count(*) FROM items;
                    DELETE FROM log WHERE n = 1; END""",
            ),
            ("DELETE FROM items WHERE id = 1", "DELETE FROM items WHERE id = 3"),
        ),
        (
            (
                """CREATE TRIGGER only_some AFTER UPDATE ON items
                    WHEN NEW.n > (SELECT avg(n) FROM items) AND OLD.name IS NOT NEW.name BEGIN
                    INSERT INTO log (what) VALUES (OLD.name || '>' || NEW.name); END""",
            ),
            (
                "UPDATE items SET name = 'big' WHERE id = 5",
                "UPDATE items SET name = 'small' WHERE id = 1",
                "UPDATE items SET n = 50 WHERE id = 2",
            ),
        ),
        (
            (
                """CREATE TRIGGER skip BEFORE DELETE ON items BEGIN
                    SELECT RAISE(IGNORE) WHERE OLD.n = 2; END""",
            ),
            ("DELETE FROM items WHERE id < 4",),
        ),
    ],
)
def test_triggers_of_other_kinds(
    make: Make, triggers: Sequence[str], statements: Sequence[str]
) -> None:
    sides = make(ITEMS, LOG)
    sides.add_triggers(*triggers)
    for statement in statements:
        both(sides, statement)
        assert_equal(sides, "items", "log")


def test_rowid_of_a_table_with_a_composite_key(make: Make) -> None:
    sides = make(PAIRS)
    sides.add_triggers(
        """CREATE TRIGGER pairs_ai AFTER INSERT ON pairs BEGIN
            UPDATE pairs SET seen = 'in' WHERE rowid = new.rowid; END""",
        """CREATE TRIGGER pairs_au AFTER UPDATE ON pairs BEGIN
            UPDATE pairs SET seen = 'up' WHERE rowid = new.rowid; END""",
    )
    for statement in (
        "INSERT INTO pairs (a, b) VALUES (2, 1)",
        "UPDATE pairs SET a = 5 WHERE b = 2",
    ):
        both(sides, statement)
        assert_equal(sides, "pairs")


@pytest.mark.parametrize(
    "trigger",
    [
        "CREATE TRIGGER t AFTER INSERT ON items BEGIN SELECT RAISE(FAIL, 'x'); END",
        "CREATE TRIGGER t AFTER INSERT ON items BEGIN UPDATE OR FAIL log SET n = 1; END",
        "CREATE TRIGGER t BEFORE INSERT ON items WHEN NEW.id > 1 BEGIN DELETE FROM log; END",
    ],
)
def test_what_would_differ_is_refused(make: Make, trigger: str) -> None:
    sides = make(ITEMS, LOG)
    with pytest.raises(UntranslatableSQL):
        sides.add_triggers(trigger)
