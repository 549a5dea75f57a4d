"""What a statement changed of the tables: which came, went, or have other names or columns."""

from __future__ import annotations

from dataclasses import dataclass

from outgrow.model.names import fold
from outgrow.model.source import SourceTable
from outgrow.translate.definitions.making import Defined
from outgrow.translate.definitions.successor import matched, places
from outgrow.translate.schema import ColumnInfo, TableInfo


@dataclass(frozen=True, slots=True)
class TableChange:
    """A table before and after; ``source`` is what SQLite makes of it after.

    ``pairs``: each column that is on both sides.
    """

    old: TableInfo | None
    new: TableInfo | None
    source: SourceTable | None
    pairs: tuple[tuple[ColumnInfo, ColumnInfo], ...] = ()

    @property
    def temporary(self) -> bool:
        """Whether only this connection has the table."""
        info = self.new or self.old
        return bool(info and info.temporary)

    @property
    def added(self) -> list[ColumnInfo]:
        """The columns that only the table after has."""
        kept = {new.name for _, new in self.pairs}
        return (
            [column for column in self.new.columns if column.name not in kept] if self.new else []
        )

    @property
    def dropped(self) -> list[ColumnInfo]:
        """The columns that only the table before has."""
        kept = {old.name for old, _ in self.pairs}
        return (
            [column for column in self.old.columns if column.name not in kept] if self.old else []
        )

    @property
    def renamed(self) -> list[tuple[ColumnInfo, ColumnInfo]]:
        """The columns that have another name, in SQLite or in the target."""
        return [(a, b) for a, b in self.pairs if (a.source, a.name) != (b.source, b.name)]


def table_changes(old: Defined, new: Defined) -> list[TableChange]:
    """Compare the tables, in the order in which they were made."""
    before, after = places(old.picture, "table"), places(new.picture, "table")
    changes = []
    for place in dict.fromkeys((*before, *after)):
        was, now = before.get(place), after.get(place)
        if was == now:
            continue
        left = old.info(was.name) if was else None
        right = new.info(now.name) if now else None
        source = new.picture.table(now) if now else None
        changes.append(TableChange(left, right, source, _pairs(left, right, source)))
    return changes


def _pairs(
    old: TableInfo | None, new: TableInfo | None, source: SourceTable | None
) -> tuple[tuple[ColumnInfo, ColumnInfo], ...]:
    if old is None or new is None or source is None:
        return ()
    known = matched(source, old.columns)
    return tuple(
        (known[fold(column.source)], column)
        for column in new.columns
        if fold(column.source) in known
    )
