"""Compares what views show and what triggers do, by running both sides."""

from __future__ import annotations

import json
import math
import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg

from . import postgres_side, sqlite_side
from .effects import TIME_ZONE
from .facts import Difference, Table
from .ledger import Ledger
from .rows import compare_rows
from .values import Canonical, mended

_JSON_OIDS = (114, 3802)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:Z|\+00:00)?)?")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?|-?Inf")
_RELATIVE = 1e-12
_JUST_NOW = timedelta(minutes=5)


def compare_views(
    sqlite_path: Path,
    conninfo: str,
    report: dict[str, Any] | None = None,
    *,
    schema: str = "public",
    shown_by: Path | None = None,
) -> list[str]:
    """One sentence for each view whose rows are not the same (sums of reals to 1e-12).

    A view that the report lists as missing is not looked at. ``shown_by`` is a file that has the
    rows of the views in tables of their names, as another version of SQLite showed them.
    """
    ledger = Ledger(report)
    with (
        closing(sqlite3.connect(sqlite_path)) as source,
        closing(sqlite3.connect(shown_by or sqlite_path)) as shown,
        psycopg.connect(conninfo, autocommit=True) as target,
    ):
        shown.text_factory = _readable
        target.execute("SELECT set_config('search_path', %s, false)", (sqlite_side.quote(schema),))
        views = source.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall()
        return [
            says
            for (name,) in views
            if not ledger.lists(Difference("views", name, name, ""))
            for says in _view(shown, target, name, ledger)
        ]


def _view(
    shown: sqlite3.Connection, target: psycopg.Connection, name: str, ledger: Ledger
) -> Iterator[str]:
    there = ledger.name("views", name)

    def is_told(here: str, other: str) -> bool:
        return here == other or ledger.tells(name, f" is {other}")

    cursor = shown.execute(f"SELECT * FROM {sqlite_side.quote(name)}")
    here_names = [sqlite_side.fold(column[0]) for column in cursor.description]
    here = cursor.fetchall()
    try:
        found = target.execute(f"SELECT * FROM {sqlite_side.quote(there)}".encode())
    except psycopg.errors.CharacterNotInRepertoire:
        # A text made of blobs that are no text: loud in PostgreSQL, and told as not compared.
        if ledger.tells(name, "its rows were not compared"):
            return
        raise
    description = found.description or []
    names = [column.name for column in description]
    if not all(map(is_told, here_names, names)) or len(names) != len(here_names):
        yield f"view {name} has the columns {here_names} in SQLite, {names} in PostgreSQL"
        return
    is_json = [column.type_code in _JSON_OIDS for column in description]
    left = sorted((_row(row, is_json) for row in here), key=_order)
    right = sorted((_row(row, is_json) for row in found.fetchall()), key=_order)
    if len(left) != len(right):
        yield f"view {name} has {len(left)} rows in SQLite, {len(right)} in PostgreSQL"
        return
    for one, other in zip(left, right, strict=True):
        if not all(map(_alike, one, other)):
            yield f"view {name} has the row {one} in SQLite, {other} in PostgreSQL"


def _row(row: tuple[Any, ...], is_json: list[bool]) -> tuple[Any, ...]:
    return tuple(map(_shown, row, is_json))


def _readable(stored: bytes) -> str:
    return mended(stored).decode()


def _shown(value: Any, is_json: bool) -> Any:
    """What a view shows, apart from the type that it has."""
    if is_json and value is not None:
        value = json.loads(value) if isinstance(value, str) else value
        return json.dumps(value, sort_keys=True)
    if isinstance(value, bool | int | Decimal):
        return float(value)
    if isinstance(value, bytes):  # a column of texts and blobs gives both as bytes
        value = _readable(value)
    text = str(value) if isinstance(value, str) or hasattr(value, "isoformat") else ""
    if _NUMBER.fullmatch(text):  # a column of texts and numbers gives both as texts
        return float(text)
    if match := _TIME.fullmatch(text):
        clock, _, fraction = (match[2] or "00:00").partition(".")
        seconds = clock if clock.count(":") == 2 else f"{clock}:00"
        return f"{match[1]} {seconds}.{fraction.rstrip('0')}"
    return value


def _order(row: tuple[Any, ...]) -> tuple[list[tuple[str, str]], list[float]]:
    """Sort alike what is alike: reals by nine digits, and only then by all."""
    return [
        (type(value).__name__, f"{value:.8e}" if isinstance(value, float) else repr(value))
        for value in row
    ], [value for value in row if isinstance(value, float)]


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=_RELATIVE, abs_tol=0)
    return bool(one == other)


