"""Files made by the standard library's sqlite3 or by other processes, never by our own code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from outgrow.model.census import Census
from outgrow.model.source import SourceDatabase
from outgrow.sqlite.catalog import read_catalog
from outgrow.sqlite.census import take_census
from outgrow.sqlite.snapshot import open_snapshot

Make = Callable[..., Path]
Process = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make a database from a script of SQL."""

    def make(script: str, name: str = "made.db") -> Path:
        path = tmp_path / name
        with closing(apsw.Connection(str(path))) as connection:
            for _ in connection.execute(script):
                pass
        return path

    return make


@pytest.fixture
def catalog_of(make: Make) -> Callable[[str], SourceDatabase]:
    """Read the catalog of a database made from a script."""

    def catalog_of(script: str) -> SourceDatabase:
        with open_snapshot(make(script)) as snapshot:
            return read_catalog(snapshot)

    return catalog_of


@pytest.fixture
def census_of(make: Make) -> Callable[[str], Census]:
    """Take the census of a database made from a script."""

    def census_of(script: str) -> Census:
        with open_snapshot(make(script)) as snapshot:
            return take_census(snapshot, read_catalog(snapshot))

    return census_of


@pytest.fixture
def process() -> Iterator[Process]:
    """Run a Python program that prints 'ready' and then waits to be ended."""
    running: list[subprocess.Popen[str]] = []

    def start(program: str, *arguments: str) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(child)
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "ready"
        return child

    yield start
    for child in running:
        child.kill()
        child.communicate()
