"""A password that is looked for everywhere after it was used, and TLS as it was asked for."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sqlite3
import stat
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote

import psycopg
from commands import OUTGROW, environment, outgrow
from proxy import Harm, proxied
from psycopg.conninfo import make_conninfo

from torture.part import Case, Outcome, Part, Place
from torture.running import programs_of_15
from torture.tls_server import ROLE, TLS_ROLE, Guarded, guarded, place_of

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


@dataclass
class _Scene:
    """A folder to work in, a database, and a way to give its password."""

    server: Guarded
    folder: Path
    database: str
    case: Case
    searched: int = 0
    wrong: list[str] = field(default_factory=list)
    written: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.file = self.folder / "app.db"
        _make_file(self.file)
        self.settings = {"HOME": str(self.folder), "TMPDIR": str(self.folder)}

    def write(self, name: str, text: str) -> str:
        """Write a file in which the password stands by right."""
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)
        self.written.add(path)
        return str(path)

    def given(self, way: str, **other: str) -> list[str]:
        """Give the arguments that name the target, and the password in one way."""
        place = {
            "host": self.server.address,
            "port": "5432",
            "user": ROLE,
            "dbname": self.database,
            **other,
        }
        secret = self.server.password
        self.settings = {
            name: value for name, value in self.settings.items() if not name.startswith("PG")
        }
        if way == "url":
            query = "&".join(
                f"{k}={quote(v, safe='')}" for k, v in other.items() if k not in _PLACE
            )
            at = f"{place['user']}:{quote(secret, safe='')}@{place['host']}:{place['port']}"
            return ["--to", f"postgresql://{at}/{place['dbname']}?{query}"]
        if way == "key=value":
            return ["--to", make_conninfo("", **place, password=secret)]
        if way == "PGPASSWORD":
            self.settings["PGPASSWORD"] = secret
        if way == "pass file":
            line = f"*:*:*:*:{secret.replace(':', chr(92) + ':')}\n"
            self.settings["PGPASSFILE"] = self.write("passwords", line)
        if way == "service":
            lines = "".join(f"{k}={v}\n" for k, v in {**place, "password": secret}.items())
            self.settings["PGSERVICEFILE"] = self.write("services", f"[mine]\n{lines}")
            return ["--to", "service=mine"]
        return ["--to", make_conninfo("", **place)]

    def run(self, *arguments: object, expected: int | None = 0, words: str = "") -> str:
        """Run a command in the folder and look for the password; gives what it said."""
        with _watching() as seen:
            done = outgrow(*arguments, cwd=self.folder, **self.settings)
        self.judge(done, seen, expected, words or str(arguments[0]))
        return done.stdout + done.stderr

    def judge(
        self,
        done: subprocess.CompletedProcess[str],
        seen: Mapping[str, str],
        expected: int | None,
        words: str,
    ) -> None:
        """Look for the password in what a command said and did."""
        said = done.stdout + done.stderr
        if expected is not None and done.returncode != expected:
            self.wrong.append(f"{words}: {done.returncode} and not {expected}: {said[-500:]}")
        if "Traceback" in said:
            self.wrong.append(f"{words}: a traceback: {said[-1500:]}")
        self.look("what it printed", said, words)
        for where, text in seen.items():
            self.look(where, text, words)
        for path in self.folder.rglob("*"):
            if path not in self.written and path.is_file():
                with suppress(OSError):
                    self.look(f"the file {path.name}", path.read_bytes().decode("latin1"), words)

    def look(self, where: str, text: str, words: str) -> None:
        """Note where the password is found."""
        self.searched += len(text)
        if self.server.core in text:
            at = text.index(self.server.core)
            shown = text[max(0, at - 150) : at].replace("\n", " ")
            self.wrong.append(f"{words}: the password is in {where}, after: {shown}")

    def look_in_the_server(self) -> None:
        """Search the server's log, and all that the run wrote into the database about itself."""
        self.look("the server's log", self.server.log, "all commands")
        with psycopg.connect(make_conninfo(self.server.url, dbname=self.database)) as connection:
            names = connection.execute(
                "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'v') "
                "AND relnamespace = to_regnamespace('outgrow')"
            ).fetchall()
            for (name,) in names:
                rows = connection.execute(f"SELECT t::text FROM {name} AS t".encode()).fetchall()
                self.look(f"the table {name}", "\n".join(row for (row,) in rows), "all commands")


_PLACE = ("host", "port", "user", "dbname")


