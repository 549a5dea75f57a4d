"""SQLite files with damaged bytes: each is refused in a line, or arrives as SQLite reads it."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import apsw
import psycopg
from fresh_databases import fresh_database
from psycopg import sql

from independent.compare import compare
from torture.files.damaging import Bytes, damaged, templates
from torture.part import Case, Outcome, Part, Place, counted
from torture.shared.forked import ERROR_LINE, Forked, Ran

#: Files of one case.
_EACH = 25

_INTERNAL = "OG-700"
#: Nothing is there to be moved: no table, or no byte, of which SQLite makes an empty database.
_NOTHING = ("OG-500", "OG-104")
#: A table whose definition SQLite can't load; it may be called otherwise than its row says.
_UNLOADED = "OG-125"
#: What SQLite says of rows that break a constraint.
_OF_ROWS = re.compile(
    r"ok$|\*\*\* in database|(NULL|NUMERIC|TEXT|non-\w+) value in |CHECK constraint failed"
)
#: What SQLite says of indexes that do not agree with rows: every row is there.
_OF_INDEXES = re.compile(
    r"row \d+ missing from index|rowid not at end|.*values differ from index|non-unique entry"
    r"|wrong # of entries in index|row not in PRIMARY KEY order|.*inverted index|fts5: "
)


@dataclass
class _Shared:
    """What the cases of one worker use: files to damage, and processes."""

    place: Place
    templates: dict[str, Bytes]
    forked: Forked


@contextmanager
def _setup(place: Place) -> Iterator[_Shared]:
    with Forked(place.folder) as forked:
        yield _Shared(place, templates(place.folder), forked)


@dataclass(frozen=True)
class _Look:
    """What SQLite itself makes of a file.

    Args:
        trouble: why not all can be read, or what its check of the pages says.
        doubt: what it says of an index.
        malformed: whether it can't load a part of the schema.
        tables: the ordinary tables that it loads, with the number of their rows.

    """

    trouble: str = ""
    doubt: str = ""
    malformed: bool = False
    tables: dict[str, int] = field(default_factory=dict)


def _run(shared: _Shared, case: Case) -> Outcome:
    server = shared.place.server_of(case)
    figures: Counter[str] = Counter()
    defects: list[str] = []
    with fresh_database(server) as conninfo:
        for number in range(_EACH):
            kind = case.random.choice(sorted(shared.templates))
            way, files = damaged(shared.templates[kind], case.random)
            verdict, wrong = _judged(shared, files, conninfo, f"s{number}")
            figures[verdict] += 1
            defects += [f"file {number}, {kind}, {way}: {each}" for each in wrong]
        defects += _left(conninfo)
    defects += [f"left behind: {each}" for each in shared.forked.temporary.iterdir()]
    return Outcome(dict(figures), tuple(defects))


def _judged(shared: _Shared, files: Bytes, conninfo: str, schema: str) -> tuple[str, list[str]]:
    """Give what came of a file, and what is wrong about it."""
    folder = shared.place.folder / "file"
    folder.mkdir()
    try:
        path = folder / "app.db"
        for end, data in files.items():
            Path(f"{path}{end}").write_bytes(data)
        to = ("--json", "--jobs", "1", "--to", conninfo, "--schema", schema)
        ran = shared.forked.run(("inspect", path, "--json"), ("migrate", path, *to), cwd=folder)
        wrong = [f"{each}\n{ran[-1]}" for each in _changed(path, files)]
        look = _looked_at(_copied(path, shared.place.folder))
        wrong += [f"{each}\n{one}" for one in ran for each in _ended(one)]
        if len(ran) < 2:
            return "died", wrong
        verdict, more = _agreed(ran[1], look, conninfo, schema, shared.place.folder)
        return verdict, [*wrong, *(f"{each}\nSQLite: {look}\n{ran[1]}" for each in more)]
    finally:
        shutil.rmtree(folder)
        shutil.rmtree(shared.place.folder / "copy", ignore_errors=True)


def _changed(path: Path, files: Bytes) -> Iterator[str]:
    """Tell what is not as it was, among the file and what stands beside it."""
    there = {each.name.removeprefix(path.name): each.read_bytes() for each in path.parent.iterdir()}
    for end in there.keys() | files.keys():
        if there.get(end) != files.get(end):
            yield f"app.db{end} is not as it was"


def _ended(ran: Ran) -> Iterator[str]:
    """Tell what no command may do, whatever the file holds."""
    if ran.status not in (0, 1, 4):
        yield f"ended with {ran.status}"
    try:
        json.loads(ran.out)
    except ValueError:
        yield "its output is no JSON object"
    lines = [line for line in ran.err.splitlines() if not line.startswith("reading a private copy")]
    if ran.is_a_mistake:
        yield "a mistake of its own"
    elif ran.status == 1 and (len(lines) != 1 or not ERROR_LINE.match(lines[0])):
        yield "its error is not one line with a code"


def _copied(path: Path, folder: Path) -> Path:
    copy = folder / "copy"
    shutil.copytree(path.parent, copy)
    return copy / path.name


def _looked_at(path: Path) -> _Look:
    """Read all that SQLite reads, and ask it whether the pages are whole."""
    try:
        with closing(apsw.Connection(str(path))) as connection:
            doubt, malformed = "", False
            try:
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
            except apsw.CorruptError as error:
                if "malformed database schema" not in str(error):
                    raise
                malformed = True
                connection.execute("PRAGMA writable_schema = ON")
            # Definitions that are no text are found here.
            connection.execute("SELECT name, sql FROM sqlite_schema").fetchall()
            for line in _complaints(connection):
                if _OF_INDEXES.match(line):
                    doubt = line
                elif not _OF_ROWS.match(line) and not (malformed and "never used" in line):
                    return _Look(line, doubt, malformed)
            listed = connection.execute("PRAGMA table_list").fetchall()
            tables = {
                str(name): _rows(connection, str(name))
                for schema, name, kind, *_ in listed
                if schema == "main" and kind == "table" and not str(name).startswith("sqlite_")
            }
            return _Look("", doubt, malformed, tables)
    except (apsw.Error, UnicodeDecodeError) as error:
        return _Look(f"{type(error).__name__}: {error}")


def _complaints(connection: apsw.Connection) -> list[str]:
    """Ask SQLite for all that it finds; where it can't compare indexes, for the rest."""
    lines = []
    try:
        found = connection.execute("PRAGMA integrity_check(1000)").fetchall()
    except apsw.CorruptError:
        lines.append("row 0 missing from index: none could be compared")
        found = connection.execute("PRAGMA quick_check(1000)").fetchall()
    except apsw.SQLError as error:  # a search index's own
        return [f"fts5: {error}"]
    return lines + [line for (told,) in found for line in str(told).splitlines()]


