"""Networks that cut, stall, crawl or are gone, and a person who has waited enough."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic, sleep

from commands import OUTGROW, environment
from proxy import COMMITTED, PUBLICATION, Harm, proxied
from psycopg.conninfo import make_conninfo

from torture.networks.bench import Bench, after, in_time, migrate, outcome_of
from torture.part import Case, Outcome
from torture.shared.targets import SCHEMA, Done, Server, run, seen

#: What passes in both directions while the small file is moved or verified, at least.
_BYTES = {"migrate": 150_000, "verify": 80_000}

#: What passes until a session has begun.
_HELLO = 1_500

#: What passes while all is moved to its place, in one transaction.
_PUBLICATION = 24_000


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
            first = migrate(server, target, replaces=kind == "old")
        seconds = monotonic() - began
        if until_ghost:
            threading.Timer(until_ghost, proxy.close).start()
        else:
            proxy.close()
        became, wrong = after(server, database, before, first, command=command)
        if first.status and not proxy.done:
            wrong.append(f"it failed before anything was done to it: {first.stderr}")
        wrong += in_time(seconds, waits)
        told = int("OG-429" in first.stderr)
        words = f"{command} over {kind}, {harm}"
        return outcome_of(first, became, wrong, seconds, words, struck=int(proxy.done), told=told)


def cut(bench: Bench, server: Server, case: Case) -> Outcome:
    """Cut the connections in one of the ways in which that happens."""
    del bench
    command = case.random.choice(["migrate", "migrate", "migrate", "verify"])
    how = case.random.choice(["reset", "reset", "close", "deaf", "mute", "ghost"])
    again = case.random.random() < 0.5
    if command == "migrate" and case.random.random() < 0.3:
        # The moments that matter most: all is done, and moved to its place.
        passed = case.random.randint(1, _PUBLICATION)
        # Every fourth time all is for good, and only the server's saying so is lost.
        before = COMMITTED if case.random.random() < 0.25 else b""
        harm = Harm(how, 0 if before else passed, since=PUBLICATION, before=before, again=again)
    elif case.random.random() < 0.8:
        # Saying hello is little of what passes, and has failures of its own.
        most = case.random.choice([_BYTES[command]] * 4 + [_HELLO])
        harm = Harm(how, after_bytes=case.random.randint(1, most), again=again)
    else:
        harm = Harm(how, after_seconds=case.random.uniform(0.001, 0.8), again=again)
    return _through(server, case, harm, command=command, until_ghost=2 if how == "ghost" else 0)


def stall(bench: Bench, server: Server, case: Case) -> Outcome:
    """Say nothing for a while, and then go on."""
    # Every third one is as long as a person would think that nothing goes on any more.
    seconds = 30 if bench.turn(case) % 3 == 0 else case.random.uniform(1, 6)
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


def slow(bench: Bench, server: Server, case: Case) -> Outcome:
    """Pass on little at a time."""
    by_bytes = bench.turn(case) % 4 == 0
    harm = Harm(piece=1) if by_bytes else Harm(rate=case.random.randint(20_000, 80_000), piece=2048)
    outcome = _through(server, case, harm, command="migrate", waits=10)
    failed = [f"{harm}: {outcome.figures['code']}"] if outcome.figures["code"] else []
    return Outcome(outcome.figures, (*outcome.defects, *failed))


def dark(bench: Bench, server: Server, case: Case) -> Outcome:
    """The network is switched off in the middle, so that nothing is said any more, not even that.

    The limits of TCP are set to seconds in the target, since nobody wants to wait for minutes.
    """
    del bench
    if not _has_networks_to_switch_off():
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
            ["unshare", "--net", sys.executable, "-m", "torture.networks.dark", *arguments],
            check=False,
            capture_output=True,
            text=True,
            env=environment() | {"PYTHONPATH": os.pathsep.join(sys.path)},
            timeout=120,
        )
        seconds = monotonic() - began
        first = Done(ended.returncode, ended.stdout, ended.stderr)
        became, wrong = after(server, database, before, first)
    wrong += [] if first.status else ["nobody noticed that the network was gone"]
    words = f"the network gone after {at} bytes"
    return outcome_of(first, became, [*wrong, *in_time(seconds, 6)], seconds, words)


def _has_networks_to_switch_off() -> bool:
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    return (
        subprocess.run(["unshare", "--net", "true"], check=False, capture_output=True).returncode
        == 0
    )


def interrupted(bench: Bench, server: Server, case: Case) -> Outcome:
    """Ctrl-C while the server says nothing."""
    del bench
    harm = Harm("stall", after_bytes=case.random.randint(8_000, 80_000), seconds=90)
    with server.database("old") as database:
        before = seen(database)
        with proxied(database, harm) as (target, proxy):
            arguments = [server.files.new, "--to", target, "--schema", SCHEMA, "--replace"]
            with _ctrl_c_allowed():
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
        became, wrong = after(server, database, before, first, status=130)
    words = f"Ctrl-C, {harm}"
    return outcome_of(first, became, [*wrong, *in_time(seconds, 0)], seconds, words)


@contextmanager
def _ctrl_c_allowed() -> Iterator[None]:
    """Have a process that is begun end by Ctrl-C, which workers of the torture ignore.

    What is ignored stays ignored: https://man7.org/linux/man-pages/man7/signal.7.html
    """
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
