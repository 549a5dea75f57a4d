"""Bad networks, busy servers and full disks: what they do to a migration, and what it says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import psycopg
from commands import OUTGROW, environment
from proxy import Harm, proxied
from psycopg import sql
from psycopg.conninfo import make_conninfo

from outgrow.postgres.embedded import EmbeddedServer
from torture.part import Case, Figure, Outcome, Part, Place
from torture.targets import (
    SCHEMA,
    Done,
    Server,
    differences,
    make_files,
    name_of,
    run,
    seen,
    servers_with,
    unclear,
)

#: What passes in both directions while the small file is moved or verified, at least.
_BYTES = {"migrate": 150_000, "verify": 80_000}

#: What passes until a session has begun.
_HELLO = 1_500

#: What passes while all is moved to its place, in one transaction.
_PUBLICATION = 24_000

#: Seconds that a run may take longer than what it is made to wait for.
_BOUND = 30

#: Seconds that a lock is waited for, and those where objects are published.
_LOCK, _LOCK_AT_PUBLICATION = 30, 10

_Judge = Callable[["_Bench", Server, Case], Outcome]


@dataclass
class _Bench:
    """What the cases of a worker share."""

    place: Place
    servers: dict[str, Server]
    stack: ExitStack
    _crowded: str = ""
    _large: dict[str, Server] = field(default_factory=dict)

    def server(self, case: Case) -> Server:
        """Take turns, whatever the order of kinds is."""
        names = sorted(self.servers)
        return self.servers[names[case.number // len(_KINDS) % len(names)]]

    def large(self, server: Server) -> Server:
        """Give the same server with a file of a few megabytes."""
        if server.conninfo not in self._large:
            folder = self.place.folder / f"large{len(self._large)}"
            files = make_files(folder, rows=3_500, length=1_000)
            large = self._large[server.conninfo] = Server(server.conninfo, files)
            self.stack.callback(large.close)
        return self._large[server.conninfo]

    def crowded(self) -> str:
        """Give a server with five connections."""
        if not self._crowded:
            settings = {
                "max_connections": "5",
                "superuser_reserved_connections": "0",
                "fsync": "off",
            }
            server = EmbeddedServer(self.place.folder / "crowded", settings=settings)
            self._crowded = self.stack.enter_context(server).url
        return self._crowded


@contextmanager
def _setup(place: Place) -> Iterator[_Bench]:
    with servers_with(place.folder, dict(place.servers)) as servers, ExitStack() as stack:
        yield _Bench(place, servers, stack)


def _run(bench: _Bench, case: Case) -> Outcome:
    kind, judge = _KINDS[case.number % len(_KINDS)]
    outcome = judge(bench, bench.server(case), case)
    return Outcome({"kind": kind, **outcome.figures}, outcome.defects)


# What every kind has in common


def _after(
    server: Server,
    database: str,
    before: dict[str, Any],
    first: Done,
    *,
    command: str = "migrate",
    again_at: str = "",
    status: int = 1,
) -> tuple[str, list[str]]:
    """Judge a run that has ended; gives what became of the target, and what is wrong."""
    now = seen(database)
    again_at = again_at or database
    wrong = [] if first.status == 0 else unclear(first, status)
    if command == "verify":
        wrong += [] if now == before else ["verify changed the target"]
        again = run("verify", server.files.new, "--to", database, "--schema", SCHEMA)
        wrong += [] if again.status == 0 else [f"then verify gave {again.status}: {again.stderr}"]
        return "as before", wrong
    if now["public"] != before["public"]:
        wrong.append("a neighbour's objects have changed")
    became = "as before" if now[SCHEMA] == before[SCHEMA] else "complete"
    if became == "complete":
        wrong += [
            f"neither as before nor complete: {each}" for each in differences(server, database)
        ]
    if first.status == 0 and became != "complete":
        wrong.append("it said that it had succeeded")
    if became == "as before":
        again = _migrate(server, again_at, replaces=bool(before[SCHEMA]))
        wrong += (
            [] if again.status == 0 else [f"the second run gave {again.status}: {again.stderr}"]
        )
        wrong += [f"after the second run: {each}" for each in differences(server, database)]
    elif first.status:
        again = run("verify", server.files.new, "--to", database, "--schema", SCHEMA)
        wrong += [] if again.status == 0 else [f"then verify gave {again.status}: {again.stderr}"]
    with psycopg.connect(database) as connection:
        left = connection.execute(
            "SELECT string_agg(nspname, ', ') FROM pg_namespace WHERE nspname ~ '^outgrow_'"
        ).fetchone()
    wrong += [f"left behind: {left[0]}"] if left and left[0] else []
    return became, wrong


def _migrate(server: Server, target: str, *, replaces: bool) -> Done:
    more = ["--replace"] if replaces else []
    return run("migrate", server.files.new, "--to", target, "--schema", SCHEMA, *more)


def _outcome(
    first: Done, became: str, wrong: list[str], seconds: float, words: object, **more: Any
) -> Outcome:
    code = first.code if first.status and not wrong else ""
    figures = {"code": code, "became": became, "seconds": round(seconds, 2), **more}
    return Outcome(figures, tuple(f"{words}: {each}" for each in wrong))


def _in_time(seconds: float, waits: float) -> list[str]:
    return [] if seconds < waits + _BOUND else [f"it took {seconds:.0f} s, with {waits} s to wait"]


# Networks


def _through(
    server: Server,
    case: Case,
    harm: Harm,
    *,
    command: str,
    waits: float = 0,
    until_ghost: float = 0,
) -> Outcome:
    """Run a command through a proxy, and judge what came of it."""
    kind = "new" if command == "verify" else case.random.choice(["bare", "old"])
    with ExitStack() as stack:
        database = stack.enter_context(server.database(kind))
        before = seen(database)
        target, proxy = stack.enter_context(proxied(database, harm))
        began = monotonic()
        if command == "verify":
            first = run("verify", server.files.new, "--to", target, "--schema", SCHEMA)
        else:
            first = _migrate(server, target, replaces=kind == "old")
        seconds = monotonic() - began
        if until_ghost:
            threading.Timer(until_ghost, proxy.close).start()
        else:
            proxy.close()
        became, wrong = _after(server, database, before, first, command=command)
        if first.status and not proxy.done:
            wrong.append(f"it failed before anything was done to it: {first.stderr}")
        wrong += _in_time(seconds, waits)
        told = int("OG-429" in first.stderr)
        words = f"{command} over {kind}, {harm}"
        return _outcome(first, became, wrong, seconds, words, struck=int(proxy.done), told=told)


def _cut(bench: _Bench, server: Server, case: Case) -> Outcome:
    del bench
    command = case.random.choice(["migrate", "migrate", "migrate", "verify"])
    how = case.random.choice(["reset", "reset", "close", "deaf", "mute", "ghost"])
    again = case.random.random() < 0.5
    if command == "migrate" and case.random.random() < 0.3:
        # The moments that matter most: all is done, and moved to its place.
        after = case.random.randint(1, _PUBLICATION)
        harm = Harm(how, after, since=b"SET LOCAL lock_timeout", again=again)
    elif case.random.random() < 0.8:
        # Saying hello is little of what passes, and has failures of its own.
        most = case.random.choice([_BYTES[command]] * 4 + [_HELLO])
        harm = Harm(how, after_bytes=case.random.randint(1, most), again=again)
    else:
        harm = Harm(how, after_seconds=case.random.uniform(0.001, 0.8), again=again)
    return _through(server, case, harm, command=command, until_ghost=2 if how == "ghost" else 0)


def _stall(bench: _Bench, server: Server, case: Case) -> Outcome:
    del bench
    # Every third one is as long as a person would think that nothing goes on any more.
    seconds = 30 if case.number // len(_KINDS) % 3 == 0 else case.random.uniform(1, 6)
    command = case.random.choice(["migrate", "migrate", "verify"])
    # Nobody who doesn't answer at all is waited for so long: connect_timeout is 15 seconds.
    harm = Harm("stall", after_bytes=case.random.randint(8_000, 70_000), seconds=seconds)
    outcome = _through(server, case, harm, command=command, waits=seconds)
    wrong = list(outcome.defects)
    if outcome.figures["code"]:
        wrong.append(f"{harm}: it failed with {outcome.figures['code']}")
    if seconds > 25 and not outcome.figures["told"]:
        wrong.append(f"{harm}: the silence was not told")
    return Outcome(outcome.figures, tuple(wrong))


def _slow(bench: _Bench, server: Server, case: Case) -> Outcome:
    del bench
    by_bytes = case.number // len(_KINDS) % 4 == 0
    harm = Harm(piece=1) if by_bytes else Harm(rate=case.random.randint(20_000, 80_000), piece=2048)
    outcome = _through(server, case, harm, command="migrate", waits=10)
    failed = [f"{harm}: {outcome.figures['code']}"] if outcome.figures["code"] else []
    return Outcome(outcome.figures, (*outcome.defects, *failed))


def _limits(bench: _Bench, server: Server, case: Case) -> Outcome:
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
            first = _migrate(server, behind, replaces=False)
            seconds = monotonic() - began
        # The judge's own statements are not limited.
        with psycopg.connect(server.conninfo, autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} RESET ALL").format(name))
        became, wrong = _after(server, database, before, first)
        wrong += [f"it gave {first.status}"] if first.status else []
        words = f"{', '.join(chosen)} of {limit} ms for {role or 'the database'}"
        return _outcome(first, became, [*wrong, *_in_time(seconds, 10)], seconds, words)


def _execute(conninfo: str, statements: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(statements.encode())


# Locks, connections, disks


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


def _locked(bench: _Bench, server: Server, case: Case) -> Outcome:
    """Somebody holds a lock, for a moment or for ever."""
    del bench
    turn = case.number // len(_KINDS)
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
                first = _migrate(server, database, replaces=True)
            seconds = monotonic() - began
            if not for_ever:
                release.join()
            holder.rollback()
        became, wrong = _after(server, database, before, first, command=lock.command)
    if bool(first.status) != for_ever:
        wrong.append(f"it gave {first.status}")
    wrong += _in_time(seconds, lock.waits if for_ever else 4)
    words = f"{lock} {'for ever' if for_ever else 'for a moment'}"
    return _outcome(first, became, wrong, seconds, words, for_ever=int(for_ever))


def _no_connections(bench: _Bench, server: Server, case: Case) -> Outcome:
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
        first = _migrate(crowded, database, replaces=False)
        seconds = monotonic() - began
    became, wrong = _after(crowded, database, before, first)
    wrong += _in_time(seconds, 0)
    _execute(crowded.conninfo, f"DROP DATABASE {name} WITH (FORCE)")
    words = f"{free} of 5 connections free, {'later' if in_the_middle else 'at once'}"
    return _outcome(first, became, wrong, seconds, words)


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


def _full_disk(bench: _Bench, server: Server, case: Case) -> Outcome:
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
        first = _migrate(large, target, replaces=False)
        seconds = monotonic() - began
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        became, wrong = _after(large, database, before, first, again_at=target)
    words = f"a disk of {megabytes:.1f} MB, {'unseen' if blind else 'seen'}"
    return _outcome(first, became, [*wrong, *_in_time(seconds, 0)], seconds, words)


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


# A network that is gone, and a person who has waited enough


def _dark(bench: _Bench, server: Server, case: Case) -> Outcome:
    """The network is switched off in the middle, so that nothing is said any more, not even that.

    The limits of TCP are set to seconds in the target, since nobody wants to wait for minutes.
    """
    del bench
    if subprocess.run(["unshare", "--net", "true"], check=False, capture_output=True).returncode:
        return Outcome({"impossible": 1})
    with server.database("old") as database:
        before = seen(database)
        target = make_conninfo(
            database,
            keepalives_idle=2,
            keepalives_interval=1,
            keepalives_count=3,
            tcp_user_timeout=5000,
        )
        at = case.random.randint(5_000, 60_000)
        arguments = [*map(str, (at, server.files.new)), target, SCHEMA]
        began = monotonic()
        # The folder of the tests is found by what they have been started with.
        ended = subprocess.run(
            ["unshare", "--net", sys.executable, "-m", "torture.dark_network", *arguments],
            check=False,
            capture_output=True,
            text=True,
            env=environment() | {"PYTHONPATH": os.pathsep.join(sys.path)},
            timeout=120,
        )
        seconds = monotonic() - began
        first = Done(ended.returncode, ended.stdout, ended.stderr)
        became, wrong = _after(server, database, before, first)
    wrong += [] if first.status else ["nobody noticed that the network was gone"]
    words = f"the network gone after {at} bytes"
    return _outcome(first, became, [*wrong, *_in_time(seconds, 6)], seconds, words)


def _interrupted(bench: _Bench, server: Server, case: Case) -> Outcome:
    """Ctrl-C while the server says nothing."""
    del bench
    harm = Harm("stall", after_bytes=case.random.randint(8_000, 80_000), seconds=90)
    with server.database("old") as database:
        before = seen(database)
        with proxied(database, harm) as (target, proxy):
            arguments = [server.files.new, "--to", target, "--schema", SCHEMA, "--replace"]
            process = subprocess.Popen(
                [*OUTGROW, "migrate", *map(str, arguments), "--json"],
                env=environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            try:
                while not proxy.done and process.poll() is None:
                    sleep(0.01)
                sleep(case.random.uniform(0, 1))
                process.send_signal(signal.SIGINT)
                began = monotonic()
                said = process.communicate(timeout=80)
                seconds = monotonic() - began
            finally:
                process.kill()
        first = Done(process.returncode, *said)
        became, wrong = _after(server, database, before, first, status=130)
    words = f"Ctrl-C, {harm}"
    return _outcome(first, became, [*wrong, *_in_time(seconds, 0)], seconds, words)


#: The kinds, with what judges them; a full run goes through the list again and again.
_CUT = ("cut", _cut)
_STALL, _LOCKED = ("stall", _stall), ("lock", _locked)
_KINDS: tuple[tuple[str, _Judge], ...] = (
    _CUT,
    _CUT,
    ("limit", _limits),
    _CUT,
    _STALL,
    _CUT,
    ("slow", _slow),
    _CUT,
    _LOCKED,
    _CUT,
    ("connections", _no_connections),
    _CUT,
    ("disk", _full_disk),
    _CUT,
    ("dark", _dark),
    _CUT,
    ("interrupt", _interrupted),
    _CUT,
)

_WORDS = {
    "cut": "connections cut (reset, closed on both sides or on one, or the server not told)",
    "stall": "stalls of up to 30 s",
    "limit": "limits on statements, locks and idling set for the role or the database",
    "slow": "links of 20 to 80 kB/s, or one byte at a time",
    "lock": "locks held by somebody else, for ever or for a moment",
    "connections": "servers with 0 to 3 of 5 connections left, from the start or suddenly",
    "disk": "disks of 10 to 24 MB for a file of 8 MB",
    "dark": "networks switched off in the middle, with 5 s for TCP to notice",
    "interrupt": "Ctrl-C while the server said nothing",
}


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    rows = []
    for kind, words in _WORDS.items():
        figures = [each.figures for each in outcomes if each.figures.get("kind") == kind]
        happened = [each for each in figures if "became" in each]
        if figures and not happened:
            rows.append((words, f"not possible on this machine ({len(figures)} left out)"))
        elif happened:
            rows.append((words, _row(happened)))
    return rows


def _row(figures: Sequence[Mapping[str, Figure]]) -> str:
    codes = Counter(str(each["code"]) for each in figures if each["code"])
    went = sum(not each["code"] for each in figures)
    ended = [f"{went} succeeded"] if went else []
    ended += [f"{count} times {code}" for code, count in codes.most_common()]
    late = sum(bool(each["code"]) and each["became"] == "complete" for each in figures)
    complete = f" ({late} of them after all was published)" if late else ""
    longest = max(float(each["seconds"]) for each in figures)
    return f"{len(figures)}: {', '.join(ended)}{complete}; the longest {longest:.1f} s"


PART = Part(
    name="networks",
    title="Bad networks, busy servers, full disks",
    says=(
        "A proxy between outgrow and the server cuts, stalls and slows what passes at random "
        "moments; somebody holds locks or takes the connections; the disk fills; the network goes "
        "away. Each run has to end in time with success or with one line that says what, where and "
        "what to do; the application's objects are as before or complete, a neighbour's untouched, "
        "no staging is left, and a second run succeeds and is right, by an independent comparison."
    ),
    cases=7 * len(_KINDS),
    slice=2,
    setup=_setup,
    run=_run,
    told=_told,
    seconds=200,
)