def _rows(connection: apsw.Connection, table: str) -> int:
    name = '"' + table.replace('"', '""') + '"'
    columns = connection.execute("SELECT name FROM pragma_table_xinfo(?)", (table,))
    quoted = ['"' + str(column).replace('"', '""') + '"' for (column,) in columns]
    read = ", ".join(f"CAST({each} AS BLOB)" for each in quoted)
    return sum(1 for _ in connection.execute(f"SELECT {read} FROM {name} NOT INDEXED"))


def _agreed(
    ran: Ran, look: _Look, conninfo: str, schema: str, folder: Path
) -> tuple[str, list[str]]:
    """Hold what outgrow says against what SQLite says."""
    if ran.status == 1:
        code = ERROR_LINE.match(ran.err.splitlines()[-1]) if ran.err else None
        no_table = code and code[1] in _NOTHING and not look.tables
        fine = look.trouble or look.doubt or look.malformed or no_table
        return "refused", [] if fine else ["refused, and SQLite finds nothing wrong"]
    if ran.status not in (0, 4):
        return "died", []
    if look.trouble:
        return "silent", ["migrated, and SQLite finds it damaged"]
    report = json.loads(ran.out)
    if look.malformed:
        return "in part", _in_part(report, look, conninfo, schema)
    path = _plain(folder / "copy" / "app.db")
    found = compare(path, conninfo, schema=schema, report=report)
    return ("whole" if ran.status == 0 else "told"), found


def _in_part(report: dict[str, Any], look: _Look, conninfo: str, schema: str) -> list[str]:
    """Judge a file of which SQLite can load a part: that is there, and the rest is told."""
    found = [] if report["status"] == "incomplete" else [f"is {report['status']}"]
    told = {each["source"]["table"]: each for each in report["tables"]}
    unloaded = sum(each["code"] == _UNLOADED for each in report["findings"])
    if len(look.tables.keys() - told.keys()) <= unloaded:
        look = replace(
            look, tables={name: look.tables[name] for name in look.tables if name in told}
        )
    with psycopg.connect(conninfo) as connection:
        for table, rows in look.tables.items():
            if table not in told:
                found.append(f"{table} is not told of")
                continue
            name = sql.Identifier(schema, told[table]["name"])
            query = sql.SQL("SELECT count(*) FROM {}").format(name)
            if connection.execute(query).fetchone() != (rows - told[table]["rows_refused"],):
                found.append(f"{table} has other rows than {rows}")
    return found


def _plain(path: Path) -> Path:
    """Have all in the file itself, so that it can be read where nothing may be written."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    return path


def _left(conninfo: str) -> list[str]:
    with psycopg.connect(conninfo) as connection:
        found = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'outgrow_staging%'"
        )
        return [f"{name} is left" for (name,) in found]


def _told(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    counts = counted(outcomes)
    return [
        ("files", f"{counts.total():,}"),
        ("refused in one line with a code, as SQLite finds them damaged", f"{counts['refused']:,}"),
        ("migrated and equal to what SQLite reads", f"{counts['whole']:,}"),
        ("the same, with values repaired or objects left out, all told", f"{counts['told']:,}"),
        ("the same, of files whose schema SQLite loads in part", f"{counts['in part']:,}"),
        ("crashes, hangs, tracebacks; more than 1 GB of memory", f"{counts['died']:,}"),
        ("damage that SQLite finds and outgrow does not", f"{counts['silent']:,}"),
    ]


PART = Part(
    name="files",
    title="Damaged files",
    says=(
        "Small SQLite files of many kinds (WAL, hot journal, UTF-16, WITHOUT ROWID, search) with 1 "
        "to 64 flipped bytes, or pages that are cleared, exchanged or cut off: anywhere, and aimed "
        "at headers, schema, trees, chains, free pages, WAL and journal. `inspect` and `migrate` "
        "run in a process with 1 GB: each ends with an error of one line, which SQLite's own "
        "`integrity_check` has to confirm, or with every row as SQLite reads it, compared by the "
        "tests' own means. The file must be as it was, and nothing be left."
    ),
    cases=5_000 // _EACH,
    slice=1,
    setup=_setup,
    run=_run,
    told=_told,
    seconds=1_200,
)
