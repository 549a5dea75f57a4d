"""One table: the facts of SQLite's pragmas, joined with what only its definition says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

import apsw

from outgrow.errors import define
from outgrow.model.findings import Finding, Severity
from outgrow.model.homes import Homes
from outgrow.model.names import fold
from outgrow.model.source import (
    Expression,
    IndexPart,
    SourceColumn,
    SourceForeignKey,
    SourceIndex,
    SourceKey,
    SourceTable,
)
from outgrow.sqlite.affinity import affinity_of
from outgrow.sqlite.ddl import ParsedColumn, ParsedTable, parse_index, parse_table
from outgrow.sqlite.grammar import Text
from outgrow.sqlite.rows import quote_identifier

DISAGREES = define(
    "OG-124", "SQLite's own facts about an object and the reading of its definition differ."
)
UNPARSED = define("OG-125", "The definition of an object could not be read.")
UNNUMBERED = define("OG-127", "The column that numbers a table's rows has no name.")
ON_CONFLICT = define("OG-140", "A constraint says what becomes of a row that breaks it.")

#: The conflict clauses that `outgrow.database` translates where a statement has them.
_TRANSLATED = ("IGNORE", "REPLACE")
_VIRTUAL_GENERATED, _STORED_GENERATED = 2, 3
_ROWID, _EXPRESSION = -1, -2


class Opened(Protocol):
    """An open SQLite database; ``homes`` writes the places that a person is told."""

    homes: Homes
    connection: apsw.Connection


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table as ``PRAGMA table_list`` and ``sqlite_schema`` name it."""

    name: str
    sql: str
    without_rowid: bool
    strict: bool
    index_sql: dict[str, str]


def read_table(snapshot: Opened, entry: TableEntry) -> tuple[SourceTable, list[Finding]]:
    """Read all that SQLite knows of a table, and what its definition adds."""
    reader = _Reader(snapshot, entry)
    return reader.table(), reader.findings


