"""Every test begins with empty tables and a client of the application."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

# Where nothing else is said, the tests have files of their own.
_folder = tempfile.TemporaryDirectory(prefix="tac-")
os.environ.setdefault("SQLITE_PATH", str(Path(_folder.name) / "database.db"))

from core.connection import get_connection  # noqa: E402

from server import app  # noqa: E402

_TABLES = {
    None: ("adw_locks", "phase_queue", "queue_config"),
    "workflow_history": (
        "pattern_occurrences",
        "cost_savings_log",
        "hook_events",
        "tool_calls",
        "operation_patterns",
        "adw_tools",
        "workflow_history_archive",
        "workflow_history",
    ),
}


@pytest.fixture(scope="session")
def started() -> Iterator[TestClient]:
    """The running application."""
    with TestClient(app) as client:
        yield client


@pytest.fixture
def client(started: TestClient) -> TestClient:
    """The application without data."""
    for database, tables in _TABLES.items():
        with get_connection(database=database) as conn:
            for table in tables:
                conn.execute(f"DELETE FROM {table}")
    return started
