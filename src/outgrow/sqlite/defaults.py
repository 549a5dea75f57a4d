"""What a DEFAULT stores, found out by letting SQLite store it."""

from __future__ import annotations

from contextlib import closing

import apsw

from outgrow.model.source import SourceColumn
from outgrow.model.types import Kind, TargetType
from outgrow.sqlite.fitting import fits, register


def default_fits(column: SourceColumn, target: TargetType) -> bool:
    """Whether ``target`` holds what the column's default stores, as it is.

    A default that calls what plain SQLite does not have says nothing here, and fits.
    """
    if column.default is None:
        return True
    with closing(apsw.Connection(":memory:")) as connection:
        register(connection)
        try:
            connection.execute(
                f"CREATE TABLE t (a, v {column.affinity} DEFAULT ({column.default.sql}))"
            )
            connection.execute("INSERT INTO t (a) VALUES (1)")
        except apsw.Error:
            return True
        condition = fits("v", target, "UTF-8")
        if target.kind is Kind.NUMERIC and target.scale is not None:
            condition = f"({condition}) AND CAST(printf('%.{target.scale}f', v) AS REAL) = v"
        rows = connection.execute(f"SELECT v IS NULL OR ({condition}) FROM t")
        return all(fitting for (fitting,) in rows)
