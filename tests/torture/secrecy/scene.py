"""A password that is used, and then looked for everywhere."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from commands import outgrow
from psycopg.conninfo import make_conninfo

from torture.part import Case
from torture.secrecy.tls_server import ROLE, Guarded


@dataclass
class Scene:
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
        with watching() as seen:
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
def watching() -> Iterator[dict[str, str]]:
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
