"""Files that are written to, replaced or deleted while they are moved."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median, quantiles
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import psycopg
from commands import outgrow
from fresh_databases import fresh_database

from independent.compare import compare
from torture.live import writer as live_writer
from torture.live.states import seen
from torture.live.states import states as states_at_rest
from torture.live.writer import ACCOUNTS, BALANCE, WRITERS, patiently
from torture.part import Case, Figure, Outcome, Part, Place

#: Seconds that writers write before the migration, to know what they take without it, and after.
_BEFORE, _AFTER = 0.8, 0.2

#: Seconds of a transaction's waits beyond the usual, of one in a hundred, that are too many.
_TOO_LONG = 0.1

#: Where a wait is too long, a case is done again: a busy machine is not a lock.
_TIMES = 3

_BESIDE = ("", "-wal", "-shm", "-journal")

_Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is done to the file meanwhile.

    Args:
        journal: the file's journal mode.
        harm: what somebody does to it during the migration, if anybody does.
        each: whether the writers' connections come and go.

    """

    journal: str
    harm: str = ""
    each: bool = False

    @property
    def label(self) -> str:
        """What the page calls it."""
        if self.harm == _AT_REST:
            return self.harm
        name = "WAL" if self.journal == "wal" else "rollback journal"
        more = ("connections come and go",) if self.each else ()
        return ", ".join((name, *more, *filter(None, [self.harm])))

    @property
    def ends(self) -> bool:
        """Whether the file is no longer there, or another one, when all is done."""
        return self.harm in ("replaced", "deleted")


_AT_REST = "nobody writes"

_WAL = _Kind("wal")
_KINDS = (
    _WAL,
    _Kind("delete"),
    _Kind("wal", "checkpoints"),
    _Kind("wal", "VACUUM"),
    _Kind("wal", each=True),
    _Kind("wal", "replaced"),
    _WAL,
    _Kind("truncate"),
    _Kind("wal", "checkpoints", each=True),
    _Kind("wal", "deleted"),
    _Kind("delete", "replaced"),
    _WAL,
    _Kind("persist", "VACUUM"),
    _Kind("delete", "deleted"),
    _Kind("wal", "the application ends"),
    _Kind("any", _AT_REST),
)


@dataclass(frozen=True, slots=True)
class _Shared:
    """The files that every case begins with, and how long a migration took the last time."""

    place: Place
    base: Path
    other: Path
    seed: str
    took: list[float]


@contextmanager
def _setup(place: Place) -> Iterator[_Shared]:
    base, other = place.folder / "base.db", place.folder / "other.db"
    live_writer.make(base, "live", "first")
    live_writer.make(other, "live", "second")
    yield _Shared(place, base, other, "live", [2.0])


@dataclass(slots=True)
class _Case:
    """One case at work."""

    shared: _Shared
    kind: _Kind
    dice: Random
    folder: Path
    server: str
    way: str
    defects: list[str] = field(default_factory=list)
    figures: dict[str, Figure] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.folder / "app.db"

    def beside(self, suffix: str) -> Path:
        return self.folder / f"app.db{suffix}"


