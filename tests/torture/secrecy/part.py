"""A password that is looked for everywhere after it was used, and TLS as it was asked for."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from programs import programs_of_15

from torture.part import Case, Outcome, Part, Place
from torture.secrecy import uses
from torture.secrecy.scene import Scene
from torture.secrecy.tls_modes import TLS_MODES, tls_mode
from torture.secrecy.tls_server import Guarded, guarded

_SCENES: tuple[tuple[str, str, Callable[[Scene], None]], ...] = (
    *(("command", f"password by {way}", uses.all_commands(way)) for way in uses.WAYS),
    ("command", "password in .env", uses.env_file),
    *(("failure", f"password by {way}", uses.failures(way)) for way in uses.WAYS),
    ("failure", "password in the wrong place", uses.unreadable_targets),
    *(
        ("crash", f"password by {way}", uses.crash(way))
        for way in ("url", "key=value", "PGPASSWORD")
    ),
    ("command", "helper processes", uses.helpers),
    ("command", "the demo", uses.demo),
    ("file", "files", uses.private_files),
    ("file", "the embedded server", uses.embedded),
    *(("tls", "TLS", tls_mode(each)) for each in TLS_MODES),  # at the end: see `PART`
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
            scene = Scene(server, folder, database, case)
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
    cases=2 * len(_SCENES) - len(TLS_MODES),
    slice=0,
    setup=_setup,
    run=_run,
    told=_told,
)
