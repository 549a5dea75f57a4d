"""A container of the official image ``postgres``, without a container.

What its ``docker-entrypoint.sh`` does, in its order, with PostgreSQL's own programs
(https://github.com/docker-library/postgres, folder 15).
"""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from outgrow.postgres.account import account_for

_DATA = "/var/lib/postgresql/data"
_SCRIPTS = PurePosixPath("/docker-entrypoint-initdb.d")


class Exited(Exception):
    """The container's first process ended."""


class Container:
    """The service of a compose file.

    Args:
        service: as compose understands it.
        project: the folder of the compose file.
        folder: where its volume is to be; exists and is empty.
        programs: the folder of PostgreSQL's programs.

    """

    def __init__(
        self, service: dict[str, Any], project: Path, folder: Path, programs: Path
    ) -> None:
        self.configure(service)
        self._path = f"{programs}:{os.environ['PATH']}"
        self._folder = folder
        mounts = [each.split(":") for each in service["volumes"]]
        assert ["postgres_data", _DATA] in mounts
        self._scripts = {
            PurePosixPath(target).name: project / source
            for source, target, *_ in sorted(mounts, key=lambda mount: mount[1])
            if PurePosixPath(target).parent == _SCRIPTS
        }
        self._account = account_for(folder)
        self._account.own(folder)
        self.data = folder / "data"
        self.log = ""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    def configure(self, service: dict[str, Any]) -> None:
        """Make it anew for changed settings; the volume stays."""
        self._environment: dict[str, str] = service["environment"]
        self._healthcheck: list[str] = service["healthcheck"]["test"]

    def start(
        self, *, before: Callable[[], object] = lambda: 0, after: Callable[[], object] = lambda: 0
    ) -> None:
        """Start it; ``before`` and ``after`` are called around the scripts of a first start.

        Raises:
            Exited: it ended.

        """
        if not (self.data / "PG_VERSION").exists():
            self._initialize(before, after)
        self._run("pg_ctl", "start", "--wait", *self._server("-c listen_addresses=*"))

    def stop(self) -> None:
        """Stop it, as ``docker compose stop`` does."""
        self._run("pg_ctl", "stop", f"--pgdata={self.data}", "--mode=fast", "--wait")

    def is_healthy(self) -> bool:
        """Run the health check as Docker does: with the container's environment, in a shell."""
        kind, command = self._healthcheck
        assert kind == "CMD-SHELL"
        # In the image these are the programs' own defaults: its socket, and port 5432.
        inside = {"PATH": self._path, "PGHOST": str(self._folder), "PGPORT": str(self.port)}
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            env={**self._environment, **inside},
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
        self.log = done.stdout + done.stderr
        return done.returncode == 0

    def url(self, password: str) -> str:
        """Give the URL by which this machine reaches it."""
        login = f"{self._environment['POSTGRES_USER']}:{password}"
        return f"postgresql://{login}@127.0.0.1:{self.port}/{self._environment['POSTGRES_DB']}"

    def psql(self, *arguments: str) -> str:
        """Run psql through the socket, as the entrypoint and ``docker compose exec`` do."""
        return self._run(
            "psql",
            "--variable=ON_ERROR_STOP=1",
            f"--username={self._environment['POSTGRES_USER']}",
            f"--dbname={self._environment['POSTGRES_DB']}",
            "--no-password",
            "--no-psqlrc",
            f"--host={self._folder}",
            f"--port={self.port}",
            *arguments,
        )

    def load(self, name: str) -> None:
        """Load a script of the folder with scripts, as the account of the server may read it."""
        shutil.copy(self._scripts[name], self._folder / name)
        self.psql(f"--file={self._folder / name}")

    def _initialize(self, before: Callable[[], object], after: Callable[[], object]) -> None:
        password = self._folder / "password"
        password.write_text(f"{self._environment['POSTGRES_PASSWORD']}\n")
        self._account.own(password)
        self._run(
            "initdb",
            f"--pgdata={self.data}",
            f"--username={self._environment['POSTGRES_USER']}",
            f"--pwfile={password}",
            "--no-sync",
            *shlex.split(self._environment["POSTGRES_INITDB_ARGS"]),
        )
        with (self.data / "pg_hba.conf").open("a") as rules:
            rules.write("\nhost all all all scram-sha-256\n")
        self._run("pg_ctl", "start", "--wait", *self._server("-c listen_addresses="))
        try:
            database = self._environment["POSTGRES_DB"]
            self.psql("--dbname=postgres", f'--command=CREATE DATABASE "{database}"')
            before()
            for name in self._scripts:
                self.load(name)
            after()
        except Exited:
            # What runs beside the first process of a container is killed with it.
            self._run("pg_ctl", "stop", f"--pgdata={self.data}", "--mode=immediate", "--wait")
            raise
        self.stop()

    def _server(self, listening: str) -> list[str]:
        options = f"{listening} -c unix_socket_directories={self._folder} -p {self.port} -F"
        return [f"--pgdata={self.data}", f"--log={self._folder / 'log'}", f"--options={options}"]

    def _run(self, program: str, *arguments: str) -> str:
        found = shutil.which(program, path=self._path)
        assert found, f"{program} is not installed"
        done = self._account.run([found, *arguments], cwd=self._folder, timeout=60)
        if done.returncode:
            raise Exited(done.stderr or done.stdout)
        return done.stdout
