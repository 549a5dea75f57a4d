"""Tables, indexes, views and triggers, made when the application starts."""

import sqlite3
from pathlib import Path

from core.connection import get_connection

_DDL = Path(__file__).with_name("ddl")

#: Columns that came after the first release: table, column, definition.
_ADDED = (
    ("workflow_history", "phase_number", "INTEGER"),
    ("workflow_history", "is_multi_phase", "BOOLEAN DEFAULT 0"),
    ("workflow_history", "day_of_week", "INTEGER"),
    ("hook_events", "attempts", "INTEGER DEFAULT 0"),
)


def init_schema() -> None:
    """Make what is missing, in both files."""
    with get_connection() as conn:
        conn.executescript(_ddl("database"))
    with get_connection(database="workflow_history") as conn:
        create_workflow_tables(conn)


def create_workflow_tables(conn: sqlite3.Connection) -> None:
    """Make the tables of workflow_history.db, and bring older ones up to date."""
    conn.executescript(_ddl("workflow_history"))
    for table, column, definition in _ADDED:
        if ensure_column(conn, table, column, definition):
            conn.execute(
                "INSERT OR IGNORE INTO schema_migrations (migration_file) VALUES (?)",
                (f"add_{table}_{column}.sql",),
            )
    conn.execute("CREATE INDEX IF NOT EXISTS idx_day_of_week ON workflow_history (day_of_week)")
    conn.executescript(_ddl("views_and_triggers"))


def ensure_column(conn: sqlite3.Connection, table: str, column: str, definition: str) -> bool:
    """Add a column where the table has none of that name; whether it did."""
    try:
        conn.execute(f"SELECT {column} FROM {table} LIMIT 1")
    except sqlite3.OperationalError:
        conn.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition}")
        return True
    return False


def _ddl(name: str) -> str:
    return (_DDL / f"{name}.sql").read_text(encoding="utf-8")
