"""What both sides are described by: the same nouns, in the target's spelling."""

from __future__ import annotations

import string
from dataclasses import dataclass, field

_FOLD = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def fold(name: str) -> str:
    """Lower the ASCII letters of a name, as SQLite compares and as the target spells."""
    return name.translate(_FOLD)


@dataclass(frozen=True)
class Column:
    """``type`` is the declared type in SQLite and ``format_type`` in PostgreSQL."""

    name: str
    type: str
    not_null: bool
    default: str | None
    generated: bool
    collation: str = ""


@dataclass(frozen=True)
class Part:
    """A part of an index; ``column`` is '' for an expression, whose text is ``expression``.

    ``collation`` is SQLite's, in lower case.
    """

    column: str
    descending: bool
    collation: str = "binary"
    expression: str = ""


@dataclass(frozen=True)
class Index:
    name: str
    parts: tuple[Part, ...]
    unique: bool
    where: str | None


@dataclass(frozen=True)
class ForeignKey:
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    on_update: str
    on_delete: str
    deferrable: bool
    deferred: bool
    valid: bool = True

    def __str__(self) -> str:
        text = f"({', '.join(self.columns)}) to {self.parent} ({', '.join(self.parent_columns)})"
        text += f" ON UPDATE {self.on_update} ON DELETE {self.on_delete}"
        if self.deferrable:
            text += f" DEFERRABLE INITIALLY {'DEFERRED' if self.deferred else 'IMMEDIATE'}"
        return text


@dataclass(frozen=True)
class Table:
    """``source`` is SQLite's spelling. ``counter`` is the column that numbers itself.

    ``issued``: the greatest number that SQLite remembers having given out (0 if none).
    ``null_defaults``: columns that say DEFAULT NULL, which is the same as no default.
    ``keys``: what SQLite's own indexes of its PRIMARY KEY and UNIQUE compare.
    """

    name: str
    source: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    unique: frozenset[tuple[str, ...]] = frozenset()
    keys: tuple[Index, ...] = ()
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: int = 0
    counter: str = ""
    issued: int = 0
    null_defaults: int = 0
    strict: bool = False

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class Difference:
    """One difference: the kind of object (as the report calls it), its place, and the sentence."""

    kind: str
    table: str
    name: str
    says: str
    key: str = ""

    def __str__(self) -> str:
        return self.says


@dataclass
class Database:
    """Everything of one side: tables by name, the names of views, triggers with their table.

    ``virtual`` names tables that another program keeps, which PostgreSQL never has.
    """

    tables: dict[str, Table] = field(default_factory=dict)
    virtual: set[str] = field(default_factory=set)
    views: set[str] = field(default_factory=set)
    triggers: set[tuple[str, str]] = field(default_factory=set)
