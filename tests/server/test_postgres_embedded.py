"""The embedded server in the hands of several processes, after accidents, in odd places."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest
from waiting import wait_until

from outgrow.errors import TargetError
from outgrow.postgres.embedded import EmbeddedServer

ServerMaker = Callable[..., EmbeddedServer]

#: Holds a server until it is told to end, or is killed.
HOLD = """
import sys
from pathlib import Path
from outgrow.postgres.embedded import EmbeddedServer
with EmbeddedServer(Path(sys.argv[1]), settings={"fsync": "off"}) as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""

SERVE = """
import sys
from pathlib import Path
from outgrow.postgres.embedded import serve
serve(Path(sys.argv[1]), announce=lambda url: print(url, flush=True),
      note=lambda line: print(line, file=sys.stderr, flush=True))
"""

PSQL = """
import sys
from pathlib import Path
from outgrow.postgres.embedded import psql
sys.exit(psql(Path(sys.argv[1]), sys.argv[2:]))
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, own_server: ServerMaker) -> Path:
    """Give a folder with a stopped cluster of 18, which holds the table ``kept``."""
    folder = tmp_path_factory.mktemp("embedded") / "pg"
    with own_server(folder, "pg18") as server:
        execute(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    return folder


@pytest.fixture
def folder(cluster: Path) -> Iterator[Path]:
    """Give that folder, and stop whatever a failed test left running."""
    yield cluster
    if (server := EmbeddedServer(cluster)).running:
        with server:
            pass


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def answer(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT answer FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def python(script: str, *arguments: object, **more: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,  # type: ignore[call-overload]
    )


def finish(process: subprocess.Popen[str]) -> tuple[str, str]:
    said = process.communicate(timeout=240)
    assert process.returncode == 0, said
    return said


def postmaster_pid(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


@pytest.mark.parametrize("version", ["pg15", "pg18"])
def test_a_new_cluster(own_server: ServerMaker, tmp_path: Path, version: str) -> None:
    server = own_server(tmp_path / "pg", version)
    assert not server.exists
    with server:
        assert server.running
        with psycopg.connect(server.url) as connection:
            facts = connection.execute(
                "SELECT current_setting('server_version_num')::int / 10000, current_database(),"
                " current_setting('server_encoding'), current_setting('listen_addresses')"
            ).fetchone()
    assert facts == (int(version[2:]), "outgrow", "UTF8", "")
    assert server.version == int(version[2:])
    assert server.exists
    assert not server.running


def test_data_are_durable_and_private(folder: Path) -> None:
    with EmbeddedServer(folder) as server:
        with psycopg.connect(server.url) as connection:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                assert connection.execute(f"SHOW {setting}").fetchone() == ("on",)
            (directory,) = connection.execute("SHOW unix_socket_directories").fetchone()
        for private in (folder / "data", Path(directory.strip('"'))):
            assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert (folder / ".gitignore").read_text() == "*\n"


def test_what_was_written_is_there_the_next_time(folder: Path) -> None:
    server = EmbeddedServer(folder)
    for _ in range(2):
        with server:
            assert answer(server.url) == 42


def test_several_processes_start_a_new_one_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "pg"
    users = [python(HOLD, folder) for _ in range(4)]
    urls = {user.stdout.readline().strip() for user in users}
    assert len(urls) == 1
    execute(urls.pop(), "SELECT 1")
    for user in users[:-1]:
        finish(user)
    assert EmbeddedServer(folder).running
    finish(users[-1])
    assert not EmbeddedServer(folder).running


def test_a_killed_user_does_not_keep_it_running(folder: Path) -> None:
    user = python(HOLD, folder)
    user.stdout.readline()
    user.kill()
    user.communicate()
    server = EmbeddedServer(folder)
    assert server.running
    with server:
        assert answer(server.url) == 42
    assert not server.running


def test_a_killed_server_comes_back(folder: Path) -> None:
    server = EmbeddedServer(folder)
    with server:
        execute(server.url, "CREATE TABLE written_before_the_kill ()")
        os.kill(postmaster_pid(folder), signal.SIGKILL)
        wait_until(lambda: not server.running)
    with server:
        execute(server.url, "DROP TABLE written_before_the_kill")


@pytest.fixture
def zombie(tmp_path: Path) -> Iterator[int]:
    """Give the number of a dead process named postgres that nobody has waited for."""
    program = tmp_path / "postgres"
    shutil.copy("/bin/sleep", program)
    with subprocess.Popen([program, "600"]) as process:
        process.kill()
        yield process.pid


@pytest.mark.parametrize("whose", ["somebody else", "nobody", "a dead PostgreSQL"])
def test_a_stale_pid_file(folder: Path, zombie: int, whose: str) -> None:
    """After a restart of a container the number belongs to any other process."""
    pid = {"somebody else": os.getpid(), "nobody": 2**22 - 1, "a dead PostgreSQL": zombie}[whose]
    with EmbeddedServer(folder) as server:
        socket_folder = Path(unquote(server.url.partition("host=")[2]))
        locks = [folder / "data" / "postmaster.pid", socket_folder / ".s.PGSQL.5432.lock"]
        told = [lock.read_text().split("\n") for lock in locks]
    socket_folder.mkdir(exist_ok=True)
    for lock, lines in zip(locks, told, strict=True):
        lock.write_text("\n".join([str(pid), *lines[1:]]))
    assert not server.running
    with server:
        assert answer(server.url) == 42


def test_an_empty_pid_file(folder: Path) -> None:
    """What a power failure may leave."""
    (folder / "data" / "postmaster.pid").touch()
    with EmbeddedServer(folder) as server:
        assert answer(server.url) == 42


def test_the_environment_does_not_lead_elsewhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "1", "PGHOST": "h", "PGUSER": "u", "PGDATABASE": "d"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PGDATA", "/nowhere")
    with EmbeddedServer(folder) as server:
        assert answer(server.url) == 42


def test_half_a_cluster_is_made_again(tmp_path: Path, own_server: ServerMaker) -> None:
    half = tmp_path / "pg" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server = own_server(tmp_path / "pg", "pg18")
    assert not server.exists
    with server:
        assert server.running
    assert not half.exists()


@pytest.mark.parametrize(
    "name",
    ["with space", 'it\'s "quoted"', "$HOME `id` \\n", "a,b", "née %41 ?x=1&y#z", "l" * 120],
)
def test_odd_places(folder: Path, tmp_path: Path, name: str) -> None:
    moved = tmp_path / name
    folder.rename(moved)
    try:
        with EmbeddedServer(moved) as server:
            assert answer(server.url) == 42
            socket = server.url
    finally:
        moved.rename(folder)
    with pytest.raises(psycopg.OperationalError):
        answer(socket)


def test_a_link_in_the_place_of_the_private_socket_folder_is_refused(
    folder: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "a,b"
    folder.rename(moved)
    server = EmbeddedServer(moved)
    with server:
        used = Path(server.url.partition("host=")[2])
    assert not used.exists()
    used.symlink_to(tmp_path)
    try:
        with pytest.raises(TargetError) as caught:
            server.start()
    finally:
        used.unlink()
        moved.rename(folder)
    assert caught.value.code.name == "OG-427"


def test_the_data_need_the_version_that_made_them(folder: Path) -> None:
    version = folder / "data" / "PG_VERSION"
    version.write_text("14\n")
    try:
        with pytest.raises(TargetError) as caught:
            EmbeddedServer(folder).start()
    finally:
        version.write_text("18\n")
    assert caught.value.code.name == "OG-426"
    assert "14" in caught.value.what


def test_why_it_does_not_start_is_told_in_one_line(folder: Path) -> None:
    with pytest.raises(TargetError) as caught:
        EmbeddedServer(folder, settings={"max_connections": "many"}).start()
    assert caught.value.code.name == "OG-424"
    assert "max_connections" in str(caught.value) or "configuration" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "pg").touch()
    with pytest.raises(TargetError) as caught:
        EmbeddedServer(tmp_path / "pg").start()
    assert caught.value.code.name == "OG-423"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serve_until_a_signal(folder: Path, ending: signal.Signals) -> None:
    process = python(SERVE, folder, start_new_session=True)
    assert answer(process.stdout.readline().strip()) == 42
    process.send_signal(ending)
    assert finish(process) == ("", "")
    assert not EmbeddedServer(folder).running


def test_serve_says_that_it_ran_already_and_both_keep_it(folder: Path) -> None:
    with EmbeddedServer(folder) as server:
        process = python(SERVE, folder, start_new_session=True)
        assert process.stdout.readline().strip() == server.url
    assert server.running
    process.terminate()
    _, noted = finish(process)
    assert "running already" in noted
    assert not server.running


def test_serve_tells_when_the_server_dies(folder: Path) -> None:
    process = python(SERVE, folder)
    process.stdout.readline()
    os.kill(postmaster_pid(folder), signal.SIGKILL)
    _, said = process.communicate(timeout=240)
    assert process.returncode != 0
    assert "OG-413" in said


def test_psql_starts_and_stops_the_server(folder: Path) -> None:
    said, _ = finish(python(PSQL, folder, "-XAtc", "SELECT answer FROM kept"))
    assert said == "42\n"
    assert not EmbeddedServer(folder).running


def test_psql_gives_its_own_status(folder: Path) -> None:
    process = python(PSQL, folder, "-X", "-v", "ON_ERROR_STOP=1", "-f", "-")
    process.communicate("SELECT no_such_column;", timeout=240)
    assert process.returncode == 3


def test_psql_makes_no_cluster(tmp_path: Path) -> None:
    process = python(PSQL, tmp_path / "nothing", "-c", "SELECT 1")
    _, said = process.communicate(timeout=240)
    assert process.returncode != 0
    assert "OG-424" in said
    assert not (tmp_path / "nothing").exists()


def test_a_cluster_runs_as_its_owner(folder: Path) -> None:
    """Root lends an account, and runs somebody else's cluster as that somebody."""
    data = folder / "data"
    owner = data.stat().st_uid
    assert owner != 0
    if os.geteuid() != 0:
        assert owner == os.geteuid()
        return
    subprocess.run(["chown", "-R", "nobody", str(data)], check=True)
    try:
        with EmbeddedServer(folder) as server:
            assert answer(server.url) == 42
            running_as = Path(f"/proc/{postmaster_pid(folder)}").stat().st_uid
        assert running_as == data.stat().st_uid != owner
    finally:
        subprocess.run(["chown", "-R", str(owner), str(data)], check=True)
