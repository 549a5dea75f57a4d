"""Hostile names wherever a name can stand, beside a table that only an injection could touch."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from databases.names import quote
from fresh_databases import fresh_database

from independent.compare import compare
from torture.names.named import file_name, make, otherwise_named
from torture.part import Case, Outcome, Part, Place, counted
from torture.shared.forked import ERROR_LINE, Forked, Ran
from torture.shared.hostile import name as hostile

#: What is wrong with an option has no code.
_USAGE = re.compile(r"outgrow migrate: argument --schema: .* Try outgrow migrate --help\n")
#: Every how many cases a project is prepared, which takes longer.
_PROJECTS = 6

#: Whatever is made, changed or dropped anywhere is written down, with its schema.
_CANARY = """
CREATE SCHEMA canary;
CREATE TABLE canary.canary (id int PRIMARY KEY, sings text NOT NULL CHECK (sings <> ''));
INSERT INTO canary.canary VALUES (1, 'yes'), (2, 'still');
CREATE TABLE canary.seen (command text, kind text, of_schema text, called text);
CREATE FUNCTION canary.see() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $see$
BEGIN
  IF tg_event = 'sql_drop' THEN
    INSERT INTO canary.seen SELECT tg_tag, object_type, schema_name, object_identity
    FROM pg_event_trigger_dropped_objects();
  ELSE
    INSERT INTO canary.seen SELECT command_tag, object_type, schema_name, object_identity
    FROM pg_event_trigger_ddl_commands();
  END IF;
