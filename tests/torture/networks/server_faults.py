"""Servers whose limits, locks, connections or disks stand in the way."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import psycopg
from proxy import Harm, proxied
from psycopg import sql
from psycopg.conninfo import make_conninfo

from torture.networks.bench import Bench, after, in_time, migrate, outcome_of
from torture.part import Case, Outcome
from torture.shared.targets import SCHEMA, Server, name_of, run, seen

#: Seconds that a lock is waited for, and those where objects are published.
_LOCK, _LOCK_AT_PUBLICATION = 30, 10


def limits(bench: Bench, server: Server, case: Case) -> Outcome:
    """Limits that role or database set, and a link on which every statement takes longer."""
    del bench
    names = [
        "statement_timeout",
        "lock_timeout",
        "idle_in_transaction_session_timeout",
        "idle_session_timeout",
    ]
    chosen = case.random.sample(names, case.random.randint(1, len(names)))
    limit = case.random.randint(60, 120)
    role = f"limited_{uuid4().hex}" if case.random.random() < 0.5 else ""
    with ExitStack() as stack:
        database = stack.enter_context(server.database("bare"))
        before = seen(database)
        name = sql.Identifier(name_of(database))
        with psycopg.connect(server.conninfo, autocommit=True) as connection:
            where = sql.SQL("DATABASE {}").format(name)
            if role:
                connection.execute(f"CREATE ROLE {role} LOGIN SUPERUSER".encode())
                stack.callback(_execute, server.conninfo, f"DROP OWNED BY {role}; DROP ROLE {role}")
                stack.callback(_execute, database, f"REASSIGN OWNED BY {role} TO CURRENT_USER")
                where = sql.SQL("ROLE {}").format(sql.Identifier(role))
            for each in chosen:
                connection.execute(sql.SQL(f"ALTER {{}} SET {each} = {limit}").format(where))  # type: ignore[arg-type]
        target = make_conninfo(database, **({"user": role} if role else {}))
        harm = Harm(rate=40_000, piece=4096)
        with proxied(target, harm) as (behind, _):
            began = monotonic()
            first = migrate(server, behind, replaces=False)
            seconds = monotonic() - began
        # The judge's own statements are not limited.
        with psycopg.connect(server.conninfo, autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} RESET ALL").format(name))
        became, wrong = after(server, database, before, first)
        wrong += [f"it gave {first.status}"] if first.status else []
        words = f"{', '.join(chosen)} of {limit} ms for {role or 'the database'}"
        return outcome_of(first, became, [*wrong, *in_time(seconds, 10)], seconds, words)


def _execute(conninfo: str, statements: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(statements.encode())


@dataclass(frozen=True)
class _Lock:
    """A lock that somebody holds: on what, against which command, and how long that one waits."""

    statement: str
    command: str
    waits: int


_LOCKS = (
    _Lock("SELECT FROM app.author", "migrate", _LOCK_AT_PUBLICATION),
    _Lock("SELECT FROM outgrow.quarantine", "migrate", _LOCK),
    _Lock("LOCK app.log", "verify", _LOCK),
    _Lock("LOCK app.book IN ROW EXCLUSIVE MODE", "migrate", _LOCK_AT_PUBLICATION),
    _Lock("LOCK outgrow.runs IN SHARE MODE", "migrate", _LOCK),
)


def locked(bench: Bench, server: Server, case: Case) -> Outcome:
    """Somebody holds a lock, for a moment or for ever."""
    turn = bench.turn(case)
    lock, for_ever = _LOCKS[turn // 2 % len(_LOCKS)], turn % 2 == 0
    with server.database("new" if lock.command == "verify" else "old") as database:
        before = seen(database)
        with psycopg.connect(database) as holder:
            holder.execute(lock.statement.encode())
            if not for_ever:
                release = threading.Timer(case.random.uniform(1, 4), holder.rollback)
                release.start()
            began = monotonic()
            if lock.command == "verify":
                first = run("verify", server.files.new, "--to", database, "--schema", SCHEMA)
            else:
                first = migrate(server, database, replaces=True)
            seconds = monotonic() - began
            if not for_ever:
                release.join()
            holder.rollback()
        became, wrong = after(server, database, before, first, command=lock.command)
    if bool(first.status) != for_ever:
        wrong.append(f"it gave {first.status}")
    wrong += in_time(seconds, lock.waits if for_ever else 4)
    words = f"{lock} {'for ever' if for_ever else 'for a moment'}"
    return outcome_of(first, became, wrong, seconds, words, for_ever=int(for_ever))


def no_connections(bench: Bench, server: Server, case: Case) -> Outcome:
    """A server of five connections, of which some are taken: at the start, or in the middle."""
    crowded = Server(bench.crowded(), server.files, known=server.report)
    free = case.random.randint(0, 3)
    in_the_middle = case.random.random() < 0.5
    name = f"crowd_{uuid4().hex}"
    _execute(crowded.conninfo, f"CREATE DATABASE {name}")
    database = make_conninfo(crowded.conninfo, dbname=name)
    before = seen(database)
    taken = _Taken(crowded.conninfo, 5 - free)
    with taken:
        if in_the_middle:
            taken.later(case.random.uniform(0.05, 0.6))
        else:
            taken.take()
        began = monotonic()
        first = migrate(crowded, database, replaces=False)
        seconds = monotonic() - began
    became, wrong = after(crowded, database, before, first)
    wrong += in_time(seconds, 0)
    _execute(crowded.conninfo, f"DROP DATABASE {name} WITH (FORCE)")
    words = f"{free} of 5 connections free, {'later' if in_the_middle else 'at once'}"
    return outcome_of(first, became, wrong, seconds, words)


class _Taken:
    """Connections that are taken away from others."""

    def __init__(self, conninfo: str, count: int) -> None:
        self._conninfo, self._count = conninfo, count
        self._open: list[psycopg.Connection[Any]] = []
        self._timer: threading.Timer | None = None

    def take(self) -> None:
        with suppress(psycopg.OperationalError):  # there are no more
            for _ in range(self._count):
                self._open.append(psycopg.connect(self._conninfo))

    def later(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self.take)
        self._timer.start()

    def __enter__(self) -> _Taken:
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer:
            self._timer.join()
        for each in self._open:
            each.close()


def full_disk(bench: Bench, server: Server, case: Case) -> Outcome:
    """A file system in memory that is too small, as the tablespace of the database."""
    megabytes = case.random.uniform(10, 24)
    # A superuser's run sees how little there is; another one begins, and meets it.
    blind = case.random.random() < 0.7
    large = bench.large(server)
    name = f"full_{uuid4().hex}"
    with ExitStack() as stack:
        disk = stack.enter_context(_small_disk(bench.place.folder / name, megabytes, server))
        if disk is None:
            return Outcome({"impossible": 1})
        _execute(server.conninfo, f"CREATE TABLESPACE {name} LOCATION '{disk}'")
        stack.callback(_execute, server.conninfo, f"DROP TABLESPACE {name}")
        _execute(server.conninfo, f"CREATE ROLE {name} LOGIN")
        stack.callback(_execute, server.conninfo, f"DROP ROLE {name}")
        _execute(server.conninfo, f"CREATE DATABASE {name} TABLESPACE {name} OWNER {name}")
        stack.callback(_execute, server.conninfo, f"DROP DATABASE {name} WITH (FORCE)")
        database = make_conninfo(server.conninfo, dbname=name)
        target = make_conninfo(database, user=name) if blind else database
        before = seen(database)
        began = monotonic()
        first = migrate(large, target, replaces=False)
        seconds = monotonic() - began
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        became, wrong = after(large, database, before, first, again_at=target)
    words = f"a disk of {megabytes:.1f} MB, {'unseen' if blind else 'seen'}"
    return outcome_of(first, became, [*wrong, *in_time(seconds, 0)], seconds, words)


@contextmanager
def _small_disk(folder: Path, megabytes: float, server: Server) -> Iterator[str | None]:
    """Mount one that belongs to who runs the server; None where that is not allowed."""
    folder.mkdir()
    size = f"size={megabytes * 1024:.0f}k"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "none", folder], check=False, capture_output=True
    )
    if done.returncode:
        yield None
        return
    try:
        with psycopg.connect(server.conninfo) as connection:
            (data,) = connection.execute("SHOW data_directory").fetchone() or ("",)
        owner = Path(data).stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
        yield str(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
