"""What the database layer adds to a statement, side by side with the bare driver in one run.

    python bench/database.py "host=… dbname=…" [path of a SQLite file to make]

Each round takes both in turn; the figures are medians over all rounds, in microseconds.
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

from outgrow.database import PostgreSQLAdapter, SQLiteAdapter

ROUNDS, EACH = 30, 100
TABLE = (
    "CREATE TABLE speed (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, n INTEGER, "
    "cost REAL, at TEXT DEFAULT CURRENT_TIMESTAMP)"
)
INSERT = "INSERT INTO speed (name, n, cost) VALUES (?, ?, ?)"
READ = "SELECT id, name, n, cost FROM speed WHERE id = ?"
WRITE = "UPDATE speed SET n = n + 1 WHERE id = ?"


def timed(work: Callable[[int], Any]) -> list[float]:
    times = []
    for number in range(EACH):
        began = perf_counter()
        work(number % 1000 + 1)
        times.append(perf_counter() - began)
    return times


def compare(title: str, bare: Callable[[int], Any], ours: Callable[[int], Any]) -> None:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        times[0].extend(timed(bare))
        times[1].extend(timed(ours))
    left, right = (median(each) * 1e6 for each in times)
    print(f"{title:42} {left:8.1f} {right:8.1f} {right - left:+8.1f} {right / left - 1:+7.1%}")


def filled(adapter: Any) -> None:
    with adapter.get_connection() as connection:
        connection.execute("DROP TABLE IF EXISTS speed")
        connection.execute(TABLE)
        connection.executemany(INSERT, [(f"name {n}", n, n / 7) for n in range(1000)])


def on_postgres(conninfo: str) -> None:
    adapter = PostgreSQLAdapter(conninfo)
    filled(adapter)
    read = "SELECT id, name, n, cost FROM public.speed WHERE id = %(p1)s"
    write = "UPDATE public.speed SET n = n + 1 WHERE id = %(p1)s"
    with (
        psycopg.connect(conninfo, autocommit=True) as bare,
        adapter.get_connection() as ours,
    ):
        cursor = bare.cursor()
        ours.isolation_level = None
        compare(
            "PostgreSQL: read a row",
            lambda n: cursor.execute(read, {"p1": n}).fetchone(),
            lambda n: ours.execute(READ, (n,)).fetchone(),
        )
        compare(
            "PostgreSQL: autocommit update",
            lambda n: cursor.execute(write, {"p1": n}),
            lambda n: ours.execute(WRITE, (n,)),
        )
    with psycopg.connect(conninfo) as bare, adapter.get_connection() as ours:
        cursor = bare.cursor()

        def in_turn(left: Callable[[int], Any], right: Callable[[int], Any]) -> None:
            times: tuple[list[float], list[float]] = ([], [])
            for _ in range(ROUNDS):
                times[0].extend(timed(left))
                bare.commit()
                times[1].extend(timed(right))
                ours.commit()
            a, b = (median(each) * 1e6 for each in times)
            print(f"{'PostgreSQL: update in a transaction':42} {a:8.1f} {b:8.1f} {b - a:+8.1f} {b / a - 1:+7.1%}")

        in_turn(
            lambda n: cursor.execute(write, {"p1": n}),
            lambda n: ours.execute(WRITE, (n,)),
        )
    adapter.close()


def on_sqlite(path: Path) -> None:
    adapter = SQLiteAdapter(path)
    filled(adapter)
    bare = sqlite3.connect(path)
    with adapter.get_connection() as ours:
        compare(
            "SQLite: read a row",
            lambda n: bare.execute(READ, (n,)).fetchone(),
            lambda n: ours.execute(READ, (n,)).fetchone(),
        )
    bare.close()


if __name__ == "__main__":
    print(f"{'median, µs':42} {'bare':>8} {'outgrow':>8}")
    on_postgres(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        on_sqlite(Path(folder) / "speed.db")
