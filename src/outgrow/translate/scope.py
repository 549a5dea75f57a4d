"""Which names mean what at a place in the SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from outgrow.model.names import fold
from outgrow.translate.errors import (
    BARE_COLUMN,
    UNKNOWN_NAME,
    UntranslatableSQL,
    unsupported,
)
from outgrow.translate.values import Value

ROWID_NAMES = frozenset({"rowid", "oid", "_rowid_"})


@dataclass(frozen=True, slots=True)
class Source:
    """A table, view or subquery in FROM, or NEW and OLD in a trigger.

    Args:
        alias: the folded name that qualifies its columns.
        names: the columns as ``SELECT *`` names them, in their order.
        columns: what each folded column name reads as.
        rowid: what ``rowid`` reads as, where there is such a column.
        rowid_name: the folded name of that column.
        qualified_only: NEW and OLD: never found by a bare column name.
        key: folded columns that identify a row, for the columns that GROUP BY determines.

    """

    alias: str
    names: tuple[str, ...]
    columns: Mapping[str, Value]
    rowid: Value | None = None
    qualified_only: bool = False
    key: frozenset[str] = frozenset()
    rowid_name: str = ""

    def nullable(self) -> Source:
        """The same source on the side of an outer join that may have no row."""
        columns = {name: replace(value, nullable=True) for name, value in self.columns.items()}
        return replace(
            self, columns=columns, rowid=self.rowid and replace(self.rowid, nullable=True)
        )

    def column(self, folded: str) -> Value | None:
        """What a column name reads as in this source."""
        found = self.columns.get(folded)
        if found is None and folded in ROWID_NAMES:
            return self.rowid
        return found


@dataclass(slots=True)
class Scope:
    """The sources of one SELECT or statement, inside the scope around it.

    ``merged``: columns of USING and NATURAL, which a bare name finds without ambiguity.
    ``aliases``: result columns, which SQLite lets WHERE, GROUP BY and HAVING name.
    ``grouped``: while set, only these columns (by their SQL) may stand outside an aggregate.
    """

    sources: tuple[Source, ...] = ()
    parent: Scope | None = None
    merged: Mapping[str, Value] = field(default_factory=dict)
    aliases: Mapping[str, Value] = field(default_factory=dict)
    grouped: frozenset[str] | None = None

    def column(self, name: str, table: str | None) -> Value | None:
        """Find a column; raises UntranslatableSQL where SQLite would call it ambiguous."""
        folded = fold(name)
        found = self._qualified(folded, fold(table)) if table else self._bare(folded)
        if found is not None:
            return found
        return self.parent.column(name, table) if self.parent else None

    def _qualified(self, folded: str, table: str) -> Value | None:
        for source in self.sources:
            if source.alias == table:
                found = source.column(folded)
                if found is None:
                    if folded in ROWID_NAMES:
                        raise unsupported(
                            f"rowid of {table}, which no column keeps",
                            "Name the table's key instead",
                        )
                    raise UntranslatableSQL(UNKNOWN_NAME, f"no such column: {table}.{folded}")
                return self._checked(found, source)
        return None

    def _bare(self, folded: str) -> Value | None:
        if folded in self.merged:
            return self.merged[folded]
        matches = [
            (source, value)
            for source in self.sources
            if not source.qualified_only and (value := source.column(folded)) is not None
        ]
        if len(matches) > 1:
            raise UntranslatableSQL(UNKNOWN_NAME, f"ambiguous column name: {folded}")
        if matches:
            source, value = matches[0]
            return self._checked(value, source)
        return self.aliases.get(folded)

    def declared(self, name: str, table: str | None) -> str:
        """How the table spells a column's name; '' where no source here has it."""
        folded = fold(name)
        for source in self.sources:
            if table and source.alias != fold(table):
                continue
            wanted = source.rowid_name if folded not in source.columns else folded
            for spelled in source.names:
                if fold(spelled) == wanted and source.column(folded) is not None:
                    return spelled
        return ""

    def _checked(self, value: Value, source: Source) -> Value:
        if source.qualified_only:
            return value
        key = {source.columns[name].sql for name in source.key}
        if self.grouped is not None and key and key <= self.grouped:
            return value
        self.check(value)
        return value

    def check(self, value: Value) -> None:
        """Refuse a column that stands beside an aggregate and is not in GROUP BY."""
        if self.grouped is None or value.sql in self.grouped:
            return
        raise UntranslatableSQL(
            BARE_COLUMN,
            f"{value.sql} stands beside an aggregate and is not in GROUP BY: SQLite takes it "
            "from any row of the group",
            "Name it in GROUP BY, or use MIN or MAX",
        )
