"""How long writers will have to wait is said before they have to."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from outgrow.cli import main
from outgrow.pipeline import waiting
from outgrow.sqlite import copying, snapshot


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of 2 MB, of which a copy takes as long as one of many gigabytes."""
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x BLOB)")
        connection.executemany("INSERT INTO t (x) VALUES (randomblob(?))", [(100_000,)] * 20)
    monkeypatch.setattr(waiting, "NOTICEABLE", 1e-6)
    return path


@pytest.mark.parametrize("command", ["plan", "inspect"])
def test_it_is_said_for_a_file_without_a_wal(
    file: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(file)]) == 0
    told = capsys.readouterr()
    said = " ".join((told.err if command == "plan" else told.out).split())
    assert "app.db: it has no WAL: what writes to it waits while a private copy is made" in said
    assert "s for 2 MB" in said


def test_a_program_finds_it_among_the_findings(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", str(file), "--json"]) == 0
    [finding] = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["code"], finding["severity"], finding["where"]) == ("OG-505", "info", "app.db")
    assert "journal_mode = WAL" in finding["fix"]


@pytest.mark.parametrize("command", ["plan", "inspect"])
def test_nobody_waits_for_a_wal_file_or_notices_a_short_wait(
    file: Path, command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
    assert main([command, str(file)]) == 0
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = delete")
    monkeypatch.setattr(waiting, "NOTICEABLE", 30)
    assert main([command, str(file)]) == 0
    told = capsys.readouterr()
    assert "waits" not in told.err + told.out


def test_where_there_is_no_room_for_a_copy_writers_wait_until_all_is_done(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (copying, snapshot):
        monkeypatch.setattr(module, "has_room", lambda needed, room: False)
    assert main(["plan", str(file)]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "what writes to it waits until all is done, for there is no room" in said
