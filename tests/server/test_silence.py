"""A server that says nothing any more is noticed, or told; nothing waits in silence for ever."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic

import psycopg
import pytest
from commands import outgrow
from proxy import Harm, proxied
from waiting import wait_until

from independent.pair import make_sqlite
from outgrow.database.postgres_adapter import PostgreSQLAdapter
from outgrow.model.steps import Step
from outgrow.pipeline.workers import Workers
from outgrow.postgres import silence, target
from outgrow.postgres.target import connect, parse_target

KEEPALIVE = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)


def asked_of_tcp(conninfo: str) -> tuple[int, ...]:
    with (
        connect(parse_target(conninfo)) as connection,
        socket.socket(fileno=os.dup(connection.fileno())) as tcp,
    ):
        assert tcp.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        return tuple(tcp.getsockopt(socket.IPPROTO_TCP, option) for option in KEEPALIVE)


def test_tcp_finds_out_within_minutes_that_the_other_side_is_gone(database: str) -> None:
    with proxied(database) as (behind, _):
        assert asked_of_tcp(behind) == (30, 10, 9, 120_000)
        own = psycopg.conninfo.make_conninfo(behind, keepalives_idle=7, tcp_user_timeout=9000)
        assert asked_of_tcp(own) == (7, 10, 9, 9000)


def tcp_to(port: int) -> Iterator[socket.socket]:
    """This process's own connections to a port."""
    for path in Path("/proc/self/fd").iterdir():
        with suppress(OSError), socket.socket(fileno=os.dup(int(path.name))) as found:
            if found.family == socket.AF_INET and found.getpeername()[1] == port:
                yield found


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_applications_notice_it_too(database: str, driver: str) -> None:
    with (
        proxied(database) as (behind, proxy),
        PostgreSQLAdapter(behind, driver=driver) as adapter,
        adapter.get_connection() as connection,
    ):
        connection.execute("SELECT 1")
        asked = {
            tuple(tcp.getsockopt(socket.IPPROTO_TCP, option) for option in KEEPALIVE)
            for tcp in tcp_to(proxy.port)
        }
    assert asked == {(30, 10, 9, 120_000)}


def test_the_server_is_asked_to_notice_that_outgrow_is_gone(database: str) -> None:
    with connect(parse_target(database)) as connection:
        rows = connection.execute(
            "SELECT setting FROM pg_settings WHERE source = 'session' AND name = ANY(%s)",
            (["client_connection_check_interval", "tcp_keepalives_idle"],),
        ).fetchall()
    # Through a socket of the file system there is no TCP to ask anything of.
    assert rows == [("5000",), ("0",)]


def test_a_silent_server_is_told(
    database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(silence, "_PATIENCE", 0.5)
    with connect(parse_target(database)) as connection, caplog.at_level(logging.WARNING):
        connection.execute("SELECT 1")
        connection.execute("SELECT pg_sleep(4)")
    lines = [each.getMessage() for each in caplog.records if each.name == "outgrow.postgres"]
    assert 3 <= len(lines) <= 4
    assert all(line.startswith("OG-429 postgresql://") for line in lines[:-1])
    assert lines[-1].endswith("the server answers again")


def test_the_command_line_prints_it_as_a_note(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    from outgrow.cli import main

    monkeypatch.setattr(silence, "_PATIENCE", 0.5)
    harm = Harm("stall", after_bytes=40_000, seconds=3)
    with proxied(database, harm) as (behind, _):
        assert main(["migrate", str(make_sqlite(tmp_path / "pair.db")), "--to", behind]) == 0
    told = capsys.readouterr().err.splitlines()
    assert "OG-429" in told[0]
    assert told[-1].endswith("answers again")


def test_a_lock_that_somebody_holds_ends_the_command(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """The journal's own table is held by somebody who reads it and went to lunch."""
    from outgrow.cli import main

    file = make_sqlite(tmp_path / "pair.db")
    assert outgrow("migrate", file, "--to", database).returncode == 0
    monkeypatch.setitem(target._SESSION, "lock_timeout", "1s")
    with closing(psycopg.connect(database)) as lunch:
        lunch.execute("SELECT count(*) FROM outgrow.quarantine")
        assert main(["migrate", str(file), "--to", database, "--schema", "other"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: OG-417")
    assert outgrow("migrate", file, "--to", database, "--schema", "other").returncode == 0


def test_what_is_given_up_does_not_wait_for_a_silent_server(database: str) -> None:
    def ask(connection: psycopg.Connection, _steps: list[Step]) -> None:
        for _ in range(10_000):
            connection.execute("SELECT repeat('x', 1000)")

    with (
        connect(parse_target(database)) as main,
        proxied(database, Harm("stall", after_bytes=20_000, seconds=100)) as (behind, proxy),
    ):
        began = monotonic()
        with (
            suppress(KeyboardInterrupt),
            Workers(lambda: connect(parse_target(behind)), 1, main) as workers,
        ):
            workers.submit(ask, [])
            wait_until(lambda: proxy.done)
            raise KeyboardInterrupt
        assert monotonic() - began < 50
