"""What the database layer adds to a statement, side by side with the bare driver in one run.

    python bench/database.py [URL of a PostgreSQL database; else an embedded server is started]

The rounds take both in turn. The figures are medians of single statements in microseconds: of the
bare driver, with its cursor kept, and of outgrow's connection.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg

from outgrow.database import DatabaseAdapter, PostgreSQLAdapter, SQLiteAdapter
from outgrow.postgres.embedded import EmbeddedServer

ROUNDS, STATEMENTS, ROWS = 30, 100, 1000
TABLE = (
    "CREATE TABLE speed (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, n INTEGER, "
    "cost REAL, at TEXT DEFAULT CURRENT_TIMESTAMP)"
)
INSERT = "INSERT INTO speed (name, n, cost) VALUES (?, ?, ?)"
READ = "SELECT id, name, n, cost FROM speed WHERE id = ?"
WRITE = "UPDATE speed SET n = n + 1 WHERE id = ?"
BARE_READ = "SELECT id, name, n, cost FROM public.speed WHERE id = %(id)s"
BARE_WRITE = "UPDATE public.speed SET n = n + 1 WHERE id = %(id)s"

Work = Callable[[int], Any]


def timed(work: Work) -> list[float]:
    """Do it for many ids; gives the seconds of each."""
    times = []
    for number in range(STATEMENTS):
        began = perf_counter()
        work(number % ROWS + 1)
        times.append(perf_counter() - began)
    return times


def compare(title: str, bare: Work, ours: Work, between: Callable[[], Any] = lambda: None) -> None:
    """Time both in turn and print a line; ``between`` is called after each round of each."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for work, kept in zip((bare, ours), times, strict=True):
            kept.extend(timed(work))
            between()
    left, right = (median(each) * 1e6 for each in times)
    print(f"{title:36} {left:8.1f} {right:8.1f} {right - left:+8.1f} {right / left - 1:+8.1%}")


def fill(adapter: DatabaseAdapter) -> None:
    """Make the table anew."""
    with adapter.get_connection() as connection:
        connection.execute("DROP TABLE IF EXISTS speed")
        connection.execute(TABLE)
        connection.executemany(INSERT, [(f"name {n}", n, n / 7) for n in range(ROWS)])


def on_postgres(url: str) -> None:
    """Time reading, autocommitted writing, and writing in a transaction."""
    with (
        PostgreSQLAdapter(url) as adapter,
        psycopg.connect(url, autocommit=True) as bare,
        psycopg.connect(url) as transacting,
    ):
        fill(adapter)
        cursor, in_transaction = bare.cursor(), transacting.cursor()
        with adapter.get_connection() as ours:
            ours.isolation_level = None
            compare(
                "PostgreSQL: read a row",
                lambda n: cursor.execute(BARE_READ, {"id": n}).fetchone(),
                lambda n: ours.execute(READ, (n,)).fetchone(),
            )
            compare(
                "PostgreSQL: autocommitted update",
                lambda n: cursor.execute(BARE_WRITE, {"id": n}),
                lambda n: ours.execute(WRITE, (n,)),
            )
        with adapter.get_connection() as ours:
            compare(
                "PostgreSQL: update in a transaction",
                lambda n: in_transaction.execute(BARE_WRITE, {"id": n}),
                lambda n: ours.execute(WRITE, (n,)),
                lambda: (transacting.commit(), ours.commit()),
            )


def on_sqlite(path: Path) -> None:
    """Time reading."""
    with SQLiteAdapter(path) as adapter:
        fill(adapter)
        bare = sqlite3.connect(path)
        with adapter.get_connection() as ours:
            compare(
                "SQLite: read a row",
                lambda n: bare.execute(READ, (n,)).fetchone(),
                lambda n: ours.execute(READ, (n,)).fetchone(),
            )
        bare.close()


def main() -> None:
    """Time both databases."""
    print(f"{'median of a statement, µs':36} {'bare':>8} {'outgrow':>8}")
    with tempfile.TemporaryDirectory() as folder:
        on_sqlite(Path(folder) / "speed.db")
        if len(sys.argv) > 1:
            on_postgres(sys.argv[1])
        else:
            with EmbeddedServer(Path(folder) / "server") as server:
                on_postgres(server.url)


if __name__ == "__main__":
    main()
