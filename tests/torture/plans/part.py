"""Random plan files: each is refused in a line, or followed, and nothing a person wrote is lost."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from databases.names import quote
from fresh_databases import fresh_database
from psycopg import sql

from independent.compare import compare
from torture.names.named import otherwise_named
from torture.part import Case, Outcome, Part, Place, counted
from torture.plans.plan_files import plan_file
from torture.shared.forked import ERROR_LINE, Forked, Ran

#: Plan files of one case, and how many of those that are accepted are followed.
_EACH, _FOLLOWED = 25, 4

#: More is nothing that a person reads.
_LONGEST = 2_000

_ONE = """
CREATE TABLE artist (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, seen INTEGER);
CREATE TABLE "Track; --" (id INTEGER PRIMARY KEY AUTOINCREMENT, artist INTEGER
 REFERENCES artist (id), title TEXT, at TEXT, paid REAL, is_live INTEGER, doc TEXT DEFAULT '{}',
 mark TEXT, mixed, raw BLOB);
CREATE TABLE tag (track INTEGER, label TEXT, PRIMARY KEY (track, label)) WITHOUT ROWID;
CREATE INDEX by_title ON "Track; --" (title);
CREATE VIEW lived AS SELECT id, title FROM "Track; --" WHERE is_live;
INSERT INTO artist VALUES (1, 'one', 1700000000), (2, 'two', 1700000001);
INSERT INTO "Track; --" VALUES
 (1, 1, 'a', '2024-01-31 10:00:00', 1.25, 1, '{"a": 1}', '123e4567-e89b-12d3-a456-426614174000',
  1, x'00ff'),
 (2, 2, 'b', '2024-02-01 11:00:00', 2.5, 0, '[]', '123e4567-e89b-12d3-a456-426614174001', 'x', x''),
 (3, NULL, 'b', 'unknown', -0.75, NULL, 'no json', NULL, 1.5, NULL);
