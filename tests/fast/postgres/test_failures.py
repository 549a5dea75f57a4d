"""Failures without a server: libpq against nobody, or against a port that says one thing."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from outgrow.errors import TargetError
from outgrow.postgres.failures import explain, without_secrets
from outgrow.postgres.target import connect, parse_target

SECRET = "sw0rdf1sh"
SSL_REQUEST = struct.pack("!ii", 8, 80877103)


@contextmanager
def one_answer(answer: bytes) -> Iterator[int]:
    """Listen on a port, and give every startup packet the same answer; "N" to a wish for TLS."""

    def speak(listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                while client.recv(1024) == SSL_REQUEST:
                    client.sendall(b"N")
                client.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=speak, args=(listener,))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def fatal(state: str, message: str) -> bytes:
    """Write an ErrorResponse (https://www.postgresql.org/docs/current/protocol-message-formats.html)."""
    fields = "".join(
        f"{key}{value}\0"
        for key, value in (("S", "FATAL"), ("V", "FATAL"), ("C", state), ("M", message))
    )
    body = fields.encode() + b"\0"
    return b"E" + struct.pack("!i", len(body) + 4) + body


def failure(text: str) -> TargetError:
    with pytest.raises(TargetError) as caught:
        connect(parse_target(text)).close()
    return caught.value


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = failure(f"postgresql://me:{SECRET}@127.0.0.1:{port}/shop")
    assert error.code.name == "OG-407"
    assert f"127.0.0.1, port {port}" in error.what
    assert SECRET not in str(error)


def test_no_socket() -> None:
    error = failure("host=/nowhere dbname=shop")
    assert error.code.name == "OG-407"
    assert "/nowhere/.s.PGSQL.5432" in error.what


def test_unknown_host() -> None:
    error = failure(f"postgresql://me:{SECRET}@no-such-host.invalid/shop")
    assert error.code.name == "OG-408"
    assert "no-such-host.invalid" in error.what


@pytest.mark.parametrize(
    ("state", "message", "code"),
    [
        ("53300", "sorry, too many clients already", "OG-410"),
        ("53300", "remaining connection slots are reserved for roles with the SUPERUSER", "OG-410"),
        ("57P03", "the database system is starting up", "OG-411"),
        ("57P03", "the database system is shutting down", "OG-411"),
        ("57P03", "the database system is not yet accepting connections", "OG-411"),
        (
            "28000",
            'no pg_hba.conf entry for host "1.2.3.4", user "me", database "shop", no encryption',
            "OG-409",
        ),
        (
            "28000",
            'no pg_hba.conf entry for host "1.2.3.4", user "me", database "shop", SSL encryption',
            "OG-412",
        ),
        ("XX000", "was hier stand, versteht niemand", "OG-419"),
    ],
)
def test_the_server_says_no(state: str, message: str, code: str) -> None:
    with one_answer(fatal(state, message)) as port:
        error = failure(f"postgresql://me@127.0.0.1:{port}/shop")
    assert error.code.name == code
    assert error.what


def test_tls_is_required_and_the_server_has_none() -> None:
    with one_answer(b"") as port:
        error = failure(f"postgresql://me@127.0.0.1:{port}/shop?sslmode=require")
    assert error.code.name == "OG-409"
    assert "ssl" in error.fix


def test_something_else_listens() -> None:
    with one_answer(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        error = failure(f"postgresql://me@127.0.0.1:{port}/shop")
    assert error.code.name == "OG-407"
    assert str(port) in error.what


def test_a_server_that_repeats_the_password_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with one_answer(fatal("XX000", f"I read password={SECRET} and {SECRET}")) as port:
        given = [
            failure(f"postgresql://me:{SECRET}@127.0.0.1:{port}/shop"),
            failure(f"host=127.0.0.1 port={port} user=me password={SECRET}"),
        ]
        monkeypatch.setenv("PGPASSWORD", SECRET)
        given.append(failure(f"host=127.0.0.1 port={port} user=me"))
    for error in given:
        assert SECRET not in str(error)
        assert "I read" in str(error)
        assert error.__suppress_context__  # nor in a traceback


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://me:{SECRET}@h/shop",
        f"postgresql://me:a:b@{SECRET}@h/shop",
        f"postgresql:/me:a {SECRET}@h/shop",
        f"host=h password={SECRET} user=me",
        f"host=h PassWord = '{SECRET}' user=me",
        f"host=h password='it\\'s {SECRET}' user=me",
        f"postgresql://h/shop?password={SECRET}&sslpassword={SECRET}",
    ],
)
def test_what_looks_like_a_password_is_blanked(text: str) -> None:
    assert SECRET not in without_secrets(text)
    assert "h" in without_secrets(text)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (psycopg.errors.DiskFull("could not extend file"), "OG-414"),
        (psycopg.errors.OutOfMemory("out of memory"), "OG-415"),
        (psycopg.errors.ConfigurationLimitExceeded("too large"), "OG-415"),
        (psycopg.errors.CrashShutdown("crash of another server process"), "OG-413"),
        (psycopg.OperationalError("the connection is closed"), "OG-413"),
        (psycopg.errors.DeadlockDetected("deadlock detected"), "OG-417"),
        (psycopg.errors.SyntaxError("syntax error"), "OG-419"),
    ],
)
def test_errors_that_are_hard_to_provoke(error: psycopg.Error, code: str) -> None:
    told = explain(error, f"postgresql://me:{SECRET}@h/shop")
    assert told.code.name == code
    assert SECRET not in str(told)
    assert "\n" not in str(told)
