"""Writing statements and triggers: what the corpus can't show, and each mistake that was made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import psycopg
import pytest
from both_databases import Dice, differences, run
from corpus import case
from corpus.writing import TABLES, TRIGGERS, VIEWS
from translate_run import Application
from translate_sides import Table

from outgrow.model.types import Kind, Shape, TargetType
from outgrow.translate import UntranslatableSQL, classes_of, translate
from outgrow.translate.outcome import ROLLS_BACK

Make = Callable[..., Application]

ITEMS = Table(
    "items",
    """CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, n INTEGER DEFAULT 0,
        twice INTEGER AS (n * 2) STORED)""",
    rows=[(1, "one", 1), (2, "two", 2), (3, "three", 3)],
    rowid_alias="id",
    declared=True,
)
LOG = Table(
    "log",
    "CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT, n INTEGER)",
    rowid_alias="id",
    declared=True,
)
LINES = Table(
    "lines",
    "CREATE TABLE lines (id INTEGER PRIMARY KEY, item_id INTEGER, note TEXT)",
    rowid_alias="id",
    declared=True,
)
PAIR = "CREATE VIEW pairs AS SELECT i.name, l.note FROM items i JOIN lines l ON l.item_id = i.id"
KINDS = Table(
    "kinds",
    """CREATE TABLE kinds (id INTEGER PRIMARY KEY, i INTEGER, r REAL, d NUMERIC, f NUMERIC, t TEXT,
        s NUMERIC, b BLOB, flag INTEGER, m TEXT, day TEXT, e INTEGER, j TEXT, jb TEXT, u TEXT)""",
    promoted={
        "d": TargetType(Kind.NUMERIC, 6, 2),
        "f": TargetType(Kind.DOUBLE),
        "s": TargetType(Kind.TEXT),
        "flag": TargetType(Kind.BOOLEAN),
        "m": TargetType(Kind.TIMESTAMP, shape=Shape("YYYY-MM-DDTHH:MM:SS[.ffffff]Z")),
        "day": TargetType(Kind.DATE, shape=Shape("YYYY-MM-DD")),
        "e": TargetType(Kind.TIMESTAMP, shape=Shape("epoch ms")),
        "j": TargetType(Kind.JSON),
        "jb": TargetType(Kind.JSONB),
        "u": TargetType(Kind.UUID),
    },
    rowid_alias="id",
    declared=True,
)


@pytest.fixture
def make(database: str) -> Iterator[Make]:
    made: list[Application] = []

    def build(*tables: Table, promote: bool = False, **more: Sequence[str]) -> Application:
        made.append(Application(database, tables, promote=promote, **more))
        return made[-1]

    yield build
    for application in made:
        application.close()


def assert_same(application: Application, *statements: str | tuple[str, Sequence[Any]]) -> None:
    """Run statements one after another on both sides; results and tables have to be equal."""
    verdict, why = application.outcome(case(*statements))
    assert verdict == "ok", why


# --- storing ----------------------------------------------------------------------------------

FITTING = [
    ("i", 5),
    ("i", 5.0),
    ("i", "5"),
    ("i", " -7 "),
    ("i", "5.0"),
    ("i", 2**63 - 1),
    ("i", str(-(2**63))),
    ("r", 1),
    ("r", 0.1),
    ("r", "1e3"),
    ("r", 2**60),
    ("r", float("inf")),
    ("r", -0.0),
    ("d", 12.25),
    ("d", 12),
    ("d", "12.50"),
    ("d", -9999.99),
    ("f", 1.5),
    ("f", 7),
    ("f", "7"),
    ("f", 2**53),
    ("t", 5),
    ("t", 1.5),
    ("t", "05"),
    ("t", 1e300),
    ("s", "abc"),
    ("s", "0x10"),
    ("b", b"\x00\xff"),
    ("flag", 1),
    ("flag", 0.0),
    ("flag", "1"),
    ("m", "2024-02-29T12:00:00Z"),
    ("m", "2024-02-29T12:00:00.000001Z"),
    ("day", "0001-01-01"),
    ("e", 1700000000123),
    ("e", -1),
    ("e", "86400000"),
    ("j", '{"a": 1, "a": 2}'),
    ("j", 5),
    ("jb", "[1,2.50]"),
    ("u", "00112233-4455-6677-8899-aabbccddeeff"),
]
UNFIT = [
    ("i", "abc"),
    ("i", 1.5),
    ("i", "1.5"),
    ("i", 1e30),
    ("i", float("inf")),
    ("i", "0x10"),
    ("i", "1_0"),
    ("i", ""),
    ("i", b"1"),
    ("r", "x"),
    ("r", b"x"),
    ("d", 12.255),
    ("d", 12345.5),
    ("d", "x"),
    ("f", 2**53 + 1),
    ("f", str(2**53 + 1)),
    ("t", b"x"),
    ("s", "12"),
    ("s", 12),
    ("s", "1e3"),
    ("b", "x"),
    ("b", 1),
    ("flag", 2),
    ("flag", -1),
    ("flag", "x"),
    ("flag", 0.5),
    ("m", "2024-02-30T12:00:00Z"),
    ("m", "2024-02-29 12:00:00Z"),
    ("m", "2024-02-29T12:00:00.5Z"),
    ("m", "2024-02-29T25:00:00Z"),
    ("m", "2024-02-29T12:00:60Z"),
    ("m", "0000-01-01T12:00:00Z"),
    ("m", "2024-02-29T12:00:00.000000Z"),
    ("m", 5),
    ("day", "2024-13-01"),
    ("day", "2024-1-1"),
    ("e", 10**18),
    ("e", 1.5),
    ("j", "{a: 1}"),
    ("j", ""),
    ("jb", '{"a": 1, "a": 2}'),
    ("jb", '"\\u0000"'),
    ("u", "00112233-4455-6677-8899-AABBCCDDEEFF"),
    ("u", "x"),
]


@pytest.mark.parametrize("known", [True, False], ids=["classes", "any"])
def test_what_a_column_can_hold_is_stored(make: Make, known: bool) -> None:
    application = make(KINDS, promote=True)
    for column, value in FITTING:
        verdict, why = _stored(application, column, value, known=known)
        assert verdict == "ok", (column, value, why)


@pytest.mark.parametrize("known", [True, False], ids=["classes", "any"])
def test_what_a_column_cannot_hold_is_an_error(make: Make, known: bool) -> None:
    application = make(KINDS, promote=True)
    for column, value in UNFIT:
        verdict, why = _stored(application, column, value, known=known)
        assert verdict == "error", (column, value)
        assert f"kinds.{column}" in why, (column, value, why)


def _stored(application: Application, column: str, value: Any, *, known: bool) -> tuple[str, str]:
    """Store a value on both sides and compare the row; or the words of the error."""
    sql = f"INSERT INTO kinds ({column}) VALUES (?)"
    application.sqlite.execute("SAVEPOINT one; DELETE FROM kinds")
    application.postgres.execute("BEGIN; TRUNCATE public.kinds")
    try:
        classes = classes_of([value]) if known else ()
        translation = translate(sql, application.sides.schema, classes)
        for step in translation.steps:
            application.postgres.execute(step.sql, translation.arguments(step, [value]))  # type: ignore[call-overload]
        application.sqlite.execute(sql, (value,))
        expected, found = application.sides.table("kinds")
        here, there = expected[0][1:], found[0][1:]
        if column in ("e", "jb"):
            return ("ok", "") if there != (None,) * len(there) else ("lost", "")
        same = [(type(a), a) for a in here] == [(type(b), b) for b in there]
        return ("ok" if same else "different"), f"{here} {there}"
    except UntranslatableSQL as error:
        return "error", str(error)
    except psycopg.IntegrityError as error:
        assert error.diag.sqlstate == "23000"
        assert error.diag.message_hint
        return "error", str(error)
    finally:
        application.postgres.execute("ROLLBACK")
        application.sqlite.execute("ROLLBACK TO one; RELEASE one")


def test_a_value_of_the_right_class_takes_no_helper(make: Make) -> None:
    application = make(KINDS, promote=True)
    values = [5, 1.5, "x", b"y"]
    sql = "UPDATE kinds SET i = ?, r = ?, t = ?, b = ? WHERE id = 1"
    translation = translate(sql, application.sides.schema, classes_of(values))
    assert not translation.helpers
    assert "outgrow." not in translation.sql


def test_no_row_no_error(make: Make) -> None:
    """A helper that PostgreSQL evaluates while it plans would fail without any row."""
    application = make(KINDS, promote=True)
    assert_same(
        application,
        ("UPDATE kinds SET i = ?, m = ? WHERE id = 77", ("abc", "never")),
        ("INSERT INTO kinds (i) SELECT ? WHERE 1 = 0", ("abc",)),
    )


# --- rowids -----------------------------------------------------------------------------------


def test_sessions_that_give_ids_do_not_move_the_sequence_back(make: Make, database: str) -> None:
    application = make(LOG)
    translation = translate("INSERT INTO log (id) VALUES (?)", application.sides.schema, ())
    failures: list[BaseException] = []

    def insert(start: int) -> None:
        try:
            with psycopg.connect(database, autocommit=True) as connection:
                for number in range(start, start + 400, 2):
                    step = translation.steps[-1]
                    connection.execute(step.sql, translation.arguments(step, [number]))  # type: ignore[call-overload]
        except BaseException as error:  # noqa: BLE001 - told by the test
            failures.append(error)

    threads = [threading.Thread(target=insert, args=(start,)) for start in (1000, 1001)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    row = application.postgres.execute("INSERT INTO public.log DEFAULT VALUES RETURNING id")
    assert row.fetchone() == (1400,)


def test_an_update_gives_no_rowid_and_an_insert_does(make: Make) -> None:
    schema = make(ITEMS, KINDS).sides.schema
    assert translate("INSERT INTO items (name) VALUES ('x')", schema).gives_rowid
    assert not translate("UPDATE items SET n = 1 RETURNING id", schema).gives_rowid


# --- conflicts --------------------------------------------------------------------------------


def test_one_key_is_replaced_in_place(make: Make) -> None:
    """Beside other sessions only ON CONFLICT is safe."""
    schema = make(*TABLES).sides.schema
    assert "DO UPDATE" in translate("REPLACE INTO settings (key) VALUES ('a')", schema).sql
    assert "DELETE" in translate("REPLACE INTO keys (id, a) VALUES (1, 2)", schema).sql


@pytest.mark.parametrize(
    "sql",
    [
        # One row of those that are updated stands in the way of another.
        "UPDATE OR IGNORE keys SET a = coalesce(a, 30) + 10",
        "UPDATE OR REPLACE keys SET a = coalesce(a, 30) + 10",
        # Two rows get one key.
        "UPDATE OR IGNORE keys SET a = 99 WHERE id IN (1, 2)",
    ],
)
def test_what_depends_on_the_order_of_the_rows_is_an_error(make: Make, sql: str) -> None:
    application = make(*TABLES)
    translation = translate(sql, application.sides.schema)
    with pytest.raises(psycopg.IntegrityError):
        application.postgres.execute(translation.sql)  # type: ignore[call-overload]


@pytest.mark.parametrize("mode", ["faithful", "promoted"])
def test_random_statements_with_values_of_every_class(make: Make, mode: str) -> None:
    application = make(*TABLES, promote=mode == "promoted", views=VIEWS, triggers=TRIGGERS)
    dice = _Nasty(application, 11, ["log"])
    for _ in range(120):
        sql, values = dice.statement()
        application.reset_sequences()
        verdict, why = run(application, sql, values)
        assert verdict != "different", (sql, values, why)
    assert not differences(application, ["log"])


class _Nasty(Dice):
    """Statements with RETURNING and conflict clauses, and values of the wrong class."""

    values = (None, 0, -1, 1.0, 1.5, "1", " 2 ", "abc", "ABC", "", b"x", 2**53 + 1, 1e20, "1e2")

    def _value(self, table: Any, column: Any) -> Any:
        if self._random.random() < 0.3:
            return self._random.choice(self.values)
        return super()._value(table, column)

    def statement(self) -> tuple[str, list[Any]]:
        sql, values = super().statement()
        chance = self._random.random()
        if sql.startswith("UPDATE") and chance < 0.4:
            action = self._random.choice(["IGNORE", "REPLACE"])
            return sql.replace("UPDATE ", f"UPDATE OR {action} ", 1), values
        if sql.startswith("INSERT INTO") and "CONFLICT" not in sql and chance < 0.3:
            sql += " ON CONFLICT DO NOTHING"
        if chance < 0.6:
            sql += " RETURNING *"
        return sql, values


# --- triggers ---------------------------------------------------------------------------------


def test_last_insert_rowid_in_a_body(make: Make) -> None:
    application = make(
        ITEMS,
        LINES,
        LOG,
        views=[PAIR],
        triggers=[
            """CREATE TRIGGER pairs_in INSTEAD OF INSERT ON pairs BEGIN
                INSERT INTO items (name) VALUES (NEW.name);
                INSERT INTO lines (item_id, note) VALUES (last_insert_rowid(), NEW.note);
                INSERT INTO log (n) SELECT last_insert_rowid() FROM items WHERE id = 1; END""",
            """CREATE TRIGGER items_in AFTER INSERT ON items BEGIN
                INSERT INTO log (what, n) VALUES ('item', last_insert_rowid());
                INSERT INTO log (what, n) VALUES ('log', last_insert_rowid()); END""",
        ],
    )
    assert_same(
        application,
        "INSERT INTO pairs VALUES ('four', 'x')",
        "SELECT last_insert_rowid()",
        "INSERT INTO items (id, name) VALUES (40, 'forty')",
        "SELECT last_insert_rowid()",
    )


@pytest.mark.parametrize(
    "body",
    [
        "INSERT INTO log (n) VALUES (last_insert_rowid())",
        "INSERT INTO log (n) SELECT id FROM items; UPDATE log SET n = last_insert_rowid()",
        "INSERT INTO log (n) VALUES (changes())",
    ],
)
def test_a_rowid_that_nobody_knows_is_refused(make: Make, body: str) -> None:
    with pytest.raises(UntranslatableSQL):
        make(ITEMS, LOG, triggers=[f"CREATE TRIGGER t AFTER DELETE ON items BEGIN {body}; END"])


def test_new_in_a_before_trigger_may_be_null_and_generated(make: Make) -> None:
    application = make(
        ITEMS,
        LOG,
        triggers=[
            """CREATE TRIGGER named BEFORE INSERT ON items WHEN NEW.name IS NOT 'x' BEGIN
                INSERT INTO log (what, n) VALUES (coalesce(NEW.name, 'nobody'), NEW.twice); END""",
            """CREATE TRIGGER raised BEFORE UPDATE ON items WHEN NEW.twice > 50 BEGIN
                SELECT RAISE(IGNORE); END""",
        ],
    )
    assert_same(
        application,
        "INSERT OR ABORT INTO items (name, n) VALUES ('a', 4)",
        "INSERT INTO items (name, n) VALUES ('x', 4)",
        "UPDATE items SET n = n * 10",
        "INSERT INTO items (name) VALUES (NULL)",
    )


def test_triggers_of_one_event_run_newest_first(make: Make) -> None:
    triggers = [
        f"""CREATE TRIGGER {name} AFTER UPDATE ON items WHEN NEW.n > {least} BEGIN
            INSERT INTO log (what, n) VALUES ('{name}', (SELECT count(*) FROM log)); END"""
        for name, least in (("b", 0), ("a", 2), ("c", 1))
    ]
    application = make(ITEMS, LOG, triggers=triggers)
    assert_same(application, "UPDATE items SET n = n WHERE id = 3", "SELECT * FROM log")
    assert_same(application, "UPDATE items SET n = n WHERE id = 1", "SELECT * FROM log")


def test_a_trigger_that_comes_later_runs_first(make: Make) -> None:
    """Making or dropping one makes the functions of the others anew."""
    body = "INSERT INTO log (what) VALUES ('{0}')"
    application = make(ITEMS, LOG)
    assert_same(
        application,
        f"CREATE TRIGGER a AFTER INSERT ON items BEGIN {body.format('a')}; END",
        f"CREATE TRIGGER b AFTER INSERT ON items BEGIN {body.format('b')}; END",
        "INSERT INTO items (name) VALUES ('x')",
        "SELECT * FROM log",
        f"CREATE TRIGGER aa AFTER INSERT ON items BEGIN {body.format('aa')}; END",
        "INSERT INTO items (name) VALUES ('y')",
        "SELECT * FROM log",
        "DROP TRIGGER a",
        "INSERT INTO items (name) VALUES ('z')",
        "SELECT * FROM log",
    )


def test_ignoring_after_ends_the_triggers_of_the_row(make: Make) -> None:
    application = make(
        ITEMS,
        LOG,
        triggers=[
            "CREATE TRIGGER b AFTER UPDATE ON items BEGIN INSERT INTO log (n) VALUES (NEW.n); END",
            """CREATE TRIGGER c AFTER UPDATE ON items BEGIN
                INSERT INTO log (what) VALUES ('c');
                SELECT CASE WHEN NEW.n = 8 THEN RAISE(ABORT, 'eight')
                    WHEN NEW.n > 8 THEN CASE NEW.n WHEN 9 THEN RAISE(IGNORE) END END FROM items;
                INSERT INTO log (what) VALUES ('not nine'); END""",
        ],
    )
    assert_same(
        application,
        "UPDATE items SET n = 9 WHERE id = 1",
        "UPDATE items SET n = 10 WHERE id = 1",
        "SELECT * FROM log",
        "UPDATE items SET n = 8 WHERE id = 1",
    )


def test_raise_rollback_tells_the_connection(make: Make) -> None:
    application = make(
        ITEMS,
        triggers=[
            "CREATE TRIGGER t BEFORE DELETE ON items BEGIN SELECT RAISE(ROLLBACK, 'no'); END"
        ],
    )
    with pytest.raises(psycopg.IntegrityError) as raised:
        application.postgres.execute("DELETE FROM public.items")
    assert raised.value.diag.sqlstate == ROLLS_BACK


def test_a_clause_that_rules_triggers_is_refused(make: Make) -> None:
    """SQLite ignores the conflict in ``log`` too; a trigger of PostgreSQL raises an error."""
    schema = make(
        ITEMS,
        Table("names", "CREATE TABLE names (name TEXT UNIQUE)", declared=True),
        triggers=[
            """CREATE TRIGGER t AFTER INSERT ON items BEGIN
                INSERT INTO names VALUES (NEW.name); END"""
        ],
    ).sides.schema
    translate("INSERT INTO items (name) VALUES ('x')", schema)
    translate("INSERT OR ABORT INTO items (name) VALUES ('x')", schema)
    for action in ("IGNORE", "REPLACE"):
        with pytest.raises(UntranslatableSQL, match="rules what the trigger t does"):
            translate(f"INSERT OR {action} INTO items (name) VALUES ('x')", schema)


def test_returning_what_a_trigger_sets_before_is_refused(make: Make) -> None:
    """The trigger became BEFORE UPDATE; SQLite shows the row as it was before the trigger."""
    application = make(
        LINES,
        triggers=[
            """CREATE TRIGGER t AFTER UPDATE ON lines BEGIN
                UPDATE lines SET note = 'seen' WHERE id = NEW.id; END"""
        ],
    )
    schema = application.sides.schema
    translate("UPDATE lines SET item_id = 1 RETURNING id, item_id", schema)
    for shown in ("*", "upper(note)"):
        with pytest.raises(UntranslatableSQL, match="shows as it was before"):
            translate(f"UPDATE lines SET item_id = 1 RETURNING {shown}", schema)
    assert_same(application, "INSERT INTO lines (note) VALUES ('a') RETURNING *")


def test_rows_are_inserted_one_by_one_where_triggers_can_tell(make: Make) -> None:
    application = make(
        ITEMS,
        LOG,
        triggers=[
            """CREATE TRIGGER t AFTER INSERT ON items BEGIN
                INSERT INTO log (n) SELECT count(*) FROM items; END"""
        ],
    )
    assert_same(
        application,
        "INSERT INTO items (name) VALUES ('a'), ('b'), ('c') RETURNING name",
        "SELECT changes(), last_insert_rowid()",
        "SELECT * FROM log",
    )
    sql = "INSERT INTO items (name) SELECT name FROM items"
    (note,) = translate(sql, application.sides.schema).notes
    assert note.startswith("t goes beyond its row")
