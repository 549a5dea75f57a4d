"""The door: several snapshots in, one united snapshot out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from outgrow.model.homes import Homes
from outgrow.model.names import fold
from outgrow.model.uniting import Origin, Settlements, United
from outgrow.sqlite.rows import quote_identifier
from outgrow.sqlite.snapshot import Snapshot
from outgrow.unite.bench import Bench, private_folder, table_name
from outgrow.unite.parts import Part, take_parts
from outgrow.unite.union import Union
from outgrow.unite.united import UnitedSnapshot

#: Told before each table: its name, how many are done, how many there are.
Progress = Callable[[str, int, int], None]


def unite(
    snapshots: Sequence[Snapshot], settlements: Settlements, *, progress: Progress | None = None
) -> Union:
    """Unite several files into one private SQLite database.

    A conflict is settled provisionally, the first file's row staying, and listed; it raises
    nothing.

    Args:
        snapshots: the open files in the order in which they were named.
        settlements: what the plan file says of tables that stand in several files.
        progress: told of each table.

    Raises:
        SourceError: a file can't be read.
        UsageError: one file was named twice.

    """
    with ExitStack() as undo:
        folder = private_folder()
        undo.callback(folder.cleanup)
        parts = take_parts(snapshots, Path(folder.name))
        with Bench(Path(folder.name), parts[0].source.encoding) as bench:
            origins = _copy(bench, parts, progress)
        files = tuple(part.label for part in parts)
        homes = Homes("+".join(files))
        snapshot = UnitedSnapshot(homes, folder, bench.path, snapshots)
        undo.pop_all()
    return Union(snapshot, United(files, tuple(origins), settlements))


def _copy(bench: Bench, parts: list[Part], progress: Progress | None) -> list[Origin]:
    origins: list[Origin] = []
    total = sum(len(part.source.tables) for part in parts)
    for part in parts:
        with bench.attached(part):
            for table in part.source.tables:
                if progress:
                    progress(table.name, len(origins), total)
                bench.connection.execute(table.sql)
                columns = ", ".join(
                    quote_identifier(column.name)
                    for column in table.columns
                    if column.generated is None
                )
                bench.connection.execute(
                    f"INSERT INTO {table_name('main', table.name)} ({columns}) "
                    f"SELECT {columns} FROM {table_name('part', table.name)}"
                )
                rows = bench.connection.changes()
                names = tuple((column.name, column.name) for column in table.columns)
                origins.append(Origin(part.label, table.name, table.name, names, rows))
                for index in table.indexes:
                    bench.connection.execute(index.sql)
            known = {fold(view.name) for view in part.source.views}
            for view in part.source.views:
                if fold(view.name) in known:
                    bench.connection.execute(view.sql)
            for trigger in part.source.triggers:
                bench.connection.execute(trigger.sql)
    return origins