INSERT INTO tag VALUES (1, 'x'), (1, 'y'), (2, 'x');
"""
_OF_TWO = """
CREATE TABLE user (id INTEGER PRIMARY KEY AUTOINCREMENT, mail TEXT UNIQUE);
CREATE TABLE note (id INTEGER PRIMARY KEY, user INTEGER REFERENCES user (id), body TEXT);
"""
_TWO = (
    "INSERT INTO user VALUES (1, 'a@x'), (2, 'b@x'); INSERT INTO note VALUES (1, 1, 'n');",
    "INSERT INTO user VALUES (1, 'c@x'), (2, 'b@x'); INSERT INTO note VALUES (1, 1, 'm');"
    "CREATE TABLE own (k TEXT PRIMARY KEY, v); INSERT INTO own VALUES ('k', 1);",
)

_OF_THE_FILE = {"policy", "source", "unite", "tables"}
_OF_A_TABLE = {
    *("include", "name", "identity", "unique", "cascade", "columns"),
    *("prefer", "keep", "renumber", "apart"),
}
_OF_A_COLUMN = {"type", "shape", "name", "on_misfit", "follows"}


@dataclass(frozen=True)
class _Source:
    """Files, the plan that outgrow writes for them, and what they hold."""

    files: tuple[Path, ...]
    plan: str
    columns: dict[str, set[str]]
    rows: dict[str, int]


@dataclass(frozen=True)
class _Shared:
    place: Place
    forked: Forked
    sources: tuple[_Source, ...]


@contextmanager
def _setup(place: Place) -> Iterator[_Shared]:
    with Forked(place.folder) as forked:
        one = _made(place.folder / "one" / "app.db", _ONE)
        two = [
            _made(place.folder / "two" / name, _OF_TWO + rows)
            for name, rows in zip(("a.db", "b.db"), _TWO, strict=True)
        ]
        sources = [_source(forked, [one]), _source(forked, two)]
        # The file that is alone has most of what a plan can decide.
        yield _Shared(place, forked, (sources[0], sources[0], sources[1]))


def _made(path: Path, script: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return path


def _source(forked: Forked, files: Sequence[Path]) -> _Source:
    plan = files[0].with_name("first.toml")
    (ran,) = forked.run(("plan", *files, "-o", plan), cwd=plan.parent)
    assert ran.status == 0, ran
    columns: dict[str, set[str]] = {}
    rows: Counter[str] = Counter()
    for file in files:
        with closing(sqlite3.connect(file)) as connection:
            found = connection.execute(
                "SELECT name FROM pragma_table_list WHERE type = 'table'"
                " AND name NOT LIKE 'sqlite%'"
            )
            for (table,) in found.fetchall():
                listed = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
                columns.setdefault(table.lower(), set()).update(name for (name,) in listed)
                counted = connection.execute(f"SELECT count(*) FROM {quote(table)}").fetchone()
                rows[table.lower()] += counted[0]
    return _Source(tuple(files), plan.read_text(), columns, dict(rows))


def _run(shared: _Shared, case: Case) -> Outcome:
    source = case.random.choice(shared.sources)
    folder = shared.place.folder / "plans"
    folder.mkdir()
    try:
        plans = []
        for number in range(_EACH):
            plans.append(folder / f"{number}.toml")
            plans[-1].write_bytes(plan_file(source.plan, case.random))
        return _judged(shared, case, source, plans)
    finally:
        shutil.rmtree(folder)


def _judged(shared: _Shared, case: Case, source: _Source, plans: list[Path]) -> Outcome:
    figures: Counter[str] = Counter()
    defects: list[str] = []

    def wrong(ran: Ran, plan: Path, found: Iterator[str]) -> None:
        text = plan.read_bytes()[:6_000].decode("utf-8", "backslashreplace")
        defects.extend(f"{each}\n{ran}\n{text}" for each in found)

    dry = [("migrate", *source.files, "--dry-run", "--json", "--plan", plan) for plan in plans]
    accepted = []
    for plan, ran in zip(plans, _all(shared.forked, dry), strict=True):
        wrong(ran, plan, _ended(ran, (0, 1, 2, 3)))
        wrong(ran, plan, _accepted(ran, plan.read_bytes(), source))
        figures[{0: "accepted", 3: "asked"}.get(ran.status, "refused")] += 1
        if ran.status == 0:
            accepted.append(plan)
    again = [plan.with_suffix(".again") for plan in plans]
    for plan, copy in zip(plans, again, strict=True):
        shutil.copyfile(plan, copy)
    renewing = [("plan", *source.files, "--json", "-o", copy) for copy in again]
    for plan, copy, ran in zip(plans, again, _all(shared.forked, renewing), strict=True):
        wrong(ran, plan, _ended(ran, (0, 1, 2, 3)))
        wrong(ran, plan, _renewed(ran, plan.read_bytes(), copy))
        figures["renewed"] += ran.status == 0
    defects += _followed(shared, case, source, accepted, figures)
    return Outcome(dict(figures), tuple(defects))


def _all(forked: Forked, commands: Sequence[Sequence[object]]) -> list[Ran]:
    """Run commands in one process, and in a new one what stood behind one that died."""
    ran: list[Ran] = []
    while len(ran) < len(commands):
        ran += forked.run(*commands[len(ran) :], cwd=forked.folder.parent)
    return ran


def _ended(ran: Ran, statuses: Sequence[int]) -> Iterator[str]:
    """Tell what no command may do, whatever the plan file says."""
    if ran.status not in statuses:
        yield f"ended with {ran.status}"
    try:
        json.loads(ran.out)
    except ValueError:
        yield "its output is no JSON object"
    lines = ran.err.splitlines()
    if ran.is_a_mistake:
        yield "a mistake of its own"
    elif ran.status in (1, 2, 3) and not (lines and ERROR_LINE.match(lines[0])):
        yield "its error is no line with a code"
    elif ran.status in (1, 2) and len(lines) > 1:
        yield "its error is more than a line"
    elif max(map(len, lines), default=0) > _LONGEST and ran.status:
        yield "its error is longer than anybody reads"


def _accepted(ran: Ran, data: bytes, source: _Source) -> Iterator[str]:
    """Tell what was accepted and can't be meant, or was refused as no TOML and is TOML."""
    try:
        document = _read(data)
    except (ValueError, RecursionError):
        if ran.status != 2:
            yield "no TOML, and not refused"
        return
    if "OG-200" in ran.err and "more than a hundred parts" not in ran.err:
        yield "refused as no TOML, and it is"
    if ran.status == 0 and (unknown := [*_unknown(document, source)]):
        yield f"accepted, with {unknown}"


def _read(data: bytes) -> dict[str, Any]:
    """Read TOML with any line ends: a text file is a text file."""
    return tomllib.loads(data.decode().replace("\r\n", "\n").replace("\r", "\n"))


def _unknown(document: dict[str, Any], source: _Source) -> Iterator[str]:
    yield from document.keys() - _OF_THE_FILE
    for table, decided in document.get("tables", {}).items():
        if table.lower() not in source.columns:
            yield table
            continue
        yield from decided.keys() - _OF_A_TABLE
        for column, chosen in decided.get("columns", {}).items():
            if column.lower() not in {name.lower() for name in source.columns[table.lower()]}:
                yield column
            yield from chosen.keys() - _OF_A_COLUMN


