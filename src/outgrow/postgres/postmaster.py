"""What can be seen of a running server from outside: its pid file, its socket, its log."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from outgrow.errors import TargetError, define
from outgrow.postgres.account import Account

UNSAFE_SOCKET = define("OG-427", "The folder for the embedded server's socket is not private")

PORT = 5432  # only a part of the socket's name
SOCKET = f".s.PGSQL.{PORT}"
#: What fits in ``sockaddr_un.sun_path``: 107 bytes on Linux, 103 on macOS.
_LONGEST_SOCKET_PATH = 103


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The server process of a cluster, by its ``postmaster.pid``.

    Args:
        pid: its number; it may have died.
        socket_directory: where it listens.
        ready: whether it says that it has started.

    """

    pid: int
    socket_directory: Path
    ready: bool

    @classmethod
    def of(cls, data: Path) -> Self | None:
        """Read the pid file of a cluster; ``None`` when there is none, or an empty one.

        Its lines are pid, data folder, start time, port, socket folder, address, shared memory
        and state (https://www.postgresql.org/docs/current/storage-file-layout.html); the later
        ones are written while the server starts.
        """
        try:
            lines = (data / "postmaster.pid").read_text(errors="surrogateescape").split("\n")
        except (FileNotFoundError, PermissionError):
            return None
        if not lines[0].strip().isdigit():
            return None
        lines += [""] * (8 - len(lines))
        return cls(int(lines[0]), Path(lines[4]), lines[7].strip() == "ready")

    @property
    def takes_connections(self) -> bool:
        """Whether it has started and listens on its socket."""
        if not self.ready:
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(5)
            try:
                probe.connect(str(self.socket_directory / SOCKET))
            except OSError:
                return False
        return True

    @property
    def number_is_taken(self) -> bool:
        """Whether any process has its number."""
        with suppress(PermissionError):
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                return False
        return True

    @property
    def is_alive(self) -> bool:
        """Whether the process lives and is a PostgreSQL, not a later owner of its number.

        A process that nobody has waited for, as happens in containers, is dead.
        """
        if Path("/proc/self/stat").exists():
            try:
                said = Path(f"/proc/{self.pid}/stat").read_text(errors="replace")
            except OSError:
                return False
            name, _, rest = said.partition(" (")[2].rpartition(") ")
            state = rest[:1]
        else:
            command = ["ps", "-o", "state=,comm=", "-p", str(self.pid)]
            said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
            state, _, path = said.strip().partition(" ")
            name = Path(path.strip()).name
        return name == "postgres" and not state.startswith(("Z", "X"))


def make_socket_directory(data: Path, account: Account) -> Path:
    """Give the data folder, or a short private one where its path doesn't do for a socket.

    Raises:
        TargetError: somebody else's folder is in the place of the private one.

    """
    # libpq takes a comma in a host for the border between two hosts.
    own = str(data)
    if len(os.fsencode(f"{own}/{SOCKET}")) <= _LONGEST_SOCKET_PATH and "," not in own:
        return data
    # Root's own runtime folder is closed to the account that runs the server.
    runtime = os.environ.get("XDG_RUNTIME_DIR") if os.geteuid() else None
    name = f"outgrow-{hashlib.sha256(os.fsencode(own)).hexdigest()[:12]}"
    short = Path(runtime or tempfile.gettempdir()) / name
    if not short.exists():
        short.mkdir(mode=0o700)
        account.own(short)
    found = short.lstat()
    private = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700
    if not private or found.st_uid != account.uid:
        raise TargetError(
            UNSAFE_SOCKET, "another account made this folder", where=str(short), fix="Remove it"
        )
    return short


def last_complaint(log: Path) -> str:
    """Find the last line of a server's log that says why it gave up."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    complaints = [line for line in lines if "FATAL:" in line or "ERROR:" in line]
    return complaints[-1].partition(":  ")[2] if complaints else ""


def configuration_value(value: str) -> str:
    """Write a value for a configuration file, which reads backslashes as C does.

    https://www.postgresql.org/docs/current/config-setting.html
    """
    escaped = value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")
    return f"'{escaped}'"
