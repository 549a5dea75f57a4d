"""Random files are united as the plain expectation has it: rows, ids and references."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from independent import several
from outgrow.model.uniting import Settlements, TableSettlement
from outgrow.sqlite.snapshot import open_snapshot
from outgrow.unite.uniting import unite

SCHEMA = """
CREATE TABLE owner (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
CREATE TABLE thing (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT UNIQUE,
    owner_id INTEGER REFERENCES owner (id),
    v NUMERIC
);
CREATE TABLE part (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    thing_id INTEGER REFERENCES thing (id),
    owner_id INTEGER REFERENCES owner (id)
);
CREATE TABLE note (thing_id INTEGER REFERENCES thing (id), body);
"""
VALUES = (None, 0, 1, 1.0, "1", "a", "", b"a", -0.0, 0.0, 2**53 + 1, "x\0y")


def fill(path: Path, dice: random.Random) -> Path:
    """Few codes and values, so that rows meet; some references lead nowhere."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(SCHEMA)
        ids = list(range(1, dice.randint(1, 5)))
        for number in ids:
            connection.execute("INSERT INTO owner VALUES (?, ?)", (number, dice.choice("ab")))
        for code in dice.sample("pqrstu", dice.randint(0, 5)):
            row = (
                dice.choice([None, code, code]),
                dice.choice([None, *ids, 9]),
                dice.choice(VALUES),
            )
            connection.execute("INSERT INTO thing (code, owner_id, v) VALUES (?, ?, ?)", row)
        for _ in range(dice.randint(0, 6)):
            row = (dice.choice([None, 1, 2, 3, 7]), dice.choice([None, 1, 2]))
            connection.execute("INSERT INTO part (thing_id, owner_id) VALUES (?, ?)", row)
            note = (dice.choice([None, 1, 2, 3, 7]), dice.choice(VALUES))
            connection.execute("INSERT INTO note VALUES (?, ?)", note)
        if dice.random() < 0.3:
            connection.execute("DELETE FROM thing WHERE id = (SELECT max(id) FROM thing)")
    return path


def rows(execute: Any, table: str) -> list[str]:
    """All rows with storage classes, as SQLite writes them itself."""
    columns = [row[1] for row in execute(f"PRAGMA table_info({table})")]
    names = [name.decode() if isinstance(name, bytes) else name for name in columns]
    parts = ", ".join(
        f"typeof({name}) || ':' || CASE typeof({name}) WHEN 'real' THEN printf('%!.17g', {name})"
        f" ELSE quote(CAST({name} AS BLOB)) END"
        for name in names
    )
    return sorted(str(row) for row in execute(f"SELECT {parts} FROM {table}"))


@pytest.mark.parametrize("seed", range(60))
def test_two_files(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    files = (fill(tmp_path / "a.db", dice), fill(tmp_path / "b.db", dice))
    preferred = dice.choice(files).name
    settlements = Settlements({"thing": TableSettlement(prefer=preferred)})
    expected = tmp_path / "expected.db"
    with open_snapshot(files[0]) as a, open_snapshot(files[1]) as b:
        union = unite((a, b), settlements)
        with union.snapshot as snapshot:
            assert union.united.conflicts == ()
            origins = {(each.file, each.table): each for each in union.united.origins}
            moved = {place: each.moved for place, each in origins.items()}
            fates = several.unite(files, expected, prefer={"thing": preferred}, moved=moved)
            assert {
                place: (each.rows, each.merged, each.superseded) for place, each in origins.items()
            } == {place: (each.rows, each.merged, each.superseded) for place, each in fates.items()}
            with closing(sqlite3.connect(expected)) as plain:
                for table in ("owner", "thing", "part", "note"):
                    assert rows(snapshot.connection.execute, table) == rows(plain.execute, table)
