"""Foreign keys and primary keys against the data, compared as SQLite compares them."""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.model.census import Example, ForeignKeyFacts
from outgrow.model.names import fold
from outgrow.model.source import SourceForeignKey, SourceTable
from outgrow.sqlite.census.examples import LIMIT, cut, shown
from outgrow.sqlite.census.scan import Scan
from outgrow.sqlite.rows import quote_identifier


def count_null_keys(scan: Scan) -> int:
    """Count the rows with NULL in a primary key.

    SQLite allows it in most tables (https://www.sqlite.org/lang_createtable.html#the_primary_key).
    """
    key = scan.table.primary_key
    if key is None or scan.table.without_rowid or scan.table.rowid_alias:
        return 0
    missing = " OR ".join(f"{scan.column(name)} IS NULL" for name in key.columns)
    return int(scan.count({"nulls": f"count(*) FILTER (WHERE {missing})"})["nulls"])


def check_foreign_keys(scan: Scan) -> tuple[ForeignKeyFacts, ...]:
    """Check every declared foreign key of the table, in their order."""
    return tuple(_check(scan, key) for key in scan.table.foreign_keys)


def _check(scan: Scan, key: SourceForeignKey) -> ForeignKeyFacts:
    parent = _find(scan, key.parent)
    columns = _parent_columns(key, parent)
    problem = _problem(key, parent, columns)
    if parent is None or problem:
        count, examples = _orphans(scan, key, _every_row(scan, key))
        return ForeignKeyFacts(
            key.columns, key.parent, count, examples, problem, parent_values_unique=False
        )
    has_index = _is_unique(parent, columns)
    count, examples = _orphans(scan, key, _without_parent(scan, key, parent, columns))
    return ForeignKeyFacts(
        columns=key.columns,
        parent=key.parent,
        orphans=count,
        orphan_examples=examples,
        problem="" if has_index else f"no unique index on {parent.name}({', '.join(columns)})",
        parent_values_unique=has_index or _values_are_unique(scan, parent, columns),
    )


def _find(scan: Scan, name: str) -> SourceTable | None:
    try:
        return scan.source.table(name)
    except KeyError:
        return None


def _parent_columns(key: SourceForeignKey, parent: SourceTable | None) -> tuple[str, ...]:
    """Give the columns it refers to: those it names, else the parent's primary key."""
    if key.parent_columns or parent is None or parent.primary_key is None:
        return key.parent_columns
    return parent.primary_key.columns


def _problem(key: SourceForeignKey, parent: SourceTable | None, columns: Sequence[str]) -> str:
    if parent is None:
        return f"the table {key.parent} does not exist"
    if not columns:
        return f"{parent.name} has no primary key"
    if len(columns) != len(key.columns):
        return f"it has {len(key.columns)} columns, the key of {parent.name} has {len(columns)}"
    known = {fold(column.name) for column in parent.columns}
    missing = [name for name in columns if fold(name) not in known]
    return f"{parent.name} has no column {missing[0]}" if missing else ""


def _is_unique(parent: SourceTable, columns: Sequence[str]) -> bool:
    """Whether SQLite would accept it as a parent key.

    The rules: https://www.sqlite.org/foreignkeys.html#fk_indexes
    """
    keys = [key.parts for key in (parent.primary_key, *parent.unique) if key is not None]
    keys += [index.parts for index in parent.indexes if index.unique and index.where is None]
    wanted = sorted((fold(name), fold(parent.column(name).collation)) for name in columns)
    return any(
        wanted == sorted((fold(part.column), fold(part.collation)) for part in parts)
        for parts in keys
    )


def _present(scan: Scan, key: SourceForeignKey) -> str:
    """Write the condition that the key counts: a NULL in any of its columns exempts a row."""
    return " AND ".join(f"{scan.column(name)} IS NOT NULL" for name in key.columns)


def _every_row(scan: Scan, key: SourceForeignKey) -> str:
    """Write the rows that can have no parent at all."""
    return f"{scan.origin} WHERE {_present(scan, key)}"


def _without_parent(
    scan: Scan, key: SourceForeignKey, parent: SourceTable, columns: Sequence[str]
) -> str:
    """Write the rows whose parent is not there.

    The parent's column stands on the left and the child's after a ``+``: so the affinity and the
    collation of the parent count, as they do when SQLite enforces the key.
    """
    names = [quote_identifier(name) for name in columns]
    present = " AND ".join(f"{name} IS NOT NULL" for name in names)
    parents = (
        f"(SELECT DISTINCT {', '.join(names)} FROM main.{quote_identifier(parent.name)} "
        f"NOT INDEXED WHERE {present})"
    )
    equal = " AND ".join(
        f"p.{name} = +{scan.column(child)}" for name, child in zip(names, key.columns, strict=True)
    )
    return (
        f"{scan.origin} LEFT JOIN {parents} AS p ON {equal} "
        f"WHERE p.{names[0]} IS NULL AND {_present(scan, key)}"
    )


def _orphans(scan: Scan, key: SourceForeignKey, origin: str) -> tuple[int, tuple[Example, ...]]:
    """Count the rows of an origin, and keep a few with their keys."""
    (count,) = next(scan.rows(f"SELECT count(*) FROM {origin}"))
    if not count:
        return 0, ()
    values = ", ".join(
        f"iif(typeof({name}) = 'text', CAST({name} AS BLOB), {name}), typeof({name})"
        for name in map(scan.column, key.columns)
    )
    found = scan.rows(f"SELECT {scan.key()}, {values} FROM {origin} LIMIT {LIMIT}")
    return count, tuple(
        Example(_written(scan, row), 1, cut(scan.decode(raw_key))) for raw_key, *row in found
    )


def _written(scan: Scan, row: list[object]) -> str:
    """Write the values of a key; every value is followed by its storage class."""
    pairs = zip(row[::2], row[1::2], strict=True)
    return ", ".join(
        shown(scan.decode(value) if kind == "text" and isinstance(value, bytes) else value)
        for value, kind in pairs
    )


def _values_are_unique(scan: Scan, parent: SourceTable, columns: Sequence[str]) -> bool:
    names = [quote_identifier(name) for name in columns]
    present = " AND ".join(f"{name} IS NOT NULL" for name in names)
    grouped = ", ".join(names)
    twice = scan.rows(
        f"SELECT 1 FROM main.{quote_identifier(parent.name)} NOT INDEXED WHERE {present} "
        f"GROUP BY {grouped} HAVING count(*) > 1 LIMIT 1"
    )
    return next(twice, None) is None
