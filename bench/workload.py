"""The databases that speed is measured with: wide rows, narrow rows and BLOBs, of any size.

    python bench/workload.py FILE MEGABYTES [wide,narrow,blobs]

The same size gives the same file. Half of the bytes are wide rows (40 columns: short and long
text with tabs, newlines, backslashes and Unicode, 300 bytes of JSON, ISO timestamps, 0/1, REAL,
money, NULL), three tenths narrow rows (id, key, real, 0/1, timestamp), one fifth BLOBs.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

Row = tuple[Any, ...]

_WORDS = (
    "order invoice Zürich naïve 東京 tab\there line\nbreak back\\slash 'quoted' \"double\" "
    "shipment {curly} emoji🙂 plain warehouse customer north south delta Ωmega"
).split(" ")
_BEGIN = datetime(2015, 1, 1)

_WIDE = {
    **{f"name{n}": "TEXT" for n in range(6)},
    **{f"note{n}": "TEXT" for n in range(4)},
    **{f"document{n}": "JSON" for n in range(2)},
    **{f"created_at{n}": "TIMESTAMP" for n in range(5)},
    **{f"is_active{n}": "BOOLEAN" for n in range(5)},
    **{f"measure{n}": "REAL" for n in range(5)},
    **{f"price{n}": "DECIMAL(12,2)" for n in range(4)},
    **{f"amount{n}": "INTEGER" for n in range(5)},
    **{f"rest{n}": "TEXT" for n in range(3)},
}
_SCHEMA = {
    "wide": "id INTEGER PRIMARY KEY, " + ", ".join(f"{n} {t}" for n, t in _WIDE.items()),
    "narrow": "id INTEGER PRIMARY KEY, wide_id INTEGER NOT NULL REFERENCES wide(id), "
    "measure REAL, is_active BOOLEAN NOT NULL, created_at TIMESTAMP NOT NULL",
    "blobs": "id INTEGER PRIMARY KEY, name TEXT NOT NULL, content BLOB",
}
_INDEXES = (
    "CREATE INDEX wide_by_name ON wide (name0)",
    "CREATE INDEX wide_by_time ON wide (created_at0)",
    "CREATE INDEX narrow_by_wide ON narrow (wide_id)",
    "CREATE INDEX narrow_by_time ON narrow (created_at)",
)

#: Bytes of a row in SQLite, about, and each table's share of what indexes leave of the file.
_ROW_BYTES = {"wide": 2_300, "narrow": 51, "blobs": 20_060}
_SHARES = {"wide": 0.5, "narrow": 0.3, "blobs": 0.2}
_WITHOUT_INDEXES = 0.76
_DISTINCT = 4_000

#: Rows for so many bytes are made one by one; a larger file repeats them under other keys.
_MADE_MEGABYTES = 100


def make(path: Path, megabytes: float, tables: tuple[str, ...] = tuple(_SCHEMA)) -> None:
    """Write the file; ``tables`` leaves the others empty, without giving their share to these."""
    path.unlink(missing_ok=True)
    rows = {
        name: int(megabytes * 1e6 * _WITHOUT_INDEXES * share / _ROW_BYTES[name]) + 1
        if name in tables
        else 1
        for name, share in _SHARES.items()
    }
    chance = random.Random(7)
    makers = {"wide": _wide(chance), "narrow": _narrow(chance, rows["wide"]), "blobs": _blobs()}
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = MEMORY")
        for name, columns in _SCHEMA.items():
            connection.execute(f"CREATE TABLE {name} ({columns})")
            marks = ", ".join("?" * (columns.replace("(12,2)", "").count(",") + 1))
            made = min(rows[name], int(rows[name] * _MADE_MEGABYTES / megabytes) + 1)
            some = (next(makers[name]) for _ in range(made))
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", some)
            _repeat(connection, name, made, rows[name])
        for index in _INDEXES:
            connection.execute(index)
        connection.commit()


def _repeat(connection: sqlite3.Connection, table: str, made: int, wanted: int) -> None:
    """Add the same rows with further keys until there are as many as wanted."""
    columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
    rest = ", ".join(columns[1:])
    for begin in range(made, wanted, made):
        connection.execute(
            f"INSERT INTO {table} SELECT id + {begin}, {rest} FROM {table} "
            f"WHERE id <= {min(made, wanted - begin)}"
        )


def _wide(chance: random.Random) -> Iterator[Row]:
    """Give rows that share values from a pool, so that making a large file takes no hours."""
    short = [" ".join(chance.choices(_WORDS, k=2)) for _ in range(_DISTINCT)]
    long = [" ".join(chance.choices(_WORDS, k=38)) for _ in range(_DISTINCT)]
    documents = [_document(chance) for _ in range(_DISTINCT)]
    for key in range(1, sys.maxsize):
        yield (
            key,
            *(chance.choice(short) for _ in range(6)),
            *(chance.choice(long) if chance.random() < 0.9 else None for _ in range(4)),
            *(chance.choice(documents) for _ in range(2)),
            *(_moment(chance) for _ in range(5)),
            *(chance.randint(0, 1) for _ in range(5)),
            *(chance.gauss(0, 1e3) for _ in range(5)),
            *(chance.randint(-99_999, 9_999_999) / 100 for _ in range(4)),
            *(chance.getrandbits(40) for _ in range(5)),
            *(chance.choice(short) if chance.random() < 0.3 else None for _ in range(3)),
        )


def _document(chance: random.Random) -> str:
    return json.dumps(
        {
            "id": chance.getrandbits(31),
            "tags": chance.choices(_WORDS, k=6),
            "address": {"street": " ".join(chance.choices(_WORDS, k=3)), "zip": "8001"},
            "total": chance.randint(1, 99_999) / 100,
            "paid": chance.random() < 0.5,
            "note": " ".join(chance.choices(_WORDS, k=10)),
        },
        ensure_ascii=False,
    )


def _narrow(chance: random.Random, parents: int) -> Iterator[Row]:
    for key in range(1, sys.maxsize):
        parent, active = chance.randint(1, parents), chance.randint(0, 1)
        yield key, parent, chance.random() * 1e4, active, _moment(chance)


def _blobs() -> Iterator[Row]:
    chance = random.Random(8)
    for key in range(1, sys.maxsize):
        content = chance.randbytes(chance.randint(100, 40_000))
        yield key, f"file-{key}.bin", content


def _moment(chance: random.Random) -> str:
    return str(_BEGIN + timedelta(seconds=chance.randint(0, 300_000_000)))


if __name__ == "__main__":
    make(
        Path(sys.argv[1]),
        float(sys.argv[2]),
        tuple(sys.argv[3].split(",")) if sys.argv[3:] else tuple(_SCHEMA),
    )