def _make_file(path: Path) -> None:
    """Write a small file, with a text that goes to quarantine."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, born TEXT);"
            "CREATE TABLE letter (id INTEGER PRIMARY KEY, person INTEGER REFERENCES person (id));"
            "INSERT INTO person VALUES (1, 'a' || char(0), '2020-01-01'), (2, 'b', NULL);"
            "INSERT INTO letter VALUES (1, 1)"
        )


@contextmanager
def _watching() -> Iterator[dict[str, str]]:
    """Read the command lines of all processes while a command runs.

    What a person types is theirs to hide; the forked process shows nothing of it. So whatever is
    found is a helper's.
    """
    seen: dict[str, str] = {}
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.02):
            for each in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):
                    seen[f"the command line of {each.parent.name}"] = each.read_bytes().decode(
                        "latin1"
                    )

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


# What is done with the password


_WAYS = ("url", "key=value", "PGPASSWORD", "pass file", "service")


def _all_commands(way: str) -> Callable[[_Scene], None]:
    def play(scene: _Scene) -> None:
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


def _env_file(scene: _Scene) -> None:
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


def _failures(way: str) -> Callable[[_Scene], None]:
    def play(scene: _Scene) -> None:
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


def _fails(scene: _Scene, to: list[str], words: str, *, or_not: bool = False) -> None:
    command = scene.case.random.choice([["migrate"], ["migrate", "--json"], ["verify"]])
    said = scene.run(*command, scene.file, *to, expected=None, words=words)
    if not or_not and not re.search(r"^error: OG-(?!700)\d", said, re.MULTILINE):
        scene.wrong.append(f"{words}: no clear line: {said[-500:]}")


def _unreadable_targets(scene: _Scene) -> None:
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
        scene.run("migrate", scene.file, "--to", to, expected=None, words="a target of no shape")


def _crash(way: str) -> Callable[[_Scene], None]:
    def play(scene: _Scene) -> None:
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


def _helpers(scene: _Scene) -> None:
    """Enough rows for the processes that encode and verify."""
    with closing(sqlite3.connect(scene.file)) as connection, connection:
        for name in ("one", "two"):
            connection.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, body TEXT)")
            rows = ((os.urandom(1000).hex(),) for _ in range(4_500))
            connection.executemany(f"INSERT INTO {name} (body) VALUES (?)", rows)
    to = scene.given("url")
    with _watching() as seen:
        done = outgrow("migrate", scene.file, *to, cwd=scene.folder, **scene.settings)
    scene.judge(done, seen, 4, "migrate with helpers")
    lines = "\n".join(seen.values())
    for module in ("outgrow.load.fast.process", "outgrow.verify.second"):
        if module not in lines:
            scene.wrong.append(f"{module} was never seen")


def _demo(scene: _Scene) -> None:
    """The demo prints commands to paste."""
    to = scene.given(scene.case.random.choice(["url", "key=value"]))
    scene.run("demo", "--size", "1", "--dir", "demo", *to)


def _private_files(scene: _Scene) -> None:
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


def _embedded(scene: _Scene) -> None:
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


# TLS


@dataclass(frozen=True)
class _Tls:
    """What is asked for, and what libpq's page says comes of it: tls, plain, or no session.

    https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION
    """

    mode: str
    comes: str
    root: str = ""
    host: str = ""
    server: str = "tls"
    role: str = ROLE


_TLS = (
    _Tls("disable", "plain"),
    _Tls("prefer", "tls"),
    _Tls("require", "tls"),
    _Tls("verify-ca", "none"),
    _Tls("verify-ca", "tls", root="right"),
    _Tls("verify-ca", "none", root="wrong"),
    _Tls("verify-ca", "tls", root="right", host="localhost"),
    _Tls("verify-full", "tls", root="right"),
    _Tls("verify-full", "none", root="right", host="localhost"),
    _Tls("require", "none", root="wrong"),
    _Tls("disable", "none", role=TLS_ROLE),
    _Tls("prefer", "tls", role=TLS_ROLE),
    _Tls("prefer", "plain", server="plain"),
    _Tls("require", "none", server="plain"),
    _Tls("verify-full", "none", root="right", server="plain"),
)


def _tls(tls: _Tls) -> Callable[[_Scene], None]:
    def play(scene: _Scene) -> None:
        server = scene.server
        with ExitStack() as stack:
            place = {"host": server.address, "port": "5432"}
            if tls.server == "plain":
                inside = server.through_socket(scene.database)
                _, proxy = stack.enter_context(proxied(inside))
                place = {"host": "127.0.0.1", "port": str(proxy.port)}
            if tls.host:
                place = {"host": tls.host, "hostaddr": server.address, "port": "5432"}
            if tls.root:
                wrong = scene.folder / "wrong.crt"
                shutil.copyfile(server.data / "server.crt", wrong)
                place["sslrootcert"] = str(server.authority if tls.root == "right" else wrong)
            to = make_conninfo(
                "",
                **place,
                user=tls.role,
                dbname=scene.database,
                sslmode=tls.mode,
                gssencmode="disable",
                password=server.password,
            )
            before = len(server.log)
            said = scene.run("verify", scene.file, "--to", to, expected=1, words=str(tls))
        logged = [line for line in server.log[before:].splitlines() if "outgrow" in line]
        authorized = [line for line in logged if "connection authorized" in line]
        came = "none"
        if authorized:
            came = "tls" if "SSL enabled" in authorized[0] else "plain"
        if came != tls.comes:
            scene.wrong.append(f"{tls}: {came}: {said}")
        # Nothing was migrated, which is what is told by a session; anything else is about TLS.
        code = "OG-550" if tls.comes != "none" else "OG-409"
        if f"error: {code}" not in said:
            scene.wrong.append(f"{tls}: not {code}: {said}")

    return play


# The part


_SCENES: tuple[tuple[str, str, Callable[[_Scene], None]], ...] = (
    *(("command", f"password by {way}", _all_commands(way)) for way in _WAYS),
    ("command", "password in .env", _env_file),
    *(("failure", f"password by {way}", _failures(way)) for way in _WAYS),
    ("failure", "password in the wrong place", _unreadable_targets),
    *(("crash", f"password by {way}", _crash(way)) for way in ("url", "key=value", "PGPASSWORD")),
    ("command", "helper processes", _helpers),
    ("command", "the demo", _demo),
    ("file", "files", _private_files),
    ("file", "the embedded server", _embedded),
    *(("tls", "TLS", _tls(each)) for each in _TLS),  # at the end: see `PART`
)


@dataclass
class _Bench:
    place: Place
    stack: ExitStack
    servers: dict[str, Guarded] = field(default_factory=dict)

    def server(self, case: Case) -> Guarded:
        """Take turns; each is started when it is first needed."""
        names = sorted(self.place.servers)
        name = names[case.number // len(_SCENES) % len(names)]
        if name not in self.servers:
            folder = self.place.folder / name
            folder.mkdir(mode=0o755)
            bin_dir = programs_of_15() if name == "pg15" else None
            self.servers[name] = self.stack.enter_context(guarded(folder, bin_dir))
        return self.servers[name]


@contextmanager
def _setup(place: Place) -> Iterator[_Bench]:
    with ExitStack() as stack:
        yield _Bench(place, stack)


def _run(bench: _Bench, case: Case) -> Outcome:
    kind, words, play = _SCENES[case.number % len(_SCENES)]
    if not shutil.which("openssl"):
        return Outcome({"kind": "impossible"})
    folder = bench.place.folder / f"case{case.number}"
    folder.mkdir()
    began = monotonic()
    try:
        server = bench.server(case)
        if kind == "tls" and not server.speaks_tls:
            return Outcome({"kind": "impossible"})
        with server.database() as database:
            scene = _Scene(server, folder, database, case)
            play(scene)
            scene.look_in_the_server()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    figures: dict[str, Any] = {
        "kind": kind,
        "searched": scene.searched,
        "seconds": round(monotonic() - began, 2),
    }
    return Outcome(figures, tuple(f"{words}: {each}" for each in scene.wrong))


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    kinds = Counter(str(each.figures.get("kind")) for each in outcomes)
    searched = sum(int(each.figures.get("searched", 0)) for each in outcomes)
    rows = [
        (words, f"{kinds[kind]:,}")
        for kind, words in (
            ("command", "series of commands that succeed, by ways to give a password"),
            ("failure", "series of commands that fail: password, host, role, database, TLS, a cut"),
            ("crash", "crashes by fault injection, with the password in the fault's own words"),
            ("file", "checks of files, folders and sockets"),
            ("tls", "TLS modes, each as libpq's page says, by the server's own log"),
            ("impossible", "left out: there is no openssl here, or no server that speaks TLS"),
        )
        if kinds[kind]
    ]
    return [*rows, ("searched for the password", f"{searched / 1e6:,.0f} MB")]


PART = Part(
    name="secrets",
    title="Passwords and TLS",
    says=(
        "A password is given in a URL, a connection string, the environment, a pass file, a "
        "service file and .env, to commands that succeed, fail and crash. Then it is searched in "
        "all they printed and wrote, in the journal, in the log of a server that logs every "
        "statement, and in the command lines of all processes meanwhile (but for the one that a "
        "person types: use PGPASSWORD or a pass file on a machine of many). It has to be nowhere. "
        "Copies of data are readable for their owner only, and the embedded server listens on a "
        "private socket only."
    ),
    # Each on two versions; TLS is libpq's work, and one that speaks it is enough.
    cases=2 * len(_SCENES) - len(_TLS),
    slice=0,
    setup=_setup,
    run=_run,
    told=_told,
)
