"""Random pairs of files against an oracle that unites rows in plain Python, one at a time."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from outgrow.model.uniting import Settlements, TableSettlement
from outgrow.sqlite.snapshot import open_snapshot
from outgrow.unite.uniting import unite

SCHEMA = """
CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, v);
CREATE TABLE child (id INTEGER PRIMARY KEY AUTOINCREMENT, parent_id REFERENCES parent (id), note);
CREATE TABLE link (parent_id INTEGER REFERENCES parent, child_id INTEGER REFERENCES child, w,
    PRIMARY KEY (parent_id, child_id));
CREATE TABLE code (k TEXT PRIMARY KEY, v);
CREATE TABLE log (parent_id INTEGER REFERENCES parent (id), v);
"""
TABLES = ("parent", "child", "link", "code", "log")
#: Where ids of other tables stand, and whose they are.
REFERENCES = {
    "parent": {},
    "child": {1: "parent"},
    "link": {0: "parent", 1: "child"},
    "code": {},
    "log": {0: "parent"},
}
RENUMBERED = ("parent", "child")

Row = tuple[Any, ...]
File = dict[str, list[Row]]

ids = st.integers(1, 4)
values = st.sampled_from([None, 1, 1.0, "1", "x", b"x"])
parents = st.lists(
    st.tuples(ids, st.sampled_from([None, "a", "b", "c", "d"]), values),
    max_size=4,
    unique_by=(lambda row: row[0], lambda row: row[1] or object()),
)
children = st.lists(
    st.tuples(ids, st.none() | ids, values), max_size=4, unique_by=lambda row: row[0]
)
links = st.lists(st.tuples(ids, ids, values), max_size=4, unique_by=lambda row: row[:2])
codes = st.lists(
    st.tuples(st.sampled_from("abc"), values), max_size=3, unique_by=lambda row: row[0]
)
logs = st.lists(st.tuples(st.none() | ids, values), max_size=4)
files = st.fixed_dictionaries(
    {"parent": parents, "child": children, "link": links, "code": codes, "log": logs}
)


def typed(row: Iterable[Any]) -> list[tuple[str, Any]]:
    """Tell 1, 1.0 and '1' apart."""
    return [(type(value).__name__, value) for value in row]


@dataclass
class Kept:
    """A row of the union: what it holds now, and the files and rows that it stands for."""

    row: list[Any]
    file: int
    place: int
    gone: bool = False


@dataclass
class Oracle:
    """Unites by the rules of the issue. ``first`` wins unless ``later`` is preferred."""

    files: list[File]
    later: bool
    kept: dict[str, list[Kept]] = field(default_factory=dict)
    #: (table, file, old id) -> new id
    became: dict[tuple[str, int, int], int] = field(default_factory=dict)
    offset: dict[tuple[str, int], int] = field(default_factory=dict)
    merged: dict[tuple[str, int], int] = field(default_factory=dict)
    superseded: dict[tuple[str, int], int] = field(default_factory=dict)

    def unite(self, moved: dict[tuple[str, int], int]) -> None:
        for table in TABLES:
            kept = [
                Kept(self.follow(table, 0, row), 0, i) for i, row in enumerate(self.rows(0, table))
            ]
            self.kept[table] = kept
            present = list(kept)
            arriving = [
                Kept(self.follow(table, 1, row), 1, i) for i, row in enumerate(self.rows(1, table))
            ]
            stays: list[tuple[Kept, int | None]] = []
            stand_ins: dict[int, Kept] = {}
            used: set[int] = set()
            for number, new in enumerate(arriving):
                same = self.same(table, new, present, used)
                if same is not None:
                    used.add(id(same))
                    stand_ins[number] = same
                    self.count(self.merged, table, 1)
                    continue
                other = self.clash(table, new, present)
                if other is None:
                    stays.append((new, None))
                elif self.later:
                    other.gone = True
                    self.count(self.superseded, table, 0)
                    stays.append((new, other.row[0] if table in RENUMBERED else None))
                else:
                    stand_ins[number] = other
                    self.count(self.superseded, table, 1)
            present = [each for each in present if not each.gone]
            self.kept[table] = present
            self.number(table, arriving, stays, stand_ins, moved)
            self.kept[table] += [new for new, _ in stays]

    def rows(self, file: int, table: str) -> list[Row]:
        rows = self.files[file][table]
        return sorted(rows, key=lambda row: row[0]) if table in RENUMBERED else rows

    def count(self, counts: dict[tuple[str, int], int], table: str, file: int) -> None:
        counts[table, file] = counts.get((table, file), 0) + 1

    def follow(self, table: str, file: int, row: Row) -> list[Any]:
        found = list(row)
        for place, parent in REFERENCES[table].items():
            if found[place] is not None:
                found[place] = self.became.get(
                    (parent, file, found[place]), found[place] + self.offset.get((parent, file), 0)
                )
        return found

    def same(self, table: str, new: Kept, present: list[Kept], used: set[int]) -> Kept | None:
        for other in present:
            if id(other) in used:
                continue
            equal = typed(new.row) == typed(other.row)
            if table == "parent" and new.row[1] is not None:
                equal = typed(new.row[1:]) == typed(other.row[1:])
            if equal:
                return other
        return None

    def clash(self, table: str, new: Kept, present: list[Kept]) -> Kept | None:
        key = {"parent": slice(1, 2), "link": slice(0, 2), "code": slice(0, 1)}.get(table)
        if key is None or None in new.row[key]:
            return None
        return next((other for other in present if other.row[key] == new.row[key]), None)

    def number(
        self,
        table: str,
        arriving: list[Kept],
        stays: list[tuple[Kept, int | None]],
        stand_ins: dict[int, Kept],
        moved: dict[tuple[str, int], int],
    ) -> None:
        if table not in RENUMBERED:
            return
        there = {each.row[0] for each in self.kept[table]}
        there |= {taken for _, taken in stays if taken is not None}
        own = {new.row[0] for new, taken in stays if taken is None}
        old = {new.row[0] for new in arriving}
        collide = bool(own & there)
        if old:
            collide |= bool((self.referred(table, 1) - old) & there)
            collide |= bool(self.referred(table, 0) & own)
        offset = moved[table, 1]
        assert bool(offset) == collide
        if own and collide:
            assert min(own) + offset > max([*there, *self.referred(table, 0)], default=0)
        self.offset[table, 1] = offset
        for number, other in stand_ins.items():
            self.became[table, 1, arriving[number].row[0]] = other.row[0]
        for new, taken in stays:
            before = new.row[0]
            new.row[0] = taken if taken is not None else before + offset
            self.became[table, 1, before] = new.row[0]

    def referred(self, table: str, file: int) -> set[int]:
        return {
            row[place]
            for other in TABLES
            for place, parent in REFERENCES[other].items()
            for row in self.files[file][other]
            if parent == table and row[place] is not None
        }


def build(path: Path, file: File) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(SCHEMA)
        connection.execute("BEGIN")
        for table, rows in file.items():
            for row in rows:
                marks = ", ".join("?" for _ in row)
                connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)
        connection.execute("COMMIT")


@settings(max_examples=60, deadline=None)
@given(st.tuples(files, files), st.sampled_from(["", "a.db", "b.db"]))
def test_two_random_files(pair: tuple[File, File], prefer: str) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        paths = [Path(folder, "a.db"), Path(folder, "b.db")]
        for path, file in zip(paths, pair, strict=True):
            build(path, file)
        snapshots = [stack.enter_context(open_snapshot(path)) for path in paths]
        settled = Settlements({table: TableSettlement(prefer=prefer) for table in TABLES})
        union = unite(snapshots, settled)
        stack.enter_context(union.snapshot)
        found = {
            table: union.snapshot.connection.execute(f"SELECT * FROM {table}").fetchall()
            for table in TABLES
        }
        sequences = dict(
            union.snapshot.connection.execute("SELECT * FROM sqlite_sequence").fetchall()
        )
    origins = {(o.table, paths.index(Path(folder, o.file))): o for o in union.united.origins}
    oracle = Oracle(list(pair), later=prefer == "b.db")
    oracle.unite({place: origin.moved for place, origin in origins.items()})
    for table in TABLES:
        expected = [typed(kept.row) for kept in oracle.kept[table]]
        assert sorted(map(repr, map(typed, found[table]))) == sorted(map(repr, expected)), table
        for number, file in enumerate(pair):
            origin = origins[table, number]
            assert origin.rows == len(file[table])
            assert origin.merged == oracle.merged.get((table, number), 0), table
            assert origin.superseded == oracle.superseded.get((table, number), 0), table
    gone = sum(oracle.superseded.values())
    assert bool(union.united.conflicts) == bool(gone and not prefer)
    for table in RENUMBERED:
        for row in found[table]:
            assert sequences[table] >= row[0]
