"""A private PostgreSQL in a folder: no root, no Docker, no system package, no network.

Layout of the folder: ``data`` (the cluster, with its log ``server.log`` and its socket),
``lock`` (who starts or stops it), ``users`` (who uses it), ``.gitignore``.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote as percent

import psycopg

from outgrow.errors import Code, TargetError, define
from outgrow.postgres.account import Account, account_for
from outgrow.postgres.binaries import Binaries, binaries_in, packaged_binaries
from outgrow.postgres.failures import CONNECTION_LOST
from outgrow.postgres.locks import FileLock, alone
from outgrow.postgres.postmaster import (
    PORT,
    SOCKET,
    Postmaster,
    configuration_value,
    last_complaint,
    make_socket_directory,
)

CANNOT_CREATE = define("OG-423", "The embedded server's data folder can't be made")
CANNOT_START = define("OG-424", "The embedded server does not start")
CANNOT_STOP = define("OG-425", "The embedded server does not stop")
WRONG_VERSION = define("OG-426", "The embedded server's data were made by another version")

#: The account and the database inside the server.
SUPERUSER = "postgres"
DATABASE = "outgrow"

_SECONDS_TO_START = 120
_SECONDS_TO_STOP = 120
_INCLUDED = "outgrow.conf"

#: For one person who tries things out on a laptop. Nothing here trades durability for speed.
_SETTINGS: Mapping[str, str] = {
    "max_connections": "50",
    # A schema of several hundred tables is published in one transaction.
    "max_locks_per_transaction": "512",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    # No replicas: what COPY puts into a table of the same transaction then needs no WAL.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class EmbeddedServer:
    """A PostgreSQL cluster in a folder, run while somebody needs it.

    Several processes may use one at the same time: the first starts it and the last stops it,
    also when one of them was killed. As a context manager it is running inside.

    Args:
        directory: the folder; made when it is missing.
        bin_dir: the programs to use; else those of the ``embedded`` extra, the newest for a
            new cluster.
        settings: further server settings, taken over when the server starts.

    """

    def __init__(
        self,
        directory: Path,
        *,
        bin_dir: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._directory = directory.absolute()
        self._data = self._directory / "data"
        self._bin_dir = bin_dir
        self._settings = {**_SETTINGS, **(settings or {})}
        self._use: FileLock | None = None

    @property
    def exists(self) -> bool:
        """Whether the folder holds a cluster."""
        try:
            return (self._data / "PG_VERSION").exists()
        except PermissionError:  # somebody else's, which start() tells
            return True

    @property
    def running(self) -> bool:
        """Whether the server takes connections."""
        facts = Postmaster.of(self._data)
        return facts is not None and facts.takes_connections

    @property
    def version(self) -> int:
        """The major version, such as 18."""
        return self._binaries.major

    @property
    def url(self) -> str:
        """A libpq URL of the running server's database for whoever may use its socket.

        Raises:
            TargetError: it isn't running.

        """
        return self._url(DATABASE)

    @property
    def psql(self) -> str:
        """The path of ``psql``: the server's own, else the one on PATH."""
        own = self._binaries.program("psql")
        return own if Path(own).exists() else (shutil.which("psql") or "psql")

    def start(self) -> None:
        """Make the cluster if it is missing, start it if it isn't running, and keep it running.

        Raises:
            TargetError: it can't be made or started.

        """
        if self._use is not None:
            return
        self._prepare_folder()
        with alone(self._directory / "lock"):
            use = FileLock(self._directory / "users")
            use.share()
            try:
                if not self.running:
                    self._bring_up()
            except BaseException:
                use.close()
                raise
            self._use = use

    def stop(self) -> None:
        """Stop the server, unless another process still uses it (which then stops it).

        Raises:
            TargetError: it doesn't stop.

        """
        if self._use is None:
            return
        with alone(self._directory / "lock"):
            try:
                if self._use.try_take():
                    self._bring_down()
            finally:
                self._use.close()
                self._use = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # What the server is made of

    @cached_property
    def _binaries(self) -> Binaries:
        offered = (binaries_in(self._bin_dir),) if self._bin_dir else packaged_binaries()
        if not self.exists:
            return offered[0]
        made_by = int((self._data / "PG_VERSION").read_text())
        for binaries in offered:
            if binaries.major == made_by:
                return binaries
        raise TargetError(
            WRONG_VERSION,
            f"the data were made by PostgreSQL {made_by}, and what is installed is "
            + " and ".join(str(each.major) for each in offered),
            where=str(self._data),
            fix="Install that version, or move the folder away to begin a new one",
        )

    @cached_property
    def _account(self) -> Account:
        return account_for(self._data)

    @cached_property
    def _programs(self) -> Binaries:
        return self._binaries.readable_by(self._account)

    def _prepare_folder(self) -> None:
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            ignore = self._directory / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n")
            for name in ("lock", "users"):
                FileLock(self._directory / name).close()
        except OSError as error:
            raise TargetError(
                CANNOT_CREATE,
                f"{error.strerror}",
                where=str(error.filename or self._directory),
                fix="Name a folder you may write to",
            ) from None

    # Up

    def _bring_up(self) -> None:
        if self.exists:
            self._clear_stale_locks()
        else:
            self._initialise()
        self._launch()
        self._make_database()

    def _initialise(self) -> None:
        """Make the cluster aside and rename it, so that a killed run leaves no half of one."""
        unfinished = self._directory / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._account.own(unfinished)
        self._call(
            CANNOT_CREATE,
            "initdb",
            f"--pgdata={unfinished.name}",
            f"--username={SUPERUSER}",
            "--encoding=UTF8",
            # As in SQLite, upper() and lower() know ASCII only; and it exists everywhere.
            "--locale=C",
            # Nobody but the owner can reach the socket.
            "--auth=trust",
            "--no-instructions",
            *(["--no-sync"] if self._settings.get("fsync") == "off" else []),
            timeout=300,
        )
        with (unfinished / "postgresql.conf").open("a") as configuration:
            configuration.write(f"\ninclude_if_exists '{_INCLUDED}'\n")
        unfinished.rename(self._data)

    def _clear_stale_locks(self) -> None:
        """Wait for a server that is on its way up or down; forget one that died.

        PostgreSQL itself removes the lock files of a dead process, and looks for its orphans
        before. It can't where the number now belongs to some other process, or nobody waited
        for the dead one, as happens in containers.
        """
        give_up = time.monotonic() + _SECONDS_TO_STOP
        while (facts := Postmaster.of(self._data)) is not None and facts.is_alive:
            if facts.takes_connections or time.monotonic() > give_up:
                return
            time.sleep(0.1)
        if facts is None:
            (self._data / "postmaster.pid").unlink(missing_ok=True)  # it is empty
        elif facts.number_is_taken:
            (self._data / "postmaster.pid").unlink()
            (facts.socket_directory / f"{SOCKET}.lock").unlink(missing_ok=True)

    def _launch(self) -> None:
        if self.running:
            return
        socket_directory = str(make_socket_directory(self._data, self._account))
        settings = {
            **self._settings,
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": '"' + socket_directory.replace('"', '""') + '"',
            "unix_socket_permissions": "0700",
        }
        included = self._data / _INCLUDED
        included.write_text(
            "".join(f"{k} = {configuration_value(v)}\n" for k, v in settings.items())
        )
        self._account.own(included)
        log = self._data / "server.log"
        log.unlink(missing_ok=True)
        try:
            self._call(
                CANNOT_START,
                "pg_ctl",
                "start",
                "--silent",
                f"--pgdata={self._data.name}",
                f"--log={self._data.name}/{log.name}",
                "--wait",
                f"--timeout={_SECONDS_TO_START}",
                timeout=_SECONDS_TO_START + 10,
            )
        except TargetError as error:
            if said := last_complaint(log):
                raise TargetError(
                    CANNOT_START, said, where=str(self._data), fix=f"The log is {log}"
                ) from None
            raise error from None

    def _make_database(self) -> None:
        with psycopg.connect(self._url(SUPERUSER), autocommit=True) as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,))
            if known.fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    # Down

    def _bring_down(self) -> None:
        facts = Postmaster.of(self._data)
        if facts is None or not facts.is_alive:
            return
        try:
            self._call(
                CANNOT_STOP,
                "pg_ctl",
                "stop",
                "--silent",
                f"--pgdata={self._data.name}",
                "--mode=fast",
                "--wait",
                f"--timeout={_SECONDS_TO_STOP}",
                timeout=_SECONDS_TO_STOP + 10,
            )
        except TargetError:
            if facts.is_alive:
                raise
        if facts.socket_directory != self._data:
            shutil.rmtree(facts.socket_directory, ignore_errors=True)

    # Helpers

    def _url(self, database: str) -> str:
        facts = Postmaster.of(self._data)
        if facts is None:
            raise TargetError(
                CANNOT_START, "the embedded server is not running", where=str(self._data)
            )
        host = percent(str(facts.socket_directory), safe="/")
        return f"postgresql://{SUPERUSER}@/{database}?port={PORT}&host={host}"

    def _call(self, code: Code, program: str, *arguments: str, timeout: float) -> None:
        try:
            done = self._account.run(
                [self._programs.program(program), *arguments],
                # Relative names: pg_ctl hands them to a shell, where a path could be anything.
                cwd=self._directory,
                timeout=timeout,
            )
        except subprocess.TimeoutExpired:
            raise TargetError(
                code, f"{program} took longer than {timeout:.0f} seconds", where=str(self._data)
            ) from None
        if done.returncode:
            said = (done.stderr or done.stdout).strip() or f"status {done.returncode}"
            raise TargetError(code, said, where=str(self._data))


