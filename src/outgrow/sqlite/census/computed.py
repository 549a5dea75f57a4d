"""Generated columns that have stored what their expressions do not give."""

from __future__ import annotations

from contextlib import suppress

import apsw

from outgrow.model.source import SourceColumn
from outgrow.sqlite.census.scan import Scan
from outgrow.sqlite.rows import quote_identifier


def count_miscomputed(scan: Scan) -> dict[str, int]:
    """Count the rows of each stored generated column whose value is another than computed now."""
    counts = {}
    for column in scan.table.columns:
        if column.generated is not None and column.stored:
            # A function that only the application has: PostgreSQL has it not, either.
            with suppress(apsw.SQLError):
                table = f"main.{quote_identifier(scan.table.name)}"
                counts[column.name] = miscomputed(scan.snapshot.connection, table, column)
    return counts


def miscomputed(connection: apsw.Connection, table: str, column: SourceColumn) -> int:
    """Count the rows of a table (as SQL) where a stored generated column holds another value.

    SQLite computes it when a row is written and never looks again
    (https://www.sqlite.org/gencol.html): a definition that was edited, or a function that gave
    something else then, leaves the old values.

    Raises:
        apsw.SQLError: only the application can compute it.

    """
    assert column.generated is not None
    differs = f"t.{quote_identifier(column.name)} IS NOT ({column.generated.sql}\n)"
    query = f"SELECT count(*) FROM {table} AS t NOT INDEXED WHERE {differs} COLLATE BINARY"
    ((count,),) = connection.execute(query)
    return int(count)
