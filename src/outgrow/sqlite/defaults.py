"""What a DEFAULT stores, found out by letting SQLite store it."""

from __future__ import annotations

import apsw

from outgrow.model.source import SourceColumn
from outgrow.model.types import Kind, TargetType
from outgrow.sqlite.fitting import fits, register


def misfit_of_default(column: SourceColumn, target: TargetType) -> str | None:
    """Give the default's value as text if ``target`` could not hold it as it is, else ``None``.

    A default that calls what plain SQLite does not have says nothing here.
    """
    if column.default is None:
        return None
    with apsw.Connection(":memory:") as connection:
        register(connection)
        try:
            connection.execute(
                f"CREATE TABLE t (a, v {column.affinity} DEFAULT ({column.default.sql}))"
            )
            connection.execute("INSERT INTO t (a) VALUES (1)")
        except apsw.Error:
            return None
        condition = fits("v", target, "UTF-8")
        if target.kind is Kind.NUMERIC and target.scale is not None:
            condition = f"({condition}) AND CAST(printf('%.{target.scale}f', v) AS REAL) = v"
        query = f"SELECT quote(v) FROM t WHERE v IS NOT NULL AND NOT ({condition})"
        for (value,) in connection.execute(query):
            return str(value)
    return None