def serve(directory: Path, *, announce: Callable[[str], None], note: Callable[[str], None]) -> None:
    """Run the server of a folder until SIGINT, SIGTERM or SIGHUP.

    Args:
        directory: the folder; made when it is missing.
        announce: called with the URL once it takes connections.
        note: called with what else a person should know.

    Raises:
        TargetError: it doesn't start, or it ended by itself.

    """
    server = EmbeddedServer(directory)
    with _ended_by(signal.SIGINT, signal.SIGTERM, signal.SIGHUP) as ended:
        if server.running:
            note("the server was running already, for another outgrow; it stops after both")
        with server:
            announce(server.url)
            while not ended.wait(1):
                if not server.running:
                    raise TargetError(
                        CONNECTION_LOST, "the server ended by itself", where=str(directory)
                    )


def psql(directory: Path, arguments: Sequence[str]) -> int:
    """Run ``psql`` on the server of a folder, which runs at least as long.

    Returns:
        The exit status of psql.

    Raises:
        TargetError: there is no server in the folder, it doesn't start, or there is no psql.

    """
    server = EmbeddedServer(directory)
    if not server.exists:
        raise TargetError(
            CANNOT_START,
            "there is no embedded server in this folder",
            where=str(directory),
            fix="Make one with outgrow migrate or outgrow server",
        )
    # Ctrl-C cancels a query in psql, and must not end what waits for it.
    with _ended_by(signal.SIGINT), server:
        try:
            return subprocess.call([server.psql, server.url, *arguments])
        except FileNotFoundError:
            raise TargetError(
                CANNOT_START, "psql is not installed", fix=f"Use any client with {server.url}"
            ) from None


@contextmanager
def _ended_by(*signals: signal.Signals) -> Iterator[threading.Event]:
    """Turn signals into an event, and give them back their meaning afterwards."""
    ended = threading.Event()
    former = {each: signal.signal(each, lambda *_: ended.set()) for each in signals}
    try:
        yield ended
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)
