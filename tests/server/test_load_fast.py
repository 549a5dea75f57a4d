"""Rows in blocks and rows one by one give the same tables, byte for byte, on a real server."""

from __future__ import annotations

import hashlib
import math
import random
import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from commands import outgrow

import samples
from outgrow.cli import main
from outgrow.demo.reference import build_reference
from outgrow.load.fast.encoder import Encoder, EncodingFailed
from outgrow.load.fast.job import Job

pytest.importorskip("adbc_driver_sqlite")
pytest.importorskip("pyarrow")

ROWS = 300

Chance = random.Random
Column = tuple[str, Callable[[Chance], Any]]


def moment(chance: Chance) -> datetime:
    edges = [
        datetime(1, 1, 1),
        datetime(1582, 10, 10, 12),
        datetime(1969, 12, 31, 23, 59, 59, 999_999),
        datetime(1970, 1, 1),
        datetime(1999, 12, 31, 23, 59, 59),
        datetime(2000, 1, 1),
        datetime(2000, 2, 29, 0, 0, 0, 1),
        datetime(9999, 12, 31, 23, 59, 59, 999_999),
    ]
    any_time = datetime(1, 1, 1) + timedelta(microseconds=chance.randrange(315_537_897_600_000_000))
    return chance.choice([*edges, any_time, any_time, any_time])


def spelled(separator: str, digits: int, suffix: str = "") -> Callable[[Chance], str]:
    """Spell moments with so many digits of a fraction; -1 for no seconds."""

    def spell(chance: Chance) -> str:
        at = moment(chance)
        text = at.isoformat(separator, "microseconds")
        if digits < 0:
            return text[:16] + suffix
        return (text[:19] if not digits else text[: 20 + digits]) + suffix

    return spell


def isoformat(chance: Chance) -> str:
    return moment(chance).replace(microsecond=chance.choice([0, 1, 500_000])).isoformat()


def double(chance: Chance) -> float:
    edges = [0.1, -0.0, 0.5, 1e300, 5e-324, math.inf, -math.inf, 2.0**53 + 2, 1 / 3, -123.25]
    (bits,) = struct.unpack("d", chance.randbytes(8))
    return chance.choice([*edges, chance.gauss(0, 1e6), 0.1 if math.isnan(bits) else bits])


def text(chance: Chance) -> str:
    edges = ["", "\\N", "\\.", "a\tb\nc\\d", "\x01\x7f", "ß東京🙂", "x" * 5000, "'\"", "NULL"]
    return chance.choice([*edges, "".join(chr(chance.randrange(32, 0xD7FF)) for _ in range(9))])


def json_text(chance: Chance) -> str:
    return chance.choice(
        ['{"a": [1, 2.50, "é\\n"], "b": null}', "[]", '{"k": "東"}', '{"x": {"y": true}}']
    )


def money(digits: int, scale: int) -> Callable[[Chance], float | int]:
    def amount(chance: Chance) -> float | int:
        limit = 10**digits - 1
        units = chance.choice([0, 1, -1, limit, -limit, chance.randint(-limit, limit)])
        return units / 10**scale

    return amount


def nullable(make: Callable[[Chance], Any]) -> Callable[[Chance], Any]:
    return lambda chance: None if chance.random() < 0.3 else make(chance)


TABLES: dict[str, list[Column]] = {
    "whole": [
        ("small INTEGER", lambda c: c.randint(-5, 5)),
        ("large INTEGER", lambda c: c.choice([2**63 - 1, -(2**63), 2**53 + 1, 0])),
        ("is_active BOOLEAN", lambda c: c.randint(0, 1)),
        ("void INTEGER", lambda c: None),
    ],
    "doubles": [
        ("measure REAL", double),
        ("mixed", lambda c: c.choice([1, -(2**53), 2**53, 0.5, -1e15])),
    ],
    "decimals": [
        ("price DECIMAL(12,2)", money(12, 2)),
        ("rate DECIMAL(10,4)", money(10, 4)),
        ("units DECIMAL(15,0)", money(14, 0)),
        ("share DECIMAL(14,7)", money(14, 7)),
        ("tiny DECIMAL(9,9)", money(9, 9)),
    ],
    "texts": [
        ("word TEXT", text),
        ("anything TEXT", lambda c: c.choice(["", "7", "x"])),
        ("loose BLOB", lambda c: c.choice([2**63 - 1, -1, "a", ""])),
        ("note VARCHAR(3)", text),
    ],
    "documents": [
        ("payload JSON", json_text),
        ("twice JSON", lambda c: c.choice(['{"a":1,"a":2}', "[1]"])),
        ("id UUID", lambda c: str(UUID(int=c.getrandbits(128)))),
    ],
    "bytes": [
        ("content BLOB", lambda c: c.choice([b"", b"\0", c.randbytes(3000), b"\xff\\"])),
        ("mixed BLOB", lambda c: c.choice([b"\0\1", "ä", b""])),
    ],
    "times": [
        ("day DATE", lambda c: moment(c).date().isoformat()),
        *(
            (f"at{number} TIMESTAMP", spelled(separator, digits, suffix))
            for number, (separator, digits, suffix) in enumerate(
                (separator, digits, suffix)
                for separator in " T"
                for digits in (-1, 0, 1, 3, 6)
                for suffix in ("", "Z", "+00:00")
            )
        ),
        ("python_at TIMESTAMP", isoformat),
    ],
    "epochs": [
        ("created_at TIMESTAMP", lambda c: c.randint(-(10**9), 2 * 10**9)),
        ("updated_at TIMESTAMP", lambda c: c.randint(10**12, 2 * 10**12)),
        ("deleted_at TIMESTAMP", lambda c: c.randint(10**15, 2 * 10**15)),
    ],
}

