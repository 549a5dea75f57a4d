"""What the cases of bad networks, busy servers and full disks share: servers, and a judge."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import psycopg

from outgrow.postgres.embedded import EmbeddedServer
from torture.part import Case, Outcome, Place
from torture.shared.targets import SCHEMA, Done, Server, differences, make_files, run, seen, unclear

#: Seconds that a run may take longer than what it is made to wait for.
_BOUND = 30


@dataclass
class Bench:
    """What the cases of a worker share."""

    place: Place
    servers: dict[str, Server]
    stack: ExitStack
    kinds: int
    _crowded: str = ""
    _large: dict[str, Server] = field(default_factory=dict)

    def turn(self, case: Case) -> int:
        """Count how often the list of kinds has been gone through."""
        return case.number // self.kinds

    def server(self, case: Case) -> Server:
        """Take turns, whatever the order of kinds is."""
        names = sorted(self.servers)
        return self.servers[names[self.turn(case) % len(names)]]

    def large(self, server: Server) -> Server:
        """Give the same server with a file of a few megabytes."""
        if server.conninfo not in self._large:
            folder = self.place.folder / f"large{len(self._large)}"
            files = make_files(folder, rows=3_500, length=1_000)
            large = self._large[server.conninfo] = Server(server.conninfo, files)
            self.stack.callback(large.close)
        return self._large[server.conninfo]

    def crowded(self) -> str:
        """Give a server with five connections."""
        if not self._crowded:
            settings = {
                "max_connections": "5",
                "superuser_reserved_connections": "0",
                "fsync": "off",
            }
            server = EmbeddedServer(self.place.folder / "crowded", settings=settings)
            self._crowded = self.stack.enter_context(server).url
        return self._crowded


def after(
    server: Server,
    database: str,
    before: dict[str, Any],
    first: Done,
    *,
    command: str = "migrate",
    again_at: str = "",
    status: int = 1,
) -> tuple[str, list[str]]:
    """Judge a run that has ended; gives what became of the target, and what is wrong."""
    now = seen(database)
    again_at = again_at or database
    wrong = [] if first.status == 0 else unclear(first, status)
    if command == "verify":
        wrong += [] if now == before else ["verify changed the target"]
        again = run("verify", server.files.new, "--to", database, "--schema", SCHEMA)
        wrong += [] if again.status == 0 else [f"then verify gave {again.status}: {again.stderr}"]
        return "as before", wrong
    if now["public"] != before["public"]:
        wrong.append("a neighbour's objects have changed")
    became = "as before" if now[SCHEMA] == before[SCHEMA] else "complete"
    if became == "complete":
        wrong += [
            f"neither as before nor complete: {each}" for each in differences(server, database)
        ]
    if first.status == 0 and became != "complete":
        wrong.append("it said that it had succeeded")
    if became == "as before":
        again = migrate(server, again_at, replaces=bool(before[SCHEMA]))
        wrong += (
            [] if again.status == 0 else [f"the second run gave {again.status}: {again.stderr}"]
        )
        wrong += [f"after the second run: {each}" for each in differences(server, database)]
    elif first.status:
        again = migrate(server, again_at, replaces=bool(before[SCHEMA]))
        if again.status or "OG-546" not in again.stdout:
            wrong.append(f"then, with all published, it gave {again.status}: {again.stderr}")
        wrong += [] if seen(database) == now else ["what was published was not left as it was"]
    with psycopg.connect(database) as connection:
        left = connection.execute(
            "SELECT string_agg(nspname, ', ') FROM pg_namespace WHERE nspname ~ '^outgrow_'"
        ).fetchone()
    wrong += [f"left behind: {left[0]}"] if left and left[0] else []
    return became, wrong


def migrate(server: Server, target: str, *, replaces: bool) -> Done:
    more = ["--replace"] if replaces else []
    return run("migrate", server.files.new, "--to", target, "--schema", SCHEMA, *more)


def outcome_of(
    first: Done, became: str, wrong: list[str], seconds: float, words: object, **more: Any
) -> Outcome:
    code = first.code if first.status and not wrong else ""
    figures = {"code": code, "became": became, "seconds": round(seconds, 2), **more}
    return Outcome(figures, tuple(f"{words}: {each}" for each in wrong))


def in_time(seconds: float, waits: float) -> list[str]:
    return [] if seconds < waits + _BOUND else [f"it took {seconds:.0f} s, with {waits} s to wait"]
