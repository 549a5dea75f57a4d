"""`outgrow backup`: copies of live files, judged by sqlite3 and sha256sum."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from outgrow.errors import SourceError
from outgrow.pipeline import backup as backup_module
from outgrow.sqlite import backup as copying
from outgrow_processes import Processes

_PROCESSES = Processes()


def outgrow(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    done = _PROCESSES.run(["backup", *map(str, arguments)], cwd, {**os.environ, "NO_COLOR": "1"})
    assert "Traceback" not in done.stderr
    return done


def make(path: Path, *statements: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements or ("CREATE TABLE t (a)", "INSERT INTO t VALUES (1), (2)"):
            connection.execute(statement)
    return path


def read(path: Path, sql: str = "SELECT a FROM t ORDER BY a") -> list[Any]:
    """Read a copy of the copy: a look at a WAL database leaves files beside it."""
    aside = shutil.copyfile(path, path.parent.parent / "read.db")
    with closing(sqlite3.connect(aside)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return connection.execute(sql).fetchall()


def seen(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith("-shm")
    }


def refused(done: subprocess.CompletedProcess[str], status: int = 1) -> str:
    assert done.returncode == status, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


def test_a_backup_of_several_files(tmp_path: Path) -> None:
    make(tmp_path / "my app" / "app.db")
    make(tmp_path / "past.sqlite3")
    before = seen(tmp_path)
    done = outgrow("my app/app.db", "past.sqlite3", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    folder = tmp_path / "migration" / "backups"
    copies = sorted(folder.glob("*.db"))
    assert [path.name.partition("-")[0] for path in copies] == ["app", "past"]
    for path in copies:
        assert read(path) == [(1,), (2,)]
        assert path.name in done.stdout
    assert "They are in migration/backups, " in done.stdout
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", *(f"{path.name}.sha256" for path in copies)],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes.pop(".gitignore") == 0o644
    assert set(modes.values()) == {0o600}
    assert len(modes) == 4
    assert {name: seen(tmp_path)[name] for name in before} == before


def test_git_does_not_see_them(tmp_path: Path) -> None:
    make(tmp_path / "app.db")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    assert outgrow("app.db", cwd=tmp_path).returncode == 0
    done = subprocess.run(
        ["git", "status", "--porcelain", "-uall"], cwd=tmp_path, capture_output=True, check=True
    )
    assert done.stdout.decode() == "?? app.db\n"


def test_a_folder_with_files_of_others_gets_no_gitignore(tmp_path: Path) -> None:
    """It would hide them, too."""
    make(tmp_path / "app.db")
    assert outgrow("app.db", "--dir", ".", cwd=tmp_path).returncode == 0
    assert not (tmp_path / ".gitignore").exists()
    assert len(list(tmp_path.glob("app-*.db"))) == 1


def test_two_of_one_second_and_of_one_name(tmp_path: Path) -> None:
    make(tmp_path / "a" / "app.db")
    make(tmp_path / "b" / "app.db", "CREATE TABLE t (a)", "INSERT INTO t VALUES (7)")
    for _ in range(2):
        assert outgrow("a/app.db", "b/app.db", cwd=tmp_path).returncode == 0
    copies = sorted((tmp_path / "migration/backups").glob("*.db"))
    assert [path.name.partition("-")[0] for path in copies] == ["a_app", "a_app", "b_app", "b_app"]
    assert [len(read(path)) for path in copies] == [2, 2, 1, 1]


def test_json(tmp_path: Path) -> None:
    make(tmp_path / "app.db")
    done = outgrow("app.db", "--json", cwd=tmp_path)
    report = json.loads(done.stdout)
    (told,) = report["backups"]
    path = Path(told["file"])
    assert report["status"] == "done"
    assert (told["source"], told["bytes"]) == ("app.db", path.stat().st_size)
    assert path.with_name(f"{path.name}.sha256").read_text() == f"{told['sha256']}  {path.name}\n"


WRITER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = wal")
connection.execute("CREATE TABLE pairs (a, b)")
number = 0
while True:
    number += 1
    connection.execute("BEGIN")
    connection.execute("INSERT INTO pairs VALUES (?, zeroblob(3000))", (number,))
    connection.execute("INSERT INTO pairs VALUES (?, NULL)", (-number,))
    connection.execute("COMMIT")
    if number == 200:
        print("ready", flush=True)
"""


def test_a_writer_at_work(tmp_path: Path) -> None:
    """A whole transaction is in the copy or none of it, also what is only in the WAL."""
    path = tmp_path / "live.db"
    with subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE) as writer:
        try:
            assert writer.stdout is not None
            writer.stdout.readline()
            done = outgrow(path, cwd=tmp_path)
            assert writer.poll() is None, "the writer goes on"
        finally:
            writer.kill()
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "migration" / "backups"
    assert not list(folder.glob("*-wal"))
    (copy,) = folder.glob("*.db")
    ((count, total, mode),) = read(
        copy, "SELECT count(*), sum(a), (SELECT journal_mode FROM pragma_journal_mode) FROM pairs"
    )
    assert count >= 400
    assert (total, mode) == (0, "wal")


def test_what_can_not_be_read_leaves_nothing(tmp_path: Path) -> None:
    good = make(tmp_path / "good.db")
    (tmp_path / "text.db").write_text("no database " * 100)
    (tmp_path / "empty.db").touch()
    (tmp_path / "folder.db").mkdir()
    before = seen(tmp_path)
    for wrong in ("missing.db", "text.db", "empty.db", "folder.db", "./good.db"):
        line = refused(outgrow(good, wrong, cwd=tmp_path), 2 if "good" in wrong else 1)
        assert Path(wrong).name in line
        assert not (tmp_path / "migration").exists()
    assert seen(tmp_path) == before


