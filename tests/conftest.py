"""What all tests share: a folder for servers that ends with the test run, and sample databases."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import hypothesis.internal.conjecture.providers as hypothesis_providers
import pytest
from hypothesis import settings

import samples
from outgrow.postgres.locks import FileLock
from outgrow.postgres.postmaster import Postmaster

#: An immediate shutdown takes less.
_SECONDS_TO_STOP = 10
_PREFIX = f"outgrow-tests-{os.getuid()}-"
#: Memory, where it is large: a new database is 300 files, which cost a disk five times as much.
_MEMORY, _LARGE = Path("/dev/shm"), 4 << 30
_SERVERS = pytest.StashKey[Path]()
_ALIVE = pytest.StashKey[FileLock]()


def pytest_configure(config: pytest.Config) -> None:
    """Make one folder for the servers of this run, known to all its workers."""
    # The same cases in every run, and no health check that a busy machine fails.
    settings.load_profile("ci")
    _draw_no_constants_of_modules()
    worker: dict[str, Any] | None = getattr(config, "workerinput", None)
    if worker is not None:
        config.stash[_SERVERS] = Path(worker["servers"])
        _keep_bytecode(config.stash[_SERVERS])
        return
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_places()[0]))
    folder.chmod(0o755)  # where root lends the server another account
    alive = config.stash[_ALIVE] = FileLock(folder / "alive")
    alive.take()
    config.stash[_SERVERS] = folder
    _keep_bytecode(folder)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Have one worker more than processors: some tests wait, for locks and for silent servers."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the servers are."""
    node.workerinput["servers"] = str(node.config.stash[_SERVERS])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind, also when a worker was killed."""
    alive = config.stash.get(_ALIVE, None)
    if alive is not None:
        _remove(config.stash[_SERVERS])
        alive.close()


def _draw_no_constants_of_modules() -> None:
    """Have one seed give one test case.

    Hypothesis draws constants of the modules that are loaded, so that a case depended on which
    tests had run in the same worker before. It has no setting for that.
    """
    providers: Any = hypothesis_providers
    nothing = providers._local_constants
    providers._get_local_constants = lambda: nothing


def _keep_bytecode(folder: Path) -> None:
    """Compile once what hundreds of processes import, also where no bytecode shall be in the tree.

    https://docs.python.org/3/using/cmdline.html#envvar-PYTHONPYCACHEPREFIX
    """
    if sys.dont_write_bytecode:
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(folder / "bytecode")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        sys.dont_write_bytecode = False


def _places() -> list[Path]:
    """Where the servers of a run may be, the best first."""
    places = [Path(tempfile.gettempdir())]
    with suppress(OSError):
        room = os.statvfs(_MEMORY)
        if os.access(_MEMORY, os.W_OK):
            places.insert(room.f_bavail * room.f_frsize < _LARGE, _MEMORY)
    return places


def _sweep() -> None:
    """Remove what killed runs left: a folder whose lock nobody holds any more."""
    for folder in (found for place in _places() for found in place.glob(f"{_PREFIX}*")):
        if not (folder / "alive").exists():
            continue  # being made right now
        alive = FileLock(folder / "alive")
        if alive.try_take():
            _remove(folder)
        alive.close()


def _remove(folder: Path) -> None:
    """Stop what servers a run left and remove their folders; their data are worth nothing."""
    for cluster in folder.glob("*/data"):
        facts = Postmaster.of(cluster)
        end = monotonic() + _SECONDS_TO_STOP
        while facts is not None and facts.is_alive and monotonic() < end:
            os.kill(facts.pid, signal.SIGQUIT)
            sleep(0.1)
        if facts is not None and facts.socket_directory != cluster:
            shutil.rmtree(facts.socket_directory, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def servers_folder(pytestconfig: pytest.Config) -> Path:
    """Give the folder for servers that all workers of this run share."""
    return pytestconfig.stash[_SERVERS]


@pytest.fixture
def shared_database(tmp_path: Path) -> Callable[[str], Path]:
    """Give a function that makes a private copy of chinook, northwind or sakila."""

    def copy(name: str) -> Path:
        original = samples.FOLDER / f"{name}.db"
        if not original.exists():
            pytest.skip(samples.MISSING)
        private = tmp_path / original.name
        shutil.copyfile(original, private)
        return private

    return copy