END $see$;
CREATE EVENT TRIGGER made ON ddl_command_end EXECUTE FUNCTION canary.see();
CREATE EVENT TRIGGER gone ON sql_drop EXECUTE FUNCTION canary.see();
"""
#: What the canary is: rows, columns, constraints; and what else the server has.
_PICTURE = (
    "SELECT * FROM canary.canary ORDER BY id",
    "SELECT attname, atttypid::regtype::text, attnotnull FROM pg_attribute"
    " WHERE attrelid = 'canary.canary'::regclass AND attnum > 0 ORDER BY attnum",
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE conrelid = 'canary.canary'::regclass ORDER BY 1",
    "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = 'canary'::regnamespace"
    " ORDER BY 1",
    "SELECT rolname, rolsuper FROM pg_roles ORDER BY 1",
    "SELECT evtname, evtenabled::text FROM pg_event_trigger ORDER BY 1",
    "SELECT setdatabase = 0, setconfig FROM pg_db_role_setting LEFT JOIN pg_database d"
    " ON d.oid = setdatabase WHERE setdatabase = 0 OR datname = current_database() ORDER BY 1, 2",
)
_CANARY_FILE = "canary.db"


@dataclass(frozen=True)
class _Shared:
    place: Place
    forked: Forked
    psql: str | None


@contextmanager
def _setup(place: Place) -> Iterator[_Shared]:
    with Forked(place.folder) as forked:
        yield _Shared(place, forked, shutil.which("psql"))


def _run(shared: _Shared, case: Case) -> Outcome:
    random = case.random
    folder = shared.place.folder / "named"
    folder.mkdir()
    server = shared.place.server_of(case)
    try:
        with closing(sqlite3.connect(folder / _CANARY_FILE)) as canary:
            canary.executescript("CREATE TABLE canary (a); INSERT INTO canary VALUES ('yes')")
        path = folder / file_name(random)
        make(path, random)
        with fresh_database(server) as conninfo:
            return _judged(shared, case, folder, path, conninfo)
    finally:
        shutil.rmtree(folder)


def _judged(shared: _Shared, case: Case, folder: Path, path: Path, conninfo: str) -> Outcome:
    random = case.random
    schema = _schema(random) if random.random() < 0.5 else "public"
    before = _files(folder)
    figures: Counter[str] = Counter()
    defects: list[str] = []
    with psycopg.connect(conninfo, autocommit=True) as watching:
        watching.execute(_CANARY)
        if random.random() < 0.5:
            # A backslash would end a text: what is read as one is up to the session's settings.
            database = quote(watching.info.dbname)
            setting = f"ALTER DATABASE {database} SET standard_conforming_strings = off"
            watching.execute(setting.encode())
        picture = _picture(watching)
        plan = folder / "plan.toml"
        ran = shared.forked.run(
            ("inspect", "--json", "--", path),
            ("plan", "-o", plan, "--json", "--", path),
            cwd=folder,
        )
        defects += [f"{each}\n{one}" for one in ran for each in _ended(one, (0,))]
        chosen: tuple[object, ...] = ()
        if plan.exists() and random.random() < 0.5:
            plan.write_text(_renamed(plan.read_text(encoding="utf-8"), random), encoding="utf-8")
            chosen = ("--plan", plan)
        target = ("--json", "--jobs", "1", "--to", conninfo, f"--schema={schema}", *chosen)
        (migrated,) = shared.forked.run(("migrate", *target, "--", path), cwd=folder)
        found = [*_ended(migrated, (0, 2, 4) if chosen or schema != "public" else (0, 4))]
        if migrated.status in (0, 4):
            figures["arrived"] += 1
            report = json.loads(migrated.out)
            document = tomllib.loads(plan.read_text(encoding="utf-8")) if chosen else None
            tables = document["tables"] if document else None
            found += compare(path, conninfo, schema=schema, report=report, chosen=tables)
            if document:
                found += otherwise_named(report, document)
        else:
            figures["refused"] += 1
        defects += [f"{each}\n{migrated}" for each in found]
        defects += _touched(watching, {schema} if migrated.status in (0, 4) else set())
        defects += _loaded(shared, folder, path, conninfo, figures)
        if case.number % _PROJECTS == 0:
            defects += _project(shared, path, figures)
        if (now := _picture(watching)) != picture:
            defects.append(f"the canary was {picture}\nand is {now}")
    plan.unlink(missing_ok=True)
    defects += [f"{each} is not as it was" for each in _differing(before, _files(folder))]
    if defects:
        defects = [f"{each}\n{_script(path)}" for each in defects]
    return Outcome(dict(figures), tuple(defects))


def _schema(random: Random) -> str:
    """Draw a schema that isn't the canary's, where a migration may make what it likes."""
    while (drawn := hostile(random)) == "canary":
        pass
    return drawn


def _ended(ran: Ran, statuses: Sequence[int]) -> Iterator[str]:
    if ran.status not in statuses:
        yield f"ended with {ran.status}"
    if ran.is_a_mistake:
        yield "a mistake of its own"
    is_line = ERROR_LINE.match(ran.err) and len(ran.err.splitlines()) == 1
    if ran.status in (1, 2) and not (is_line or _USAGE.fullmatch(ran.err)):
        yield "its error is no line with a code"


def _renamed(plan: str, random: Random) -> str:
    """Name tables and columns in the plan file, as somebody may have wished."""
    document = tomllib.loads(plan)
    lines = []
    for table, decided in document.get("tables", {}).items():
        key = _toml(table)
        lines.append(f"[tables.{key}]")
        if random.random() < 0.5:
            lines.append(f"name = {_toml(hostile(random))}")
        lines.append(f"[tables.{key}.columns]")
        for column in decided.get("columns", {}):
            if random.random() < 0.4:
                lines.append(f"{_toml(column)} = {{ name = {_toml(hostile(random))} }}")
    return "\n".join(lines) + "\n"


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _touched(watching: psycopg.Connection[Any], schemas: set[str]) -> list[str]:
    """Tell what was made or dropped in schemas that are none of outgrow's business."""
    found = watching.execute("SELECT DISTINCT command, kind, of_schema, called FROM canary.seen")
    touched = []
    for command, kind, schema, called in found.fetchall():
        where = schema
        if kind == "schema":
            where = called[1:-1].replace('""', '"') if called.startswith('"') else called
        fine = schemas | {"outgrow", "pg_temp", None}
        if where not in fine and not re.fullmatch(r"outgrow_staging(_\d+)?", where or ""):
            touched.append(f"{command} of {kind} {called} in {schema}")
    return touched


