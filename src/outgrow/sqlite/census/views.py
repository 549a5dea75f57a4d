"""The storage classes that each column of a view gives.

A view has no declared types, and PostgreSQL has one type a column: where the translation can't
tell the class from the SQL (``json_extract``, ``coalesce(n, 'none')``), the rows do.
"""

from __future__ import annotations

from time import monotonic

import apsw

from outgrow.model.source import SourceDatabase, SourceView
from outgrow.sqlite.rows import quote_identifier
from outgrow.sqlite.snapshot import Snapshot

#: Seconds that one view may take; the classes of one that takes longer stay unknown.
_PATIENCE = 5.0
#: Virtual machine instructions between two looks at the clock.
_STEPS = 100_000


def view_classes(
    snapshot: Snapshot, source: SourceDatabase
) -> dict[str, tuple[frozenset[str], ...]]:
    """Give the classes of each column, NULL apart, of every view that runs in time."""
    found = {}
    for view in source.views:
        classes = _classes(snapshot.connection, view)
        if classes is not None:
            found[view.name] = classes
    return found


def _classes(connection: apsw.Connection, view: SourceView) -> tuple[frozenset[str], ...] | None:
    if view.broken or not view.columns:
        return None
    names = [f"c{position}" for position in range(len(view.columns))]
    listed = ", ".join(f"group_concat(DISTINCT typeof({name}))" for name in names)
    sql = (
        f"WITH v({', '.join(names)}) AS (SELECT * FROM main.{quote_identifier(view.name)}) "
        f"SELECT {listed} FROM v"
    )
    end = monotonic() + _PATIENCE
    connection.set_progress_handler(lambda: monotonic() > end, _STEPS)
    try:
        (row,) = connection.execute(sql)
    except apsw.Error:
        # The rows of the view are compared later, and what is wrong with it is told there.
        return None
    finally:
        connection.set_progress_handler(None)
    return tuple(frozenset(str(cell or "null").split(",")) - {"null"} for cell in row)
