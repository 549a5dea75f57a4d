"""A large file: how much memory a migration takes, and whether it slows down."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from types import ModuleType
from typing import Any

import psycopg
from commands import OUTGROW, environment

from outgrow.postgres.embedded import EmbeddedServer
from torture.part import Case, Figure, Outcome, Part, Place

#: How large the file is; smaller ones are for trying this part.
_MEGABYTES = int(os.environ.get("OUTGROW_TORTURE_MEGABYTES", "5000"))

#: What is multiplied until it is as large.
_BASE_MEGABYTES = 25

#: What a process may take, and how much slower the last fifth of a table may be than the first.
_MEMORY, _SLOWER = 200.0, 0.20

#: Seconds between two looks.
_LOOK = 0.1

#: Rows of each table that are compared as they are, besides the sums.
_ROWS = 400

_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}

#: Sums of each table, in a spelling of each side; numbers of both are exact, but for ``real``.
_SUMS = {
    "wide": {
        "rows": ("count(*)", "count(*)"),
        "ids": ("sum(id)", "sum(id)"),
        "names": ("sum(length(name0 || name5))", "sum(length(name0 || name5))"),
        "notes": ("sum(length(note0)), count(note3)", "sum(length(note0)), count(note3)"),
        "documents": (
            "sum(json_extract(document1, '$.id'))",
            "sum((document1 ->> 'id')::bigint)",
        ),
        "moments": ("min(created_at0), max(created_at4)",) * 2,
        "flags": ("sum(is_active0 + 2 * is_active4)", "sum(is_active0::int + 2 * is_active4::int)"),
        "amounts": ("sum(amount0), sum(amount4)", "sum(amount0), sum(amount4)"),
        "prices": ("sum(CAST(round(price0 * 100) AS INTEGER))", "sum(round(price0 * 100))"),
        "real": ("sum(measure0)", "sum(measure0)"),
    },
    "narrow": {
        "rows": ("count(*)", "count(*)"),
        "ids": ("sum(id), sum(wide_id)", "sum(id), sum(wide_id)"),
        "flags": ("sum(is_active)", "sum(is_active::int)"),
        "moments": ("min(created_at), max(created_at)",) * 2,
        "seconds": (
            "sum(CAST(strftime('%s', created_at) AS INTEGER))",
            "sum(extract(epoch FROM created_at))",
        ),
        "real": ("sum(measure)", "sum(measure)"),
    },
    "blobs": {
        "rows": ("count(*)", "count(*)"),
        "ids": ("sum(id)", "sum(id)"),
        "bytes": ("sum(length(content)), sum(length(name))",) * 2,
    },
}


@contextmanager
def _setup(place: Place) -> Iterator[Path]:
    """Give a folder on a disk: memory is what is measured."""
    del place
    with tempfile.TemporaryDirectory(prefix="outgrow-torture-size-") as name:
        Path(name).chmod(0o755)  # where root lends the server another account
        yield Path(name)


def _run(folder: Path, _case: Case) -> Outcome:
    file = folder / "large.db"
    began = monotonic()
    _make(file, _MEGABYTES)
    figures: dict[str, Figure] = {"made in": round(monotonic() - began, 1)}
    figures["bytes"] = file.stat().st_size
    with EmbeddedServer(folder / "server", settings=_SETTINGS) as server:
        watch = _Watch(server.url)
        began = monotonic()
        report, said = watch.migrate(file, folder)
        figures["seconds"] = round(monotonic() - began, 1)
        defects = list(_differences(file, server.url)) if report else [said]
    shutil.rmtree(folder / "server", ignore_errors=True)
    figures |= _copy_times(said)
    for phase, seconds in (report or {}).get("seconds", {}).items():
        figures[f"{phase} s"] = round(seconds, 1)
    for name, megabytes in watch.memory.items():
        figures[f"memory of {name}"] = round(megabytes, 1)
        if megabytes > _MEMORY:
            defects.append(f"{name} took {megabytes:.0f} MB")
    for table, (clock, processor) in watch.rates().items():
        figures[f"{table} faster"] = round(clock[0] / clock[-1] - 1, 3)
        figures[f"{table} faster by processor"] = round(processor[0] / processor[-1] - 1, 3)
        figures[f"{table} fifths"] = " ".join(f"{seconds:.1f}" for seconds in clock)
        if clock[0] / clock[-1] < 1 - _SLOWER:
            defects.append(f"{table}: its fifths took {figures[f'{table} fifths']} s")
    if report and not watch.rates():
        defects.append("no table was large enough to see its rate")
    return Outcome(figures, tuple(defects))


def _make(path: Path, megabytes: int) -> None:
    """Write a file as the benchmarks use it: rows of a small one many times, with other keys."""
    base = path.with_name("base.db")
    _workload().make(base, min(megabytes, _BASE_MEGABYTES))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        execute = connection.execute
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -200000"):
            execute(f"PRAGMA {pragma}")
        execute("ATTACH ? AS base", (str(base),))
        counts = {}
        for name, sql in execute(
            "SELECT name, sql FROM base.sqlite_schema WHERE type = 'table' ORDER BY name DESC"
        ).fetchall():
            execute(sql)
            [counts[name]] = execute(f"SELECT max(id) FROM base.{name}").fetchone()
        copies = {
            name: ", ".join(
                _varied(column, count, counts["wide"])
                for (column,) in execute("SELECT name FROM pragma_table_info(?)", (name,))
            )
            for name, count in counts.items()
        }
        number = 0
        while path.stat().st_size < megabytes * 1e6:
            execute("BEGIN")
            for name, columns in copies.items():
                query = f"INSERT INTO main.{name} SELECT {columns} FROM base.{name}"
                execute(query, {"number": number})
            execute("COMMIT")
            number += 1
    base.unlink()


def _varied(column: str, rows: int, parents: int) -> str:
    """Write what a column becomes in a copy of a row."""
    return {
        "id": f"id + :number * {rows}",
        "wide_id": f"wide_id + :number * {parents}",
        "name0": "name0 || :number",
        "amount0": "amount0 + :number",
        "measure": "measure + :number",
    }.get(column, column)


def _workload() -> ModuleType:
    path = Path(__file__).parents[2] / "bench" / "workload.py"
    spec = importlib.util.spec_from_file_location("workload", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True, slots=True)
class _Look:
    """How many rows had arrived: when, and after how much of the processors' time."""

    rows: int
    clock: float
    processor: float


