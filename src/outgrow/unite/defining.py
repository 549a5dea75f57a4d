"""One definition for the tables of one name: column by column, and what had to be settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import apsw

from outgrow.model.findings import Severity
from outgrow.model.names import fold
from outgrow.model.source import (
    Expression,
    SourceCheck,
    SourceColumn,
    SourceForeignKey,
    SourceKey,
    SourceTable,
)
from outgrow.model.steps import ObjectKind
from outgrow.sqlite.affinity import affinity_of
from outgrow.sqlite.census.computed import miscomputed
from outgrow.sqlite.grammar import walk
from outgrow.sqlite.rows import quote_identifier
from outgrow.unite.bench import Bench, table_name
from outgrow.unite.naming import Member
from outgrow.unite.wording import DIFFERS, Ledger, listed
from outgrow.unite.writing import normal, write_table


def define_table(bench: Bench, members: Sequence[Member], ledger: Ledger) -> SourceTable:
    """Define the table that holds the rows of all members; its indexes are settled elsewhere.

    Args:
        bench: where values are tried under a type.
        members: the tables, in the order of the files.
        ledger: told of everything in which the members differ.

    """
    first, stale = members[0].table, _stale_columns(bench, members)
    if len({normal(member.table.sql, comments=True) for member in members}) == 1:
        return _Definer(bench, members[:1], ledger, stale).table(first)
    return _Definer(bench, members, ledger, stale).table(None)


def _stale_columns(bench: Bench, members: Sequence[Member]) -> dict[str, str]:
    """Give the stored generated columns with values that their expressions do not give.

    By folded name, the place of the first file that has such values.
    """
    found: dict[str, str] = {}
    for member in members:
        for column in member.table.columns:
            if column.generated is None or not column.stored or fold(column.name) in found:
                continue
            table = table_name(member.part.schema, member.table.name)
            # A function that only the application has is told of elsewhere.
            with bench.attached(member.part, member.original), suppress(apsw.SQLError):
                if miscomputed(bench.connection, table, column):
                    found[fold(column.name)] = _place(member, column)
    return found


def _place(member: Member, column: SourceColumn) -> str:
    return f"{member.part.label}:{member.original}.{column.name}"


@dataclass(frozen=True, slots=True)
class _Definer:
    bench: Bench
    members: Sequence[Member]
    ledger: Ledger
    stale: Mapping[str, str]

    def table(self, kept: SourceTable | None) -> SourceTable:
        """Give the definition; the text of ``kept`` stands unless something had to change."""
        first = self.members[0].table
        columns = tuple(self._column(having) for having in self._columns())
        if kept is not None and columns == kept.columns:
            return kept
        self._tell_of_absent_columns()
        alias = self._rowid_alias()
        strict = all(member.table.strict for member in self.members)
        without_rowid = all(member.table.without_rowid for member in self.members)
        self._tell_if(not strict, "STRICT", [m.table.strict for m in self.members])
        self._tell_if(
            not without_rowid, "WITHOUT ROWID", [m.table.without_rowid for m in self.members]
        )
        table = replace(
            first,
            columns=tuple(self._without_alias(column, alias, strict=strict) for column in columns),
            rowid_alias=alias,
            autoincrement=any(m.table.autoincrement for m in self.members) and bool(alias),
            without_rowid=without_rowid,
            strict=strict,
            unique=self._unique(),
            foreign_keys=self._foreign_keys(),
            checks=self._checks(),
            comment=next((m.table.comment for m in self.members if m.table.comment), ""),
        )
        return replace(table, sql=write_table(table))

    # Columns

    def _tell_of_absent_columns(self) -> None:
        for member in self.members:
            there = {fold(column.name) for column in member.table.columns}
            absent = [having[0][1].name for having in self._columns()]
            absent = [name for name in absent if fold(name) not in there]
            if absent:
                where = f"{member.part.label}:{member.original}"
                says = f"it has no {listed(absent)}, which other files have: NULL in its rows"
                self.ledger.tell(DIFFERS, where, says)

    def _columns(self) -> list[list[tuple[Member, SourceColumn]]]:
        found: dict[str, list[tuple[Member, SourceColumn]]] = {}
        for member in self.members:
            for column in member.table.columns:
                found.setdefault(fold(column.name), []).append((member, column))
        return list(found.values())

    def _column(self, having: list[tuple[Member, SourceColumn]]) -> SourceColumn:
        first = having[0][1]
        everywhere = len(having) == len(self.members)
        not_null = everywhere and all(column.not_null for _, column in having)
        if any(column.not_null for _, column in having) and not not_null:
            self._tell(first, "not every file has it as NOT NULL, so it may be NULL")
        collations = {fold(column.collation) for _, column in having}
        if len(collations) > 1:
            self._tell(first, f"its collations differ; it has {first.collation}")
        column = replace(
            first,
            declared=self._declared(having),
            not_null=not_null,
            default=self._default(having),
            comment=next((column.comment for _, column in having if column.comment), ""),
        )
        return self._settle_generated(column, having)

    def _default(self, having: list[tuple[Member, SourceColumn]]) -> Expression | None:
        first = having[0][1].default
        written = {column.default and normal(column.default.sql) for _, column in having}
        if len(written) > 1:
            others = [
                f"{column.default.sql if column.default else 'none'} in {member.part.label}"
                for member, column in having
            ]
            self._tell(having[0][1], f"its defaults differ ({listed(others)}); the first stays")
        return first

    def _settle_generated(
        self, column: SourceColumn, having: list[tuple[Member, SourceColumn]]
    ) -> SourceColumn:
        texts = {own.generated and normal(own.generated.sql) for _, own in having}
        if texts == {None}:
            return column
        reason = ""
        if len(texts) > 1:
            reason = "it is computed differently, or not at all, in some of the files"
        elif not any(texts):
            reason = "its expression could not be read; what it holds is kept"
        elif column.stored and self._is_foreign(column):
            reason = "only the application can compute it; what is stored is kept"
        elif fold(column.name) in self.stale:
            reason = (
                "rows have stored another value than the expression gives, which an UPDATE of "
                "them in SQLite would compute anew; what is stored is kept"
            )
        if not reason:
            return replace(column, stored=any(own.stored for _, own in having))
        table = self.members[0].table.name
        where = self.stale.get(fold(column.name)) or self._where(column)
        self.ledger.leave_out(ObjectKind.GENERATED, table, column.name, where, reason)
        return replace(column, generated=None, stored=True)

    def _is_foreign(self, column: SourceColumn) -> bool:
        tree = column.generated.tree if column.generated else None
        names = {str(node["func_name"]) for node in walk(tree) if node.get("func_name")}
        return any(fold(name) not in self.bench.functions for name in names)

    def _declared(self, having: list[tuple[Member, SourceColumn]]) -> str:
        declared = [column.declared for _, column in having]
        if len({" ".join(fold(each).split()) for each in declared}) == 1:
            return declared[0]
        chosen = self._fitting(having)
        told = [f"{column.declared or 'none'} in {member.part.label}" for member, column in having]
        became = f"it is {chosen}" if chosen else "it has none, so that every value stays"
        self._tell(having[0][1], f"its types differ ({listed(told)}); {became}")
        return chosen

    def _fitting(self, having: list[tuple[Member, SourceColumn]]) -> str:
        """Give the first declared type under which every value of every file stays as it is."""
        if len({column.affinity for _, column in having}) == 1:
            return having[0][1].declared
        tried = set()
        for _, candidate in having:
            if candidate.affinity in tried or affinity_of(candidate.declared) in tried:
                continue
            tried.add(candidate.affinity)
            if all(self._fits(member, column, candidate.declared) for member, column in having):
                return candidate.declared
        return ""

    def _fits(self, member: Member, column: SourceColumn, declared: str) -> bool:
        """Let SQLite store the values under the type and see whether each is what it was."""
        if affinity_of(declared) == column.affinity:
            return True
        name = quote_identifier(column.name)
        with self.bench.attached(member.part, member.original):
            self.bench.run("DROP TABLE IF EXISTS temp.probe")
            self.bench.run(f"CREATE TEMP TABLE probe (raw, typed {declared})")
            origin = table_name(member.part.schema, member.table.name)
            self.bench.run(f"INSERT INTO probe SELECT +{name}, +{name} FROM {origin}")
            changed = self.bench.value(
                "SELECT count(*) FROM probe WHERE typeof(raw) <> typeof(typed) "
                "OR raw IS NOT +typed COLLATE BINARY"
            )
            self.bench.run("DROP TABLE temp.probe")
        return not changed

    # The rowid

    def _rowid_alias(self) -> str:
        """Give the column that stands for the rowid; it must be one in every file, or could be."""
        alias = next((m.table.rowid_alias for m in self.members if m.table.rowid_alias), "")
        if alias and all(m.table.rowid_alias or self._holds_rowids(m, alias) for m in self.members):
            return alias
        return ""

    def _holds_rowids(self, member: Member, column: str) -> bool:
        with self.bench.attached(member.part, member.original):
            return not self.bench.value(
                f"SELECT count(*) FROM {table_name(member.part.schema, member.table.name)} "
                f"WHERE typeof({quote_identifier(column)}) <> 'integer'"
            )

    def _without_alias(self, column: SourceColumn, alias: str, *, strict: bool) -> SourceColumn:
        declared = column.declared
        is_key = any(fold(m.table.rowid_alias) == fold(column.name) for m in self.members)
        if is_key and fold(column.name) == fold(alias):
            declared = "INTEGER"
        elif is_key and fold(declared) == "integer":
            declared = "INT"  # INTEGER would make it the rowid, which can't hold every value
        if fold(declared) == "any" and not strict:
            declared = ""  # ANY means any value in STRICT tables only
        return replace(column, declared=declared)

    # Constraints

    def _unique(self) -> tuple[SourceKey, ...]:
        """Give every UNIQUE of any file; one that rows break is given up later."""
        found: dict[object, SourceKey] = {}
        for member in self.members:
            for key in member.table.unique:
                parts = tuple(sorted((fold(p.column), fold(p.collation)) for p in key.parts))
                found.setdefault(parts, key)
        return tuple(found.values())

    def _foreign_keys(self) -> tuple[SourceForeignKey, ...]:
        found: dict[tuple[int, tuple[str, ...]], SourceForeignKey] = {}
        holders: dict[tuple[int, tuple[str, ...]], int] = {}
        for member in self.members:
            for key in member.table.foreign_keys:
                names = tuple(map(fold, (*key.columns, key.parent, *key.parent_columns)))
                place = (len(key.columns), names)
                known = found.setdefault(place, key)
                holders[place] = holders.get(place, 0) + 1
                if replace(known, name="") != replace(key, name="") and (
                    known.on_delete,
                    known.on_update,
                ) != (key.on_delete, key.on_update):
                    self._tell_part(key.columns, "its actions differ; those of the first stay")
        for place, key in found.items():
            if holders[place] < len(self.members):
                self._tell_part(key.columns, "not every file has this foreign key; it is kept")
        return tuple(found.values())

    def _checks(self) -> tuple[SourceCheck, ...]:
        """Give every CHECK of any file; one that rows break is given up later."""
        found: dict[tuple[str, ...], SourceCheck] = {}
        for member in self.members:
            for check in member.table.checks:
                found.setdefault(normal(check.expression.sql), check)
        return tuple(found.values())

    # Telling

    def _where(self, column: SourceColumn) -> str:
        return _place(self.members[-1], column)

    def _tell(self, column: SourceColumn, says: str) -> None:
        self.ledger.tell(DIFFERS, self._where(column), says)

    def _tell_part(self, columns: Iterable[str], says: str) -> None:
        last = self.members[-1]
        where = f"{last.part.label}:{last.original}.{','.join(columns)}"
        self.ledger.tell(DIFFERS, where, says)

    def _tell_if(self, dropped: bool, option: str, having: list[bool]) -> None:
        if dropped and any(having):
            last = self.members[-1]
            where = f"{last.part.label}:{last.original}"
            says = f"it is {option} in some of the files only, so it is not"
            self.ledger.tell(DIFFERS, where, says, severity=Severity.WARNING)