HOLDER = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("ready", flush=True)
time.sleep(60)
"""


def test_a_file_with_several_names_is_told(tmp_path: Path) -> None:
    path = make(tmp_path / "app.db", "CREATE TABLE t (a)")
    tmp_path.joinpath("other.db").hardlink_to(path)
    done = outgrow(path, "--dir", "copies", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2 names" in done.stderr


def test_a_locked_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "app.db")
    monkeypatch.setattr("outgrow.sqlite.snapshot.BUSY_TIMEOUT_MS", 100)
    with subprocess.Popen([sys.executable, "-c", HOLDER, path], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(SourceError, match="locked"):
            backup_module.back_up([path], tmp_path / "backups")
        holder.kill()
    assert not (tmp_path / "backups").exists()


def damaged(path: Path) -> Path:
    """An index without one of its rows, and pages that are no pages."""
    make(
        path,
        "CREATE TABLE t (a, b)",
        "CREATE INDEX i ON t (a)",
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3000) "
        "INSERT INTO t SELECT x, hex(zeroblob(40)) FROM n",
    )
    data = bytearray(path.read_bytes())
    data[4096 * 20 : 4096 * 20 + 100] = b"\xff" * 100
    path.write_bytes(data)
    return path


def test_a_damaged_file_leaves_nothing(tmp_path: Path) -> None:
    good, bad = make(tmp_path / "good.db"), damaged(tmp_path / "bad.db")
    line = refused(outgrow(good, bad, cwd=tmp_path))
    assert "bad.db" in line
    assert ".recover" in line
    assert not (tmp_path / "migration").exists()


def test_rows_that_break_a_constraint_are_no_damage(tmp_path: Path) -> None:
    make(
        tmp_path / "app.db",
        "CREATE TABLE t (a CHECK (a <> 1), b)",
        "PRAGMA ignore_check_constraints = ON",
        "INSERT INTO t VALUES (1, NULL)",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = 'CREATE TABLE t (a CHECK (a <> 1), b NOT NULL)'",
    )
    assert outgrow("app.db", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (("CREATE TABLE t (a COLLATE ours)", "CREATE INDEX i ON t (a)"), "the collation ours"),
        (("CREATE TABLE t (a)", "CREATE INDEX i ON t (f(a))"), "unknown function: f()"),
        (("CREATE TABLE t (a, b AS (f(a)) NOT NULL)",), "was not looked through"),
    ],
)
def test_what_only_the_application_knows_is_told(
    tmp_path: Path, statements: tuple[str, ...], told: str
) -> None:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.create_collation("ours", lambda a, b: (a < b) - (a > b))
        connection.create_function("f", 1, lambda a: a, deterministic=True)
        for statement in (*statements, "INSERT INTO t (a) VALUES ('a'), ('b'), ('c')"):
            connection.execute(statement)
        connection.commit()
    done = outgrow("app.db", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert told in done.stderr
    assert "nothing wrong" not in done.stdout


def test_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "app.db")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(backup_module.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(SourceError, match=r"need 0\.0 MB"):
        backup_module.back_up([path], tmp_path / "backups")
    assert not (tmp_path / "backups").exists()


def test_a_copy_that_fails_its_check_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the disk had written something else."""
    path = make(tmp_path / "app.db", "CREATE TABLE t (a UNIQUE)", "INSERT INTO t VALUES (5), (6)")
    whole = copying.copy_to

    def spoilt(*arguments: Any) -> None:
        whole(*arguments)
        target = arguments[1]
        target.write_bytes(target.read_bytes()[:-50] + b"\xff" * 50)

    monkeypatch.setattr(backup_module, "copy_to", spoilt)
    with pytest.raises(SourceError, match="SQLite says"):
        backup_module.back_up([path], tmp_path / "a" / "backups")
    assert not (tmp_path / "a").exists()


def test_a_folder_that_can_not_be_written(tmp_path: Path) -> None:
    make(tmp_path / "app.db")
    line = refused(outgrow("app.db", "--dir", "app.db/backups", cwd=tmp_path), 2)
    assert "--dir" in line


def test_what_a_killed_backup_left_is_removed(tmp_path: Path) -> None:
    """But not what another one is working at."""
    make(tmp_path / "app.db")
    folder = tmp_path / "backups"
    folder.mkdir()
    old, busy = folder / ".old.partial", folder / ".busy.partial"
    holding = "import fcntl, sys, time; f = open(sys.argv[1]); fcntl.flock(f, 2); print(flush=True)"
    for path in (old, busy):
        path.touch()
        os.utime(path, (time.time() - 600,) * 2)
    with subprocess.Popen(
        [sys.executable, "-c", f"{holding}; time.sleep(60)", busy], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert outgrow("app.db", "--dir", folder, cwd=tmp_path).returncode == 0
        other.send_signal(signal.SIGKILL)
    assert not old.exists()
    assert busy.exists()


WRITES_AT_ONCE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
connection.execute("INSERT INTO t VALUES (3)")
"""


def test_nobody_waits_while_a_copy_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checking takes longer than copying."""
    path, check = make(tmp_path / "app.db"), backup_module.check

    def check_while_it_is_written_to(partial: Path, where: str) -> str:
        # Another process: locks are a process's own.
        subprocess.run([sys.executable, "-c", WRITES_AT_ONCE, path], check=True)
        return check(partial, where)

    monkeypatch.setattr(backup_module, "check", check_while_it_is_written_to)
    [backup] = backup_module.back_up([path], tmp_path / "backups")
    assert read(backup.path) == [(1,), (2,)]
