"""Generated columns that have stored what their expressions do not give."""

from __future__ import annotations

from contextlib import suppress

import apsw

from outgrow.sqlite.census.scan import Scan
from outgrow.sqlite.rows import quote_identifier


def count_miscomputed(scan: Scan) -> dict[str, int]:
    """Count the rows of each stored generated column whose value is another than computed now.

    SQLite computes it when a row is written and never looks again
    (https://www.sqlite.org/gencol.html): a definition that was edited, or a function that gave
    something else then, leaves the old values.
    """
    counts = {}
    for column in scan.table.columns:
        if column.generated is None or not column.stored:
            continue
        differs = f"t.{quote_identifier(column.name)} IS NOT ({column.generated.sql}\n)"
        query = f"SELECT count(*) FROM {scan.origin} WHERE {differs} COLLATE BINARY"
        # A function that only the application has: PostgreSQL has it not, either.
        with suppress(apsw.SQLError):
            ((counts[column.name],),) = scan.snapshot.connection.execute(query)
    return counts
