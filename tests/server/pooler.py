"""A pooler that does what PgBouncer does with sessions: one for each client, or one for all."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

from psycopg.conninfo import conninfo_to_dict, make_conninfo

#: What a client may ask for before it starts: TLS and GSSAPI, which are declined.
_ASKING = (80877103, 80877104)


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise ConnectionError
        data += piece
    return data


def _message(connection: socket.socket) -> bytes:
    head = _exactly(connection, 5)
    return head + _exactly(connection, struct.unpack("!i", head[1:])[0] - 4)


def _startup(client: socket.socket) -> bytes:
    while True:
        head = _exactly(client, 4)
        rest = _exactly(client, struct.unpack("!i", head)[0] - 4)
        if struct.unpack("!i", rest[:4])[0] not in _ASKING:
            return head + rest
        client.sendall(b"N")


class _Backend:
    """A connection to PostgreSQL, and what it said when it began."""

    def __init__(self, path: str, startup: bytes) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.socket.sendall(startup)
        self.lock = threading.Lock()
        self.greeting = b""
        kind = b""
        while kind != b"Z":
            message = _message(self.socket)
            kind = message[:1]
            # The process number is the pooler's own, as is the key to cancel with.
            self.greeting += message if kind != b"K" else b"K" + struct.pack("!iii", 12, 4711, 42)


class Pooler:
    """Listens on a port of its own."""

    def __init__(self, path: str, *, shared: bool) -> None:
        self._path = path
        self._shared = shared
        self._common: _Backend | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with closing(client):
            try:
                startup = _startup(client)
                backend = self._common if self._shared else None
                if backend is None:
                    backend = self._common = _Backend(self._path, startup)
                client.sendall(backend.greeting)
                self._relay(client, backend)
            except OSError:
                return

    def _relay(self, client: socket.socket, backend: _Backend) -> None:
        while (message := _message(client))[:1] != b"X":
            with backend.lock:
                while message[:1] not in (b"Q", b"S"):
                    backend.socket.sendall(message)
                    message = _message(client)
                backend.socket.sendall(message)
                answer = b""
                while answer[:1] != b"Z":
                    answer = _message(backend.socket)
                    client.sendall(answer)
        if not self._shared:
            backend.socket.close()

    def close(self) -> None:
        """Take no more clients."""
        self._listener.close()
        if self._common is not None:
            self._common.socket.close()


@contextmanager
def pooled(database: str, *, shared: bool) -> Iterator[str]:
    """Give the conninfo of a database behind a pooler."""
    parts = conninfo_to_dict(database)
    pooler = Pooler(f"{parts['host']}/.s.PGSQL.{parts['port']}", shared=shared)
    try:
        yield make_conninfo(database, host="127.0.0.1", port=pooler.port)
    finally:
        pooler.close()