#: What no evidence but a person alone decides.
DECIDED = "".join(
    f"""
    [tables.documents_{variant}.columns]
    id = {{ type = "uuid" }}
    [tables.epochs_{variant}.columns]
    created_at = {{ type = "timestamp", shape = "epoch s" }}
    updated_at = {{ type = "timestamp", shape = "epoch ms" }}
    deleted_at = {{ type = "timestamp", shape = "epoch us" }}
    """
    for variant in ("full", "sparse")
)

#: Tables of which a value can't go in a block.
ROW_BY_ROW: dict[str, list[Column]] = {
    "holds_nul": [("word TEXT", lambda c: c.choice(["a\0b", "c"]))],
    "real_as_text": [("loose BLOB", lambda c: c.choice(["a", 0.1]))],
    "long_decimals": [("price DECIMAL(20,6)", lambda c: c.choice([2**52 + 0.5, 0.25]))],
    "huge_wholes": [("mixed", lambda c: c.choice([2**53 + 1, 0.5]))],
}


def make(path: Path, encoding: str = "UTF-8") -> Path:
    chance = Chance(7)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA encoding = '{encoding}'")
        for name, columns in (TABLES | ROW_BY_ROW).items():
            for variant, wrap in (("full", lambda m: m), ("sparse", nullable)):
                listed = ", ".join(declared for declared, _ in columns)
                connection.execute(f"CREATE TABLE {name}_{variant} ({listed})")
                marks = ", ".join("?" * len(columns))
                makers = [wrap(maker) for _, maker in columns]
                connection.executemany(
                    f"INSERT INTO {name}_{variant} VALUES ({marks})",
                    ([maker(chance) for maker in makers] for _ in range(ROWS)),
                )
        connection.execute(
            'CREATE TABLE "Odd ""name" ("select" TEXT, "a b" INTEGER, k TEXT PRIMARY KEY) '
            "WITHOUT ROWID"
        )
        connection.executemany(
            'INSERT INTO "Odd ""name" VALUES (?, ?, ?)', ((str(n), n, f"k{n}") for n in range(70))
        )
        connection.execute("CREATE TABLE computed (a INTEGER, b AS (a * 2), c TEXT AS (a || 'x'))")
        connection.execute("INSERT INTO computed VALUES (1), (NULL)")
        connection.execute("CREATE TABLE empty (a INTEGER, b TEXT)")
    return path


def contents(database: str, schema: str) -> dict[str, str]:
    """Give a digest of each table: the server's own binary form, in the order of the rows."""
    found = {}
    with psycopg.connect(database) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)
        ).fetchall()
        for (table,) in tables:
            digest = hashlib.md5()
            place = psycopg.sql.Identifier(schema, table)
            command = psycopg.sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(place)
            with connection.cursor().copy(command) as copy:
                for part in copy:
                    digest.update(part)
            found[table] = digest.hexdigest()
    return found


def kinds(database: str, schema: str) -> set[str]:
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT DISTINCT data_type FROM information_schema.columns WHERE table_schema = %s",
            (schema,),
        )
        return {kind for (kind,) in rows}


def in_blocks(database: str) -> dict[str, bool]:
    """Give which way the tables of the last run went, by the journal."""
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT substr(step, 6), (detail->>'in_blocks')::boolean FROM outgrow.journal "
            "WHERE step LIKE 'load:%%' AND run = (SELECT max(run) FROM outgrow.journal)"
        )
        return dict(rows.fetchall())


def both_ways(database: str, *arguments: object) -> Iterator[dict[str, str]]:
    for way in ("rows", "fast"):
        done = outgrow(
            "migrate", *arguments, "--to", database, "--schema", f"by_{way}", OUTGROW_LOAD=way
        )
        assert done.returncode in (0, 4), done.stderr
        yield contents(database, f"by_{way}")


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le"])
def test_every_type_arrives_the_same_both_ways(
    database: str, tmp_path: Path, encoding: str
) -> None:
    path = make(tmp_path / "odd ?#%41 näme.db", encoding)
    plan = tmp_path / "plan.toml"
    plan.write_text(DECIDED)
    one_by_one, blocks = both_ways(database, path, "--plan", plan)
    assert one_by_one == blocks
    ways = in_blocks(database)
    slow = {table for table, fast in ways.items() if not fast}
    expected = {f"{name}_{variant}" for name in ROW_BY_ROW for variant in ("full", "sparse")}
    expected |= {"computed", "empty"}
    if encoding != "UTF-8":
        expected |= {"bytes_full", "bytes_sparse"}
    assert slow == expected
    assert kinds(database, "by_fast") >= {
        "bigint",
        "boolean",
        "double precision",
        "numeric",
        "text",
        "bytea",
        "timestamp without time zone",
        "date",
        "json",
        "jsonb",
        "uuid",
    }


