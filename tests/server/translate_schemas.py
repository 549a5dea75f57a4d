"""Small schemas for the tests of the translation."""

from __future__ import annotations

from outgrow.model.source import Affinity
from outgrow.model.types import Kind, TargetType
from outgrow.translate import ColumnInfo, Schema, TableInfo


def column(
    name: str,
    kind: Kind | TargetType,
    affinity: Affinity,
    *,
    collation: str = "BINARY",
    not_null: bool = False,
    mixed: bool = False,
) -> ColumnInfo:
    """A column whose target name is its own in lower case."""
    given = TargetType(kind) if isinstance(kind, Kind) else kind
    return ColumnInfo(name, name.lower(), given, affinity, collation, not_null, mixed)


def schema_with(*columns: ColumnInfo, name: str = "things") -> Schema:
    """A schema of one table, keyed by ``id`` where it has one."""
    key = "id" if any(c.source == "id" for c in columns) else ""
    table = TableInfo(name, name.lower(), columns, key, (key,) if key else ())
    return Schema("public", {name.lower(): table})
