"""What the cases of the part ``kills`` share: servers that may be stopped, files, templates."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from commands import outgrow
from programs import programs_of_15

from independent.compare import compare
from outgrow.demo.reference import build_reference
from torture.kills import hundred
from torture.kills.holding import INSTALL, wait_for_sessions
from torture.kills.own_server import OwnServer
from torture.kills.victim import temporary
from torture.part import Place


@dataclass(frozen=True)
class Source:
    """What is moved.

    Args:
        path: the file.
        older: a file with the same tables and other rows, whose migration is to be replaced.
        status: how its migration ends.
        differences: what is not in a database as it should be, given the migration's report.

    """

    path: Path
    older: Path
    status: int
    differences: Callable[[str, Mapping[str, Any]], list[str]]


@dataclass
class Workshop:
    """What the cases of a worker share; all of it is made when it is needed first."""

    folder: Path
    versions: Mapping[int, Path | None]
    stack: ExitStack
    servers: dict[int, OwnServer] = field(default_factory=dict)
    templates: dict[tuple[int, str], str] = field(default_factory=dict)
    seconds: float = 0.0

    def server(self, number: int) -> OwnServer:
        """Give the server of a case: the versions take turns."""
        version = sorted(self.versions)[number % len(self.versions)]
        if version not in self.servers:
            own = OwnServer(self.folder / f"server{version}", self.versions[version])
            self.servers[version] = own
            self.stack.callback(own.stop)
        return self.servers[version]

    @cached_property
    def small(self) -> Source:
        """The history of the reference, of a megabyte, with four values in quarantine."""
        new = build_reference(self.folder / "new", megabytes=1, seed=1)[1]
        older = build_reference(self.folder / "older", megabytes=0.5, seed=2)[1]
        return Source(new, older, 4, compared(new))

    @cached_property
    def walled(self) -> Source:
        """The same, closed in WAL mode: it is read from a private copy, which a kill leaves."""
        folder = self.folder / "walled"
        folder.mkdir()
        path = Path(shutil.copy(self.small.path, folder))
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        return replace(self.small, path=path, differences=compared(path))

    @cached_property
    def large(self) -> Source:
        """100 MB: three tables, one with BLOBs."""
        path = hundred.make(self.folder / "new.db", 100)
        older = hundred.make(self.folder / "older.db", 1)
        expected = hundred.Expected(path)
        return Source(path, older, 0, lambda database, _: expected.differences(database))

    def template(self, server: OwnServer, source: Source, *, replace: bool, held: bool) -> str:
        """Give a database to copy: with an older version or without, with the triggers or without.

        It is made by the very tool, and nobody is connected to it.
        """
        name = f"{source.path.stem}_{'older' if replace else 'empty'}{'_held' if held else ''}"
        if (id(server), name) not in self.templates:
            database = server.make(name)
            if replace:
                migrated(source.older, database, source.status, self.folder)
            with psycopg.connect(database, autocommit=True) as connection:
                if held:
                    connection.execute(INSTALL)
                if held and replace:
                    connection.execute("SELECT torture.watch()")
            wait_for_sessions(database)
            self.templates[id(server), name] = name
        return name

    @contextmanager
    def database(
        self, server: OwnServer, source: Source, *, replace: bool, held: bool
    ) -> Iterator[str]:
        with server.database(self.template(server, source, replace=replace, held=held)) as database:
            yield database


@contextmanager
def workshop(place: Place) -> Iterator[Workshop]:
    majors = {_major(conninfo) for conninfo in place.servers.values()}
    versions = {major: programs_of_15() if major == 15 else None for major in majors}
    with ExitStack() as stack:
        yield Workshop(place.folder, versions, stack)


def _major(conninfo: str) -> int:
    with psycopg.connect(conninfo) as connection:
        return connection.info.server_version // 10_000


def compared(path: Path) -> Callable[[str, Mapping[str, Any]], list[str]]:
    return lambda database, report: compare(path, database, report=dict(report))


def migrated(
    source: Path, database: str, status: int, folder: Path, *options: str
) -> dict[str, Any]:
    """Run a migration to its end, with its temporary files in ``folder``; gives its report."""
    arguments = ("migrate", source, "--to", database, "--json", *options)
    done = outgrow(*arguments, TMPDIR=str(temporary(folder)))
    assert done.returncode == status, f"status {done.returncode}: {done.stderr[-2000:]}"
    return dict(json.loads(done.stdout))
