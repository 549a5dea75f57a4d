"""``make torture``: many random databases on PostgreSQL 15 and 18, until told to stop.

As with ``generator.torture``, the seed is taken from the clock and printed, and an interrupted run
goes on where it was. What fails is made small.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psycopg
from generator.torture import servers

from databases.many import first_failure

#: Databases that one process runs before it tells what it found.
_BATCH = 25


@dataclass
class Progress:
    """How far a run is: its seed, the databases that are done, and those that failed."""

    seed: str
    done: int = 0
    failures: list[str] = field(default_factory=list)

    @classmethod
    def kept(cls, file: Path, seed: str) -> Progress:
        """Go on with what a file keeps, or begin: always with a seed that is given."""
        if file.exists() and not seed:
            return cls(**json.loads(file.read_text(encoding="utf-8")))
        return cls(seed or str(int(time.time())))

    def keep(self, file: Path) -> None:
        """Write it down."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print failures; 1 where there are any."""
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--databases", type=int, default=5_000)
    parser.add_argument("--seed", default="", help="start this seed anew")
    parser.add_argument("--state", type=Path, default=Path("build/torture-databases.json"))
    given = parser.parse_args(arguments)
    progress = Progress.kept(given.state, given.seed)
    print(f"seed {progress.seed}, {progress.done} of {given.databases} databases are done")
    with servers() as found, ProcessPoolExecutor(len(found)) as pool:
        while progress.done < given.databases:
            jobs = [
                pool.submit(_batch, server, progress.seed, progress.done // _BATCH + place)
                for place, server in enumerate(found)
            ]
            progress.failures += filter(None, (job.result() for job in as_completed(jobs)))
            progress.done += _BATCH * len(found)
            progress.keep(given.state)
            print(f"{progress.done:7} databases, {len(progress.failures)} failures", flush=True)
    for failure in progress.failures:
        print(f"\n{failure}")
    given.state.unlink(missing_ok=True)
    return 1 if progress.failures else 0


def _batch(server: str, seed: str, number: int) -> str:
    """Run some databases in one database of their own."""
    name = f"torture_{number}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        try:
            conninfo = psycopg.conninfo.make_conninfo(server, dbname=name)
            return first_failure(conninfo, f"{seed}/{number}", _BATCH, shrink=True)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main())
