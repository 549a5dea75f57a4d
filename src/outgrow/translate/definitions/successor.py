"""The schema that holds after a definition: what is new is named and typed, the rest is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from outgrow.model.declared import kind_without_values
from outgrow.model.names import fold
from outgrow.model.source import Affinity, SourceColumn, SourceTable
from outgrow.model.types import Kind, TargetType
from outgrow.postgres.naming import SYSTEM_COLUMNS, Namespace
from outgrow.translate.definitions.twin import Entry, Picture
from outgrow.translate.engine import translate_expression
from outgrow.translate.schema import (
    ColumnInfo,
    Held,
    IndexInfo,
    Schema,
    TableInfo,
    TriggerInfo,
    ViewInfo,
    describe_table,
)

Place = tuple[bool, int]


def places(picture: Picture, kind: str) -> dict[Place, Entry]:
    """The entries of one type by their place, which stays when an object is renamed."""
    return {(entry.temporary, entry.place): entry for entry in picture.of_type(kind)}


def successor(
    schema: Schema,
    before: Picture,
    after: Picture,
    given: Mapping[str, TargetType],
) -> Schema:
    """Build the schema after a statement.

    Args:
        schema: what held before it.
        before: what SQLite defines before it.
        after: and after it.
        given: the types of columns that a query fills, by folded name.

    """
    return _Successor(schema, before, after, given).run()


class _Successor:
    def __init__(
        self, schema: Schema, before: Picture, after: Picture, given: Mapping[str, TargetType]
    ) -> None:
        self.schema = schema
        self.before = before
        self.after = after
        self.given = given
        self.relations = Namespace()
        for infos in (schema.tables, schema.views, schema.indexes):
            self.relations.reserve(info.name for info in infos.values())
        self.triggers = Namespace(info.name for info in schema.triggers.values())

    def run(self) -> Schema:
        tables = {fold(info.source): info for info in self._tables()}
        numbered = any(info.autoincrement for info in tables.values())
        return replace(
            self.schema,
            tables=tables,
            views={fold(info.source): info for info in self._views()},
            triggers={fold(info.source): info for info in self._triggers()},
            indexes={fold(info.source): info for info in self._indexes()},
            numbered=self.schema.numbered or numbered,
        )

    def _tables(self) -> Iterator[TableInfo]:
        known = places(self.before, "table")
        for place, entry in places(self.after, "table").items():
            old = known.get(place)
            info = self.schema.table(old.name) if old else None
            if (
                old == entry
                and info
                and _indexes_of(self.before, old) == _indexes_of(self.after, entry)
            ):
                yield info
                continue
            table = self.after.table(entry)
            name = info.name if info and old and old.name == entry.name else ""
            described = describe_table(
                table,
                name or self.relations.give(entry.name, "unnamed")[0],
                self._held(table, info),
                temporary=entry.temporary,
            )
            yield self._computed(described, info)

    def _computed(self, table: TableInfo, old: TableInfo | None) -> TableInfo:
        """Give generated columns without a declared type that of what computes them."""
        known = {column.name for column in old.columns} if old else set()
        for column in table.columns:
            if column.generated and column.type.tagged and column.name not in known:
                schema = replace(self.schema, tables={fold(table.source): table})
                made = translate_expression(column.generated, schema, table.source)
                typed = replace(column, type=made.type or column.type)
                columns = tuple(typed if each is column else each for each in table.columns)
                table = replace(table, columns=columns)
        return table

    def _held(self, table: SourceTable, info: TableInfo | None) -> dict[str, Held]:
        old = matched(table, info.columns if info else ())
        kept = {name: each for name, each in old.items() if fold(each.source) == name}
        space = Namespace((*SYSTEM_COLUMNS, *(each.name for each in kept.values())))
        held = {}
        for number, column in enumerate(table.columns, start=1):
            folded = fold(column.name)
            was = old.get(folded)
            name = kept[folded].name if folded in kept else ""
            held[folded] = Held(
                name or space.give(column.name, f"column_{number}")[0],
                was.type if was else self.given.get(folded) or type_of_new(column),
                bool(was and was.mixed),
                was is None or was.by_bytes,
            )
        return held

    def _indexes(self) -> Iterator[IndexInfo]:
        for old, entry in self._with_old("index"):
            known = self.schema.indexes.get(fold(old)) if old else None
            name = known.name if known else self.relations.give(entry.name, "index")[0]
            yield IndexInfo(entry.name, name, entry.table, entry.sql)

    def _views(self) -> Iterator[ViewInfo]:
        for old, entry in self._with_old("view"):
            known = self.schema.views.get(fold(old)) if old else None
            name = known.name if known else self.relations.give(entry.name, "view")[0]
            columns = self.after.views[fold(entry.name)]
            classes = known.classes if known and known.columns == columns else ()
            yield ViewInfo(entry.name, name, entry.sql, columns, classes, entry.temporary)

    def _triggers(self) -> Iterator[TriggerInfo]:
        for old, entry in self._with_old("trigger"):
            known = self.schema.triggers.get(fold(old)) if old else None
            name = known.name if known else self.triggers.give(entry.name, "trigger")[0]
            yield TriggerInfo(entry.name, name, entry.table, entry.sql)

    def _with_old(self, kind: str) -> Iterator[tuple[str, Entry]]:
        """Each entry of a type, and what it was called before ('' where it is new)."""
        known = places(self.before, kind)
        for place, entry in places(self.after, kind).items():
            yield known[place].name if place in known else "", entry


def _indexes_of(picture: Picture, table: Entry) -> list[str]:
    return [e.sql for e in picture.of_type("index") if fold(e.table) == fold(table.name)]


def matched(table: SourceTable, columns: Sequence[ColumnInfo]) -> dict[str, ColumnInfo]:
    """What each column was before, by its folded name now.

    A statement renames a column, adds one at the end, or takes one away.
    """
    if len(table.columns) == len(columns):
        pairs = zip(table.columns, columns, strict=True)
        return {fold(column.name): info for column, info in pairs}
    known = {fold(info.source): info for info in columns}
    names = [fold(column.name) for column in table.columns]
    return {name: known[name] for name in names if name in known}


def type_of_new(column: SourceColumn) -> TargetType:
    """Find the type of a column that an application makes.

    One without a type takes any value as it comes.
    """
    if column.affinity is Affinity.BLOB and "blob" not in fold(column.declared):
        return TargetType(Kind.JSONB, tagged=True)
    return TargetType(kind_without_values(column.declared, column.affinity))
