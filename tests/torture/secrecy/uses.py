"""What is done with a password: commands that succeed, fail and crash, and files they write."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from commands import OUTGROW, environment, outgrow
from proxy import Harm, proxied

from torture.secrecy.scene import Scene, watching
from torture.secrecy.tls_server import ROLE, place_of

#: Put before any module of the program is loaded: the n-th statement fails in an unheard-of way.
_CRASHING = """
import os, psycopg
_connect, _execute, _count = psycopg.Connection.connect.__func__, psycopg.Connection.execute, [0]
_given = [""]
def connect(cls, conninfo="", **more):
    _given[0] = conninfo
    return _connect(cls, conninfo, **more)
def execute(self, *arguments, **more):
    _count[0] += 1
    if _count[0] == int(os.environ["CRASH_AT"]):
        raise RuntimeError("lost my mind over " + _given[0])
    return _execute(self, *arguments, **more)
psycopg.Connection.connect = classmethod(connect)
psycopg.Connection.execute = execute
"""


WAYS = ("url", "key=value", "PGPASSWORD", "pass file", "service")


def all_commands(way: str) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        to = scene.given(way)
        scene.run("migrate", scene.file, *to, expected=4)
        scene.run("migrate", scene.file, *to, "--schema", "other", "--json", expected=4)
        scene.run("verify", scene.file, *to, expected=4)
        scene.run("doctor", *to)
        scene.run("quarantine", "list", *to)
        scene.run("quarantine", "export", *to, "export.jsonl")
        mode = stat.S_IMODE((scene.folder / "export.jsonl").stat().st_mode)
        if mode != 0o600:
            scene.wrong.append(f"the export of quarantine has mode {mode:o}")
        scene.run("migrate", scene.file, *to, "--replace", "--dry-run", expected=None)

    return play


def env_file(scene: Scene) -> None:
    """The commands that read .env: the password in DATABASE_URL, then by itself."""
    to = scene.given("PGPASSWORD")
    scene.run("migrate", scene.file, *to, expected=4)
    scene.given("none")
    url = f"postgresql://{ROLE}:{quote(scene.server.password, safe='')}@{scene.server.address}"
    scene.write(".env", f"DB_TYPE=postgresql\nDATABASE_URL={url}/{scene.database}\n")
    scene.run("check")
    scene.run("doctor")
    scene.run("inspect", scene.file)
    scene.write(
        ".env",
        f"DB_TYPE=postgresql\nPOSTGRES_HOST={scene.server.address}\nPOSTGRES_USER={ROLE}\n"
        f"POSTGRES_DB={scene.database}\nPOSTGRES_PASSWORD='{scene.server.password}'\n",
    )
    scene.run("check", "--json")
    scene.run("doctor", "--json")


def failures(way: str) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as taken:
            free = taken.getsockname()[1]
        for words, other in (
            ("an unknown host", {"host": "no-such-host.invalid"}),
            ("nobody there", {"host": "127.0.0.1", "port": str(free)}),
            ("no such database", {"dbname": "nowhere"}),
            ("no such role", {"user": "nobody"}),
            ("no such option", {"sslmode": "sometimes"}),
        ):
            _fails(scene, scene.given(way, **other), words)
        inside = scene.server.through_socket(scene.database)
        harm = Harm("reset", after_bytes=scene.case.random.randint(100, 60_000))
        with proxied(inside) as (_, plain), proxied(inside, harm) as (_, cut):
            here = {"host": "127.0.0.1", "port": str(plain.port), "sslmode": "require"}
            _fails(scene, scene.given(way, **here), "TLS refused")
            here = {"host": "127.0.0.1", "port": str(cut.port)}
            _fails(scene, scene.given(way, **here), "a cut", or_not=True)
        # The right one is another: this one is wrong.
        with psycopg.connect(scene.server.url, autocommit=True) as connection:
            name = f"other_{scene.database}"[:60]
            hidden = connection.pgconn.encrypt_password(b"x", name.encode(), b"scram-sha-256")
            connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{hidden.decode()}'".encode())
            try:
                _fails(scene, scene.given(way, user=name), "a wrong password")
            finally:
                connection.execute(f"DROP ROLE {name}".encode())

    return play


def _fails(scene: Scene, to: list[str], words: str, *, or_not: bool = False) -> None:
    command = scene.case.random.choice([["migrate"], ["migrate", "--json"], ["verify"]])
    said = scene.run(*command, scene.file, *to, expected=None, words=words)
    if not or_not and not re.search(r"^error: OG-(?!700)\d", said, re.MULTILINE):
        scene.wrong.append(f"{words}: no clear line: {said[-500:]}")


def unreadable_targets(scene: Scene) -> None:
    """Targets that libpq can't read, with the password where people put it by mistake."""
    core = scene.server.core
    for to in (
        f"postgresql://mover:p@{core}@host/db",
        f"postgresql://mover:50%{core}@host/db",
        f"postgresql://mover:{core}/x@host/db",
        f"postgresql://mover:{core}#x@host:port/db",
        f"host=h password={core} with spaces",
        f"host=h pasword={core}",
        f"mysql://mover:{core}@host/db",
        f"mover:{core}@host/db",
        f"postgresql://host/db?pasword={core}",
    ):
        said = scene.run("migrate", scene.file, "--to", to, expected=None, words="no target")
        if not re.search(r"^error: OG-(?!700)\d", said, re.MULTILINE):
            scene.wrong.append(f"no target: no clear line: {said[-500:]}")


