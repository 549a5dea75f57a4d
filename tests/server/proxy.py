"""A TCP proxy before a server's socket, which does what bad networks do."""

from __future__ import annotations

import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import sleep

from psycopg.conninfo import conninfo_to_dict, make_conninfo

#: With it a socket that is closed sends a reset: https://man7.org/linux/man-pages/man7/socket.7.html
_RESET = struct.pack("ii", 1, 0)

_PIECE = 64 << 10

#: What a server says when it has committed
#: (https://www.postgresql.org/docs/current/protocol-message-formats.html, CommandComplete).
COMMITTED = b"C\x00\x00\x00\x0bCOMMIT\x00"

#: The statement that outgrow begins a publication with.
PUBLICATION = b"SET LOCAL lock_timeout"


@dataclass(frozen=True)
class Harm:
    """What is done, and when.

    Args:
        how: "reset", "close", "deaf" (the server's answers end), "mute" (the client's words end),
            "ghost" (the client is cut off, and the server hears nothing of it), "stall", or "dark"
            (this machine's own network goes down: for a process that has one of its own).
        after_bytes: in both directions and of all connections together; 0 for never.
        since: what passes before the bytes are counted: a piece of a statement.
        before: what passes as little as anything after it, once bytes are counted.
        after_seconds: since the first connection; 0 for never.
        seconds: how long a stall lasts.
        again: whether connections that are made afterwards are served.
        piece: bytes that are passed on at once.
        rate: bytes a second in each direction of a connection; 0 for all that is possible.

    """

    how: str = ""
    after_bytes: int = 0
    since: bytes = b""
    before: bytes = b""
    after_seconds: float = 0
    seconds: float = 0
    again: bool = True
    piece: int = _PIECE
    rate: int = 0


class _Link:
    """A client and the server it talks to."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server

    def hurt(self, how: str) -> None:
        with suppress(OSError):
            match how:
                case "reset":
                    self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    # Nothing is sent before the thread that reads it has let go.
                    self.client.shutdown(socket.SHUT_RD)
                    self.client.close()
                    _end(self.server)
                case "close":
                    self.close()
                case "deaf":
                    self.client.shutdown(socket.SHUT_WR)
                case "mute":
                    self.server.shutdown(socket.SHUT_WR)
                case "ghost":
                    _end(self.client)

    def close(self) -> None:
        _end(self.server)
        _end(self.client)


def _end(connection: socket.socket) -> None:
    """Close a socket that another thread may be reading, which then reads the end."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


class Proxy:
    """Listens on a port of its own; ``passed`` counts the bytes in both directions."""

    def __init__(self, server: str, harm: Harm) -> None:
        place = conninfo_to_dict(server)
        self._path = f"{place['host']}/.s.PGSQL.{place.get('port', 5432)}"
        self._harm = harm
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._links: list[_Link] = []
        self._lock = threading.Lock()
        self._flows = threading.Event()
        self._flows.set()
        self._closed = threading.Event()
        self._timers: list[threading.Timer] = []
        self._counted: int | None = None
        self.passed = 0
        self.done = False
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.done and self._harm.how != "stall" and not self._harm.again:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._path)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                first = not self._links
                link = _Link(client, server)
                self._links.append(link)
            if first and self._harm.after_seconds:
                self._later(self._harm.after_seconds, self.strike)
            for ends in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(link, *ends), daemon=True).start()

    def _later(self, seconds: float, what: object) -> None:
        timer = threading.Timer(seconds, what)  # type: ignore[arg-type]
        timer.daemon = True
        self._timers.append(timer)
        timer.start()

    def _pump(self, link: _Link, source: socket.socket, sink: socket.socket) -> None:
        harm = self._harm
        try:
            while data := source.recv(_PIECE):
                for start in range(0, len(data), harm.piece):
                    piece = data[start : start + harm.piece]
                    self._flows.wait()
                    before, strikes = self._count(piece)
                    sink.sendall(piece[:before])
                    if strikes:
                        self.strike()
                        self._flows.wait()
                        sink.sendall(piece[before:])
                    if harm.rate:
                        sleep(len(piece) / harm.rate)
            if not self._is_ghostly:
                sink.shutdown(socket.SHUT_WR)
        except OSError:
            if not self._is_ghostly:
                link.close()

    @property
    def _is_ghostly(self) -> bool:
        """Whether the other side must not hear that this one has gone."""
        return self._harm.how == "ghost" and self.done and not self._closed.is_set()

    def _count(self, piece: bytes) -> tuple[int, bool]:
        """Give how many bytes of a piece pass before the moment, and whether it is now."""
        length = len(piece)
        with self._lock:
            if self._counted is None and self._harm.since in piece:
                self._counted = 0
            self.passed += length
            if self._counted is None:
                return length, False
            if self._harm.before and self._harm.before in piece and not self.done:
                return piece.index(self._harm.before), True
            left = self._harm.after_bytes - self._counted
            self._counted += length
            now = 0 < left <= length and not self.done
        return (left if now else length), now

    def strike(self) -> None:
        """Do the harm, once."""
        with self._lock:
            if self.done:
                return
            self.done = True
            links = list(self._links)
        if self._harm.how == "dark":
            subprocess.run(["ip", "link", "set", "lo", "down"], check=True)
        if self._harm.how == "stall":
            self._flows.clear()
            self._later(self._harm.seconds, self._flows.set)
            return
        for link in links:
            link.hurt(self._harm.how)

    def close(self) -> None:
        """End everything."""
        self._closed.set()
        for timer in self._timers:
            timer.cancel()
        self._flows.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in list(self._links):
            link.close()


@contextmanager
def proxied(conninfo: str, harm: Harm | None = None) -> Iterator[tuple[str, Proxy]]:
    """Give the conninfo of the same database behind a proxy, and the proxy."""
    proxy = Proxy(conninfo, harm or Harm())
    try:
        yield make_conninfo(conninfo, host="127.0.0.1", port=proxy.port), proxy
    finally:
        proxy.close()