@dataclass(slots=True)
class _Watch:
    """Looks at a migration: the memory of its processes, and how many rows have arrived when."""

    database: str
    memory: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    arrived: dict[str, list[_Look]] = field(default_factory=lambda: defaultdict(list))

    def migrate(self, file: Path, folder: Path) -> tuple[dict[str, Any] | None, str]:
        """Run it; gives its report, and what it said."""
        out, err = folder / "out", folder / "err"
        settings = environment() | {"TMPDIR": str(folder)}
        order = [*OUTGROW, "migrate", str(file), "--to", self.database, "--json"]
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(order, stdout=stdout, stderr=stderr, env=settings)
            over = Event()
            threads = [
                Thread(target=self._see_memory, args=(process.pid, over)),
                Thread(target=self._see_rows, args=(process.pid, over)),
            ]
            try:
                for thread in threads:
                    thread.start()
                process.wait()
            finally:
                process.kill()
                process.wait()
                over.set()
                for thread in threads:
                    thread.join()
        said = err.read_text()
        if process.returncode:
            return None, f"exit {process.returncode}: {said[-1000:]}{out.read_text()[-1000:]}"
        return json.loads(out.read_text()), said

    def _see_memory(self, pid: int, over: Event) -> None:
        while not over.wait(_LOOK):
            for each in _family(pid):
                for name, megabytes in _peak(each):
                    self.memory[name] = max(self.memory[name], megabytes)

    def _see_rows(self, pid: int, over: Event) -> None:
        query = (
            "SELECT relid::regclass::text, tuples_processed FROM pg_stat_progress_copy "
            "WHERE command = 'COPY FROM'"
        )
        with psycopg.connect(self.database, autocommit=True) as connection:
            while not over.wait(_LOOK):
                for name, rows in connection.execute(query).fetchall():
                    look = _Look(rows, monotonic(), sum(map(_processor, _family(pid))))
                    self.arrived[name.rpartition(".")[2]].append(look)

    def rates(self) -> dict[str, tuple[list[float], list[float]]]:
        """What each fifth of the larger tables took: seconds of the clock, of the processors."""
        found = {}
        for table, seen in self.arrived.items():
            if seen[-1].clock - seen[0].clock < 20 * _LOOK:
                continue
            ends = [_at(seen, seen[-1].rows * fifth / 5) for fifth in range(6)]
            found[table] = (
                [after.clock - before.clock for before, after in pairwise(ends)],
                [after.processor - before.processor for before, after in pairwise(ends)],
            )
        return found


def _at(seen: Sequence[_Look], rows: float) -> _Look:
    """When so many rows had arrived: between two looks in proportion."""
    number = bisect_left(seen, rows, key=lambda look: look.rows)
    number = min(max(1, number), len(seen) - 1)
    before, after = seen[number - 1], seen[number]
    part = (rows - before.rows) / max(after.rows - before.rows, 1)
    return _Look(
        round(rows),
        before.clock + part * (after.clock - before.clock),
        before.processor + part * (after.processor - before.processor),
    )


