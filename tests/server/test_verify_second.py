"""A second process compares tables: the same findings, and no trouble when it fails."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from commands import migrated

from outgrow.cli import main
from outgrow.postgres.target import Target
from outgrow.verify import second
from outgrow.verify.differences import TableComparison

TABLES = ("a", "b", "c", "d")


@pytest.fixture
def moved(database: str, tmp_path: Path) -> Path:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in TABLES:
            connection.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, name TEXT)")
            rows = ((n, f"{table} {n}") for n in range(2_000))
            connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)
    migrated(path, "--to", database)
    with psycopg.connect(database) as connection:
        for table in TABLES[1:]:
            connection.execute(f"UPDATE {table} SET name = 'changed' WHERE id = 7")
            connection.execute(f"DELETE FROM {table} WHERE id = 1999")
    return path


def verified(
    path: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> tuple[int, list[dict[str, Any]]]:
    capsys.readouterr()
    status = main(["verify", str(path), "--to", database, "--json"])
    return status, json.loads(capsys.readouterr().out)["findings"]


class Watched(second._Second):
    """Counts the tables that the second process compared; ``fault`` happens to it first."""

    compared = 0
    fault = ""

    def __init__(self, place: Any, waiting: Any, found: dict[str, TableComparison]) -> None:
        class Found(dict[str, TableComparison]):
            def __setitem__(self, name: str, value: TableComparison) -> None:
                Watched.compared += 1
                found[name] = value

        if self.fault == "elsewhere":
            place = replace(place, target=Target("host=/nowhere", "nowhere"))
        super().__init__(place, waiting, Found())
        if self.fault == "dies":
            self._process.kill()
        # Whoever is quicker would take all of them.
        deadline = time.monotonic() + 20
        while not self.fault and not Watched.compared and time.monotonic() < deadline:
            time.sleep(0.01)


@pytest.fixture(params=["", "dies", "elsewhere"])
def fault(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(second, "_WORTH_STARTING", 0)
    monkeypatch.setattr(second, "_WORTH_ASKING", 0)
    monkeypatch.setattr(second, "_has_cores", lambda: True)
    monkeypatch.setattr(Watched, "compared", 0)
    monkeypatch.setattr(Watched, "fault", request.param)
    return str(request.param)


def test_the_findings_are_the_same_with_a_second_process(
    database: str,
    moved: Path,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(second, "_Second", Watched)
    with_it = verified(moved, database, capsys)
    monkeypatch.setattr(second, "_has_cores", lambda: False)
    alone = verified(moved, database, capsys)
    assert with_it == alone
    assert alone[0] == 5
    assert len(alone[1]) >= 2 * len(TABLES[1:])
    if not fault:
        assert Watched.compared


def test_it_ends_with_its_parent_and_not_with_ctrl_c() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "outgrow.verify.second"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    time.sleep(1.5)
    os.kill(process.pid, signal.SIGINT)
    time.sleep(0.2)
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(10) == 0
    process.stdout.close()