def _run(shared: _Shared, case: Case) -> Outcome:
    kind = _KINDS[case.number % len(_KINDS)]
    names = sorted(shared.place.servers)
    # Each kind meets each server.
    server = shared.place.servers[names[(case.number // len(_KINDS) + case.number) % len(names)]]
    # Another process reads the file, too, wherever it may; small tables would be spared that.
    way = ("fast", "auto")[case.number % 2]
    outcome = Outcome()
    for attempt in range(_TIMES):
        folder = shared.place.folder / f"{case.number}-{attempt}"
        folder.mkdir()
        try:
            with fresh_database(server) as database:
                one = _Case(shared, kind, case.random, folder, database, way)
                if kind.harm == _AT_REST:
                    _at_rest(one)
                else:
                    _judge_waits(one, *_live(one), attempt)
        finally:
            shutil.rmtree(folder)
        defects = tuple(f"{kind.label}: {each}" for each in one.defects)
        outcome = Outcome({"kind": kind.label, **one.figures}, defects)
        if one.figures.get("p99", 0) <= _TOO_LONG:  # type: ignore[operator]
            break
    return outcome


def _live(one: _Case) -> tuple[list[float], list[float]]:
    """Migrate while others write; gives the waits of transactions before it and during it."""
    shutil.copyfile(one.shared.base, one.file)
    with closing(sqlite3.connect(one.file)) as connection:
        connection.execute(f"PRAGMA journal_mode = {one.kind.journal}")
    writers = _Writers(one)
    # Somebody else has the file open all the time: what is beside it stays.
    watcher = sqlite3.connect(one.file, isolation_level=None, timeout=30)
    try:
        if not one.kind.each:
            watcher.execute("SELECT count(*) FROM clock").fetchone()
        else:
            watcher.close()
        writers.start()
        sleep(_BEFORE)
        kept = {suffix: _inode(one.beside(suffix)) for suffix in ("", "-wal", "-shm")}
        with _harm(one, writers):
            began = monotonic()
            order = ("migrate", one.file, "--to", one.server, "--json")
            done = outgrow(*order, OUTGROW_LOAD=one.way)
            ended = monotonic()
        one.shared.took[0] = ended - began
        sleep(_AFTER)
        writers.stop()
        if one.kind.journal == "wal" and not one.kind.ends and not one.kind.each:
            _judge_companions(one, kept, watcher)
    finally:
        writers.stop()
        watcher.close()
    committed = sorted(entry for log in writers.logs for entry in log["committed"])
    one.defects += [f"a writer got {error}" for log in writers.logs for error in log["errors"]]
    one.figures["seconds"] = round(ended - began, 2)
    one.figures["transactions"] = sum(began <= start <= ended for _, start, _, _ in committed)
    history = {n: writer for n, _, _, writer in committed}
    if sorted(history) != list(range(1, len(committed) + 1)):
        one.defects.append("two writers committed one number: SQLite's own locks did not hold")
    _judge(one, done, history)
    before = [wait for _, start, wait, _ in committed if start < began]
    during = [wait for _, start, wait, _ in committed if began <= start <= ended]
    return before, during


def _at_rest(one: _Case) -> None:
    """Migrate files as applications leave them: nothing of them may change, come or go."""
    with states_at_rest(one.shared.base, one.folder, one.shared.seed) as states:
        for number, state in enumerate(states):
            schema, expected = f"state_{number}", one.folder / f"expected{number}.db"
            live_writer.rebuild(one.shared.base, expected, one.shared.seed, state.history)
            before = seen(state.folder)
            file = state.folder / "app.db"
            order = ("migrate", file, "--to", one.server, "--schema", schema, "--json")
            done = outgrow(*order, OUTGROW_LOAD=one.way)
            if (after := seen(state.folder)) != before:
                one.defects.append(f"{state.name}: {before} became {after}")
            if done.returncode:
                one.defects.append(f"{state.name}: exit {done.returncode}: {done.stderr[-600:]}")
                continue
            report = json.loads(done.stdout)
            different = compare(expected, one.server, schema=schema, report=report)
            one.defects += [f"{state.name}: {each}" for each in different[:3]]
        one.figures["states"] = len(states)


class _Writers:
    """The application's processes."""

    def __init__(self, one: _Case) -> None:
        self._one = one
        self._processes: list[subprocess.Popen[bytes]] = []
        self.logs: list[dict[str, Any]] = []

    def start(self) -> None:
        how = "each" if self._one.kind.each else "keep"
        for writer in range(WRITERS):
            log = self._one.folder / f"log{writer}"
            order = (self._one.file, self._one.shared.seed, writer, log, how)
            command = [sys.executable, "-I", "-S", live_writer.__file__, *map(str, order)]
            self._processes.append(subprocess.Popen(command))

    def stop(self) -> None:
        """End them and read what they committed; a second call does nothing."""
        processes, self._processes = self._processes, []
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for writer, process in enumerate(processes):
            if process.wait(60):
                self._one.defects.append(f"writer {writer} ended with {process.returncode}")
                continue
            log = json.loads((self._one.folder / f"log{writer}").read_text())
            log["committed"] = [(*entry, writer) for entry in log["committed"]]
            self.logs.append(log)


@contextmanager
def _harm(one: _Case, writers: _Writers) -> Iterator[None]:
    """Have somebody do something to the file at a moment of the migration."""
    work = _HARMS.get(one.kind.harm)
    if work is None:
        yield
        return
    over = Event()
    moment = one.dice.random() * one.shared.took[0]

    def harm() -> None:
        if not over.wait(moment):
            try:
                work(one, writers, over)
            except Exception as error:  # noqa: BLE001  the case tells it
                one.defects.append(f"{one.kind.harm}: {type(error).__name__}: {error}")

    thread = Thread(target=harm)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _checkpoints(one: _Case, _writers: _Writers, over: Event) -> None:
    """Empty the WAL into the file again and again; a reader may keep it from being emptied."""
    with closing(sqlite3.connect(one.file, isolation_level=None, timeout=0.1)) as connection:
        while not over.is_set():
            how = one.dice.choice(("PASSIVE", "FULL", "RESTART", "TRUNCATE"))
            with suppress(sqlite3.OperationalError):  # the other writers', not outgrow's
                connection.execute(f"PRAGMA wal_checkpoint({how})").fetchall()
            over.wait(0.05)


def _vacuum(one: _Case, _writers: _Writers, _over: Event) -> None:
    with closing(sqlite3.connect(one.file, isolation_level=None, timeout=0)) as connection:
        patiently(connection, "VACUUM", patience=60)


def _replaced(one: _Case, writers: _Writers, _over: Event) -> None:
    """Put another file in its place, as a careful person does."""
    new = one.folder / "new.db"
    shutil.copyfile(one.shared.other, new)
    writers.stop()
    _deleted(one, writers, _over)
    new.replace(one.file)


def _deleted(one: _Case, writers: _Writers, _over: Event) -> None:
    writers.stop()
    for suffix in _BESIDE:
        one.beside(suffix).unlink(missing_ok=True)


def _ended(_one: _Case, writers: _Writers, _over: Event) -> None:
    writers.stop()


_HARMS: dict[str, Callable[[_Case, _Writers, Event], None]] = {
    "checkpoints": _checkpoints,
    "VACUUM": _vacuum,
    "replaced": _replaced,
    "deleted": _deleted,
    "the application ends": _ended,
}


def _judge(one: _Case, done: subprocess.CompletedProcess[str], history: dict[int, int]) -> None:
    """Hold what is in PostgreSQL against the state that the writers' logs give."""
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        is_clear = done.returncode == 1 and len(lines) >= 1 and lines[-1].startswith("error: ")
        if not (one.kind.ends and is_clear and "Traceback" not in done.stderr):
            one.defects.append(f"exit {done.returncode}: {done.stderr[-600:]}{done.stdout[-600:]}")
        if left := _tables(one.server):
            one.defects.append(f"it failed, and left {left}")
        one.figures["result"] = "an error, nothing published"
    else:
        report = json.loads(done.stdout)
        found, origin = _counters(one)
        expected = one.folder / "expected.db"
        if origin == "first":
            there = {n: who for n, who in history.items() if n <= found}
            live_writer.rebuild(one.shared.base, expected, one.shared.seed, there)
            one.figures["result"] = "a state of the file"
        else:
            shutil.copyfile(one.shared.other, expected)
            one.figures["result"] = "the file that came in its place"
        one.defects += compare(expected, one.server, report=report)[:5]
    _judge_source(one, history)


def _tables(database: str) -> list[str]:
    query = (
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n "
        "ON n.oid = c.relnamespace WHERE n.nspname = 'public' OR n.nspname LIKE 'outgrow_staging%'"
    )
    with psycopg.connect(database) as connection:
        return [name for (name,) in connection.execute(query)]


def _counters(one: _Case) -> tuple[int, str]:
    """Give the number of the last transaction that is there, by each table that knows it."""
    with psycopg.connect(one.server) as connection:

        def asked(query: str) -> _Row:
            row = connection.execute(query.encode()).fetchone()
            assert row is not None
            return row

        n, origin = asked("SELECT n, origin FROM clock")
        said = {
            "the last transfer": asked("SELECT coalesce(max(n), 0) FROM transfers")[0],
            "the number of transfers": asked("SELECT count(*) FROM transfers")[0],
            "the writers' marks": asked("SELECT max(n) FROM marks")[0],
            "the newest document": asked("SELECT max((document ->> 'n')::int) FROM marks")[0],
        }
        for name, number in said.items():
            if number != n:
                one.defects.append(f"the clock says {n}, but {name} {number}: not one state")
        [total] = asked("SELECT sum(balance) FROM accounts")
        if total != ACCOUNTS * BALANCE:
            one.defects.append(f"the accounts hold {total}: not one state")
    return n, origin


def _judge_source(one: _Case, history: dict[int, int]) -> None:
    """Whether the application's file holds all that the application committed, and no more."""
    if one.kind.ends:
        return
    with closing(sqlite3.connect(one.file, timeout=5)) as connection:
        [damage] = connection.execute("PRAGMA integrity_check").fetchone()
        here = _dump(connection)
    expected = one.folder / "whole.db"
    live_writer.rebuild(one.shared.base, expected, one.shared.seed, history)
    with closing(sqlite3.connect(expected)) as connection:
        there = _dump(connection)
    if damage != "ok" or here != there:
        one.defects.append(f"the source is damaged: {damage}, rows equal: {here == there}")


def _dump(connection: sqlite3.Connection) -> list[list[_Row]]:
    tables = ("clock", "accounts", "transfers", "marks", "items")
    return [connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in tables]


def _inode(path: Path) -> int | None:
    return path.stat().st_ino if path.exists() else None


def _judge_companions(one: _Case, kept: dict[str, int | None], watcher: sqlite3.Connection) -> None:
    """Whether the WAL and its index are still the application's, and the WAL can be emptied."""
    for suffix, inode in kept.items():
        if _inode(one.beside(suffix)) != inode:
            one.defects.append(f"app.db{suffix} was made anew or removed")
    busy = watcher.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy != (0, 0, 0):
        one.defects.append(f"the WAL can't be emptied afterwards: {busy}")


def _judge_waits(one: _Case, before: list[float], during: list[float], attempt: int) -> None:
    """How long a transaction waited beyond the usual: to begin, and to commit."""
    if len(before) < 100 or len(during) < 100:
        return
    usual = median(before)
    beyond = [max(0.0, wait - usual) for wait in during]
    p99 = quantiles(beyond, n=100)[98]
    one.figures["p99"] = round(p99, 5)
    one.figures["p99 before"] = round(quantiles(before, n=100)[98] - usual, 5)
    one.figures["longest"] = round(max(beyond), 5)
    if p99 > _TOO_LONG and attempt == _TIMES - 1:
        one.defects.append(
            f"one transaction in a hundred waited {p99:.3f} s longer, {_TIMES} times"
        )


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    figures = [each.figures for each in outcomes if "transactions" in each.figures]
    kinds: dict[str, list[Any]] = defaultdict(list)
    for each in figures:
        kinds[str(each["kind"]).partition(",")[0]].append(each)
    results = Counter(str(each["result"]) for each in figures if "result" in each)
    committed = sum(int(each["transactions"]) for each in figures)
    states = sum(int(each.figures.get("states", 0)) for each in outcomes)
    rows = [
        ("files that nobody wrote to, unchanged to the byte", f"{states:,}"),
        ("transactions committed during the migrations", f"{committed:,}"),
    ]
    rows += [(f"what arrived: {name}", f"{count:,}") for name, count in results.most_common()]
    for name, some in sorted(kinds.items()):
        for words, key in (
            ("one wait in a hundred was longer by", "p99"),
            ("the same before the migration", "p99 before"),
            ("the longest", "longest"),
        ):
            if found := [float(each[key]) for each in some if key in each]:
                told = f"{1000 * median(found):,.1f} ms (at most {1000 * max(found):,.1f} ms)"
                rows.append((f"{name}: {words}, in the case in the middle", told))
    return rows


PART = Part(
    name="live",
    title="Files that are in use",
    says=(
        f"{WRITERS} processes write to a file as fast as they can while it is moved; in some "
        "cases it is also checkpointed, vacuumed, replaced by another or deleted. What arrives "
        "has to be the file after one of its transactions, row by row: the one whose number is "
        "there is made again from the writers' own logs. No writer may get an error or wait, the "
        "file has to hold what they committed, and the WAL has to be theirs to empty. A file that "
        "goes away meanwhile may also end the migration, with an error and nothing published. "
        "Files that nobody writes to (closed, open, left by a crash) may not change by a byte."
    ),
    cases=3 * len(_KINDS),
    slice=1,
    setup=_setup,
    run=_run,
    told=_told,
    alone=True,
    seconds=180,
)
