"""Which names mean what at a place in the SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from outgrow.model.names import fold
from outgrow.postgres.identifiers import quote
from outgrow.translate.errors import (
    BARE_COLUMN,
    UNKNOWN_NAME,
    UntranslatableSQL,
    unsupported,
)
from outgrow.translate.expressions.values import Value
from outgrow.translate.parse import Node

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
    order: tuple[str, ...] = ()
    is_table: bool = False
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


@dataclass(frozen=True, slots=True)
class Merged:
    """A column of USING or NATURAL: what it reads as, and of how many sources it is one."""

    value: Value
    count: int = 1

    def nullable(self) -> Merged:
        """The same column on the side of an outer join that may have no row."""
        return replace(self, value=replace(self.value, nullable=True))


@dataclass(slots=True)
class Scope:
    """The sources of one SELECT or statement, inside the scope around it.

    Args:
        sources: the tables, views and subqueries of its FROM.
        parent: the scope around it.
        merged: columns of USING and NATURAL, which a bare name finds without ambiguity.
        aliases: result columns, which SQLite lets WHERE, GROUP BY and HAVING name.
        windows: the definitions of its WINDOW clause by folded name.
        used_windows: those that a call names, as they are written.
        windows_in_use: how many different windows its calls have.
        order: what sorts its rows, as SQLite would visit whole tables from left to right.
        reading: the same, where SQLite does visit them so.
        taken: the names that its FROM gave to sources in PostgreSQL.
        grouped: while set, only these columns (by their SQL) may stand outside an aggregate.
        bare: how any other column is read then; ``None`` where it can't be.
        uses: how many columns were found here.
        claimed: whether an aggregate inside a subquery turned out to be one of this SELECT.

    """

    sources: tuple[Source, ...] = ()
    parent: Scope | None = None
    merged: Mapping[str, Merged] = field(default_factory=dict)
    aliases: Mapping[str, Value] = field(default_factory=dict)
    windows: Mapping[str, Node] = field(default_factory=dict)
    used_windows: dict[str, str] = field(default_factory=dict)
    windows_in_use: int = 0
    order: tuple[str, ...] = ()
    reading: tuple[str, ...] = ()
    taken: set[str] = field(default_factory=set)
    grouped: frozenset[str] | None = None
    bare: Callable[[Value], Value] | None = None
    uses: int = 0
    claimed: bool = False

    def column(self, name: str, table: str | None) -> Value | None:
        """Find a column; raises UntranslatableSQL where SQLite would call it ambiguous."""
        folded = fold(name)
        found = self._qualified(folded, fold(table)) if table else self._bare(folded)
        if found is not None or self.parent is None:
            return found
        outer = self.parent.column(name, table)
        if outer is not None:
            self._not_hidden(outer)
        return outer

    def chain(self) -> Iterator[Scope]:
        """Give this scope and those around it."""
        yield self
        if self.parent is not None:
            yield from self.parent.chain()

    def _qualified(self, folded: str, table: str) -> Value | None:
        named = [source for source in self.sources if source.alias == table]
        found = [
            (source, value) for source in named if (value := source.column(folded)) is not None
        ]
        if len(found) > 1:
            raise UntranslatableSQL(UNKNOWN_NAME, f"ambiguous column name: {table}.{folded}")
        if found:
            return self._read(*found[0])
        if not named:
            return None
        if folded in ROWID_NAMES and named[0].is_table:
            raise no_rowid(named[0])
        raise UntranslatableSQL(UNKNOWN_NAME, f"no such column: {table}.{folded}")

    def _bare(self, folded: str) -> Value | None:
        sources = [source for source in self.sources if not source.qualified_only]
        matches = [
            (source, source.columns[folded]) for source in sources if folded in source.columns
        ]
        merged = self.merged.get(folded)
        if merged is not None and merged.count == len(matches):
            self.uses += 1
            return self.check(merged.value)
        if not matches and folded in ROWID_NAMES:
            matches = _rowids(sources)
        if len(matches) > 1:
            raise UntranslatableSQL(UNKNOWN_NAME, f"ambiguous column name: {folded}")
        if matches:
            return self._read(*matches[0])
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

    def _not_hidden(self, outer: Value) -> None:
        """Refuse a column of an outer table that a table of the same name stands before."""
        if any(outer.sql.startswith(f"{quote(name)}.") for name in self.taken):
            raise unsupported(
                f"{outer.sql}, which is a column of the outer SELECT's table",
                "Give the tables different aliases",
            )

    def _read(self, source: Source, value: Value) -> Value:
        if source.qualified_only:
            return value
        self.uses += 1
        return self.check(value)

    def check(self, value: Value) -> Value:
        """Give a column as it reads beside an aggregate; raises where it is not in GROUP BY."""
        if self.grouped is None or value.sql in self.grouped:
            return value
        if self.bare is not None:
            return self.bare(value)
        raise UntranslatableSQL(
            BARE_COLUMN,
            f"{value.sql} stands beside an aggregate and is not in GROUP BY: SQLite takes it "
            "from any row of the group",
            "Name it in GROUP BY, or use MIN or MAX",
        )


def _rowids(sources: Sequence[Source]) -> list[tuple[Source, Value]]:
    """The sources that have a rowid; raises where that is not known."""
    for source in sources:
        if source.is_table and source.rowid is None:
            raise no_rowid(source)
    return [(source, source.rowid) for source in sources if source.rowid is not None]


def no_rowid(source: Source) -> UntranslatableSQL:
    """Say that a table's rowid is kept by no column."""
    key = ", ".join(sorted(source.key))
    hint = f"Name the key instead: {key}" if key else "Name the columns of a key instead"
    return unsupported(f"rowid of {source.alias}, which no column keeps", hint)
