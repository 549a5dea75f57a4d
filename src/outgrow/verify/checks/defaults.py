"""DEFAULT at columns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import apsw

from outgrow.model.source import Expression, SourceDatabase
from outgrow.model.steps import Built, ObjectKind
from outgrow.verify.inspection import Inspection, Problem

KIND = ObjectKind.DEFAULTS


def in_source(source: SourceDatabase) -> int:
    """Count the columns with a default that is ever stored and is not NULL."""
    with closing(apsw.Connection(":memory:")) as sqlite:
        return sum(not _is_null(sqlite, default) for default in _defaults(source))


def _defaults(source: SourceDatabase) -> Iterator[Expression]:
    """Give every default but those of rowids, which SQLite never uses."""
    for table in source.tables:
        for column in table.columns:
            is_rowid = table.rowid_alias and column.name == table.rowid_alias
            if column.default is not None and not is_rowid:
                yield column.default


def _is_null(sqlite: apsw.Connection, default: Expression) -> bool:
    """Whether a default is NULL, which is none; what only the application can compute is one."""
    try:
        # The end of the line ends a comment, too.
        return bool(sqlite.execute(f"SELECT ({default.sql}\n) IS NULL").get)
    except apsw.Error:
        return False


def look(built: Built, inspection: Inspection) -> list[Problem] | None:
    """Ask whether the column has a default."""
    table = inspection.table(built.table)
    column = table.column(built.target) if table else None
    return [] if column is not None and column.default else None
