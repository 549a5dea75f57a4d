"""Many threads, forks, a server that goes away, PgBouncer: nothing is lost and nothing leaks."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from waiting import wait_until

from outgrow.database import PostgreSQLAdapter
from outgrow.postgres.account import account_for
from outgrow.postgres.embedded import EmbeddedServer

ServerMaker = Callable[..., EmbeddedServer]

#: `OUTGROW_SECONDS=60` tries harder; 64 threads and a pool of 10 either way.
SECONDS = float(os.environ.get("OUTGROW_SECONDS", "1.5"))
THREADS, COUNTERS = 64, 20
#: Transactions of each thread, however slow the machine is.
_AT_LEAST = 4
DURABLE = {"synchronous_commit": "on"}
TABLES = """
CREATE TABLE counters (id INTEGER PRIMARY KEY, n INTEGER NOT NULL DEFAULT 0);
CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, counter INTEGER NOT NULL, who TEXT);
"""


#: What is under load is outgrow's own: each driver has one of the versions.
EACH_DRIVER = pytest.mark.parametrize(
    ("server", "driver"), [("pg18", "psycopg"), ("pg15", "psycopg2")], indirect=["server"]
)


class Oops(Exception):
    """What makes a transaction roll back."""


def counters(adapter: PostgreSQLAdapter) -> None:
    with adapter.get_connection() as connection:
        connection.executescript(TABLES)
        connection.executemany(
            "INSERT INTO counters (id) VALUES (?)", [(n,) for n in range(COUNTERS)]
        )


def increment(adapter: PostgreSQLAdapter, dice: random.Random, done: Counter[int]) -> None:
    """One transaction: a counter and its log; now and then one fails or is rolled back."""
    counter, fails = dice.randrange(COUNTERS), dice.random()
    with suppress(Oops), adapter.get_connection() as connection:
        connection.execute("UPDATE counters SET n = n + 1 WHERE id = ?", (counter,))
        if fails < 0.2:
            with suppress(sqlite3.IntegrityError):
                connection.execute("INSERT INTO log (counter) VALUES (NULL)")
        connection.execute("INSERT INTO log (counter, who) VALUES (?, ?)", (counter, "me"))
        if fails > 0.7:
            raise Oops
        connection.commit()
        done[counter] += 1


def check(adapter: PostgreSQLAdapter, done: Counter[int]) -> None:
    with adapter.get_connection() as connection:
        found = dict(tuple(row) for row in connection.execute("SELECT id, n FROM counters"))
        logged = dict(
            tuple(row) for row in connection.execute("SELECT counter, count(*) FROM log GROUP BY 1")
        )
    assert found == {n: done[n] for n in range(COUNTERS)}
    assert logged == {n: count for n, count in done.items() if count}


@EACH_DRIVER
def test_many_threads_over_a_small_pool(driver: str, database: str) -> None:
    adapter = PostgreSQLAdapter(database, driver=driver, pool_max=10)
    counters(adapter)
    done, errors = run_threads(adapter)
    assert not errors, errors[:3]
    assert sum(done.values()) > THREADS  # each had several rounds, and 70 % are committed
    check(adapter, done)
    statistics = adapter.statistics()
    assert statistics["pool_size"] == statistics["pool_available"] <= 10
    adapter.close()
    await_nobody(database)


def await_nobody(database: str) -> None:
    """Wait until the server has noticed that the connections are closed."""
    left = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND application_name = 'outgrow' AND backend_type = 'client backend'"
    )
    with psycopg.connect(database, autocommit=True) as connection:
        wait_until(lambda: connection.execute(left).fetchall() == [(0,)])


@EACH_DRIVER
def test_who_waits_longest_gets_the_next_connection(driver: str, database: str) -> None:
    """Busy threads that come back at once don't overtake one that waits."""
    adapter = PostgreSQLAdapter(database, driver=driver, pool_max=1, timeout=120)
    served: list[str] = []
    with adapter.get_connection() as connection:
        connection.execute("SELECT 1")
        waiters = []
        for name in ("first", "second", "third"):
            waiters.append(threading.Thread(target=wait_and_tell, args=(adapter, name, served)))
            waiters[-1].start()
            await_waiting(adapter, len(waiters))
    wait_and_tell(adapter, "newcomer", served)
    for waiter in waiters:
        waiter.join()
    adapter.close()
    assert served == ["first", "second", "third", "newcomer"]


def await_waiting(adapter: PostgreSQLAdapter, number: int) -> None:
    """Wait until so many threads wait for a connection."""
    wait_until(lambda: adapter.statistics()["requests_waiting"] == number)


def wait_and_tell(adapter: PostgreSQLAdapter, name: str, served: list[str]) -> None:
    with adapter.get_connection() as connection:
        connection.execute("SELECT 1")
        served.append(name)


