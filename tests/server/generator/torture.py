"""``make torture``: many random statements on PostgreSQL 15 and 18, until told to stop.

The seed is taken from the clock and printed. What was done is kept in a file, so that an
interrupted run goes on where it was; ``--seed`` starts that seed anew.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from generator.running import EACH, Tally, run
from outgrow.errors import TargetError
from outgrow.postgres.binaries import binaries_in
from outgrow.postgres.embedded import EmbeddedServer

_DEBIAN = Path("/usr/lib/postgresql/15/bin")
_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
#: Schemas that one process runs before it tells what it found.
_BATCH = 8


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print counts and failures; 1 where anything differs."""
    given = _parsed(arguments)
    state = _State(given.state, given.seed)
    print(f"seed {state.seed}, {state.done * EACH} of {given.statements} statements are done")
    with servers() as found:
        _run(state, given.statements // EACH, found)
    print(state.tally.told())
    for why, count in state.tally.refusals.most_common(given.refusals):
        print(f"{count:6} refused: {why}")
    for failure in state.tally.failures:
        print(f"\n{failure}")
    state.file.unlink(missing_ok=True)
    return 1 if state.tally.failures else 0


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--statements", type=int, default=20_000)
    parser.add_argument("--seed", default="", help="start this seed anew")
    parser.add_argument("--refusals", type=int, default=20, help="how many reasons are shown")
    parser.add_argument("--state", type=Path, default=Path("build/torture.json"))
    return parser.parse_args(arguments)


class _State:
    """How far a run is, kept in a file."""

    def __init__(self, file: Path, seed: str) -> None:
        kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() and not seed else {}
        self.file = file
        self.seed: str = kept.get("seed") or seed or str(int(time.time()))
        self.done: int = kept.get("done", 0)
        self.tally = Tally(failures=kept.get("failures", []))
        self.tally.counts.update(kept.get("counts", {}))
        self.tally.refusals.update(kept.get("refusals", {}))

    def add(self, done: int, tally: Tally) -> None:
        self.done = done
        self.tally.add(tally)
        kept = {
            "seed": self.seed,
            "done": done,
            "counts": self.tally.counts,
            "refusals": self.tally.refusals,
            "failures": self.tally.failures,
        }
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(kept), encoding="utf-8")


@contextmanager
def servers() -> Iterator[list[str]]:
    """The conninfo of a fresh database on each version that is here."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="outgrow-torture-")))
        folder.chmod(0o755)
        found = []
        for name, programs in (("pg18", None), ("pg15", _programs_of_15())):
            if name == "pg15" and programs is None:
                print("PostgreSQL 15 is not installed: 18 alone")
                continue
            server = EmbeddedServer(folder / name, bin_dir=programs, settings=_SETTINGS)
            found.append(stack.enter_context(server).url)
        yield found


def _programs_of_15() -> Path | None:
    try:
        return _DEBIAN if binaries_in(_DEBIAN).major == 15 else None
    except TargetError:
        return None


def _run(state: _State, schemas: int, servers: Sequence[str]) -> None:
    """Run batch after batch, one process a server, each schema on one of them by turns."""
    with ProcessPoolExecutor(len(servers)) as pool:
        while state.done < schemas:
            numbers = range(state.done, min(schemas, state.done + _BATCH * len(servers)))
            parts = [numbers[place :: len(servers)] for place in range(len(servers))]
            jobs = [
                pool.submit(_batch, server, state.seed, part)
                for server, part in zip(servers, parts, strict=True)
            ]
            tally = Tally()
            for job in as_completed(jobs):
                tally.add(job.result())
            state.add(numbers[-1] + 1, tally)
            print(f"{state.done * EACH:7}  {state.tally.told()}", flush=True)


def _batch(server: str, seed: str, numbers: range) -> Tally:
    """Run some schemas in a database of their own."""
    tally = Tally()
    name = f"torture_{numbers.start}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        try:
            for number in numbers:
                conninfo = psycopg.conninfo.make_conninfo(server, dbname=name)
                tally.add(run(conninfo, f"{seed}/{number}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]
    return tally


if __name__ == "__main__":
    sys.exit(main())
