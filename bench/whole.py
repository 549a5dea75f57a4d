"""Whole moves, end to end, from the command line: outgrow's and, where it is installed, pgloader's.

Each side moves the same file into a database of its own that is made before and dropped after.
Seconds are those of the process; memory, on Linux, is that of the largest process that takes part.
pgloader gets two workers, large batches and memory for its indexes; it compares nothing afterwards
and makes REAL columns single precision
(https://pgloader.readthedocs.io/en/latest/ref/sqlite.html).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

OUTGROW = [sys.executable, "-m", "outgrow"]
MIGRATE, UNVERIFIED, PGLOADER = "migrate", "migrate --no-verify", "pgloader"

_PGLOADER = """
LOAD DATABASE FROM sqlite://{path} INTO {target}
WITH include drop, create tables, create indexes, reset sequences,
     workers = 2, concurrency = 1, batch rows = 25000, prefetch rows = 100000
SET work_mem TO '64 MB', maintenance_work_mem TO '256 MB';
"""


#: Seconds between two looks at a process's memory, which cost time themselves.
_MOMENT = 0.5

#: The status when all that could be moved was, and the rest is told.
_INCOMPLETE = 4


@dataclass(slots=True)
class Runs:
    """What a side took in each round."""

    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    phases: list[dict[str, float]] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Seconds of the round in the middle."""
        return median(self.seconds)

    def phase(self, name: str) -> float:
        """Seconds that a phase took, in the middle."""
        return median(each[name] for each in self.phases)


def measure(url: str, path: Path, rounds: int, sides: tuple[str, ...] = ()) -> dict[str, Runs]:
    """Move a file by every side in turn."""
    wanted = sides or (MIGRATE, UNVERIFIED, PGLOADER)
    found = {side: Runs() for side in wanted if side != PGLOADER or shutil.which("pgloader")}
    for _ in range(rounds):
        for side, runs in found.items():
            once(url, path, side, runs)
    return found


def once(url: str, path: Path, side: str, runs: Runs) -> None:
    """Move a file by one side, which is one round more of its runs."""
    with _fresh_database(url) as database:
        _run(side, database, path, runs)


def _run(side: str, database: str, path: Path, runs: Runs) -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        if side == PGLOADER:
            orders = Path(folder) / "orders.load"
            orders.write_text(_PGLOADER.format(path=path, target=_url_of(database)))
            timed(["pgloader", str(orders)], runs)
            return
        command = [*OUTGROW, "migrate", str(path), "--to", database, "--json"]
        command += ["--no-verify"] if side == UNVERIFIED else []
        timed(command, runs, report)
        runs.phases.append(json.loads(report.read_text())["seconds"])


def timed(command: list[str], runs: Runs, output: Path | None = None) -> None:
    """Run a command to its end; raises SystemExit if it fails."""
    with (output or Path(os.devnull)).open("wb") as out, tempfile.TemporaryFile() as errors:
        began = perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=errors, start_new_session=True)
        peak = 0.0
        while process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_MOMENT)
            peak = max(peak, _largest(process.pid))
        runs.seconds.append(perf_counter() - began)
        if process.returncode not in (0, _INCOMPLETE):
            errors.seek(0)
            said = errors.read().decode(errors="replace")
            raise SystemExit(f"{' '.join(command)} failed: {said}")
    runs.megabytes.append(peak)


def _largest(session: int) -> float:
    """Give the most memory in MB that a process of a session ever had.

    Its children count; what getrusage(2) says would be that of the process that began it, too.
    """
    peak = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):
            if int((folder / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                told = (folder / "status").read_text().partition("VmHWM:")[2]
                peak = max(peak, int(told.split()[0]))
    return peak / 1e3


@contextmanager
def _fresh_database(url: str) -> Iterator[str]:
    name = f"outgrow_bench_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield make_conninfo(url, dbname=name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _url_of(database: str) -> str:
    """Write a conninfo as pgloader reads it."""
    parts = conninfo_to_dict(database)
    host, port = str(parts.get("host", "localhost")), parts.get("port", 5432)
    password = f":{parts['password']}" if parts.get("password") else ""
    place = f"unix:{host}:{port}" if host.startswith("/") else f"{host}:{port}"
    return f"postgresql://{parts.get('user', '')}{password}@{place}/{parts['dbname']}"
