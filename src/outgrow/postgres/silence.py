"""A server that says nothing: found out when it is gone, told when it only takes its time.

A statement may rightly take hours, so no time limit ends one. TCP itself finds out that the other
side is gone, and a person is told that the server is being waited for.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Collection, Mapping
from contextlib import suppress
from time import monotonic, sleep
from typing import Any, TypeVar
from weakref import WeakSet

import psycopg
from psycopg.abc import PQGen
from psycopg.rows import TupleRow

from outgrow.errors import define

SILENT = define("OG-429", "The server has not answered for a while; it is waited for")

#: Seconds after which a side that can't be reached any more counts as gone.
SECONDS_TO_NOTICE = 120

#: Asked of the client's side, where the target doesn't say otherwise. The system's own defaults
#: are two hours for a session that waits, and fifteen minutes for one that sends
#: (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-KEEPALIVES). The last one
#: is in milliseconds.
CLIENT_SIDE: Mapping[str, int] = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": (SECONDS_TO_NOTICE - 30) // 10,
    "tcp_user_timeout": SECONDS_TO_NOTICE * 1000,
}

#: Asked of the server's side, which else keeps the lock of a run whose machine has gone
#: (https://www.postgresql.org/docs/current/runtime-config-connection.html#RUNTIME-CONFIG-TCP-SETTINGS).
SERVER_SIDE: Mapping[str, str] = {
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": str((SECONDS_TO_NOTICE - 30) // 10),
}

#: Has the server look, while it works, whether anybody waits for it
#: (https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-CLIENT-CONNECTION-CHECK-INTERVAL).
WORK_FOR_NOBODY = "SET client_connection_check_interval = '5s'"

#: Seconds of silence before the first line; each further line comes after twice the time.
_PATIENCE = 20.0

_log = logging.getLogger("outgrow.postgres")

_Result = TypeVar("_Result")


class WatchedConnection(psycopg.Connection[TupleRow]):
    """A connection whose waiting is told, as warnings of the logger ``outgrow.postgres``."""

    #: How people may see the server.
    display = ""

    _asked: float | None = None
    _asking = 0
    _told = 0

    def wait(self, gen: PQGen[_Result], *arguments: Any, **named: Any) -> _Result:
        """Wait for the server as psycopg does, and leave a note of since when."""
        self._asking, self._asked = threading.get_ident(), monotonic()
        try:
            return super().wait(gen, *arguments, **named)
        finally:
            self._asked = None
            if self._told:
                self._told = 0
                _log.warning("%s: the server answers again", self.display)

    def tell_silence(self) -> None:
        """Tell how long the server has been silent, if that is due."""
        asked = self._asked
        if asked is None or monotonic() - asked < _PATIENCE * 2**self._told:
            return
        self._told += 1
        _log.warning(
            "%s %s: the server has not answered for %.0f s, and is waited for. pg_stat_activity "
            "tells whether it works or waits for somebody else; Ctrl-C ends this command",
            SILENT,
            self.display,
            monotonic() - asked,
        )

    def hang_up(self, threads: Collection[int]) -> None:
        """Break the connection if one of these threads waits for the server."""
        if self._asked is None or self._asking not in threads:
            return
        with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(self.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)


_watched: WeakSet[WatchedConnection] = WeakSet()
_lock = threading.Lock()
_watch: threading.Thread | None = None


def watch(connection: WatchedConnection, display: str) -> None:
    """Tell from now on when the server lets this connection wait for long."""
    global _watch  # noqa: PLW0603  one thread watches all connections of a process
    connection.display = display
    with _lock:
        _watched.add(connection)
        if _watch is None:
            _watch = threading.Thread(target=_look_often, daemon=True, name="outgrow-watch")
            _watch.start()


def hang_up(threads: Collection[int]) -> None:
    """Have threads that wait for a silent server get an error instead.

    Closing a connection that another thread uses would leave that one waiting; an end of what
    comes through its socket is noticed (https://man7.org/linux/man-pages/man2/shutdown.2.html).
    """
    for connection in _all_watched():
        connection.hang_up(threads)


def _look_often() -> None:
    while True:
        sleep(1)
        _tell_all()


def _tell_all() -> None:
    for connection in _all_watched():
        connection.tell_silence()


def _all_watched() -> list[WatchedConnection]:
    with _lock:
        return list(_watched)