class _Reader:
    def __init__(self, snapshot: Opened, entry: TableEntry) -> None:
        self._snapshot = snapshot
        self._entry = entry
        self.findings: list[Finding] = []
        parsed = parse_table(entry.sql)
        if parsed is None:
            self._tell(
                UNPARSED,
                "its definition could not be parsed; CHECKs, generated expressions, constraint "
                "names and comments are not known",
            )
        self._is_parsed = parsed is not None
        self._parsed = parsed or ParsedTable()

    def table(self) -> SourceTable:
        entry = self._entry
        columns = tuple(self._columns())
        primary, unique, indexes = self._keys_and_indexes()
        alias = ""
        if primary is None:
            primary, alias = self._rowid_key(columns)
        return SourceTable(
            name=entry.name,
            parsed=self._is_parsed,
            columns=columns,
            sql=entry.sql,
            primary_key=primary,
            rowid_alias=alias,
            autoincrement=any(key.autoincrement for key in self._parsed.keys),
            without_rowid=entry.without_rowid,
            strict=entry.strict,
            unique=tuple(unique),
            foreign_keys=tuple(self._foreign_keys()),
            checks=tuple(self._parsed.checks),
            indexes=tuple(indexes),
            comment=self._parsed.comment,
        )

    def _pragma(self, pragma: str, name: str) -> list[tuple[Any, ...]]:
        statement = f"PRAGMA {pragma}({quote_identifier(name)})"
        return list(self._snapshot.connection.execute(statement))

    def _tell(self, code: Any, says: str, *, part: str = "", fix: str = "") -> None:
        where = self._snapshot.homes.where(self._entry.name, part)
        self.findings.append(Finding(code, Severity.WARNING, where, says, fix))

    def _columns(self) -> Iterator[SourceColumn]:
        rows = self._pragma("table_xinfo", self._entry.name)
        written = self._parsed.columns
        if written and [fold(column.name) for column in written] != [fold(row[1]) for row in rows]:
            self._tell(DISAGREES, "its definition names other columns than SQLite does")
            written = []
        for number, name, declared, not_null, default, _, hidden in rows:
            column = written[number] if written else ParsedColumn(name)
            is_generated = hidden in (_VIRTUAL_GENERATED, _STORED_GENERATED)
            if is_generated != (column.generated is not None) and written:
                self._tell(DISAGREES, "only one of both says that it is generated", part=name)
            generated = column.generated or Expression("")
            yield SourceColumn(
                name=name,
                declared=declared or "",
                affinity=affinity_of(declared or "", strict=self._entry.strict),
                not_null=bool(not_null),
                default=None if default is None else self._default(name, default, column),
                generated=generated if is_generated else None,
                stored=hidden != _VIRTUAL_GENERATED,
                collation=self._collation(name),
                comment=column.comment,
                on_null=self._told(column.on_null, "NOT NULL", name) if not_null else "",
            )

    def _told(self, action: str, constraint: str, part: str) -> str:
        """Give the ON CONFLICT of a constraint, and tell that PostgreSQL's have none."""
        if action:
            self._tell(
                ON_CONFLICT,
                f"its {constraint} says ON CONFLICT {action}; PostgreSQL's always refuses the row",
                part=part,
                fix=f"Write INSERT OR {action} or UPDATE OR {action} where statements rely on it"
                if action in _TRANSLATED
                else "See that no statement relies on it",
            )
        return action

    def _default(self, name: str, text: str, column: ParsedColumn) -> Expression:
        if column.default is None and self._parsed.columns:
            self._tell(DISAGREES, "its definition shows no default", part=name)
        return Expression(_without_comments(text), column.default)

    def _collation(self, column: str) -> str:
        facts = self._snapshot.connection.column_metadata(None, self._entry.name, column)
        return str(facts[1])

    def _keys_and_indexes(self) -> tuple[SourceKey | None, list[SourceKey], list[SourceIndex]]:
        primary: SourceKey | None = None
        unique: list[SourceKey] = []
        indexes: list[SourceIndex] = []
        for name, is_unique, origin in self._index_list():
            if origin == "c":
                indexes.append(self._index(name, is_unique))
                continue
            key = self._key(self._parts(name), primary=origin == "pk")
            if origin == "pk":
                primary = key
            else:
                unique.append(key)
        return primary, unique, indexes

    def _index_list(self) -> list[tuple[str, bool, str]]:
        """Give name, uniqueness and origin of each index, in the order of the declarations.

        SQLite's own order is another one: it puts ON CONFLICT REPLACE last.
        """
        declared = {name: number for number, name in enumerate(self._entry.index_sql)}
        listed = self._pragma("index_list", self._entry.name)
        listed.sort(key=lambda row: declared.get(fold(row[1]), _number(row[1])))
        return [(row[1], bool(row[2]), row[3]) for row in listed]

    def _parts(self, index: str, expressions: tuple[Expression, ...] = ()) -> tuple[IndexPart, ...]:
        parts = []
        for number, cid, column, descending, collation, is_key in self._pragma(
            "index_xinfo", index
        ):
            if not is_key:
                continue
            expression = None
            if cid == _EXPRESSION:
                known = number < len(expressions)
                expression = expressions[number] if known else Expression("")
            name = "rowid" if cid == _ROWID else column or ""
            parts.append(IndexPart(name, expression, bool(descending), collation))
        return tuple(parts)

    def _index(self, name: str, unique: bool) -> SourceIndex:
        sql = self._entry.index_sql.get(fold(name), "")
        parsed = parse_index(sql)
        if parsed is None:
            self._tell(UNPARSED, f"the definition of its index {name} could not be parsed")
        return SourceIndex(
            name=name,
            table=self._entry.name,
            parts=self._parts(name, parsed.parts if parsed else ()),
            unique=unique,
            where=parsed.where if parsed else None,
            sql=sql,
            parsed=parsed is not None,
        )

    def _key(self, parts: tuple[IndexPart, ...], *, primary: bool) -> SourceKey:
        columns = [fold(part.column) for part in parts]
        for written in self._parsed.keys:
            if written.primary == primary and [fold(name) for name in written.columns] == columns:
                kind = "PRIMARY KEY" if primary else "UNIQUE"
                action = self._told(written.on_conflict, kind, ",".join(written.columns))
                return SourceKey(parts, written.name, action)
        if self._parsed.columns and not primary:
            self._tell(DISAGREES, "its definition shows no such UNIQUE", part=",".join(columns))
        return SourceKey(parts)

    def _rowid_key(self, columns: tuple[SourceColumn, ...]) -> tuple[SourceKey | None, str]:
        """Give the key that needs no index, being another name for the rowid.

        That is what makes a column a rowid alias (https://www.sqlite.org/lang_createtable.html,
        "ROWIDs and the INTEGER PRIMARY KEY"), ``INTEGER PRIMARY KEY DESC`` excepted.
        """
        names = [row[1] for row in self._pragma("table_xinfo", self._entry.name) if row[5]]
        if not names:
            return None, ""
        if not names[0]:
            self._tell(
                UNNUMBERED,
                "the column that numbers its rows has no name, and gets no numbers in PostgreSQL",
                fix="give it one: ALTER TABLE … RENAME COLUMN",
            )
        by_name = {column.name: column for column in columns}
        parts = tuple(IndexPart(name, collation=by_name[name].collation) for name in names)
        return self._key(parts, primary=True), names[0]

    def _foreign_keys(self) -> Iterator[SourceForeignKey]:
        facts: dict[int, list[tuple[Any, ...]]] = {}
        for row in self._pragma("foreign_key_list", self._entry.name):
            facts.setdefault(row[0], []).append(row)
        written = self._parsed.foreign_keys
        if self._parsed.columns and len(written) != len(facts):
            self._tell(DISAGREES, "its definition shows another number of foreign keys")
        # The pragma numbers them from the last one.
        for position, number in enumerate(sorted(facts, reverse=True)):
            rows = sorted(facts[number], key=lambda row: int(row[1]))
            key = SourceForeignKey(
                columns=tuple(row[3] for row in rows),
                parent=rows[0][2],
                parent_columns=tuple(row[4] for row in rows if row[4] is not None),
                on_update=rows[0][5],
                on_delete=rows[0][6],
            )
            yield self._as_written(key, written[position] if position < len(written) else None)

    def _as_written(
        self, key: SourceForeignKey, written: SourceForeignKey | None
    ) -> SourceForeignKey:
        if written is None:
            return key
        if _key_names(key) != _key_names(written):
            self._tell(DISAGREES, "its definition differs", part=",".join(key.columns))
            return key
        return replace(
            key,
            deferrable=written.deferrable,
            initially_deferred=written.initially_deferred,
            name=written.name,
        )


def _number(name: str) -> int:
    """Give the number in ``sqlite_autoindex_table_1``, by which SQLite counts constraints."""
    digits = name.rpartition("_")[2]
    return int(digits) if digits.isdecimal() else 0


def _key_names(key: SourceForeignKey) -> list[str]:
    return [fold(name) for name in (*key.columns, key.parent, *key.parent_columns)]


def _without_comments(expression: str) -> str:
    """Leave out comments at the end, which would swallow what is written after them."""
    text = Text(expression)
    return text.cut(text.significant) or expression
