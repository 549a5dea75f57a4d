"""OR REPLACE: rows that are in the way go, then the row is inserted.

Where one key alone can conflict and no trigger and no foreign key can tell, the row in the way is
overwritten, which PostgreSQL does safely beside other sessions; else it is deleted in the same
statement. SQLite fires no DELETE trigger for it (recursive_triggers is off).
https://www.sqlite.org/lang_conflict.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from outgrow.model.names import fold
from outgrow.model.source import SourceForeignKey
from outgrow.postgres.identifiers import quote
from outgrow.translate.context import Context
from outgrow.translate.errors import unsupported
from outgrow.translate.expressions.values import Rep
from outgrow.translate.parse import Node
from outgrow.translate.queries.sources import table_source
from outgrow.translate.schema import KeyInfo, Schema, TableInfo
from outgrow.translate.writing.fired import read_by, triggers_of
from outgrow.translate.writing.given import GIVEN, Given
from outgrow.translate.writing.keys import alike, columns_of, conflict_target, is_plain

_REPLACED = "replaced"
_QUIET = ("NO ACTION", "RESTRICT")


@dataclass(slots=True)
class Replacing:
    """How the rows in the way of the given ones go away."""

    ctx: Context
    node: Node
    given: Given
    table: TableInfo = field(init=False)
    keys: list[KeyInfo] = field(init=False)

    def __post_init__(self) -> None:
        table = self.given.target.table
        assert table is not None
        self.table = table
        self.keys = [key for key in table.keys if may_conflict(self.given, key)]

    @property
    def in_place(self) -> bool:
        """Whether the row in the way may be overwritten."""
        if len(self.keys) != 1:
            return False
        schema, own = self.ctx.schema, self.table.source
        fired = [
            *(f for f in triggers_of(schema, own, "INSERT") if f.timing == "AFTER"),
            *triggers_of(schema, own, "UPDATE"),
        ]
        if fired:
            return False
        parts = self.keys[0].parts if is_plain(self.keys[0], self.table) else ()
        kept = {fold(part.column) for part in parts if part.column}
        for _, key in references(schema, self.table):
            parents = {fold(name) for name in key.parent_columns or self.table.primary_key}
            if key.on_delete == "RESTRICT" or not (parents <= kept or key.on_update in _QUIET):
                return False
        return True

    def conflict_clause(self) -> str:
        """Write ON CONFLICT … DO UPDATE with every column of the new row.

        Those of the key too: equal values may be of two classes, as 1 and 1.0.
        """
        columns = [column for column in self.table.columns if not column.generated]
        sets = ", ".join(f"{quote(c.name)} = EXCLUDED.{quote(c.name)}" for c in columns)
        target = conflict_target(self.ctx, self.table, self.keys[0])
        return f" ON CONFLICT {target} DO UPDATE SET {sets}"

    def deletion(self) -> tuple[str, str]:
        """Write the common table that deletes, and the test that makes it come first."""
        self._check_triggers()
        alias = "occupying"
        row = table_source(self.table, alias, alias)
        tests = []
        for key in self.keys:
            new = self.given.new_row(self.ctx, columns_of(key))
            tests.append(f"({alike(self.ctx, self.table, key, row, new)})")
        deleted = (
            f"DELETE FROM {self.given.target.relation} AS {alias} USING {GIVEN} "
            f"WHERE {' OR '.join(tests)} RETURNING 1"
        )
        return f"{_REPLACED} AS ({deleted})", f"(SELECT count(*) FROM {_REPLACED}) >= 0"

    def _check_triggers(self) -> None:
        schema, own = self.ctx.schema, self.table.source
        if triggers_of(schema, own, "DELETE"):
            raise unsupported(
                f"OR REPLACE on {own}, whose DELETE triggers PostgreSQL would fire",
                "Write ON CONFLICT … DO UPDATE",
            )
        for fired in triggers_of(schema, own, "INSERT"):
            if fired.timing == "BEFORE" and fold(own) in read_by(fired):
                raise unsupported(
                    f"OR REPLACE where the BEFORE trigger {fired.trigger.source} reads {own}"
                )

    def check_references(self) -> None:
        """Refuse what SQLite does only with PRAGMA foreign_keys, which nobody knows here."""
        for child, key in references(self.ctx.schema, self.table):
            if key.on_delete not in _QUIET:
                raise unsupported(
                    f"OR REPLACE on {self.table.source}, whose rows {child.source} refers to with "
                    f"ON DELETE {key.on_delete}: only with PRAGMA foreign_keys=ON is it done",
                    "Write ON CONFLICT … DO UPDATE, which keeps the row",
                )


def may_conflict(given: Given, key: KeyInfo) -> bool:
    """Whether a given row may have the same key as another: not with NULL in it."""
    target = given.target
    for part in key.parts:
        column = target.find(part.column) if part.column else None
        if column is None or column.generated:
            continue
        if column in given.columns:
            if all(value.rep is Rep.NULL for value in given.values_of(column)):
                return False
        elif column == target.rowid or column.default is None:
            return False
    return True


def references(schema: Schema, table: TableInfo) -> Iterator[tuple[TableInfo, SourceForeignKey]]:
    """The foreign keys that refer to a table, each with the table that declares it."""
    for child in schema.tables.values():
        for key in child.foreign_keys:
            if fold(key.parent) == fold(table.source):
                yield child, key
