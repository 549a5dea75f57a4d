"""Builds `database.db` and `workflow_history.db` of a web application that runs coding agents.

The two files are the worked example of a migration: 25 and 9 tables, 37 and 42 named indexes,
4 views and 4 triggers each. Seven tables stand in both; their ids collide for different rows, and
some business keys (``adw_id``, ``pattern_signature``, ``tool_name``) stand in both. The rows hold
what real rows hold: four spellings of a time in one column, broken JSON, a boolean that is 2,
references that nothing answers. Each hazard is told where it is made, in :mod:`.workflows`,
:mod:`.tools` and :mod:`.small`.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain, islice
from pathlib import Path

from outgrow.demo.dice import Dice
from outgrow.demo.small import small_tables
from outgrow.demo.tools import tool_tables
from outgrow.demo.workflows import archived_workflows, migrations, workflows
from outgrow.errors import UsageError, define

#: Told after every few thousand rows: the table, its rows so far, its rows at the end.
Progress = Callable[[str, int, int], None]

Row = Mapping[str, object]

FILE_IN_THE_WAY = define(
    "OG-790", "The demo found a file of its name that the demo did not make, and left it alone."
)

#: Marks a file as the demo's own, so that only such a file is ever replaced
#: (https://www.sqlite.org/pragma.html#pragma_application_id).
_APPLICATION_ID = 0x6F475264
_APPLICATION_ID_OFFSET = 68

# Measured: bytes of the pages that are there without rows, and bytes that each workflow brings
# with the tool calls, events and index entries that belong to it.
_BYTES_WITHOUT_WORKFLOWS = 218_000
_BYTES_PER_WORKFLOW = 6_135
_FEWEST_WORKFLOWS = 40

_ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class _File:
    """How one file differs from the other.

    ``salt`` keeps the ids that must be the file's own apart; ``workflows`` is the number of rows
    of workflow_history, by which all other tables are measured.
    """

    name: str
    salt: int
    workflows: int


def build_reference(
    directory: Path,
    *,
    megabytes: float = 50,
    seed: int = 20260101,
    progress: Progress | None = None,
) -> tuple[Path, Path]:
    """Make both files in ``directory`` (made if missing), replacing those of an earlier demo.

    Args:
        directory: where the files go.
        megabytes: size of workflow_history.db in millions of bytes (about 0.5 at least);
            database.db is about 0.5 at the default size and grows slowly.
        seed: the same seed and size give the same rows.
        progress: told of each table as it fills.

    Returns:
        The paths of database.db and workflow_history.db.

    Raises:
        UsageError: one of the names is taken by a file that is not the demo's.

    """
    directory.mkdir(parents=True, exist_ok=True)
    count = int((megabytes * 1_000_000 - _BYTES_WITHOUT_WORKFLOWS) / _BYTES_PER_WORKFLOW)
    count = max(_FEWEST_WORKFLOWS, count)
    plans = (
        _File("database.db", salt=1, workflows=max(_FEWEST_WORKFLOWS, count // 250)),
        _File("workflow_history.db", salt=0, workflows=count),
    )
    for plan in plans:
        _refuse_foreign(directory / plan.name)
    with tempfile.TemporaryDirectory(dir=directory, prefix=".outgrow-demo-") as workshop:
        for plan in plans:
            _build(Path(workshop) / plan.name, plan, seed, progress or _say_nothing)
        for plan in plans:
            _put(Path(workshop) / plan.name, directory / plan.name)
    return directory / plans[0].name, directory / plans[1].name


def _say_nothing(table: str, done: int, total: int) -> None:
    """Take no notice."""


def _refuse_foreign(path: Path) -> None:
    if not path.exists():
        return
    if path.is_file():
        with path.open("rb") as file:
            file.seek(_APPLICATION_ID_OFFSET)
            if file.read(4) == _APPLICATION_ID.to_bytes(4):
                return
    raise UsageError(
        FILE_IN_THE_WAY,
        "this file was not made by the demo",
        where=str(path),
        fix="Give the demo a directory of its own with --dir",
    )


def _put(built: Path, path: Path) -> None:
    """Move a finished file into its place; a log of the one before must not be applied to it."""
    for suffix in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    shutil.move(built, path)


def _build(path: Path, plan: _File, seed: int, progress: Progress) -> None:
    dice = Dice(seed * 2 + plan.salt)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(
            f"PRAGMA application_id = {_APPLICATION_ID};"
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        )
        connection.executescript(_ddl(path.stem))
        connection.execute("BEGIN")
        for table, (rows, total) in _tables(plan, seed, dice).items():
            _fill(connection, table, rows, total, progress)
        _agree(connection)
        connection.execute("COMMIT")
        connection.executescript(_ddl("logic"))


def _ddl(name: str) -> str:
    return (files("outgrow.demo") / "ddl" / f"{name}.sql").read_text(encoding="utf-8")


def _tables(plan: _File, seed: int, dice: Dice) -> dict[str, tuple[Iterable[Row], int]]:
    """The rows of every table of a file, and how many there are."""
    count = plan.workflows
    tables: dict[str, tuple[Iterable[Row], int]] = {
        "workflow_history": (workflows(dice, count, seed, plan.salt), count),
        **tool_tables(dice, count, seed, plan.salt),
    }
    if plan.salt:
        return tables | small_tables(dice)
    archived = max(10, count // 20)
    return tables | {
        "workflow_history_archive": (archived_workflows(dice, archived, seed), archived),
        "schema_migrations": (migrations(), len(migrations())),
    }


def _fill(
    connection: sqlite3.Connection, table: str, rows: Iterable[Row], total: int, progress: Progress
) -> None:
    """Insert rows; each holds at least the columns of the first that the table has."""
    remaining: Iterator[Row] = iter(rows)
    first = next(remaining, None)
    if first is None:
        progress(table, 0, 0)
        return
    names = [
        name
        for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
        if name in first
    ]
    insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES (:{', :'.join(names)})"
    remaining = chain((first,), remaining)
    done = 0
    while batch := list(islice(remaining, _ROWS_AT_ONCE)):
        connection.executemany(insert, batch)
        done += len(batch)
        progress(table, done, total)


def _agree(connection: sqlite3.Connection) -> None:
    """Bring totals in line with the rows they count, and forget the newest events.

    The application prunes events: the sequence stands past the greatest id that is left.
    """
    connection.execute(
        "UPDATE adw_tools SET (total_invocations, success_rate) = ("
        "  SELECT COUNT(*), COALESCE(AVG(success = 1), 1.0)"
        "  FROM tool_calls WHERE tool_calls.tool_name = adw_tools.tool_name)"
    )
    connection.execute("DELETE FROM hook_events WHERE id > (SELECT MAX(id) - 3 FROM hook_events)")
