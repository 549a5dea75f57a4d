"""What a SQLite file declares, as SQLite itself understood it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from outgrow.model.findings import Finding
from outgrow.model.homes import Homes
from outgrow.model.names import fold


class Affinity(StrEnum):
    """A column's affinity (https://www.sqlite.org/datatype3.html#determination_of_column_affinity)."""

    TEXT = "TEXT"
    NUMERIC = "NUMERIC"
    INTEGER = "INTEGER"
    REAL = "REAL"
    BLOB = "BLOB"


@dataclass(frozen=True, slots=True)
class Expression:
    """A piece of SQL: its text as written, and its tree (``None`` if it could not be parsed)."""

    sql: str
    tree: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column of a table. ``declared`` is the type as written, '' where there is none.

    ``on_null`` is what the ON CONFLICT of its NOT NULL says.
    """

    name: str
    declared: str
    affinity: Affinity
    not_null: bool = False
    default: Expression | None = None
    generated: Expression | None = None
    stored: bool = True
    collation: str = "BINARY"
    comment: str = ""
    on_null: str = ""


@dataclass(frozen=True, slots=True)
class SourceForeignKey:
    """A declared foreign key. ``parent_columns`` is empty when the DDL names none."""

    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    on_delete: str = "NO ACTION"
    on_update: str = "NO ACTION"
    deferrable: bool = False
    initially_deferred: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class IndexPart:
    """One part of an index or key: a column (``column``) or an expression."""

    column: str
    expression: Expression | None = None
    descending: bool = False
    collation: str = "BINARY"


@dataclass(frozen=True, slots=True)
class SourceIndex:
    """An index made by CREATE INDEX; ``parsed``: its definition could be read."""

    name: str
    table: str
    parts: tuple[IndexPart, ...]
    unique: bool
    where: Expression | None
    sql: str
    parsed: bool = True


@dataclass(frozen=True, slots=True)
class SourceKey:
    """A PRIMARY KEY or UNIQUE constraint."""

    parts: tuple[IndexPart, ...]
    name: str = ""
    on_conflict: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in the order of the declaration."""
        return tuple(part.column for part in self.parts)


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """A CHECK constraint; ``column`` is set when it stands at a column."""

    expression: Expression
    name: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """An ordinary table (not virtual, not a shadow, not SQLite's own).

    ``parsed``: its definition could be read; else its CHECKs are not known.
    """

    name: str
    columns: tuple[SourceColumn, ...]
    sql: str
    primary_key: SourceKey | None = None
    rowid_alias: str = ""
    autoincrement: bool = False
    without_rowid: bool = False
    strict: bool = False
    unique: tuple[SourceKey, ...] = ()
    foreign_keys: tuple[SourceForeignKey, ...] = ()
    checks: tuple[SourceCheck, ...] = ()
    indexes: tuple[SourceIndex, ...] = ()
    comment: str = ""
    parsed: bool = True
    _columns: Mapping[str, SourceColumn] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_columns", {fold(each.name): each for each in self.columns})

    def column(self, name: str) -> SourceColumn:
        """The column of that name in any case; raises KeyError."""
        return self._columns[fold(name)]


@dataclass(frozen=True, slots=True)
class SourceView:
    """A view; ``columns`` is empty when SQLite can't run it either (``broken`` says why)."""

    name: str
    sql: str
    columns: tuple[str, ...] = ()
    broken: str = ""


@dataclass(frozen=True, slots=True)
class SourceTrigger:
    """A trigger on a table or view."""

    name: str
    table: str
    sql: str


@dataclass(frozen=True, slots=True)
class VirtualTable:
    """A virtual table and the shadow tables that belong to it."""

    name: str
    module: str
    sql: str
    shadows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceDatabase:
    """One SQLite file, or several as one. ``file`` is what a person sees it called.

    ``homes`` says which file each object is from, where there are several.
    ``damaged_tables``, ``damaged_views`` and ``damaged_indexes`` name objects that SQLite itself
    can't load; an index is named with its table before it.
    """

    path: str
    file: str
    tables: tuple[SourceTable, ...]
    views: tuple[SourceView, ...] = ()
    triggers: tuple[SourceTrigger, ...] = ()
    virtual_tables: tuple[VirtualTable, ...] = ()
    damaged_tables: tuple[str, ...] = ()
    damaged_views: tuple[str, ...] = ()
    damaged_indexes: tuple[tuple[str, str], ...] = ()
    sequences: Mapping[str, int] | None = None
    size: int = 0
    encoding: str = "UTF-8"
    journal_mode: str = "delete"
    user_version: int = 0
    findings: tuple[Finding, ...] = ()
    homes: Homes | None = None
    _tables: Mapping[str, SourceTable] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tables", {fold(each.name): each for each in self.tables})

    def where(self, name: str, part: str = "") -> str:
        """Write the place of a table, view or index, or of a part of it, for a person."""
        return (self.homes or Homes(self.file)).where(name, part)

    def file_of(self, name: str, part: str = "") -> str:
        """Give the first file that has a table, view or index, and the part of it."""
        return (self.homes or Homes(self.file)).file_of(name, part)

    def where_trigger(self, name: str) -> str:
        """Write the place of a trigger for a person."""
        return (self.homes or Homes(self.file)).where_trigger(name)

    def table(self, name: str) -> SourceTable:
        """The table of that name in any case; raises KeyError."""
        return self._tables[fold(name)]
