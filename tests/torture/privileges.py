"""Roles that may do little: enough for the work, or told in one line what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from torture.part import Case, Outcome, Part, Place
from torture.shared.targets import (
    SCHEMA,
    Done,
    Server,
    differences,
    name_of,
    run,
    seen,
    servers_with,
    unclear,
)

#: Grants that a person has to give one after the other, at most.
_MOST_GRANTS = 6

_NAMES = ("mover", "Mover", "it's me", 'the "other" one', "ünï", "user", "a b;c", "x" * 50)


@dataclass
class _Scene:
    """A database, and a role that owns nothing."""

    server: Server
    database: str
    role: str

    def __post_init__(self) -> None:
        self.granted = 0

    @property
    def target(self) -> str:
        """The database as the role sees it."""
        return make_conninfo(self.database, user=self.role)

    def owner(self, statements: str) -> None:
        """Do something as the owner of the database; {role} and {database} are put in."""
        names = {"role": self.role, "database": name_of(self.database)}
        with psycopg.connect(self.database, autocommit=True) as connection:
            quoted = {name: sql.Identifier(value) for name, value in names.items()}
            connection.execute(sql.SQL(statements).format(**quoted))  # type: ignore[arg-type]

    def migrate(self, *more: str, schema: str = SCHEMA) -> Done:
        """Move the file as the role."""
        file = self.server.files.new
        return run("migrate", file, "--to", self.target, "--schema", schema, *more)

    def verify(self) -> Done:
        """Compare as the role."""
        return run("verify", self.server.files.new, "--to", self.target, "--schema", SCHEMA)

    def until_it_works(self, what: Callable[[], Done]) -> list[str]:
        """Give the rights that each failure asks for, by the very statement that it tells."""
        wrong: list[str] = []
        for _ in range(_MOST_GRANTS):
            done = what()
            if done.status == 0:
                return wrong
            wrong += unclear(done)
            if wrong or done.code != "OG-416":
                return [*wrong, f"it failed: {done.stderr.strip()[-800:]}"]
            _, _, statements = done.report["findings"][0]["fix"].rpartition(" run: ")
            with psycopg.connect(self.database, autocommit=True) as connection:
                connection.execute(statements)
            self.granted += 1
        return [*wrong, f"after {self.granted} grants it still fails: {what().stderr.strip()}"]


def _may_make_schemas(scene: _Scene) -> list[str]:
    """CREATE on the database, and nothing else: no TEMP, nothing in public."""
    scene.owner("REVOKE ALL ON DATABASE {database} FROM PUBLIC")
    scene.owner("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    scene.owner("GRANT CONNECT, CREATE ON DATABASE {database} TO {role}")
    wrong = []
    for done in (scene.migrate(), scene.verify(), scene.migrate("--replace"), _doctor(scene)):
        wrong += [f"it gave {done.status}: {done.stderr.strip()}"] if done.status else []
    # The checks of the adapter write into temporary tables, and say so.
    scene.owner("GRANT TEMPORARY ON DATABASE {database} TO {role}")
    return [*wrong, *_works_at_run_time(scene), *differences(scene.server, scene.database)]


def _nothing_at_all(scene: _Scene) -> list[str]:
    """Only CONNECT: each right that is missing is told."""
    scene.owner("REVOKE ALL ON DATABASE {database} FROM PUBLIC")
    scene.owner("GRANT CONNECT ON DATABASE {database} TO {role}")
    wrong = scene.until_it_works(scene.migrate)
    wrong += [] if scene.granted else ["nothing was missing"]
    return [*wrong, *differences(scene.server, scene.database)]


def _one_schema(scene: _Scene) -> list[str]:
    """A schema that somebody has made, and no right to make another one for the journal."""
    scene.owner("CREATE SCHEMA app; GRANT USAGE, CREATE ON SCHEMA app TO {role}")
    wrong = scene.until_it_works(scene.migrate)
    wrong += [] if scene.granted == 1 else [f"{scene.granted} rights were missing, not one"]
    return [*wrong, *differences(scene.server, scene.database)]


def _one_schema_to_look_at(scene: _Scene) -> list[str]:
    """A schema that somebody has made, in which the role may not make anything."""
    scene.owner("CREATE SCHEMA app; GRANT CREATE ON DATABASE {database} TO {role}")
    wrong = scene.until_it_works(scene.migrate)
    wrong += [] if scene.granted == 1 else [f"{scene.granted} rights were missing, not one"]
    return [*wrong, *differences(scene.server, scene.database)]


def _reader(scene: _Scene) -> list[str]:
    """A role that may only read, and whose transactions are read-only, verifies."""
    scene.owner("REVOKE ALL ON DATABASE {database} FROM PUBLIC")
    scene.owner("GRANT CONNECT ON DATABASE {database} TO {role}")
    scene.owner("GRANT USAGE ON SCHEMA app, outgrow TO {role}")
    scene.owner("GRANT SELECT ON ALL TABLES IN SCHEMA app, outgrow TO {role}")
    scene.owner("GRANT SELECT ON ALL SEQUENCES IN SCHEMA app, outgrow TO {role}")
    scene.owner("ALTER ROLE {role} SET default_transaction_read_only = on")
    done = scene.verify()
    return [f"it gave {done.status}: {done.stderr.strip()}"] if done.status else []


def _stranger_verifies(scene: _Scene) -> list[str]:
    """A role without any right verifies once it has what the lines ask for."""
    wrong = scene.until_it_works(scene.verify)
    return [
        *wrong,
        *([] if scene.granted == 1 else [f"{scene.granted} times something was missing"]),
    ]


def _somebody_elses_journal(scene: _Scene) -> list[str]:
    """Another role has migrated before: its journal is told to be in the way, and nothing more."""
    owner = f"owner_{uuid4().hex}"
    scene.owner(f"CREATE ROLE {owner} LOGIN; GRANT CREATE ON DATABASE {{database}} TO {owner}")
    try:
        before = make_conninfo(scene.database, user=owner)
        file = scene.server.files.new
        done = run("migrate", file, "--to", before, "--schema", "theirs")
        wrong = [f"the owner's run gave {done.status}"] if done.status else []
        scene.owner("GRANT CREATE ON DATABASE {database} TO {role}")
        wrong += scene.until_it_works(scene.migrate)
        wrong += differences(scene.server, scene.database)
    finally:
        scene.owner(f"DROP OWNED BY {owner} CASCADE; DROP ROLE {owner}")
    return [*wrong, *([] if scene.granted else ["nothing was missing"])]


def _replaces_what_is_not_its_own(scene: _Scene) -> list[str]:
    """Somebody else's tables are not replaced."""
    scene.owner("GRANT CREATE ON DATABASE {database} TO {role}")
    scene.owner("GRANT ALL ON SCHEMA app TO {role}")
    before = seen(scene.database)
    done = scene.migrate("--replace")
    wrong = unclear(done)
    wrong += [] if done.status and done.code == "OG-416" else [f"it said {done.stderr}"]
    return [*wrong, *([] if seen(scene.database) == before else ["the target has changed"])]


