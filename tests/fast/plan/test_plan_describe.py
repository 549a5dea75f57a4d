"""A plan as plain data."""

from __future__ import annotations

import json
from collections.abc import Callable

from outgrow.model.census import Census
from outgrow.model.source import SourceDatabase
from outgrow.model.types import Policy
from outgrow.plan.describe import Row, as_json, rows
from outgrow.plan.planfile import read_plan
from outgrow.plan.weighing import make_plan

Made = Callable[..., tuple[SourceDatabase, Census]]


def test_rows_and_json(made: Made) -> None:
    source, census = made(
        "CREATE TABLE T (xmin DATETIME, n TEXT); CREATE TABLE left_out (a)",
        {"T": [("2024-01-31 10:00:00", "x")]},
    )
    overrides = read_plan("[tables.left_out]\ninclude = false\n", source)
    plan = make_plan(source, census, policy=Policy.NATIVE, overrides=overrides)
    assert next(iter(rows(plan, source))) == Row(
        "T",
        "xmin",
        "DATETIME",
        "timestamp without time zone (YYYY-MM-DD HH:MM:SS)",
        "The only value is spelled YYYY-MM-DD HH:MM:SS, and the declared type is DATETIME",
    )
    assert {row.table for row in rows(plan, source)} == {"T"}
    described = json.loads(json.dumps(as_json(plan, source, ["a.db"], plan.findings)))
    assert [table["include"] for table in described["tables"]] == [True, False]
    column = described["tables"][0]["columns"][0]
    assert (column["name"], column["shape"]) == ("xmin_2", "YYYY-MM-DD HH:MM:SS")
    assert described["renamed"][0]["to"] == "xmin_2"
    assert described["policy"] == "native"
