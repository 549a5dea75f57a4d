"""Virtual tables, the shadow tables that hold their rows, and what to use instead of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from outgrow.errors import define
from outgrow.model.findings import Finding, Severity
from outgrow.model.names import fold
from outgrow.model.source import VirtualTable
from outgrow.sqlite.grammar import parse
from outgrow.sqlite.snapshot import Snapshot

if TYPE_CHECKING:
    from outgrow.sqlite.catalog import LoadedTable, SchemaRow

VIRTUAL_TABLE = define(
    "OG-120", "A virtual table: its module belongs to SQLite, so it does not move by itself."
)

_FULL_TEXT = (
    "Use a generated tsvector column with a GIN index for words, or pg_trgm for parts of words; "
    "the indexed texts move where they also stand in an ordinary table"
)
_SPATIAL = "Use range or box columns with a GiST index, or PostGIS for geometry"
_INSTEAD = {
    "fts3": _FULL_TEXT,
    "fts4": _FULL_TEXT,
    "fts5": _FULL_TEXT,
    "rtree": _SPATIAL,
    "rtree_i32": _SPATIAL,
    "geopoly": _SPATIAL,
    "virtualspatialindex": _SPATIAL,
    "spellfix1": "Use pg_trgm or fuzzystrmatch",
    "vec0": "Use pgvector",
    "vss0": "Use pgvector",
}
_UNKNOWN = "Copy what it holds into an ordinary table with the application that has the module"


def read_virtual_tables(
    snapshot: Snapshot, rows: Iterable[SchemaRow], loaded: Mapping[str, LoadedTable]
) -> tuple[list[VirtualTable], list[Finding]]:
    """Find the virtual tables, each with its shadows, and say what becomes of them."""
    modules = {
        fold(name) for (name,) in snapshot.connection.execute("SELECT name FROM pragma_module_list")
    }
    foreign = _INSTEAD.keys() - modules
    rows = [row for row in rows if row.type == "table" and fold(row.name) in loaded]
    virtual = [row for row in rows if loaded[fold(row.name)].kind == "virtual"]
    ordinary = [row for row in rows if loaded[fold(row.name)].kind != "virtual"]
    tables: list[VirtualTable] = []
    for row in virtual:
        module = _module(row.sql)
        shadows = tuple(
            other.name
            for other in ordinary
            if fold(other.name).startswith(fold(row.name) + "_")
            # SQLite knows the shadows of the modules that it has, and we those of a few more. A
            # module nobody knows may have none: what bears its name is then moved, not lost.
            and (loaded[fold(other.name)].kind == "shadow" or fold(module) in foreign)
        )
        tables.append(VirtualTable(row.name, module, row.sql, shadows))
    return tables, [_told(snapshot, table, fold(table.module) in modules) for table in tables]


def _module(sql: str) -> str:
    tree = parse(sql)
    return str(tree["module_name"]) if tree and "module_name" in tree else ""


def _told(snapshot: Snapshot, table: VirtualTable, known: bool) -> Finding:
    says = f"this is a virtual table of the module {table.module}, which PostgreSQL doesn't have"
    if table.shadows:
        says += f"; it is left out together with its tables {', '.join(table.shadows)}"
        if not known:
            says += " (recognised by their names alone)"
    return Finding(
        VIRTUAL_TABLE,
        Severity.WARNING,
        snapshot.homes.where(table.name),
        says,
        _INSTEAD.get(fold(table.module), _UNKNOWN),
    )
