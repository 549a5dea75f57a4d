"""Files of plain SQL, united, and looked at with plain SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
import pytest

from outgrow.model.names import fold
from outgrow.model.uniting import Origin, Settlements, TableSettlement, United
from outgrow.sqlite.snapshot import open_snapshot
from outgrow.unite.union import Union
from outgrow.unite.uniting import unite


@dataclass(frozen=True)
class Seen:
    """A union, asked with SQL alone."""

    union: Union

    @property
    def told(self) -> United:
        return self.union.united

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        return self.union.snapshot.connection.execute(query).fetchall()

    def origin(self, file: str, table: str) -> Origin:
        (found,) = [o for o in self.told.origins if (o.file, o.table) == (file, table)]
        return found

    def says(self) -> str:
        return "\n".join(f"{f.code} {f.where}: {f.says}. {f.fix}" for f in self.told.findings)


Unite = Callable[..., Seen]


@pytest.fixture
def united(tmp_path: Path) -> Iterator[Unite]:
    """Make files from scripts (a, b, c … .db) or take paths, unite them, and close all again."""
    with ExitStack() as stack:

        def make(*files: str | Path, provenance: str = "", **tables: TableSettlement) -> Seen:
            paths = []
            for letter, file in zip("abcdefgh", files, strict=False):
                path = file if isinstance(file, Path) else tmp_path / f"{letter}.db"
                if isinstance(file, str):
                    with closing(sqlite3.connect(path)) as connection:
                        connection.executescript(file)
                paths.append(path)
            snapshots = [stack.enter_context(open_snapshot(path)) for path in paths]
            settled = {fold(name): each for name, each in tables.items()}
            union = unite(snapshots, Settlements(settled, provenance))
            stack.enter_context(union.snapshot)
            _check_integrity(union)
            return Seen(union)

        yield make


def _check_integrity(union: Union) -> None:
    try:
        found = union.snapshot.connection.execute("PRAGMA integrity_check").fetchall()
    except apsw.SQLError as error:
        assert "unknown function" in str(error)  # SQLite can't check what calls one
    else:
        assert found == [("ok",)]
