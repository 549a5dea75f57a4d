"""Whole random files, odd names, types, keys and logic included: each row has its place."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

from databases.files import File, cases
from hypothesis import HealthCheck, given, settings

from outgrow.model.uniting import Settlements
from outgrow.sqlite.snapshot import open_snapshot
from outgrow.unite.uniting import unite


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(3))
def test_every_row_of_every_file_is_accounted_for(files: tuple[File, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        paths = [file.write(Path(folder)) for file in files]
        paths = [path for path in paths if path.stat().st_size]
        if len(paths) < 2:
            return
        union = unite([stack.enter_context(open_snapshot(path)) for path in paths], Settlements())
        connection = stack.enter_context(union.snapshot).connection
        arrived: dict[str, int] = {}
        for origin in union.united.origins:
            with closing(sqlite3.connect(Path(folder, origin.file))) as plain:
                rows = plain.execute(f"SELECT count(*) FROM {quoted(origin.table)}").fetchone()[0]
            assert origin.rows == rows
            stayed = rows - origin.merged - origin.superseded
            assert stayed >= 0
            arrived[origin.united] = arrived.get(origin.united, 0) + stayed
        for table, rows in arrived.items():
            query = f"SELECT count(*) FROM {quoted(table)}"
            assert connection.execute(query).fetchall() == [(rows,)]
