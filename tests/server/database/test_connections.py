"""Several connections, threads and processes at one database."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

import pytest
from conformance.backends import TIMEOUT, clean_environment


@pytest.fixture
def counter(db: Any) -> Any:
    db.execute("INSERT INTO people (id, name, age) VALUES (1, 'counter', 0)")
    db.commit()
    return db


def count(db: Any) -> int:
    found: int = db.execute("SELECT age FROM people WHERE id = 1").fetchone()[0]
    return found


ADD = "UPDATE people SET age = age + 1 WHERE id = 1"


def in_thread(work: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """Start something beside the test; its result or its error comes into the list."""
    came: list[Any] = []

    def run() -> None:
        try:
            came.append(work())
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            came.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, came


def test_what_is_not_committed_is_not_seen(counter: Any, other: Any) -> None:
    counter.execute(ADD)
    assert count(other) == 0
    counter.commit()
    assert count(other) == 1


def test_a_begun_transaction_reads_one_snapshot(counter: Any, other: Any) -> None:
    other.execute("BEGIN")
    assert count(other) == 0
    counter.execute(ADD)
    counter.commit()
    assert count(other) == 0
    other.execute("COMMIT")
    assert count(other) == 1


def test_a_snapshot_is_taken_by_the_first_statement(counter: Any, other: Any) -> None:
    other.execute("BEGIN")
    counter.execute(ADD)
    counter.commit()
    assert count(other) == 1
    other.execute("ROLLBACK")


def test_a_lost_race_is_database_is_locked(counter: Any, other: Any) -> None:
    other.execute("BEGIN")
    assert count(other) == 0
    counter.execute(ADD)
    counter.commit()
    with pytest.raises(sqlite3.OperationalError, match=r"^database is locked$") as caught:
        other.execute(ADD)
    assert (caught.value.sqlite_errorcode & 0xFF) == 5
    other.rollback()
    other.execute(ADD)
    other.commit()
    assert count(counter) == 2


def test_a_writer_waits_for_a_writer(counter: Any, backend: Any) -> None:
    counter.execute(ADD)

    def work() -> int:
        with backend.another().get_connection() as mine:
            mine.execute(ADD)
        return 1

    thread, came = in_thread(work)
    sleep(0.2)
    assert came == []
    counter.commit()
    thread.join()
    assert came == [1]
    assert count(counter) == 2


def test_begin_immediate_waits_for_another(counter: Any, backend: Any) -> None:
    counter.execute("BEGIN IMMEDIATE")
    seen = count(counter)

    def work() -> int:
        with backend.another().get_connection() as mine:
            mine.execute("BEGIN IMMEDIATE")
            mine.execute("UPDATE people SET age = ? WHERE id = 1", (count(mine) + 1,))
        return 1

    thread, came = in_thread(work)
    sleep(0.2)
    assert came == []
    counter.execute("UPDATE people SET age = ? WHERE id = 1", (seen + 1,))
    counter.execute("COMMIT")
    thread.join()
    assert came == [1]
    assert count(counter) == 2


def test_begin_immediate_gives_up(counter: Any, backend: Any) -> None:
    counter.execute("BEGIN IMMEDIATE")
    with backend.another(timeout=0.3).get_connection() as mine:
        began = monotonic()
        with pytest.raises(sqlite3.OperationalError, match=r"^database is locked$"):
            mine.execute("BEGIN IMMEDIATE")
        assert 0.2 < monotonic() - began < TIMEOUT
        assert not mine.in_transaction
        assert count(mine) == 0
    counter.rollback()


def test_begin_immediate_after_giving_up(counter: Any, backend: Any) -> None:
    counter.execute("BEGIN EXCLUSIVE")
    with backend.another(timeout=0.3).get_connection() as mine:
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            mine.execute("BEGIN IMMEDIATE")
        counter.execute(ADD)
        counter.commit()
        mine.execute("BEGIN IMMEDIATE")
        mine.execute(ADD)
        mine.commit()
    assert count(counter) == 2


def test_readers_do_not_wait_for_a_writer(counter: Any, other: Any) -> None:
    counter.execute("BEGIN IMMEDIATE")
    counter.execute(ADD)
    assert count(other) == 0
    counter.rollback()


def test_isolation_level_immediate_counts_right(counter: Any, backend: Any) -> None:
    def work() -> int:
        adapter = backend.another()
        for _ in range(5):
            with adapter.get_connection() as mine:
                mine.isolation_level = "IMMEDIATE"
                mine.execute("INSERT INTO audit (what) VALUES ('x')")
                mine.execute("UPDATE people SET age = ? WHERE id = 1", (count(mine) + 1,))
        return 5

    threads = [in_thread(work) for _ in range(3)]
    for thread, _ in threads:
        thread.join()
    assert [came for _, came in threads] == [[5], [5], [5]]
    assert count(counter) == 15


def test_threads_share_an_adapter(counter: Any, adapter: Any) -> None:
    def work() -> int:
        for _ in range(5):
            with adapter.get_connection() as mine:
                mine.execute(ADD)
        return 5

    threads = [in_thread(work) for _ in range(4)]
    for thread, _ in threads:
        thread.join()
    assert [came for _, came in threads] == [[5]] * 4
    assert count(counter) == 20


def test_a_connection_goes_from_thread_to_thread(counter: Any) -> None:
    thread, came = in_thread(lambda: count(counter))
    thread.join()
    assert came == [0]


_COUNT = """
import sys
from outgrow.database import get_database_adapter
for _ in range(5):
    with get_database_adapter().get_connection() as c:
        c.execute("BEGIN IMMEDIATE")
        (seen,) = c.execute("SELECT age FROM people WHERE id = 1").fetchone()
        c.execute("UPDATE people SET age = ? WHERE id = 1", (seen + 1,))
