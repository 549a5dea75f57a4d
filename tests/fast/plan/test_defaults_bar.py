"""A default that a promoted column could not hold keeps the column as it is."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outgrow.model.types import Policy
from outgrow.pipeline.assess import Wishes, assessed
from outgrow.pipeline.progress import Silent
from outgrow.plan.planfile import write_plan


def decided(path: Path, ddl: str, *values: object) -> tuple[str, str, str]:
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE t (id INTEGER PRIMARY KEY, {ddl})")
        connection.executemany("INSERT INTO t (v) VALUES (?)", [(value,) for value in values])
    connection.close()
    with assessed([path], Wishes(policy=Policy.NATIVE), progress=Silent()) as assessment:
        column = assessment.plan.table("t").column("v")
        text = write_plan(assessment.plan, assessment.source, assessment.census)
        return str(column.type), column.reason, text


TIMESTAMP = "timestamp without time zone"


@pytest.mark.parametrize(
    ("ddl", "value", "type_"),
    [
        ("v TEXT DEFAULT CURRENT_TIMESTAMP", "2024-01-02T03:04:05.678Z", "text"),
        ("v TEXT DEFAULT CURRENT_TIMESTAMP", "2024-01-02 03:04:05", TIMESTAMP),
        ("v DATETIME DEFAULT ''", "2024-01-02 03:04:05", "text"),
        ("v DATETIME DEFAULT '0000-00-00 00:00:00'", "2024-01-02 03:04:05", "text"),
        ("v DATETIME DEFAULT NULL", "2024-01-02 03:04:05", TIMESTAMP),
        ("v TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ'))", "2024-01-02T03:04:05Z", TIMESTAMP),
        ("v BOOLEAN DEFAULT 2", 1, "bigint"),
        ("v BOOLEAN DEFAULT 0", 1, "boolean"),
        ("v JSON DEFAULT ''", '{"a": 1}', "text"),
        ("v JSON DEFAULT '{}'", '{"a": 1}', "jsonb"),
        ("v TEXT DEFAULT (unknown_to_sqlite())", "2024-01-02 03:04:05", TIMESTAMP),
    ],
)
def test_default_and_type(tmp_path: Path, ddl: str, value: object, type_: str) -> None:
    assert decided(tmp_path / "a.db", ddl, value)[0] == type_


def test_a_plan_does_not_change_with_the_clock(tmp_path: Path) -> None:
    """A run resumes only with the same plan, so that nothing of the moment may be in it."""
    _, reason, plan = decided(
        tmp_path / "a.db", "v TEXT DEFAULT CURRENT_TIMESTAMP", "2024-01-02T03:04:05.678Z"
    )
    assert "CURRENT_TIMESTAMP" in reason
    year = datetime.now(UTC).year
    assert str(year) not in plan.replace("2024", "")