def _loaded(
    shared: _Shared, folder: Path, path: Path, conninfo: str, figures: Counter[str]
) -> list[str]:
    """Have psql load the file of the schema, which it may read as commands of its own."""
    if shared.psql is None:
        return []
    written = folder / "schema.sql"
    (ran,) = shared.forked.run(("schema", "-o", written, "--", path), cwd=folder)
    defects = [f"{each}\n{ran}" for each in _ended(ran, (0,))]
    if not written.exists():
        return defects
    with fresh_database(conninfo) as to, psycopg.connect(to, autocommit=True) as watching:
        watching.execute(_CANARY)
        picture = _picture(watching)
        options = ("-v", "ON_ERROR_STOP=1", "--no-psqlrc", "--quiet", "--no-password")
        done = subprocess.run(
            [shared.psql, *options, "--dbname", to, "--file", written],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=folder,
        )
        if done.returncode:
            defects.append(f"psql does not load it: {done.stderr[-1_000:]}")
        defects += _touched(watching, {"public"})
        if _picture(watching) != picture:
            defects.append("the schema file has touched the canary")
    written.unlink()
    figures["schema files"] += 1
    return defects


def _project(shared: _Shared, path: Path, figures: Counter[str]) -> list[str]:
    """Prepare a project that holds the file: its Python has to be Python."""
    root = shared.place.folder / "project"
    root.mkdir()
    try:
        shutil.copyfile(path, root / path.name)
        (ran,) = shared.forked.run(("init", "--", path.name), cwd=root)
        defects = [str(ran)] if ran.status or "OG-700" in ran.err else []
        figures["projects"] += not defects
        for written in root.rglob("*.py"):
            try:
                compile(written.read_bytes(), str(written), "exec")
            except (SyntaxError, ValueError) as error:
                defects.append(f"{written.name} is no Python: {error}")
        return defects
    finally:
        shutil.rmtree(root)


def _files(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def _differing(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    return [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]


def _picture(watching: psycopg.Connection[Any]) -> list[object]:
    return [watching.execute(query.encode()).fetchall() for query in _PICTURE]


def _script(path: Path) -> str:
    """Write the file down, so that somebody can make it again."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")
        lines = [f"{statement};" for (statement,) in found]
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        for (table,) in tables.fetchall():
            rows = connection.execute(f"SELECT * FROM {quote(table)}").fetchall()
            lines.append(f"-- {table!r}: {rows}")
    return "\n".join([f"-- {path.name!r}", *lines])


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    counts = counted(outcomes)
    return [
        ("databases of which every object arrived, or is listed", f"{counts['arrived']:,}"),
        ("refused in one line: a schema or a chosen name that cannot be", f"{counts['refused']:,}"),
        ("schema files loaded by psql", f"{counts['schema files']:,}"),
        ("projects prepared by `outgrow init`", f"{counts['projects']:,}"),
    ]


PART = Part(
    name="names",
    title="Hostile names",
    says=(
        "Hostile names of files, tables, columns, indexes, views, triggers, constraints, "
        "collations, types, of what a foreign key refers to, of the target's schema, and of tables "
        "and columns in the plan file; hostile comments, defaults and values: SQL that leaves its "
        "quotes, formats, control characters, letters that look or compare alike, names that are "
        "equal once they are cut, reserved words, outgrow's own names. Every object has to be "
        "there by PostgreSQL's catalogs. A table in another schema must be as it was, and an event "
        "trigger writes down every statement that makes or drops something: none may be outside of "
        "the schemas that a migration is about. psql loads the schema file, and `outgrow init` "
        "prepares a project around some of the files."
    ),
    cases=400,
    slice=4,
    setup=_setup,
    run=_run,
    told=_told,
)