def _processor(pid: int) -> float:
    """The processors' time of a process, in seconds."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _family(pid: int) -> list[int]:
    """The process and all that it began."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        threads = [each for each in Path(f"/proc/{pid}/task").iterdir() if each.name != str(pid)]
        for thread in threads:
            children += (thread / "children").read_text().split()
    except OSError:
        return []
    return [pid, *(each for child in children for each in _family(int(child)))]


def _peak(pid: int) -> Iterator[tuple[str, float]]:
    """What a process is, and the most memory that it has had."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return
    peak = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    if peak and "outgrow" in " ".join(command):
        names = [part for part in command if part.startswith("outgrow.")]
        yield (names[0] if names else "the command", int(peak[1]) * 1024 / 1e6)


def _copy_times(said: str) -> Iterator[tuple[str, Figure]]:
    """How long the copy was said to take, and took."""
    for name, pattern in (("copy said", r"about ([\d.]+) s for"), ("copy", r"made in ([\d.]+) s")):
        if found := re.search(pattern, said):
            yield name, float(found[1])


def _differences(file: Path, database: str) -> Iterator[str]:
    with (
        closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as here,
        psycopg.connect(database) as there,
    ):
        for table, sums in _SUMS.items():
            left = _asked(here, table, [one for one, _ in sums.values()])
            right = _asked(there, table, [other for _, other in sums.values()])
            for one, other in zip(left, right, strict=True):
                if not _same(one, other):
                    yield f"{table}: a sum of it is {one} in SQLite, {other} in PostgreSQL"
            yield from _other_rows(here, there, table)


def _asked(connection: Any, table: str, sums: list[str]) -> tuple[Any, ...]:
    row: tuple[Any, ...] = connection.execute(f"SELECT {', '.join(sums)} FROM {table}").fetchone()
    return row


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float):
        return abs(one - float(other)) <= 1e-9 * abs(one)
    if isinstance(one, str):
        return str(other) == one
    return bool(one == other)


def _other_rows(here: sqlite3.Connection, there: Any, table: str) -> Iterator[str]:
    """Compare some rows from all over the table, as bytes."""
    [most] = here.execute(f"SELECT max(id) FROM {table}").fetchone()
    ids = sorted({1 + most * number // _ROWS for number in range(_ROWS)} | {most})
    columns = [name for (name,) in here.execute("SELECT name FROM pragma_table_info(?)", (table,))]
    wanted = ", ".join(name for name in columns if not name.startswith("document"))
    for id in ids:
        one = here.execute(f"SELECT {wanted} FROM {table} WHERE id = ?", (id,)).fetchone()
        query = f"SELECT {wanted} FROM {table} WHERE id = %s"
        other = there.execute(query.encode(), (id,), binary=True).fetchone()
        if other is None or _digest(one) != _digest(other):
            yield f"{table}, id {id}: {one!r:.200} in SQLite, {other!r:.200} in PostgreSQL"


def _digest(row: tuple[Any, ...]) -> str:
    """Sum up a row in a spelling that both sides share."""
    spelt = [value if isinstance(value, bytes) else str(_plain(value)).encode() for value in row]
    return hashlib.sha256(b"\0".join(spelt)).hexdigest()


def _plain(value: object) -> object:
    """Give a number as both sides spell it: 12.0 is stored as 12, and arrives as 12.00."""
    return f"{float(value):.15g}" if isinstance(value, int | float | Decimal) else value


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    rows = []
    for figures in (each.figures for each in outcomes):
        rows += [
            ("size of the file", f"{int(figures['bytes']) / 1e9:.2f} GB"),
            ("moved and verified in", f"{float(figures['seconds']):,.0f} s"),
        ]
        rows += [
            (f"most {name}", f"{float(value):,.0f} MB")
            for name, value in figures.items()
            if name.startswith("memory of ")
        ]
        for table in _SUMS:
            if f"{table} fifths" in figures:
                faster = float(figures[f"{table} faster"])
                told = f"{faster:+.0%} (its fifths took {figures[f'{table} fifths']} s)"
                rows.append((f"{table}: rows a second at the end, against the beginning", told))
        if "copy said" in figures:
            told = f"{float(figures['copy said']):.1f} s, and took {figures.get('copy', 0)} s"
            rows.append(("the private copy was said to take", told))
    return rows


PART = Part(
    name="size",
    title="A large file",
    says=(
        "A file as the benchmarks use it (wide rows, narrow rows, blobs), made on the fly, is "
        "moved and verified. No process of outgrow may take more than 200 MB, and the rows of the "
        "last fifth of a table have to arrive as fast as those of the first, within 20%. Sums "
        "over every row and some rows as they are have to agree on both sides."
    ),
    cases=1,
    slice=0,
    setup=_setup,
    run=_run,
    told=_told,
    alone=True,
    seconds=3_600,
)