def _renewed(ran: Ran, before: bytes, copy: Path) -> Iterator[str]:
    """Tell what ``plan -o`` lost of a file that somebody had edited."""
    after = copy.read_bytes()
    if ran.status:
        if after != before:
            yield "refused, and written to nevertheless"
        return
    try:
        kept = _read(after)
    except ValueError as error:
        yield f"what it wrote is no TOML: {error}"
        return
    document = _read(before)
    for part in (document, kept):
        part.pop("source", None)
    yield from (f"lost {path}" for path in _lost(document, kept, ""))
    ours = b"#|"
    comments = [line for line in before.splitlines() if line.lstrip().startswith(b"#")]
    for comment in comments:
        if not comment.lstrip().startswith(ours) and comment.strip() not in after:
            yield f"lost the comment {comment!r}"


def _lost(before: dict[str, Any], after: object, path: str) -> Iterator[str]:
    for key, value in before.items():
        other = after.get(key) if isinstance(after, dict) else None
        if isinstance(value, dict):
            yield from _lost(value, other, f"{path}.{key}")
        elif value != other:
            yield f"{path}.{key}"


def _followed(
    shared: _Shared, case: Case, source: _Source, plans: list[Path], figures: Counter[str]
) -> list[str]:
    """Migrate as some of the plans say."""
    chosen = case.random.sample(plans, min(len(plans), _FOLLOWED))
    server = shared.place.server_of(case)
    defects: list[str] = []
    with fresh_database(server) as conninfo:
        how = ("--json", "--jobs", "1", "--to", conninfo)
        commands = [
            ("migrate", *source.files, "--plan", plan, *how, "--schema", f"p{number}")
            for number, plan in enumerate(chosen)
        ]
        there = set()
        for number, ran in enumerate(_all(shared.forked, commands)):
            text = chosen[number].read_text(encoding="utf-8")
            found = [*_ended(ran, (0, 1, 2, 3, 4))]
            if ran.status in (0, 4):
                there.add(f"p{number}")
                figures["followed"] += 1
                found += _arrived(ran, tomllib.loads(text), source, conninfo, f"p{number}")
            else:
                figures["refused by the server"] += 1
            defects += [f"{each}\n{ran}\n{text[:6_000]}" for each in found]
        with psycopg.connect(conninfo) as connection:
            query = "SELECT nspname FROM pg_namespace WHERE nspname ~ '^(p[0-9]|outgrow_st)'"
            left = {name for (name,) in connection.execute(query)} ^ there
            defects += [f"schema {name} is there, or is not" for name in sorted(left)]
    return defects


def _arrived(
    ran: Ran, document: dict[str, Any], source: _Source, conninfo: str, schema: str
) -> list[str]:
    """Compare what is there with the files; whole where the plan changes no table's shape."""
    report = json.loads(ran.out)
    tables = {name.lower(): each for name, each in document.get("tables", {}).items()}
    left_out = {name for name, each in tables.items() if not each.get("include", True)}
    found = []
    read: Counter[str] = Counter()
    loaded: Counter[str] = Counter()
    for each in report["tables"]:
        read[each["source"]["table"].lower()] += each["rows_read"]
        loaded[each["name"]] += each["rows_loaded"]
    expected = {name: rows for name, rows in source.rows.items() if name not in left_out}
    if dict(read) != expected:
        found.append(f"{dict(read)} rows are told to be read, and there are {expected}")
    with psycopg.connect(conninfo) as connection:
        for name, rows in loaded.items():
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, name))
            counted = connection.execute(query).fetchone()
            if counted != (rows,):
                found.append(f"{name} has {counted} rows, and {rows} are told")
    found += otherwise_named(report, document)
    shaping = {"include", "identity", "unique", "cascade"}
    if len(source.files) == 1 and not any(shaping & each.keys() for each in tables.values()):
        chosen = document.get("tables", {})
        found += compare(source.files[0], conninfo, schema=schema, report=report, chosen=chosen)
    return found


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    counts = counted(outcomes)
    return [
        ("plan files", f"{counts['accepted'] + counts['asked'] + counts['refused']:,}"),
        ("refused in one line with a code", f"{counts['refused']:,}"),
        ("a decision asked for", f"{counts['asked']:,}"),
        ("accepted", f"{counts['accepted']:,}"),
        ("written anew by `plan -o`, with all that stood there", f"{counts['renewed']:,}"),
        ("followed to the end and compared with the files", f"{counts['followed']:,}"),
        ("refused once the server was asked", f"{counts['refused by the server']:,}"),
    ]


PART = Part(
    name="plans",
    title="Random plan files",
    says=(
        "Plan files that outgrow wrote for one file and for two, changed at random: other choices, "
        "wrong types, unknown and missing keys, choices that exclude each other, SQL in every "
        "text, a million characters, deep nesting, flipped bytes, other encodings. `migrate "
        "--dry-run` refuses each in a line that names a code, or accepts it, which no key that it "
        "doesn't know may have; `plan -o` writes it anew and keeps every choice and comment. Some "
        "of those that are accepted are followed, and what arrives is compared with the files."
    ),
    cases=5_000 // _EACH,
    slice=1,
    setup=_setup,
    run=_run,
    told=_told,
    seconds=1_200,
)
