"""The demo's files are what the reference application's description says, hazards included.

Everything is read with the standard library's sqlite3; the description is the project's own
``tac_webbuilder.json`` where that folder is there.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from outgrow.demo import build_reference
from outgrow.errors import UsageError

DESCRIPTION = Path(__file__).parents[4] / "shared" / "reference" / "tac_webbuilder.json"
FILES = ("database.db", "workflow_history.db")

Connections = dict[str, sqlite3.Connection]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("reference")
    build_reference(directory, megabytes=1)
    return directory


@pytest.fixture(scope="module")
def built(directory: Path) -> Iterator[Connections]:
    connections = {name: sqlite3.connect(directory / name) for name in FILES}
    yield connections
    for connection in connections.values():
        connection.close()


@pytest.fixture
def history(built: Connections) -> sqlite3.Connection:
    return built["workflow_history.db"]


def column(connection: sqlite3.Connection, table: str, name: str) -> list[Any]:
    return [value for (value,) in connection.execute(f'SELECT "{name}" FROM "{table}"')]


def names(connection: sqlite3.Connection, kind: str) -> list[str]:
    rows = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite^_%' ESCAPE '^'"
        " ORDER BY name",
        (kind,),
    )
    return [name for (name,) in rows]


@pytest.mark.parametrize(("name", "tables", "indexes"), [(FILES[0], 25, 37), (FILES[1], 9, 42)])
def test_counts(built: Connections, name: str, tables: int, indexes: int) -> None:
    found = {kind: len(names(built[name], kind)) for kind in ("table", "index", "view", "trigger")}
    assert found == {"table": tables, "index": indexes, "view": 4, "trigger": 4}


def test_counts_of_both_files_together(built: Connections) -> None:
    tables = [set(names(connection, "table")) for connection in built.values()]
    assert (len(tables[0] | tables[1]), len(tables[0] & tables[1])) == (27, 7)
    definitions = {
        (name, definition.partition(" ON ")[2])
        for connection in built.values()
        for name, definition in connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
        )
    }
    assert len({name for name, _ in definitions}) == 47
    assert len({definition for _, definition in definitions}) == 46


@pytest.mark.skipif(not DESCRIPTION.exists(), reason="the reference's description is not here")
@pytest.mark.parametrize("name", FILES)
def test_ddl_is_what_the_description_says(built: Connections, name: str) -> None:
    described = json.loads(DESCRIPTION.read_text())[name]
    assert {table: facts(built[name], table) for table in names(built[name], "table")} == {
        table: normalised(facts) for table, facts in described.items()
    }


def normalised(described: dict[str, Any]) -> dict[str, Any]:
    columns = described["columns"]
    if isinstance(columns, str):
        columns = [{"name": f"col{n}", "type": "INTEGER"} for n in range(100)]
    return {
        "columns": columns,
        "unique": {tuple(key) for key in described.get("unique", [])},
        "indexes": {(i["name"], tuple(i["columns"])) for i in described.get("indexes", [])},
        "foreign_keys": {
            (tuple(key["columns"]), *key["references"]) for key in described.get("foreign_keys", [])
        },
    }


def facts(connection: sqlite3.Connection, table: str) -> dict[str, Any]:
    """What SQLite made of a table's DDL; comments and CHECKs from its text."""
    (sql,) = connection.execute(
        "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    keys: dict[str, tuple[list[str], str]] = {}
    for _, index, _, origin, _ in connection.execute(f"PRAGMA index_list({table})"):
        parts = [
            f"{part} DESC" if descending else part
            for _, _, part, descending, _, is_key in connection.execute(
                f"PRAGMA index_xinfo({index})"
            )
            if is_key
        ]
        keys[index] = (parts, origin)
    return {
        "columns": [
            column_facts(row, sql) for row in connection.execute(f"PRAGMA table_info({table})")
        ],
        "unique": {tuple(parts) for parts, origin in keys.values() if origin == "u"},
        "indexes": {(i, tuple(parts)) for i, (parts, origin) in keys.items() if origin == "c"},
        "foreign_keys": {
            ((child,), parent, parent_column)
            for _, _, parent, child, parent_column, *_ in connection.execute(
                f"PRAGMA foreign_key_list({table})"
            )
        },
    }


def column_facts(row: tuple[Any, ...], sql: str) -> dict[str, Any]:
    _, name, declared, not_null, default, key = row
    found: dict[str, Any] = {"name": name, "type": declared}
    if key:
        found["pk"] = key
        if f"    {name} INTEGER PRIMARY KEY AUTOINCREMENT" in sql:
            found["autoincrement"] = True
    if not_null:
        found["not_null"] = True
    if default is not None:
        found["default"] = default
    if check := re.search(rf"CHECK \({name} IN \(([^)]*)\)", sql):
        found["one_of"] = re.findall(r"'([^']*)'", check[1])
    if comment := re.search(rf"^    {name} [^\n]*?  -- (.*)$", sql, re.MULTILINE):
        found["comment"] = comment[1]
    return found


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_sound(built: Connections, name: str) -> None:
    """``integrity_check`` also tests UNIQUE, NOT NULL and CHECK of every row."""
    assert built[name].execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert built[name].execute("PRAGMA journal_mode").fetchone() == ("delete",)
    for view in names(built[name], "view"):
        assert built[name].execute(f"SELECT * FROM {view}").fetchall() or name == FILES[0]


@pytest.mark.parametrize("megabytes", [1, 3])
def test_the_size_is_what_was_asked_for(tmp_path: Path, megabytes: int) -> None:
    _, history = build_reference(tmp_path, megabytes=megabytes)
    assert history.stat().st_size == pytest.approx(megabytes * 1_000_000, rel=0.15)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


def test_the_same_seed_gives_the_same_rows_and_another_gives_others(
    directory: Path, tmp_path: Path
) -> None:
    def dumps(paths: tuple[Path, Path]) -> list[str]:
        found = []
        for path in paths:
            with closing(sqlite3.connect(path)) as connection:
                found.append("\n".join(connection.iterdump()))
        return found

    first = dumps((directory / FILES[0], directory / FILES[1]))
    assert dumps(build_reference(tmp_path / "again", megabytes=1)) == first
    other = dumps(build_reference(tmp_path / "other", megabytes=1, seed=7))
    assert other[0] != first[0]
    assert other[1] != first[1]


def test_a_file_that_is_not_the_demos_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "workflow_history.db"
    mine.write_bytes(b"years of work")
    with pytest.raises(UsageError, match=r"workflow_history\.db.*not made by the demo"):
        build_reference(tmp_path, megabytes=1)
    assert mine.read_bytes() == b"years of work"
    assert list(tmp_path.iterdir()) == [mine]


def test_an_earlier_demo_is_replaced_with_its_logs(tmp_path: Path) -> None:
    build_reference(tmp_path, megabytes=0.5)
    wal = tmp_path / "workflow_history.db-wal"
    wal.write_bytes(b"of the earlier file")
    _, history = build_reference(tmp_path, megabytes=1)
    assert history.stat().st_size > 800_000
    assert not wal.exists()


def test_progress_ends_at_the_number_of_rows(tmp_path: Path) -> None:
    told: dict[str, list[tuple[int, int]]] = {}
    _, history = build_reference(
        tmp_path,
        megabytes=8,
        progress=lambda table, done, total: told.setdefault(table, []).append((done, total)),
    )
    assert len(told["tool_calls"]) > 2, "the largest table reports on its way"
    for steps in told.values():
        assert steps[-1][0] == steps[-1][1]
    with closing(sqlite3.connect(history)) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM tool_calls").fetchone()
    assert told["tool_calls"][-1] == (rows, rows)


# The hazards, one by one.

SPELLINGS = {
    "plain": re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
    "local": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}"),
    "zulu": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
    "offset": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00"),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("table", ["workflow_history", "tool_calls", "hook_events"])
def test_four_spellings_of_time_in_one_column(built: Connections, name: str, table: str) -> None:
    seen = {
        next(spelling for spelling, shape in SPELLINGS.items() if shape.fullmatch(text))
        for text in column(built[name], table, "created_at")
    }
    assert seen == set(SPELLINGS)


def test_dates_that_are_not(history: sqlite3.Connection) -> None:
    assert "" in column(history, "workflow_history", "start_time")
    assert "unknown" in column(history, "workflow_history", "end_time")
    assert "unknown" in column(history, "hook_events", "processed_at")
    assert "" in column(history, "operation_patterns", "reviewed_at")


def kind_of_json(text: str | None) -> str:
    if text is None or text == "":
        return repr(text)
    constants: list[str] = []
    try:
        value = json.loads(text, parse_constant=constants.append)
    except ValueError:
        return "NaN" if "NaN" in text else "invalid"
    if constants:
        return "NaN"
    if "\\u0000" in text:
        return "escaped NUL"
    if isinstance(value, list):
        return "array"
    return "spaced" if '": ' in text else "compact"


def test_json_of_every_kind(history: sqlite3.Connection) -> None:
    kinds = {kind_of_json(text) for text in column(history, "workflow_history", "structured_input")}
    assert kinds == {"None", "''", "invalid", "NaN", "compact", "spaced"}
    kinds = {kind_of_json(text) for text in column(history, "workflow_history", "anomaly_flags")}
    assert kinds >= {"array", "None", "escaped NUL"}
    payloads = {kind_of_json(text) for text in column(history, "hook_events", "payload")}
    assert payloads >= {"compact", "invalid", "''"}
    clean = {kind_of_json(text) for text in column(history, "workflow_history", "token_breakdown")}
    assert clean == {"spaced"}, "a column that can become jsonb is there too"


def test_a_boolean_that_is_two(built: Connections) -> None:
    values = column(built["workflow_history.db"], "workflow_history", "worktree_reused")
    assert set(values) == {0, 1, 2}
    assert values.count(2) < 3
    assert set(column(built["workflow_history.db"], "tool_calls", "success")) == {0, 1, None}


def test_costs_need_eight_decimals(history: sqlite3.Connection) -> None:
    costs = column(history, "workflow_history", "actual_cost_total")
    assert all(round(cost, 4) != cost for cost in costs), "NUMERIC(10,4) changes every cost"
    assert all(round(cost, 8) == cost for cost in costs)
    per_token = column(history, "workflow_history", "cost_per_token")
    assert any(0.0000025 <= cost <= 0.0000038 for cost in per_token)
    assert any(round(cost, 6) == 0 for cost in per_token), "and NUMERIC(10,6) loses some"
    assert all(round(cost, 8) == cost > 0 for cost in per_token)


def test_scores_have_sentinels(history: sqlite3.Connection) -> None:
    scores = column(history, "workflow_history", "quality_score")
    assert {-1.0, 0.0} < set(scores)
    assert -1 in column(history, "workflow_history_archive", "hour_of_day")


@pytest.mark.parametrize("name", FILES)
def test_texts_that_break_careless_copying(built: Connections, name: str) -> None:
    texts = [
        text
        for table, where in (
            ("workflow_history", "nl_input"),
            ("workflow_history", "error_message"),
            ("tool_calls", "error_message"),
            ("cost_savings_log", "notes"),
        )
        for text in column(built[name], table, where)
        if text
    ]
    for piece in ("\t", "\n", "\r", "\\", "'", '"', "🚀", "\x00", "\\N", "NULL"):
        assert any(piece in text for text in texts), repr(piece)


def test_references_that_nothing_answers(history: sqlite3.Connection) -> None:
    ids = column(history, "workflow_history", "workflow_id")
    assert ids.count(None) > len(ids) / 2
    for table in ("tool_calls", "hook_events", "pattern_occurrences", "cost_savings_log"):
        wanted = {value for value in column(history, table, "workflow_id") if value}
        assert wanted & set(ids), table
        assert len(wanted - set(ids)) > len(wanted) / 3, table
    with pytest.raises(sqlite3.OperationalError, match="foreign key mismatch"):
        history.execute("PRAGMA foreign_key_check(tool_calls)").fetchall()


def test_parent_values_are_unique_in_one_file_and_not_in_the_other(built: Connections) -> None:
    repeats = {}
    for name, connection in built.items():
        ids = [i for i in column(connection, "workflow_history", "workflow_id") if i]
        repeats[name] = len(ids) - len(set(ids))
    assert repeats == {"database.db": 1, "workflow_history.db": 0}


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("workflow_history", "adw_id"),
        ("operation_patterns", "pattern_signature"),
        ("adw_tools", "tool_name"),
    ],
)
def test_the_two_files_collide(built: Connections, table: str, key: str) -> None:
    rows = [
        dict(connection.execute(f"SELECT id, {key} || created_at FROM {table}"))
        for connection in built.values()
    ]
    shared_ids = set(rows[0]) & set(rows[1])
    assert shared_ids
    assert any(rows[0][number] != rows[1][number] for number in shared_ids)
    keys = [set(column(connection, table, key)) for connection in built.values()]
    assert keys[0] & keys[1]
    if table != "adw_tools":
        assert keys[0] - keys[1]


def test_sequences_stand_past_deleted_rows_and_at_nothing(built: Connections) -> None:
    history = built["workflow_history.db"]
    sequences = dict(history.execute("SELECT name, seq FROM sqlite_sequence"))
    assert sequences["hook_events"] > max(column(history, "hook_events", "id"))
    assert column(built["database.db"], "pattern_occurrences", "id") == []


def test_totals_agree_with_the_calls(history: sqlite3.Connection) -> None:
    counted = history.execute(
        "SELECT t.total_invocations, count(c.id) FROM adw_tools t"
        " LEFT JOIN tool_calls c USING (tool_name) GROUP BY t.id"
    ).fetchall()
    assert counted
    assert all(told == real for told, real in counted)
