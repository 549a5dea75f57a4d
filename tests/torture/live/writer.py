"""An application that writes at full speed, and what each of its transactions does.

    python writer.py FILE SEED WRITER LOG each|keep

It writes until SIGTERM comes; then LOG gets what it committed, and what failed. A transaction is
known from the seed, the writer and its number, so that the state after any of them can be made
again. Python's and SQLite's own means only: nothing here knows outgrow.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import sys
from pathlib import Path
from random import Random
from time import monotonic, sleep

ACCOUNTS, BALANCE, ITEMS, WRITERS = 200, 1_000, 6_000, 4

SCHEMA = """
CREATE TABLE clock (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, origin TEXT NOT NULL);
CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, balance INTEGER NOT NULL);
CREATE TABLE transfers (
  n INTEGER PRIMARY KEY,
  writer INTEGER NOT NULL REFERENCES marks (writer),
  source INTEGER NOT NULL REFERENCES accounts (id),
  target INTEGER NOT NULL REFERENCES accounts (id),
  amount INTEGER NOT NULL CHECK (amount > 0),
  made_at TIMESTAMP NOT NULL,
  note TEXT
);
CREATE TABLE marks (writer INTEGER PRIMARY KEY, n INTEGER NOT NULL, document JSON NOT NULL);
CREATE TABLE items (
  id INTEGER PRIMARY KEY,
  n INTEGER NOT NULL,
  name TEXT,
  price REAL,
  content BLOB
);
CREATE INDEX transfers_by_source ON transfers (source);
CREATE INDEX items_by_name ON items (name);
"""

#: A lock is asked for again so soon, and so long, in seconds.
_SOON, _PATIENCE = 0.0005, 5.0

#: Nobody needs a writer for longer.
_SECONDS = 120.0

#: Transactions of a connection where connections come and go.
_OF_A_CONNECTION = 20


def make(path: Path, seed: str, origin: str) -> None:
    """Write the file as it is before the first transaction."""
    dice = Random(f"{seed}/{origin}")
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    connection.execute("INSERT INTO clock VALUES (1, 0, ?)", (origin,))
    connection.executemany(
        "INSERT INTO accounts VALUES (?, ?, ?)",
        [(id, f"owner {id}", BALANCE) for id in range(1, ACCOUNTS + 1)],
    )
    connection.executemany(
        "INSERT INTO marks VALUES (?, 0, ?)",
        [(writer, _document(0, writer)) for writer in range(WRITERS)],
    )
    connection.executemany(
        "INSERT INTO items VALUES (?, 0, ?, ?, ?)",
        [(id, *_item(dice)) for id in range(1, ITEMS + 1)],
    )
    connection.commit()
    connection.close()


def write(connection: sqlite3.Connection, seed: str, writer: int, n: int) -> None:
    """Do what this transaction does; it is the caller's to begin and to commit."""
    dice = Random(f"{seed}/{writer}/{n}")
    source, target = dice.sample(range(1, ACCOUNTS + 1), 2)
    amount = dice.randint(1, 50)
    execute = connection.execute
    execute("UPDATE clock SET n = ?", (n,))
    execute("UPDATE accounts SET balance = balance - ? WHERE id = ?", (amount, source))
    execute(
        "INSERT INTO transfers VALUES (?, ?, ?, ?, ?, ?, ?)",
        (n, writer, source, target, amount, _moment(n), dice.choice((None, "", "rent", "Zürich"))),
    )
    execute("UPDATE accounts SET balance = balance + ? WHERE id = ?", (amount, target))
    for _ in range(dice.randint(0, 3)):
        id = dice.randint(1, 2 * ITEMS)
        if dice.random() < 0.5:
            execute("DELETE FROM items WHERE id = ?", (id,))
        else:
            execute("INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?)", (id, n, *_item(dice)))
    execute(
        "UPDATE marks SET n = ?, document = ? WHERE writer = ?", (n, _document(n, writer), writer)
    )


def rebuild(base: Path, path: Path, seed: str, history: dict[int, int]) -> None:
    """Make the state after these transactions: the writer of each by its number."""
    shutil.copyfile(base, path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    for n in sorted(history):
        write(connection, seed, history[n], n)
    connection.execute("COMMIT")
    connection.close()


def _item(dice: Random) -> tuple[str | None, float, bytes]:
    name = None if dice.random() < 0.1 else f"item {dice.getrandbits(30):x}"
    return name, dice.randint(0, 10**6) / 64, dice.randbytes(dice.randint(0, 120))


def _document(n: int, writer: int) -> str:
    return json.dumps({"n": n, "writer": writer})


def _moment(n: int) -> str:
    return f"2026-01-{n // 86_400 + 1:02} {n // 3_600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}"


class _Writer:
    """Begins, writes, commits, and keeps the time of each."""

    def __init__(self, path: str, seed: str, writer: int, *, each: bool) -> None:
        self.path, self.seed, self.writer = path, seed, writer
        self.transactions = _OF_A_CONNECTION if each else 0
        self.committed: list[tuple[int, float, float]] = []
        self.errors: list[str] = []
        self.is_over = False

    def run(self) -> None:
        """Write until it is over."""
        signal.signal(signal.SIGTERM, self._end)
        end, parent = monotonic() + _SECONDS, os.getppid()
        while not self.is_over and monotonic() < end and os.getppid() == parent:
            connection = sqlite3.connect(self.path, timeout=0, isolation_level=None)
            try:
                self._use(connection, end)
            except sqlite3.Error as error:
                self.errors.append(f"{type(error).__name__}: {error}")
                sleep(0.05)
            finally:
                connection.close()

    def _use(self, connection: sqlite3.Connection, end: float) -> None:
        patiently(connection, "PRAGMA synchronous = NORMAL")
        count = 0
        while not self.is_over and monotonic() < end:
            began = monotonic()
            patiently(connection, "BEGIN IMMEDIATE")
            waited = monotonic() - began
            [n] = connection.execute("SELECT n + 1 FROM clock").fetchone()
            write(connection, self.seed, self.writer, n)
            writing = monotonic()
            patiently(connection, "COMMIT")
            waited += monotonic() - writing
            self.committed.append((n, began, waited))
            count += 1
            if count == self.transactions:
                return
            sleep(_SOON / 2)  # else one writer has all the turns

    def _end(self, *_: object) -> None:
        self.is_over = True


def patiently(connection: sqlite3.Connection, statement: str, patience: float = _PATIENCE) -> None:
    """Execute a statement that may have to wait for others; raises after so many seconds."""
    give_up = monotonic() + patience
    while True:
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or monotonic() > give_up:
                raise
            sleep(_SOON)
        else:
            return


def main() -> None:
    """Write, and leave the log."""
    path, seed, writer, log, how = sys.argv[1:]
    one = _Writer(path, seed, int(writer), each=how == "each")
    one.run()
    Path(log).write_text(json.dumps({"committed": one.committed, "errors": one.errors}))


if __name__ == "__main__":
    main()
