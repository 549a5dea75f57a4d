"""What a column does besides holding values: keys, indexes, foreign keys, expressions.

A promotion may not change what any of these mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from outgrow.model.names import fold
from outgrow.model.source import Expression, SourceDatabase, SourceTable
from outgrow.plan.words import nodes

#: A column, as its folded table and column names.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Roles:
    """Places by role.

    ``computed_with``: named in the expression of a generated column or of an index. ``links``
    pairs each foreign key column with the one it references.
    """

    rowid_alias: frozenset[Place]
    primary_key: frozenset[Place]
    unique: frozenset[Place]
    indexed: frozenset[Place]
    computed_with: frozenset[Place]
    links: tuple[tuple[Place, Place], ...]
    linked: frozenset[Place] = field(init=False)

    def __post_init__(self) -> None:
        places = frozenset(place for link in self.links for place in link)
        object.__setattr__(self, "linked", places)


def roles_of(source: SourceDatabase) -> Roles:
    """Read the roles of every column of a file."""
    tables = {fold(table.name): table for table in source.tables}
    links = tuple(link for table in source.tables for link in _links(table, tables))
    by_role: dict[str, set[Place]] = {
        name: set() for name in ("rowid_alias", "primary_key", "unique", "indexed", "computed_with")
    }
    for table in source.tables:
        for role, columns in _roles_of_table(table).items():
            by_role[role] |= {(fold(table.name), fold(column)) for column in columns}
    return Roles(**{name: frozenset(places) for name, places in by_role.items()}, links=links)


def _roles_of_table(table: SourceTable) -> Mapping[str, set[str]]:
    primary = set(table.primary_key.columns) if table.primary_key else set()
    unique = {column for key in table.unique for column in key.columns}
    indexed: set[str] = set()
    computed = _mentioned(table, *(column.generated for column in table.columns))
    for index in table.indexes:
        in_expressions = _mentioned(table, *(part.expression for part in index.parts))
        columns = in_expressions | {part.column for part in index.parts if not part.expression}
        computed |= in_expressions
        indexed |= columns | _mentioned(table, index.where)
        if index.unique:
            unique |= columns
    return {
        "rowid_alias": {table.rowid_alias} if table.rowid_alias else set(),
        "primary_key": primary,
        "unique": unique,
        "indexed": indexed,
        "computed_with": computed,
    }


def _mentioned(table: SourceTable, *expressions: Expression | None) -> set[str]:
    """Columns that expressions name; without a tree, those whose name occurs in the text."""
    found: set[str] = set()
    for expression in expressions:
        if expression is None:
            continue
        if expression.tree is None:
            text = fold(expression.sql)
            found |= {column.name for column in table.columns if fold(column.name) in text}
        found |= {
            str(node["column"])
            for node in nodes(expression.tree)
            if node.get("type") == "ColumnRef" and node.get("column")
        }
    return found


def _links(table: SourceTable, tables: Mapping[str, SourceTable]) -> list[tuple[Place, Place]]:
    links = []
    for key in table.foreign_keys:
        parent = tables.get(fold(key.parent))
        if parent is None:
            continue
        primary = parent.primary_key.columns if parent.primary_key else ()
        for column, other in zip(key.columns, key.parent_columns or primary, strict=False):
            if fold(other) in {fold(each.name) for each in parent.columns}:
                links.append(((fold(table.name), fold(column)), (fold(parent.name), fold(other))))
    return links
