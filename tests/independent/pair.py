"""A small database with one of everything, written by hand for SQLite and for PostgreSQL."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

SQLITE = """
CREATE TABLE author (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    born TEXT,  -- date
    email TEXT UNIQUE,
    active INTEGER NOT NULL DEFAULT 1,  -- boolean
    rating REAL DEFAULT 0.5,
    royalty_usd REAL CHECK (royalty_usd >= 0),
    settings TEXT,  -- JSON
    portrait BLOB,
    joined_at TEXT NOT NULL DEFAULT (datetime('now')),
    seen_at TEXT
);
CREATE TABLE Book (
    id INTEGER PRIMARY KEY,
    author_id INTEGER NOT NULL REFERENCES author (id) ON UPDATE CASCADE ON DELETE RESTRICT,
    sequel_of INTEGER REFERENCES Book DEFERRABLE INITIALLY DEFERRED,
    Title TEXT NOT NULL,
    year INTEGER DEFAULT 1999,
    price REAL,
    label TEXT GENERATED ALWAYS AS (Title || '!') STORED,
    UNIQUE (author_id, Title)
);
CREATE INDEX book_year ON Book (year DESC, Title);
CREATE UNIQUE INDEX book_cheap ON Book (Title) WHERE price < 5;
CREATE TABLE loan (
    book_id INTEGER REFERENCES Book (id) ON DELETE CASCADE,
    reader TEXT,
    due TEXT DEFAULT 'never',
    PRIMARY KEY (book_id, reader)
) WITHOUT ROWID;
CREATE TABLE log (line TEXT, amount REAL, at TEXT);
CREATE TABLE unused (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT);
CREATE VIEW cheap AS SELECT Title, price FROM Book WHERE price < 5;
CREATE TRIGGER author_seen AFTER INSERT ON Book
BEGIN
    UPDATE author SET rating = rating + 1 WHERE id = NEW.author_id;
END;
"""

POSTGRES = """
CREATE TABLE author (
    id bigserial PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    born date,
    email text COLLATE "C" UNIQUE,
    active boolean NOT NULL DEFAULT true,
    rating double precision DEFAULT 0.5,
    royalty_usd numeric(12, 6) CHECK (royalty_usd >= 0),
    settings jsonb,
    portrait bytea,
    joined_at timestamp NOT NULL DEFAULT date_trunc('second', now() AT TIME ZONE 'utc'),
    seen_at timestamp
);
CREATE TABLE book (
    id bigserial PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES author (id) ON UPDATE CASCADE ON DELETE RESTRICT,
    sequel_of bigint REFERENCES book (id) DEFERRABLE INITIALLY DEFERRED,
    title text COLLATE "C" NOT NULL,
    year bigint DEFAULT 1999,
    price double precision,
    label text COLLATE "C" GENERATED ALWAYS AS (title || '!') STORED,
    UNIQUE (author_id, title)
);
CREATE INDEX book_year ON book (year DESC, title);
CREATE UNIQUE INDEX book_cheap ON book (title) WHERE price < 5;
CREATE TABLE loan (
    book_id bigint REFERENCES book (id) ON DELETE CASCADE,
    reader text COLLATE "C",
    due text COLLATE "C" DEFAULT 'never',
    PRIMARY KEY (book_id, reader)
);
CREATE TABLE log (line text COLLATE "C", amount double precision, at text COLLATE "C");
CREATE TABLE unused (id bigserial PRIMARY KEY, note text COLLATE "C");
CREATE VIEW cheap AS SELECT title, price FROM book WHERE price < 5;
CREATE FUNCTION author_seen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE author SET rating = rating + 1 WHERE id = NEW.author_id;
    RETURN NULL;
END $$;
"""

TRIGGER = """
CREATE TRIGGER author_seen AFTER INSERT ON book
FOR EACH ROW EXECUTE FUNCTION author_seen();
"""

#: Table, columns, rows as SQLite stores them; PostgreSQL's texts of the same values are theirs.
ROWS: tuple[tuple[str, tuple[str, ...], tuple[tuple[object, ...], ...]], ...] = (
    (
        "author",
        (
            "id",
            "name",
            "born",
            "email",
            "active",
            "rating",
            "royalty_usd",
            "settings",
            "portrait",
            "joined_at",
            "seen_at",
        ),
        (
            (
                1,
                "Ada\t\\N 🚀 'x'",
                "1815-12-10",
                "ada@example.com",
                1,
                0.1 + 0.2,
                1234.5678,
                '{"b": [1, 2.50, null], "a": {"é": true}}',
                b"\x00\xff\x89PNG",
                "2025-01-02 03:04:05",
                "2025-01-02T03:04:05.678901Z",
            ),
            (
                2,
                "",
                None,
                None,
                0,
                -1.5e300,
                0.000003,
                "[]",
                b"",
                "2025-02-28 23:59:59",
                "2025-02-28T23:59:59Z",
            ),
            (
                7,
                "Zoë",
                "2000-02-29",
                "zoe@example.com",
                1,
                None,
                None,
                None,
                None,
                "1999-12-31 00:00:00",
                None,
            ),
        ),
    ),
    (
        "book",
        ("id", "author_id", "sequel_of", "title", "year", "price"),
        (
            (10, 1, None, "Notes", 1843, 4.99),
            (11, 1, 10, "More notes", 1844, 12.0),
            (9_007_199_254_740_993, 2, None, "Untitled", None, None),
            (12, 7, None, "Ångström", -5, 0.0),
        ),
    ),
    (
        "loan",
        ("book_id", "reader", "due"),
        ((10, "Bob", "2025-03-01"), (10, "Eve", ""), (11, "Bob", "unknown")),
    ),
    (
        "log",
        ("line", "amount", "at"),
        (
            ("same", 1.5, None),
            ("same", 1.5, None),
            ("other\r\n", 2.25, "2025-01-01"),
            ("spaced ", None, "2025-01-01 00:00"),
        ),
    ),
)


def make_sqlite(path: Path) -> Path:
    """Write the SQLite side; ids up to 20 were given out to authors before."""
    with closing(sqlite3.connect(path)) as connection:
        declarations, trigger = SQLITE.split("CREATE TRIGGER", 1)
        connection.executescript(declarations)
        for table, columns, rows in ROWS:
            marks = ", ".join("?" * len(columns))
            connection.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows
            )
        connection.execute("UPDATE sqlite_sequence SET seq = 20 WHERE name = 'author'")
        connection.executescript(f"CREATE TRIGGER {trigger}")
    return path


def make_postgres(connection: psycopg.Connection, schema: str) -> None:
    """Write PostgreSQL's side into an empty schema."""
    connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'.encode())
    connection.execute(f'SET search_path TO "{schema}"'.encode())
    connection.execute(POSTGRES.encode())
    for table, columns, rows in ROWS:
        marks = ", ".join(["%s"] * len(columns))
        insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})".encode()
        for row in rows:
            values = list(row)
            if table == "author":
                values[4] = bool(values[4])
                values[10] = str(values[10]).rstrip("Z") if values[10] else None
            connection.execute(insert, values)
    connection.execute(TRIGGER.encode())
    connection.execute(
        b"SELECT setval('author_id_seq', 20), setval('book_id_seq', %d)" % 9_007_199_254_740_993
    )