def _doctor(scene: _Scene) -> Done:
    return run("doctor", "--to", scene.target, "--schema", SCHEMA)


def _works_at_run_time(scene: _Scene) -> list[str]:
    """The adapter, as an application of that role uses it."""
    place = conninfo_to_dict(scene.target)
    settings = {
        "DB_TYPE": "postgresql",
        "POSTGRES_HOST": str(place["host"]),
        "POSTGRES_PORT": str(place.get("port", 5432)),
        "POSTGRES_DB": str(place["dbname"]),
        "POSTGRES_USER": scene.role,
    }
    done = run("check", **settings)
    return [f"check gave {done.status}: {done.stdout[-800:]}"] if done.status else []


_SCENES: tuple[tuple[str, str, Callable[[_Scene], list[str]]], ...] = (
    (
        "bare",
        "may create schemas and nothing else: migrate, verify, replace, use",
        _may_make_schemas,
    ),
    ("bare", "may only connect: migrates once it has what was asked for", _nothing_at_all),
    ("bare", "has one schema: migrates once it has what was asked for", _one_schema),
    ("bare", "may not write to the schema: likewise", _one_schema_to_look_at),
    ("new", "may only read, in read-only transactions: verifies", _reader),
    ("new", "may only connect: verifies once it has what was asked for", _stranger_verifies),
    ("bare", "meets another role's journal", _somebody_elses_journal),
    ("new", "would replace another role's tables", _replaces_what_is_not_its_own),
)


@contextmanager
def _setup(place: Place) -> Iterator[dict[str, Server]]:
    with servers_with(place.folder, dict(place.servers)) as servers:
        yield servers


def _run(servers: dict[str, Server], case: Case) -> Outcome:
    names = sorted(servers)
    server = servers[names[case.number // len(_SCENES) % len(names)]]
    kind, words, play = _SCENES[case.number % len(_SCENES)]
    role = f"{case.random.choice(_NAMES)}{uuid4().hex[:10]}"
    with ExitStack() as stack:
        database = stack.enter_context(server.database(kind))
        scene = _Scene(server, database, role)
        with psycopg.connect(server.conninfo, autocommit=True) as connection:
            name = sql.Identifier(role)
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB").format(name))
        stack.callback(_forget, database, role)
        before = seen(database)["public"]
        wrong = play(scene)
        if seen(database)["public"] != before:
            wrong.append("a neighbour's objects have changed")
        wrong += _rights_of(database, role)
    figures: dict[str, Any] = {"scene": case.number % len(_SCENES), "granted": scene.granted}
    return Outcome(figures, tuple(f"{words}, as {role!r}: {each}" for each in wrong))


def _forget(database: str, role: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        name = sql.Identifier(role)
        connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(name))
        connection.execute(sql.SQL("DROP ROLE {}").format(name))


def _rights_of(database: str, role: str) -> list[str]:
    """Whether the role has come to more than it was given."""
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = %s",
            (role,),
        ).fetchone()
    return ["the role has come to rights"] if row != (False,) else []


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    counts = Counter(int(each.figures["scene"]) for each in outcomes if "scene" in each.figures)
    granted = Counter[int]()
    for each in outcomes:
        if "scene" in each.figures:
            granted[int(each.figures["scene"])] += int(each.figures["granted"])
    rows = []
    for number, (_, words, _) in enumerate(_SCENES):
        if counts[number]:
            lines = f", {granted[number]} rights told and given" if granted[number] else ""
            rows.append((f"a role that {words}", f"{counts[number]} times{lines}"))
    return rows


PART = Part(
    name="privileges",
    title="Roles that may do little",
    says=(
        "A role without any attribute that owns nothing, with names that need care. What it may do "
        "has to be enough, or one line names the very GRANT that is missing: the statement is run "
        "as it was printed, and then the command has to succeed. A neighbour's objects stay as "
        "they were, and the result is compared independently."
    ),
    cases=4 * len(_SCENES),
    slice=2,
    setup=_setup,
    run=_run,
    told=_told,
)
