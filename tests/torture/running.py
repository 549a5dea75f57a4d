"""Cases side by side, each worker with a folder of its own."""

from __future__ import annotations

import faulthandler
import os
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context, util
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from programs import programs_of_15

from outgrow.postgres.embedded import EmbeddedServer
from torture.part import Case, Outcome, Part, Place

_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_MEMORY, _LARGE = Path("/dev/shm"), 8 << 30


class _TooLong(Exception):
    """A case took longer than any may take."""


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """The conninfo of a fresh server of each version that is here, by name."""
    with ExitStack() as stack:
        folder = stack.enter_context(roomy_folder())
        found = {}
        for name, programs in (("pg18", None), ("pg15", programs_of_15())):
            if name == "pg15" and programs is None:
                print("PostgreSQL 15 is not installed: 18 alone")
                continue
            server = EmbeddedServer(folder / name, bin_dir=programs, settings=_SETTINGS)
            found[name] = stack.enter_context(server).url
        yield found


@contextmanager
def roomy_folder() -> Iterator[Path]:
    """Give a folder that is removed afterwards: in memory where that is large."""
    room = os.statvfs(_MEMORY) if _MEMORY.exists() else None
    is_large = room is not None and room.f_bavail * room.f_frsize > _LARGE
    parent = _MEMORY if is_large else None
    with tempfile.TemporaryDirectory(prefix="outgrow-torture-", dir=parent) as name:
        Path(name).chmod(0o755)  # where root lends the server another account
        yield Path(name)


def run_cases(
    part: Part,
    numbers: Iterable[int],
    seed: str,
    found: Mapping[str, str],
    jobs: int,
    done: Callable[[int, Outcome, float], None],
) -> None:
    """Run cases and tell each outcome with its seconds, in the order in which they end."""
    workers = 1 if part.alone else jobs
    with roomy_folder() as folder:
        context = get_context("spawn")
        pool = ProcessPoolExecutor(workers, context, _begin, (part.name, dict(found), str(folder)))
        try:
            futures = [pool.submit(_one, number, seed) for number in numbers]
            for future in as_completed(futures):
                done(*future.result())
        finally:
            pool.shutdown(cancel_futures=True)


#: The part that this process runs, and what its cases share.
_worker: tuple[Part, Any]


def _begin(name: str, found: dict[str, str], folder: str) -> None:
    global _worker  # noqa: PLW0603  a pool's initializer has no other way
    from torture.parts import part_named

    faulthandler.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    part = part_named(name)
    own = Path(folder) / str(os.getpid())
    own.mkdir()
    own.chmod(0o755)
    stack = ExitStack()
    _worker = part, stack.enter_context(part.setup(Place(found, own)))
    util.Finalize(None, stack.close, exitpriority=100)


def _one(number: int, seed: str) -> tuple[int, Outcome, float]:
    began = time.monotonic()
    outcome = run_case(*_worker, number, seed)
    return number, outcome, time.monotonic() - began


def run_case(part: Part, shared: Any, number: int, seed: str) -> Outcome:
    """Run one case here. What it raises is a defect, and so is a case without an end."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _TooLong(f"no end after {part.seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(part.seconds)
    try:
        return part.run(shared, Case(number, Random(f"{seed}/{part.name}/{number}")))
    except Exception:  # noqa: BLE001  whatever it is, a person would see it
        return Outcome(defects=(traceback.format_exc(limit=-4),))
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
