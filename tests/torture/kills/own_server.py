"""A server of the worker's own, which may be stopped in the middle of work."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from fresh_databases import make_database
from psycopg.conninfo import make_conninfo

from outgrow.postgres.embedded import EmbeddedServer
from outgrow.postgres.postmaster import Postmaster

#: What was committed has to survive a crash of the server: synchronous_commit stays on. Without
#: fsync it wouldn't survive one of the machine, which nobody tries here
#: (https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-FSYNC).
_SETTINGS = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}

_SECONDS_TO_STOP = 30


class OwnServer:
    """A running server in a folder; `stop` in the end."""

    def __init__(self, folder: Path, bin_dir: Path | None) -> None:
        self._folder = folder
        self._server = EmbeddedServer(folder, bin_dir=bin_dir, settings=_SETTINGS)
        self._server.start()
        self.url = self._server.url

    def stop_at_once(self) -> None:
        """Do what ``pg_ctl stop -m immediate`` does: the server dies as in a crash.

        https://www.postgresql.org/docs/current/server-shutdown.html
        """
        facts = Postmaster.of(self._folder / "data")
        assert facts is not None, "the server doesn't run"
        os.kill(facts.pid, signal.SIGQUIT)
        give_up = time.monotonic() + _SECONDS_TO_STOP
        while facts.is_alive:
            assert time.monotonic() < give_up, "the server doesn't stop"
            time.sleep(0.01)

    def start_again(self) -> None:
        """Start it after a crash."""
        self._server.stop()  # what it holds of the dead one
        self._server.start()

    def stop(self) -> None:
        """End it, whatever state it is in."""
        self._server.stop()

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Make a database and give its conninfo; it is dropped in the end."""
        name = f"kill_{uuid4().hex}"
        self.make(name, template)
        try:
            yield make_conninfo(self.url, dbname=name)
        finally:
            if not self._server.running:  # a case that has failed
                self.start_again()
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def make(self, name: str, template: str = "template1") -> str:
        """Make a database that stays, and give its conninfo."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            make_database(connection, name, template)
        return make_conninfo(self.url, dbname=name)
