"""Random definitions one after another: after each, SQLite and PostgreSQL hold the same."""

from __future__ import annotations

import random

import pytest
import translate_corpus
from corpus import case
from translate_run import Application

SCRIPTS = 12
_TABLES = ("t1", "t2", "t3", "T4")
_COLUMNS = ("a", "b", "c", "D")
_TYPES = (
    *("INTEGER", "TEXT", "REAL", "NUMERIC", "", "TEXT COLLATE NOCASE", "BLOB", "VARCHAR(5)"),
    *("DATETIME", "BOOLEAN", "INT NOT NULL DEFAULT 3", "TEXT DEFAULT 'd'", "DEFAULT 1.5"),
)
_VALUES = ("1", "2", "'x'", "'X'", "NULL", "1.5", "'5'", "x'01'")
#: What PostgreSQL tells, and SQLite does not: the script goes on without the statement.
_LOUD = ("SQLite would store it", "NotNullViolation")


class Writer:
    """Writes statements that may or may not fit what is there."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def script(self) -> list[str]:
        first = [
            f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, "
            + ", ".join(f"{column} {self.dice.choice(_TYPES)}" for column in _COLUMNS[:3])
            + ")"
            for table in self.dice.sample(_TABLES, 2)
        ]
        return [*first, *(self.statement() for _ in range(self.dice.randint(8, 20)))]

    def one(self, *choices: str) -> str:
        return self.dice.choice(choices)

    def statement(self) -> str:
        table, other = self.one(*_TABLES), self.one(*_TABLES)
        column, more = self.one(*_COLUMNS), self.one(*_COLUMNS)
        view, kind = self.one("v1", "v2", "v3"), self.one(*_TYPES)
        event = self.one("INSERT", "DELETE", "UPDATE")
        order = self.one(column, f"{column} DESC", f"lower({column})")
        shown = self.one("*", column, f"{column}, {more}", "count(*) AS n")
        return self.one(
            self.table(),
            self.table(),
            f"INSERT INTO {table} ({column}) VALUES ({self.one(*_VALUES)})",
            f"INSERT INTO {table} ({column}) VALUES ({self.one(*_VALUES)})",
            f"CREATE VIEW {self.one('', 'IF NOT EXISTS ')}{view} AS SELECT {shown} FROM "
            f"{self.one(table, table, 'v1')}",
            f"CREATE TRIGGER {self.one('g1', 'g2')} AFTER {event} ON {table} BEGIN "
            f"INSERT INTO {other} ({more}) VALUES ({self.one('1', 'NULL')}); END",
            f"CREATE {self.one('', 'UNIQUE ')}INDEX {self.one('i1', 'i2')} ON {table} ({order})"
            f"{self.one('', f' WHERE {more} IS NOT NULL')}",
            f"ALTER TABLE {table} RENAME TO {other}",
            f"ALTER TABLE {table} RENAME COLUMN {column} TO {more}",
            f"ALTER TABLE {table} ADD COLUMN {column} {kind}",
            f"ALTER TABLE {table} DROP COLUMN {column}",
            f"DROP TABLE {self.one('', 'IF EXISTS ')}{table}",
            self.one(f"DROP VIEW {view}", "DROP INDEX i1", "DROP TRIGGER g1"),
            f"DELETE FROM {table}",
            f"SELECT * FROM {self.one(table, view)}",
            "SELECT type, name, tbl_name, sql FROM sqlite_master",
        )

    def table(self) -> str:
        name, columns = self.one(*_TABLES), self.dice.sample(_COLUMNS, self.dice.randint(1, 4))
        has_id = self.dice.random() < 0.6
        lines = [f"id INTEGER PRIMARY KEY{self.one('', ' AUTOINCREMENT')}"] if has_id else []
        for column in columns:
            extra = self.one("", "", "", " UNIQUE", f" CHECK ({column} IS NOT 'zz')", " references")
            if extra == " references":
                extra = f" REFERENCES {self.one(*_TABLES)}{self.one('', ' ON DELETE CASCADE')}"
            lines.append(f"{column} {self.one(*_TYPES)}{extra}")
        if not has_id and self.dice.random() < 0.3:
            lines.append(f"PRIMARY KEY ({columns[0]})")
        present = self.one("", "IF NOT EXISTS ")
        return f"CREATE TABLE {present}{name} ({', '.join(lines)})"


@pytest.fixture
def application(database: str) -> Application:
    opened = Application(database, [translate_corpus.EVENTS], promote=False)
    # What a foreign key without its parent does is not compared: PostgreSQL has none then.
    opened.sqlite.execute("PRAGMA foreign_keys = OFF")
    opened.postgres.execute("BEGIN")
    return opened


@pytest.mark.parametrize("seed", range(SCRIPTS))
def test_both_hold_the_same(seed: int, application: Application) -> None:
    ran = [statement for statement in Writer(seed).script() if runs(application, statement)]
    application.close()
    assert len(ran) > 3


def runs(application: Application, sql: str) -> bool:
    """Run a statement on both sides and compare; False where PostgreSQL refuses it aloud."""
    application.reset_sequences()  # SQLite gives the id of a deleted last row once more
    application.sqlite.execute("SAVEPOINT both")
    translations = application.translations
    verdict, why, _ = application.compare(sql, (), case(sql))
    loud = verdict == "refused" or any(sign in why for sign in _LOUD)
    loud = loud or ("ForeignKeyViolation" in why or "FOREIGN KEY" in why)
    if loud:
        application.sqlite.execute("ROLLBACK TO both")
        application.follow(translations)
    application.sqlite.execute("RELEASE both")
    assert loud or verdict == "ok", f"{sql}: {why}"
    for look in (application.compare_definitions, application.compare_tables):
        assert look() == ("ok", ""), sql
    return not loud