def crash(way: str) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        to = scene.given(way)
        (scene.folder / "crash").mkdir()
        (scene.folder / "crash" / "sitecustomize.py").write_text(_CRASHING)
        at = str(scene.case.random.randint(1, 60))
        settings = {"PYTHONPATH": str(scene.folder / "crash"), "CRASH_AT": at}
        done = subprocess.run(
            [*OUTGROW, "migrate", str(scene.file), *to],
            cwd=scene.folder,
            env=environment() | scene.settings | settings,
            capture_output=True,
            text=True,
            check=False,
        )
        scene.judge(done, {}, None, f"a crash at statement {at}")
        if done.returncode not in (1, 4):
            scene.wrong.append(f"a crash at statement {at}: {done.returncode}")

    return play


def helpers(scene: Scene) -> None:
    """Enough rows for the processes that encode and verify."""
    with closing(sqlite3.connect(scene.file)) as connection, connection:
        for name in ("one", "two"):
            connection.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, body TEXT)")
            rows = ((os.urandom(1000).hex(),) for _ in range(4_500))
            connection.executemany(f"INSERT INTO {name} (body) VALUES (?)", rows)
    to = scene.given("url")
    with watching() as seen:
        done = outgrow("migrate", scene.file, *to, cwd=scene.folder, **scene.settings)
    scene.judge(done, seen, 4, "migrate with helpers")
    lines = "\n".join(seen.values())
    for module in ("outgrow.load.fast.process", "outgrow.verify.second"):
        if module not in lines:
            scene.wrong.append(f"{module} was never seen")


def demo(scene: Scene) -> None:
    """The demo prints commands to paste."""
    to = scene.given(scene.case.random.choice(["url", "key=value"]))
    scene.run("demo", "--size", "1", "--dir", "demo", *to)


def private_files(scene: Scene) -> None:
    """What is written beside: copies, settings, a copy of a WAL file while it is read."""
    scene.given("none")
    (scene.folder / "app").mkdir()
    (scene.folder / "pyproject.toml").write_text('[project]\nname = "app"\nversion = "1"\n')
    with closing(sqlite3.connect(scene.file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    before = set(scene.folder.rglob("*"))
    modes: dict[str, int] = {}
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.002):
            with suppress(OSError):  # what has gone meanwhile
                for path in scene.folder.glob("*/**/*"):
                    if path.is_file() and path.read_bytes()[:6] == b"SQLite":
                        modes[str(path)] = _open_to(path, scene.folder)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    scene.run("backup", scene.file)
    shutil.copyfile(scene.file, scene.folder / "second.db")
    scene.run("plan", scene.file)
    scene.run("plan", scene.file, "second.db", expected=None)
    scene.run("init", expected=None)
    over.set()
    thread.join()
    for path in sorted(set(scene.folder.rglob("*")) - before):
        if path.name == ".env":
            modes[str(path)] = _open_to(path, scene.folder)
    if not modes:
        scene.wrong.append("no copy and no .env was seen")
    for name, mode in modes.items():
        if mode & 0o077:
            scene.wrong.append(f"{Path(name).name} has mode {mode:o}")


def _open_to(path: Path, root: Path) -> int:
    """Give the permissions that everybody has who may pass the folders."""
    mode = stat.S_IMODE(path.stat().st_mode)
    for folder in path.parents:
        if folder == root:
            return mode
        mode &= folder.stat().st_mode
    return mode


def embedded(scene: Scene) -> None:
    """The embedded server listens on a socket that nobody else may come to."""
    scene.settings.pop("TMPDIR")
    process = subprocess.Popen(
        [*OUTGROW, "server"],
        cwd=scene.folder,
        env=environment() | scene.settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        place = place_of(url)
        folder = Path(place["host"])
        for path, allowed in ((folder, 0o700), (folder / ".s.PGSQL.5432", 0o700)):
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & ~allowed:
                scene.wrong.append(f"{path.name} has mode {mode:o}")
        with psycopg.connect(url) as connection:
            (data,) = connection.execute("SHOW data_directory").fetchone() or ("",)
        mode = stat.S_IMODE(Path(data).stat().st_mode)
        if mode != 0o700:
            scene.wrong.append(f"the data folder has mode {mode:o}")
        pid = int((Path(data) / "postmaster.pid").read_text().split("\n")[0])
        scene.wrong += [f"it listens on {each}" for each in _listening(pid)]
    finally:
        process.terminate()
        process.wait(60)


def _listening(pid: int) -> list[str]:
    """Name the TCP ports on which a process listens."""
    own = set()
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            own.add(str(each.readlink()))
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in own:
                found.append(fields[1])
    return found