"""


def test_begin_immediate_across_processes(counter: Any, backend: Any) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _COUNT],
            env=clean_environment() | backend.settings,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    assert [process.communicate(timeout=240)[1] for process in processes] == ["", ""]
    assert count(counter) == 10


def test_interrupt(db: Any) -> None:
    slow = (
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 100000000) "
        "SELECT count(*) FROM c"
    )
    over = threading.Event()

    def interrupt() -> None:
        # The first may come before the statement runs.
        while not over.wait(0.3):
            db.interrupt()

    thread, came = in_thread(interrupt)
    with pytest.raises(sqlite3.OperationalError, match=r"^interrupted$") as caught:
        db.execute(slow).fetchall()
    over.set()
    thread.join()
    assert came == [None]
    assert caught.value.sqlite_errorname == "SQLITE_INTERRUPT"
    assert db.execute("SELECT 1").fetchone()[0] == 1


def test_threads_share_a_connection(db: Any) -> None:
    """Nothing keeps them apart but the statements, as with check_same_thread=False."""
    given: list[list[Any]] = []

    def work(thread: int) -> None:
        for number in range(40):
            word = f"{thread}-{number}"
            given.append([word, *db.execute("SELECT ?", (word,)).fetchone()])
            db.execute("INSERT INTO people (name) VALUES (?)", (word,))

    threads = [in_thread(lambda thread=thread: work(thread)) for thread in range(4)]  # type: ignore[misc]
    for thread, _ in threads:
        thread.join()
    assert [came for _, came in threads] == [[None]] * 4
    assert len(given) == 160
    assert all(asked == told for asked, told in given)
    db.commit()
    assert db.execute("SELECT count(DISTINCT name) FROM people").fetchone()[0] == 160


def test_interrupt_of_nothing(db: Any) -> None:
    db.interrupt()
    assert db.execute("SELECT 1").fetchone()[0] == 1


def test_what_both_read_and_one_changes(counter: Any, other: Any) -> None:
    counter.execute("INSERT INTO people (id, name, age) VALUES (2, 'second', 0)")
    counter.commit()
    outcome = "both committed"
    for db in (counter, other):
        db.execute("BEGIN")
        assert db.execute("SELECT sum(age) FROM people").fetchone()[0] == 0
    try:
        for db, number in ((counter, 1), (other, 2)):
            db.execute("UPDATE people SET age = 1 WHERE id = ?", (number,))
            db.commit()
    except sqlite3.OperationalError as error:
        outcome = str(error)
    for db in (counter, other):
        db.rollback()
    assert outcome == "database is locked"


def test_begin_immediate_reads_what_the_one_before_changed(counter: Any, backend: Any) -> None:
    counter.execute("BEGIN IMMEDIATE")
    assert count(counter) == 0

    def work() -> int:
        with backend.another().get_connection() as mine:
            mine.execute("BEGIN IMMEDIATE")
            return count(mine)

    thread, came = in_thread(work)
    sleep(0.1)
    counter.execute(ADD)
    counter.commit()
    thread.join()
    assert came == [1]


def test_deadlock_is_database_is_locked(counter: Any, backend: Any) -> None:
    counter.execute("INSERT INTO people (id, name) VALUES (2, 'second')")
    counter.commit()
    counter.execute(ADD)

    def work() -> str:
        with backend.another(timeout=2).get_connection() as mine:
            try:
                mine.execute("UPDATE people SET age = 5 WHERE id = 2")
                mine.execute("UPDATE people SET age = 5 WHERE id = 1")
            except sqlite3.OperationalError as error:
                mine.rollback()
                return str(error)
        return "done"

    thread, came = in_thread(work)
    sleep(0.2)
    try:
        counter.execute("UPDATE people SET age = 7 WHERE id = 2")
        counter.commit()
        outcome = "done"
    except sqlite3.OperationalError as error:
        outcome = str(error)
        counter.rollback()
    thread.join()
    assert {outcome, *came} <= {"done", "database is locked"}
    assert "done" in (outcome, *came)
