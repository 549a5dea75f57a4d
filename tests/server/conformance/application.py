"""The small application whose tables the tests use, and rows that make its columns promotable."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

SCHEMA = """
CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    email TEXT UNIQUE,
    age INTEGER CHECK (age >= 0),
    score REAL,
    photo BLOB,
    created_at TEXT DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX people_by_age ON people (age);

CREATE TABLE Tasks (
    TaskId INTEGER PRIMARY KEY,
    Title TEXT NOT NULL,
    person_id INTEGER REFERENCES people (id) ON DELETE CASCADE,
    "order" INTEGER DEFAULT 0,
    UNIQUE (person_id, Title)
);

CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT);

CREATE TABLE links (
    id INTEGER PRIMARY KEY,
    next INTEGER REFERENCES links (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    happened_at TIMESTAMP,
    stamped_at TIMESTAMP,
    day DATE,
    is_done BOOLEAN DEFAULT 0,
    cost DECIMAL(10, 2),
    data JSON,
    note TEXT DEFAULT 'none'
);

CREATE TABLE audit (id INTEGER PRIMARY KEY, what TEXT);

CREATE VIEW adults AS SELECT id, name, age FROM people WHERE age >= 18;

CREATE TRIGGER people_renamed AFTER UPDATE OF name ON people
BEGIN
    INSERT INTO audit (what) VALUES (old.name || ' is ' || new.name);
END;
"""

#: In the order in which rows can be deleted.
TABLES = ("audit", "events", "links", "settings", "Tasks", "people")

_EVENTS = [
    ("2024-01-02 03:04:05", "2024-01-02T03:04:05.250000", "2024-01-02", 0, 1.25, '{"a": 1}', "x"),
    ("2024-02-29 23:59:59", "2024-02-29T23:59:59.000001", "2024-02-29", 1, 100, "[1, 2]", "y"),
    (None, None, None, None, None, None, None),
]


def make(path: Path) -> Path:
    """Make the application's SQLite file, with rows that say what its columns hold."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(SCHEMA)
        connection.execute("INSERT INTO people (name, age, score) VALUES ('Ada', 36, 1.5)")
        connection.executemany(
            "INSERT INTO events (happened_at, stamped_at, day, is_done, cost, data, note) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            _EVENTS,
        )
    return path


def emptied(path: Path) -> Path:
    """Take the rows out again, and what AUTOINCREMENT remembers."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in TABLES:
            connection.execute(f"DELETE FROM {table}")
        connection.execute("DELETE FROM sqlite_sequence")
    return path
