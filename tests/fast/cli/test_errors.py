"""What goes wrong is one line with a code, a place and a remedy; never a traceback."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest
from commands import outgrow

from outgrow.cli import main
from outgrow.cli.commands import demo


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
        connection.execute("INSERT INTO t VALUES (1, 'a')")
    connection.close()
    return path


def broken(tmp_path: Path, kind: str) -> Path:
    path = tmp_path / f"{kind}.db"
    match kind:
        case "directory":
            path.mkdir()
        case "empty":
            path.touch()
        case "text":
            path.write_text("hello, I am not a database " * 100)
        case "random":
            path.write_bytes(os.urandom(8192))
        case "truncated":
            with sqlite3.connect(path) as connection:
                connection.execute("CREATE TABLE t (a)")
                connection.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 200)
            connection.close()
            path.write_bytes(path.read_bytes()[:20_000])
        case "no tables":
            with sqlite3.connect(path) as connection:
                connection.execute("PRAGMA user_version = 3")
            connection.close()
    return path


@pytest.mark.parametrize("command", ["migrate", "plan", "schema"])
@pytest.mark.parametrize(
    "kind", ["missing", "directory", "empty", "text", "random", "truncated", "no tables"]
)
def test_what_is_not_a_database_is_said_in_one_line(
    tmp_path: Path, command: str, kind: str
) -> None:
    path = broken(tmp_path, kind)
    done = outgrow(command, path, cwd=tmp_path)
    assert done.returncode == 1
    line = one_line(done)
    assert line.startswith("error: OG-")
    assert path.name in line
    assert not (tmp_path / ".outgrow").exists(), (
        "no server is started for a file that can't be read"
    )


def test_json_has_one_object_also_for_an_error(tmp_path: Path) -> None:
    done = outgrow("migrate", tmp_path / "none.db", "--json")
    report = json.loads(done.stdout)
    assert report["status"] == "failed"
    assert report["findings"][0]["code"].startswith("OG-")


@pytest.mark.parametrize(
    "arguments",
    [
        ["migrate"],
        ["nonsense"],
        ["migrate", "x.db", "--types", "wild"],
        ["migrate", "x.db", "--jobs", "0"],
        ["migrate", "x.db", "--jobs", "many"],
        ["migrate", "x.db", "--on-bad", "ignore"],
        ["migrate", "x.db", "--schema", ""],
        ["migrate", "x.db", "--schema", "outgrow"],
        ["migrate", "x.db", "--schema", "outgrow_staging_1"],
        ["migrate", "x.db", "--schema", "pg_catalog"],
        ["verify", "x.db", "--schema", "x" * 64],
    ],
)
def test_a_wrong_call_is_status_2_and_one_line(arguments: list[str]) -> None:
    done = outgrow(*arguments)
    assert done.returncode == 2
    assert "--help" in one_line(done)


def test_nothing_waits_for_the_other_end_of_a_named_pipe(good: Path) -> None:
    pipe = good.with_name("pipe")
    os.mkfifo(pipe)
    read = outgrow("migrate", good, "--plan", pipe, "--dry-run")
    assert read.returncode == 2
    assert one_line(read).startswith(f"error: OG-502 {pipe}: the plan file can't be read")
    for command in ("plan", "schema"):
        written = outgrow(command, good, "-o", pipe)
        assert written.returncode == 2
        assert "OG-710" in one_line(written)
        assert "nobody reads" in written.stderr


def test_a_pipe_that_somebody_reads_takes_a_file(good: Path) -> None:
    """As with a process of the shell."""
    pipe = good.with_name("pipe")
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    done = outgrow("schema", good, "-o", pipe)
    assert done.returncode == 0, done.stderr
    assert os.read(reading, 1_000_000).decode() == outgrow("schema", good).stdout
    os.close(reading)


def test_a_wrong_target_is_status_2(good: Path) -> None:
    done = outgrow("migrate", good, "--to", "mysql://localhost/x")
    assert done.returncode == 2
    assert "postgresql://" in one_line(done)


def test_nobody_listens_and_the_password_is_not_told(good: Path) -> None:
    done = outgrow("migrate", good, "--to", "postgresql://me:s3cret@127.0.0.1:1/app")
    assert done.returncode == 1
    assert "127.0.0.1" in one_line(done)
    assert "s3cret" not in done.stderr + done.stdout


URL = "postgresql://me:s3cr t@h/app"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["migrate", "good.db", URL], 2),
        (["verify", "good.db", URL], 2),
        (["init", URL], 2),
        (["backup", URL], 2),
        (["migrate", "good.db", "--too", URL], 2),
        (["migrate", "good.db", "--jobs", URL], 2),
        ([URL], 2),
        (["demo", URL], 2),
        (["quarantine", "list", URL], 2),
        (["migrate", "good.db", "--plan", URL], 2),
        (["inspect", "good.db", "--dir", URL], 2),
    ],
)
@pytest.mark.parametrize("json", [False, True])
def test_a_url_in_a_wrong_place_is_not_repeated_with_its_password(
    good: Path, arguments: list[str], status: int, json: bool
) -> None:
    done = outgrow(*arguments, *(["--json"] if json else []), cwd=good.parent)
    assert done.returncode == status
    one_line(done)
    assert "s3cr" not in done.stderr + done.stdout


def test_a_url_among_the_files_is_told_where_it_belongs(good: Path) -> None:
    assert "--to" in one_line(outgrow("migrate", good, URL))


@pytest.mark.parametrize("to", ["postgresql://me:s3cr%40t@h/app", "host=h password=s3cr@t"])
def test_a_mistake_of_our_own_does_not_tell_the_password(
    good: Path, to: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(f"lost over {to}, password=s3cr@t, and s3cr@t")

    monkeypatch.setattr("outgrow.cli.commands.migrate.migrate", fail)
    assert main(["migrate", str(good), "--to", to]) == 1
    said = "".join(capsys.readouterr())
    assert "OG-700" in said
    assert "s3cr" not in said


def test_the_demo_prints_commands_without_the_password(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = Namespace(to="postgresql://me:s3cr%40t@h/app?sslmode=require")
    demo._next_steps(arguments, [Path("a.db")], Path("outgrow.toml"))
    said = capsys.readouterr().out
    assert "--to 'user=me dbname=app host=h sslmode=require'" in said
    assert "PGPASSWORD" in said
    assert "s3cr" not in said


def test_a_plan_file_is_checked(good: Path, tmp_path: Path) -> None:
    plan = tmp_path / "outgrow.toml"
    assert outgrow("plan", good, "-o", plan).returncode == 0
    text = plan.read_text()
    for wrong in (
        text + "\n[tables.nothere]\ninclude = true\n",
        text.replace("name = { type", "nmae = { type"),
        "this is not toml = = =",
    ):
        plan.write_text(wrong)
        done = outgrow("schema", good, "--plan", plan)
        assert done.returncode == 2, wrong
        assert one_line(done)
    done = outgrow("schema", good, "--plan", tmp_path / "none.toml")
    assert done.returncode == 2
    assert "none.toml" in one_line(done)


def test_output_that_can_not_be_written(good: Path, tmp_path: Path) -> None:
    done = outgrow("plan", good, "-o", tmp_path / "no" / "such" / "folder.toml")
    assert done.returncode == 2
    assert one_line(done)


def test_a_closed_pipe_is_no_error(good: Path) -> None:
    command = f"{sys.executable} -m outgrow schema {good} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr == ""


def test_help_and_version() -> None:
    assert outgrow("--version").stdout.startswith("outgrow ")
    assert "migrate" in outgrow("--help").stdout
    assert "migrate" in outgrow().stdout