@pytest.mark.parametrize(
    ("server", "name"),
    [("pg18", "chinook.db"), ("pg15", "northwind.db"), ("pg18", "sakila.db")],
    indirect=["server"],
)
def test_sample_databases_arrive_the_same_both_ways(database: str, name: str) -> None:
    found = sorted(samples.FOLDER.rglob(name))
    if not found:
        pytest.skip(samples.MISSING)
    one_by_one, blocks = both_ways(database, found[0])
    assert one_by_one == blocks
    assert any(in_blocks(database).values())


def test_the_reference_application_arrives_the_same_both_ways(
    database: str, tmp_path: Path
) -> None:
    _, history = build_reference(tmp_path, megabytes=0.5)
    one_by_one, blocks = both_ways(database, history)
    assert one_by_one == blocks
    assert any(in_blocks(database).values())


def simple(path: Path, *, rows: int = 50, wal: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    if wal:
        connection.execute("PRAGMA journal_mode = wal")
    connection.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)")
    connection.executemany("INSERT INTO item VALUES (?, ?)", ((n, f"ä{n}") for n in range(rows)))
    connection.commit()
    return connection


def test_what_is_in_a_wal_arrives_too(database: str, tmp_path: Path) -> None:
    writer = simple(tmp_path / "open.db", wal=True)
    for file in ("open.db", "open.db-wal"):
        (tmp_path / file.replace("open", "left")).write_bytes((tmp_path / file).read_bytes())
    one_by_one, blocks = both_ways(database, tmp_path / "left.db")
    assert one_by_one == blocks
    assert in_blocks(database) == {"item": True}
    # While its application has it open another process might see a later commit.
    outgrow("migrate", tmp_path / "open.db", "--to", database, OUTGROW_LOAD="fast")
    assert contents(database, "public") == blocks
    assert in_blocks(database) == {"item": False}
    writer.close()


def test_files_that_become_one_database_go_in_blocks(database: str, tmp_path: Path) -> None:
    for name, rows in (("a", 30), ("b", 20)):
        simple(tmp_path / f"{name}.db", rows=rows).close()
    files = (tmp_path / "a.db", tmp_path / "b.db")
    one_by_one, blocks = both_ways(database, *files)
    assert one_by_one == blocks
    assert in_blocks(database) == {"item": True}


def test_rows_that_the_server_refuses_are_found_and_kept(database: str, tmp_path: Path) -> None:
    # 600 values that are too short to be moved out of the row: more than a page of 8 kB.
    path = tmp_path / "wide.db"
    names = ", ".join(f"c{n} TEXT" for n in range(600))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE wide (id INTEGER PRIMARY KEY, {names})")
        for key, value in ((1, "x"), (2, "y" * 17), (3, "z")):
            marks = ", ".join("?" * 600)
            connection.execute(f"INSERT INTO wide VALUES ({key}, {marks})", [value] * 600)
    one_by_one, blocks = both_ways(database, path, "--on-bad", "refuse")
    assert one_by_one == blocks
    assert in_blocks(database) == {"wide": False}
    with psycopg.connect(database) as connection:
        kept = connection.execute("SELECT key, reason FROM outgrow.quarantine").fetchall()
    assert len(kept) == 2
    assert kept[0] == kept[1]


@pytest.mark.parametrize("fault", ["dies", "garbage", "short"])
def test_a_process_that_fails_costs_no_row(
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: str,
) -> None:
    simple(tmp_path / "app.db", rows=5_000).close()
    encode = Encoder.encode

    def faulty(self: Encoder, job: Job) -> Iterator[tuple[memoryview, int]]:
        for part, rows in encode(self, job):
            if fault == "dies":
                yield part[: len(part) // 2], 0
                raise EncodingFailed("the process ended before it was done")
            if fault == "garbage":
                yield memoryview(bytes(part)[1:] + b"\0"), rows
            if fault == "short":
                yield part, rows - 1

    monkeypatch.setattr(Encoder, "encode", faulty)
    monkeypatch.setenv("OUTGROW_LOAD", "fast")
    assert main(["migrate", str(tmp_path / "app.db"), "--to", database]) == 0
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*), max(name) FROM item").fetchone() == (
            5_000,
            "ä999",
        )
    assert in_blocks(database) == {"item": False}
    capsys.readouterr()
