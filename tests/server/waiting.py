"""Waiting for what another process does, however busy the machine is."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

import psycopg

_SECONDS = 120


def wait_until(what: Callable[[], bool]) -> None:
    """Wait until it is so; fails when that takes longer than it ever should."""
    give_up = monotonic() + _SECONDS
    while not what():
        assert monotonic() < give_up, "it did not come to pass"
        sleep(0.02)


def reload_configuration(url: str) -> None:
    """Have the server read its files again, and wait until it has.

    pg_reload_conf() only sends a signal. A new session knows what the server knew at its start.
    https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL
    """

    def loaded() -> object:
        with psycopg.connect(url) as connection:
            return connection.execute("SELECT pg_conf_load_time()").fetchone()

    before = loaded()
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_reload_conf()")
    wait_until(lambda: loaded() != before)