Statement = tuple[str, tuple[Any, ...]]


def compare_triggers(
    sqlite_path: Path,
    conninfo: str,
    statements: list[Statement],
    report: dict[str, Any] | None = None,
) -> list[str]:
    """Run the same statements on both sides and tell how the tables differ that were alike.

    The statements have ``?`` for parameters and run on both databases as they are; a parameter
    is given to PostgreSQL as the type of its column asks (a boolean, where SQLite has 0 and 1).
    Both sides are changed. Times of the last minutes count as one time, if they are spelt alike.
    """
    ledger = Ledger(report)
    with (
        closing(sqlite3.connect(sqlite_path, isolation_level=None)) as writer,
        closing(sqlite_side.connect(sqlite_path)) as source,
        psycopg.connect(conninfo, autocommit=True) as target,
    ):
        target.execute("SELECT set_config('TimeZone', %s, false)", (TIME_ZONE,))
        here = sqlite_side.read(source, ledger)
        there = postgres_side.read(target, "public")
        pairs = [
            (table, there.tables[name])
            for name, table in here.tables.items()
            if name in there.tables
        ]
        before = set(_differences(source, target, pairs))
        for statement, parameters in statements:
            writer.execute(statement, parameters)
            # Without a type of its own a parameter takes its column's: '1' is true.
            texts = [None if value is None else str(value) for value in parameters]
            marked = statement.replace("%", "%%").replace("?", "%s")
            target.execute(marked.encode(), texts)
        return sorted(set(_differences(source, target, pairs)) - before)


def _differences(
    source: sqlite3.Connection,
    target: psycopg.Connection,
    pairs: list[tuple[Table, Table]],
) -> Iterator[str]:
    level = _leveller(datetime.now(UTC))
    for pair in pairs:
        for difference in compare_rows(source, target, "public", pair, level):
            yield difference.says


def _leveller(now: datetime) -> Callable[[Canonical | None], Canonical | None]:
    recent = {f"{now - _JUST_NOW:%Y-%m-%d}".encode(), f"{now:%Y-%m-%d}".encode()}

    def level(value: Canonical | None) -> Canonical | None:
        if value is None or value[0] != "plain" or not isinstance(value[1], bytes):
            return value
        if value[1][:10] not in recent:
            return value
        try:
            moment = datetime.fromisoformat(value[1].decode()).replace(tzinfo=UTC)
        except ValueError:
            return value
        return ("just now", len(value[1])) if abs(now - moment) < _JUST_NOW else value

    return level


def random_work(seed: int, count: int, tools: list[str]) -> list[Statement]:
    """What the reference application does to the tables that its triggers stand on."""
    chance = random.Random(seed)
    statements: list[Statement] = []
    for number in range(count):
        tool = chance.choice(tools)
        call = f"new-{number}"
        cost = round(chance.random(), 6)
        statements.append(
            chance.choice(
                [
                    (
                        "INSERT INTO tool_calls (tool_call_id, workflow_id, tool_name, success,"
                        " cost_saved_usd) VALUES (?, ?, ?, ?, ?)",
                        (call, "wf-new", tool, chance.choice((0, 1, None)), cost),
                    ),
                    (
                        "INSERT INTO tool_calls (tool_call_id, workflow_id, tool_name)"
                        " VALUES (?, ?, ?), (?, ?, ?)",
                        (call, "wf-new", tool, f"{call}b", "wf-new", chance.choice(tools)),
                    ),
                    (
                        "UPDATE tool_calls SET success = ? WHERE tool_name = ?",
                        (chance.choice((0, 1)), tool),
                    ),
                    (
                        "UPDATE tool_calls SET success = ? WHERE id = ?",
                        (chance.choice((0, 1, None)), chance.randrange(1, 300)),
                    ),
                    (
                        "UPDATE tool_calls SET error_message = ? WHERE id = ?",
                        ("again", chance.randrange(1, 300)),
                    ),
                    (
                        "UPDATE adw_tools SET avg_cost_usd = ? WHERE tool_name = ?",
                        (cost, tool),
                    ),
                    (
                        "UPDATE operation_patterns SET review_notes = ? WHERE id % 7 = ?",
                        (f"note {number}", chance.randrange(7)),
                    ),
                    (
                        "INSERT INTO operation_patterns (pattern_signature, pattern_type)"
                        " VALUES (?, ?)",
                        (f"new:{number}", "test"),
                    ),
                ]
            )
        )
    return statements
