"""Migrates a file as the command does and has it judged by the independent comparison."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
import psycopg
from hypothesis import strategies as st
from psycopg import sql

from databases.files import File, cases
from databases.names import quote
from independent.behaviour import compare_views
from independent.compare import compare
from outgrow.errors import DecisionNeeded, SourceError
from outgrow.model.types import OnBad, Policy
from outgrow.pipeline.assess import Wishes
from outgrow.pipeline.migrate import Options, migrate
from outgrow.pipeline.progress import Silent
from outgrow.pipeline.verify import verify_target
from outgrow.postgres.target import Target, parse_target

SCHEMA = "random"


@dataclass(frozen=True)
class Trial:
    """Files, and how they are migrated."""

    files: tuple[File, ...]
    policy: Policy
    on_bad: OnBad

    def __str__(self) -> str:
        scripts = "\n".join(f"-- {file.name}\n{file.script()}" for file in self.files)
        return f"--types {self.policy} --on-bad {self.on_bad}\n{scripts}"


def trials(most_files: int = 1) -> st.SearchStrategy[Trial]:
    """Whole databases, and how they are migrated."""
    return st.builds(
        Trial,
        cases(most_files),
        st.sampled_from(Policy),
        st.sampled_from((OnBad.REPAIR, OnBad.REPAIR, OnBad.REFUSE)),
    )


def judge(trial: Trial, conninfo: str) -> list[str]:
    """What is not told, in sentences; none where all is equal or listed.

    Raises whatever the product raises: every file can be migrated.
    """
    with tempfile.TemporaryDirectory(prefix="outgrow-tests-") as folder, _clean(conninfo):
        paths = [file.write(Path(folder)) for file in trial.files]
        if not all(map(_tables, paths)):
            return []
        target = parse_target(conninfo)
        try:
            return _judged(paths, target, trial, conninfo)
        except SourceError:
            # A generated column that SQLite itself can't compute: it says so, and so do we.
            if all(map(_is_readable, paths)):
                raise
            return []


def _is_readable(path: Path) -> bool:
    """Whether SQLite can read every table of a file."""
    with closing(apsw.Connection(str(path))) as connection:
        names = [name for _, name, *_ in connection.execute("PRAGMA table_list")]
        try:
            for name in names:
                columns = connection.execute(
                    "SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1", (name,)
                )
                # As bytes: a text need not be one in any encoding.
                read = ", ".join(f"CAST({quote(column)} AS BLOB)" for (column,) in columns)
                for _ in connection.execute(f"SELECT {read} FROM {quote(name)}"):
                    pass
        except (apsw.SQLError, apsw.ConstraintError):
            # The second: a STRICT column can't hold what its expression gives.
            return False
    return True


def _judged(paths: list[Path], target: Target, trial: Trial, conninfo: str) -> list[str]:
    if len(paths) > 1:
        return _judge_several(paths, target, trial)
    [path] = paths
    outcome = migrate(
        [path],
        lambda: nullcontext(target),
        Wishes(schema=SCHEMA, policy=trial.policy, on_bad=trial.on_bad),
        Options(jobs=1),
        Silent(),
    )
    report: dict[str, Any] = json.loads(json.dumps(outcome.as_json()))
    found = compare(path, conninfo, schema=SCHEMA, report=report)
    if not any(table["rows_refused"] + table["values_repaired"] for table in report["tables"]):
        found += compare_views(path, conninfo, report, schema=SCHEMA, shown_by=_shown(path))
    again = verify_target([path], target, SCHEMA, Silent())
    if again.status is not outcome.status:
        errors = [each.says for each in again.findings if each.severity == "error"]
        found.append(f"verify says {again.status} after {outcome.status}: {errors}")
    return found


def _shown(path: Path) -> Path:
    """Write what views show into another file, by a SQLite of today.

    Python's may be one that prints a REAL with 15 digits.
    """
    shown = path.with_suffix(".shown")
    with closing(apsw.Connection(str(path))) as connection:
        ((encoding,),) = connection.execute("PRAGMA encoding").fetchall()
    with closing(apsw.Connection(str(shown))) as connection:
        connection.execute(f"PRAGMA encoding = '{encoding}'")  # two that differ can't be attached
        connection.execute("ATTACH ? AS source", (str(path),))
        query = "SELECT name FROM source.sqlite_schema WHERE type = 'view'"
        for (name,) in connection.execute(query).fetchall():
            with suppress(apsw.SQLError):
                query = "SELECT name FROM pragma_table_info(?, 'source')"
                told = connection.execute(query, (name,))
                # A column without a type converts nothing.
                columns = ", ".join(quote(column) for (column,) in told)
                connection.execute(f"CREATE TABLE main.{quote(name)} ({columns})")
                connection.execute(
                    f"INSERT INTO main.{quote(name)} SELECT * FROM source.{quote(name)}"
                )
    return shown


def _judge_several(paths: list[Path], target: Target, trial: Trial) -> list[str]:
    """Judge files that become one: a conflict is told, or every row is accounted for."""
    wishes = Wishes(schema=SCHEMA, policy=trial.policy, on_bad=trial.on_bad)
    try:
        outcome = migrate(paths, lambda: nullcontext(target), wishes, Options(jobs=1), Silent())
    except DecisionNeeded:
        return []
    report: dict[str, Any] = json.loads(json.dumps(outcome.as_json()))
    found = [
        f"{table['name']}: rows_read {table['rows_read']} is not the sum of its parts"
        for table in report["tables"]
        if table["rows_read"]
        != sum(table[f"rows_{part}"] for part in ("loaded", "refused", "merged", "superseded"))
    ]
    read = sum(table["rows_read"] for table in report["tables"])
    stored = sum(map(_rows, paths))
    if read != stored:
        found.append(f"{read} rows are told to be read, and the files have {stored}")
    with psycopg.connect(target.conninfo) as connection:
        loaded = {table["name"]: 0 for table in report["tables"]}
        for table in report["tables"]:
            loaded[table["name"]] += table["rows_loaded"]
        for name, rows in loaded.items():
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(SCHEMA, name))
            if connection.execute(query).fetchone() != (rows,):
                found.append(f"{name}: {rows} rows are told to be loaded")
    again = verify_target(paths, target, SCHEMA, Silent())
    if again.status is not outcome.status:
        errors = [each.says for each in again.findings if each.severity == "error"]
        found.append(f"verify says {again.status} after {outcome.status}: {errors}")
    return found


def _rows(path: Path) -> int:
    """Count the rows of a file's own tables."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name FROM pragma_table_list"
            " WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        ).fetchall()
        return sum(
            connection.execute(f"SELECT count(*) FROM {quote(name)} NOT INDEXED").fetchone()[0]
            for (name,) in names
        )


def _tables(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        query = (
            "SELECT count(*) FROM pragma_table_list"
            " WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        return int(connection.execute(query).fetchone()[0])


@contextmanager
def _clean(conninfo: str) -> Iterator[None]:
    """Have the schema gone before and after."""
    try:
        _drop(conninfo)
        yield
    finally:
        _drop(conninfo)


def _drop(conninfo: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        staging = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'outgrow_staging%'"
        ).fetchall()
        assert not staging, f"staging is left: {staging}"