def run_threads(
    adapter: PostgreSQLAdapter, seconds: float = SECONDS, threads: int = THREADS
) -> tuple[Counter[int], list[BaseException]]:
    """Increment from many threads; what was committed, and the errors."""
    total: Counter[int] = Counter()
    errors: list[BaseException] = []
    lock, end = threading.Lock(), time.monotonic() + seconds

    def work(seed: int) -> None:
        dice, done = random.Random(seed), Counter[int]()
        for number in itertools.count():
            if number >= _AT_LEAST and time.monotonic() > end:
                break
            try:
                increment(adapter, dice, done)
            except Exception as error:  # noqa: BLE001 - each is looked at
                errors.append(error)
                time.sleep(0.01)
        with lock:
            total.update(done)

    workers = [threading.Thread(target=work, args=(seed,)) for seed in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return total, errors


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_errors_only_while_the_server_is_away(
    driver: str, tmp_path: Path, own_server: ServerMaker
) -> None:
    with own_server(tmp_path / "own", "pg15", DURABLE) as server:
        adapter = PostgreSQLAdapter(server.url, driver=driver, pool_max=4, timeout=10)
        counters(adapter)
        assert adapter.health_check()
        kill(tmp_path / "own" / "data")
        with pytest.raises(sqlite3.OperationalError), adapter.get_connection() as connection:
            connection.execute("SELECT 1")
        assert not adapter.health_check()
        assert "postgres" in adapter.health_error
    with own_server(tmp_path / "own", "pg15", DURABLE):
        for _ in range(6):
            with adapter.get_connection() as connection:
                assert connection.execute("SELECT count(*) FROM counters").fetchone()[0] == COUNTERS
        done, errors = run_threads(adapter, 1, 8)
        assert not errors
        check(adapter, done)
        adapter.close()


def kill(data: Path) -> None:
    """Kill a server at once, and wait until it has gone."""
    number = int((data / "postmaster.pid").read_text().split()[0])
    os.kill(number, signal.SIGQUIT)
    wait_until(lambda: not (data / "postmaster.pid").exists())


@EACH_DRIVER
def test_forks_of_a_warm_parent(driver: str, database: str) -> None:
    """In a process of its own, since the children leave it without cleaning up."""
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", FORKING, database, driver],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["8000"]


FORKING = """
import os, sys
from outgrow.database import PostgreSQLAdapter
adapter = PostgreSQLAdapter(sys.argv[1], driver=sys.argv[2], pool_min=2)
with adapter.get_connection() as connection:
    connection.execute("CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER)")
    connection.execute("INSERT INTO counter VALUES (1, 0)")
def work():
    for _ in range(100):
        with adapter.get_connection() as connection:
            for _ in range(10):
                connection.execute("UPDATE counter SET n = n + 1 WHERE id = 1")
children = []
for _ in range(8):
    child = os.fork()
    if not child:
        status = 1
        try:
            work()
            adapter.close()
            status = 0
        finally:
            os._exit(status)
    children.append(child)
for child in children:
    assert os.waitpid(child, 0)[1] == 0
with adapter.get_connection() as connection:
    print(connection.execute("SELECT n FROM counter").fetchone()[0])
adapter.close()
"""


@contextmanager
def pgbouncer(folder: Path, conninfo: str) -> Iterator[str]:
    """PgBouncer in transaction mode before a database, with two connections to it."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is not installed")
    server = psycopg.conninfo.conninfo_to_dict(conninfo)
    port = 20_000 + random.SystemRandom().randrange(20_000)
    folder.mkdir()
    account = account_for(folder)
    account.own(folder)
    (folder / "pgbouncer.ini").write_text(
        "[databases]\n"
        f"pooled = host={server['host']} port={server.get('port', 5432)} "
        f"dbname={server['dbname']} user={server['user']}\n"
        "[pgbouncer]\n"
        f"listen_addr =\nlisten_port = {port}\nunix_socket_dir = {folder}\n"
        "auth_type = any\npool_mode = transaction\ndefault_pool_size = 2\nmax_client_conn = 200\n"
        f"logfile = {folder / 'log'}\npidfile = {folder / 'pid'}\n"
    )
    done = account.run([program, "-d", str(folder / "pgbouncer.ini")], cwd=folder, timeout=120)
    assert done.returncode == 0, done
    wait_until((folder / f".s.PGSQL.{port}").exists)
    try:
        yield f"host={folder} port={port} dbname=pooled user={server['user']}"
    finally:
        os.kill(int((folder / "pid").read_text()), signal.SIGKILL)


@EACH_DRIVER
def test_through_pgbouncer_in_transaction_mode(driver: str, database: str, tmp_path: Path) -> None:
    with pgbouncer(tmp_path / "bouncer", database) as pooled:
        adapter = PostgreSQLAdapter(pooled, driver=driver, pool_max=16, pgbouncer=True)
        counters(adapter)
        done, errors = run_threads(adapter, SECONDS, 16)
        assert not errors, errors[:3]
        check(adapter, done)
        alone(adapter)
        adapter.close()


def alone(adapter: PostgreSQLAdapter, threads: int = 12, each: int = 10) -> None:
    """Read, think and write in BEGIN IMMEDIATE, which takes one writer at a time."""

    def work() -> None:
        for _ in range(each):
            with adapter.get_connection() as connection:
                connection.execute("BEGIN IMMEDIATE")
                n = connection.execute("SELECT n FROM counters WHERE id = 0").fetchone()[0]
                connection.execute("UPDATE counters SET n = ? WHERE id = 0", (n + 1,))

    def count() -> int:
        with adapter.get_connection() as connection:
            return int(connection.execute("SELECT n FROM counters WHERE id = 0").fetchone()[0])

    before = count()
    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert count() == before + threads * each


@EACH_DRIVER
def test_begin_immediate_takes_one_writer_at_a_time(driver: str, database: str) -> None:
    adapter = PostgreSQLAdapter(database, driver=driver, pool_max=6)
    counters(adapter)
    alone(adapter)
    adapter.close()
